"""The lock that every write takes first: the assessment's row.

On PostgreSQL two writes to one assessment so wait for each other, instead of overwriting or deadlocking. (SQLite has
one writer anyway.) What a write decides on, it reads after the lock, in a statement of its own: PostgreSQL looks again
at the row that it waited for, not at others that the same statement joins.
"""

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from app.store.assessments.values import GoneError
from app.store.tables import Assessment, Respondent


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


def _lock(session: Session, which: ColumnElement[bool]) -> Assessment:
    statement = select(Assessment).where(which).with_for_update(key_share=True)
    row = session.exec(statement, execution_options={"populate_existing": True}).first()
    if row is None:
        raise GoneError
    return row
