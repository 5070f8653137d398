"""Every door of the web application: the table of what opens to whom, and how a page that it does not know is found."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from tests.web.visiting import START, Holder, begin, dump, stranger

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

FIELDS = {
    "POST /assessments": START,
    "POST /language": {"language": "en", "next": "/privacy"},
    "POST /assessments/{assessment}/questions/{part}": {f"answer:{QUESTION}": "2"},
    "POST /assessments/{assessment}/answers/{question}": {"answer": "3", "seen": "0"},
    "POST /assessments/{assessment}/aims": {"target:strategy": "5", "importance:culture": "1"},
    "POST /assessments/{assessment}/facts": {"organisation": NAME, "business_stage": "established"},
    "POST /assessments/{assessment}/erase": {"organisation": NAME},
}
"""What a door's form sends; the others send nothing."""

HASH_LENGTH = 64

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


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

    def path(self, assessment: str, token: str) -> str:
        """The address for one assessment."""
        if self.method == "MOUNT":
            return f"{self.pattern}/cxm.css"
        parts = {"assessment": assessment, "token": token, "part": PART, "question": QUESTION}
        return self.pattern.format(**parts)

    def knock(self, browser: TestClient, path: str, method: str = "", **headers: str) -> tuple[int, bytes]:
        """Sends what the door's form sends; the status and the body."""
        method = method or ("GET" if self.method == "MOUNT" else self.method)
        data = FIELDS.get(str(self)) if method == self.method else None
        response = browser.request(method, path, data=data, headers=headers)
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
class Outsider:
    """Somebody who does not hold the private link of `assessment`, with the token they try."""

    who: str
    browser: TestClient
    assessment: str
    token: str


def outsiders(app: FastAPI, victim: Holder) -> Iterator[Outsider]:
    """Everybody whom an assessment is not open to."""

    def with_cookie(token: str, name: str = victim.assessment) -> TestClient:
        browser = stranger(app)
        browser.cookies.set(f"cxm-{name}", token)
        return browser

    forged = secrets.token_urlsafe(20)
    yield Outsider("a stranger", stranger(app), victim.assessment, forged)
    yield Outsider("a stranger with a made-up cookie", with_cookie(forged), victim.assessment, forged)
    yield Outsider("a stranger with an empty cookie", with_cookie(""), victim.assessment, " ")
    nearly = victim.token[:-1] + ("A" if victim.token[-1] != "A" else "B")
    yield Outsider("a stranger who is one letter off", with_cookie(nearly), victim.assessment, nearly)
    neighbour = begin(app)
    yield Outsider("the holder of another assessment", neighbour.browser, victim.assessment, forged)
    yield Outsider(
        "the holder of another assessment under this one's name",
        with_cookie(neighbour.token),
        victim.assessment,
        forged,
    )
    row = next(row for row in dump(app) if row[0] == "respondent" and victim.assessment in row)
    hashed = next(value for value in row if isinstance(value, str) and len(value) == HASH_LENGTH)
    yield Outsider("somebody who has read the database", with_cookie(hashed), victim.assessment, hashed)
    rotated = begin(app)
    old = with_cookie(rotated.token, rotated.assessment)
    assert rotated.browser.post(rotated.path("link")).status_code == 303
    yield Outsider("the holder of a link that was replaced", old, rotated.assessment, rotated.token)
    erased = begin(app)
    after = with_cookie(erased.token, erased.assessment)
    assert erased.browser.post(erased.path("erase"), data={"organisation": START["organisation"]}).status_code == 200
    yield Outsider("the holder of what was erased", after, erased.assessment, erased.token)


def faults(app: FastAPI, table: dict[str, int] | None = None) -> list[str]:
    """Where the application departs from the table, one line each."""
    for_holders = OPEN_TO_THE_HOLDER | (table or {})
    doors = doors_of(app)
    known = {**OPEN_TO_ALL, **for_holders}
    found = [f"{door}: the table does not know it" for door in doors if str(door) not in known]
    found += [f"{line}: there is no such route" for line in known.keys() - {str(door) for door in doors}]
    victim = begin(app, organisation=NAME)
    strangers = list(outsiders(app, victim))
    for door in doors:
        if str(door) in for_holders:
            found += _shut_to(strangers, door, lambda: dump(app))
            found += _open_to(begin(app, organisation=NAME), door, for_holders[str(door)])
        elif str(door) in OPEN_TO_ALL:
            for one in strangers:
                status, _ = door.knock(one.browser, door.path(one.assessment, one.token))
                if status != OPEN_TO_ALL[str(door)]:
                    found.append(f"{door}: {status} for {one.who}")
    return found


def _shut_to(strangers: list[Outsider], door: Door, state: Callable[[], list[tuple[object, ...]]]) -> Iterator[str]:
    before = state()
    for one in strangers:
        status, body = door.knock(one.browser, door.path(one.assessment, one.token))
        if status != 404:
            yield f"{door}: {status} for {one.who}"
        if NAME.encode() in body:
            yield f"{door}: shows the name to {one.who}"
    if state() != before:
        yield f"{door}: an outsider changed something"


def _open_to(holder: Holder, door: Door, expected: int) -> Iterator[str]:
    path = door.path(holder.assessment, holder.token)
    status, _ = door.knock(holder.browser, path)
    if status != expected:
        yield f"{door}: {status} for the holder"
