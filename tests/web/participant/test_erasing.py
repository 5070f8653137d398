"""What is left after erasing: nothing."""

from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.web.visiting import START, Holder, begin, dump, file_of, stranger

CANARY = "Izbrisani kanarček 5b1e"
WRITER = "writer-canary-5b1e"


def bytes_of(file: Path) -> bytes:
    """The database as it lies on the disk, with its log and its shared memory."""
    parts = [Path(f"{file}{end}") for end in ("", "-wal", "-shm", "-journal")]
    return b"".join(part.read_bytes() for part in parts if part.exists())


def filled(app: FastAPI) -> Holder:
    """An assessment with a bit of everything that is stored."""
    holder = begin(app, organisation=CANARY)
    for level in ("1", "5", "dont_know"):
        for question in ("strategy.purpose", "culture.purpose", "metrics.management"):
            assert holder.answer(question, level, writer=WRITER, sequence=str(len(level))) in {200, 409}
    assert holder.browser.post(holder.path("aims"), data={"target:strategy": "5"}).status_code == 303
    assert holder.browser.post(holder.path("finish")).status_code == 303
    return holder


def test_what_is_erased_is_on_the_disk_no_longer(sqlite_app: FastAPI) -> None:
    others = [begin(sqlite_app, organisation=f"Neighbour {number}") for number in range(20)]
    holder = filled(sqlite_app)
    more = [begin(sqlite_app, organisation=f"Neighbour {number}") for number in range(20)]
    before = bytes_of(file_of(sqlite_app))
    assert CANARY.encode() in before
    assert WRITER.encode() in before
    neighbours = [row for row in dump(sqlite_app) if holder.assessment not in row and CANARY not in row]

    response = holder.browser.post(holder.path("erase"), data={"word": "erase"})

    assert response.status_code == 200
    assert CANARY not in response.text
    after = bytes_of(file_of(sqlite_app))
    for trace in (CANARY, CANARY.casefold(), WRITER, holder.token):
        assert trace.encode() not in after
    left = [row for row in dump(sqlite_app) if holder.assessment in row]
    assert left == [("erasure", holder.assessment)]
    assert {row[1] for row in dump(sqlite_app) if row[0] == "assessment"} >= {one.assessment for one in others + more}
    assert [row for row in dump(sqlite_app) if row in neighbours and row[0] == "assessment"] == [
        row for row in neighbours if row[0] == "assessment"
    ]


def test_the_link_and_the_cookie_are_dead_and_the_home_page_forgets(app: FastAPI) -> None:
    holder = filled(app)
    kept = stranger(app)
    assert kept.get(f"/r/{holder.token}").status_code == 303

    holder.browser.post(holder.path("erase"), data={"word": "erase"})

    assert dict(holder.browser.cookies) == {}
    assert kept.get(f"/r/{holder.token}").status_code == 404
    for page in ("", "questions/strategy", "result", "report.pdf", "answers.json", "link", "link.txt"):
        assert kept.get(holder.path(page).rstrip("/")).status_code == 404
    assert kept.post(holder.path("answers", "strategy.purpose"), data={"answer": "3"}).status_code == 404
    assert CANARY not in kept.get("/").text


@pytest.mark.parametrize("typed", ["erase", " Erase ", "ERASE\u00a0"])
def test_a_short_word_erases_however_long_the_name_is(app: FastAPI, typed: str) -> None:
    holder = begin(app, organisation="Ž" * 112)
    assert holder.browser.post(holder.path("erase"), data={"word": typed}).status_code == 200
    assert holder.browser.get(f"/r/{holder.token}").status_code == 404


@pytest.mark.parametrize("typed", ["", " ", "eras", "erase2", "%", "_rase", "Acme", "erase\0", None])
def test_without_the_word_nothing_is_erased_and_the_page_says_so_at_once(app: FastAPI, typed: str | None) -> None:
    holder = begin(app, organisation="Acme")
    before = dump(app)
    fields = {} if typed is None else {"word": typed}
    response = holder.browser.post(holder.path("erase"), data=fields)
    assert response.status_code == 422
    assert "<title>Please check:" in response.text
    summary = response.text.partition('<div class="problems"')[2].partition("</div>")[0]
    assert '<a href="#erase-word">Nothing was erased: the word to type is' in summary
    assert dump(app) == before


def test_forgetting_on_one_device_leaves_the_assessment_to_the_others(app: FastAPI) -> None:
    holder = begin(app, **{k: v for k, v in START.items() if k == "organisation"})
    there = holder.browser.post(holder.path("forget")).headers["location"]
    assert there == "/?said=forgotten"
    assert "This device has forgotten the assessment." in holder.browser.get(there).text
    assert dict(holder.browser.cookies) == {}
    assert holder.browser.get(holder.path("result")).status_code == 404
    assert holder.browser.get(f"/r/{holder.token}").headers["location"] == holder.path()
    assert holder.browser.get(holder.path("result")).status_code == 200
