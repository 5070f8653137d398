"""Whatever is posted to, twice: found from the application itself, so that nothing new is forgotten."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from fastapi import FastAPI, Response
from fastapi.testclient import TestClient
from sqlmodel import func, select

from app.store.secrets.tokens import new_id, new_token
from app.store.tables import Erasure, Table
from tests.web.shell.door_tables import EXPECTED
from tests.web.shell.doors import Door, Insider, colleague, doors_of, insider
from tests.web.shell.once_tables import KEYED, LEADS, NOT_KEYED, SAID_ANEW
from tests.web.shell.scenes import Somebody
from tests.web.unprinted import unprinted
from tests.web.visiting import house_of, stranger

SECRET = r"/(?:r|shared|invitation)/[\w-]{27}|cxm_[\w-]{27}"
Person = Insider | Somebody


def posted_to(app: FastAPI) -> dict[str, Door]:
    """Every form's and every call's door."""
    return {str(door): door for door in doors_of(app) if not door.is_safe}


def as_it_was(app: FastAPI, person: Person) -> TestClient:
    """The person's browser now, to which the answers to the other one never come."""
    browser = stranger(app)
    browser.headers.update(person.browser.headers)
    browser.cookies.update(person.browser.cookies)
    return browser


def who_may(app: FastAPI, door: Door) -> Person:
    """Somebody new to whom the door opens."""
    owner = insider(app)
    return colleague(app, owner) if str(door) == "POST /assessments/{assessment}/team/leave" else owner


def sent(app: FastAPI, door: Door, person: Person, key: str | None) -> tuple[object, ...]:
    """What comes of it: the status, where it leads, the secrets that it tells, and the cookies that it brings."""
    body = door.body(person.keys)
    headers = {"idempotency-key": key} if key and door.is_for_programs else {}
    if key and not door.is_for_programs:
        body = body | {"data": {**body["data"], "once": key}}
    response = as_it_was(app, person).post(door.path(person.keys), headers=headers, **body)
    cookies = sorted(response.headers.get_list("set-cookie"))
    return response.status_code, response.headers.get("location"), re.findall(SECRET, response.text), cookies


def rows(app: FastAPI) -> Counter[str]:
    """How many rows each table has, but for the counting of tries."""
    counted = [table for table in Table.metadata.sorted_tables if table.name != "attempt"]
    with house_of(app).database.reading() as session:
        return Counter({table.name: session.exec(select(func.count()).select_from(table)).one() for table in counted})


def faults(app: FastAPI, doors: Mapping[str, Door], keyed: frozenset[str], not_keyed: Mapping[str, str]) -> list[str]:
    """Where a form or a call makes something twice, or is in neither table, one line each."""
    found = [f"{name}: the tables do not know it" for name in doors if name not in keyed | not_keyed.keys()]
    found += [f"{name}: there is no such route" for name in sorted((keyed | not_keyed.keys()) - doors.keys())]
    found += [f"{name}: in both tables" for name in sorted(keyed & not_keyed.keys())]
    anybody = insider(app)
    for name, door in doors.items():
        person = anybody if not_keyed.get(name) in {SAID_ANEW, LEADS} else who_may(app, door)
        key = new_token() if name in keyed else None
        first = sent(app, door, person, key)
        before = rows(app)
        again = sent(app, door, person, key)
        more = rows(app) - before
        if name == "POST /sign-in":
            more.pop("sign_in")  # the table of reasons says why
        if more:
            found.append(f"{name}: more of {', '.join(more)}")
        if name in keyed and again != first:
            found.append(f"{name}: {first} and then {again}")
        if name in EXPECTED and name != "POST /assessments/{assessment}/team/leave" and first[0] != EXPECTED[name]:
            found.append(f"{name}: {first[0]}")
    return found


def test_whatever_is_sent_twice_is_made_once(unprinted_app: FastAPI) -> None:
    assert faults(unprinted_app, posted_to(unprinted_app), KEYED, NOT_KEYED) == []


def test_a_route_that_is_unknown_or_makes_something_twice_is_noticed(tmp_path: Path) -> None:
    app = unprinted(tmp_path)
    known = KEYED | NOT_KEYED.keys()

    @app.post("/make")
    def make() -> Response:
        with house_of(app).database.writing() as session:
            session.add(Erasure(assessment_id=new_id()))
        return Response(headers={"location": "/made"})

    doors = {name: door for name, door in posted_to(app).items() if name not in known}
    assert faults(app, doors, frozenset(), {"POST /gone": ""}) == [
        "POST /make: the tables do not know it",
        "POST /gone: there is no such route",
        "POST /make: more of erasure",
    ]
    house_of(app).database.close()
