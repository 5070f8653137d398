"""The lock that every write takes first: the assessment's row.

On PostgreSQL two writes to one assessment so wait for each other, instead of overwriting or deadlocking. (SQLite has
one writer anyway.) What a write decides on, it reads after the lock, in a statement of its own: PostgreSQL looks again
at the row that it waited for, not at others that the same statement joins.

Whatever takes the lock of a cohort's row as well takes that one first. Closing a cohort locks all its assessments: a
save either is over by then, or waits and finds the cohort closed, without ever waiting for another one's save.
"""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.store.assessments.values import ClosedError, GoneError
from app.store.tables import Assessment, Cohort, EarlierSitting, Respondent


def lock(session: Session, assessment: str) -> Assessment:
    """Locks the assessment until the session ends. Raises GoneError."""
    return _lock(session, col(Assessment.id) == assessment)


def lock_of(session: Session, respondent: str) -> tuple[Assessment, Respondent]:
    """Locks the respondent's assessment until the session ends. Raises GoneError."""
    home = select(Respondent.assessment_id).where(Respondent.id == respondent).scalar_subquery()
    assessment = _lock(session, col(Assessment.id) == home)
    row = session.get(Respondent, respondent, populate_existing=True)
    if row is None:
        raise GoneError
    return assessment, row


def lock_cohort_of(session: Session, assessment: str) -> None:
    """Locks the row of the assessment's cohort, if it is in one, before anything else is locked.

    For whatever takes back what is made of a cohort in the background: nothing new is begun meanwhile.
    """
    home = select(Assessment.cohort_id).where(Assessment.id == assessment).scalar_subquery()
    session.exec(select(Cohort.id).where(Cohort.id == home).with_for_update(key_share=True)).first()


def lock_with_followers(session: Session, assessment: str) -> Assessment:
    """Locks the assessment, and those that follow or remember it, and forget what is erased there. Raises GoneError.

    In the order of their ids, as whoever closes a cohort locks them: neither waits for the other for ever.
    """
    remembering = select(EarlierSitting.assessment_id).where(EarlierSitting.sitting_id == assessment)
    follows = (col(Assessment.previous_id) == assessment) | col(Assessment.id).in_(remembering)
    which = (col(Assessment.id) == assessment) | follows
    statement = select(Assessment).where(which).order_by(col(Assessment.id)).with_for_update(key_share=True)
    rows = session.exec(statement, execution_options={"populate_existing": True}).all()
    for row in rows:
        if row.id == assessment:
            return row
    raise GoneError


def is_closed(session: Session, assessment: Assessment) -> bool:
    """Whether the cohort, in which the locked assessment counts, is closed."""
    if assessment.cohort_id is None or assessment.withdrawn_at is not None:
        return False
    closed_at = select(Cohort.closed_at).where(Cohort.id == assessment.cohort_id)
    return session.exec(closed_at).first() is not None


def refuse_closed(session: Session, assessment: Assessment) -> None:
    """Raises ClosedError where the cohort, in which the locked assessment counts, is closed."""
    if is_closed(session, assessment):
        raise ClosedError


def _lock(session: Session, which: ColumnElement[bool]) -> Assessment:
    statement = select(Assessment).where(which).with_for_update(key_share=True)
    row = session.exec(statement, execution_options={"populate_existing": True}).first()
    if row is None:
        raise GoneError
    return row
