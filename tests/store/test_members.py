"""Who is in a cohort and how far they are; in as few questions to the database for many as for one; two made one."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session

from app.core.answers import AnswerDocument
from app.core.given import Answer, Respondent
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import (
    ClosedError,
    Cohort,
    CohortProgress,
    ConfidentialError,
    GoneError,
    Member,
)
from app.store.database import Database
from tests.store.conftest import NOW, queries

LATER = NOW + timedelta(hours=2)


def join(session: Session, cohort: Cohort, beginning: Beginning, name: str = "Medved", minutes: int = 0) -> Place:
    told = beginning.model_copy(update={"organisation": name})
    return cohorts.join(session, cohort.id, told, NOW + timedelta(minutes=minutes))


def save(session: Session, place: Place, answers: dict[str, Answer | None], seen: int = 0) -> None:
    for question, answer in answers.items():
        assessments.save_answer(
            session, place.respondent, question, answer, seen=seen, writer=None, sequence=0, now=NOW
        )


def merge(database: Database, cohort: Cohort, keep: str, drop: str) -> None:
    with database.writing() as session:
        cohorts.merge(session, cohort.id, keep, drop, LATER)


def document_of(database: Database, assessment: str) -> AnswerDocument:
    with database.reading() as session:
        return assessments.document(session, assessment)


def test_members_come_in_order_of_joining_with_how_far_they_are(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        third = join(session, cohort, beginning, "third", 3)
        first = join(session, cohort, beginning, "first", 1)
        second = join(session, cohort, beginning, "second", 2)
        save(session, first, {"a": 1, "b": "dont_know", "c": "not_applicable", "d": 2})
        save(session, first, {"d": None}, seen=1)
        save(session, third, {"a": 1})
        save(session, third, {"a": None}, seen=1)
        assessments.finish(session, first.assessment, LATER)
        cohorts.withdraw(session, second.assessment, LATER)

    def moment(minutes: int) -> dict[str, object]:
        return {"joined_at": NOW + timedelta(minutes=minutes)}

    with database.reading() as session:
        found = cohorts.members(session, cohort.id)
        assert cohorts.progress(session, cohort.id) == CohortProgress(joined=2, answered=1, finished=1)
        assert cohorts.member(session, cohort.id, first.assessment) == found[0]
        assert cohorts.member(session, cohort.id, second.assessment) is None
        assert cohorts.member(session, cohort.id, "\x00") is None
    assert found == [
        Member(first.assessment, first.respondent, "first", NOW + timedelta(minutes=1), 3, LATER, None),
        Member(second.assessment, second.respondent, "second", NOW + timedelta(minutes=2), 0, None, LATER),
        Member(third.assessment, third.respondent, "third", NOW + timedelta(minutes=3), 0, None, None),
    ]
    assert [one.answered for one in found] == [True, False, False]


def test_other_cohorts_members_are_not_among_them(
    database: Database, cohort: Cohort, confidential: Cohort, beginning: Beginning, place: Place
) -> None:
    with database.writing() as session:
        elsewhere = join(session, confidential, beginning)
        for one in (elsewhere, place):
            save(session, one, {"a": 1})
            assessments.finish(session, one.assessment, NOW)
        assert cohorts.members(session, cohort.id) == []
        assert cohorts.member(session, cohort.id, place.assessment) is None
        assert cohorts.member(session, cohort.id, elsewhere.assessment) is None
        assert cohorts.documents(session, cohort.id) == []
        assert cohorts.progress(session, cohort.id) == CohortProgress(0, 0, 0)


def test_documents_are_those_of_the_finished_as_each_is_by_itself(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        places = [join(session, cohort, beginning, f"Medved {number}", 9 - number) for number in range(5)]
        for number, place in enumerate(places):
            save(session, place, {"a": 1 + number, "b": "dont_know"})
            assessments.save_choices(session, place.assessment, {"strategy": 1 + number}, {"culture": 2}, NOW)
            if number != 2:
                assessments.finish(session, place.assessment, NOW)
        cohorts.withdraw(session, places[3].assessment, NOW)
    with database.reading() as session:
        found = cohorts.documents(session, cohort.id)
        assert found == [
            (places[number].assessment, assessments.document(session, places[number].assessment))
            for number in (4, 1, 0)
        ]
    assert found[0][1].respondents[0].answers == {"a": 5, "b": "dont_know"}
    assert found[0][1].targets == {"strategy": 5}


@pytest.mark.parametrize("many", [30])
def test_many_members_take_no_more_queries_than_one(
    database: Database, cohort: Cohort, beginning: Beginning, many: int
) -> None:
    asked: dict[str, Callable[[Session], object]] = {
        "members": lambda session: cohorts.members(session, cohort.id),
        "documents": lambda session: cohorts.documents(session, cohort.id),
        "progress": lambda session: cohorts.progress(session, cohort.id),
        "cohorts": lambda session: cohorts.cohorts_of(session, cohort.owner_id),
    }

    def join_some(count: int) -> None:
        with database.writing() as session:
            for _ in range(count):
                place = join(session, cohort, beginning)
                save(session, place, {f"question.{number}": 3 for number in range(5)})
                assessments.save_choices(session, place.assessment, {"strategy": 4}, {}, NOW)
                assessments.finish(session, place.assessment, NOW)

    def counted() -> dict[str, int]:
        numbers: dict[str, int] = {}
        for name, ask in asked.items():
            with database.reading() as session, queries(session) as sent:
                ask(session)
            numbers[name] = len(sent)
        return numbers

    join_some(1)
    for_one = counted()
    join_some(many - 1)
    assert counted() == for_one == {"members": 2, "documents": 5, "progress": 1, "cohorts": 1}


def test_a_new_default_target_holds_for_all_who_count(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    with database.writing() as session:
        stays, leaves = join(session, cohort, beginning), join(session, cohort, beginning)
        cohorts.withdraw(session, leaves.assessment, NOW)
        cohorts.change(session, cohort.id, cohort.model_copy(update={"default_target": 2}))
        later = join(session, cohort, beginning)
    targets = [document_of(database, one.assessment).default_target for one in (stays, leaves, later)]
    assert targets == [2, 4, 2]


def test_merging_fills_what_is_open_and_erases_the_other(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        keep, drop = join(session, cohort, beginning, "keep"), join(session, cohort, beginning, "drop")
        save(session, keep, {"a": 1, "b": "dont_know", "c": 2})
        save(session, keep, {"c": None}, seen=1)
        save(session, drop, {"a": 5, "b": 5, "c": 5, "d": "not_applicable", "e": 4})
        save(session, drop, {"e": None}, seen=1)
        assessments.save_choices(session, keep.assessment, {"strategy": 1}, {"culture": 1}, NOW)
        assessments.save_choices(session, drop.assessment, {"strategy": 5, "journey": 5}, {"strategy": 4}, NOW)
        assessments.finish(session, drop.assessment, NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    merged = document_of(database, keep.assessment)
    assert merged.organisation == "keep"
    assert merged.respondents[0].answers == {"a": 1, "b": "dont_know", "c": 5, "d": "not_applicable"}
    assert merged.targets == {"strategy": 1, "journey": 5}
    assert merged.importance == {"strategy": 4, "culture": 1}
    assert merged.date == NOW.date()
    with database.reading() as session:
        assert [one.assessment for one in cohorts.members(session, cohort.id)] == [keep.assessment]
        assert assessments.sitting(session, drop.assessment) is None
        assert assessments.place_of(session, drop.token) is None
        assert assessments.place_of(session, keep.token) is not None
        # A page that is open on the kept one is told that its answer changed, and does not overwrite it.
        assert assessments.answers_of(session, keep.respondent)["c"].revision == 3


def test_the_first_to_finish_says_when(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    with database.writing() as session:
        keep, drop = join(session, cohort, beginning), join(session, cohort, beginning)
        assessments.finish(session, keep.assessment, NOW)
        assessments.finish(session, drop.assessment, LATER)
    merge(database, cohort, keep.assessment, drop.assessment)
    assert document_of(database, keep.assessment).date == NOW.date()


def test_whoever_answered_beside_an_owner_answers_on(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    def team(*answers: dict[str, Answer]) -> AnswerDocument:
        people = tuple(Respondent(role="other", answers=given) for given in answers)
        return AnswerDocument(**beginning.model_dump(exclude={"role"}), respondents=people)

    with database.writing() as session:
        keep = cohorts.join_with(session, cohort.id, team({"a": 1}, {"a": 2}), NOW)
        drop = cohorts.join_with(session, cohort.id, team({"b": 3}, {"a": 4}, {"a": 5}), NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    answers = [one.answers for one in document_of(database, keep.assessment).respondents]
    assert answers == [{"a": 1, "b": 3}, {"a": 2}, {"a": 4}, {"a": 5}]
    with database.reading() as session:
        assert len(cohorts.members(session, cohort.id)) == 1


def test_only_two_different_members_of_an_open_cohort_are_merged(
    database: Database, cohort: Cohort, confidential: Cohort, beginning: Beginning, place: Place
) -> None:
    with database.writing() as session:
        one, other = join(session, cohort, beginning), join(session, cohort, beginning)
        gone, secret = join(session, cohort, beginning), join(session, confidential, beginning)
        cohorts.withdraw(session, gone.assessment, NOW)
    for stranger in (one.assessment, gone.assessment, secret.assessment, place.assessment, "", "\x00"):
        with pytest.raises(GoneError):
            merge(database, cohort, one.assessment, stranger)
        with pytest.raises(GoneError):
            merge(database, cohort, stranger, one.assessment)
    with pytest.raises(ConfidentialError):
        merge(database, confidential, secret.assessment, secret.assessment)
    with database.writing() as session:
        cohorts.close(session, cohort.id, NOW)
    with pytest.raises(ClosedError):
        merge(database, cohort, one.assessment, other.assessment)
