"""Many at once on the real server: nothing is lost, a retry has one effect, and nobody is silently overwritten."""

import ssl
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Barrier
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI

from app.printing import Printer
from app.store import sqlite
from tests.server import running_server
from tests.web.visiting import START, Holder, cookie_of, house_of
from tests.web.visiting import begin as start_here

SAVERS = 64
QUESTIONS = ["strategy.purpose", "culture.purpose", "accountability.promises"]
LEVELS = ["1", "2", "3", "4", "5"]
ROUNDS = 1
REPORTS = 50
TLS = ssl.create_default_context()  # one for all: making it is slow


@dataclass(frozen=True)
class Served:
    """The server that all of them use, and their browsers, to be closed at the end."""

    url: str
    file: Path
    browsers: list[httpx2.Client]


@dataclass
class Device:
    """One open page of one assessment."""

    browser: httpx2.Client
    path: str
    name: str
    sequence: int = 0

    def save(self, question: str, answer: str, *, seen: int = 0, again: bool = False) -> int:
        """Saves an answer, or sends the last save once more; the status."""
        self.sequence += not again
        fields = {"answer": answer, "seen": str(seen), "writer": self.name, "sequence": str(self.sequence)}
        address = f"{self.path}/answers/{question}"
        return self.browser.post(address, data=fields, headers={"hx-request": "true"}).status_code

    def held(self) -> dict[str, str]:
        """What the server holds."""
        answers = self.browser.get(f"{self.path}/answers.json").json()["respondents"][0]["answers"]
        return {question: str(answer) for question, answer in answers.items()}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of its own, for it is not spared."""
    folder = tmp_path_factory.mktemp("many")
    with running_server(folder) as server:
        served = Served(server.url, folder / "cxm.db", [])
        yield served
        for browser in served.browsers:
            browser.close()


def browser_at(served: Served) -> httpx2.Client:
    """A browser without cookies."""
    browser = httpx2.Client(base_url=served.url, timeout=60, verify=TLS, trust_env=False)
    served.browsers.append(browser)
    return browser


def begin(served: Served, name: str) -> Device:
    """Starts an assessment in a new browser."""
    browser = browser_at(served)
    response = browser.post("/assessments", data=START | {"form": "pulse", "organisation": name})
    assert response.status_code == 303
    return Device(browser, response.headers["location"], name)


def another(device: Device, name: str, served: Served) -> Device:
    """The same assessment on one more device, by the private link."""
    token = cookie_of(device.browser.cookies, device.path.rpartition("/")[2])
    browser = browser_at(served)
    assert browser.get(f"/r/{token}").status_code == 303
    return Device(browser, device.path, name)


def at_once(jobs: Sequence[Callable[[], list[int]]]) -> list[list[int]]:
    """Runs every job in a thread of its own, all from the same moment; their statuses."""
    ready = Barrier(len(jobs))

    def run(job: Callable[[], list[int]]) -> list[int]:
        ready.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def flat(statuses: list[list[int]]) -> Counter[int]:
    """How often each status came."""
    return Counter(status for one in statuses for status in one)


def rows(served: Served, device: Device) -> dict[str, int]:
    """Question to how often its answer changed."""
    assessment = device.path.rpartition("/")[2]
    with closing(sqlite.connect(served.file)) as connection:
        found = connection.execute(
            "SELECT question, revision FROM answer JOIN respondent ON respondent.id = respondent_id"
            " WHERE assessment_id = ?",
            (assessment,),
        )
        return dict(found.fetchall())


def test_sixty_four_savers_lose_nothing_while_reports_are_made(served: Served) -> None:
    with ThreadPoolExecutor(SAVERS) as pool:
        devices = list(pool.map(lambda number: begin(served, f"saver-{number}"), range(SAVERS)))
    printers = [begin(served, f"printer-{number}") for number in range(2)]

    def save_all(number: int, device: Device) -> list[int]:
        statuses = []
        for turn in range(ROUNDS):
            for place, question in enumerate(QUESTIONS):
                answer = LEVELS[(number + place + turn) % 5]
                statuses.append(device.save(question, answer))
                if (number + place) % 3 == 0:
                    statuses.append(device.save(question, answer, again=True))
        return statuses

    def print_one(device: Device) -> list[int]:
        assert device.browser.get(f"{device.path}/result").status_code == 200
        return [device.browser.get(f"{device.path}/report.pdf").status_code]

    savers = [lambda number=number, device=device: save_all(number, device) for number, device in enumerate(devices)]
    printing = [lambda device=device: print_one(device) for device in printers]
    statuses = at_once([*savers, *printing])

    retries = sum((number + place) % 3 == 0 for number in range(SAVERS) for place in range(len(QUESTIONS))) * ROUNDS
    assert flat(statuses[:SAVERS]) == {200: SAVERS * len(QUESTIONS) * ROUNDS + retries}
    assert flat(statuses[SAVERS:]) == {200: len(printers)}
    for number, device in enumerate(devices):
        expected = {question: LEVELS[(number + place + ROUNDS - 1) % 5] for place, question in enumerate(QUESTIONS)}
        assert device.held() == expected
        assert rows(served, device) == dict.fromkeys(QUESTIONS, ROUNDS)


def test_a_stampede_for_reports_is_turned_away_and_stops_nobody_who_saves(app: FastAPI) -> None:
    house = house_of(app)
    savers = [start_here(app) for _ in range(REPORTS)]
    readers = [start_here(app) for _ in range(REPORTS)]

    def print_one(holder: Holder) -> list[int]:
        response = holder.browser.get(holder.path("report.pdf"))
        assert (response.status_code == 503) == (response.headers.get("retry-after") == "5")
        return [response.status_code]

    app.state.house = replace(house, printer=Printer(workers=1, queue=1))  # a short queue, for a short test
    try:
        statuses = at_once(
            [
                *(lambda holder=holder: print_one(holder) for holder in readers),
                *(lambda holder=holder: [holder.answer(question, "3") for question in QUESTIONS] for holder in savers),
            ]
        )
    finally:
        app.state.house = house

    reports = flat(statuses[:REPORTS])
    assert set(reports) == {200, 503}
    assert flat(statuses[REPORTS:]) == {200: REPORTS * len(QUESTIONS)}
    assert all(holder.held() == dict.fromkeys(QUESTIONS, 3) for holder in savers)


def test_of_five_devices_that_answer_differently_at_once_one_is_kept_and_four_are_told(served: Served) -> None:
    first = begin(served, "device-0")
    devices = [first, *(another(first, f"device-{number}", served) for number in range(1, 5))]
    for question in QUESTIONS:
        jobs = [
            lambda device=device, level=level: [device.save(question, level)]  # noqa: B023 - run before the next turn
            for device, level in zip(devices, LEVELS, strict=True)
        ]
        statuses = [one[0] for one in at_once(jobs)]
        assert sorted(statuses) == [200, 409, 409, 409, 409]
        assert first.held()[question] == LEVELS[statuses.index(200)]
    assert rows(served, first) == dict.fromkeys(QUESTIONS, 1)


def test_a_retry_that_arrives_late_does_not_undo_what_came_after(served: Served) -> None:
    device = begin(served, "late")
    other = another(device, "other", served)
    question = QUESTIONS[0]
    assert device.save(question, "2") == 200
    assert device.save(question, "4") == 200
    device.sequence = 1
    assert device.save(question, "2", again=True) == 200  # the first one, delivered twice
    assert device.held() == {question: "4"}
    assert other.save(question, "5", seen=2) == 200
    device.sequence = 2
    assert device.save(question, "4", again=True) == 409
    assert device.held() == {question: "5"}
    assert rows(served, device) == {question: 3}


def test_a_form_of_a_second_device_keeps_what_is_new_and_tells_what_has_changed(served: Served) -> None:
    here = begin(served, "here")
    there = another(here, "there", served)
    assert there.save("strategy.purpose", "2") == 200
    fields = {"answer:strategy.purpose": "5", "seen:strategy.purpose": "0", "answer:strategy.promises": "3"}
    response = here.browser.post(f"{here.path}/questions/strategy", data=fields)
    assert response.status_code == 409
    assert "Somebody has changed an answer elsewhere" in response.text
    assert here.held() == {"strategy.purpose": "2", "strategy.promises": "3"}


@pytest.mark.parametrize("end", ["erase", "link"])
def test_erasing_or_replacing_the_link_while_others_save_ends_in_a_plain_no(served: Served, end: str) -> None:
    owner = begin(served, "going")
    others = [another(owner, f"other-{number}", served) for number in range(7)]

    def save(device: Device) -> list[int]:
        return [device.save(QUESTIONS[turn % 3], LEVELS[turn % 5]) for turn in range(10)]

    def finish() -> list[int]:
        fields = {"word": "erase"} if end == "erase" else {}
        return [owner.browser.post(f"{owner.path}/{end}", data=fields).status_code]

    statuses = at_once([finish, *(lambda device=device: save(device) for device in others)])

    assert statuses[0] == [200 if end == "erase" else 303]
    assert set(flat(statuses[1:])) <= {200, 404, 409}
    assert {device.save(QUESTIONS[0], "1") for device in others} == {404}
    if end == "erase":
        assert rows(served, owner) == {}


def test_nothing_of_all_this_crashed(served: Served) -> None:
    log = (served.file.parent / "server.log").read_text()
    assert "status=200" in log
    assert "status=500" not in log
    assert "Exception" not in log
    assert urlsplit(served.url).hostname == "127.0.0.1"
