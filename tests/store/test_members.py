"""Who is in a cohort and how far they are; in as few questions to the database for many as for one; two made one."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from app import content
from app.core.answers.document import AnswerDocument
from app.core.answers.modules import AtStake, EarlierSitting, Modules, OfficeView, Profile, Touchpoint
from app.core.answers.values import Answer, Respondent
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import (
    CannotMergeError,
    ClosedError,
    Cohort,
    CohortProgress,
    ConfidentialError,
    GoneError,
    Member,
)
from app.store.database import Database
from tests.store.conftest import NOW, queries
from tests.store.whole import WHOLE

LATER = NOW + timedelta(hours=2)
ALONE = WHOLE.respondents[:1]


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
        Member(
            first.assessment, first.respondent, "first", NOW + timedelta(minutes=1), 3, LATER, None, people_finished=1
        ),
        Member(second.assessment, second.respondent, "second", NOW + timedelta(minutes=2), None, None, LATER),
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
    assert counted() == for_one == {"members": 3, "documents": 10, "progress": 1, "cohorts": 1}


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
    merge(database, cohort, keep.assessment, drop.assessment)
    merged = document_of(database, keep.assessment)
    assert merged.organisation == "keep"
    assert merged.respondents[0].answers == {"a": 1, "b": "dont_know", "c": 5, "d": "not_applicable"}
    assert merged.targets == {"strategy": 1, "journey": 5}
    assert merged.importance == {"strategy": 4, "culture": 1}
    assert merged.date is None
    with database.reading() as session:
        assert [one.assessment for one in cohorts.members(session, cohort.id)] == [keep.assessment]
        assert assessments.sitting(session, drop.assessment) is None
        assert assessments.place_of(session, drop.token) is None
        assert assessments.place_of(session, keep.token) is not None
        # A page that is open on the kept one is told that its answer changed, and does not overwrite it.
        assert assessments.answers_of(session, keep.respondent)["c"].revision == 3


def test_no_draft_becomes_part_of_what_has_finished(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    with database.writing() as session:
        keep, drop = join(session, cohort, beginning), join(session, cohort, beginning)
        save(session, keep, {"a": 1})
        save(session, drop, {"a": 2, "b": 2})
        assessments.save_choices(session, drop.assessment, {"strategy": 5}, {}, NOW)
        assessments.finish(session, keep.assessment, NOW)
        colleague = assessments.join_team(session, drop.assessment, "other", NOW)
        assessments.finish_own(session, colleague.respondent, NOW)
    with pytest.raises(CannotMergeError, match="unfinished"):
        merge(database, cohort, drop.assessment, keep.assessment)
    merge(database, cohort, keep.assessment, drop.assessment)
    merged = document_of(database, keep.assessment)
    assert [one.answers for one in merged.respondents] == [{"a": 1}, {}]
    assert (merged.targets, merged.date) == ({}, NOW.date())


def test_whoever_answered_beside_an_owner_answers_on(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    def team(*answers: dict[str, Answer]) -> AnswerDocument:
        people = tuple(Respondent(role="other", answers=given) for given in answers)
        return AnswerDocument(**beginning.model_dump(exclude={"role"}), respondents=people)

    with database.writing() as session:
        keep = cohorts.join_with(session, cohort.id, team({"a": 1}, {"a": 2}), NOW)
        drop = cohorts.join_with(session, cohort.id, team({"b": 3}, {"a": 4}, {"a": 5}), NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    answers = [one.answers for one in document_of(database, keep.assessment).respondents]
    assert answers[0] == {"a": 1, "b": 3}
    assert sorted(answers[1:], key=repr) == [{"a": 2}, {"a": 4}, {"a": 5}]
    with database.reading() as session:
        assert len(cohorts.members(session, cohort.id)) == 1


def test_merging_fills_every_module_and_loses_no_touchpoint_and_no_action(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        keep = join(session, cohort, beginning)
        assessments.finish(session, keep.assessment, NOW)
        drop = cohorts.join_with(session, cohort.id, WHOLE, NOW)
        open_code = assessments.open_team(session, drop.assessment, NOW)
        _, token = assessments.share(session, drop.assessment, "report", 7, NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    merged = document_of(database, keep.assessment)
    assert merged.agreed == WHOLE.agreed
    assert merged.modules == WHOLE.modules
    assert merged.actions == WHOLE.actions
    with database.reading() as session:
        assert assessments.team_by_code(session, open_code, NOW) is None
        assert assessments.shared(session, token, NOW) is None
        assert len(assessments.team(session, keep.assessment, NOW).members) == 2


def test_merging_changes_nothing_that_was_told_already(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    kept = Modules(
        profile=Profile(sector="health", customers=("consumers",)),
        journey=(WHOLE.modules.journey[1], Touchpoint(stage="discover", name="Plakat")),
        front_back_office=(OfficeView(front_office=1, channels=("shop",)),),
        at_stake=AtStake(revenue=7),
        evidence={"strategy.purpose": "mine"},
        earlier=WHOLE.modules.earlier[:1],
    )
    document = WHOLE.model_copy(
        update={"modules": kept, "agreed": {"strategy.purpose": 5}, "actions": WHOLE.actions[1:], "respondents": ALONE}
    )
    with database.writing() as session:
        keep = cohorts.join_with(session, cohort.id, document, NOW)
        drop = cohorts.join_with(session, cohort.id, WHOLE, NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    merged = document_of(database, keep.assessment)
    told = merged.modules
    assert merged.agreed == {"strategy.purpose": 5, "culture.purpose": 2}
    assert told.evidence == {"strategy.purpose": "mine"}
    assert told.profile == Profile(
        sector="health", size="2-9", customers=("consumers",), channels=WHOLE.modules.profile.channels
    )
    # A sum in another's currency would be another sum.
    assert told.at_stake == AtStake(revenue=7)
    assert told.front_back_office[0] == OfficeView(
        front_office=1, back_office=2, channels=("shop",), took_for_cxm="cxm"
    )
    assert told.front_back_office[1:] == WHOLE.modules.front_back_office[1:]
    assert [one.name for one in told.journey] == ["Plakat", "Tržnica", "Pismo"]
    assert [one.text for one in merged.actions] == ["Popust", "Poklicati deset kupcev"]
    assert told.earlier == WHOLE.modules.earlier[:1]


def test_a_merged_journey_has_no_more_touchpoints_than_a_sheet_has_room_for(database: Database, cohort: Cohort) -> None:
    def many(name: str, count: int) -> AnswerDocument:
        journey = tuple(Touchpoint(stage="buy", name=f"{name} {number:02}") for number in range(count))
        return WHOLE.model_copy(update={"modules": Modules(journey=journey)})

    with database.writing() as session:
        keep = cohorts.join_with(session, cohort.id, many("keep", 28), NOW)
        drop = cohorts.join_with(session, cohort.id, many("drop", 30), NOW)
    merge(database, cohort, keep.assessment, drop.assessment)
    names = [one.name for one in document_of(database, keep.assessment).modules.journey]
    assert names == [*(f"keep {number:02}" for number in range(28)), "drop 00", "drop 01"]


def test_views_that_are_nobodys_are_all_kept(database: Database, cohort: Cohort) -> None:
    views = tuple(OfficeView(front_office=level) for level in (1, 2, 3))
    document = WHOLE.model_copy(update={"respondents": ALONE, "modules": Modules(front_back_office=views)})
    with database.writing() as session:
        keep, drop = (cohorts.join_with(session, cohort.id, document, NOW) for _ in range(2))
    merge(database, cohort, keep.assessment, drop.assessment)
    told = document_of(database, keep.assessment).modules.front_back_office
    assert [view.front_office for view in told] == [1, 2, 3, 2, 3]


@pytest.mark.parametrize("first_is_kept", [True, False])
def test_a_sitting_that_is_merged_with_the_one_it_follows_does_not_follow_itself(
    database: Database, cohort: Cohort, first_is_kept: bool
) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    with database.writing() as session:
        oldest = assessments.begin_from(session, WHOLE, NOW)
        first = cohorts.join_again(session, cohort.id, oldest.assessment, grid, NOW)
        save(session, first, {"strategy.purpose": 1})
        second = cohorts.join_again(session, cohort.id, first.assessment, grid, LATER)
        third = assessments.sit_again(session, second.assessment, "pulse", grid, LATER)
        beside = assessments.sit_again(session, first.assessment, "pulse", grid, LATER)
    keep, drop = (first, second) if first_is_kept else (second, first)
    merge(database, cohort, keep.assessment, drop.assessment)
    with database.reading() as session:
        kept = assessments.sitting(session, keep.assessment)
        assert kept is not None
        assert kept.previous_id == oldest.assessment
        assert set(assessments.followed_by(session, keep.assessment)) == {third.assessment, beside.assessment}
    assert document_of(database, keep.assessment).modules.earlier[:3] == (
        *WHOLE.modules.earlier,
        EarlierSitting(form="pulse", date=date(2026, 11, 30), respondents=WHOLE.respondents),
    )


def test_the_first_sitting_of_all_follows_nothing_when_the_second_is_merged_into_it(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    with database.writing() as session:
        first = join(session, cohort, beginning)
        save(session, first, {"strategy.purpose": 1})
        second = cohorts.join_again(session, cohort.id, first.assessment, grid, LATER)
    merge(database, cohort, first.assessment, second.assessment)
    with database.reading() as session:
        assert assessments.followed_by(session, first.assessment) == ()
    assert document_of(database, first.assessment).modules.earlier == ()


def test_what_a_merged_assessment_followed_the_kept_one_follows(database: Database, cohort: Cohort) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    with database.writing() as session:
        oldest = assessments.begin_from(session, WHOLE, NOW)
        keep = cohorts.join_with(session, cohort.id, WHOLE.model_copy(update={"modules": Modules()}), NOW)
        drop = cohorts.join_again(session, cohort.id, oldest.assessment, grid, NOW)
    before = document_of(database, drop.assessment).modules.earlier
    merge(database, cohort, keep.assessment, drop.assessment)
    with database.reading() as session:
        assert assessments.followed_by(session, oldest.assessment) == (keep.assessment,)
    assert document_of(database, keep.assessment).modules.earlier == before
    with database.writing() as session:
        assessments.erase(session, oldest.assessment)
    assert document_of(database, keep.assessment).modules.earlier == before[:-1]


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
