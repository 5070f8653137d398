"""Whatever is done is said to have been done: each form that leads on is followed, nothing ends without a word."""

from collections.abc import Mapping
from html import unescape
from pathlib import Path
from typing import get_args

import pytest
from fastapi import FastAPI, Response
from fastapi.testclient import TestClient

from app.web.shell.saying import Said, done
from tests.web.reading import Page
from tests.web.shell.doors import Door
from tests.web.shell.said_tables import SAYS, SHOWS
from tests.web.shell.test_every_form_once import posted_to, who_may
from tests.web.unprinted import unprinted
from tests.web.visiting import house_of, stranger

NOTICE = '<p class="notice said" id="said" role="status">'


def reached(browser: TestClient, address: str) -> str:
    """The page to which an address leads in the end."""
    response = browser.get(address)
    while response.status_code == 303:
        response = browser.get(response.headers["location"])
    assert response.status_code == 200, address
    return response.text


def sentence(page: str) -> str | None:
    """What a page says was done."""
    return " ".join(unescape(page.split(NOTICE)[1].split("</p>")[0]).split()) if NOTICE in page else None


def faults(app: FastAPI, doors: Mapping[str, Door], says: Mapping[str, Said], shows: Mapping[str, str]) -> list[str]:
    """The forms that lead on without a word, one line each."""
    found = []
    for name, door in doors.items():
        who = who_may(app, door)
        before = Page(reached(who.browser, "/start")).text
        response = who.browser.post(door.path(who.keys), **door.body(who.keys))
        if response.status_code != 303:
            found += [f"{name}: leads nowhere"] if name in {*says, *shows} else []
            continue
        text = reached(who.browser, response.headers["location"])
        if name in says:
            right = sentence(reached(who.browser, f"/privacy?said={says[name]}"))
            if sentence(text) != right:
                found.append(f"{name}: {sentence(text)}")
        elif name not in shows:
            found.append(f"{name}: the tables do not know what it says")
        elif sentence(text) or shows[name] not in Page(text).text or Page(text).text == before:
            found.append(f"{name}: does not show {shows[name]}")
    return found + [f"{name}: there is no such form" for name in sorted({*says, *shows} - doors.keys())]


def test_each_form_that_leads_on_says_on_the_next_page_what_was_done(unprinted_app: FastAPI) -> None:
    doors = {name: door for name, door in posted_to(unprinted_app).items() if not door.is_for_programs}
    assert faults(unprinted_app, doors, SAYS, SHOWS) == []


def test_a_form_that_ends_without_a_word_is_noticed(tmp_path: Path) -> None:
    app = unprinted(tmp_path)

    @app.post("/mute")
    def mute() -> Response:
        return Response(status_code=303, headers={"location": "/privacy"})

    @app.post("/dumb")
    def dumb() -> Response:
        return Response(status_code=303, headers={"location": "/privacy"})

    @app.post("/wrong")
    def wrong() -> Response:
        return done("/privacy", "closed")

    doors = {name: door for name, door in posted_to(app).items() if name in {"POST /mute", "POST /dumb", "POST /wrong"}}
    assert faults(app, doors, {"POST /mute": "saved", "POST /wrong": "saved", "POST /gone": "saved"}, {}) == [
        "POST /mute: None",
        "POST /dumb: the tables do not know what it says",
        "POST /wrong: The cohort is closed: nobody joins, and no answer changes any more.",
        "POST /gone: there is no such form",
    ]
    house_of(app).database.close()


@pytest.mark.parametrize("said", get_args(Said))
def test_each_is_said_in_a_sentence_and_only_to_whom_it_was_done(app: FastAPI, said: str) -> None:
    visitor = stranger(app)
    assert sentence(visitor.get(f"/privacy?said={said}").text)
    assert sentence(visitor.get("/privacy").text) is None


@pytest.mark.parametrize("said", ["Your account is locked", "<script>", "Saved", "", "saved%20", "__class__"])
def test_an_address_brings_no_words_of_its_own(app: FastAPI, said: str) -> None:
    page = stranger(app).get("/privacy", params={"said": said}).text
    assert sentence(page) is None
    assert said not in page or said in stranger(app).get("/privacy").text


def test_a_cohort_that_is_fetched_back_is_said_to_be_back(app: FastAPI) -> None:
    who = who_may(app, Door("POST", "/cohorts/{cohort}/archive"))
    archive = f"/cohorts/{who.keys['cohort']}/archive"
    told = [
        sentence(reached(who.browser, who.browser.post(archive, data={"to": to}).headers["location"]))
        for to in ("away", "back")
    ]
    assert told == [
        "The cohort is archived. You find it below, and can fetch it back.",
        "The cohort is back in the list.",
    ]
