"""A backup that is older than a closing: what it opens again is named, and held."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.store import cohorts
from app.store.backup import Restored, backup, restore
from app.store.cohorts import Cohort
from app.store.database import Database, open_database
from app.store.migrate import downgrade
from tests.store.conftest import NOW


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    return sqlite_database


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "monday.cxm"


def restored(url: str, copy: Path) -> tuple[tuple[str, ...], Restored]:
    """What is held in the database afterwards, and what is said of it."""
    said = restore(url, copy)
    database = open_database(url)
    database.migrate()
    with database.reading() as session:
        held = tuple(one.id for one in cohorts.confidential_ones(session, held=True))
    database.close()
    assert tuple(id_ for id_, _ in said.held) == held
    return held, said


def nothing(_: Path) -> None:
    """The database stays as it is."""


def other(file: Path) -> None:
    """One that knows nothing of the cohort."""
    file.unlink()
    database = open_database(f"sqlite:///{file}")
    database.migrate()
    database.close()


@pytest.mark.parametrize(
    ("closed", "since", "held"),
    [
        (True, nothing, True),
        (False, nothing, False),
        (False, Path.unlink, True),
        (False, lambda file: file.write_bytes(b"nothing that anybody could read" * 1000), True),
        (False, lambda file: file.write_bytes(b""), True),
        (False, other, True),
    ],
    ids=["closed", "open", "missing", "damaged", "empty", "another one"],
)
def test_a_confidential_cohort_is_held_unless_it_surely_was_never_closed(  # noqa: PLR0913 - fixtures
    database: Database,
    confidential: Cohort,
    cohort: Cohort,
    sqlite_url: str,
    copy: Path,
    file: Path,
    closed: bool,
    since: Callable[[Path], object],
    held: bool,
) -> None:
    backup(database, copy)
    if closed:
        with database.writing() as session:
            cohorts.close(session, confidential.id, NOW)
            cohorts.close(session, cohort.id, NOW)
    database.close()
    since(file)
    found, said = restored(sqlite_url, copy)
    assert found == ((confidential.id,) if held else ())
    assert said.held == (((confidential.id, confidential.name),) if held else ())
    # And once more, now that the present database says that it is open: it is held all the same.
    assert restored(sqlite_url, copy)[0] == found


def test_one_that_the_operator_let_go_is_not_held_again(
    database: Database, confidential: Cohort, sqlite_url: str, copy: Path, file: Path
) -> None:
    backup(database, copy)
    database.close()
    file.unlink()
    assert restored(sqlite_url, copy)[0] == (confidential.id,)
    again = open_database(sqlite_url)
    with again.writing() as session:
        cohorts.lift(session, confidential.id)
    again.close()
    assert restored(sqlite_url, copy)[0] == ()


def test_what_was_closed_in_the_backup_stays_as_it_was(
    database: Database, confidential: Cohort, sqlite_url: str, copy: Path, file: Path
) -> None:
    with database.writing() as session:
        cohorts.close(session, confidential.id, NOW)
        cohorts.keep_release(session, confidential.id, "means")
    backup(database, copy)
    database.close()
    file.unlink()
    assert restored(sqlite_url, copy)[0] == ()
    again = open_database(sqlite_url)
    with again.reading() as session:
        assert cohorts.release_of(session, confidential.id) == "means"
    again.close()


def test_a_backup_of_an_earlier_version_is_held_too(
    database: Database, confidential: Cohort, sqlite_url: str, copy: Path
) -> None:
    with database.migrating() as connection:
        downgrade(connection, "0006")
    backup(database, copy)
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE cohort SET closed_at = created_at WHERE privacy = 'confidential'")
    database.close()
    assert restored(sqlite_url, copy)[0] == (confidential.id,)


def test_an_earlier_version_that_never_closed_it_says_so(
    database: Database, confidential: Cohort, sqlite_url: str, copy: Path
) -> None:
    backup(database, copy)
    with database.migrating() as connection:
        downgrade(connection, "0006")
    database.close()
    assert restored(sqlite_url, copy)[0] == ()
