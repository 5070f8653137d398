"""Every door of the web application: the table of what opens to whom, and how a page that it does not know is found."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.store import accounts
from tests.web.facilitating import (
    ANOTHER,
    COOKIE,
    PASSWORD,
    add_account,
    api_token,
    facilitator,
    now,
    one_time_link,
)
from tests.web.visiting import HERE, START, Holder, begin, begin_in, dump, house_of, stranger

NAME = "Kanarček z.o.o."
QUESTION = "strategy.purpose"
PART = "strategy"

OPEN_TO_ALL = {
    "GET /healthz": 200,
    "GET /": 200,
    "GET /start": 200,
    "GET /privacy": 200,
    "POST /assessments": 303,
    "POST /language": 303,
    "MOUNT /static": 200,
    "GET /sign-in": 200,
    "POST /sign-in": 303,
    "POST /sign-out": 303,
}
"""To everybody alike."""

OPEN_TO_THE_HOLDER = {
    # A private link is a key for whoever has it; an old one, a wrong one and an erased one's open nothing.
    "GET /r/{token}": 303,
    "GET /assessments/{assessment}": 303,
    "GET /assessments/{assessment}/questions/{part}": 200,
    "POST /assessments/{assessment}/questions/{part}": 303,
    "POST /assessments/{assessment}/answers/{question}": 303,
    "GET /assessments/{assessment}/aims": 200,
    "POST /assessments/{assessment}/aims": 303,
    "GET /assessments/{assessment}/review": 200,
    "POST /assessments/{assessment}/finish": 303,
    "GET /assessments/{assessment}/link": 200,
    "GET /assessments/{assessment}/link.txt": 200,
    "POST /assessments/{assessment}/link": 303,
    "GET /assessments/{assessment}/facts": 200,
    "POST /assessments/{assessment}/facts": 303,
    "POST /assessments/{assessment}/forget": 303,
    "POST /assessments/{assessment}/erase": 200,
    "GET /assessments/{assessment}/result": 200,
    "GET /assessments/{assessment}/report.pdf": 200,
    "GET /assessments/{assessment}/answers.json": 200,
}
"""To whoever holds the assessment's private link; to all others it is not there (404)."""

OPEN_TO_A_ONE_TIME_LINK = {
    "GET /setup/{token}": 200,
    "POST /setup/{token}": 303,
    "GET /reset/{token}": 200,
    "POST /reset/{token}": 303,
}
"""To whoever has the link that an operator made, until it is used; with any other it is not there (404)."""

OPEN_TO_FACILITATORS = {
    "GET /account": 200,
    "POST /account/password": 303,
    "POST /account/tokens": 200,
    "POST /account/tokens/{key}/revoke": 303,
}
"""To whoever is signed in; all others are sent to sign in (303)."""

EXPECTED = OPEN_TO_ALL | OPEN_TO_THE_HOLDER | OPEN_TO_A_ONE_TIME_LINK | OPEN_TO_FACILITATORS
"""What an insider gets."""

_NEW_PASSWORD = {"password": ANOTHER, "again": ANOTHER}

FIELDS = {
    "POST /assessments": START,
    "POST /language": {"language": "en", "next": "/privacy"},
    "POST /assessments/{assessment}/questions/{part}": {f"answer:{QUESTION}": "2"},
    "POST /assessments/{assessment}/answers/{question}": {"answer": "3", "seen": "0"},
    "POST /assessments/{assessment}/aims": {"target:strategy": "5", "importance:culture": "1"},
    "POST /assessments/{assessment}/facts": {"organisation": NAME, "business_stage": "established"},
    "POST /assessments/{assessment}/erase": {"organisation": NAME},
    "POST /sign-in": {"email": "{email}", "password": PASSWORD, "next": "/account"},
    "POST /setup/{token}": _NEW_PASSWORD,
    "POST /reset/{token}": _NEW_PASSWORD,
    "POST /account/password": {"current": PASSWORD, **_NEW_PASSWORD},
    "POST /account/tokens": {"name": "A program"},
}
"""What a door's form sends, with keys to be filled in; the others send nothing."""

HASH_LENGTH = 64

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Knocker(Protocol):
    """Somebody with a browser, and with keys that fill in addresses and forms."""

    @property
    def browser(self) -> TestClient:
        """Their browser."""

    @property
    def keys(self) -> Mapping[str, str]:
        """`r`, `setup` and the like for the token in an address that begins so; else by the pattern's own word."""


@dataclass(frozen=True)
class Door:
    """A method and a path's pattern; `MOUNT` for what hands on to files."""

    method: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}"

    @property
    def is_safe(self) -> bool:
        """Whether it only shows."""
        return self.method not in {"POST", "PUT", "PATCH", "DELETE"}

    def path(self, keys: Mapping[str, str]) -> str:
        """The address with these keys."""
        if self.method == "MOUNT":
            return f"{self.pattern}/cxm.css"
        token = keys.get(self.pattern.split("/")[1], "")
        return self.pattern.format(**{"part": PART, "question": QUESTION, "token": token, **keys})

    def fields(self, keys: Mapping[str, str]) -> dict[str, str]:
        """What its form sends."""
        return {name: value.format(**keys) for name, value in FIELDS.get(str(self), {}).items()}

    def knock(self, who: Knocker, method: str = "", **headers: str) -> tuple[int, bytes]:
        """Sends what the door's form sends; the status and the body."""
        method = method or ("GET" if self.method == "MOUNT" else self.method)
        data = self.fields(who.keys) if method == self.method else None
        response = who.browser.request(method, self.path(who.keys), data=data, headers=headers)
        return response.status_code, response.content


def doors_of(app: FastAPI) -> list[Door]:
    """Every route of the application, from the application itself."""
    found = []
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"MOUNT"}):
            found.append(Door(method, str(route.path)))
    return found


def unsafe_doors(app: FastAPI) -> list[Door]:
    """Those that write."""
    return [door for door in doors_of(app) if not door.is_safe]


@dataclass(frozen=True)
class Insider(Holder):
    """Somebody to whom every door opens: with a private link, signed in, and with links that an operator made."""

    keys: Mapping[str, str]


def insider(app: FastAPI, address: str = HERE) -> Insider:
    """A new one, and whatever their keys open."""
    person = facilitator(app, address)
    holder = begin_in(person.browser, organisation=NAME)
    keys = {
        "assessment": holder.assessment,
        "r": holder.token,
        "email": person.email,
        "setup": one_time_link(app, "setup", add_account(app, password=None)[0]),
        "reset": one_time_link(app, "reset", add_account(app)[0]),
        "key": api_token(app, person.account)[0],
    }
    return Insider(holder.browser, holder.assessment, holder.token, keys)


@dataclass(frozen=True)
class Outsider:
    """Somebody whom a door is not open to, with the keys they try."""

    who: str
    browser: TestClient
    keys: Mapping[str, str]


def outsiders(app: FastAPI, victim: Insider) -> Iterator[Outsider]:
    """Everybody whom the victim's assessment is not open to."""

    def with_cookie(token: str, name: str = victim.assessment) -> TestClient:
        browser = stranger(app)
        browser.cookies.set(f"cxm-{name}", token)
        return browser

    def one(who: str, browser: TestClient, token: str, assessment: str = victim.assessment) -> Outsider:
        return Outsider(who, browser, {**victim.keys, "assessment": assessment, "r": token})

    forged = secrets.token_urlsafe(20)
    yield one("a stranger", stranger(app), forged)
    yield one("a stranger with a made-up cookie", with_cookie(forged), forged)
    yield one("a stranger with an empty cookie", with_cookie(""), " ")
    nearly = _off_by_one(victim.token)
    yield one("a stranger who is one letter off", with_cookie(nearly), nearly)
    neighbour = begin(app)
    yield one("the holder of another assessment", neighbour.browser, forged)
    yield one("the holder of another assessment under this one's name", with_cookie(neighbour.token), forged)
    row = next(row for row in dump(app) if row[0] == "respondent" and victim.assessment in row)
    hashed = next(value for value in row if isinstance(value, str) and len(value) == HASH_LENGTH)
    yield one("somebody who has read the database", with_cookie(hashed), hashed)
    rotated = begin(app)
    old = with_cookie(rotated.token, rotated.assessment)
    assert rotated.browser.post(rotated.path("link")).status_code == 303
    yield one("the holder of a link that was replaced", old, rotated.token, rotated.assessment)
    erased = begin(app)
    after = with_cookie(erased.token, erased.assessment)
    assert erased.browser.post(erased.path("erase"), data={"organisation": START["organisation"]}).status_code == 200
    yield one("the holder of what was erased", after, erased.token, erased.assessment)
    yield one("a facilitator", facilitator(app).browser, forged)


def without_the_link(app: FastAPI, purpose: accounts.Purpose) -> Iterator[Outsider]:
    """Everybody whom a one-time link of this purpose is not open to."""

    def one(who: str, token: str) -> Outsider:
        return Outsider(who, facilitator(app).browser, {purpose: token})

    yield one("somebody who guesses", secrets.token_urlsafe(20))
    other: accounts.Purpose = "reset" if purpose == "setup" else "setup"
    yield one("somebody with a link for something else", one_time_link(app, other, add_account(app)[0]))
    yield one("somebody who comes too late", one_time_link(app, purpose, add_account(app)[0], hours=-1))
    replaced, _ = add_account(app)
    yield one("somebody with a link that was replaced", one_time_link(app, purpose, replaced))
    live = one_time_link(app, purpose, replaced)
    yield one("somebody who is one letter off", _off_by_one(live))
    row = next(row for row in dump(app) if row[0] == "one_time_link" and replaced in row)
    yield one("somebody who has read the database", next(str(value) for value in row[1:] if len(str(value)) == 64))
    used = one_time_link(app, purpose, add_account(app)[0])
    assert stranger(app).post(f"/{purpose}/{used}", data=_NEW_PASSWORD).status_code == 303
    yield one("somebody with a link that was used", used)
    disabled, _ = add_account(app)
    with house_of(app).database.writing() as session:
        accounts.disable(session, disabled, now())
    yield one("somebody whose account is disabled", one_time_link(app, purpose, disabled))
    # There are accounts.
    yield one("somebody with a link for the first facilitator", one_time_link(app, purpose, None))


def signed_out(app: FastAPI, victim: Insider) -> Iterator[Outsider]:
    """Everybody who is not signed in, whatever they hold."""
    token = victim.browser.cookies[COOKIE]

    def one(who: str, token: str | None) -> Outsider:
        browser = stranger(app)
        if token is not None:
            browser.cookies.set(COOKIE, token)
        return Outsider(who, browser, victim.keys)

    yield one("a stranger", None)
    yield one("a stranger with a made-up cookie", secrets.token_urlsafe(20))
    yield one("a stranger with an empty cookie", "")
    yield one("a stranger who is one letter off", _off_by_one(token))
    yield one("somebody with an API token", api_token(app, add_account(app)[0])[1])
    yield one("somebody with a private link", victim.token)
    hashes = (value for row in dump(app) if row[0] == "sign_in" for value in row if len(str(value)) == HASH_LENGTH)
    yield one("somebody who has read the database", str(next(hashes)))
    left = facilitator(app)
    former = left.token
    assert left.browser.post("/sign-out").status_code == 303
    yield one("somebody who has signed out", former)
    account, _ = add_account(app)
    with house_of(app).database.writing() as session:
        kept = accounts.password_hash_of(session, account)
        late = accounts.sign_in(session, account, now() - timedelta(days=15), checked=kept)
    yield one("somebody who signed in too long ago", late)
    disabled = facilitator(app)
    with house_of(app).database.writing() as session:
        accounts.disable(session, disabled.account, now())
    yield one("somebody whose account was disabled", disabled.token)


def faults(app: FastAPI, table: dict[str, int] | None = None) -> list[str]:
    """Where the application departs from the tables, one line each; `table` adds to what is the holder's."""
    for_holders = OPEN_TO_THE_HOLDER | (table or {})
    doors = doors_of(app)
    known = {**EXPECTED, **for_holders}
    found = [f"{door}: the table does not know it" for door in doors if str(door) not in known]
    found += [f"{line}: there is no such route" for line in known.keys() - {str(door) for door in doors}]
    victim = insider(app)
    strangers = list(outsiders(app, victim))
    out = list(signed_out(app, victim))
    for door in doors:
        name = str(door)
        if name in for_holders:
            found += _shut_to(strangers, door, lambda: dump(app))
        elif name in OPEN_TO_A_ONE_TIME_LINK:
            purpose: accounts.Purpose = "setup" if "/setup/" in name else "reset"
            found += _shut_to(list(without_the_link(app, purpose)), door, lambda: dump(app))
        elif name in OPEN_TO_FACILITATORS:
            found += _shut_to(out, door, lambda: dump(app), 303)
        elif name in OPEN_TO_ALL:
            for one in strangers:
                status, _ = door.knock(one)
                if status != OPEN_TO_ALL[name]:
                    found.append(f"{door}: {status} for {one.who}")
        if name in known:
            status, _ = door.knock(insider(app))
            if status != known[name]:
                found.append(f"{door}: {status} for an insider")
    return found


def _shut_to(
    strangers: list[Outsider], door: Door, state: Callable[[], list[tuple[object, ...]]], refusal: int = 404
) -> Iterator[str]:
    before = state()
    for one in strangers:
        status, body = door.knock(one)
        if status != refusal:
            yield f"{door}: {status} for {one.who}"
        if NAME.encode() in body:
            yield f"{door}: shows the name to {one.who}"
    if state() != before:
        yield f"{door}: an outsider changed something"


def _off_by_one(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")
