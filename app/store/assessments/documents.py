"""An assessment as an answer document, and an answer document as an assessment, without loss."""

from datetime import UTC, datetime, time

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.core.answers import AnswerDocument, RefusedError
from app.core.given import Answer
from app.core.given import Respondent as Told
from app.core.modules import Modules
from app.store import tables
from app.store.assessments.answers import as_answer, columns
from app.store.assessments.links import add_respondent
from app.store.assessments.values import GoneError, Place
from app.store.tokens import new_id


def document(session: Session, assessment: str) -> AnswerDocument:
    """Everything the assessment holds; its date is the day (UTC) on which it was finished. Raises GoneError."""
    found = documents_where(session, col(tables.Assessment.id) == assessment)
    if not found:
        raise GoneError
    return found[0][1]


def documents_where(session: Session, which: ColumnElement[bool]) -> list[tuple[str, AnswerDocument]]:
    """The ids and documents of those assessments, in their cohort's order of joining; as few queries as for one."""
    assessment, respondent, answer, choice = tables.Assessment, tables.Respondent, tables.Answer, tables.DimensionChoice
    told = session.exec(select(assessment).where(which).order_by(col(assessment.joined_at), col(assessment.id))).all()
    respondents: dict[str, list[tables.Respondent]] = {one.id: [] for one in told}
    for seat in session.exec(select(respondent).join(assessment).where(which).order_by(col(respondent.seat))):
        respondents[seat.assessment_id].append(seat)
    answers: dict[str, dict[str, Answer]] = {seat.id: {} for seats in respondents.values() for seat in seats}
    for id_, question, kind, level in session.exec(
        select(answer.respondent_id, answer.question, answer.kind, answer.level)
        .join(respondent)
        .join(assessment)
        .where(which)
        .order_by(col(answer.question))
    ):
        given = as_answer(kind, level)
        if given is not None:
            answers[id_][question] = given
    choices: dict[str, list[tables.DimensionChoice]] = {one.id: [] for one in told}
    for row in session.exec(select(choice).join(assessment).where(which).order_by(col(choice.dimension))):
        choices[row.assessment_id].append(row)
    return [
        (one.id, _composed(one, [Told(role=seat.role, answers=answers[seat.id]) for seat in seats], choices[one.id]))
        for one, seats in zip(told, respondents.values(), strict=True)
    ]


def _composed(one: tables.Assessment, respondents: list[Told], choices: list[tables.DimensionChoice]) -> AnswerDocument:
    return AnswerDocument(
        questionnaire=one.questionnaire,
        edition=one.edition,
        form=one.form,
        organisation=one.organisation,
        language=one.language,
        business_stage=one.business_stage,
        respondents=tuple(respondents),
        targets={choice.dimension: choice.target for choice in choices if choice.target is not None},
        importance={choice.dimension: choice.importance for choice in choices if choice.importance is not None},
        default_target=one.default_target,
        date=one.finished_at.date() if one.finished_at else None,
    )


def begin_from(session: Session, document: AnswerDocument, now: datetime, cohort_id: str | None = None) -> Place:
    """Keeps a document as a new assessment, whose owner is the first respondent; with a date it is finished.

    Into a cohort `cohorts.join_with` leads. Raises RefusedError for what an assessment cannot hold: agreed levels,
    actions, modules.
    """
    beyond = {"agreed": document.agreed, "actions": document.actions, "modules": document.modules != Modules()}
    for key, held in beyond.items():
        if held:
            raise RefusedError(key, "an assessment on the server cannot hold this")
    assessment = tables.Assessment(
        id=new_id(),
        questionnaire=document.questionnaire,
        edition=document.edition,
        form=document.form,
        organisation=document.organisation,
        language=document.language,
        business_stage=document.business_stage,
        default_target=document.default_target,
        created_at=now,
        updated_at=now,
        finished_at=datetime.combine(document.date, time.min, UTC) if document.date else None,
        cohort_id=cohort_id,
        joined_at=now if cohort_id else None,
    )
    session.add(assessment)
    session.flush()
    places = [_seat(session, assessment.id, seat, told, now) for seat, told in enumerate(document.respondents)]
    session.add_all(
        tables.DimensionChoice(
            assessment_id=assessment.id,
            dimension=dimension,
            target=document.targets.get(dimension),
            importance=document.importance.get(dimension),
        )
        for dimension in {**document.targets, **document.importance}
    )
    session.flush()
    return places[0]


def _seat(session: Session, assessment: str, seat: int, told: Told, now: datetime) -> Place:
    place = add_respondent(session, assessment, seat=seat, role=told.role, now=now)
    for question, answer in told.answers.items():
        kind, level = columns(answer)
        row = tables.Answer(
            respondent_id=place.respondent,
            question=question,
            kind=kind,
            level=level,
            revision=1,
            sequence=0,
            saved_at=now,
        )
        session.add(row)
    return place
