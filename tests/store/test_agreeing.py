"""Agreed levels and the fields of the modules: a retry has one effect, and nobody is silently overwritten."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlmodel import Session

from app.core.answers.modules import FieldValue
from app.store import assessments, cohorts
from app.store.assessments import (
    Agreed,
    AgreedElsewhereError,
    Beginning,
    ClosedError,
    FieldChangedError,
    GoneError,
    Place,
)
from app.store.cohorts import Cohort
from app.store.database import Database
from tests.store.conftest import NOW, at_once, in_the_meantime

QUESTION = "strategy.purpose"
FIELD = "profile.size"


def agree(
    database: Database, place: Place, level: int | None, evidence: str | None = None, seen: Agreed | None = None
) -> Agreed | None:
    with database.writing() as session:
        return assessments.agree(session, place.assessment, QUESTION, level, evidence, seen, NOW)


def agreed(database: Database, place: Place) -> dict[str, Agreed]:
    with database.reading() as session:
        return assessments.agreed_of(session, place.assessment)


def save(database: Database, place: Place, value: FieldValue | None, *seen: FieldValue | None) -> bool:
    with database.writing() as session:
        return assessments.save_field(session, place.assessment, FIELD, value, frozenset(seen), NOW)


def save_own(database: Database, place: Place, value: FieldValue | None, *seen: FieldValue | None) -> bool:
    with database.writing() as session:
        return assessments.save_own_field(session, place.respondent, "front_office", value, frozenset(seen), NOW)


def test_a_level_is_agreed_said_anew_and_taken_back(database: Database, place: Place) -> None:
    assert agreed(database, place) == {}
    first = agree(database, place, 3)
    assert first == Agreed(3)
    second = agree(database, place, 4, "Zapisnik", seen=first)
    assert agreed(database, place) == {QUESTION: Agreed(4, "Zapisnik")}
    assert agree(database, place, None, "nobody reads this", seen=second) is None
    assert agreed(database, place) == {}


def test_agreeing_again_on_the_same_changes_nothing_whatever_was_seen(database: Database, place: Place) -> None:
    agree(database, place, 3, "Zapisnik")
    assert agree(database, place, 3, "Zapisnik", seen=Agreed(1)) == Agreed(3, "Zapisnik")
    assert agree(database, place, 3, "Zapisnik") == Agreed(3, "Zapisnik")


@pytest.mark.parametrize("seen", [None, Agreed(4), Agreed(3, "older")])
@pytest.mark.parametrize(("level", "evidence"), [(5, None), (None, None), (3, "another")])
def test_what_was_agreed_elsewhere_is_told_and_stays(
    database: Database, place: Place, seen: Agreed | None, level: int | None, evidence: str | None
) -> None:
    agree(database, place, 3, "Zapisnik")
    with pytest.raises(AgreedElsewhereError) as refusal:
        agree(database, place, level, evidence, seen)
    assert refusal.value.stored == Agreed(3, "Zapisnik")
    assert agreed(database, place) == {QUESTION: Agreed(3, "Zapisnik")}


def test_of_two_who_agree_otherwise_at_once_one_is_told(database: Database, place: Place) -> None:
    calls = [partial(agree, database, place, level) for level in (2, 5)]
    found = at_once(*calls, refused=AgreedElsewhereError)
    kept = agreed(database, place)[QUESTION]
    refusals = [one for one in found if isinstance(one, AgreedElsewhereError)]
    assert [one.stored for one in refusals] == [kept]
    assert kept in found


def test_whoever_agrees_while_somebody_else_does_waits_and_is_told(database: Database, place: Place) -> None:
    seen = agree(database, place, 3)
    refusal = in_the_meantime(
        database,
        lambda session: assessments.agree(session, place.assessment, QUESTION, 2, None, seen, NOW),
        lambda: agree(database, place, 5, seen=seen),
    )
    assert isinstance(refusal, AgreedElsewhereError)
    assert refusal.stored == Agreed(2)
    assert agreed(database, place) == {QUESTION: Agreed(2)}


@pytest.mark.parametrize("own", [True, False])
def test_whoever_saves_a_field_while_somebody_else_does_waits_and_is_told(
    database: Database, place: Place, own: bool
) -> None:
    save_one = save_own if own else save
    save_one(database, place, 1, None)

    def save_first(session: Session) -> None:
        if own:
            assessments.save_own_field(session, place.respondent, "front_office", 2, {1}, NOW)
        else:
            assessments.save_field(session, place.assessment, FIELD, 2, {1}, NOW)

    refusal = in_the_meantime(database, save_first, lambda: save_one(database, place, 3, 1))
    assert isinstance(refusal, FieldChangedError)
    assert refusal.stored == 2


def test_in_a_closed_cohort_levels_stay_and_fields_may_change(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        place = cohorts.join(session, cohort.id, beginning, NOW)
    agree(database, place, 3)
    with database.writing() as session:
        cohorts.close(session, cohort.id, NOW)
    for level in (4, None):
        with pytest.raises(ClosedError):
            agree(database, place, level, seen=Agreed(3))
    assert agree(database, place, 3) == Agreed(3)
    assert save(database, place, "2-9", None)
    assert save_own(database, place, 4, None)


@pytest.mark.parametrize("level", [0, 6])
def test_the_database_itself_refuses_an_illegal_agreed_level(database: Database, place: Place, level: int) -> None:
    with pytest.raises(Exception, match="ck_agreed_level_level"):
        agree(database, place, level)


@pytest.mark.parametrize("value", ["2-9", True, 100_000_000_000, "Čaj »doma«\n😀"])
def test_a_field_comes_back_as_it_was_given(database: Database, place: Place, value: FieldValue) -> None:
    assert save(database, place, value, None)
    with database.reading() as session:
        found = assessments.fields_of(session, place.assessment)
    assert found == {FIELD: value}
    assert type(found[FIELD]) is type(value)
    assert save(database, place, None, value)
    with database.reading() as session:
        assert assessments.fields_of(session, place.assessment) == {}


@pytest.mark.parametrize("save_one", [save, save_own])
def test_a_field_that_was_changed_elsewhere_is_told_and_stays(
    database: Database, place: Place, save_one: Callable[..., bool]
) -> None:
    assert save_one(database, place, 2, None)
    assert not save_one(database, place, 2, None, 5)  # a retry, and whoever chose the same
    for value in (3, None):
        with pytest.raises(FieldChangedError) as refusal:
            save_one(database, place, value, None, 5)
        assert refusal.value.stored == 2
    assert save_one(database, place, 3, None, 2)


def test_of_two_who_save_a_field_at_once_one_is_told(database: Database, place: Place) -> None:
    found = at_once(
        *(partial(save, database, place, value, None) for value in ("2-9", "10-49")), refused=FieldChangedError
    )
    with database.reading() as session:
        kept = assessments.fields_of(session, place.assessment)[FIELD]
    assert [one.stored for one in found if isinstance(one, FieldChangedError)] == [kept]
    assert True in found


def test_own_fields_are_each_respondents(database: Database, place: Place) -> None:
    with database.writing() as session:
        colleague = assessments.join_team(session, place.assessment, "back_office", NOW)
    save_own(database, place, 4, None)
    save_own(database, colleague, 2, None)
    with database.reading() as session:
        assert assessments.own_fields_of(session, place.respondent) == {"front_office": 4}
        assert assessments.own_fields_of(session, colleague.respondent) == {"front_office": 2}
        assert assessments.fields_of(session, place.assessment) == {}
        assert assessments.document(session, place.assessment).modules.front_back_office == ()
    with database.writing() as session:
        for one in (place, colleague):
            assessments.finish_own(session, one.respondent, NOW)
    with database.reading() as session:
        views = assessments.document(session, place.assessment).modules.front_back_office
        assert [view.front_office for view in views] == [4, 2]


def test_every_such_write_to_what_is_gone_is_told(database: Database, place: Place) -> None:
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    for write in (
        partial(agree, database, place, 3),
        partial(save, database, place, 3, None),
        partial(save_own, database, place, 3, None),
    ):
        with pytest.raises(GoneError):
            write()
