"""Which language a page is in, whatever the browser asks for and remembers."""

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.web.shell import visits
from tests.web.visiting import START, begin, stranger

ASKED = [
    "",
    "*",
    "EN",
    "En-gb",
    "en_GB",
    "sl",
    "sl-SI,en;q=0.1",
    "xx-yy",
    "en;q=0",
    ";;;",
    "-",
    "--",
    ",",
    "a" * 9000,
]


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: ascii(asked[:20]))
def test_whatever_a_browser_asks_for_it_gets_a_language_on_offer(app: FastAPI, asked: str) -> None:
    response = stranger(app).get("/", headers={"accept-language": asked})
    assert (response.status_code, response.headers["content-language"]) == (200, "en")
    assert '<html lang="en">' in response.text


@given(st.binary(max_size=60).filter(lambda header: not set(header) & set(b"\r\n\0")))
def test_no_header_is_too_odd(app: FastAPI, asked: bytes) -> None:
    headers = [(b"accept-language", asked), (b"cookie", b"cxm-language=" + asked)]
    response = stranger(app).get("/privacy", headers=headers)
    assert (response.status_code, response.headers["content-language"]) == (200, "en")


@pytest.mark.parametrize("language", ["sl", "EN", "", "xx", "../en", "en-GB", "\0"])
def test_a_language_that_is_not_on_offer_is_neither_chosen_nor_remembered(app: FastAPI, language: str) -> None:
    browser = stranger(app)
    assert browser.post("/language", data={"language": language}).status_code == 422
    assert browser.post("/assessments", data=START | {"language": language}).status_code == 422
    assert set(browser.cookies) <= {"kept"}  # which says nothing: it came with the page of the refusal
    browser.cookies.set("cxm-language", language)
    assert browser.get("/").headers["content-language"] == "en"


def test_a_page_differs_by_what_decides_its_language(app: FastAPI) -> None:
    holder = begin(app)
    for path in ("/", "/start", "/privacy", holder.path("result")):
        assert holder.browser.get(path).headers["vary"] == "Cookie, Accept-Language, Accept-Encoding"


@pytest.mark.parametrize(
    ("asked", "chosen", "given_"),
    [
        ("", None, "en"),
        ("sl", None, "sl"),
        ("SL-si", None, "sl"),
        ("hr,sl;q=0.8,en;q=0.5", None, "sl"),
        ("en-GB,sl;q=0.8", None, "en"),
        ("sl", "en", "en"),
        ("sl", "hr", "sl"),
        ("hr", "sl", "sl"),
    ],
)
def test_what_was_chosen_goes_before_what_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, app: FastAPI, asked: str, chosen: str | None, given_: str
) -> None:
    # Only English is complete today; the choice among several is the same rule.
    monkeypatch.setattr(visits, "languages_offered", lambda _: ("en", "sl"))
    browser = stranger(app)
    if chosen:
        browser.cookies.set("cxm-language", chosen)
    response = browser.get("/privacy", headers={"accept-language": asked})
    assert response.headers["content-language"] == given_
