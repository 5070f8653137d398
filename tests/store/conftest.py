"""A real database for each test: an SQLite file, and the same test again on PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store import assessments
from app.store.assessments import Beginning, Place
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
def database(url: str) -> Iterator[Database]:
    database = open_database(url)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    database = open_database(sqlite_url)
    database.migrate()
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
