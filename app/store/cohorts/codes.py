"""Join codes: how long they hold, and which cohort they let into."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from app.store import tables
from app.store.cohorts.locking import is_joinable, lock_open, told
from app.store.cohorts.values import Cohort
from app.store.secrets.codes import ALPHABET, LENGTH, as_meant, new_code
from app.time_zone import noon_of

VALID_FOR = timedelta(days=14)


def expiry(day: date, now: datetime) -> datetime:
    """A code holds until two weeks after the workshop, or after today where that is later."""
    return max(noon_of(day), now) + VALID_FOR


def cohort_by_code(session: Session, code: str, now: datetime) -> Cohort | None:
    """Which cohort the code lets into; None where it is wrong or too old, or the cohort is closed or archived."""
    row = session.exec(select(tables.Cohort).where(tables.Cohort.join_code == as_meant(code))).first()
    return told(row) if row and is_joinable(row, now) else None


def renew_code(session: Session, cohort_id: str, now: datetime) -> None:
    """A new code; the old one lets nobody in any more. Raises GoneError, ClosedError."""
    row = lock_open(session, cohort_id)
    row.join_code, row.code_expires_at = new_code(session), expiry(row.date, now)
    session.flush()


__all__ = ["ALPHABET", "LENGTH", "VALID_FOR", "as_meant", "cohort_by_code", "expiry", "new_code", "renew_code"]
