"""The database itself: who may read the file, what it refuses, and that an acknowledged answer survives."""

import os
import random
import secrets
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, InternalError
from sqlmodel import Session

from app.store import assessments, sqlite
from app.store.assessments import Beginning, Place
from app.store.database import Database, open_database
from app.store.errors import DatabaseUnavailableError, DatabaseUnusableError
from app.store.secrets.tokens import new_id
from app.store.write_lock import Turns
from tests.store.conftest import NOW

PROGRAM = """
import datetime, sys
from app.store import assessments
from app.store.database import open_database

database = open_database(sys.argv[1])
number = 0
while True:
    number += 1
    with database.writing() as session:
        assessments.save_answer(
            session, sys.argv[2], f"question.{number}", 1 + number % 5,
            seen=0, writer="page", sequence=number, now=datetime.datetime.now(datetime.UTC),
        )
    print(number, flush=True)
"""

INSERT_ANSWER = """
    INSERT INTO answer (respondent_id, question, kind, level, revision, sequence, saved_at)
    VALUES ('{respondent}', 'q', {row}, 1, 1, '2026-11-21')
"""


def save(session: Session, place: Place, question: str = "strategy.purpose", writer: str | None = None) -> None:
    assessments.save_answer(session, place.respondent, question, 3, seen=0, writer=writer, sequence=1, now=NOW)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def pragma(session: Session, name: str) -> object:
    return session.connection().exec_driver_sql(f"PRAGMA {name}").scalar_one()


def end_connections(postgres_url: str) -> None:
    """As when the server is started anew."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as operator:
        operator.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")  # noqa: S608 - nobody's input


@pytest.fixture(params=["reading", "writing"])
def session(request: pytest.FixtureRequest, sqlite_database: Database) -> Iterator[Session]:
    with sqlite_database.reading() if request.param == "reading" else sqlite_database.writing() as session:
        yield session


def test_an_exception_takes_everything_back(database: Database, place: Place) -> None:
    def fail_midway() -> None:
        with database.writing() as session:
            save(session, place)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    with database.reading() as session:
        assert assessments.answers_of(session, place.respondent) == {}


def test_a_reading_session_cannot_write(database: Database, place: Place) -> None:
    with pytest.raises((DatabaseUnavailableError, InternalError)), database.reading() as session:
        session.connection().execute(text("DELETE FROM answer"))


def test_a_reading_session_sees_one_moment_and_holds_nobody_up(database: Database, place: Place) -> None:
    with database.reading() as reader:
        assert assessments.answers_of(reader, place.respondent) == {}
        with database.writing() as writer:
            save(writer, place)
        assert assessments.answers_of(reader, place.respondent) == {}
    with database.reading() as reader:
        assert set(assessments.answers_of(reader, place.respondent)) == {"strategy.purpose"}


@pytest.mark.parametrize(
    "row",
    [
        "'level', 0",
        "'level', 6",
        "'level', 3.5",
        "'level', -1",
        "'level', NULL",
        "'dont_know', 3",
        "'open', 1",
        "'perhaps', NULL",
        "'', NULL",
    ],
)
def test_the_database_itself_refuses_an_illegal_answer(database: Database, place: Place, row: str) -> None:
    if "3.5" in row and database.file is None:
        row = "'level', '3.5'"  # PostgreSQL would round the number, and refuses the text
    with pytest.raises((IntegrityError, DataError)), database.writing() as session:
        session.connection().exec_driver_sql(INSERT_ANSWER.format(respondent=place.respondent, row=row))


@pytest.mark.parametrize("level", ["0", "6"])
@pytest.mark.parametrize("column", ["target", "importance"])
def test_the_database_itself_refuses_an_illegal_choice(
    database: Database, place: Place, column: str, level: str
) -> None:
    insert = f"INSERT INTO dimension_choice (assessment_id, dimension, {column}) VALUES (:id, 'd', {level})"  # noqa: S608 - nobody's input
    with pytest.raises(IntegrityError), database.writing() as session:
        session.connection().execute(text(insert), {"id": place.assessment})


def test_the_database_itself_refuses_an_answer_of_nobody(database: Database) -> None:
    with pytest.raises(IntegrityError), database.writing() as session:
        session.connection().exec_driver_sql(INSERT_ANSWER.format(respondent="nobody", row="'open', NULL"))


def test_what_was_acknowledged_survives_a_sudden_death(database: Database, migrated_url: str, place: Place) -> None:
    acknowledged = 0
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, migrated_url, place.respondent], stdout=subprocess.PIPE
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            acknowledged = int(line)
            if acknowledged == 20:
                os.kill(program.pid, signal.SIGKILL)
    database.close()
    again = open_database(migrated_url)
    with again.reading() as session:
        kept = assessments.answers_of(session, place.respondent)
    assert acknowledged >= 20
    assert {f"question.{number}": 1 + number % 5 for number in range(1, acknowledged + 1)}.items() <= {
        question: stored.answer for question, stored in kept.items()
    }.items()
    again.close()


def test_the_file_and_its_log_are_readable_by_their_owner_only(sqlite_database: Database, file: Path) -> None:
    assert mode(file.parent) == 0o700
    assert {path.name: mode(path) for path in file.parent.iterdir()} == {
        "cxm.db": 0o600,
        "cxm.db-wal": 0o600,
        "cxm.db-shm": 0o600,
    }


def test_a_file_that_others_may_read_is_closed_to_them(sqlite_url: str, file: Path) -> None:
    open_database(sqlite_url).close()
    file.chmod(0o644)
    file.parent.chmod(0o755)
    open_database(sqlite_url).close()
    assert mode(file) == 0o600
    assert mode(file.parent) == 0o755  # a folder that was there is somebody else's choice


def test_sqlite_is_set_for_safety(session: Session) -> None:
    found = {
        name: pragma(session, name)
        for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "secure_delete")
    }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "secure_delete": 1,
    }
    assert pragma(session, "busy_timeout") == sqlite.PATIENCE * 1000


def test_sqlite_is_not_the_systems_but_a_sound_one(session: Session) -> None:
    version = session.connection().exec_driver_sql("SELECT sqlite_version()").scalar_one()
    assert tuple(map(int, version.split("."))) >= sqlite.SOUND_SINCE


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_an_sqlite_that_can_corrupt_the_file_is_refused(version: tuple[int, ...]) -> None:
    with pytest.raises(DatabaseUnusableError, match=r"can corrupt the database .* 3\.51\.3 or newer"):
        sqlite.check_version(version)


def test_postgresql_ends_what_takes_too_long(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with database.writing() as session:
        found = {
            name: session.connection().exec_driver_sql(f"SHOW {name}").scalar_one()
            for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        }
    database.close()
    assert found == {
        "statement_timeout": "15s",
        "lock_timeout": "5s",
        "idle_in_transaction_session_timeout": "1min",
    }


def test_a_lost_connection_is_replaced(postgres_url: str) -> None:
    database = open_database(postgres_url)
    database.migrate()
    end_connections(postgres_url)
    with database.reading() as session:
        assert assessments.sitting(session, "nothing") is None
    database.close()


def test_a_connection_lost_midway_is_named_and_keeps_nothing(postgres_url: str, beginning: Beginning) -> None:
    database = open_database(postgres_url)
    database.migrate()

    def begin() -> None:
        with database.writing() as session:
            assessments.start(session, beginning, NOW)
            end_connections(postgres_url)

    with pytest.raises(DatabaseUnavailableError):
        begin()
    with database.reading() as session:
        assert assessments.find_organisation(session, "Čebelnjak") == []
    database.close()


def test_a_token_is_nowhere_in_the_database(sqlite_database: Database, beginning: Beginning, file: Path) -> None:
    with sqlite_database.writing() as session:
        place = assessments.start(session, beginning, NOW)
        rotated = assessments.rotate_link(session, place.respondent)
    written = everything_in(file.parent)
    assert place.respondent.encode() in written
    assert place.token.encode() not in written
    assert rotated.encode() not in written


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_left_of_what_was_erased(
    sqlite_database: Database, beginning: Beginning, file: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    # Rows that push one another about: of those that it moves to another page SQLite leaves copies behind, here and
    # there. Ids and order come from a seed, so that it does so here.
    chance = random.Random(seed)  # noqa: S311 - nothing here is secret
    monkeypatch.setattr(secrets, "token_bytes", chance.randbytes)
    there: list[tuple[Place, bytes]] = []
    erased: list[tuple[Place, bytes]] = []
    for number in range(120):
        with sqlite_database.writing() as session:
            name = f"Canary {number:03}"
            told = beginning.model_copy(update={"organisation": name + "." * chance.randint(0, 90)})
            place = assessments.start(session, told, NOW)
            for question in range(3):
                save(session, place, f"question.{question}", writer=f"{name} writes")
            there.append((place, name.encode()))
            if number % 20 == 19:
                chance.shuffle(there)
                for place, name_written in there[len(there) // 2 :]:
                    assessments.erase(session, place.assessment)
                    erased.append((place, name_written))
                del there[len(there) // 2 :]
    sqlite_database.forget()
    written = everything_in(file.parent)
    assert [name for _, name in erased if name in written] == []
    assert [place for place, _ in erased if place.respondent.encode() in written] == []
    assert [name for _, name in there if name not in written] == []


def test_forgetting_that_somebody_holds_up_is_told(
    sqlite_database: Database, beginning: Beginning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.1)
    with sqlite_database.reading() as reader:
        assessments.sitting(reader, new_id())
        with sqlite_database.writing() as session:
            assessments.start(session, beginning, NOW)
        with sqlite_database.writing() as session:
            session.connection().exec_driver_sql("PRAGMA busy_timeout = 100")
        with pytest.raises(DatabaseUnavailableError, match="not yet overwritten"):
            sqlite_database.forget()


def test_a_writing_session_inside_another_is_refused_at_once(sqlite_database: Database) -> None:
    with sqlite_database.writing(), pytest.raises(RuntimeError, match="wait for itself"), sqlite_database.writing():
        pass
    with sqlite_database.writing():
        pass


def test_writers_take_turns_in_the_order_in_which_they_came() -> None:
    turns = Turns(patience=60)
    order: list[int] = []

    def come(number: int) -> None:
        with turns.turn():
            order.append(number)

    threads = [threading.Thread(target=come, args=(number,)) for number in range(5)]
    with turns.turn():
        for number, thread in enumerate(threads):
            thread.start()
            while turns.waiting == number:
                pass
    come(5)  # at once, and yet after those who waited
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]


def test_whoever_waits_in_vain_is_told_and_forgotten() -> None:
    turns = Turns(patience=0)
    told: list[Exception] = []

    def come() -> None:
        try:
            with turns.turn():
                pass
        except DatabaseUnavailableError as error:
            told.append(error)

    with turns.turn():
        thread = threading.Thread(target=come)
        thread.start()
        thread.join()
    assert len(told) == 1
    assert turns.waiting == 0
    with turns.turn():
        pass


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:////tmp/x.db?mode=ro",
        "sqlite:///file:x?uri=true",
        "mysql://somebody:s3cret@localhost/name",
        "postgresql://somebody:s3cret@localhost:s3cret/name",
        "postgresql://somebody:s3@cret@localhost/name",
        "postgresql://somebody:s3cret@127.0.0.1:1/name",
        "postgresql://somebody:s3cret@nowhere.invalid/name",
        "postgresql:///name?host=/nowhere",
        "sqlite:////proc/nowhere/x.db",
    ],
)
def test_an_address_that_cannot_be_used_is_one_clear_line_without_a_password(url: str) -> None:
    with pytest.raises(DatabaseUnusableError) as refusal:
        open_database(url)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) > 20
    assert "cret" not in str(refusal.value)


def test_a_folder_is_no_database_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir(mode=0o755)
    with pytest.raises(DatabaseUnusableError, match="must name a file"):
        open_database(f"sqlite:///{folder}")
    assert mode(folder) == 0o755


def test_another_programs_database_is_refused_and_left_alone(file: Path, sqlite_url: str) -> None:
    file.parent.mkdir()
    connection = sqlite.connect(file)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    file.chmod(0o644)
    before = file.read_bytes()
    with pytest.raises(DatabaseUnusableError, match="another program's"):
        open_database(sqlite_url)
    assert file.read_bytes() == before
    assert mode(file) == 0o644


def test_a_file_that_is_no_database_is_refused_and_left_alone(file: Path, sqlite_url: str) -> None:
    file.parent.mkdir()
    file.write_text("Dear diary, " * 1000)
    with pytest.raises(DatabaseUnusableError, match="not a database"):
        open_database(sqlite_url)
    assert file.read_text() == "Dear diary, " * 1000
