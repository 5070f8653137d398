"""Questionnaires of other subjects and shapes: each sat, led as a cohort, closed, printed, without a word of ours."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader

from app.main import create_app
from app.settings import Settings
from tests.content.shelves import BRIGADE, GARDEN, LIBRARY, Shelf
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.visiting import START, house_of, stranger

OURS = re.compile(r"\bCX\w?\b|customer|\bdiscipline|\bpillar|\bbrand\b|money’s worth|experience", re.IGNORECASE)
"""Words of our own questionnaire's subject."""
LEVELS = ("2", "1", "3", "dont_know", "4", "2", "5")


def app_with(folder: Path, *shelves: Shelf) -> FastAPI:
    for shelf in shelves:
        shelf.write(folder / "shelf")
    return create_app(
        Settings(
            database_url=f"sqlite:///{folder / 'cxm.db'}", questionnaires=folder / "shelf", exports=folder / "exports"
        )
    )


def words_of(text: str) -> str:
    """What a page says: the private words of its code left out."""
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<svg class=\"qr.*?</svg>", " ", text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def printed(browser: TestClient, address: str) -> str:
    response = browser.get(address)
    assert response.status_code == 200, address
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


def answered(browser: TestClient, address: str, shelf: Shelf, form: str, turn: int) -> None:
    """Answers every question of the form, and finishes."""
    asked = shelf.pulse if form == "pulse" else tuple(shelf.crossings)
    for number, id_ in enumerate(asked):
        value = LEVELS[(number + turn) % len(LEVELS)]
        value = "3" if value == "dont_know" and turn else value  # one organisation does not know everything
        response = browser.post(f"{address}/answers/{id_}", data={"answer": value, "seen": "0"})
        assert response.status_code in {200, 303}, (id_, response.text[:300])
    assert browser.post(f"{address}/finish").status_code == 303


@pytest.mark.parametrize("shelf", [BRIGADE, LIBRARY, GARDEN], ids=lambda shelf: shelf.id)
def test_another_questionnaire_is_sat_led_and_printed_without_a_word_of_ours(tmp_path: Path, shelf: Shelf) -> None:
    app = app_with(tmp_path, shelf)
    form = "pulse" if shelf.pulse else "full"
    told: dict[str, str] = {}

    def look(browser: TestClient, *addresses: str) -> None:
        for address in addresses:
            response = browser.get(address)
            assert response.status_code == 200, (address, response.status_code, response.text[-600:])
            told[address] = words_of(response.text)

    founder = stranger(app)
    look(founder, "/", "/start", "/privacy")
    begun = founder.post("/assessments", data=START | {"questionnaire": shelf.id, "form": "full"})
    assert begun.status_code == 303
    mine = begun.headers["location"]
    parts = dict.fromkeys(dimensions[0] for dimensions in shelf.crossings.values())
    look(founder, *(f"{mine}/questions/{part}" for part in parts))
    answered(founder, mine, shelf, "full", 0)
    assert founder.post(f"{mine}/plan/recommended", data={"question": next(iter(shelf.crossings))}).status_code == 303
    look(
        founder,
        *(
            f"{mine}/{one}"
            for one in ("review", "aims", "result", "plan", "more", "link", "team", "sharing", "again", "facts")
        ),
    )
    look(founder, *(f"{mine}/more/{module}" for module in chosen_modules(shelf)))
    for one in ("report.pdf", "plan-cards.pdf"):
        told[one] = printed(founder, f"{mine}/{one}")

    by_stage = "for your stage of business" in told[f"{mine}/result"]
    assert by_stage == (shelf.structure.get("targets") != 4)

    owner = facilitator(app).browser
    look(owner, "/cohorts/new")
    for privacy in ("open", "confidential"):
        cohort = make_cohort(app, owner, questionnaire=shelf.id, form=form, privacy=privacy)
        look(stranger(app), f"/join/{cohort.code}")
        look(owner, cohort.path("paper-form.pdf")[: -len("/paper-form.pdf")])
        for turn in range(7):
            holder = joined(app, cohort, f"Number {turn + 1}", told=privacy)
            answered(holder.browser, f"/assessments/{holder.assessment}", shelf, form, turn)
        look(
            owner,
            cohort.path("edit"),
            *(f"{cohort.path('projector')}?slide={slide}" for slide in slides(owner, cohort)),
        )
        assert owner.post(cohort.path("close")).status_code == 303
        app.state.releases.finish()
        look(owner, cohort.path("results"))
        for one in ("report.pdf", "glossary.pdf", "paper-form.pdf", "action-cards.pdf"):
            told[f"{privacy} {one}"] = printed(owner, cohort.path(one))
        for file in ("data.xlsx", "data.csv", "data.json"):
            assert owner.get(cohort.path(file)).status_code == 200, file

    assert {
        where: found
        for where, text in told.items()
        if "slide=journey" not in where and (found := OURS.findall(allowed(text)))
    } == {}
    house_of(app).database.close()


def test_where_no_journey_is_offered_there_is_no_page_of_one(tmp_path: Path) -> None:
    app = app_with(tmp_path, BRIGADE)
    founder = stranger(app)
    mine = founder.post("/assessments", data=START | {"questionnaire": BRIGADE.id}).headers["location"]
    owner = facilitator(app).browser
    cohort = make_cohort(app, owner, questionnaire=BRIGADE.id, form="pulse" if BRIGADE.pulse else "full")

    assert {one: founder.get(f"{mine}/{one}").status_code for one in ("journey", "journey-map", "journey.pdf")} == {
        "journey": 404,
        "journey-map": 404,
        "journey.pdf": 404,
    }
    assert founder.post(f"{mine}/journey", data={"stage": "buy", "name": "Till"}).status_code == 404
    assert owner.get(cohort.path("journey-sheet.pdf")).status_code == 404
    assert "journey" not in words_of(founder.get(f"{mine}/more").text + founder.get(f"{mine}/sharing").text)
    house_of(app).database.close()


def test_a_paper_asks_for_the_role_in_the_questionnaires_words_and_for_no_more_than_there_is(tmp_path: Path) -> None:
    own = replace(BRIGADE, words={**BRIGADE.words, "roles": {"front_office": "I drive out", "back_office": "I mend"}})
    app = app_with(tmp_path, own)
    owner = facilitator(app).browser
    cohort = make_cohort(app, owner, questionnaire=own.id, form="pulse" if own.pulse else "full")

    paper = printed(owner, cohort.path("paper-form.pdf"))

    assert "I drive out" in paper
    assert "Front office" not in paper
    assert "at most three each" in paper
    house_of(app).database.close()


def test_on_paper_steps_and_answers_of_a_single_framework_are_told_apart_by_their_questions(tmp_path: Path) -> None:
    third = {"people.spare": "Who stands in when somebody is ill?"}
    longer = replace(
        BRIGADE,
        crossings={**BRIGADE.crossings, **dict.fromkeys(third, ("people",))},
        asks={**BRIGADE.asks, **third},
        pulse=(),
    )
    app = app_with(tmp_path, longer)
    founder = stranger(app)
    mine = founder.post("/assessments", data=START | {"questionnaire": longer.id}).headers["location"]
    for id_ in longer.crossings:
        founder.post(f"{mine}/answers/{id_}", data={"answer": "1", "seen": "0"})
    founder.post(f"{mine}/finish")

    report = printed(founder, f"{mine}/report.pdf")

    after = report.partition("After these")[2].partition("All answers")[0]
    assert [asked for asked in longer.asks.values() if asked in after] == [*third.values()]
    assert "Counts for" not in report.partition("All answers")[2]
    house_of(app).database.close()


def chosen_modules(shelf: Shelf) -> list[str]:
    """Those that have a page of their own and are not about customers."""
    chosen = shelf.structure.get("modules", [])
    assert isinstance(chosen, list)
    return [module for module in chosen if module == "after"]


def slides(owner: TestClient, cohort: Made) -> list[str]:
    return re.findall(r'href="\?slide=(\w+)"', owner.get(cohort.path("projector")).text)


def allowed(text: str) -> str:
    """Where a business stands is asked of every business that it matters to; a module of ours has words of ours."""
    chosen_words = (
        "First paying customers",
        "first customers",
        "Customer journey The contacts on a customer’s way",
        "your customer journey",
    )
    for chosen in chosen_words:
        text = text.replace(chosen, "")
    return text
