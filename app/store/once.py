"""What is sent twice is made once: a key that came with the form is the new thing's own id or secret."""

import hashlib

from sqlalchemy import text
from sqlmodel import Session


def alone_with(session: Session, key: str) -> None:
    """Until this transaction ends, nobody else makes what the key makes. On SQLite there is only one who writes."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big", signed=True)
        session.connection().execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": number})
