"""What every test may use: a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import make_url

from app.store.database import open_database
from tests.postgresql import Cluster, running_cluster

# A slow machine is no fault of the code; the benchmarks measure speed.
settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, one for each test process; it fails, and never skips, where none is installed."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables and nothing in them, to be copied: making it anew takes thirty times as long."""
    file = tmp_path_factory.mktemp("migrated") / "cxm.db"
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture(scope="session")
def migrated_name(postgresql_cluster: Cluster) -> Iterator[str]:
    """The name of a PostgreSQL database with all tables and nothing in them, to be copied."""
    with postgresql_cluster.database() as url:
        database = open_database(url)
        database.migrate()
        database.close()
        yield make_url(url).database or ""


@pytest.fixture
def postgres_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty PostgreSQL database."""
    with postgresql_cluster.database() as url:
        yield url
