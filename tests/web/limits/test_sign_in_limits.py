"""Signing in by trying: of any number of tries, at most ten an hour are evaluated; whom that stops, and whom not."""

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from app.passwords import Passwords
from app.store import accounts
from tests.server import running_server
from tests.web.facilitator.facilitating import (
    ANOTHER,
    PASSWORD,
    add_account,
    checked_by,
    facilitator,
    is_signed_in,
    new_email,
    now,
    one_time_link,
    sign_in,
)
from tests.web.visiting import dump, house_of, stranger, web

WRONG = "not the password at all"
AN_HOUR = timedelta(hours=1)


class Counting(Argon2Hasher):
    """Counts the passwords that were really checked."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.checked = 0
        self._lock = threading.Lock()

    def verify(self, password: str | bytes, hash: str | bytes) -> bool:
        with self._lock:
            self.checked += 1
        return super().verify(password, hash)


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def any_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application on either database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    with request.getfixturevalue("postgresql_cluster").database() as url:
        app = web(url)
        yield app
        house_of(app).database.close()


@pytest.fixture
def hasher(any_app: FastAPI) -> Iterator[Counting]:
    """What checks the passwords meanwhile."""
    counting = Counting()
    with checked_by(any_app, Passwords(counting)):
        yield counting


def attempt(app: FastAPI, email: str, password: str = WRONG, machine: str | None = None) -> int:
    """One try in a browser of its own; the status."""
    return stranger(app, machine=machine).post("/sign-in", data={"email": email, "password": password}).status_code


def test_of_a_thousand_tries_on_one_account_ten_an_hour_are_evaluated(any_app: FastAPI, hasher: Counting) -> None:
    _, email = add_account(any_app)
    began = now()
    evaluated = []
    for hour in range(2):
        with time_machine.travel(began + hour * AN_HOUR + timedelta(seconds=1), tick=False):
            statuses = [attempt(any_app, email) for _ in range(500)]
        assert (statuses.count(422), statuses.count(429)) == (10, 490)
        evaluated.append(hasher.checked)
    assert evaluated == [10, 20]


def test_however_the_tries_are_spread_no_hour_has_more_than_ten(any_app: FastAPI, hasher: Counting) -> None:
    _, email = add_account(any_app)
    began = now()
    evaluated: list[int] = []
    for minute in range(0, 300, 3):
        with time_machine.travel(began + timedelta(minutes=minute), tick=False):
            before = hasher.checked
            attempt(any_app, email)
            evaluated += [minute] * (hasher.checked - before)
    assert all(sum(start <= one < start + 60 for one in evaluated) <= 10 for start in range(300))
    assert len(evaluated) == 50


def test_of_a_thousand_tries_from_one_machine_ten_an_hour_are_evaluated(any_app: FastAPI, hasher: Counting) -> None:
    emails = [add_account(any_app)[1] for _ in range(5)] + [new_email() for _ in range(195)]
    statuses = [attempt(any_app, email, machine="203.0.113.7") for email in emails for _ in range(5)]
    assert (statuses.count(422), statuses.count(429)) == (10, 990)
    assert hasher.checked == 10


def test_a_stampede_of_tries_is_counted_one_by_one(any_app: FastAPI, hasher: Counting) -> None:
    _, email = add_account(any_app)
    with ThreadPoolExecutor(16) as people:
        statuses = list(people.map(lambda _: attempt(any_app, email), range(60)))
    assert set(statuses) <= {422, 429, 503}
    assert hasher.checked <= 10


@pytest.mark.parametrize(
    ("machines", "evaluated"),
    [
        (["203.0.113.8"] * 20, 10),
        ([f"2001:db8:1:2:{n:x}::1" for n in range(20)], 10),  # one network: its user may take any of its addresses
        ([f"2001:db8:2:{n:x}::1" for n in range(20)], 20),
        (["203.0.113.9", "::ffff:203.0.113.9"] * 10, 10),
        (["no address"] * 20, 10),
    ],
)
def test_a_machine_is_known_by_its_network(app: FastAPI, machines: list[str], evaluated: int) -> None:
    hasher = Counting()
    with checked_by(app, Passwords(hasher)):
        statuses = [attempt(app, new_email(), machine=machine) for machine in machines]
    assert (hasher.checked, statuses.count(422)) == (evaluated, evaluated)


@pytest.mark.parametrize("way", ["{}", " {}", "{} ", "\t{}"])
@pytest.mark.parametrize("name", ["ana", "ANA", "aNa", "\uff21\uff2e\uff21"])
def test_an_address_counts_however_it_is_written(app: FastAPI, way: str, name: str) -> None:
    rest = new_email()
    _, email = add_account(app, f"ana{rest}")
    written = way.format(name + rest)
    hasher = Counting()
    with checked_by(app, Passwords(hasher)):
        for _ in range(5):
            attempt(app, email)
            attempt(app, written)
        assert (attempt(app, written, PASSWORD), attempt(app, email, PASSWORD)) == (429, 429)
    assert hasher.checked == 10


def test_whether_there_is_an_account_shows_in_nothing(app: FastAPI) -> None:
    told = {}
    disabled = add_account(app, password=None)[1]
    for email in (add_account(app)[1], new_email(), disabled):
        pages = []
        for _ in range(12):
            response = stranger(app).post("/sign-in", data={"email": email, "password": WRONG})
            waiting = {"status": response.status_code, "again": "retry-after" in response.headers}
            pages.append((str(waiting), re.sub(r"\d+ minutes", "… minutes", response.text.replace(email, "…"))))
        told[email] = pages
    assert len({str(pages) for pages in told.values()}) == 1


def test_it_is_told_in_words_when_to_try_again(app: FastAPI) -> None:
    _, email = add_account(app)
    began = now()
    with time_machine.travel(began, tick=False):
        for _ in range(10):
            attempt(app, email)
        refused = stranger(app).post("/sign-in", data={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert "Please try again in 60 minutes." in refused.text
    assert f'value="{email}"' in refused.text
    with time_machine.travel(began + timedelta(minutes=59, seconds=30), tick=False):
        refused = stranger(app).post("/sign-in", data={"email": email, "password": PASSWORD})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
    assert "Please try again in 1 minute." in refused.text
    with time_machine.travel(began + AN_HOUR, tick=False):
        assert is_signed_in(sign_in(app, email))


def test_a_try_that_has_to_wait_makes_the_wait_no_longer(app: FastAPI) -> None:
    _, email = add_account(app)
    began = now()
    for minute in (0, 20, 40, 59):
        with time_machine.travel(began + timedelta(minutes=minute), tick=False):
            for _ in range(20):
                attempt(app, email)
    with time_machine.travel(began + AN_HOUR, tick=False):
        assert attempt(app, email, PASSWORD) == 303


def test_right_ones_do_not_count(app: FastAPI) -> None:
    emails = [add_account(app)[1] for _ in range(15)]
    assert [attempt(app, email, PASSWORD, machine="203.0.113.20") for email in emails * 2] == [303] * 30


def test_a_right_one_gives_back_only_itself(app: FastAPI) -> None:
    _, own = add_account(app)
    _, victim = add_account(app)
    hasher = Counting()
    with checked_by(app, Passwords(hasher)):
        for _ in range(50):
            attempt(app, victim, machine="203.0.113.21")
            attempt(app, own, PASSWORD, machine="203.0.113.21")
        wrong = hasher.checked - 9  # after nine pairs and one more wrong one, this machine waits
    assert wrong == 10


def test_one_machine_that_waits_stops_no_other_account_and_no_other_machine(app: FastAPI) -> None:
    _, email = add_account(app)
    for _ in range(30):
        attempt(app, new_email(), machine="203.0.113.22")
    assert attempt(app, email, PASSWORD, machine="203.0.113.22") == 429
    assert attempt(app, email, PASSWORD, machine="203.0.113.23") == 303


def test_a_machine_that_waits_uses_up_nobodys_tries(app: FastAPI) -> None:
    _, email = add_account(app)
    for _ in range(10):
        attempt(app, new_email(), machine="203.0.113.24")
    assert {attempt(app, email, machine="203.0.113.24") for _ in range(20)} == {429}
    assert [attempt(app, email) for _ in range(11)] == [422] * 10 + [429]


def test_whoever_is_signed_in_or_has_a_link_is_not_stopped(app: FastAPI) -> None:
    person = facilitator(app)
    for _ in range(20):
        attempt(app, person.email)
    assert is_signed_in(person.browser)
    assert person.browser.post("/account/tokens", data={"name": "Still here"}).status_code == 200
    link = one_time_link(app, "reset", person.account)
    browser = stranger(app)
    assert browser.post(f"/reset/{link}", data={"password": ANOTHER, "again": ANOTHER}).status_code == 303
    assert is_signed_in(browser)


def test_at_an_unwatched_browser_the_present_password_is_not_guessed(app: FastAPI) -> None:
    person = facilitator(app)
    hasher = Counting()
    with checked_by(app, Passwords(hasher)):
        sent = {"current": WRONG, "password": ANOTHER, "again": ANOTHER}
        responses = [person.browser.post("/account/password", data=sent) for _ in range(100)]
        right = person.browser.post("/account/password", data=sent | {"current": PASSWORD})
    assert [response.status_code for response in responses] == [422] * 10 + [429] * 90
    assert hasher.checked == 10
    assert (right.status_code, "Please try again in 60 minutes" in right.text) == (429, True)
    assert is_signed_in(person.browser)
    assert is_signed_in(sign_in(app, person.email))  # which is counted apart


def test_neither_addresses_nor_machines_are_kept(app: FastAPI) -> None:
    email = new_email()
    attempt(app, email, machine="203.0.113.25")
    kept = str(dump(app))
    assert "attempt" in kept
    assert email not in kept
    assert "203.0.113.25" not in kept


def test_behind_a_proxy_the_machine_that_the_proxy_names_is_counted(tmp_path: Path) -> None:
    with running_server(tmp_path) as server, httpx2.Client(base_url=server.url, timeout=60) as browser:

        def tries(forwarded: str, count: int) -> list[int]:
            sent = [{"email": new_email(), "password": WRONG} for _ in range(count)]
            return [
                browser.post("/sign-in", data=one, headers={"x-forwarded-for": forwarded}).status_code for one in sent
            ]

        # What stands before the last, the visitor has made up.
        found = tries("203.0.113.7", 6), tries("198.51.100.1, 203.0.113.7", 6), tries("203.0.113.8", 1)
    assert found == ([422] * 6, [422] * 4 + [429] * 2, [422])


def test_a_browser_that_signed_in_before_is_not_shut_out_by_others_tries(any_app: FastAPI, hasher: Counting) -> None:
    _, email = add_account(any_app)
    _, other = add_account(any_app)
    known, elsewhere = sign_in(any_app, email), sign_in(any_app, other)
    mark = known.cookies["known"]
    known.post("/sign-out")
    for _ in range(20):
        attempt(any_app, email)
    before = hasher.checked

    def again(browser: TestClient, password: str = PASSWORD) -> int:
        return browser.post("/sign-in", data={"email": email, "password": password}).status_code

    forger = stranger(any_app)
    forger.cookies.set("known", mark[:-1] + ("0" if mark[-1] != "0" else "1"))
    assert [again(browser) for browser in (stranger(any_app), elsewhere, forger)] == [429] * 3
    assert hasher.checked == before
    assert again(known) == 303
    assert [again(known, WRONG) for _ in range(15)] == [422] * 10 + [429] * 5
    assert hasher.checked == before + 11


def test_a_new_password_forgets_the_browsers_of_the_old_one(any_app: FastAPI, hasher: Counting) -> None:
    account, email = add_account(any_app)
    known = sign_in(any_app, email)
    with house_of(any_app).database.writing() as session:
        accounts.set_password(session, account, house_of(any_app).passwords.hash(ANOTHER))
    for _ in range(20):
        attempt(any_app, email)
    before = hasher.checked
    assert known.post("/sign-in", data={"email": email, "password": ANOTHER}).status_code == 429
    assert hasher.checked == before
