"""Visitors of the web application in this process: who holds which private link, and what they send."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib.hashers.argon2 import Argon2Hasher

from app.main import create_app
from app.passwords import Passwords
from app.settings import Settings
from app.store import sqlite
from app.store.tables import Table
from app.web.shell.visits import House

HERE = "http://127.0.0.1:8000"
START = {
    "questionnaire": "cx-grid",
    "organisation": "Čebelnjak d.o.o.",
    "business_stage": "growing",
    "role": "leadership",
    "form": "full",
    "language": "en",
}


QUICK = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)
"""Right hashes, and fast ones: these tests are not about how slow hashing is."""

_machines = count(int(IPv4Address("10.0.0.1")))


def web(database: str, public_url: str | None = None) -> FastAPI:
    """The application on a database of its own."""
    # A PostgreSQL database has no folder of its own, and a test writes none into the checkout's.
    exports = None if database.startswith("sqlite") else Path(mkdtemp(prefix="cxm-exports-"))
    app = create_app(Settings(database_url=database, public_url=public_url, exports=exports))
    app.state.house = replace(house_of(app), passwords=Passwords(QUICK))
    return app


def stranger(app: FastAPI, address: str = HERE, machine: str | None = None) -> TestClient:
    """A browser without cookies, which shows a redirect instead of following it, and a crash as its page.

    On a machine of its own, unless `machine` says at which network address.
    """
    client = (machine or str(IPv4Address(next(_machines))), 50_000)
    return TestClient(app, base_url=address, follow_redirects=False, raise_server_exceptions=False, client=client)


def house_of(app: FastAPI) -> House:
    """The application's parts."""
    house: House = app.state.house
    return house


def file_of(app: FastAPI) -> Path:
    """The SQLite file."""
    file = house_of(app).database.file
    assert file is not None
    return file


def dump(app: FastAPI) -> list[tuple[object, ...]]:
    """Everything that the database holds: each row, after its table's name."""
    if house_of(app).database.file is None:
        with house_of(app).database.reading() as session:
            rows = [
                (table.name, *row)
                for table in Table.metadata.sorted_tables
                for row in session.connection().execute(table.select())
            ]
        return sorted(rows, key=repr)
    with closing(sqlite.connect(file_of(app))) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = [(name, *row) for name in tables for row in connection.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - our own names
        return sorted(rows, key=repr)


@dataclass(frozen=True)
class Holder:
    """A browser that holds an assessment's private link."""

    browser: TestClient
    assessment: str
    token: str

    def path(self, *parts: str) -> str:
        """The address of a page of the assessment."""
        return "/".join([f"/assessments/{self.assessment}", *parts])

    def answer(self, question: str, answer: str, **fields: str) -> int:
        """Saves one answer as the page's script does; the status."""
        headers = {"hx-request": "true"}
        sent = {"answer": answer, **fields}
        return self.browser.post(self.path("answers", question), data=sent, headers=headers).status_code

    def held(self) -> dict[str, object]:
        """The answers that the server holds."""
        response = self.browser.get(self.path("answers.json"))
        assert response.status_code == 200
        answers: dict[str, object] = response.json()["respondents"][0]["answers"]
        return answers


def begin(app: FastAPI, address: str = HERE, **fields: str) -> Holder:
    """Starts an assessment in a new browser."""
    return begin_in(stranger(app, address), **fields)


def begin_in(browser: TestClient, **fields: str) -> Holder:
    """Starts an assessment in this browser."""
    response = browser.post("/assessments", data=START | fields)
    assert response.status_code == 303, response.text
    assessment = response.headers["location"].rpartition("/")[2]
    return Holder(browser, assessment, cookie_of(browser.cookies, assessment))


def cookie_of(cookies: Mapping[str, str], assessment: str) -> str:
    """The token that a browser's cookies hold for the assessment."""
    return next(value for name, value in cookies.items() if name.endswith(f"cxm-{assessment}"))
