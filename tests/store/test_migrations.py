"""Migrations: they lead exactly to the tables, lose nothing, and may be started by several processes at once."""

import subprocess
import sys

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from app.core.answers.document import AnswerDocument
from app.core.answers.values import Respondent
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import Cohort
from app.store.database import Database, open_database
from app.store.errors import DatabaseUnusableError
from app.store.migrate import downgrade, upgrade
from app.store.tables import Table
from tests.store.conftest import NOW

PROGRAM = """
import sys
from app.store.database import open_database

sys.stdin.readline()
database = open_database(sys.argv[1])
database.migrate()
database.close()
"""
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def shape(connection: Connection) -> dict[str, object]:
    """Everything that a database says about its tables, in an order of its own."""
    look = inspect(connection)

    def listed(items: object) -> list[str]:
        return sorted(map(repr, items if isinstance(items, list) else [items]))

    return {
        name: {
            "columns": [{key: str(value) for key, value in column.items()} for column in look.get_columns(name)],
            "primary key": look.get_pk_constraint(name),
            "foreign keys": listed(look.get_foreign_keys(name)),
            "unique": listed(look.get_unique_constraints(name)),
            "checks": listed(look.get_check_constraints(name)),
            "indexes": listed(look.get_indexes(name)),
        }
        for name in sorted(look.get_table_names())
        if name != "alembic_version"
    }


def test_migrating_an_empty_database_gives_exactly_the_tables(url: str) -> None:
    database = open_database(url)
    with database.migrating() as connection:
        Table.metadata.create_all(connection)
        meant = shape(connection)
        Table.metadata.drop_all(connection)
        upgrade(connection)
        assert shape(connection) == meant
        assert set(meant) == set(Table.metadata.tables)
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    database.close()


def test_all_migrations_can_be_taken_back_and_made_again(database: Database) -> None:
    with database.migrating() as connection:
        before = shape(connection)
        downgrade(connection, "base")
        assert shape(connection) == {}
        upgrade(connection)
        assert shape(connection) == before


def test_an_assessment_from_before_there_were_cohorts_stays_as_it_is(database: Database, place: Place) -> None:
    with database.writing() as session:
        assessments.save_choices(session, place.assessment, {"strategy": 4}, {}, NOW)
        before = assessments.sitting(session, place.assessment), assessments.document(session, place.assessment)
    with database.migrating() as connection:
        downgrade(connection, "0001")
        upgrade(connection)
    with database.reading() as session:
        after = assessments.sitting(session, place.assessment), assessments.document(session, place.assessment)
        assert assessments.place_of(session, place.token) is not None
    assert after == before


def test_whoever_answered_in_a_finished_assessment_from_before_there_were_teams_has_finished(
    database: Database, beginning: Beginning
) -> None:
    person = Respondent(role="other", answers={})
    document = AnswerDocument(**beginning.model_dump(exclude={"role"}), respondents=(person, person))
    with database.writing() as session:
        begun = assessments.begin_from(session, document, NOW)
        finished = assessments.begin_from(session, document.model_copy(update={"date": NOW.date()}), NOW)
    with database.migrating() as connection:
        downgrade(connection, "0002")
        upgrade(connection)
    with database.reading() as session:
        days = [
            [one.finished_at and one.finished_at.date() for one in assessments.team(session, id_, NOW).members]
            for id_ in (begun.assessment, finished.assessment)
        ]
        # Whoever began it has not finished, and so does not count beside the other.
        assert len(assessments.document(session, begun.assessment).respondents) == 1
    assert days == [[None, NOW.date()], [NOW.date(), NOW.date()]]


def test_migrating_again_changes_nothing(database: Database, place: Place) -> None:
    database.migrate()
    with database.reading() as session:
        assert assessments.sitting(session, place.assessment) is not None


def test_several_processes_may_migrate_at_once(url: str) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, url], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("now\n")
        program.stdin.flush()
    errors = [program.communicate()[1] for program in programs]
    assert [(program.returncode, error) for program, error in zip(programs, errors, strict=True)] == [(0, "")] * 4
    database = open_database(url)
    with database.migrating() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []
    database.close()


def test_a_process_waits_for_another_ones_migration(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with (
        subprocess.Popen([sys.executable, "-c", PROGRAM, postgres_url], stdin=subprocess.PIPE, text=True) as program,
        psycopg.connect(postgres_url.replace("+psycopg", ""), autocommit=True) as watcher,
    ):
        assert program.stdin is not None
        with database.migrating() as connection:
            upgrade(connection)
            program.stdin.write("now\n")
            program.stdin.flush()
            while program.poll() is None and watcher.execute(WAITING).fetchone() is None:
                pass
        assert program.wait() == 0
    database.close()


def test_a_table_can_be_made_anew_without_its_rows_dependants_vanishing(database: Database, place: Place) -> None:
    with database.migrating() as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("assessment", recreate="auto") as table:
            table.alter_column("organisation", new_column_name="named", existing_type=sa.String())
    with database.reading() as session:
        assert assessments.place_of(session, place.token) is not None


def test_a_migration_that_fails_changes_nothing(database: Database, place: Place) -> None:
    def fail_midway() -> None:
        with database.migrating() as connection:
            downgrade(connection, "base")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_midway()
    with database.reading() as session:
        assert assessments.sitting(session, place.assessment) is not None


def test_a_migration_that_leaves_rows_pointing_to_nothing_is_refused(
    sqlite_database: Database, beginning: Beginning
) -> None:
    with sqlite_database.writing() as session:
        place = assessments.start(session, beginning, NOW)
    with pytest.raises(DatabaseUnusableError, match="point to nothing"), sqlite_database.migrating() as connection:
        connection.exec_driver_sql("DELETE FROM assessment")
    with sqlite_database.reading() as session:
        assert assessments.sitting(session, place.assessment) is not None


def test_a_database_of_a_newer_version_is_refused(database: Database) -> None:
    with database.migrating() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseUnusableError, match=r"another version of this program .*9999"):
        database.migrate()


def test_who_had_withdrawn_before_stays_by_the_name_that_it_has(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        place = cohorts.join(session, cohort.id, beginning, NOW)
        cohorts.withdraw(session, place.assessment, NOW)
    with database.migrating() as connection:
        downgrade(connection, "0003")
        upgrade(connection)
    with database.reading() as session:
        [told] = cohorts.members(session, cohort.id)
    assert (told.organisation, told.withdrawn_at) == (beginning.organisation, NOW)
