"""The attack on a confidential cohort: what its release tells somebody who is in it, and what planted leaks would tell.

The rule of section 4 cannot prevent, and does not claim to prevent:
- that whoever knows the answers of all members but one works out the last one's, up to the rounding;
- that an organiser makes up members, whose answers they know (both are told to everybody who joins);
- that an organisation answers twice, in two cohorts, under whatever name.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app import content
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Answer
from app.core.cohort.disclosure import Layout, stays_open
from app.core.cohort.release import (
    Nothing,
    Outcome,
    Release,
    Sitting,
    averages,
    complete,
    cut_off,
    layout_of,
    read_outcome,
    release,
    window,
)
from app.core.questionnaire.model import FormName
from app.reporting import Releases, close_cohort
from app.store import accounts, assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import ClosedError, Cohort, CohortPlan, ConfidentialError, ReleasedError
from app.store.database import Database, open_database
from tests.core import secretive
from tests.core.cohort.attacker import (
    OPEN,
    Said,
    Tell,
    by_the_earlier_rule,
    by_the_law,
    certain,
    counted,
    intervals,
    narrowest,
    one_decimal,
    told_in,
    worlds,
)
from tests.core.cohort.cohort_examples import questionnaire, raw, scored
from tests.core.documents.forms import DIMENSIONS, PULSE

catalogue = cache(content.catalogue)
NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
EVERYTHING: tuple[str | None, ...] = (None, *DIMENSIONS)
FIVE = 5
TWO_QUESTIONS = "metrics"
"""A dimension of the pulse that has two."""
HALVES = tuple(Fraction(half, 2) for half in range(2, 11))
"""The scores it can have."""


# Random lives of cohorts, through the store


@dataclass
class Team:
    """An organisation, and what it has done so far."""

    place: Place
    cohort: str
    answers: dict[str, Answer]
    finished: bool = False
    withdrawn: bool = False
    erased: bool = False
    saves: int = 0

    @property
    def counts(self) -> bool:
        """Whether it is among those whose answers are averaged at a closing."""
        return self.finished and not (self.withdrawn or self.erased)


@dataclass
class Life:
    """Two confidential cohorts and an open one; what was ever seen of their releases; what a release is of."""

    database: Database
    chance: random.Random
    cohorts: list[Cohort]
    teams: list[Team] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    released: dict[str, tuple[Sitting, ...]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def some_answers(self) -> dict[str, Answer]:
        """One organisation's: around a level of its own, with some that it does not know or that do not apply."""
        centre = self.chance.uniform(1, 5)
        given: dict[str, Answer] = {}
        for question in PULSE:
            kind = self.chance.random()
            level = min(5, max(1, round(self.chance.gauss(centre, 0.9))))
            given[question] = DONT_KNOW if kind < 0.06 else NOT_APPLICABLE if kind < 0.09 else level
        return given

    def save(self, session: Session, team: Team, answers: dict[str, Answer]) -> None:
        for question, answer in answers.items():
            team.saves += 1
            assessments.save_answer(
                session, team.place.respondent, question, answer, seen=0, writer="page", sequence=team.saves, now=NOW
            )
        team.answers.update(answers)

    def join(self, cohort: Cohort) -> None:
        beginning = Beginning(
            questionnaire=cohort.questionnaire,
            edition=cohort.edition,
            form="pulse",
            organisation=f"Team {len(self.teams)}",
            language="en",
            business_stage="growing",
            role="leadership",
        )
        if cohort.id in self.closed:
            with pytest.raises(ClosedError), self.database.writing() as session:
                cohorts.join(session, cohort.id, beginning, LATER)
            return
        with self.database.writing() as session:
            team = Team(cohorts.join(session, cohort.id, beginning, NOW), cohort.id, {})
            self.save(session, team, self.some_answers())
            if self.chance.random() < 0.9:
                assessments.finish(session, team.place.assessment, NOW)
                team.finished = True
        self.teams.append(team)

    def edit(self, team: Team) -> None:
        answers = dict(self.chance.sample(sorted(self.some_answers().items()), 5))
        if team.erased:
            return
        if team.cohort not in self.closed or team.withdrawn:
            with self.database.writing() as session:
                self.save(session, team, answers)
            return
        changed = {id_: answer for id_, answer in answers.items() if team.answers[id_] != answer}
        for id_, answer in changed.items():
            with pytest.raises(ClosedError), self.database.writing() as session:
                self.save(session, team, {id_: answer})

    def leave(self, team: Team) -> None:
        if team.erased:
            return
        with self.database.writing() as session:
            if self.chance.random() < 0.5:
                cohorts.withdraw(session, team.place.assessment, LATER)
                team.withdrawn = True
            else:
                assessments.erase(session, team.place.assessment)
                team.erased = True

    def close(self, cohort: Cohort) -> None:
        """Closes it, for the first time or once more; what the release is to be of is noted the first time."""
        if cohort.id not in self.closed:
            mine = [team for team in self.teams if team.cohort == cohort.id and team.counts]
            self.released[cohort.id] = complete([scored(raw(team.answers)) for team in mine])
        self.closed.add(cohort.id)
        with self.database.writing() as session:
            close_cohort(session, questionnaire(), cohort.id, LATER)
        if self.chance.random() < 0.5:
            self.work()

    def work(self) -> None:
        """Works out what is to be released; until then, and afterwards, whatever happens changes nothing of it."""
        Releases(self.database, catalogue()).finish()

    def try_again(self, cohort: Cohort) -> None:
        """Everything else by which a second release might come about."""
        if cohort.id not in self.closed or not cohort.is_confidential:
            return
        with pytest.raises(ReleasedError), self.database.writing() as session:
            cohorts.reopen(session, cohort.id)
        if self.seen[cohort.id]:
            with pytest.raises(ReleasedError), self.database.writing() as session:
                cohorts.keep_release(session, cohort.id, "{}")
            with pytest.raises(ReleasedError), self.database.writing() as session:
                cohorts.documents_to_release(session, cohort.id)

    def look(self) -> None:
        """After each step: nothing but the one release, and every assessment in the cohort that it joined."""
        with self.database.reading() as session:
            for cohort in self.cohorts:
                kept = cohorts.release_of(session, cohort.id)
                self.seen.setdefault(cohort.id, set()).update([kept] if kept else [])
                assert kept is None or (cohort.id in self.closed and cohort.is_confidential)
                assert len(self.seen[cohort.id]) <= 1
                assert kept in self.seen[cohort.id] or not self.seen[cohort.id]
                if cohort.is_confidential:
                    for ask in (cohorts.members, cohorts.documents):
                        with pytest.raises(ConfidentialError):
                            ask(session, cohort.id)
            for team in self.teams:
                sitting = assessments.sitting(session, team.place.assessment)
                assert (sitting is None) == team.erased
                assert sitting is None or sitting.cohort_id == team.cohort

    def step(self) -> None:
        kind, cohort = self.chance.random(), self.chance.choice(self.cohorts)
        team = self.chance.choice(self.teams) if self.teams else None
        if team is None or kind < 0.5:
            self.join(cohort)
        elif kind < 0.75:
            self.edit(team)
        elif kind < 0.87:
            self.leave(team)
        elif kind < 0.93:
            self.try_again(cohort)
        elif len(self.teams) > 12:
            self.close(cohort)
        self.look()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path_factory.mktemp('confidential') / 'cxm.db'}")
    database.migrate()
    with database.writing() as session:
        accounts.add_account(session, "ana@example.si", "a hash", NOW)
    yield database
    database.close()


def begin_life(database: Database, seed: int) -> Life:
    plan = CohortPlan(
        name="Workshop",
        date=date(2026, 11, 28),
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        language="en",
        privacy="confidential",
    )
    with database.writing() as session:
        [account] = accounts.all_accounts(session)
        made = [
            cohorts.create(session, account.id, plan.model_copy(update={"privacy": privacy}), NOW)
            for privacy in ("confidential", "confidential", "open")
        ]
    return Life(database, random.Random(seed), made)  # noqa: S311 - made-up answers


def outcome_of(life: Life, cohort: Cohort) -> Outcome | None:
    with life.database.reading() as session:
        kept = cohorts.release_of(session, cohort.id)
    return read_outcome(kept) if kept else None


@given(st.integers(0, 2**32))
@settings(max_examples=5)
def test_whatever_happened_there_is_one_release_of_what_stood_at_the_closing(database: Database, seed: int) -> None:
    life = begin_life(database, seed)
    for _ in range(50):
        life.step()
    for cohort in life.cohorts:
        life.close(cohort)
        life.look()
    for _ in range(10):
        life.step()
    life.work()
    life.look()
    for cohort in life.cohorts:
        kept, sat = outcome_of(life, cohort), life.released[cohort.id]
        if not cohort.is_confidential:
            assert kept is None
        elif len(sat) < FIVE:
            assert isinstance(kept, Nothing)
        else:
            assert isinstance(kept, Release)
            assert kept.model_copy(update={"counted": None}) == release(questionnaire(), "pulse", sat)
            said = told_in(kept)
            for place, questions in counted("pulse").items():
                mean = sum((one.scores[place] for one in sat), Fraction(0)) / len(sat)
                assert said.get(place, by_the_law(mean, len(sat), len(questions))) == by_the_law(
                    mean, len(sat), len(questions)
                )


# What is released leaves everybody's scores open


def attacked(form: FormName, sat: tuple[Sitting, ...], told: Release) -> Fraction:
    """The narrowest interval that an outsider, or the lowest or the highest member, works out for another's score."""
    by_score = sorted(sat, key=lambda one: one.overall)
    said = [Said(told_in(told), told.n)]
    views = (None, by_score[0].scores, by_score[-1].scores)
    return min(narrowest(intervals(counted(form), said, own)) for own in views)


@pytest.mark.parametrize("kind", secretive.KINDS)
@pytest.mark.parametrize("n", [5, 8])
def test_no_release_narrows_anybodys_score(kind: str, n: int) -> None:
    sat = secretive.sittings(secretive.KINDS[kind]("pulse", n, n), "pulse")
    told = release(questionnaire(), "pulse", sat)
    assert isinstance(told, Release)
    assert told.dimensions
    assert attacked("pulse", sat, told) >= OPEN


def test_nor_does_that_of_the_cohort_that_the_cut_off_alone_gives_away() -> None:
    sat = secretive.sittings(secretive.constructed(), "full")
    told = release(questionnaire(), "full", sat)
    assert isinstance(told, Release)
    assert attacked("full", sat, told) >= OPEN
    # That cohort is one: with all its means told, everybody's strategy would be known.
    whole = averages(layout_of(questionnaire(), "full"), [one.scores for one in sat])
    everything = Release(n=10, overall=whole[None], dimensions={id_: whole[id_] for id_ in DIMENSIONS})
    found = intervals(counted("full"), [Said(told_in(everything), 10)], asked=["strategy"])
    assert found["strategy"] == (Fraction(1), Fraction(1))


TETRAHEDRON = Layout(
    4,
    {
        None: (0, 1, 2, 3),
        "first": (0, 1),
        "other first": (2, 3),
        "second": (0, 2),
        "other second": (1, 3),
        "third": (0, 3),
        "other third": (1, 2),
    },
    3,
)
"""Three frameworks of two dimensions, and four questions that count for one of each."""


def test_nor_do_means_of_three_frameworks_between_which_only_halves_of_levels_would_fit() -> None:
    answers = [(3, 3, 1, 1)] * 4 + [(3, 2, 1, 1)]
    members = [
        {
            place: Fraction(sum(one[its] for its in numbers), len(numbers))
            for place, numbers in TETRAHEDRON.places.items()
        }
        for one in answers
    ]
    means = averages(TETRAHEDRON, members)
    told = {place: window(average, cut_off(5)) for place, average in means.items()}
    released = Release(n=5, overall=means[None], dimensions={place: one for place, one in means.items() if place})
    found = intervals(TETRAHEDRON.places, [Said(told_in(released), 5)], asked=["other first"])
    assert found["other first"] == (Fraction(1), Fraction(2))
    assert not stays_open(TETRAHEDRON, told, members)


# Planted leaks: the attacker finds each


def alike(*levels: int) -> tuple[Sitting, ...]:
    """Organisations that chose one level everywhere."""
    return secretive.sittings([dict.fromkeys(PULSE, level) for level in levels], "pulse")


def by(tell: Tell, sat: tuple[Sitting, ...], n: int | None = None) -> Said:
    """Every mean of these, told by some rule."""
    n = n or len(sat)
    means = {
        place: tell(sum((one.scores[place] for one in sat), Fraction(0)) / len(sat), n, len(questions))
        for place, questions in counted("pulse").items()
    }
    return Said(means, len(sat), lambda mean, _, questions: tell(mean, n, questions))


def test_the_earlier_bound_would_say_that_all_five_are_at_the_end() -> None:
    sat = alike(1, 1, 1, 1, 1)
    found = intervals(counted("pulse"), [by(by_the_earlier_rule, sat)], asked=["strategy"])
    assert found["strategy"] == (Fraction(1), Fraction(1))
    told = release(questionnaire(), "pulse", sat)
    assert isinstance(told, Release)
    assert told_in(told)["strategy"] == "under 2.2"
    assert attacked("pulse", sat, told) == 4


@pytest.mark.parametrize("own", [1, 2, 3, 5])
def test_the_earlier_bound_would_tell_the_fifth_of_four_in_the_corner(own: int) -> None:
    sat = alike(own, 1, 1, 1, 1)
    found = intervals(counted("pulse"), [by(by_the_earlier_rule, sat)], sat[0].scores, [TWO_QUESTIONS])
    assert narrowest(found) < OPEN
    told = release(questionnaire(), "pulse", sat)
    assert isinstance(told, Release)
    assert attacked("pulse", sat, told) >= OPEN


def test_a_dimension_over_four_would_be_too_few_although_the_others_are_over_five() -> None:
    four = alike(5, 1, 1, 1)
    found = intervals(counted("pulse"), [by(by_the_law, four, n=FIVE)], four[0].scores, [TWO_QUESTIONS])
    assert narrowest(found) < OPEN


def test_a_second_release_without_one_who_withdrew_would_show_that_one() -> None:
    everybody = alike(1, 3, 2, 3, 4, 4)
    first, second = by(by_the_law, everybody), by(by_the_law, everybody[1:])
    again: dict[str | None, str] = {TWO_QUESTIONS: second.means[TWO_QUESTIONS]}
    without = Said(again, 6, lambda mean, *_: by_the_law(mean * 6 / 5, 5, 2), without_the_one=True)
    found = intervals(counted("pulse"), [first, without], asked=[TWO_QUESTIONS])
    assert narrowest(found) < OPEN
    assert narrowest(intervals(counted("pulse"), [first], asked=[TWO_QUESTIONS])) >= OPEN


def test_a_median_of_five_would_be_one_organisations_own_score() -> None:
    own, others = Fraction(2), [Fraction(one) for one in ("1.5", "3", "3.5", "4.5")]
    told = one_decimal((own + sum(others)) / FIVE)
    left = [world for world in worlds(HALVES, 4) if one_decimal((own + sum(world)) / FIVE) == told]
    leaked = [world for world in left if median((own, *world)) == median((own, *others))]
    assert certain(left) == frozenset()
    assert certain(leaked) == {3}


def test_an_edit_after_the_release_would_show_in_a_second_one() -> None:
    """Also what two cohorts give away that share all their members but one: who of the attacker's world has changed."""
    own, old, new = Fraction(3), ("1", "2.5", "3", "4"), ("5", "2.5", "3", "4")
    before, after = (one_decimal((own + sum(map(Fraction, one))) / FIVE) for one in (old, new))
    edits = {
        (was, becomes)
        for kept in worlds(HALVES, 3)
        for was in HALVES
        if one_decimal((own + sum(kept) + was) / FIVE) == before
        for becomes in HALVES
        if one_decimal((own + sum(kept) + becomes) / FIVE) == after
    }
    assert edits == {(Fraction(1), Fraction(5))}
