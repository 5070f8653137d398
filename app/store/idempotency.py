"""What is sent twice is made once: from a key that came with the form follows the new thing's id or secret."""

import base64
import hashlib
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, delete

from app.store.secrets.tokens import ID_BYTES, TOKEN_BYTES, hashed
from app.store.tables import UsedKey

KEPT_FOR = timedelta(days=30)
"""So long it is known that a key was used. Nobody sends a form again after a month."""


class KeyUsedError(Exception):
    """The key was used for something else, or for what has ended or was replaced since. Nothing was changed."""


def alone_with(session: Session, key: str) -> None:
    """Until this transaction ends, nobody else makes what the key makes. On SQLite there is only one who writes."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})


def id_by(key: str, *told: str) -> str:
    """The id of what is made of `told` by a form of this key; with anything else in the form it is another one.

    So whoever goes back and writes something new into the same form adds it, and nothing that was typed is lost.
    """
    return base64.b32encode(_digest(key, told)[:ID_BYTES]).decode().lower()


def token_by(key: str, *told: str) -> str:
    """A secret as hard to guess as the key, of what is made of `told` by a form of it; else as for `id_by`."""
    return base64.urlsafe_b64encode(_digest(key, told)[:TOKEN_BYTES]).rstrip(b"=").decode()


def use(session: Session, key: str, now: datetime, *told: str) -> bool:
    """Whether the key is used for the first time; from now on it is used. Of two at once it is one's.

    Raises KeyUsedError where it was used for anything else than `told`.
    """
    alone_with(session, key)
    told_hash = hashed(token_by(key, *told))
    row = session.get(UsedKey, hashed(key), populate_existing=True)
    if row is not None:
        if row.told_hash != told_hash:
            raise KeyUsedError
        return False
    session.exec(delete(UsedKey).where(col(UsedKey.used_at) <= now - KEPT_FOR))
    session.add(UsedKey(key_hash=hashed(key), told_hash=told_hash, used_at=now))
    session.flush()
    return True


def _digest(key: str, told: tuple[str, ...]) -> bytes:
    # A part may hold anything: each is preceded by its length.
    parts = "".join(f"{len(part)}:{part}" for part in (key, *told))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
