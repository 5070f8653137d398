"""Whatever a browser asks wrongly, at whatever door, it is told in a page of ours that leads on; a program in JSON."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from httpx2 import Response

from tests.web.shell.doors import Door, Insider, doors_of, insider
from tests.web.visiting import START, begin, stranger

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = BROWSER | {"content-type": "application/x-www-form-urlencoded"}
TOO_LARGE = b"organisation=" + b"x" * (1024 * 1024)


def chunks() -> Iterator[bytes]:
    """The same, of a length that nobody says beforehand."""
    yield TOO_LARGE[:1000]
    yield TOO_LARGE[1000:]


WRONG: dict[str, Callable[[Door, Insider], Response]] = {
    "another method": lambda door, who: who.browser.request("PATCH", door.path(who.keys), headers=BROWSER),
    "shown, not sent": lambda door, who: who.browser.get(door.path(who.keys), headers=BROWSER),
    "too large": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), content=TOO_LARGE, headers=FORM
    ),
    "too large, bit by bit": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), content=chunks(), headers=FORM
    ),
    "no form": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), content=b"{}", headers=BROWSER | {"content-type": "application/json"}
    ),
    "half a form": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), content=b"x", headers=BROWSER | {"content-type": "multipart/form-data"}
    ),
    "an unknown field": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), content=b"no_such_field=1", headers=FORM
    ),
    "unknown words in the address": lambda door, who: who.browser.request(
        method_of(door),
        f"{door.path(who.keys).partition('?')[0]}?form=x&each=x&cohort=x&open=x&slide=x&date=x",
        headers=FORM,
    ),
    "an address that is not ours": lambda door, who: who.browser.request(
        method_of(door), door.path(who.keys), headers=FORM | {"host": "evil.example"}
    ),
    "from another site": lambda door, who: who.browser.post(
        door.path(who.keys), headers=FORM | {"sec-fetch-site": "cross-site"}
    ),
}


def method_of(door: Door) -> str:
    """The door's own."""
    return "GET" if door.method == "MOUNT" else door.method


def leads_on(response: Response) -> bool:
    """Whether it is a page of ours with a heading, and a link or a form to go on by."""
    main = response.text.partition('<main id="main"')[2].partition("</main>")[0]
    is_page = response.headers.get("content-type") == "text/html; charset=utf-8"
    return is_page and "<h1" in main and bool(re.search(r'<a [^>]*href="|<form ', main))


@pytest.mark.parametrize("wrong", WRONG)
def test_whoever_is_turned_away_is_led_on(unprinted_app: FastAPI, wrong: str) -> None:
    who = insider(unprinted_app)
    raw = []
    for door in doors_of(unprinted_app):
        if str(door) in {"GET /healthz", "POST /sign-out", "POST /assessments/{assessment}/forget"}:
            continue  # it is for programs; and these end what the others need
        if door.is_safe and wrong in WITH_A_BODY:
            continue  # no browser sends a body to be shown a page
        response = WRONG[wrong](door, who)
        is_json = response.headers.get("content-type") == "application/json"
        is_right = is_json if door.is_for_programs and wrong in CALLS_ARE_TOLD else leads_on(response)
        if response.status_code >= 400 and not is_right:
            raw.append(f"{door}: {response.status_code} {response.headers.get('content-type')} {response.text[:60]!r}")
        if response.status_code >= 500:
            raw.append(f"{door}: {response.status_code}")

    assert raw == []


WITH_A_BODY = {"too large", "too large, bit by bit", "no form", "half a form", "an unknown field"}
CALLS_ARE_TOLD = WRONG.keys() - {"an address that is not ours", "from another site"}
"""The guard before the door tells by what is asked for, and not by the address."""


def test_an_address_that_belongs_to_a_button_leads_to_its_assessment(app: FastAPI) -> None:
    holder = begin(app)

    response = holder.browser.get(holder.path("erase"))

    assert response.status_code == 405
    assert f'<a class="button" href="{holder.path()}">To your assessment</a>' in response.text


def test_an_unknown_form_in_the_address_begins_with_the_full_one(app: FastAPI) -> None:
    known, unknown = (stranger(app).get(f"/start?form={form}").text for form in ("full", "tiny"))

    assert unknown.count('value="full" checked') == 1
    assert re.sub(r'name="once" value="[^"]+"', "", unknown) == re.sub(r'name="once" value="[^"]+"', "", known)


def test_a_body_that_is_too_large_is_told_how_much_there_may_be(app: FastAPI) -> None:
    response = stranger(app).post("/assessments", data=START | {"organisation": "x" * 2_000_000}, headers=BROWSER)

    assert response.status_code == 413
    assert "At most one megabyte can be sent at once." in response.text
