"""Random ids and secrets. Of a secret only its SHA-256 is kept."""

import base64
import hashlib
import re
import secrets

ID_BYTES = 10
TOKEN_BYTES = 20
_TOKEN = re.compile("[A-Za-z0-9_-]{27}")
_ID = re.compile("[a-z2-7]{16}")


def new_id() -> str:
    """A random id of 80 bits, in lowercase base32."""
    return base64.b32encode(secrets.token_bytes(ID_BYTES)).decode().lower()


def is_id(text: str) -> bool:
    """Whether it can be one of our ids: whatever else stands in an address does not reach the database."""
    return _ID.fullmatch(text) is not None


def new_token() -> str:
    """A secret of 160 random bits, for links and cookies."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether it can be one of our secrets."""
    return _TOKEN.fullmatch(text) is not None


def hashed(token: str) -> str:
    """What is kept of a secret."""
    # No slow hash: 160 random bits cannot be tried. Whatever a stranger sends has a hash, broken text too.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
