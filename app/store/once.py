"""What is sent twice is made once: from a key that came with the form follows the new thing's id or secret."""

import base64
import hashlib

from sqlalchemy import text
from sqlmodel import Session

from app.store.tokens import ID_BYTES, TOKEN_BYTES


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


def _digest(key: str, told: tuple[str, ...]) -> bytes:
    # A part may hold anything: each is preceded by its length.
    parts = "".join(f"{len(part)}:{part}" for part in (key, *told))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
