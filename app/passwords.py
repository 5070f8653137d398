"""Passwords: which may be chosen, and how they are kept, as Argon2id hashes that no two threads too many compute."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 10
LONGEST = 200
"""In characters, both included. Length is what protects; no rule asks for kinds of characters."""

NO_PASSWORD = "!"  # noqa: S105 - no hash, so that no password fits
"""Kept for an account whose password is still to be chosen."""

AT_ONCE = 2
"""A hash takes a tenth of a second of one processor, and 64 MiB."""
WAITING = 16
"""How many more may wait for their turn. Each holds a thread, which whoever saves an answer needs as well."""

Fault = Literal["too_short", "too_long", "address"]


class PasswordsBusyError(Exception):
    """Too many passwords are being checked at this moment; it may be tried again at once."""


def fault_of(password: str, email: str) -> Fault | None:
    """What speaks against choosing this password for the account of this address; None if nothing does."""
    told = _as_typed(password)
    if len(told) < SHORTEST:
        return "too_short"
    if len(told) > LONGEST:
        return "too_long"
    return "address" if told.strip().casefold() == _as_typed(email).strip().casefold() else None


class Passwords:
    """Makes and checks hashes; safe to share between threads. All its methods raise PasswordsBusyError."""

    def __init__(self, hasher: Argon2Hasher | None = None) -> None:
        self._hash = PasswordHash((hasher or Argon2Hasher(),))
        self._running = threading.BoundedSemaphore(AT_ONCE)
        self._room = threading.BoundedSemaphore(AT_ONCE + WAITING)
        # Checked where there is no account, so that an answer takes as long as where there is one.
        self._nobodys = self._hash.hash(secrets.token_urlsafe())

    def hash(self, password: str) -> str:
        """What to keep of a password that was chosen."""
        with self._turn():
            return self._hash.hash(_as_typed(password))

    def verify(self, password: str, kept: str | None) -> bool:
        """Whether the password is the one of which `kept` was kept; never, and just as late, where there is none."""
        with self._turn():
            try:
                return self._hash.verify(_as_typed(password), kept or self._nobodys)
            except UnknownHashError:
                self._hash.verify(_as_typed(password), self._nobodys)
                return False

    def renewed(self, password: str, kept: str) -> str | None:
        """A new hash of this right password, where `kept` was made with weaker settings than today's."""
        if not self._hash.current_hasher.check_needs_rehash(kept):
            return None
        return self.hash(password)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._room.acquire(blocking=False):
            raise PasswordsBusyError
        try:
            with self._running:
                yield
        finally:
            self._room.release()


def _as_typed(password: str) -> str:
    """One form for letters that keyboards encode differently, such as č."""
    return unicodedata.normalize("NFC", password)
