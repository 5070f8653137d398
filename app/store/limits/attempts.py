"""How often something was tried of late, so that guessing is slow; counted together by all processes."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from app.store.secrets.tokens import hashed
from app.store.tables import Attempt

# Any number that only attempts use.
LOCK = 0x43584D02


def wait(session: Session, bucket: str, *, allowed: int, per: timedelta, now: datetime) -> timedelta | None:
    """Records an attempt and returns None; or, where `allowed` of them lie within `per`, how long to wait.

    One that has to wait is not recorded: whoever goes on trying does not wait the longer. Whatever the bucket names
    (an address, an account), it is kept as a hash, and not longer than `per`. In a writing session, before all else.
    """
    _alone(session)
    session.exec(delete(Attempt).where(col(Attempt.forgotten_at) <= now))
    key = hashed(bucket)
    recent = session.exec(
        select(Attempt.at)
        .where(Attempt.bucket == key, Attempt.at > now - per)
        .order_by(col(Attempt.at).desc())
        .limit(allowed)
    ).all()
    if len(recent) >= allowed:
        return recent[-1] + per - now
    session.add(Attempt(bucket=key, at=now, forgotten_at=now + per))
    session.flush()
    return None


def reserve(
    session: Session, buckets: Mapping[str, int], *, per: timedelta, now: datetime, until: datetime
) -> datetime | None:
    """The first moment from now on at which no bucket holds too many; recorded for then in every one of them.

    None, and nothing is recorded, if that is after `until`. `buckets` says of each how many may lie within `per`; they
    are other ones than those in which attempts wait. In a writing session, before all else.
    """
    _alone(session)
    at = now
    for bucket, allowed in buckets.items():
        latest = (
            select(Attempt.at)
            .where(Attempt.bucket == hashed(bucket))
            .order_by(col(Attempt.at).desc())
            .offset(allowed - 1)
            .limit(1)
        )
        earliest = session.exec(latest).first()
        at = max(at, earliest + per) if earliest is not None else at
    if at > until:
        return None
    session.add_all(Attempt(bucket=hashed(bucket), at=at, forgotten_at=at + per) for bucket in buckets)
    session.flush()
    return at


def give_back(session: Session, bucket: str) -> None:
    """Takes the bucket's last attempt back: it was a right one, and only wrong ones count."""
    _alone(session)
    last = session.exec(
        select(Attempt).where(Attempt.bucket == hashed(bucket)).order_by(col(Attempt.id).desc()).limit(1)
    ).first()
    if last is not None:
        session.delete(last)
        session.flush()


def _alone(session: Session) -> None:
    # One lock for all buckets: whoever asks for several in one session cannot deadlock. SQLite has one writer anyway.
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
