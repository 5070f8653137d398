"""100 reports as a ZIP while 50 people answer: no save may fail, and how much slower they are than without the ZIP.

Starts a server of its own on the loopback address, with a new database in a temporary folder:

    .venv/bin/python bench/zip_beside_savers.py [--reports 100] [--savers 50] [--seconds 20]
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

sys.path.insert(0, str(Path(__file__).parent.parent))

import httpx2

from app.passwords import Passwords
from app.store import accounts
from app.store.database import open_database
from tests.server import running_server

EMAIL, PASSWORD = "bench@example.org", "four words nobody guesses"
LONGEST_ZIP = 900
SECONDS_BETWEEN_SAVES = 1.0
"""A person takes some fifteen seconds for an answer: these are in a hurry."""

START = {
    "questionnaire": "cx-grid",
    "business_stage": "growing",
    "role": "leadership",
    "form": "pulse",
    "language": "en",
}
Timed = tuple[int, float]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--reports", type=int, default=100)
    asked.add_argument("--savers", type=int, default=50)
    asked.add_argument("--seconds", type=float, default=20, help="how long they save without the ZIP")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_server(Path(folder)) as server:
        facilitator = signed_in(server.url, Path(folder) / "cxm.db")
        cohort, questions = filled_cohort(facilitator, given.reports)
        people = [begun(server.url, number) for number in range(given.savers)]
        saving(people, questions, lambda started: time.monotonic() - started > 3)  # warm
        alone = saving(people, questions, lambda started: time.monotonic() - started > given.seconds)
        assert facilitator.post(f"{cohort}/reports").status_code == 303
        started = time.monotonic()
        done = ZipWatch(facilitator, cohort)
        beside = saving(people, questions, lambda _: done())
        took = time.monotonic() - started
        size = facilitator.get(done.address).content
    print(f"{given.reports} reports: {took:.0f} s, {len(size) / 1e6:.1f} MB, load {os.getloadavg()[0]:.1f}")
    say("without the ZIP", alone)
    say("beside the ZIP", beside)
    ratios = (of(beside, share) / of(alone, share) for share in (50, 99))
    print("ratio: p50 {:.2f}, p99 {:.2f}".format(*ratios))
    failed = [status for status, _ in [*alone, *beside] if status != 200]
    if failed:
        sys.exit(f"{len(failed)} saves failed: {Counter(failed)}")


class ZipWatch:
    """Whether the ZIP is there; asked by many, it looks each two seconds."""

    def __init__(self, facilitator: httpx2.Client, cohort: str) -> None:
        self.address = ""
        self._facilitator, self._cohort = facilitator, cohort
        self._looked = self._began = time.monotonic()

    def __call__(self) -> bool:
        """Whether it is there."""
        now = time.monotonic()
        if now - self._began > LONGEST_ZIP:
            sys.exit("the ZIP takes too long")
        if not self.address and now - self._looked > 2:
            self._looked = now
            page = self._facilitator.get(f"{self._cohort}/reports").text
            found = page.partition(f'href="{self._cohort}/reports/')[2].partition('"')[0]
            self.address = f"{self._cohort}/reports/{found}" if found.endswith(".zip") else ""
        return bool(self.address)


def signed_in(url: str, file: Path) -> httpx2.Client:
    database = open_database(f"sqlite:///{file}")
    with database.writing() as session:
        accounts.add_account(session, EMAIL, Passwords().hash(PASSWORD), datetime.now(UTC))
    database.close()
    browser = client(url)
    assert browser.post("/sign-in", data={"email": EMAIL, "password": PASSWORD}).status_code == 303
    return browser


def filled_cohort(facilitator: httpx2.Client, count: int) -> tuple[str, list[str]]:
    """The address of an open cohort of so many organisations, and the pulse's questions."""
    plan = {"name": "Bench", "date": "2027-03-01", "questionnaire": "cx-grid", "form": "full", "language": "en"}
    made = facilitator.post("/cohorts/new", data={**plan, "privacy": "open"})
    cohort = made.headers["location"]
    documents = Path(__file__).parent.parent / "tests" / "documents"
    full = json.loads((documents / "full.json").read_text(encoding="utf-8"))
    full = {key: value for key, value in full.items() if key not in {"agreed", "actions", "modules"}}
    told = json.dumps([{**full, "organisation": f"Organisation {number}"} for number in range(count)])
    sent = facilitator.post(f"{cohort}/import", files=[("documents", ("all.json", told.encode()))])
    assert sent.status_code == 200, sent.text
    pulse = json.loads((documents / "pulse.json").read_text(encoding="utf-8"))
    return cohort, list(pulse["respondents"][0]["answers"])


def begun(url: str, number: int) -> tuple[httpx2.Client, str, str]:
    browser = client(url)
    response = browser.post("/assessments", data={**START, "organisation": f"Saver {number}"})
    return browser, response.headers["location"], f"saver-{number}"


def client(url: str) -> httpx2.Client:
    return httpx2.Client(base_url=url, timeout=60, trust_env=False)


sequences: Counter[str] = Counter()


def saving(
    people: list[tuple[httpx2.Client, str, str]], questions: list[str], is_over: Callable[[float], bool]
) -> list[Timed]:
    """Everybody saves, one answer after the other, until it is over; status and seconds of each save."""
    started = time.monotonic()

    def save(place: int) -> list[Timed]:
        browser, path, name = people[place]
        found: list[Timed] = []
        time.sleep(SECONDS_BETWEEN_SAVES * place / len(people))
        while not is_over(started):
            sequences[name] += 1
            turn = sequences[name]
            fields = {"answer": str(1 + turn % 5), "seen": "0", "writer": name, "sequence": str(turn)}
            address = f"{path}/answers/{questions[turn % len(questions)]}"
            began = time.perf_counter()
            try:
                status = browser.post(address, data=fields, headers={"hx-request": "true"}).status_code
            except httpx2.HTTPError:
                status = 0
            took = time.perf_counter() - began
            found.append((status, took))
            time.sleep(max(0.0, SECONDS_BETWEEN_SAVES - took))
        return found

    with ThreadPoolExecutor(len(people)) as pool:
        return [one for found in pool.map(save, range(len(people))) for one in found]


def of(saves: list[Timed], share: int) -> float:
    return quantiles([seconds for _, seconds in saves], n=100)[share - 1]


def say(when: str, saves: list[Timed]) -> None:
    failed = sum(status != 200 for status, _ in saves)
    p50, p99, worst = of(saves, 50), of(saves, 99), max(seconds for _, seconds in saves)
    print(
        f"{when}: {len(saves)} saves, {failed} failed, p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
        f" worst {worst * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
