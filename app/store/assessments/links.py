"""Private links: who has one sits at a respondent's place. Only the SHA-256 of a link's token is kept."""

from datetime import datetime

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from app.core.answers.values import Role
from app.store.assessments.locking import lock_of
from app.store.assessments.values import Membership, Place
from app.store.idempotency import KeyUsedError, use
from app.store.secrets.tokens import hashed, new_id, new_token
from app.store.tables import Respondent

SEATING = (col(Respondent.is_owner).desc(), col(Respondent.seat))
"""The owner first, then by joining."""

UNTOLD = (col(Respondent.is_owner).desc(), col(Respondent.id))
"""The owner first, then by the random id: it does not tell who joined when."""

_colleague = aliased(Respondent)
_ALONE = col(Respondent.is_owner) & ~(
    select(_colleague.id)
    .where(_colleague.assessment_id == Respondent.assessment_id, col(_colleague.is_owner).is_(False))
    .correlate(Respondent)
    .exists()
)
COUNTS = col(Respondent.finished_at).is_not(None) | _ALONE
"""Whose answers count: of everybody who has finished; and, as long as nobody else answers, the owner's draft."""


def add_respondent(  # noqa: PLR0913 - these are the parts of one respondent
    session: Session,
    assessment: str,
    *,
    seat: int,
    role: Role,
    now: datetime,
    finished_at: datetime | None = None,
    respondent_id: str | None = None,
) -> Place:
    """Gives the assessment a respondent with a private link; seat 0 is the owner's."""
    token = new_token()
    respondent = Respondent(
        id=respondent_id or new_id(),
        assessment_id=assessment,
        seat=seat,
        is_owner=seat == 0,
        role=role,
        link_hash=hashed(token),
        created_at=now,
        finished_at=finished_at,
    )
    session.add(respondent)
    session.flush()
    return Place(assessment, respondent.id, token)


def place_of(session: Session, token: str) -> Membership | None:
    """Whom the private link belongs to; None for a stranger's, however near it comes to a right one."""
    row = session.exec(select(Respondent).where(Respondent.link_hash == hashed(token))).first()
    return Membership(row.assessment_id, row.id, row.is_owner, row.role, row.finished_at) if row else None


def rotate_once(session: Session, respondent: str, token: str, now: datetime) -> str:
    """A new private link whose token was made with, or follows from, a form; what is sent twice makes it once.

    Raises GoneError, and KeyUsedError where it was replaced since: an old link does not come back.
    """
    _, row = lock_of(session, respondent)
    if row.link_hash == hashed(token):
        return token
    if not use(session, token, now) or place_of(session, token) is not None:
        raise KeyUsedError
    row.link_hash = hashed(token)
    session.flush()
    return token


def rotate_link(session: Session, respondent: str) -> str:
    """A new private link's token; the old link is dead at once. Raises GoneError."""
    _, row = lock_of(session, respondent)
    token = new_token()
    row.link_hash = hashed(token)
    session.flush()
    return token
