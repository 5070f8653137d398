"""How often something was tried of late, so that guessing is slow; counted together by all processes."""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, delete, select

from app.store.tables import Attempt
from app.store.tokens import hashed

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
