"""Joining by code or invitation, closing while others join and save, withdrawing, erasing."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from app.core.answers.document import AnswerDocument, RefusedError
from app.core.answers.values import Answer, Respondent
from app.store import accounts, assessments, cohorts
from app.store.accounts import Account
from app.store.assessments import Beginning, Details, Place
from app.store.cohorts import (
    ClosedError,
    Cohort,
    CohortPlan,
    CohortProgress,
    ConfidentialError,
    FixedOnceJoinedError,
    GoneError,
    InvitationUsedError,
    ReleasedError,
    ToldOtherwiseError,
)
from app.store.database import Database
from app.store.secrets.tokens import new_token
from tests.store.conftest import NOW, at_once, everything_in, in_the_meantime

LATER = NOW + timedelta(hours=2)
QUESTION = "strategy.purpose"


def join(database: Database, cohort: Cohort, beginning: Beginning, invitation: str | None = None) -> Place:
    with database.writing() as session:
        return cohorts.join(session, cohort.id, beginning, NOW, invitation)


@pytest.fixture
def other_cohort(database: Database, account: Account, plan: CohortPlan) -> Cohort:
    with database.writing() as session:
        return cohorts.create(session, account.id, plan, NOW)


def save(database: Database, place: Place, answer: Answer | None = 3, question: str = QUESTION, seen: int = 0) -> None:
    with database.writing() as session:
        assessments.save_answer(
            session, place.respondent, question, answer, seen=seen, writer=None, sequence=0, now=NOW
        )


def close(database: Database, cohort: Cohort) -> None:
    with database.writing() as session:
        cohorts.close(session, cohort.id, NOW)


def invite(database: Database, cohort: Cohort, count: int = 1) -> list[str]:
    with database.writing() as session:
        return cohorts.invite(session, cohort.id, count, NOW)


def withdraw(database: Database, place: Place) -> None:
    with database.writing() as session:
        cohorts.withdraw(session, place.assessment, LATER)


def progress(database: Database, cohort: Cohort) -> CohortProgress:
    with database.reading() as session:
        return cohorts.progress(session, cohort.id)


def document_of(database: Database, place: Place) -> AnswerDocument:
    with database.reading() as session:
        return assessments.document(session, place.assessment)


def counting(database: Database, cohort: Cohort) -> list[str]:
    with database.reading() as session:
        return [id_ for id_, _ in cohorts.documents(session, cohort.id)]


def test_who_joins_sits_the_cohorts_form_with_its_target_in_their_own_language(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    own = {"questionnaire": "another", "edition": "0", "form": "full", "default_target": 1, "language": "cs"}
    place = join(database, cohort, beginning.model_copy(update=own))
    with database.reading() as session:
        sitting = assessments.sitting(session, place.assessment)
        assert sitting is not None
        assert (sitting.questionnaire, sitting.edition, sitting.form) == ("cx-grid", "2026-1", "pulse")
        assert (sitting.default_target, sitting.language, sitting.cohort_id) == (4, "cs", cohort.id)
        assert cohorts.cohort_of_assessment(session, place.assessment) == cohort


def test_who_sits_alone_is_in_no_cohort(database: Database, cohort: Cohort, place: Place) -> None:
    with database.writing() as session:
        assert cohorts.cohort_of_assessment(session, place.assessment) is None
        cohorts.withdraw(session, place.assessment, NOW)
        sitting = assessments.sitting(session, place.assessment)
    assert sitting is not None
    assert (sitting.cohort_id, sitting.withdrawn_at) == (None, None)
    assert progress(database, cohort) == CohortProgress(0, 0, 0)


def test_nobody_joins_on_other_terms_than_they_were_told(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    with database.writing() as session:
        cohorts.join(session, cohort.id, beginning, NOW, told="open")
        with pytest.raises(ToldOtherwiseError):
            cohorts.join(session, cohort.id, beginning, NOW, told="confidential")
    assert progress(database, cohort).joined == 1


def test_whoever_joins_while_the_terms_change_is_told_or_fixes_them(
    database: Database, cohort: Cohort, plan: CohortPlan, beginning: Beginning
) -> None:
    secret = plan.model_copy(update={"privacy": "confidential"})

    def come() -> Place:
        with database.writing() as session:
            return cohorts.join(session, cohort.id, beginning, NOW, told="open")

    def turn(terms: CohortPlan) -> None:
        with database.writing() as session:
            cohorts.change(session, cohort.id, terms)

    late = in_the_meantime(database, lambda session: cohorts.change(session, cohort.id, secret), come)
    assert isinstance(late, ToldOtherwiseError)
    turn(plan)
    late = in_the_meantime(
        database, lambda session: cohorts.join(session, cohort.id, beginning, NOW), partial(turn, secret)
    )
    assert isinstance(late, FixedOnceJoinedError)


def test_an_invitation_lets_one_organisation_in(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    first, second = invite(database, cohort, 2)
    with database.reading() as session:
        assert cohorts.invited_to(session, first) == cohort
        assert cohorts.joined_by(session, first) is None
    place = join(database, cohort, beginning, first)
    with pytest.raises(InvitationUsedError):
        join(database, cohort, beginning, first)
    with database.reading() as session:
        assert cohorts.invited_to(session, first) is None
        assert cohorts.joined_by(session, first) == place.assessment
        assert cohorts.invited_to(session, second) == cohort
    assert progress(database, cohort).joined == 1


def test_of_two_who_join_with_one_invitation_at_once_one_is_told(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    for attempt in range(10):
        [token] = invite(database, cohort)
        outcomes = at_once(*[partial(join, database, cohort, beginning, token)] * 2, refused=InvitationUsedError)
        assert sorted(type(outcome).__name__ for outcome in outcomes) == ["InvitationUsedError", "Place"]
        assert progress(database, cohort).joined == attempt + 1


def test_an_invitation_is_to_one_cohort_as_long_as_that_is_open(
    database: Database, cohort: Cohort, confidential: Cohort, beginning: Beginning
) -> None:
    [token] = invite(database, cohort)
    for wrong in (token, "", "\x00", "\ud800"):
        with pytest.raises(InvitationUsedError):
            join(database, confidential, beginning, wrong)
    assert progress(database, confidential).joined == 0
    close(database, cohort)
    with database.reading() as session:
        assert cohorts.invited_to(session, token) is None
    with pytest.raises(ClosedError):
        join(database, cohort, beginning, token)
    with pytest.raises(ClosedError):
        invite(database, cohort)


def test_an_invitation_stays_used_when_its_assessment_is_erased(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    [token] = invite(database, cohort)
    place = join(database, cohort, beginning, token)
    with database.writing() as session:
        assessments.erase(session, place.assessment)
        assert cohorts.invited_to(session, token) is None
        assert cohorts.joined_by(session, token) is None


def test_no_invitation_is_in_the_database(sqlite_database: Database, plan: CohortPlan, file: Path) -> None:
    with sqlite_database.writing() as session:
        account = accounts.add_account(session, "ana@example.si", "a hash", NOW)
        cohort = cohorts.create(session, account.id, plan.model_copy(update={"name": "Canary"}), NOW)
        tokens = cohorts.invite(session, cohort.id, 30, NOW)
    written = everything_in(file.parent)
    assert b"Canary" in written
    assert [token for token in tokens if token.encode() in written] == []


def test_many_join_at_once(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    def join_some() -> None:
        for _ in range(5):
            join(database, cohort, beginning)

    at_once(*[join_some] * 8, refused=ZeroDivisionError)
    assert progress(database, cohort).joined == 40


def test_a_document_joins_as_it_is_with_the_cohorts_target_where_it_has_none(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    document = AnswerDocument(
        **beginning.model_dump(exclude={"role"}),
        respondents=(Respondent(role="other", answers={QUESTION: 2}), Respondent(role="other", answers={})),
        date=date(2026, 11, 20),
    )
    with database.writing() as session:
        place = cohorts.join_with(session, cohort.id, document, NOW)
        kept = document.model_copy(update={"default_target": cohort.default_target})
        assert cohorts.documents(session, cohort.id) == [(place.assessment, kept)]
        with pytest.raises(RefusedError) as refusal:
            cohorts.join_with(session, cohort.id, document.model_copy(update={"form": "full"}), NOW)
    assert refusal.value.where == "form"


def test_no_document_joins_a_confidential_cohort_but_for_show(
    database: Database, confidential: Cohort, beginning: Beginning, plan: CohortPlan
) -> None:
    document = AnswerDocument(
        **beginning.model_dump(exclude={"role"}), respondents=(Respondent(role="other", answers={}),)
    )
    told = plan.model_copy(update={"privacy": "confidential"})
    with database.writing() as session:
        with pytest.raises(ConfidentialError):
            cohorts.join_with(session, confidential.id, document, NOW)
        demo = cohorts.create(session, confidential.owner_id, told, NOW, is_demo=True)
        cohorts.join_with(session, demo.id, document, NOW)
    assert (progress(database, confidential).joined, progress(database, demo).joined) == (0, 1)


WRITES: dict[str, Callable[[Session, Place], object]] = {
    "answer": lambda session, place: assessments.save_answer(
        session, place.respondent, QUESTION, 5, seen=1, writer=None, sequence=0, now=LATER
    ),
    "choices": lambda session, place: assessments.save_choices(session, place.assessment, {"strategy": 1}, {}, LATER),
    "finish": lambda session, place: assessments.finish(session, place.assessment, LATER),
    "details": lambda session, place: assessments.change_details(
        session, place.respondent, Details(organisation="Medved"), LATER
    ),
}


@pytest.mark.parametrize("write", WRITES)
def test_once_a_cohort_is_closed_nobody_edits_in_it(
    database: Database, cohort: Cohort, beginning: Beginning, write: str
) -> None:
    place = join(database, cohort, beginning)
    save(database, place)
    before = document_of(database, place)
    close(database, cohort)
    with pytest.raises(ClosedError), database.writing() as session:
        WRITES[write](session, place)
    assert document_of(database, place) == before
    with database.writing() as session:
        cohorts.reopen(session, cohort.id)
        WRITES[write](session, place)


@pytest.mark.parametrize("write", WRITES)
def test_who_has_withdrawn_goes_on_alone(database: Database, cohort: Cohort, beginning: Beginning, write: str) -> None:
    place = join(database, cohort, beginning)
    save(database, place)
    withdraw(database, place)
    close(database, cohort)
    with database.writing() as session:
        WRITES[write](session, place)


def test_the_retry_of_a_save_from_before_the_closing_is_still_confirmed(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    place = join(database, cohort, beginning)
    sent: list[tuple[int, int]] = [(3, 1), (4, 2)]

    def send(level: int, sequence: int) -> Answer | None:
        with database.writing() as session:
            return assessments.save_answer(
                session, place.respondent, QUESTION, level, seen=0, writer="page", sequence=sequence, now=NOW
            ).answer

    assert [send(*one) for one in sent] == [3, 4]
    close(database, cohort)
    assert [send(*one) for one in sent] == [4, 4]
    with database.writing() as session:
        stored = assessments.save_answer(
            session, place.respondent, QUESTION, 4, seen=0, writer=None, sequence=0, now=LATER
        )
    assert stored == assessments.StoredAnswer(4, 2, NOW)


def test_links_are_made_anew_and_erasing_works_in_a_closed_cohort_too(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    place = join(database, cohort, beginning)
    close(database, cohort)
    with database.writing() as session:
        token = assessments.rotate_link(session, place.respondent)
        assert assessments.place_of(session, token) is not None
        assessments.erase(session, place.assessment)
    assert progress(database, cohort) == CohortProgress(0, 0, 0)


def test_a_save_that_is_under_way_is_in_what_is_closed(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    place = join(database, cohort, beginning)
    with database.writing() as session:
        assessments.finish(session, place.assessment, NOW)

    def close_and_look() -> list[tuple[str, AnswerDocument]]:
        with database.writing() as session:
            cohorts.close(session, cohort.id, LATER)
            return cohorts.documents(session, cohort.id)

    seen = in_the_meantime(
        database,
        lambda session: assessments.save_answer(
            session, place.respondent, QUESTION, 5, seen=0, writer=None, sequence=0, now=NOW
        ),
        close_and_look,
    )
    assert seen == [(place.assessment, document_of(database, place))]
    assert document_of(database, place).respondents[0].answers == {QUESTION: 5}


@pytest.mark.parametrize("write", [*WRITES, "join", "join with an invitation"])
def test_whatever_comes_during_the_closing_waits_and_is_refused(
    database: Database, cohort: Cohort, beginning: Beginning, write: str
) -> None:
    place = join(database, cohort, beginning)
    [token] = invite(database, cohort)
    save(database, place)

    def late() -> None:
        with database.writing() as session:
            if write in WRITES:
                WRITES[write](session, place)
            else:
                cohorts.join(session, cohort.id, beginning, LATER, None if write == "join" else token)

    outcome = in_the_meantime(database, lambda session: cohorts.close(session, cohort.id, LATER), late)
    assert isinstance(outcome, ClosedError)
    assert progress(database, cohort).joined == 1


def test_what_is_closed_amid_many_savers_is_all_that_was_confirmed_and_no_more(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    places = [join(database, cohort, beginning) for _ in range(6)]
    for place in places:
        with database.writing() as session:
            assessments.finish(session, place.assessment, NOW)
    confirmed: dict[str, dict[str, Answer]] = {place.assessment: {} for place in places}

    def answer(place: Place) -> None:
        for number in range(10_000):
            try:
                save(database, place, 1 + number % 5, f"question.{number}")
            except ClosedError:
                return
            confirmed[place.assessment][f"question.{number}"] = 1 + number % 5

    def close_amid() -> list[tuple[str, AnswerDocument]]:
        time.sleep(0.5)
        with database.writing() as session:
            cohorts.close(session, cohort.id, LATER)
            return cohorts.documents(session, cohort.id)

    outcomes = at_once(close_amid, *(partial(answer, place) for place in places), refused=ZeroDivisionError)
    with database.reading() as session:
        afterwards = cohorts.documents(session, cohort.id)
    assert outcomes[0] == afterwards
    assert {id_: document.respondents[0].answers for id_, document in afterwards} == confirmed
    assert all(confirmed.values())


def test_who_withdraws_does_not_count_any_more(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    first, second = (join(database, cohort, beginning) for _ in range(2))
    for place in (first, second):
        save(database, place)
        with database.writing() as session:
            assessments.finish(session, place.assessment, NOW)
    assert counting(database, cohort) == sorted([first.assessment, second.assessment])
    withdraw(database, first)
    withdraw(database, first)
    assert counting(database, cohort) == [second.assessment]
    assert progress(database, cohort) == CohortProgress(1, 1, 1)
    close(database, cohort)
    withdraw(database, second)
    assert progress(database, cohort) == CohortProgress(0, 0, 0)
    with database.reading() as session:
        assert cohorts.cohort_of_assessment(session, first.assessment) is None
        assert assessments.document(session, first.assessment).respondents[0].answers == {QUESTION: 3}


def test_what_is_released_stays_whoever_withdraws_or_is_erased(
    database: Database, confidential: Cohort, beginning: Beginning
) -> None:
    places = [join(database, confidential, beginning) for _ in range(3)]
    with database.writing() as session:
        for place in places:
            assessments.finish(session, place.assessment, NOW)
        cohorts.close(session, confidential.id, NOW)
        assert len(cohorts.documents_to_release(session, confidential.id)) == 3
        cohorts.keep_release(session, confidential.id, "frozen")
        cohorts.withdraw(session, places[0].assessment, LATER)
        assessments.erase(session, places[1].assessment)
    with database.reading() as session:
        assert cohorts.release_of(session, confidential.id) == "frozen"
        with pytest.raises(ReleasedError):
            cohorts.documents_to_release(session, confidential.id)


def test_a_confidential_cohort_gives_no_member_and_no_document_open_or_closed(
    database: Database, confidential: Cohort, cohort: Cohort, beginning: Beginning
) -> None:
    place = join(database, confidential, beginning)
    calls: list[Callable[[Session], object]] = [
        lambda session: cohorts.members(session, confidential.id),
        lambda session: cohorts.member(session, confidential.id, place.assessment),
        lambda session: cohorts.documents(session, confidential.id),
    ]
    for _ in ("open", "closed"):
        for call in calls:
            with pytest.raises(ConfidentialError), database.reading() as session:
                call(session)
        with pytest.raises(ValueError, match="only a confidential"), database.reading() as session:
            cohorts.documents_to_release(session, cohort.id)
        close(database, confidential)


def test_a_confidential_cohort_that_is_open_has_nothing_to_release(database: Database, confidential: Cohort) -> None:
    with pytest.raises(ValueError, match="only a confidential"), database.reading() as session:
        cohorts.documents_to_release(session, confidential.id)


def test_who_withdrew_stays_by_the_name_of_then_alone(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    place = join(database, cohort, beginning)
    save(database, place)
    with database.writing() as session:
        assessments.finish(session, place.assessment, NOW)
    withdraw(database, place)
    save(database, place, question="culture.purpose")
    with database.writing() as session:
        assessments.change_details(session, place.respondent, Details(organisation="Renamed"), LATER)
    with database.reading() as session:
        [told] = cohorts.members(session, cohort.id)
    assert (told.organisation, told.withdrawn_at) == (beginning.organisation, LATER)
    assert (told.questions_answered, told.finished_at, told.answered) == (None, None, False)


def test_who_sends_the_same_token_twice_has_one_place(
    database: Database, cohort: Cohort, other_cohort: Cohort, beginning: Beginning
) -> None:
    def sent(where: Cohort = cohort) -> Place:
        with database.writing() as session:
            return cohorts.join(session, where.id, beginning, NOW, told="open", token=token)

    token = new_token()
    first = sent()
    assert first.token == token
    assert sent() == first
    token = new_token()
    at_the_same_time = at_once(*[sent] * 4, refused=GoneError)
    assert len(set(map(repr, at_the_same_time))) == 1
    with database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 2
    token = first.token
    elsewhere = sent(other_cohort)
    assert elsewhere.assessment != first.assessment
    assert elsewhere.token != token
    withdraw(database, first)
    assert sent().assessment not in {first.assessment, elsewhere.assessment}


def test_a_document_without_a_target_for_all_gets_the_cohorts(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    told = AnswerDocument(
        **beginning.model_dump(exclude={"role"}), respondents=(Respondent(role="other", answers={QUESTION: 2}),)
    )
    with database.writing() as session:
        places = [
            cohorts.join_with(session, cohort.id, told.model_copy(update={"default_target": target}), NOW)
            for target in (None, 2)
        ]
        kept = [assessments.document(session, place.assessment).default_target for place in places]
    assert kept == [cohort.default_target, 2]


def test_a_document_without_an_answer_is_not_finished(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    told = AnswerDocument(
        **beginning.model_dump(exclude={"role"}), respondents=(Respondent(role="other", answers={}),), date=NOW.date()
    )
    with database.writing() as session:
        cohorts.join_with(session, cohort.id, told, NOW)
        assert cohorts.progress(session, cohort.id) == CohortProgress(1, 0, 0)
        assert cohorts.documents(session, cohort.id) == []
