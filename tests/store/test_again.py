"""Sitting again: what stays true is carried over, what was answered is remembered, and the two are linked."""

from datetime import date, timedelta
from functools import partial

import pytest

from app import content
from app.core.answers.document import Action, AnswerDocument, RefusedError, accept_document, as_document
from app.core.answers.modules import (
    AfterReport,
    AtStake,
    EarlierSitting,
    Modules,
    OfficeView,
    Profile,
    Touchpoint,
    TouchpointCheck,
)
from app.core.answers.values import Respondent
from app.core.questionnaire.model import FormName, Questionnaire
from app.store import assessments, cohorts
from app.store.assessments import ClosedError, FollowedError, GoneError, Place
from app.store.cohorts import Cohort, InvitationUsedError, ToldOtherwiseError
from app.store.database import Database
from tests.store.conftest import NOW, at_once

LATER = NOW + timedelta(days=180)
SITTING = EarlierSitting(
    form="full", date=date(2026, 3, 1), respondents=(Respondent(role="other", answers={"strategy.journey": 1}),)
)
PEOPLE = (
    Respondent(role="back_office", answers={"strategy.purpose": 2, "strategy.journey": "dont_know"}),
    Respondent(role="other", answers={"strategy.purpose": 5}),
)
JOURNEY = (Touchpoint(stage="buy", name="Blagajna", feeling=-1), Touchpoint(stage="use", name="Pouk"))
DOCUMENT = AnswerDocument(
    questionnaire="cx-grid",
    edition="2026-1",
    form="full",
    organisation="Čebelnjak d.o.o.",
    language="sl",
    business_stage="growing",
    respondents=PEOPLE,
    targets={"strategy": 4},
    importance={"culture": 5},
    default_target=3,
    date=date(2026, 9, 1),
    agreed={"strategy.purpose": 3},
    modules=Modules(
        profile=Profile(sector="food", channels=("shop",)),
        touchpoint_check=TouchpointCheck(basics={"waiting": 1}),
        journey=JOURNEY,
        front_back_office=(OfficeView(front_office=4, back_office=2), OfficeView(front_office=1)),
        at_stake=AtStake(revenue=100, currency="EUR", share=5),
        after_report=AfterReport(useful="useful"),
        stop_doing="Popuste",
        evidence={"strategy.purpose": "Zapisnik"},
        earlier=(SITTING,),
    ),
    actions=(
        Action(text="planned", way="emotional", question="strategy.purpose", owner="Ana"),
        Action(text="under way", way="financial", question="strategy.journey", status="under_way", carried=True),
        Action(text="done", way="financial", status="done"),
        Action(text="dropped", way="financial", status="dropped"),
    ),
)


@pytest.fixture
def grid() -> Questionnaire:
    found = content.catalogue().edition("cx-grid", "2026-1")
    assert found is not None
    return found


@pytest.fixture
def first(database: Database) -> Place:
    with database.writing() as session:
        return assessments.begin_from(session, DOCUMENT, NOW)


def again(
    database: Database, place: Place, grid: Questionnaire, form: FormName = "full", known: frozenset[str] | None = None
) -> Place:
    with database.writing() as session:
        return assessments.sit_again(session, place.assessment, form, grid, LATER, known=known)


def document_of(database: Database, place: Place) -> AnswerDocument:
    with database.reading() as session:
        return assessments.document(session, place.assessment)


def test_what_stays_true_is_carried_over_and_what_was_answered_is_remembered(
    database: Database, grid: Questionnaire, first: Place
) -> None:
    second = again(database, first, grid)
    assert document_of(database, second) == AnswerDocument(
        **DOCUMENT.model_dump(include={"questionnaire", "edition", "form", "organisation", "language"}),
        business_stage="growing",
        respondents=(Respondent(role="back_office", answers={}),),
        targets={"strategy": 4},
        importance={"culture": 5},
        default_target=3,
        modules=Modules(
            profile=Profile(sector="food", channels=("shop",)),
            journey=JOURNEY,
            earlier=(SITTING, EarlierSitting(form="full", date=date(2026, 9, 1), respondents=PEOPLE)),
        ),
        actions=(
            Action(text="planned", way="emotional", question="strategy.purpose", owner="Ana", carried=True),
            Action(text="under way", way="financial", question="strategy.journey", status="under_way", carried=True),
        ),
    )
    assert document_of(database, first) == DOCUMENT


def test_the_owner_of_the_new_sitting_sits_alone_and_it_has_no_code(
    database: Database, grid: Questionnaire, first: Place
) -> None:
    with database.writing() as session:
        code = assessments.open_team(session, first.assessment, NOW)
    second = again(database, first, grid)
    with database.reading() as session:
        held = assessments.place_of(session, second.token)
        assert held is not None
        assert (held.is_owner, held.role, held.finished_at) == (True, "back_office", None)
        team = assessments.team(session, second.assessment, LATER)
        assert (team.code, len(team.members)) == (None, 1)
        found = assessments.team_by_code(session, code, NOW)
        assert found is not None
        assert found.id == first.assessment
        sitting = assessments.sitting(session, second.assessment)
        assert sitting is not None
        assert (sitting.previous_id, sitting.cohort_id, sitting.created_at) == (first.assessment, None, LATER)


def test_as_a_pulse_an_action_forgets_a_question_that_the_pulse_does_not_ask(
    database: Database, grid: Questionnaire, first: Place
) -> None:
    document = document_of(database, again(database, first, grid, "pulse"))
    assert document.form == "pulse"
    assert [one.question for one in document.actions] == ["strategy.purpose", None]
    assert [one.form for one in document.modules.earlier] == ["full", "full"]
    # It can be exported and imported as it is.
    assert accept_document(as_document(document), lambda *_: grid)[0] == document


def test_after_forty_sittings_the_first_is_forgotten(database: Database, grid: Questionnaire) -> None:
    people = [(Respondent(role="other", answers={"strategy.journey": 1 + n % 5}),) for n in range(40)]
    before = tuple(EarlierSitting(form="full", date=date(2000 + n, 1, 1), respondents=people[n]) for n in range(40))
    long = DOCUMENT.model_copy(update={"modules": Modules(earlier=before)})
    with database.writing() as session:
        place = assessments.begin_from(session, long, NOW)
    found = document_of(database, again(database, place, grid)).modules.earlier
    assert found[:-1] == before[1:]
    assert (len(found), found[-1].respondents) == (40, PEOPLE)


def test_of_another_edition_nothing_answered_is_carried_over(
    database: Database, grid: Questionnaire, first: Place
) -> None:
    newer = grid.model_copy(update={"edition": "2027-1"})
    document = document_of(database, again(database, first, newer))
    assert document.edition == "2027-1"
    assert document.modules.earlier == ()
    assert document.modules.journey == JOURNEY
    with pytest.raises(RefusedError, match="questionnaire"):
        again(database, first, grid.model_copy(update={"id": "other"}))


def test_a_sitting_that_nobody_answered_is_not_remembered_and_one_unfinished_has_its_last_day(
    database: Database, grid: Questionnaire
) -> None:
    with database.writing() as session:
        empty = assessments.begin_from(
            session,
            DOCUMENT.model_copy(update={"respondents": (Respondent(role="other", answers={}),), "modules": Modules()}),
            NOW,
        )
        begun = assessments.begin_from(session, DOCUMENT.model_copy(update={"date": None}), NOW)
    assert document_of(database, again(database, empty, grid)).modules.earlier == ()
    assert document_of(database, again(database, begun, grid)).modules.earlier[-1].date == NOW.date()


def test_whoever_sends_twice_begins_once(database: Database, grid: Questionnaire, first: Place) -> None:
    calls = [partial(again, database, first, grid, "full", frozenset())] * 3
    found = at_once(*calls, refused=FollowedError)
    (second,) = [one for one in found if isinstance(one, Place)]
    refusals = [one.by for one in found if isinstance(one, FollowedError)]
    assert refusals == [(second.assessment,)] * 2
    third = again(database, first, grid, known=frozenset({second.assessment}))
    with database.reading() as session:
        assert set(assessments.followed_by(session, first.assessment)) == {second.assessment, third.assessment}
        assert assessments.followed_by(session, second.assessment) == ()


def test_a_sitting_outlives_the_one_that_it_follows(database: Database, grid: Questionnaire, first: Place) -> None:
    second = again(database, first, grid)
    third = again(database, second, grid)
    before = document_of(database, second)
    with database.writing() as session:
        assessments.erase(session, first.assessment)
    with database.reading() as session:
        sitting = assessments.sitting(session, second.assessment)
        assert sitting is not None
        assert sitting.previous_id is None
    # What it remembered of that one is erased with it, and of the one before, which came with a document, is not.
    assert document_of(database, second) == before.model_copy(
        update={"modules": before.modules.model_copy(update={"earlier": (SITTING,)})}
    )
    assert document_of(database, third).modules.earlier == (SITTING,)
    with pytest.raises(GoneError):
        again(database, first, grid)


def test_whoever_leaves_a_team_is_gone_from_what_later_sittings_remember(
    database: Database, grid: Questionnaire, first: Place
) -> None:
    second = again(database, first, grid)
    with database.writing() as session:
        assessments.save_answer(
            session, second.respondent, "strategy.purpose", 3, seen=0, writer=None, sequence=0, now=NOW
        )
    third = again(database, second, grid)
    with database.writing() as session:
        colleague = assessments.team(session, first.assessment, NOW).members[1]
        assessments.remove_member(session, first.assessment, colleague.respondent)
    for one in (second, third):
        earlier = document_of(database, one).modules.earlier
        assert [sitting.respondents for sitting in earlier[:2]] == [SITTING.respondents, PEOPLE[:1]]


def test_sitting_again_in_a_cohort_takes_its_form_and_target(
    database: Database, grid: Questionnaire, cohort: Cohort, first: Place
) -> None:
    with database.writing() as session:
        (invitation,) = cohorts.invite(session, cohort.id, 1, NOW)
        second = cohorts.join_again(session, cohort.id, first.assessment, grid, LATER, invitation, told="open")
        assert cohorts.joined_by(session, invitation) == second.assessment
    document = document_of(database, second)
    assert (document.form, document.default_target) == ("pulse", 4)
    assert document.modules.earlier[-1].respondents == PEOPLE
    with database.reading() as session:
        assert [one.assessment for one in cohorts.members(session, cohort.id)] == [second.assessment]
        assert assessments.followed_by(session, first.assessment) == (second.assessment,)
    with pytest.raises(InvitationUsedError), database.writing() as session:
        cohorts.join_again(session, cohort.id, first.assessment, grid, LATER, invitation)


def test_sitting_again_in_a_cohort_is_refused_like_joining_it(
    database: Database, grid: Questionnaire, cohort: Cohort, first: Place
) -> None:
    with pytest.raises(ToldOtherwiseError), database.writing() as session:
        cohorts.join_again(session, cohort.id, first.assessment, grid, LATER, told="confidential")
    newer = grid.model_copy(update={"edition": "2027-1"})
    with pytest.raises(ValueError, match="not the cohort's"), database.writing() as session:
        cohorts.join_again(session, cohort.id, first.assessment, newer, LATER)
    with database.writing() as session:
        cohorts.close(session, cohort.id, LATER)
    with pytest.raises(ClosedError), database.writing() as session:
        cohorts.join_again(session, cohort.id, first.assessment, grid, LATER)
    with database.reading() as session:
        assert assessments.followed_by(session, first.assessment) == ()
