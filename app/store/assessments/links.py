"""Private links: who has one sits at a respondent's place. Only the SHA-256 of a link's token is kept."""

import base64
import hashlib
import secrets
from datetime import datetime

from sqlmodel import Session, select

from app.core.answers import Role
from app.store.assessments.locking import lock_of
from app.store.assessments.values import Membership, Place
from app.store.tables import Respondent

ID_BYTES = 10
TOKEN_BYTES = 20


def new_id() -> str:
    """A random id of 80 bits, in lowercase base32."""
    return base64.b32encode(secrets.token_bytes(ID_BYTES)).decode().lower()


def add_respondent(session: Session, assessment: str, *, seat: int, role: Role, now: datetime) -> Place:
    """Gives the assessment a respondent with a private link; seat 0 is the owner's."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    respondent = Respondent(
        id=new_id(),
        assessment_id=assessment,
        seat=seat,
        is_owner=seat == 0,
        role=role,
        link_hash=_hash(token),
        created_at=now,
    )
    session.add(respondent)
    session.flush()
    return Place(assessment, respondent.id, token)


def place_of(session: Session, token: str) -> Membership | None:
    """Whom the private link belongs to; None for a stranger's, however near it comes to a right one."""
    row = session.exec(select(Respondent).where(Respondent.link_hash == _hash(token))).first()
    return Membership(row.assessment_id, row.id, row.is_owner) if row else None


def rotate_link(session: Session, respondent: str) -> str:
    """A new private link's token; the old link is dead at once. Raises GoneError."""
    _, row = lock_of(session, respondent)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row.link_hash = _hash(token)
    session.flush()
    return token


def _hash(token: str) -> str:
    # No slow hash: 160 random bits cannot be tried. Whatever a stranger sends has a hash, broken text too.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
