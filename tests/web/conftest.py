"""The web application on a database; its assessments are shared by the tests of a process, and none minds.

The database is an SQLite file; PostgreSQL where `DRILL=postgresql` is in the environment (`make drill`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI

from app.web.facilitator import projector
from tests.web.unprinted import unprinted
from tests.web.visiting import house_of, web

DRILL = "DRILL"


@pytest.fixture(autouse=True)
def brief_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher of the projector is sent away at once, so that a test can read the whole answer."""
    monkeypatch.setattr(projector, "LONGEST", 0.01)


@contextmanager
def _database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a new database."""
    match os.environ.get(DRILL, "sqlite"):
        case "sqlite":
            folder: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
            yield f"sqlite:///{folder.mktemp('web') / 'cxm.db'}"
        case "postgresql":
            with request.getfixturevalue("postgresql_cluster").database() as url:
                yield url
        case other:
            pytest.exit(f"{DRILL}={other}: sqlite or postgresql", returncode=2)


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application as an operator has it who sets nothing."""
    with _database(request) as url:
        app = web(url)
        yield app
        house_of(app).database.close()


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The same on an SQLite file, whichever database the others are on: for what is asked of the file."""
    app = web(f"sqlite:///{tmp_path_factory.mktemp('web') / 'cxm.db'}")
    yield app
    house_of(app).database.close()


@pytest.fixture(scope="session")
def secure_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application behind https://cx.example.org."""
    with _database(request) as url:
        app = web(url, "https://cx.example.org")
        yield app
        house_of(app).database.close()


@pytest.fixture(scope="session")
def unprinted_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application, which prints nothing."""
    with _database(request) as url:
        app = unprinted(url)
        yield app
        house_of(app).database.close()


@pytest.fixture(scope="module")
def postgresql_app(request: pytest.FixtureRequest) -> Iterator[FastAPI]:
    """The application on PostgreSQL, which prints nothing."""
    with request.getfixturevalue("postgresql_cluster").database() as url:
        app = unprinted(url)
        yield app
        house_of(app).database.close()
