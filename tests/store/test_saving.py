"""Saving an answer: a retry has one effect, a late duplicate none, and nobody is silently overwritten."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.answers.values import Answer
from app.store import assessments
from app.store.assessments import Beginning, ChangedElsewhereError, GoneError, Place, StoredAnswer
from app.store.database import Database
from tests.store.conftest import at_once

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
QUESTION = "strategy.purpose"


class Person:
    """Somebody who answers one question from one open page (or, with `writer=None`, from a plain form)."""

    def __init__(self, database: Database, respondent: str, writer: str | None = "page") -> None:
        self.database, self.respondent, self.writer = database, respondent, writer
        self.at = NOW

    def sends(self, answer: Answer | None, *, seen: int, sequence: int = 0, question: str = QUESTION) -> StoredAnswer:
        with self.database.writing() as session:
            return assessments.save_answer(
                session,
                self.respondent,
                question,
                answer,
                seen=seen,
                writer=self.writer,
                sequence=sequence,
                now=self.at,
            )

    def has(self) -> tuple[Answer | None, int]:
        with self.database.reading() as session:
            stored = assessments.answers_of(session, self.respondent)[QUESTION]
        return stored.answer, stored.revision


@pytest.fixture
def page(database: Database, place: Place) -> Person:
    return Person(database, place.respondent)


@pytest.fixture
def other(database: Database, place: Place) -> Person:
    return Person(database, place.respondent, "another device")


@pytest.fixture
def form(database: Database, place: Place) -> Person:
    return Person(database, place.respondent, writer=None)


@pytest.mark.parametrize("answer", [1, 5, "dont_know", "not_applicable"])
def test_what_is_saved_is_there(page: Person, answer: Answer) -> None:
    assert page.sends(answer, seen=0, sequence=1) == StoredAnswer(answer, 1, NOW)
    assert page.has() == (answer, 1)


def test_each_change_raises_the_revision(form: Person) -> None:
    form.sends(3, seen=0)
    form.sends("dont_know", seen=1)
    form.sends(4, seen=2)
    assert form.has() == (4, 3)


def test_a_retried_save_has_one_effect(page: Person, form: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    page.at = form.at = LATER
    assert page.sends(3, seen=0, sequence=1) == StoredAnswer(3, 1, NOW)
    assert form.sends(3, seen=0) == StoredAnswer(3, 1, NOW)


def test_two_devices_with_one_answer_are_told(page: Person, other: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    with pytest.raises(ChangedElsewhereError) as refusal:
        other.sends(4, seen=0, sequence=1)
    assert refusal.value.stored == StoredAnswer(3, 1, NOW)
    assert page.has() == (3, 1)


def test_whoever_was_told_may_then_decide(page: Person, other: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    with pytest.raises(ChangedElsewhereError):
        other.sends(4, seen=0, sequence=1)
    other.sends(4, seen=1, sequence=2)
    assert page.has() == (4, 2)


def test_two_plain_forms_are_told_too(form: Person) -> None:
    form.sends(3, seen=0)
    with pytest.raises(ChangedElsewhereError):
        form.sends(4, seen=0)


def test_two_devices_that_agree_are_not_at_odds(page: Person, other: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    assert other.sends(3, seen=0, sequence=1) == StoredAnswer(3, 1, NOW)


def test_a_page_may_change_its_mind_before_it_is_answered(page: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    page.sends(4, seen=0, sequence=2)
    assert page.has() == (4, 2)


def test_a_page_does_not_overwrite_what_came_between(page: Person, other: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    other.sends(4, seen=1, sequence=1)
    with pytest.raises(ChangedElsewhereError):
        page.sends(5, seen=1, sequence=2)
    assert page.has() == (4, 2)


def test_a_save_that_arrives_late_does_not_come_back(page: Person) -> None:
    page.sends(3, seen=0, sequence=1)  # the retry of one that got lost on the way
    page.sends(4, seen=1, sequence=2)
    assert page.sends(3, seen=0, sequence=1) == StoredAnswer(4, 2, NOW)  # the lost one
    assert page.has() == (4, 2)


def test_a_late_save_of_a_passing_thought_does_not_come_back(page: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    page.sends(3, seen=1, sequence=3)  # 3, then 4, then 3 again: the 4 is still on its way
    page.sends(4, seen=1, sequence=2)
    assert page.has() == (3, 1)


def test_a_late_save_does_not_undo_a_change_on_another_device(page: Person, other: Person) -> None:
    page.sends(3, seen=0, sequence=2)
    other.sends(4, seen=1, sequence=1)
    with pytest.raises(ChangedElsewhereError):
        page.sends(5, seen=0, sequence=1)
    assert page.has() == (4, 2)


def test_an_answer_can_be_taken_back_and_given_anew(page: Person, form: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    assert page.sends(None, seen=1, sequence=2) == StoredAnswer(None, 2, NOW)
    form.sends(5, seen=2)
    assert form.has() == (5, 3)


def test_a_late_save_does_not_bring_back_what_was_taken_back(page: Person, form: Person) -> None:
    page.sends(3, seen=0, sequence=1)
    page.sends(None, seen=1, sequence=3)
    page.sends(4, seen=0, sequence=2)
    assert page.has() == (None, 2)
    with pytest.raises(ChangedElsewhereError):
        form.sends(3, seen=0)


def test_a_late_save_does_not_follow_a_taking_back_that_overtook_it(page: Person) -> None:
    page.sends(None, seen=0, sequence=2)
    page.sends(3, seen=0, sequence=1)
    assert page.has() == (None, 0)


def test_taking_back_what_was_never_given_leaves_nothing(form: Person) -> None:
    assert form.sends(None, seen=0) == StoredAnswer(None, 0, NOW)
    with form.database.reading() as session:
        assert assessments.answers_of(session, form.respondent) == {}


def test_only_a_change_is_an_update_of_the_assessment(page: Person, place: Place) -> None:
    def updated_at() -> datetime:
        with page.database.reading() as session:
            found = assessments.sitting(session, place.assessment)
            assert found is not None
            return found.updated_at

    page.sends(3, seen=0, sequence=1)
    page.at = LATER
    page.sends(3, seen=0, sequence=2)
    assert updated_at() == NOW
    page.sends(4, seen=1, sequence=3)
    assert updated_at() == LATER


def test_saving_what_was_erased_meanwhile_is_told(page: Person, place: Place) -> None:
    with page.database.writing() as session:
        assessments.erase(session, place.assessment)
    with pytest.raises(GoneError):
        page.sends(3, seen=0, sequence=1)


ANSWERS: tuple[Answer | None, ...] = (1, 2, "dont_know", None)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_however_the_network_delivers_a_page_its_last_word_counts(
    database: Database, beginning: Beginning, data: st.DataObject
) -> None:
    with database.writing() as session:
        page = Person(database, assessments.start(session, beginning, NOW).respondent)
    sent: list[tuple[Answer | None, int, int]] = []
    seen = 0
    for _ in range(data.draw(st.integers(1, 8))):
        if not sent or data.draw(st.booleans()):
            sent.append((data.draw(st.sampled_from(ANSWERS)), seen, len(sent) + 1))
        else:
            answer, saw, sequence = data.draw(st.sampled_from(sent))
            seen = max(seen, page.sends(answer, seen=saw, sequence=sequence).revision)
    for answer, saw, sequence in data.draw(st.permutations(sent)):
        page.sends(answer, seen=saw, sequence=sequence)
    assert page.has()[0] == sent[-1][0]


@pytest.mark.parametrize("before", [0, 1])
def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(database: Database, place: Place, before: int) -> None:
    for attempt in range(20):
        question = f"question.{attempt}"
        first, second = (Person(database, place.respondent, writer) for writer in ("first", "second"))
        if before:
            Person(database, place.respondent, None).sends(5, seen=0, question=question)
        outcomes = at_once(
            partial(first.sends, 1, seen=before, sequence=1, question=question),
            partial(second.sends, 2, seen=before, sequence=1, question=question),
            refused=ChangedElsewhereError,
        )
        won = [outcome for outcome in outcomes if isinstance(outcome, StoredAnswer)]
        told = [outcome.stored for outcome in outcomes if isinstance(outcome, ChangedElsewhereError)]
        with database.reading() as session:
            kept = assessments.answers_of(session, place.respondent)[question]
        assert won == told == [kept]
        assert kept.revision == before + 1


def test_sixteen_who_save_at_once_lose_nothing(database: Database, beginning: Beginning) -> None:
    people: list[Person] = []
    for number in range(16):
        # Half of them sit alone, half at one assessment.
        with database.writing() as session:
            place = assessments.start(session, beginning, NOW)
        people.append(Person(database, people[8].respondent if number > 8 else place.respondent, f"page {number}"))

    def answer_all(number: int) -> None:
        for question in range(30):
            for sequence in (1, 2):
                people[number].sends(sequence, seen=0, sequence=sequence, question=f"{number}.{question}")

    at_once(*(partial(answer_all, number) for number in range(16)), refused=ChangedElsewhereError)
    for number, person in enumerate(people):
        with database.reading() as session:
            stored = assessments.answers_of(session, person.respondent)
        assert [stored[f"{number}.{question}"] for question in range(30)] == [StoredAnswer(2, 2, NOW)] * 30
