"""An assessment as an answer document, and an answer document as an assessment, without loss."""

from datetime import UTC, datetime, time

from sqlmodel import Session, col, select

from app.core.answers import Answer, AnswerDocument, Modules, RefusedError
from app.core.answers import Respondent as Told
from app.store import tables
from app.store.assessments.answers import answer_in, columns
from app.store.assessments.links import add_respondent, new_id
from app.store.assessments.sittings import sitting
from app.store.assessments.values import GoneError, Place


def document(session: Session, assessment: str) -> AnswerDocument:
    """Everything the assessment holds; its date is the day (UTC) on which it was finished. Raises GoneError."""
    told = sitting(session, assessment)
    if told is None:
        raise GoneError
    respondents = session.exec(
        select(tables.Respondent)
        .where(tables.Respondent.assessment_id == assessment)
        .order_by(col(tables.Respondent.seat))
    ).all()
    answers: dict[str, dict[str, Answer]] = {respondent.id: {} for respondent in respondents}
    for row in session.exec(
        select(tables.Answer)
        .where(col(tables.Answer.respondent_id).in_(list(answers)))
        .order_by(col(tables.Answer.question))
    ):
        answer = answer_in(row)
        if answer is not None:
            answers[row.respondent_id][row.question] = answer
    choices = session.exec(
        select(tables.DimensionChoice)
        .where(tables.DimensionChoice.assessment_id == assessment)
        .order_by(col(tables.DimensionChoice.dimension))
    ).all()
    return AnswerDocument(
        questionnaire=told.questionnaire,
        edition=told.edition,
        form=told.form,
        organisation=told.organisation,
        language=told.language,
        business_stage=told.business_stage,
        respondents=tuple(Told(role=one.role, answers=answers[one.id]) for one in respondents),
        targets={choice.dimension: choice.target for choice in choices if choice.target is not None},
        importance={choice.dimension: choice.importance for choice in choices if choice.importance is not None},
        default_target=told.default_target,
        date=told.finished_at.date() if told.finished_at else None,
    )


def begin_from(session: Session, document: AnswerDocument, now: datetime) -> Place:
    """Keeps a document as a new assessment, whose owner is the first respondent; with a date it is finished.

    Raises RefusedError for what an assessment cannot hold: agreed levels, actions, modules.
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
