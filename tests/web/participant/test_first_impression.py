"""Where the whole is not scored, no page and no paper says that all is well, or sends people away."""

from html import unescape
from io import BytesIO

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from app import content, reporting
from app.core.answers.document import read_document
from tests.web.participant.teams import Made, fill, finish, team
from tests.web.visiting import Holder, begin

PULSE = content.catalogue().newest()[0].forms["pulse"].questions
ALL_CLEAR = ("below its target", "has reached its target", "90 days", "Nothing: no part")
"""What may only be said where enough is known."""


def told(text: str) -> str:
    return " ".join(unescape(text).split())


def answered(app: FastAPI, answers: dict[str, str]) -> Holder:
    holder = begin(app, form="pulse", business_stage="first_customers")
    for question, answer in answers.items():
        assert holder.answer(question, answer) == 200
    return holder


def places(holder: Holder) -> dict[str, str]:
    """What is said of the answers on every page that speaks of priorities, and in the report on paper."""
    text = holder.browser.get(holder.path("answers.json")).text
    document, questionnaire = read_document(text, content.catalogue().edition)
    report = reporting.report_for(questionnaire, document, "en")
    pages = {name: told(holder.browser.get(holder.path(name)).text) for name in ("result", "plan")}
    return pages | {"paper": told(reporting.printed(report))}


ANSWERS: dict[str, tuple[dict[str, str], str]] = {
    "one high answer of 14": ({PULSE[0]: "5"}, "first impression: 13 questions are still open. Answer them next"),
    "one low answer of 14": ({PULSE[0]: "1"}, "first impression: 13 questions are still open. Answer them next"),
    "all but one known": (
        dict.fromkeys(PULSE, "dont_know") | {PULSE[0]: "4"},
        "first impression: you don’t know the answer to 13 questions. Find some of them out next",
    ),
    "all but one not for us": (
        dict.fromkeys(PULSE, "not_applicable") | {PULSE[0]: "4"},
        "first impression: so few of the questions apply to you",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_a_first_impression_is_called_so_with_what_to_do_next(app: FastAPI, name: str) -> None:
    answers, said = ANSWERS[name]
    for place, text in places(answered(app, answers)).items():
        assert said in text, place
        assert [words for words in ALL_CLEAR if words in text.partition('id="workings"')[0]] == [], place


def test_what_is_named_first_is_named_all_the_same(app: FastAPI) -> None:
    told_by = places(answered(app, {PULSE[0]: "1"}))

    assert "CX strategy" in told_by["paper"].partition("First impression")[2]
    assert 'href="/assessments/' in told_by["result"].partition("is a first impression")[2][:200]


def test_that_all_is_well_waits_for_what_is_open_or_unknown(app: FastAPI) -> None:
    high = dict.fromkeys(PULSE, "5")
    nearly = {question: level for question, level in high.items() if question != "metrics.management"}
    blind = high | {"metrics.management": "dont_know", "metrics.technology": "dont_know"}

    open_, unknown, whole = (places(answered(app, given)) for given in (nearly, blind, high))
    assert all("1 question is still open" in text or "1 is still open" in text for text in open_.values())
    assert "None so far: 1 question is still open." in open_["result"]
    assert "No score is below its target so far. 1 question is still open" in open_["result"]
    assert "as far as you know. Find out first: CX metrics." in unknown["result"]
    assert "No part that has a score. CX metrics: not scored yet." in unknown["paper"]
    for text in (open_["result"], unknown["result"]):
        assert "look again in 90 days" not in text
    assert "look again in 90 days" in whole["result"]


def test_while_a_colleague_has_not_finished_nobody_is_told_to_look_again_in_90_days(app: FastAPI) -> None:
    made = team(app, "front_office", "back_office")
    for one in made.colleagues:
        fill(one, 5)
        finish(one)

    page = " ".join(made.colleagues[0].browser.get(made.owner.path("result")).text.split())

    assert "No score is below its target so far. 1 of you has not finished yet, and may see it differently." in page
    assert "90 days" not in page
    assert "may see it differently" in paper_of(made.colleagues[0], made)
    finish(made.owner)
    assert "90 days" in made.colleagues[0].browser.get(made.owner.path("result")).text
    assert "may see it differently" not in paper_of(made.colleagues[0], made)


def paper_of(one: Holder, made: Made) -> str:
    """The first page of the report as one of a team prints it."""
    file = one.browser.get(made.owner.path("report.pdf")).content
    return " ".join(PdfReader(BytesIO(file)).pages[0].extract_text().split())


def test_where_nothing_is_a_priority_the_map_speaks_of_no_frames(app: FastAPI) -> None:
    holder = begin(app, form="pulse")
    fill(holder, 5)

    assert "the framed ones" not in holder.browser.get(holder.path("result")).text
