"""A browser that keeps no cookie is told that one is needed, and how to go on; nothing is begun that nobody finds."""

from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.store.secrets.tokens import new_token
from tests.web.facilitator.facilitating import PASSWORD, add_account, one_time_link
from tests.web.shell.door_tables import NAME, NEW_PASSWORD
from tests.web.shell.doors import Door, doors_of, insider, shared
from tests.web.shell.posting import Forms
from tests.web.visiting import HERE, START, begin, dump, stranger

BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NEEDS_ONE = {
    "POST /assessments",
    "POST /language",
    "POST /join/{code}",
    "POST /team/{code}",
    "POST /invitation/{token}",
    "POST /sign-in",
    "POST /setup/{token}",
    "POST /reset/{token}",
}
"""After which a browser holds something that it did not hold before."""
TITLE = "<h1>Your browser keeps no cookie here</h1>"


def blocking(app: FastAPI, address: str = HERE) -> TestClient:
    """A browser whose cookies are blocked."""
    browser = stranger(app, address)
    browser.headers.update(BROWSER)
    browser.event_hooks["response"].append(lambda _: browser.cookies.clear())
    return browser


def asked(browser: TestClient, address: str) -> Response:
    """What a browser comes to that opens the address."""
    response = browser.get(address)
    while response.status_code == 303:
        response = browser.get(response.headers["location"])
    return response


def brings(app: FastAPI, door: Door) -> bool:
    """Whether somebody without any cookie is given one for good by it."""
    who = insider(app)
    given = stranger(app).post(door.path(who.keys), **door.body(who.keys)).headers.get_list("set-cookie")
    # Whoever is not signed in is told to forget; a place in the row of those who type codes is none to hold.
    return any("Max-Age=0" not in one and not one.startswith(("turn=", "kept=")) for one in given)


def test_what_brings_a_cookie_is_refused_where_none_is_kept_and_leaves_nothing(app: FastAPI) -> None:
    doors = [door for door in doors_of(app) if not door.is_safe and not door.is_for_programs]
    needing = {str(door): door for door in doors if brings(app, door)}
    assert needing.keys() == NEEDS_ONE
    who = insider(app)
    before = dump(app)
    for name in sorted(NEEDS_ONE):
        door = needing[name]
        response = blocking(app).post(door.path(who.keys), **door.body(who.keys))
        assert (name, response.status_code, TITLE in response.text) == (name, 409, True)
    assert dump(app) == before


def test_each_form_brings_the_cookie_that_says_that_cookies_are_kept(app: FastAPI) -> None:
    keys = insider(app).keys
    pages = ["/start", f"/join/{keys['code']}", f"/team/{keys['team']}", f"/invitation/{keys['invitation']}"]
    pages += ["/sign-in", f"/setup/{keys['setup']}", f"/reset/{keys['reset']}"]
    given = [stranger(app).get(page).headers.get_list("set-cookie")[0] for page in pages]
    assert given == ["kept=yes; HttpOnly; Path=/; SameSite=lax"] * len(pages)


def test_a_browser_that_keeps_it_begins_and_joins_as_ever_and_is_asked_once(app: FastAPI) -> None:
    for path, form in (("/start", START), (f"/team/{insider(app).keys['team']}", {"role": "other"})):
        browser = stranger(app)
        browser.headers.update(BROWSER)
        assert browser.get(path).status_code == 200
        again = browser.get(path).headers.get_list("set-cookie")
        assert [one for one in again if one.startswith("kept=")] == []
        sent = form | {"once": new_token()}
        assert browser.post("/assessments" if path == "/start" else path, data=sent).status_code == 303


def test_what_was_typed_is_sent_again_once_cookies_are_allowed_and_makes_one_assessment(app: FastAPI) -> None:
    browser = blocking(app)
    typed = START | {"organisation": 'Pek "Žito" & sin <d.o.o.>', "once": new_token()}
    assert browser.post("/assessments", data=typed).status_code == 409
    refused = browser.post("/assessments", data=typed)
    assert refused.status_code == 409
    [form] = Forms(refused.text, "/assessments").forms
    assert (form.path, form.values()) == ("/assessments", typed)
    browser.event_hooks["response"].clear()
    assert browser.post("/assessments", data=form.values()).status_code == 409
    begun = [browser.post("/assessments", data=form.values()) for _ in range(2)]
    assert [response.status_code for response in begun] == [303, 303]
    assert begun[0].headers["location"] == begun[1].headers["location"]
    assert unescape(asked(browser, begun[0].headers["location"]).text).count('Pek "Žito" & sin <d.o.o.>') > 0


def test_a_password_is_not_sent_back_in_the_page(app: FastAPI) -> None:
    account, email = add_account(app)
    link = one_time_link(app, "reset", account)
    forms = {"/sign-in": {"email": email, "password": PASSWORD}, f"/reset/{link}": NEW_PASSWORD}
    for path, form in forms.items():
        refused = blocking(app).post(path, data=form)
        assert Forms(refused.text, path).forms == []
        assert f'<a class="button" href="{path}">Back to the form</a>' in refused.text
        assert PASSWORD not in refused.text
        assert NEW_PASSWORD["password"] not in refused.text
    assert stranger(app).get(f"/reset/{link}").status_code == 200  # not used up


@pytest.mark.parametrize("what", ["private", "shared"])
def test_a_link_opens_in_any_browser_and_one_that_keeps_no_cookie_is_told_why(app: FastAPI, what: str) -> None:
    owner = begin(app, organisation=NAME)
    link = f"/r/{owner.token}" if what == "private" else f"/shared/{shared(app, owner.assessment)[1]}"
    browser = stranger(app)
    browser.headers.update(BROWSER)
    opened = asked(browser, link)
    assert (opened.status_code, str(opened.url).count("by=link")) == (200, 0)
    refused = asked(blocking(app), link)
    assert (refused.status_code, TITLE in refused.text, NAME in refused.text) == (404, True, False)
    assert "The link is right." in refused.text


def test_a_stranger_is_told_what_strangers_are_told(app: FastAPI) -> None:
    refused = blocking(app).get(begin(app).path())
    assert (refused.status_code, TITLE in refused.text) == (404, False)


def test_a_program_that_asks_for_no_page_sees_to_its_own_cookies(app: FastAPI) -> None:
    assert stranger(app).post("/assessments", data=START).status_code == 303


@pytest.mark.parametrize("path", ["/assessments", "/sign-in"])
def test_at_an_address_at_which_the_cookie_is_dropped_one_is_led_to_the_public_one(
    secure_app: FastAPI, path: str
) -> None:
    browser = stranger(secure_app, "http://192.168.7.20:8000")
    browser.headers.update(BROWSER)
    sent = START if path == "/assessments" else {"email": "ana@example.org", "password": PASSWORD}
    form_at = "/start" if path == "/assessments" else path
    assert browser.get(form_at).status_code == 200
    before = dump(secure_app)
    refused = browser.post(path, data=sent)
    assert (refused.status_code, TITLE in refused.text) == (409, True)
    assert "At this address browsers keep none of our cookies." in refused.text
    assert f'<a class="button" href="https://cx.example.org{form_at}">Go on at cx.example.org</a>' in refused.text
    assert dump(secure_app) == before


def test_a_private_link_at_such_an_address_leads_to_the_public_one(secure_app: FastAPI) -> None:
    token = begin(secure_app, "https://cx.example.org").token
    browser = stranger(secure_app, "http://192.168.7.20:8000")
    browser.headers.update(BROWSER)
    refused = asked(browser, f"/r/{token}")
    assert (refused.status_code, TITLE in refused.text) == (404, True)
    assert "Go on at cx.example.org" in refused.text
