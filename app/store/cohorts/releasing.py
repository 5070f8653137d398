"""What a confidential cohort releases: frozen at its closing, worked out from that, kept once, or held."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.store import tables
from app.store.cohorts.locking import lock_cohort, told
from app.store.cohorts.values import Cohort, ReleasedError
from app.store.secrets.tokens import is_id


def freeze(session: Session, cohort_id: str, closing: str) -> None:
    """Keeps what the release is to be worked out from (JSON), until `keep_release`.

    In the session that closes the cohort, or lifts its hold. Raises GoneError, ReleasedError the second time.
    """
    row = _lock_closed(session, cohort_id)
    if row.closing is not None:
        raise ReleasedError
    row.closing = closing
    session.flush()


def frozen(session: Session, cohort_id: str) -> str | None:
    """What `freeze` kept; None where nothing is to be worked out."""
    row = session.get(tables.Cohort, cohort_id) if is_id(cohort_id) else None
    return row.closing if row else None


def frozen_ones(session: Session) -> list[Cohort]:
    """The cohorts of which something is to be worked out."""
    row = tables.Cohort
    return [told(one) for one in session.exec(select(row).where(col(row.closing).is_not(None)).order_by(col(row.id)))]


def keep_release(session: Session, cohort_id: str, release: str) -> None:
    """Keeps for good what a closed confidential cohort gives away (JSON), and forgets what that was worked out from.

    Raises GoneError, ReleasedError the second time.
    """
    row = _lock_closed(session, cohort_id)
    row.release, row.closing = release, None
    session.flush()


def release_of(session: Session, cohort_id: str) -> str | None:
    """What `keep_release` kept; None where nothing is kept yet."""
    row = session.get(tables.Cohort, cohort_id) if is_id(cohort_id) else None
    return row.release if row else None


def hold(session: Session, cohort_id: str, now: datetime) -> None:
    """From now on it releases nothing, until `lift`. Raises GoneError, ReleasedError where it gave its release."""
    row = lock_cohort(session, cohort_id)
    if row.privacy != "confidential" or row.release is not None or row.closing is not None:
        raise ReleasedError
    row.held_at = row.held_at or now
    session.flush()


def lift(session: Session, cohort_id: str) -> None:
    """It may release again; of a closed one, freeze what is to be released in the same session. Raises GoneError."""
    lock_cohort(session, cohort_id).held_at = None
    session.flush()


def confidential_ones(session: Session, *, held: bool) -> list[Cohort]:
    """Those that are held; or those that are not, and still open. In order of their day."""
    row = tables.Cohort
    which = col(row.held_at).is_not(None) if held else col(row.held_at).is_(None) & col(row.closed_at).is_(None)
    found = session.exec(select(row).where(row.privacy == "confidential", which).order_by(col(row.date), col(row.id)))
    return [told(one) for one in found]


def _lock_closed(session: Session, cohort_id: str) -> tables.Cohort:
    row = lock_cohort(session, cohort_id)
    if row.release is not None:
        raise ReleasedError
    if row.privacy != "confidential" or row.closed_at is None or row.held_at is not None:
        msg = "only a confidential cohort that is closed, and not held, gives a release"
        raise ValueError(msg)
    return row
