"""An assessment's life, and who gets to it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlmodel import Session, func, select

from app.store import assessments
from app.store.assessments import Beginning, Details, FoundAssessment, GoneError, Membership, Place, Sitting
from app.store.database import Database
from app.store.tables import Table
from tests.store.conftest import NOW, everything_in
from tests.store.whole import WHOLE

LATER = NOW + timedelta(days=1)


def of(database: Database, place: Place) -> Sitting:
    with database.reading() as session:
        sitting = assessments.sitting(session, place.assessment)
    assert sitting is not None
    return sitting


def begin(database: Database, beginning: Beginning, organisation: str, now: datetime = NOW) -> Place:
    with database.writing() as session:
        return assessments.start(session, beginning.model_copy(update={"organisation": organisation}), now)


def found(database: Database, name: str) -> list[FoundAssessment]:
    with database.reading() as session:
        return assessments.find_organisation(session, name)


def rows(database: Database, table: str) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(Table.metadata.tables[table])).one()


def test_what_is_said_at_the_beginning_is_kept(database: Database, beginning: Beginning) -> None:
    with database.writing() as session:
        place = assessments.start(session, beginning.model_copy(update={"default_target": 4}), NOW)
    assert of(database, place) == Sitting(
        id=place.assessment,
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        organisation="Čebelnjak d.o.o.",
        language="sl",
        business_stage="first_customers",
        default_target=4,
        created_at=NOW,
        updated_at=NOW,
        finished_at=None,
    )


def test_times_come_back_as_they_were_and_in_utc(database: Database, beginning: Beginning) -> None:
    elsewhere = NOW.astimezone(tz=None).astimezone(datetime.fromisoformat("2026-11-21T00:00+05:30").tzinfo)
    created = of(database, begin(database, beginning, "X", elsewhere)).created_at
    assert created == NOW
    assert created.tzinfo == UTC


def test_a_time_without_a_zone_is_refused(database: Database, beginning: Beginning) -> None:
    with pytest.raises(Exception, match="timezone"):
        begin(database, beginning, "X", NOW.replace(tzinfo=None))


def test_ids_and_links_are_random_and_long_enough(place: Place) -> None:
    assert re.fullmatch("[a-z2-7]{16}", place.assessment)  # 80 bits
    assert re.fullmatch("[a-z2-7]{16}", place.respondent)
    assert re.fullmatch("[A-Za-z0-9_-]{27}", place.token)  # 160 bits


@pytest.mark.parametrize("organisation", ["", " ", "x" * 121, "one\ntwo", "\x00"])
def test_an_impossible_name_is_refused(beginning: Beginning, organisation: str) -> None:
    with pytest.raises(ValidationError):
        Beginning.model_validate(beginning.model_dump() | {"organisation": organisation})


def test_a_private_link_leads_to_its_place(database: Database, place: Place) -> None:
    with database.reading() as session:
        assert assessments.place_of(session, place.token) == Membership(
            place.assessment, place.respondent, True, "leadership", None
        )


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 100_000])
def test_a_strangers_link_leads_nowhere(database: Database, place: Place, token: str) -> None:
    with database.reading() as session:
        assert assessments.place_of(session, token) is None
        assert assessments.place_of(session, place.token + token) is None or not token


def test_a_link_is_not_its_own_hash(database: Database, place: Place) -> None:
    with database.reading() as session:
        kept = session.connection().exec_driver_sql("SELECT link_hash FROM respondent").scalar_one()
        assert assessments.place_of(session, kept) is None


def test_a_new_link_ends_the_old_one_at_once(database: Database, place: Place) -> None:
    with database.writing() as session:
        token = assessments.rotate_link(session, place.respondent)
    with database.reading() as session:
        assert assessments.place_of(session, place.token) is None
        assert assessments.place_of(session, token) == Membership(
            place.assessment, place.respondent, True, "leadership", None
        )


def test_nobody_gets_an_assessment_that_is_not_there(database: Database) -> None:
    with database.reading() as session:
        assert assessments.sitting(session, "nothing") is None
        assert assessments.answers_of(session, "nobody") == {}
        with pytest.raises(GoneError):
            assessments.document(session, "nothing")


def test_details_can_be_said_anew_one_by_one(database: Database, place: Place) -> None:
    with database.writing() as session:
        assessments.change_details(session, place.respondent, Details(organisation="Medved", role="other"), LATER)
        assessments.change_details(session, place.respondent, Details(business_stage="growing"), LATER)
        assessments.change_details(session, place.respondent, Details(language="cs"), LATER)
    now = of(database, place)
    assert (now.organisation, now.business_stage, now.language, now.updated_at) == ("Medved", "growing", "cs", LATER)
    with database.reading() as session:
        assert assessments.document(session, place.assessment).respondents[0].role == "other"


def test_it_is_finished_once(database: Database, place: Place) -> None:
    with database.writing() as session:
        assessments.finish(session, place.assessment, NOW)
        assessments.finish(session, place.assessment, LATER)
    assert of(database, place).finished_at == NOW


def test_choices_are_set_changed_cleared_and_otherwise_left(database: Database, place: Place) -> None:
    with database.writing() as session:
        assessments.save_choices(session, place.assessment, {"strategy": 4, "culture": 2}, {"strategy": 5}, NOW)
        assessments.save_choices(session, place.assessment, {"strategy": None}, {"journey": 1}, LATER)
    with database.reading() as session:
        document = assessments.document(session, place.assessment)
    assert document.targets == {"culture": 2}
    assert document.importance == {"strategy": 5, "journey": 1}
    assert of(database, place).updated_at == LATER


@pytest.mark.parametrize("name", ["Čebelnjak d.o.o.", "ČEBELNJAK D.O.O.", " čebelnjak d.o.o. "])
def test_an_organisation_is_found_by_its_name(database: Database, beginning: Beginning, name: str) -> None:
    place = begin(database, beginning, "Čebelnjak d.o.o.")
    begin(database, beginning, "Čebelnjak d.o.o. Celje")
    assert found(database, name) == [
        FoundAssessment(place.assessment, place.respondent, "Čebelnjak d.o.o.", "pulse", NOW, NOW)
    ]


def test_else_by_a_part_of_it_the_newest_first(database: Database, beginning: Beginning) -> None:
    begin(database, beginning, "Čebelnjak d.o.o.")
    begin(database, beginning, "Medved")
    begin(database, beginning, "Stari čebelnjak", LATER)
    assert [one.organisation for one in found(database, "ČEBEL")] == ["Stari čebelnjak", "Čebelnjak d.o.o."]
    assert found(database, "100%") == []


def test_whatever_is_erased_is_gone_and_the_rest_stays(database: Database, beginning: Beginning, place: Place) -> None:
    other = begin(database, beginning, "Medved")
    with database.writing() as session:
        for one in (place, other):
            assessments.save_choices(session, one.assessment, {"strategy": 4}, {}, NOW)
            assessments.save_answer(
                session, one.respondent, "strategy.purpose", 3, seen=0, writer=None, sequence=0, now=NOW
            )
        assessments.erase(session, place.assessment)
    database.forget()
    with database.reading() as session:
        assert assessments.place_of(session, place.token) is None
        assert assessments.sitting(session, place.assessment) is None
        assert assessments.answers_of(session, place.respondent) == {}
        assert assessments.document(session, other.assessment).respondents[0].answers == {"strategy.purpose": 3}
        count = "SELECT (SELECT count(*) FROM answer), (SELECT count(*) FROM dimension_choice)"
        assert session.connection().exec_driver_sql(count).one() == (1, 1)


def test_erasing_leaves_no_row_but_that_it_was_erased(database: Database) -> None:
    before = {name for name in Table.metadata.tables if rows(database, name)}
    with database.writing() as session:
        place = assessments.begin_from(session, WHOLE, NOW)
        assessments.join_team(session, place.assessment, "other", NOW)
        assessments.save_choices(session, place.assessment, {"strategy": 4}, {}, NOW)
        assessments.share(session, place.assessment, "report", 7, NOW)
    told = {name for name in Table.metadata.tables if rows(database, name)} - before
    assert told >= {"action", "agreed_level", "earlier_sitting", "module_field", "respondent_field", "touchpoint"}
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    assert {name for name in Table.metadata.tables if rows(database, name)} - before == {"erasure"}


def test_no_word_of_an_erased_assessment_is_left_in_the_file(sqlite_database: Database, file: Path) -> None:
    words = ["Čebelnjak", "Tržnica", "Spam?", "Popuste", "O nas", "Poklicati deset kupcev", "Vračajo se", "Ana"]
    with sqlite_database.writing() as session:
        place = assessments.begin_from(session, WHOLE, NOW)
        code = assessments.open_team(session, place.assessment, NOW)
    written = everything_in(file.parent)
    assert [word for word in [*words, code] if word.encode() not in written] == []
    with sqlite_database.writing() as session:
        assessments.erase(session, place.assessment)
    sqlite_database.forget()
    written = everything_in(file.parent)
    assert [word for word in [*words, code] if word.encode() in written] == []


@pytest.mark.parametrize("write", ["finish", "erase", "rotate", "change", "choices"])
def test_every_write_to_what_is_gone_is_told(database: Database, place: Place, write: str) -> None:
    calls: dict[str, Callable[[Session], object]] = {
        "finish": lambda session: assessments.finish(session, place.assessment, NOW),
        "erase": lambda session: assessments.erase(session, place.assessment),
        "rotate": lambda session: assessments.rotate_link(session, place.respondent),
        "change": lambda session: assessments.change_details(session, place.respondent, Details(), NOW),
        "choices": lambda session: assessments.save_choices(session, place.assessment, {"strategy": 1}, {}, NOW),
    }
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    with pytest.raises(GoneError), database.writing() as session:
        calls[write](session)
