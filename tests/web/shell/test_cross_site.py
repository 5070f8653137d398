"""Writes that come from another site, and pages that must not write at all."""

import pytest
from fastapi import FastAPI

from tests.web.shell.door_tables import EXPECTED
from tests.web.shell.doors import doors_of, insider, unsafe_doors
from tests.web.visiting import HERE, begin, dump

FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "same-site", "origin": HERE},
    {"sec-fetch-site": ""},
    {"origin": "https://evil.example"},
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://127.0.0.1:8001"},
    {"origin": "http://127.0.0.1"},
    {"origin": "http://localhost:8000"},
    {"origin": f"{HERE}.evil.example"},
    {"origin": f"http://evil.example/{HERE}"},
    {"origin": "http://127.0.0.1:8000@evil.example"},
    {"origin": "http://[::1"},
    {"origin": "127.0.0.1:8000"},
]
OWN: list[dict[str, str]] = [
    {"sec-fetch-site": "same-origin", "origin": HERE},
    {"sec-fetch-site": "none"},
    {"origin": HERE},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=repr)
def test_no_other_site_can_write_with_a_visitors_cookie(app: FastAPI, headers: dict[str, str]) -> None:
    person = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        cookies = dict(person.browser.cookies)
        status, _ = door.knock(person, **headers)
        assert (str(door), status) == (str(door), 403)
        assert dict(person.browser.cookies) == cookies
    assert dump(app) == before


@pytest.mark.parametrize("headers", OWN, ids=repr)
def test_our_own_forms_and_programs_that_are_no_browsers_can_write(app: FastAPI, headers: dict[str, str]) -> None:
    for door in unsafe_doors(app):
        status, _ = door.knock(insider(app), **headers)
        assert (str(door), status) == (str(door), EXPECTED[str(door)])


def test_behind_a_proxy_the_public_address_is_our_own_origin(secure_app: FastAPI) -> None:
    holder = begin(secure_app, "https://cx.example.org")
    answers = {}
    for origin in ("https://cx.example.org", "https://evil.example", "null"):
        headers = {"host": "127.0.0.1:8000", "origin": origin}
        response = holder.browser.post(
            holder.path("answers", "strategy.purpose"), data={"answer": "3"}, headers=headers
        )
        answers[origin] = response.status_code
    assert answers == {"https://cx.example.org": 303, "https://evil.example": 403, "null": 403}


def test_a_page_writes_nothing_however_it_is_asked_for(app: FastAPI) -> None:
    person = insider(app)
    assert person.answer("strategy.purpose", "3") == 200
    before = dump(app)
    for door in doors_of(app):
        if door.is_safe:
            for method in ("GET", "HEAD", "OPTIONS") if "pdf" not in door.pattern else ("GET",):
                door.knock(person, method)
    assert dump(app) == before


def test_a_form_sent_as_a_page_is_no_form(app: FastAPI) -> None:
    person = insider(app)
    before = dump(app)
    for door in unsafe_doors(app):
        params = door.fields(person.keys) | {"_method": "post"}
        for disguise in ({"x-http-method-override": "POST"}, {"x-method-override": "POST"}):
            response = person.browser.get(door.path(person.keys), params=params, headers=disguise)
            assert response.status_code in {200, 303, 405, 422}
    assert dump(app) == before
