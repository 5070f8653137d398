"""The attack on a confidential cohort: what its release tells somebody who is in it, and what planted leaks would tell.

The rule of section 4 cannot prevent, and does not claim to prevent:
- that whoever knows the answers of all members but one works out the last one's, up to the rounding;
- that an organiser makes up members, whose answers they know (both are told to everybody who joins);
- that an organisation answers twice, in two cohorts, under whatever name: the store keeps one assessment in one cohort;
- what follows where all the others crowd at one end of the scale: the last tests here say when, and what.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import floor
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.core.given import DONT_KNOW, NOT_APPLICABLE, Answer
from app.core.questionnaire import FormName
from app.core.release import Average, Release, release
from app.core.scoring import Scorecard
from app.reporting import close_cohort
from app.store import accounts, assessments, cohorts
from app.store.assessments import Beginning, Place
from app.store.cohorts import ClosedError, Cohort, CohortPlan, ConfidentialError, ReleasedError
from app.store.database import Database, open_database
from tests.core.attacker import (
    HIGHEST,
    LOWEST,
    Sums,
    Verdict,
    attack,
    conclude,
    conclude_from,
    possible_scores,
    score_in,
    sums_of,
    worlds,
)
from tests.core.cohort_examples import card, cards, questionnaire, raw, scored
from tests.core.documents.forms import DIMENSIONS, PULSE

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
EVERYTHING: tuple[str | None, ...] = (None, *DIMENSIONS)
FIVE = 5
TWO_QUESTIONS, THREE_QUESTIONS = "metrics", "culture"
"""A dimension of each kind that the pulse has."""
MANY_LEVELS = (1, 2, 2, 3, 3, 3, 4, 4, 5)


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
    released: dict[str, list[Scorecard]] = field(default_factory=dict)
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
            sat = [scored(raw(team.answers)) for team in mine]
            self.released[cohort.id] = [
                one for one in sat if all(dimension.score is not None for dimension in one.dimensions.values())
            ]
        self.closed.add(cohort.id)
        with self.database.writing() as session:
            close_cohort(session, questionnaire(), cohort.id, LATER)

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


def release_of(life: Life, cohort: Cohort) -> Release | None:
    with life.database.reading() as session:
        kept = cohorts.release_of(session, cohort.id)
    return Release.model_validate_json(kept) if kept else None


def refuse_determined(verdict: Verdict, others: Sequence[Fraction]) -> None:
    """Nothing is determined unless the others crowd at one end of the scale, which rounded means cannot hide.

    Everybody's score only where all of them are in the very corner; everybody's level only where they are less than one
    level above it, all together, or in the upper corner; that somebody (but not who) has a certain score only where
    they are within half a level of an end, on average.
    """
    assert all(score in place for score, place in zip(sorted(others), verdict.places, strict=True))
    above_lowest = sum(others) - len(others) * LOWEST
    below_highest = len(others) * HIGHEST - sum(others)
    if verdict.pins_everyone:
        assert 0 in (above_lowest, below_highest)
    if verdict.pins_a_stage:
        assert above_lowest < 1 or below_highest == 0
    if verdict.certain:
        assert min(above_lowest, below_highest) < len(others) * Fraction(1, 2)


@given(st.integers(0, 2**32))
@settings(max_examples=12)
def test_whatever_happened_there_is_one_release_and_it_determines_no_other_organisation(
    database: Database, seed: int
) -> None:
    life = begin_life(database, seed)
    for _ in range(50):
        life.step()
    for cohort in life.cohorts:
        life.close(cohort)
        life.look()
    for _ in range(10):
        life.step()
    for cohort in life.cohorts:
        told, complete = release_of(life, cohort), life.released[cohort.id]
        if not cohort.is_confidential or len(complete) < FIVE:
            assert told is None
            continue
        assert told is not None
        assert told.n == len(complete)
        assert set(told.dimensions) == set(DIMENSIONS)
        for dimension in EVERYTHING:
            average = told.overall if dimension is None else told.dimensions[dimension]
            assert sums_of(average, told.n).hold(sum((score_in(one, dimension) for one in complete), Fraction(0)))
        for dimension in EVERYTHING:
            average = told.overall if dimension is None else told.dimensions[dimension]
            assert sums_of(average, told.n).hold(sum((score_in(one, dimension) for one in complete), Fraction(0)))
        for own in (None, *complete):
            others = [one for one in complete if one is not own]
            for dimension, verdict in attack(told, own).items():
                refuse_determined(verdict, [score_in(one, dimension) for one in others])


class Trading:
    """Worlds in which the same is released: two of the others trade levels at a question, and every sum stays."""

    def __init__(self, form: FormName, seed: int, n: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - made-up answers
        self.asked = questionnaire().in_form(form)
        self.own, *self.others = ({one.id: self.chance.choice(MANY_LEVELS) for one in self.asked} for _ in range(n))
        self.counted = {
            dimension: [one.id for one in self.asked if dimension is None or dimension in one.counts_for]
            for dimension in EVERYTHING
        }
        self.by_team: dict[str | None, list[set[int]]] = {key: [set() for _ in self.others] for key in EVERYTHING}
        self.by_place: dict[str | None, list[set[int]]] = {key: [set() for _ in self.others] for key in EVERYTHING}
        self.form = form
        self.look(EVERYTHING)

    def released(self) -> Release | None:
        """What this world's release is, by the real rule."""
        return release([scored(raw(one, form=self.form)) for one in (self.own, *self.others)])

    def look(self, dimensions: Iterable[str | None]) -> None:
        """Notes what each team's levels add up to, and those at each place among them."""
        for dimension in dimensions:
            totals = [sum(one[id_] for id_ in self.counted[dimension]) for one in self.others]
            for seen, total in zip(self.by_team[dimension], totals, strict=True):
                seen.add(total)
            for seen, total in zip(self.by_place[dimension], sorted(totals), strict=True):
                seen.add(total)

    def trade(self, giver: dict[str, int], taker: dict[str, int], most: int = 4) -> None:
        """One gives all it can to another, question by question; or at most so much at one question."""
        for question in self.chance.sample(self.asked, len(self.asked) if most == 4 else 1):
            for _ in range(most):
                if giver[question.id] > LOWEST and taker[question.id] < HIGHEST:
                    giver[question.id] -= 1
                    taker[question.id] += 1
                    self.look((None, *question.counts_for))

    def trade_a_lot(self) -> None:
        """Each gives all it can, and takes; and now and then a little is given from anybody to anybody."""
        start = [dict(one) for one in self.others]
        for team in range(len(start)):
            for gives in (True, False):
                self.others = [dict(one) for one in start]
                for _ in range(3 * len(self.asked)):
                    giver, taker = self.chance.sample(self.others, 2)
                    self.trade(giver, taker, most=1)
                one = self.others[team]
                for other in self.others:
                    if other is not one:
                        self.trade(*((one, other) if gives else (other, one)))


@pytest.mark.parametrize("form", ["pulse", "full"])
@settings(max_examples=40, derandomize=True)
@given(st.integers(0, 2**32), st.integers(5, 8))
def test_nor_does_anything_follow_from_all_dimensions_together(form: FormName, seed: int, n: int) -> None:
    """No reasoning can part worlds in which the same is released; so here are such, for all that one might conclude.

    Each of the others has had another score in each dimension and as a whole, and another whole level; and each place
    among them another score. The attacker may even know that everybody answered everything.
    """
    world = Trading(form, seed, n)
    own, first = dict(world.own), world.released()
    world.trade_a_lot()

    assert first is not None
    assert (world.own, world.released()) == (own, first)
    for dimension in EVERYTHING:
        count = len(world.counted[dimension])
        assert min(len(seen) for seen in world.by_place[dimension]) > 1
        assert min(len({total // count for total in seen}) for seen in world.by_team[dimension]) > 1


# Planted leaks: the attacker finds each, and without it finds nothing


def rounded(*scores: Fraction) -> Average:
    """The mean as a release would tell it."""
    return Average(value=Decimal(floor(sum(scores) / len(scores) * 10 + Fraction(1, 2))).scaleb(-1))


def both(own: str, *others: str) -> tuple[Fraction, list[Fraction], Release]:
    """The attacker's score and the others', and their real release; everywhere the same."""
    told = release(cards(own, *others))
    assert told is not None
    return Fraction(own), [Fraction(one) for one in others], told


def test_the_attacker_misses_nothing() -> None:
    """In a dimension by itself the quick way to conclude is the same as going through every world."""
    for dimension in (TWO_QUESTIONS, THREE_QUESTIONS):
        scores = possible_scores("pulse", dimension)
        every = [(sum(world, Fraction(0)), world) for world in worlds(scores, 4)]
        for tenths in range(10, 51, 3):
            for own in scores[::3]:
                average = Average(value=Decimal(tenths).scaleb(-1))
                sums = sums_of(average, 5).without(own)
                left = [world for total, world in every if sums.hold(total)]
                if left:
                    assert conclude(scores, 4, sums) == conclude_from(left)


def test_scores_are_as_coarse_as_a_form_makes_them() -> None:
    halves = {Fraction(half, 2) for half in range(2, 11)}
    thirds = {Fraction(third, 3) for third in range(3, 16)}
    assert set(possible_scores("pulse", TWO_QUESTIONS)) == halves
    assert set(possible_scores("pulse", THREE_QUESTIONS)) == halves | thirds


EXTREMES: dict[str, Callable[[Iterable[Fraction]], Fraction]] = {"median": median, "lowest": min, "highest": max}


@pytest.mark.parametrize("leak", EXTREMES)
def test_a_median_or_an_extreme_of_five_would_be_one_organisations_own_score(leak: str) -> None:
    own, others, told = both("2", "1.5", "3", "3.5", "4.5")
    if leak == "lowest":
        own, others, told = both("4", "2.5", "3", "3.5", "4")
    sums = sums_of(told.dimensions[TWO_QUESTIONS], told.n).without(own)
    left = [world for world in worlds(possible_scores("pulse", TWO_QUESTIONS), 4) if sums.hold(sum(world, Fraction(0)))]
    real = conclude_from(left)
    planted = conclude_from(world for world in left if EXTREMES[leak]((own, *world)) == EXTREMES[leak]((own, *others)))

    assert planted.certain == {EXTREMES[leak](others) if leak != "median" else Fraction(3)}
    assert (real.certain, real.pins_everyone, real.pins_a_stage) == (frozenset(), False, False)


def test_an_edit_after_the_release_would_show_in_a_second_one() -> None:
    """Also what two cohorts give away that share all their members but one: who of the attacker's world has changed."""
    scores = possible_scores("pulse", TWO_QUESTIONS)
    own, _, first = both("3", "1", "2.5", "3", "4")
    _, _, second = both("3", "5", "2.5", "3", "4")
    before = sums_of(first.overall, 5).without(own)
    after = sums_of(second.overall, 5).without(own)
    edits = {
        (old, new)
        for kept in worlds(scores, 3)
        for old in scores
        if before.hold(sum(kept) + old)
        for new in scores
        if after.hold(sum(kept) + new)
    }

    assert edits == {(LOWEST, HIGHEST)}
    refuse_determined(conclude(scores, 4, before), [Fraction(one) for one in ("1", "2.5", "3", "4")])
    assert len(conclude(scores, 4, before).each) == len(scores)


def test_a_second_release_without_one_who_withdrew_would_show_that_one() -> None:
    scores = possible_scores("pulse", TWO_QUESTIONS)
    own, _, first = both("3", "1", "2", "3", "4.5", "4.5")
    _, _, second = both("3", "2", "3", "4.5", "4.5")
    before, after = (sums_of(told.overall, told.n).without(own) for told in (first, second))
    stayed = [total for total in {sum(world, Fraction(0)) for world in worlds(scores, 4)} if after.hold(total)]
    gone = {score for total in stayed for score in scores if before.hold(total + score)}

    assert gone == {LOWEST}
    assert conclude(scores, 5, before).each == set(scores)


def test_four_would_be_too_few() -> None:
    own, others = Fraction(2), [LOWEST] * 3
    planted = sums_of(rounded(own, *others), 4).without(own)

    assert conclude(possible_scores("pulse", TWO_QUESTIONS), 3, planted).pins_everyone
    assert release(cards(own, *others)) is None


def test_a_dimension_over_four_would_be_too_few_although_the_others_are_over_five() -> None:
    own, others = Fraction(2), [LOWEST] * 3
    alike: dict[str, Fraction | None] = dict.fromkeys(DIMENSIONS, Fraction(3))
    sat = [card(alike | {TWO_QUESTIONS: one}, Fraction(3)) for one in (own, *others, None)]
    planted = sums_of(rounded(own, *others), 4).without(own)

    assert conclude(possible_scores("pulse", TWO_QUESTIONS), 3, planted).pins_everyone
    assert release(sat) is None


def test_a_mean_that_is_not_rounded_would_tell_of_twelve_what_a_decimal_hides() -> None:
    own, others, told = both("2", *["1"] * 11)
    scores = possible_scores("pulse", TWO_QUESTIONS)
    planted = conclude_from(world for world in worlds(scores, 11) if sum(world) == sum(others))

    assert planted.pins_everyone
    assert not attack(told, card(own))[TWO_QUESTIONS].pins_everyone


# What the rule leaves open. Whoever makes the release tell less finds here what it then no longer tells.


@pytest.mark.parametrize("own", ["1", "1.5", "2", "3", "4", "5"])
@pytest.mark.parametrize("end", ["1", "5"])
def test_of_five_four_in_the_corner_are_known_to_the_fifth(own: str, end: str) -> None:
    """Whatever the fifth has: 2.0 beside four times 1.0 is released as 1.2, and no other four add up to that."""
    mine, _, told = both(own, *[end] * 4)
    verdicts = attack(told, card(mine))

    for dimension in (TWO_QUESTIONS, THREE_QUESTIONS):
        assert verdicts[dimension].each == {Fraction(end)}
    assert not verdicts[None].pins_everyone


def test_the_bound_at_an_end_hides_nothing_from_who_knows_when_it_is_told() -> None:
    """ "Under 1.5" is said of means under 1.05 alone: with ten organisations, all of them are known to have 1.0."""
    told = release(cards(*["1"] * 10))
    assert told is not None
    assert told.dimensions[TWO_QUESTIONS].bound == "under"

    assert attack(told, card(LOWEST))[TWO_QUESTIONS].each == {LOWEST}
    assert attack(told, None)[TWO_QUESTIONS].pins_a_stage
    # Were it said of all means under 1.5, it would hide them:
    safe = conclude(possible_scores("pulse", TWO_QUESTIONS), 9, Sums(LOWEST * 9, Fraction(3, 2) * 10 - LOWEST))
    assert (safe.pins_everyone, safe.pins_a_stage, max(safe.each)) == (False, False, HIGHEST)


def test_away_from_the_ends_five_are_enough() -> None:
    """Whatever the attacker has: others with 1.0, 1.5, 2.0, 2.0 are all still possible at three levels or more."""
    for own in possible_scores("pulse", THREE_QUESTIONS):
        told = release(cards(own, "1", "1.5", "2", "2"))
        assert told is not None
        for dimension in (TWO_QUESTIONS, THREE_QUESTIONS):
            verdict = attack(told, card(own))[dimension]
            assert len({floor(score) for score in verdict.each}) >= 3
            assert not verdict.certain
