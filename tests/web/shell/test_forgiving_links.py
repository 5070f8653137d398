"""A link works with what a sentence or a mail program has put around it, and a link does where a code belongs."""

from urllib.parse import quote

import pytest
from fastapi import FastAPI

from tests.web.facilitator.cohorts import make_cohort
from tests.web.visiting import begin, stranger

AROUND = [".", ",", ")", ">", "!", ";", " ", "\u200b", "\u00a0", "/", "."]


@pytest.mark.parametrize("around", AROUND)
def test_a_private_link_opens_with_one_character_too_many(app: FastAPI, around: str) -> None:
    holder = begin(app)

    response = stranger(app).get(f"/r/{holder.token}{quote(around, safe='/')}")
    assert (response.status_code, response.headers["location"]) == (303, f"/assessments/{holder.assessment}")
    assert response.headers["referrer-policy"] == "no-referrer"


def test_a_code_opens_with_a_full_stop_and_a_link_where_the_code_belongs(app: FastAPI) -> None:
    cohort = make_cohort(app)
    browser = stranger(app)

    assert (
        "What joining means" in browser.get(f"/join/{cohort.code}.").text
        or browser.get(f"/join/{cohort.code}.").status_code == 200
    )
    for typed in (f"http://127.0.0.1/join/{cohort.code}", f"/join/{cohort.code}.", f" {cohort.code}. "):
        response = browser.post("/join", data={"code": typed})
        assert (response.status_code, response.headers["location"]) == (303, f"/join/{cohort.code}"), typed


def test_a_private_link_typed_as_a_code_is_followed_and_one_to_elsewhere_is_named(app: FastAPI) -> None:
    holder = begin(app)
    browser = stranger(app)

    followed = browser.post("/join", data={"code": f"127.0.0.1/r/{holder.token}"})
    assert followed.headers["location"] == f"/r/{holder.token}"
    refused = browser.post("/join", data={"code": "https://other.example/join/ABCDEFGH"})
    assert refused.status_code == 422
    assert "That is a link to another server, other.example." in refused.text
    assert 'value="https://other.example/join/ABCDEFGH"' in refused.text
