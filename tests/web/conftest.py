"""The web application on an SQLite file; its assessments are shared by the tests of a process, and none minds."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from app.web import projector
from tests.web.unprinted import unprinted
from tests.web.visiting import house_of, web


@pytest.fixture(autouse=True)
def brief_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    """A watcher of the projector is sent away at once, so that a test can read the whole answer."""
    monkeypatch.setattr(projector, "LONGEST", 0.01)


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application as an operator has it who sets nothing."""
    app = web(f"sqlite:///{tmp_path_factory.mktemp('web') / 'cxm.db'}")
    yield app
    house_of(app).database.close()


@pytest.fixture(scope="session")
def secure_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application behind https://cx.example.org."""
    app = web(f"sqlite:///{tmp_path_factory.mktemp('web') / 'cxm.db'}", "https://cx.example.org")
    yield app
    house_of(app).database.close()


@pytest.fixture(scope="session")
def unprinted_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application, which prints nothing."""
    app = unprinted(tmp_path_factory.mktemp("unprinted"))
    yield app
    house_of(app).database.close()
