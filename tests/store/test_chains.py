"""An organisation counts in one confidential cohort only, and what it carries from there reaches no facilitator."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

import pytest
from sqlmodel import Session, select

from app import content
from app.core.answers.document import Action
from app.core.answers.modules import Touchpoint
from app.core.questionnaire.model import Questionnaire
from app.store import assessments, cohorts
from app.store.accounts import Account
from app.store.assessments import Beginning, CountedElsewhereError, GoneError, Place
from app.store.cohorts import CannotMergeError, Cohort, CohortPlan
from app.store.database import Database
from app.store.migrate import downgrade, upgrade
from app.store.tables import ConfidentialSeat
from tests.store.conftest import NOW, at_once, in_the_meantime

LATER = NOW + timedelta(days=90)

STEP = "Ask three customers this week why they chose you"
OWN = "Call the bank about the account"


@cache
def grid() -> Questionnaire:
    found = content.catalogue().edition("cx-grid", "2026-1")
    assert found is not None
    return found


@pytest.fixture
def other(database: Database, account: Account, plan: CohortPlan) -> Cohort:
    """A second confidential cohort."""
    with database.writing() as session:
        return cohorts.create(session, account.id, plan.model_copy(update={"privacy": "confidential"}), NOW)


@pytest.fixture
def first(database: Database, confidential: Cohort, beginning: Beginning) -> Place:
    """A finished sitting in the first confidential cohort."""
    with database.writing() as session:
        place = cohorts.join(session, confidential.id, beginning, NOW)
        assessments.save_answer(
            session, place.respondent, "strategy.purpose", 2, seen=0, writer=None, sequence=0, now=NOW
        )
        assessments.finish(session, place.assessment, NOW)
    return place


def again(database: Database, place: Place, cohort: Cohort | None = None) -> Place:
    with database.writing() as session:
        if cohort:
            return cohorts.join_again(session, cohort.id, place.assessment, grid(), LATER)
        return assessments.sit_again(session, place.assessment, "pulse", grid(), LATER)


def joined(database: Database, cohort: Cohort) -> int:
    with database.reading() as session:
        return cohorts.progress(session, cohort.id).joined


def close(database: Database, cohort: Cohort) -> None:
    with database.writing() as session:
        cohorts.close(session, cohort.id, LATER)


def test_no_sitting_of_a_chain_joins_a_second_confidential_cohort(
    database: Database, confidential: Cohort, other: Cohort, cohort: Cohort, first: Place
) -> None:
    second = again(database, first)
    third = again(database, second, cohort)
    for sitting in (first, second, third):
        for wanted in (other, confidential):
            with pytest.raises(CountedElsewhereError):
                again(database, sitting, wanted)
    assert (joined(database, confidential), joined(database, other), joined(database, cohort)) == (1, 0, 1)


def test_nor_does_an_earlier_one_once_a_later_one_has(
    database: Database, confidential: Cohort, other: Cohort, place: Place
) -> None:
    again(database, place, confidential)
    with pytest.raises(CountedElsewhereError):
        again(database, place, other)


def test_what_is_erased_after_the_closing_has_counted_all_the_same(
    database: Database, confidential: Cohort, other: Cohort, first: Place
) -> None:
    second = again(database, first)
    close(database, confidential)
    with database.writing() as session:
        assessments.erase(session, first.assessment)
    with pytest.raises(CountedElsewhereError):
        again(database, second, other)


def test_nothing_stays_noted_of_a_chain_that_is_erased_whole(
    database: Database, confidential: Cohort, first: Place
) -> None:
    second = again(database, first)
    close(database, confidential)

    def noted() -> list[str]:
        with database.reading() as session:
            return [one.cohort_id for one in session.exec(select(ConfidentialSeat)).all()]

    for sitting, left in ((first, [confidential.id]), (second, [])):
        with database.writing() as session:
            assessments.erase(session, sitting.assessment)
        assert noted() == left


def leave_by_withdrawing(session: Session, place: Place) -> None:
    cohorts.withdraw(session, place.assessment, LATER)


def leave_by_erasing(session: Session, place: Place) -> None:
    assessments.erase(session, place.assessment)


@pytest.mark.parametrize("leave", [leave_by_withdrawing, leave_by_erasing])
def test_whoever_leaves_before_the_closing_may_join_another(
    database: Database,
    confidential: Cohort,
    other: Cohort,
    first: Place,
    leave: Callable[[Session, Place], None],
) -> None:
    second = again(database, first)
    with database.writing() as session:
        leave(session, first)
    again(database, second, other)
    assert (joined(database, confidential), joined(database, other)) == (0, 1)


def test_whoever_withdraws_after_the_closing_may_not(
    database: Database, confidential: Cohort, other: Cohort, first: Place
) -> None:
    close(database, confidential)
    with database.writing() as session:
        cohorts.withdraw(session, first.assessment, LATER)
    with pytest.raises(CountedElsewhereError):
        again(database, first, other)


def test_a_place_beside_it_is_known_too(  # noqa: PLR0913 - fixtures
    database: Database, confidential: Cohort, other: Cohort, cohort: Cohort, first: Place, beginning: Beginning
) -> None:
    beside = [first.assessment]
    with pytest.raises(CountedElsewhereError), database.writing() as session:
        cohorts.join(session, other.id, beginning, NOW, beside=beside)
    with database.writing() as session:
        theirs = cohorts.join(session, other.id, beginning, NOW)
        ours = cohorts.join(session, confidential.id, beginning, NOW, beside=beside)
        cohorts.join(session, cohort.id, beginning, NOW, beside=beside)
    with pytest.raises(CountedElsewhereError), database.writing() as session:
        assessments.join_team(session, theirs.assessment, "other", NOW, beside=beside)
    with database.writing() as session:
        assessments.join_team(session, ours.assessment, "other", NOW, beside=beside)
    assert (joined(database, confidential), joined(database, other)) == (2, 1)


def test_of_two_sittings_of_a_chain_that_come_at_once_one_joins(
    database: Database, confidential: Cohort, other: Cohort, place: Place
) -> None:
    second = again(database, place)
    came = at_once(
        lambda: again(database, place, confidential),
        lambda: again(database, second, other),
        refused=CountedElsewhereError,
    )
    assert [isinstance(one, Place) for one in came].count(True) == 1
    assert joined(database, confidential) + joined(database, other) == 1


def test_whoever_comes_while_another_sitting_is_joining_waits_and_is_refused(
    database: Database, confidential: Cohort, other: Cohort, place: Place
) -> None:
    second = again(database, place)
    refused = in_the_meantime(
        database,
        lambda session: cohorts.join_again(session, confidential.id, place.assessment, grid(), LATER),
        lambda: again(database, second, other),
    )
    assert isinstance(refused, CountedElsewhereError)


def with_plan(database: Database, place: Place) -> None:
    """A recommended step, one that was typed in again, words of one's own, and a touchpoint."""
    typed = grid().wording("en").questions["culture.purpose"].recommendations[0]
    with database.writing() as session:
        for text, question in ((STEP, "strategy.purpose"), (typed, None), (OWN, None)):
            action = Action(text=text, way="emotional", question=question)
            assessments.add_action(session, place.assessment, action, NOW)
        assessments.save_choices(session, place.assessment, {"strategy": 5}, {}, NOW)
        assessments.add_touchpoint(session, place.assessment, Touchpoint(stage="buy", name="Till"), NOW)


def finished(database: Database, place: Place) -> Place:
    with database.writing() as session:
        assessments.finish(session, place.assessment, LATER)
    return place


def test_a_step_from_a_confidential_sitting_reaches_no_facilitator_however_far_it_is_carried(
    database: Database, cohort: Cohort, first: Place
) -> None:
    with_plan(database, first)
    alone = again(database, first)
    with database.writing() as session:
        edited = Action(text="In other words", way="emotional", question="strategy.purpose")
        step = assessments.actions_of(session, alone.assessment)[0]
        assessments.change_action(session, alone.assessment, step.id, edited, step.revision, LATER)
    open_ = finished(database, again(database, alone, cohort))
    further = finished(database, again(database, open_, cohort))
    for sitting in (open_, further):
        with database.reading() as session:
            own = assessments.document(session, sitting.assessment)
            shown = assessments.document(session, sitting.assessment, "facilitator")
            kept = [one.confidential for one in assessments.actions_of(session, sitting.assessment)]
            documents = dict(cohorts.documents(session, cohort.id))
        assert [one.text for one in own.actions][::2] == ["In other words", OWN]
        assert kept == [True, True, False]
        assert [one.text for one in shown.actions] == [OWN]
        assert documents[sitting.assessment] == shown
        assert (shown.targets, shown.modules.journey) == (own.targets, own.modules.journey)
        assert own.modules.earlier != shown.modules.earlier == ()


def test_from_an_open_sitting_a_step_is_carried_with_its_question(
    database: Database, cohort: Cohort, place: Place
) -> None:
    with_plan(database, place)
    open_ = finished(database, again(database, place, cohort))
    with database.reading() as session:
        shown = assessments.document(session, open_.assessment, "facilitator")
        assert not assessments.carries_confidential(session, open_.assessment)
    assert [(one.text, one.question) for one in shown.actions][::2] == [(STEP, "strategy.purpose"), (OWN, None)]


def test_what_carries_something_confidential_is_not_merged_into_what_another_may_hold(
    database: Database, cohort: Cohort, first: Place, beginning: Beginning
) -> None:
    carrying = again(database, first, cohort)
    with database.writing() as session:
        plain = cohorts.join(session, cohort.id, beginning, NOW)
        assert assessments.carries_confidential(session, carrying.assessment)
    with pytest.raises(CannotMergeError, match="carried"), database.writing() as session:
        cohorts.merge(session, cohort.id, plain.assessment, carrying.assessment, LATER)
    with database.writing() as session:
        cohorts.merge(session, cohort.id, carrying.assessment, plain.assessment, LATER)


def test_merging_makes_one_chain_and_never_one_that_counts_twice(  # noqa: PLR0913 - fixtures
    database: Database,
    cohort: Cohort,
    confidential: Cohort,
    other: Cohort,
    beginning: Beginning,
    place: Place,
) -> None:
    with database.writing() as session:
        kept = cohorts.join(session, cohort.id, beginning, NOW)
        third = cohorts.join(session, cohort.id, beginning, NOW)
    dropped = again(database, place, cohort)
    later = again(database, place, confidential)
    with database.writing() as session:
        cohorts.merge(session, cohort.id, kept.assessment, dropped.assessment, LATER)
    with pytest.raises(CountedElsewhereError):
        again(database, kept, other)
    again(database, third, other)
    with pytest.raises(CannotMergeError, match="both_confidential"), database.writing() as session:
        cohorts.merge(session, cohort.id, kept.assessment, third.assessment, LATER)
    with database.writing() as session:
        cohorts.withdraw(session, later.assessment, LATER)
    again(database, kept, other)
    assert (joined(database, confidential), joined(database, other)) == (0, 2)


def test_sittings_from_before_are_known_as_chains(
    database: Database, cohort: Cohort, other: Cohort, first: Place, beginning: Beginning
) -> None:
    with_plan(database, first)
    second = again(database, first)
    third = finished(database, again(database, second, cohort))
    with database.writing() as session:
        fresh = assessments.start(session, beginning, NOW)
    with database.migrating() as connection:
        downgrade(connection, "0005")
        upgrade(connection)
    for sitting in (first, second, third):
        with pytest.raises(CountedElsewhereError):
            again(database, sitting, other)
    again(database, fresh, other)
    with database.reading() as session:
        assert assessments.document(session, third.assessment, "facilitator").actions == ()
        with pytest.raises(GoneError):
            assessments.document(session, fresh.assessment, "facilitator")
