"""Cohorts with organisations that have finished, for the tests of what a facilitator takes home."""

import json
from pathlib import Path

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.answers.document import AnswerDocument, read_document
from app.core.questionnaire.model import Questionnaire
from app.core.scoring import scorecard
from app.core.scoring.scorecard import Scorecard
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Place
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import Person, facilitator, now
from tests.web.visiting import house_of

DOCUMENTS = Path(__file__).parents[2] / "documents"
PAYLOADS = ("=1+1", "+1", "-1+2", "@SUM(A1)", 'x;=cmd|" /C calc"!A0', '=HYPERLINK("http://x.example";"y")')
"""Names of organisations that a spreadsheet would take for formulas."""


def questionnaire_of(app: FastAPI) -> Questionnaire:
    """The newest edition."""
    return house_of(app).catalogue.newest()[0]


def document(app: FastAPI, name: str, **changed: object) -> AnswerDocument:
    """A sample document, some keys said otherwise; without what a server cannot hold."""
    told = json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in told.items() if key not in {"agreed", "actions", "modules"}}
    return read_document(json.dumps(kept | changed), house_of(app).catalogue.edition)[0]


def pulse(app: FastAPI, organisation: str, level: int = 3, **answers: object) -> AnswerDocument:
    """A pulse with the same level everywhere but where `answers` (with __ for the dot) say otherwise."""
    questions = dict.fromkeys(questionnaire_of(app).forms["pulse"].questions, level)
    said = {key.replace("__", "."): value for key, value in answers.items()}
    respondents = [{"role": "leadership", "answers": questions | said}]
    return document(app, "pulse", organisation=organisation, respondents=respondents, targets={}, importance={})


def add(app: FastAPI, cohort: Made, *documents: AnswerDocument, finished: bool = True) -> list[Place]:
    """Lets organisations join an open cohort that answered so."""
    with house_of(app).database.writing() as session:
        places = [
            cohorts.join_with(session, cohort.id, one.model_copy(update={"date": None}), now()) for one in documents
        ]
        for place in places:
            if finished:
                assessments.finish(session, place.assessment, now())
    return places


def confidential(app: FastAPI, members: int, *, closed: bool, level: int = 3) -> Made:
    """A confidential cohort with so many finished members, all at one level but at one question."""
    cohort = make_cohort(app, name="Zaupna skupina", privacy="confidential")
    questionnaire = questionnaire_of(app)
    for number in range(members):
        with house_of(app).database.writing() as session:
            beginning = Beginning(
                questionnaire=questionnaire.id,
                edition=questionnaire.edition,
                form="pulse",
                organisation=f"Skrivnost {number}",
                language="en",
                business_stage="growing",
                role="leadership",
            )
            place = cohorts.join(session, cohort.id, beginning, now(), told="confidential")
            for question in questionnaire.forms["pulse"].questions:
                answer = level if question != "strategy.purpose" else 1 + number % 5
                assessments.save_answer(
                    session, place.respondent, question, answer, seen=0, writer=None, sequence=0, now=now()
                )
            assessments.finish(session, place.assessment, now())
    if closed:
        assert cohort.owner.post(cohort.path("close")).status_code == 303
        app.state.releases.finish()
    return cohort


def card(app: FastAPI, document_: AnswerDocument) -> Scorecard:
    """What core says of a document."""
    return scorecard.score(questionnaire_of(app), document_)


def shared_with(app: FastAPI, cohort: Made, right: str) -> TestClient:
    """Somebody new to whom the cohort's owner has given that right."""
    other: Person = facilitator(app)
    response = cohort.owner.post(cohort.path("share"), data={"email": other.email, "right": right})
    assert response.status_code == 303
    return other.browser
