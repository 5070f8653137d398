"""A form that was not taken says so at once: in the title, and in a summary above all else that leads to each field."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.web.shell.render import errors_in
from tests.web.facilitator.cohorts import PLAN, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.visiting import START, begin, stranger

REFUSED: dict[str, Callable[[FastAPI], Response]] = {
    "start without a name": lambda app: stranger(app).post("/assessments", data=START | {"organisation": " "}),
    "start with too long a name": lambda app: stranger(app).post(
        "/assessments", data=START | {"organisation": "x" * 121}
    ),
    "facts": lambda app: (holder := begin(app)).browser.post(holder.path("facts"), data={"organisation": ""}),
    "erase": lambda app: (holder := begin(app)).browser.post(holder.path("erase"), data={"word": "no"}),
    "code": lambda app: stranger(app).get("/join/ABCDEFGH"),
    "action": lambda app: (holder := begin(app)).browser.post(holder.path("plan"), data={"text": "", "way": ""}),
    "join": lambda app: stranger(app).post(f"/join/{make_cohort(app).code}", data={"arriving": "new", "told": "open"}),
    "sign in": lambda app: stranger(app).post("/sign-in", data={"email": "nobody@example.org", "password": "wrong"}),
    "new cohort": lambda app: facilitator(app).browser.post("/cohorts/new", data=PLAN | {"name": ""}),
    "password": lambda app: facilitator(app).browser.post(
        "/account/password", data={"current": "x", "password": "y", "again": "z"}
    ),
}


@pytest.mark.parametrize("form", REFUSED)
def test_what_was_not_taken_is_said_first(app: FastAPI, form: str) -> None:
    response = REFUSED[form](app)
    main = response.text.partition('<main id="main"')[2]

    assert response.status_code >= 400
    assert "<title>Please check:" in response.text
    assert main.count('<div class="problems" role="alert" tabindex="-1"') >= 1
    before = re.sub(r"<[^>]+>", "", main.partition('<div class="problems"')[0].partition(">")[2])
    assert len(before.split()) < 40, before
    for target in re.findall(r'href="#([^"]+)"', main.partition('<div class="problems"')[2].partition("</div>")[0]):
        assert f'id="{target}"' in main


def test_a_summary_leads_to_the_field_that_an_error_describes() -> None:
    body = (
        '<label class="legend" for="name">Your name</label>'
        '<fieldset id="field-role" aria-describedby="error-role">\n<legend>What do you do?</legend>'
        '<p class="error" id="error-role"><span aria-hidden="true">!</span> Please choose one.</p></fieldset>'
        '<p class="error" id="error-name"><span aria-hidden="true">!</span> Too long &amp; wide.</p>'
        '<input type="text" id="name" aria-describedby="hint-name error-name">'
        '<p class="error" id="error-name-2"><span aria-hidden="true">!</span> Alone.</p>'
    )

    assert errors_in(body) == [
        ("field-role", "What do you do? Please choose one."),
        ("name", "Your name: Too long &amp; wide."),
        ("error-name-2", "Alone."),
    ]
