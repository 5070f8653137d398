"""Who is in a cohort, how far they are, and what the finished ones answered. So many queries, however many members."""

import json

from sqlalchemy import ScalarSelect, distinct, func
from sqlmodel import Session, col, select

from app.core.answers.document import AnswerDocument
from app.store import tables
from app.store.assessments.documents import documents_where
from app.store.assessments.links import COUNTS
from app.store.cohorts.locking import told
from app.store.cohorts.values import Cohort, CohortProgress, ConfidentialError, Member, ReleasedError
from app.store.secrets.tokens import is_id


def _questions_answered() -> ScalarSelect[int]:
    return (
        select(func.count(distinct(col(tables.Answer.question))))
        .join(tables.Respondent)
        .where(tables.Respondent.assessment_id == tables.Assessment.id, tables.Answer.kind != "open", COUNTS)
        .correlate(tables.Assessment)
        .scalar_subquery()
    )


def members(session: Session, cohort_id: str) -> list[Member]:
    """The organisations of an open cohort in order of joining; those that withdrew are among them by name only.

    Raises ConfidentialError.
    """
    _refuse_confidential(session, cohort_id)
    rows = session.exec(
        select(tables.Assessment, tables.Respondent.id, _questions_answered())
        .join(tables.Respondent)
        .where(tables.Assessment.cohort_id == cohort_id, col(tables.Respondent.is_owner))
        .order_by(col(tables.Assessment.joined_at), col(tables.Assessment.id))
    )
    people = _people(session, cohort_id)
    return [_member(row, owner, answered, *people.get(row.id, (1, 0))) for row, owner, answered in rows]


def _people(session: Session, cohort_id: str) -> dict[str, tuple[int, int]]:
    """How many people answer for each organisation, and how many of them have finished; without those that withdrew."""
    row, person = tables.Assessment, tables.Respondent
    counted = session.exec(
        select(row.id, func.count(), func.count(col(person.finished_at)))
        .join(person)
        .where(row.cohort_id == cohort_id, col(row.withdrawn_at).is_(None))
        .group_by(col(row.id))
    )
    return {assessment: (people, finished) for assessment, people, finished in counted}


def member(session: Session, cohort_id: str, assessment: str) -> Member | None:
    """One organisation of an open cohort; None where it is not in it, or has withdrawn. Raises ConfidentialError."""
    found = (one for one in members(session, cohort_id) if one.assessment == assessment and one.withdrawn_at is None)
    return next(found, None)


def progress(session: Session, cohort_id: str) -> CohortProgress:
    """How far the cohort is; those that withdrew do not count. Once a confidential one is closed, as it was then.

    A team has answered once one of it has finished: nobody's draft is seen through a count (section 2).
    """
    finished = col(tables.Assessment.finished_at).is_not(None)
    answered = (
        select(tables.Answer.question)
        .join(tables.Respondent)
        .where(tables.Respondent.assessment_id == tables.Assessment.id, tables.Answer.kind != "open", COUNTS)
        .correlate(tables.Assessment)
        .exists()
    )
    counted = session.exec(
        select(func.count(), func.count().filter(answered), func.count().filter(finished), _frozen(cohort_id))
        .select_from(tables.Assessment)
        .where(tables.Assessment.cohort_id == cohort_id, col(tables.Assessment.withdrawn_at).is_(None))
    ).one()
    *counts, kept = counted
    frozen = kept and json.loads(kept).get("counted")
    return CohortProgress(**frozen) if frozen else CohortProgress(*counts)


def _frozen(cohort_id: str) -> ScalarSelect[str | None]:
    kept = func.coalesce(col(tables.Cohort.release), col(tables.Cohort.closing))
    return select(kept).where(col(tables.Cohort.id) == cohort_id).scalar_subquery()


def only_to_finish(session: Session, cohort_id: str, questions: int) -> int:
    """How many answer alone, have an answer to each of so many questions, and have not finished."""
    row, person = tables.Assessment, tables.Respondent
    counts = (col(row.cohort_id) == cohort_id) & col(row.withdrawn_at).is_(None) & col(row.finished_at).is_(None)
    people = select(func.count()).where(person.assessment_id == row.id).correlate(row).scalar_subquery()
    ready = (people == 1) & (_questions_answered() >= questions)
    return session.exec(select(func.count()).select_from(row).where(counts, ready)).one()


def unfinished_in_teams(session: Session, cohort_id: str) -> tuple[int, int]:
    """How many people have not finished where several answer for one organisation, and in how many organisations."""
    waiting = [people - finished for people, finished in _people(session, cohort_id).values() if people > 1]
    return sum(waiting), sum(one > 0 for one in waiting)


def documents(session: Session, cohort_id: str) -> list[tuple[str, AnswerDocument]]:
    """The assessments that count, with their ids, in order of joining: finished ones that did not withdraw.

    Raises ConfidentialError.
    """
    _refuse_confidential(session, cohort_id)
    return _documents(session, cohort_id)


def documents_to_release(session: Session, cohort_id: str) -> list[AnswerDocument]:
    """What a confidential cohort's release is of, in the session that closes it or lifts its hold.

    Raises ReleasedError where that is frozen or released already, and ValueError where the cohort is not to give one.
    """
    row = session.get(tables.Cohort, cohort_id)
    if row is None or row.privacy != "confidential" or row.closed_at is None or row.held_at is not None:
        msg = "only a confidential cohort that is closed, and not held, gives a release"
        raise ValueError(msg)
    if row.release is not None or row.closing is not None:
        raise ReleasedError
    return [document for _, document in _documents(session, cohort_id)]


def documents_that_count(session: Session, cohort_id: str) -> list[AnswerDocument]:
    """What an open confidential cohort's release would be of, to say how many that are, and nothing else of it."""
    return [document for _, document in _documents(session, cohort_id)]


def cohort_of_assessment(session: Session, assessment: str) -> Cohort | None:
    """The cohort in which the assessment counts; None where it is in none, or has withdrawn."""
    statement = (
        select(tables.Cohort)
        .join(tables.Assessment)
        .where(tables.Assessment.id == assessment, col(tables.Assessment.withdrawn_at).is_(None))
    )
    row = session.exec(statement).first() if is_id(assessment) else None
    return told(row) if row else None


def _documents(session: Session, cohort_id: str) -> list[tuple[str, AnswerDocument]]:
    row = tables.Assessment
    counts = (col(row.cohort_id) == cohort_id) & col(row.finished_at).is_not(None) & col(row.withdrawn_at).is_(None)
    return documents_where(session, counts, "facilitator")


def _refuse_confidential(session: Session, cohort_id: str) -> None:
    privacy = session.exec(select(tables.Cohort.privacy).where(tables.Cohort.id == cohort_id)).first()
    if privacy == "confidential":
        raise ConfidentialError


def _member(row: tables.Assessment, owner: str, answered: int, people: int, finished: int) -> Member:
    joined_at = row.joined_at or row.created_at  # whoever is in a cohort has joined
    if row.withdrawn_at is not None and row.withdrawn_as is not None:
        return Member(row.id, owner, row.withdrawn_as, joined_at, None, None, row.withdrawn_at)
    return Member(row.id, owner, row.organisation, joined_at, answered, row.finished_at, None, people, finished)
