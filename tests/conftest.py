"""What every test may use: a real PostgreSQL."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgresql import Cluster, running_cluster

# A slow machine is no fault of the code; the benchmarks measure speed.
settings.register_profile("suite", deadline=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """A PostgreSQL server, one for each test process; it fails, and never skips, where none is installed."""
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a new, empty PostgreSQL database."""
    with postgresql_cluster.database() as url:
        yield url
