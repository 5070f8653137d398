"""An assessment's life through the web, on either database: begun, answered, corrected, finished, shared, erased."""

import io
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from tests.web.visiting import begin, house_of, stranger, web

AIMS = {"target:strategy": "5", "importance:culture": "1", "then": "review"}


@pytest.fixture(params=["sqlite", "postgresql"])
def either_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application on SQLite, and the same test again on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    app = web(request.getfixturevalue("postgres_url"))
    yield app
    house_of(app).database.close()


def test_an_assessments_life(either_app: FastAPI) -> None:
    holder = begin(either_app, organisation="Žižkovská kavárna", form="pulse")
    browser = holder.browser
    first = browser.get(holder.path()).headers["location"]
    assert first == holder.path("questions", "strategy")
    assert holder.answer("strategy.purpose", "4", writer="w", sequence="1") == 200
    assert holder.answer("strategy.purpose", "5", writer="w", sequence="2") == 200
    assert holder.answer("strategy.purpose", "4", writer="w", sequence="1") == 200  # late, and without effect
    assert holder.answer("strategy.purpose", "1", writer="other") == 409
    page = {"answer:strategy.purpose": "5", "answer:strategy.promises": "dont_know", "seen:strategy.purpose": "2"}
    assert browser.post(first, data=page).headers["location"] == holder.path("questions", "culture")
    assert holder.held() == {"strategy.purpose": 5, "strategy.promises": "dont_know"}

    assert browser.post(holder.path("aims"), data=AIMS).headers["location"] == holder.path("review")
    facts = {"organisation": "Žižkovská pražírna", "business_stage": "established"}
    assert browser.post(holder.path("facts"), data=facts).status_code == 303
    assert browser.post(holder.path("finish")).headers["location"] == holder.path("result")
    document = browser.get(holder.path("answers.json")).json()
    assert (document["organisation"], document["targets"], document["importance"]) == (
        "Žižkovská pražírna",
        {"strategy": 5},
        {"culture": 1},
    )
    assert "Žižkovská pražírna" in browser.get(holder.path("result")).text
    pdf = PdfReader(io.BytesIO(browser.get(holder.path("report.pdf")).content))
    assert "Žižkovská pražírna" in pdf.pages[0].extract_text()

    other = stranger(either_app)
    assert other.get(f"/r/{holder.token}").headers["location"] == holder.path()
    assert "Žižkovská pražírna" in other.get("/").text
    assert browser.post(holder.path("link")).status_code == 303
    assert other.get(holder.path("result")).status_code == 404
    assert "Žižkovská pražírna" not in other.get("/").text
    assert browser.post(holder.path("erase"), data={"word": "erase"}).status_code == 200
    assert browser.get(holder.path("result")).status_code == 404
