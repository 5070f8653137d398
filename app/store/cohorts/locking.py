"""The lock that every write to a cohort takes first: the cohort's row, and after it the rows of its assessments."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.store import tables
from app.store.assessments.values import ClosedError, GoneError
from app.store.cohorts.values import Cohort
from app.store.secrets.tokens import is_id


def lock_cohort(session: Session, cohort_id: str) -> tables.Cohort:
    """Locks the cohort until the session ends: who joins waits, who answers does not. Raises GoneError."""
    statement = select(tables.Cohort).where(tables.Cohort.id == cohort_id).with_for_update(key_share=True)
    row = session.exec(statement, execution_options={"populate_existing": True}).first() if is_id(cohort_id) else None
    if row is None:
        raise GoneError
    return row


def lock_open(session: Session, cohort_id: str) -> tables.Cohort:
    """Locks a cohort in which something can still happen. Raises GoneError, ClosedError."""
    row = lock_cohort(session, cohort_id)
    if row.closed_at is not None or row.archived_at is not None:
        raise ClosedError
    return row


def lock_members(session: Session, cohort_id: str) -> list[tables.Assessment]:
    """Locks the assessments of a locked cohort; every save to one of them is over by then, or has to wait."""
    statement = (
        select(tables.Assessment)
        .where(tables.Assessment.cohort_id == cohort_id)
        .order_by(col(tables.Assessment.id))
        .with_for_update(key_share=True)
    )
    return list(session.exec(statement, execution_options={"populate_existing": True}))


def told(row: tables.Cohort) -> Cohort:
    """The cohort as others see it: without its release, and what that is worked out from."""
    return Cohort(**row.model_dump(exclude={"release", "closing"}))


def has_joined(session: Session, cohort_id: str) -> bool:
    """Whether somebody has, even if they withdrew afterwards."""
    return (
        session.exec(select(tables.Assessment.id).where(tables.Assessment.cohort_id == cohort_id)).first() is not None
    )


def is_joinable(row: tables.Cohort, now: datetime) -> bool:
    """Whether its code lets somebody in."""
    return row.closed_at is None and row.archived_at is None and now < row.code_expires_at
