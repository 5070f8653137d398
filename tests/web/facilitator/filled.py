"""Cohorts with finished organisations in them, for the tests of what comes out."""

import datetime
import random
from collections.abc import Sequence

from fastapi import FastAPI

from app.core.answers.document import AnswerDocument
from app.core.answers.values import Answer
from app.reporting import close_cohort
from app.store import assessments, cohorts
from app.store.assessments import Beginning
from tests.core.cohort.cohort_examples import accepted, questionnaire, raw
from tests.core.documents.forms import FULL, PULSE
from tests.web.facilitator.cohorts import Made
from tests.web.facilitator.facilitating import now
from tests.web.visiting import house_of

MIXED: Sequence[int | str] = (1, 2, 2, 3, 3, 4, 5, "dont_know", "not_applicable")


def some_answers(seed: int, form: str = "pulse", levels: Sequence[int | str] = MIXED) -> dict[str, int | str]:
    """Made-up answers to every question of a form, the same every time."""
    chance = random.Random(seed)  # noqa: S311 - made-up answers
    return {id_: chance.choice(levels) for id_ in {"pulse": PULSE, "full": FULL}[form]}


def import_into(  # noqa: PLR0913 - what a cohort is filled with
    app: FastAPI,
    cohort: Made,
    names: Sequence[str],
    seed: int = 1,
    form: str = "pulse",
    levels: Sequence[int | str] = MIXED,
) -> list[AnswerDocument]:
    """Finished organisations in an open cohort, in this order; their documents as they count."""
    start = now() - datetime.timedelta(hours=1)
    with house_of(app).database.writing() as session:
        for place, name in enumerate(names):
            answers = some_answers(1000 * seed + place, form, levels)
            document = accepted(raw(answers, form=form, organisation=name, date="2026-11-21"))
            cohorts.join_with(session, cohort.id, document, start + datetime.timedelta(seconds=place))
    with house_of(app).database.reading() as session:
        return [document for _, document in cohorts.documents(session, cohort.id)]


def answer_in(app: FastAPI, cohort: Made, name: str, answers: dict[str, int | str], *, finished: bool = True) -> str:
    """An organisation that joins and answers, in any cohort; its assessment."""
    about = questionnaire()
    with house_of(app).database.writing() as session:
        beginning = Beginning(
            questionnaire=about.id,
            edition=about.edition,
            form="pulse",
            organisation=name,
            language="en",
            business_stage="growing",
            role="other",
        )
        place = cohorts.join(session, cohort.id, beginning, now())
        for sequence, (question, answer) in enumerate(answers.items(), start=1):
            given: Answer = answer  # type: ignore[assignment]  # made up, and legal
            assessments.save_answer(
                session, place.respondent, question, given, seen=0, writer=None, sequence=sequence, now=now()
            )
        if finished:
            assessments.finish(session, place.assessment, now())
    return place.assessment


def close(app: FastAPI, cohort: Made) -> None:
    """Closes a cohort as its desk does, and works out what a confidential one releases."""
    with house_of(app).database.writing() as session:
        close_cohort(session, questionnaire(), cohort.id, now())
    app.state.releases.finish()
