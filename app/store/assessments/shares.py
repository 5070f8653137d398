"""Links by which anybody reads an organisation's report or journey, until they expire or are revoked."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, func, select

from app.store import tables
from app.store.assessments.locking import lock
from app.store.assessments.values import FullError, GoneError, Share, Shared
from app.store.idempotency import token_by
from app.store.secrets.tokens import hashed, is_id, new_id, new_token
from app.store.tables import Shown

MOST_SHARES = 50


def shares_of(session: Session, assessment: str, now: datetime) -> tuple[Share, ...]:
    """The links that have not expired, the latest first; those that were revoked stand among them."""
    row = tables.Share
    rows = session.exec(
        select(row)
        .where(row.assessment_id == assessment, row.expires_at > now)
        .order_by(col(row.created_at).desc(), col(row.id))
    )
    return tuple(_told(one) for one in rows)


def share(  # noqa: PLR0913 - these are the parts of one link
    session: Session, assessment: str, what: Shown, days: int, now: datetime, once: str | None = None
) -> tuple[Share, str]:
    """A new link for so many days, and its token, which is told only here and kept only as a hash.

    `once`: a secret of the page that sends, made by `new_token`, from which the token follows: so what is sent twice
    makes one link, and both are told it. Links that have expired are forgotten. Raises GoneError, also where the
    link that was made at first has ended, and FullError where there are fifty that have not.
    """
    lock(session, assessment)
    row = tables.Share
    token = token_by(once, "share", assessment, what, str(days)) if once else new_token()
    there = session.exec(select(row).where(row.token_hash == hashed(token))).first()
    if there and (there.revoked_at is not None or there.expires_at <= now):
        raise GoneError
    if there:
        return _told(there), token
    session.exec(delete(row).where(col(row.assessment_id) == assessment, col(row.expires_at) <= now))
    live = select(func.count()).where(row.assessment_id == assessment, col(row.revoked_at).is_(None))
    if session.exec(live).one() >= MOST_SHARES:
        raise FullError
    new = row(
        id=new_id(),
        assessment_id=assessment,
        what=what,
        token_hash=hashed(token),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    session.add(new)
    session.flush()
    return _told(new), token


def revoke(session: Session, assessment: str, share_id: str, now: datetime) -> None:
    """From now on the link shows nothing; the first time stays. Raises GoneError where there is no such link."""
    lock(session, assessment)
    row = session.get(tables.Share, share_id, populate_existing=True) if is_id(share_id) else None
    if row is None or row.assessment_id != assessment:
        raise GoneError
    row.revoked_at = row.revoked_at or now
    session.flush()


def shared(session: Session, token: str, now: datetime) -> Shared | None:
    """What the link shows; None for a stranger's, and once it has expired or was revoked."""
    row = session.exec(select(tables.Share).where(tables.Share.token_hash == hashed(token))).first()
    if row is None or row.revoked_at is not None or now >= row.expires_at:
        return None
    return Shared(row.id, row.assessment_id, row.what)


def still_shared(session: Session, share_id: str, token: str, now: datetime) -> Shared | None:
    """What the link of that id shows to whoever has its token; None as for `shared`."""
    found = shared(session, token, now)
    return found if found and found.id == share_id else None


def _told(row: tables.Share) -> Share:
    return Share(row.id, row.what, row.created_at, row.expires_at, row.revoked_at)
