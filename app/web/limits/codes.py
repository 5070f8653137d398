"""Waiting at the door of the codes: whoever has to wait gets a ticket, and when it is due their code is looked up."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import Request, Response
from sqlmodel import Session

from app.store.limits import attempts
from app.store.secrets.codes import as_meant
from app.store.secrets.signing import is_signed, signature
from app.store.secrets.tokens import new_id
from app.web.limits.passwords import origin
from app.web.shell.visits import House

WRONG_CODES = 20
WRONG_CODES_OF_ALL = 200
WITHIN = datetime.timedelta(minutes=1)
"""So many wrong codes a minute from one address, and from all together, are looked up at once; and as many again for
those who waited, each after the other. At the most that is 24,000 an hour of a thousand milliards. A right code counts
for nothing, so a whole class may join at once."""
LONGEST_WAIT = datetime.timedelta(hours=1)
"""No place in the line is given that is later: so many tickets, nobody but a program has."""
VALID = datetime.timedelta(hours=2)
"""What is given to a browser holds so long."""

Kind = Literal["early", "line", "pass"]
"""An early ticket, with which one may line up from then on; a place in the line, for then; a pass for a right code."""
_TICKET = re.compile(r"(early|line|pass)\.([0-9]{1,12})\.([0-9a-zA-Z]{1,20})\.([0-9a-f]{64})")


@dataclass(frozen=True)
class Turn:
    """What becomes of a code that somebody tries: it is looked up now, or after `wait`, with the `ticket`.

    `counted`: where it counts as a wrong one until it is found right.
    """

    wait: datetime.timedelta | None = None
    ticket: str | None = None
    counted: tuple[str, ...] = ()

    def was_right(self, session: Session) -> None:
        """It counts for nothing."""
        for bucket in self.counted:
            attempts.give_back(session, bucket)


def turn_of(session: Session, request: Request, house: House, code: str, now: datetime.datetime) -> Turn:
    """Whether this code is looked up now. In a writing session, before all else."""
    here = origin(request)
    kind, when, word = _read(session, request, house, here)
    if kind == "pass" and word == as_meant(code) and now < when:
        return Turn()
    if kind in {"early", "line"} and now < when:
        return Turn(when - now, request.cookies[_cookie_name(house)])
    if kind in {"early", "line"} and now < when + VALID and _is_first_use(session, word, now):
        return Turn() if kind == "line" else _lined_up(session, here, now)
    return _counted(session, here, now)


def hand(request: Request, response: Response, house: House, ticket: str | None) -> None:
    """Gives the browser its ticket, or takes away one that is used."""
    name, age = _cookie_name(house), round(VALID.total_seconds())
    if ticket:
        response.set_cookie(name, ticket, age, path="/", secure=house.secure, httponly=True, samesite="lax")
    elif name in request.cookies:
        response.delete_cookie(name, path="/", secure=house.secure, httponly=True, samesite="lax")


def pass_for(session: Session, code: str, now: datetime.datetime) -> str:
    """With which a browser that has seen a right code's page sends its form, whoever tries wrong ones meanwhile."""
    return _signed(session, "pass", now + VALID, as_meant(code), "")


def _counted(session: Session, here: str, now: datetime.datetime) -> Turn:
    buckets = _buckets("join", here)
    counted: list[str] = []
    for bucket, allowed in buckets.items():
        wait = attempts.wait(session, bucket, allowed=allowed, per=WITHIN, now=now)
        if wait is not None:
            # What is not looked up counts nowhere: one address alone keeps nobody else waiting.
            Turn(counted=tuple(counted)).was_right(session)
            return _later(session, "early", now + wait, now, here)
        counted.append(bucket)
    return Turn(counted=tuple(counted))


def _lined_up(session: Session, here: str, now: datetime.datetime) -> Turn:
    """Whoever waited is looked up in order of lining up: at once if there is room, else at a moment of their own."""
    buckets = _buckets("line", here)
    at = attempts.reserve(session, buckets, per=WITHIN, now=now, until=now + LONGEST_WAIT)
    if at is None:
        return _later(session, "early", now + WITHIN, now, here)
    if at > now:
        return _later(session, "line", at, now, here)
    return Turn(counted=tuple(buckets))


def _later(session: Session, kind: Kind, when: datetime.datetime, now: datetime.datetime, here: str) -> Turn:
    # To the second, as it is told: nobody who comes back in time comes too early.
    when = when.replace(microsecond=0) + datetime.timedelta(seconds=1)
    return Turn(when - now, _signed(session, kind, when, new_id(), here))


def _buckets(line: str, here: str) -> Mapping[str, int]:
    return {f"{line} from {here}": WRONG_CODES, line: WRONG_CODES_OF_ALL}


def _is_first_use(session: Session, word: str, now: datetime.datetime) -> bool:
    return attempts.wait(session, f"ticket {word}", allowed=1, per=2 * VALID, now=now) is None


def _signed(session: Session, kind: Kind, when: datetime.datetime, word: str, here: str) -> str:
    seconds = str(int(when.timestamp()))
    return ".".join((kind, seconds, word, signature(session, "ticket", kind, seconds, word, here)))


def _read(session: Session, request: Request, house: House, here: str) -> tuple[str, datetime.datetime, str]:
    """The kind of the browser's ticket, its time and its word; empty where it has none of ours from this address."""
    match = _TICKET.fullmatch(request.cookies.get(_cookie_name(house), ""))
    kind, seconds, word, given = match.groups() if match else ("", "0", "", "")
    bound_to = "" if kind == "pass" else here
    if not match or not is_signed(session, given, "ticket", kind, seconds, word, bound_to):
        return "", datetime.datetime.min.replace(tzinfo=datetime.UTC), ""
    return kind, datetime.datetime.fromtimestamp(int(seconds), datetime.UTC), word


def _cookie_name(house: House) -> str:
    # Not among those of private links: theirs begin with `cxm-`.
    return f"{'__Host-' if house.secure else ''}turn"
