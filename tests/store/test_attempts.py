"""How often something may be tried: so many times in a while, whoever and however many ask at once."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from app.store.database import Database
from app.store.limits import attempts
from tests.store.conftest import NOW, at_once, everything_in, in_the_meantime

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def wait(database: Database, at: datetime = NOW, bucket: str = "ana", allowed: int = 3) -> timedelta | None:
    with database.writing() as session:
        return attempts.wait(session, bucket, allowed=allowed, per=HOUR, now=at)


def test_so_many_may_try_and_the_next_waits_for_the_first_to_be_forgotten(database: Database) -> None:
    assert [wait(database, NOW + number * MINUTE) for number in range(3)] == [None] * 3
    assert wait(database, NOW + 10 * MINUTE) == 50 * MINUTE
    assert wait(database, NOW + HOUR - timedelta(microseconds=1)) == timedelta(microseconds=1)
    assert wait(database, NOW + HOUR) is None
    assert wait(database, NOW + HOUR) == MINUTE


def test_in_no_hour_more_than_so_many_are_let_through(database: Database) -> None:
    moments = [NOW + number * timedelta(seconds=27) for number in range(500)]
    passed = [moment for moment in moments if wait(database, moment) is None]
    assert max(sum(first <= moment < first + HOUR for moment in passed) for first in moments) == 3


def test_who_has_to_wait_does_not_wait_the_longer_for_trying(database: Database) -> None:
    for _ in range(50):
        wait(database)
    assert wait(database, NOW + HOUR) is None


def test_each_bucket_counts_by_itself(database: Database) -> None:
    for _ in range(4):
        wait(database)
    assert wait(database, bucket="bor") is None
    assert wait(database, bucket="\x00\ud800" * 1000) is None


def test_what_was_right_is_given_back(database: Database) -> None:
    for _ in range(50):
        with database.writing() as session:
            assert attempts.wait(session, "ana", allowed=1, per=HOUR, now=NOW) is None
            attempts.give_back(session, "ana")
    assert wait(database, allowed=1) is None
    assert wait(database, allowed=1) == HOUR


def test_nothing_is_given_back_where_there_is_nothing(database: Database) -> None:
    wait(database, bucket="bor", allowed=1)
    with database.writing() as session:
        attempts.give_back(session, "ana")
    assert wait(database, bucket="bor", allowed=1) == HOUR


def test_of_many_who_try_at_once_only_so_many_may(database: Database) -> None:
    outcomes = at_once(*[partial(wait, database)] * 12, refused=ZeroDivisionError)
    assert outcomes.count(None) == 3


def test_who_tries_while_another_try_is_being_counted_waits_for_it(database: Database) -> None:
    outcome = in_the_meantime(
        database,
        lambda session: attempts.wait(session, "ana", allowed=1, per=HOUR, now=NOW),
        partial(wait, database, allowed=1),
    )
    assert outcome == HOUR


def test_old_attempts_are_swept(database: Database) -> None:
    for number in range(20):
        wait(database, bucket=f"bucket {number}")
    wait(database, NOW + HOUR)
    with database.reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM attempt").scalar_one() == 1


def test_nobodys_address_is_kept(sqlite_database: Database, file: Path) -> None:
    wait(sqlite_database, bucket="192.0.2.77")
    assert b"192.0.2.77" not in everything_in(file.parent)
