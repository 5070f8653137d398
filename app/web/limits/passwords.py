"""How often a password may be tried: at most ten wrong ones an hour for an account and for whoever tries."""

import datetime
import ipaddress
import math
from dataclasses import dataclass

from fastapi import Request
from sqlmodel import Session

from app.core.email import comparable
from app.store.database import Database
from app.store.limits import attempts

ALLOWED = 10
WITHIN = datetime.timedelta(hours=1)
ONE_NETWORK = 64
"""Leading bits of an IPv6 address that name a network; the rest, its user may change at will."""


class TooManyTriesError(Exception):
    """Nothing is evaluated for now."""

    def __init__(self, wait: datetime.timedelta) -> None:
        super().__init__()
        self.seconds = max(1, math.ceil(wait.total_seconds()))

    @property
    def minutes(self) -> int:
        """How long to wait, rounded up."""
        return math.ceil(self.seconds / 60)


@dataclass(frozen=True)
class Tries:
    """What a try counts for; asked before anything is evaluated, whether there is such an account or not."""

    buckets: tuple[str, ...]

    def count(self, database: Database) -> None:
        """Counts one more try; none of it if it has to wait. Raises TooManyTriesError."""
        now = datetime.datetime.now(datetime.UTC)
        with database.writing() as session:
            found = [attempts.wait(session, one, allowed=ALLOWED, per=WITHIN, now=now) for one in self.buckets]
            waits = [one for one in found if one is not None]
            if waits:
                raise TooManyTriesError(max(waits))  # which also takes back what the others counted

    def give_back(self, session: Session) -> None:
        """It was right: only wrong ones count. Before all else in the session."""
        for one in self.buckets:
            attempts.give_back(session, one)


def signing_in(request: Request, email: str, browser: str | None) -> Tries:
    """A try to sign in with this address from where the request comes.

    A `browser` that signed in to that account before counts by itself: others' wrong tries don't shut its owner out.
    """
    if browser is not None:
        return Tries((f"sign-in as {comparable(email)} in {browser}",))
    return Tries((f"sign-in from {origin(request)}", f"sign-in as {comparable(email)}"))


def changing_password(account: str) -> Tries:
    """A try of the present password by somebody who is signed in."""
    return Tries((f"password of {account}",))


def origin(request: Request) -> str:
    """The client's network address, as the server or the proxy in front of it names it."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), ONE_NETWORK), strict=False))
    return host
