"""What this installation signs with: the same secret for all its processes, and for as long as the database lives."""

import hashlib
import hmac

from sqlmodel import Session

from app.store import tables


def signature(session: Session, *parts: str) -> str:
    """By which the installation knows again, without keeping it, what it has given out: the parts in this order."""
    secret = session.get_one(tables.Secret, "signing").value
    # A part may hold anything: each is preceded by its length.
    told = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(secret.encode(), told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def is_signed(session: Session, given: str, *parts: str) -> bool:
    """Whether it is the signature of these parts."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), signature(session, *parts).encode())
