"""A real database for each test: an SQLite file, and the same test again on PostgreSQL."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import Session

from app.store import accounts, assessments, cohorts
from app.store.accounts import Account
from app.store.assessments import Beginning, Place
from app.store.cohorts import Cohort, CohortPlan
from app.store.database import Database, open_database

NOW = datetime(2026, 11, 21, 9, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "cxm.db"


@pytest.fixture
def sqlite_url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    name = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]
    return str(request.getfixturevalue(name))


@pytest.fixture
def migrated_url(request: pytest.FixtureRequest, url: str) -> Iterator[str]:
    """The URL of a database that has its tables: a copy of one that was migrated."""
    if url.startswith("sqlite"):
        yield str(request.getfixturevalue("migrated_sqlite_url"))
        return
    cluster = request.getfixturevalue("postgresql_cluster")
    with cluster.database(like=request.getfixturevalue("migrated_name")) as copied:
        yield copied


@pytest.fixture
def migrated_sqlite_url(file: Path, sqlite_url: str, migrated_file: Path) -> str:
    file.parent.mkdir(mode=0o700)
    shutil.copyfile(migrated_file, file)
    file.chmod(0o600)
    return sqlite_url


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    database = open_database(migrated_url)
    yield database
    database.close()


@pytest.fixture
def sqlite_database(migrated_sqlite_url: str) -> Iterator[Database]:
    database = open_database(migrated_sqlite_url)
    yield database
    database.close()


@pytest.fixture
def beginning() -> Beginning:
    return Beginning(
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        organisation="Čebelnjak d.o.o.",
        language="sl",
        business_stage="first_customers",
        role="leadership",
    )


@pytest.fixture
def place(database: Database, beginning: Beginning) -> Place:
    with database.writing() as session:
        return assessments.start(session, beginning, NOW)


@pytest.fixture
def account(database: Database) -> Account:
    with database.writing() as session:
        return accounts.add_account(session, "ana@example.si", "a hash", NOW)


@pytest.fixture
def other_account(database: Database) -> Account:
    with database.writing() as session:
        return accounts.add_account(session, "bor@example.si", "another hash", NOW)


@pytest.fixture
def plan() -> CohortPlan:
    return CohortPlan(
        name="Delavnica",
        date=date(2026, 11, 28),
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        language="sl",
        default_target=4,
        privacy="open",
    )


@pytest.fixture
def cohort(database: Database, account: Account, plan: CohortPlan) -> Cohort:
    with database.writing() as session:
        return cohorts.create(session, account.id, plan, NOW)


@pytest.fixture
def confidential(database: Database, account: Account, plan: CohortPlan) -> Cohort:
    with database.writing() as session:
        return cohorts.create(session, account.id, plan.model_copy(update={"privacy": "confidential"}), NOW)


def at_once(*calls: Callable[[], object], refused: type[Exception]) -> list[object]:
    """Calls all at the same moment; what each returned, or the refusal that it raised."""
    barrier = threading.Barrier(len(calls))

    def call(one: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return one()
        except refused as refusal:
            return refusal

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def in_the_meantime(database: Database, first: Callable[[Session], object], then: Callable[[], object]) -> object:
    """What `then` returns, or the exception that it raises, if it comes while `first` is not yet committed.

    It has to wait for that.
    """
    with ThreadPoolExecutor(1) as pool:
        with database.writing() as session:
            first(session)
            coming = pool.submit(then)
            time.sleep(0.3)
            assert not coming.done()
        return coming.exception() or coming.result()


@contextmanager
def queries(session: Session) -> Iterator[list[str]]:
    """The statements that the session sends meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def everything_in(folder: Path) -> bytes:
    """All that lies in the database's folder: its file, its log."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
