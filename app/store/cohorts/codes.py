"""Join codes: what stands on the wall and is typed into phones."""

import secrets
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, select

from app.store import tables
from app.store.cohorts.locking import is_joinable, lock_open, told
from app.store.cohorts.values import Cohort

# Crockford's: 32 characters, so that eight of them are 40 bits, and none that is misread as another of them. (Without
# 0 and 1 as well there would be 30, and less than 40 bits.)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
VALID_FOR = timedelta(days=14)
_LOOK_ALIKES = str.maketrans("OIL", "011")


def new_code(session: Session) -> str:
    """A code that no cohort has."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if session.exec(select(tables.Cohort.id).where(tables.Cohort.join_code == code)).first() is None:
            return code


def as_meant(typed: str) -> str:
    """A code as it is kept, from what somebody typed: in any capitals, in groups, with O for 0, I and L for 1."""
    letters = typed.upper().translate(_LOOK_ALIKES)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())


def expiry(day: date, now: datetime) -> datetime:
    """A code holds until two weeks after the workshop, or after today where that is later."""
    return max(datetime.combine(day, time.min, UTC), now) + VALID_FOR


def cohort_by_code(session: Session, code: str, now: datetime) -> Cohort | None:
    """Which cohort the code lets into; None where it is wrong or too old, or the cohort is closed or archived."""
    row = session.exec(select(tables.Cohort).where(tables.Cohort.join_code == as_meant(code))).first()
    return told(row) if row and is_joinable(row, now) else None


def renew_code(session: Session, cohort_id: str, now: datetime) -> None:
    """A new code; the old one lets nobody in any more. Raises GoneError, ClosedError."""
    row = lock_open(session, cohort_id)
    row.join_code, row.code_expires_at = new_code(session), expiry(row.date, now)
    session.flush()
