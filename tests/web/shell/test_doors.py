"""Who may open which page: every route, every method, everybody who is not its holder."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI, Response

from app.store import cohorts
from app.web.shell.facilitators import InHand
from tests.web.facilitator.facilitating import now
from tests.web.shell.door_tables import NAME, STATES, State, To
from tests.web.shell.doors import METHODS, Knocker, doors_of, faults, faults_of_cohorts, insider, outsiders
from tests.web.shell.scenes import Somebody, nobody, not_given, scene
from tests.web.unprinted import unprinted
from tests.web.visiting import begin, dump, house_of, stranger


def test_every_page_opens_to_those_it_is_for_and_is_not_there_for_anybody_else(unprinted_app: FastAPI) -> None:
    assert faults(unprinted_app) == []


def test_a_route_that_is_unknown_or_does_not_ask_who_is_there_is_noticed(tmp_path: Path) -> None:
    app = unprinted(tmp_path)

    @app.get("/assessments/{assessment}/raw")
    def raw(assessment: str) -> Response:
        return Response(NAME)

    @app.post("/tidy-up")
    def tidy_up() -> None:
        pass

    found = faults(app, {"GET /assessments/{assessment}/raw": 200, "GET /assessments/{assessment}/gone": 200})

    everybody = [*(one.who for one in outsiders(app, insider(app))), "a colleague"]
    assert found == [
        "POST /tidy-up: the table does not know it",
        "GET /assessments/{assessment}/gone: there is no such route",
        *(
            f"GET /assessments/{{assessment}}/raw: {fault} {who}"
            for who in everybody
            for fault in ("200 for", "shows the name to")
        ),
    ]
    house_of(app).database.close()


@pytest.mark.parametrize("state", STATES)
def test_a_cohort_opens_to_those_it_is_given_to_as_far_as_it_is_given(unprinted_app: FastAPI, state: State) -> None:
    assert faults_of_cohorts(unprinted_app, state) == []


def test_a_cohorts_page_that_does_not_ask_who_is_there_is_noticed(tmp_path: Path) -> None:
    app = unprinted(tmp_path)

    @app.get("/cohorts/{cohort}/raw")
    def raw(cohort: str) -> Response:
        return Response(NAME)

    @app.post("/cohorts/{cohort}/rename")
    def rename(hand: InHand) -> Response:
        with hand.house.database.writing() as session:
            cohorts.renew_code(session, hand.cohort.id, now())
        return Response()

    raw_door = "GET /cohorts/{cohort}/raw"
    table = {raw_door: To("read", 200), "POST /cohorts/{cohort}/rename": To("own", 200)}
    found = faults_of_cohorts(app, "confidential", table)

    seen = scene(app)
    everybody = [one.who for people in (nobody(app, seen), not_given(app, seen)) for one in people]
    readers = ["its owner", "somebody who may run it", "somebody who may read it"]
    assert found == [
        *(
            f"GET /cohorts/{{cohort}}/raw: {fault} {who}"
            for who in everybody
            for fault in ("200 for", "shows the name to")
        ),
        "POST /cohorts/{cohort}/rename: 200 for somebody who may run it",
        "POST /cohorts/{cohort}/rename: 200 for somebody who may read it",
        "POST /cohorts/{cohort}/rename: an outsider changed something",
        *(f"{raw_door}: shows the name to {who}" for who in readers),
    ]
    house_of(app).database.close()


def test_other_methods_change_nothing_whoever_sends_them(app: FastAPI) -> None:
    everybody: list[Knocker] = [insider(app), Somebody("a stranger", stranger(app), insider(app).keys)]
    doors = doors_of(app)
    before = dump(app)
    statuses = set()
    for door in doors:
        declared = {one.method for one in doors if one.pattern == door.pattern}
        for method in set(METHODS) - declared - ({"HEAD"} if "GET" in declared else set()):
            if door.method != "MOUNT":
                statuses |= {door.knock(one, method)[0] for one in everybody}
    assert statuses == {405}
    assert dump(app) == before


def test_a_stranger_cannot_tell_an_assessment_from_none(app: FastAPI) -> None:
    holder = begin(app)
    browser = stranger(app)
    for page in ("", "/result", "/aims?each=banana", "/questions/none", "/report.pdf", "/no-such-page"):
        there = browser.get(holder.path() + page)
        not_there = browser.get(f"/assessments/{holder.assessment[::-1]}" + page)
        assert (there.status_code, there.content) == (404, not_there.content)
        assert there.headers == not_there.headers


def test_what_a_stranger_sends_is_not_even_read(app: FastAPI) -> None:
    path = begin(app).path("aims")
    answers = [
        stranger(app).post(path, data={"no such field": "1"}).status_code,
        stranger(app).post(path, json={"a": 1}).status_code,
        stranger(app).post(path, content=b"x", headers={"content-type": "multipart/form-data"}).status_code,
    ]
    assert answers == [404, 404, 404]


def test_addresses_cannot_be_guessed_or_walked(app: FastAPI) -> None:
    holders = [begin(app) for _ in range(20)]
    assert len({holder.assessment for holder in holders} | {holder.token for holder in holders}) == 40
    for holder in holders:
        assert re.fullmatch("[a-z2-7]{16}", holder.assessment)  # 80 bits, and no key
        assert re.fullmatch("[A-Za-z0-9_-]{27}", holder.token)  # 160 bits
    patterns = {door.pattern.removeprefix("/api/v1") for door in doors_of(app)}
    assert [pattern for pattern in patterns if re.search(r":|\d|_?id\b", pattern)] == []
