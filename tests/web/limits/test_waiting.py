"""Wrong codes are slow, and whoever has the right one comes in all the same: with a ticket, when it is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.store import cohorts
from app.store.secrets import codes
from app.web.limits import codes as waiting
from tests.web.facilitator.cohorts import make_cohort
from tests.web.facilitator.facilitating import now
from tests.web.visiting import house_of, stranger, web

FACTS = {"organisation": "Kavarna", "business_stage": "growing", "role": "other", "told": "open", "arriving": "new"}
CLASS_ROOM = "10.1.1.1"
START = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.fixture
def quiet_app(tmp_path: Path) -> Iterator[FastAPI]:
    """An application at which nobody has typed a wrong code yet."""
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}")
    yield app
    house_of(app).database.close()


def guess(browser: TestClient, many: int, first: int = 0) -> int:
    """Tries so many wrong codes; how many of them were looked up."""
    return [browser.get(f"/join/{first + number:08}").status_code for number in range(many)].count(404)


@pytest.mark.parametrize("clever", [False, True])
def test_a_right_code_comes_in_when_it_was_told_even_while_wrong_ones_go_on(
    quiet_app: FastAPI, *, clever: bool
) -> None:
    """`clever`: whoever guesses sends tickets as well, sixty of them."""
    with time_machine.travel(START, tick=False) as clock:
        cohort = make_cohort(quiet_app)
        dull = stranger(quiet_app, machine=CLASS_ROOM)
        guessers = [stranger(quiet_app, machine=CLASS_ROOM) for _ in range(60 if clever else 1)]
        guess(dull, 30)
        for guesser in guessers:
            guess(guesser, 2)
        member = stranger(quiet_app, machine=CLASS_ROOM)
        response, waited = member.get(f"/join/{cohort.code}"), 0
        for _ in range(10):
            if response.status_code == 200:
                break
            assert response.status_code == 429
            after = int(response.headers["retry-after"])
            waited += after
            clock.shift(after)
            dull.cookies.clear()
            guess(dull, 30)
            for guesser in guessers:
                guess(guesser, 2)
            response = member.get(f"/join/{cohort.code}")
        assert response.status_code == 200
        assert waited <= (61 if not clever else 61 * (2 + len(guessers) / waiting.WRONG_CODES))
        # The page's form comes in as well, though everything else has to wait.
        guess(dull, 30)
        assert member.post(f"/join/{cohort.code}", data=FACTS).status_code == 303


def test_a_ticket_is_good_for_one_code_in_time_and_from_where_it_was_given(quiet_app: FastAPI) -> None:
    with time_machine.travel(START, tick=False) as clock:
        cohort = make_cohort(quiet_app)
        guesser = stranger(quiet_app, machine=CLASS_ROOM)
        assert guess(guesser, 50) == waiting.WRONG_CODES
        ticket = guesser.cookies["turn"]
        clock.shift(30)
        assert guess(guesser, 1) == 0
        clock.shift(31)
        guess(stranger(quiet_app, machine=CLASS_ROOM), waiting.WRONG_CODES)
        results = []
        for machine, sent in (("10.1.1.2", ticket[:-1] + "x"), (CLASS_ROOM, ticket), (CLASS_ROOM, ticket)):
            browser = stranger(quiet_app, machine=machine)
            browser.cookies.set("turn", sent)
            results.append(browser.get(f"/join/{99999999}").status_code)
        assert results == [404, 404, 429]  # elsewhere it is no ticket, and none is needed; here it is good once
        elsewhere = stranger(quiet_app, machine="10.1.1.3")
        guess(elsewhere, waiting.WRONG_CODES)
        elsewhere.cookies.set("turn", ticket)
        assert elsewhere.get(f"/join/{cohort.code}").status_code == 429


def test_in_a_minute_only_so_many_codes_are_looked_up_however_they_are_tried(quiet_app: FastAPI) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browsers = [stranger(quiet_app, machine=CLASS_ROOM) for _ in range(30)]
        looked_up = 0
        for minute in range(5):
            looked_up += guess(stranger(quiet_app, machine=CLASS_ROOM), 25, 1000 * minute)
            looked_up += sum(guess(browser, 2, 1000 * minute) for browser in browsers)
            clock.shift(61)
        assert 5 * waiting.WRONG_CODES < looked_up <= 2 * 5 * waiting.WRONG_CODES


def test_one_address_keeps_no_other_waiting(quiet_app: FastAPI) -> None:
    cohort = make_cohort(quiet_app)
    guess(stranger(quiet_app, machine=CLASS_ROOM), 2 * waiting.WRONG_CODES_OF_ALL)
    assert stranger(quiet_app).get(f"/join/{cohort.code}").status_code == 200


def test_a_code_that_lets_nobody_in_any_more_says_so_and_is_no_wrong_one(quiet_app: FastAPI) -> None:
    closed, archived, old = (make_cohort(quiet_app) for _ in range(3))
    closed.owner.post(closed.path("close"))
    archived.owner.post(archived.path("archive"), data={"to": "away"})
    visitor = stranger(quiet_app)
    with time_machine.travel(now() + timedelta(days=400)):
        for _ in range(2 * waiting.WRONG_CODES):
            for cohort, told in ((closed, "This cohort is closed"), (archived, "This cohort is closed")):
                response = visitor.get(f"/join/{cohort.code}")
                assert (response.status_code, f"<h1>{told}</h1>" in response.text) == (404, True)
            assert "<h1>This code has expired</h1>" in visitor.get(f"/join/{old.code}").text
    with house_of(quiet_app).database.writing() as session:
        cohorts.renew_code(session, old.id, now())
        assert codes.shut(session, old.code) is None
