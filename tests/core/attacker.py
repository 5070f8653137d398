"""Somebody who wants to know how another organisation of a confidential cohort scored, and reasons without a slip.

They know the bounds (levels are whole numbers from 1 to 5), the questionnaire, every rule of scoring and of the
release (so also that "under 1.5" is said of a mean that rounds to 1.0, and of no other), all that was given out, and
every score of one organisation, their own. They know nothing of the others' answers, not even to what there was none.

What they conclude is exact for each dimension by itself: of each place among the others, lowest first, which scores can
stand there. `test_confidential` shows by other means that taking all dimensions together brings them no further.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement
from math import floor

from app.core.questionnaire import HIGHEST_LEVEL, LOWEST_LEVEL, FormName, Questionnaire
from app.core.release import Average, Release
from app.core.scoring import Scorecard
from tests.core.cohort_examples import questionnaire

HALF_A_STEP = Fraction(1, 20)
"""By so much a mean may lie beside its one decimal."""

LOWEST, HIGHEST = Fraction(LOWEST_LEVEL), Fraction(HIGHEST_LEVEL)

Scores = tuple[Fraction, ...]


@dataclass(frozen=True)
class Sums:
    """What scores add up to: `least` or more, and less than `below`."""

    least: Fraction
    below: Fraction

    def without(self, own: Fraction) -> "Sums":
        """What the others' add up to."""
        return Sums(self.least - own, self.below - own)

    def hold(self, total: Fraction) -> bool:
        """Whether it may be this."""
        return self.least <= total < self.below


@dataclass(frozen=True)
class Verdict:
    """For each place among the others, lowest first: the scores that can stand there."""

    places: tuple[frozenset[Fraction], ...]

    @property
    def each(self) -> frozenset[Fraction]:
        """What any given one of the others may have scored."""
        return frozenset().union(*self.places)

    @property
    def pins_everyone(self) -> bool:
        """Every other organisation's score is known."""
        return len(self.each) == 1

    @property
    def pins_a_stage(self) -> bool:
        """Every other organisation's whole level is known."""
        return len({floor(score) for score in self.each}) == 1

    @property
    def certain(self) -> frozenset[Fraction]:
        """Scores that one of the others surely has, although not which of them."""
        return frozenset().union(*(place for place in self.places if len(place) == 1))


@cache
def possible_scores(form: FormName, dimension: str | None) -> Scores:
    """Every score a dimension, or the whole (None), can have where all dimensions are scored; one person answered."""
    asked = questionnaire()
    least, most = _answered(asked, form, dimension)
    found = {
        Fraction(total, count)
        for count in range(least, most + 1)
        for total in range(count * LOWEST_LEVEL, count * HIGHEST_LEVEL + 1)
    }
    return tuple(sorted(found))


def _answered(asked: Questionnaire, form: FormName, dimension: str | None) -> tuple[int, int]:
    """How many levels a score rests on, at least and at most."""
    questions, scored_from = asked.in_form(form), asked.forms[form].scored_from
    if dimension is None:
        most_dimensions = max(len(framework.dimensions) for framework in asked.frameworks)
        return most_dimensions * scored_from, len(questions)
    return scored_from, sum(dimension in question.counts_for for question in questions)


def sums_of(average: Average, n: int) -> Sums:
    """What `n` scores add up to whose mean is told so. The bound tells as much as the figure that it hides."""
    told = {"under": LOWEST, "over": HIGHEST}[average.bound] if average.bound else Fraction(average.value)
    return Sums(n * (told - HALF_A_STEP), n * (told + HALF_A_STEP))


def conclude(scores: Scores, others: int, sums: Sums) -> Verdict:
    """What follows for so many others, each of whom has one of these scores.

    A score can stand at a place if the sum is not too high with those below it at the lowest and those above it at
    this same score, nor too low the other way round. In between every sum is met: from the least to the most one goes
    in steps of half a level or less, and the sums that a decimal leaves open lie half a level apart or more.
    """
    places = []
    for place in range(1, others + 1):
        above = others - place
        least = (sums.least - above * HIGHEST) / place
        below = (sums.below - (place - 1) * LOWEST) / (above + 1)
        places.append(frozenset(scores[bisect_left(scores, least) : bisect_left(scores, below)]))
    return Verdict(tuple(places))


def attack(release: Release, own: Scorecard | None, form: FormName = "pulse") -> dict[str | None, Verdict]:
    """What a release tells about each dimension, and about the whole (None), to somebody who has the card `own`.

    Or to somebody outside, where `own` is None.
    """
    told: list[tuple[str | None, Average]] = [(None, release.overall), *release.dimensions.items()]
    found: dict[str | None, Verdict] = {}
    for dimension, average in told:
        sums, others = sums_of(average, release.n), release.n
        if own is not None:
            sums, others = sums.without(score_in(own, dimension)), others - 1
        found[dimension] = conclude(possible_scores(form, dimension), others, sums)
    return found


def score_in(card: Scorecard, dimension: str | None) -> Fraction:
    """A score that there is."""
    score = card.overall.score if dimension is None else card.dimensions[dimension].score
    assert score is not None
    return score


def worlds(scores: Scores, others: int) -> Iterator[Scores]:
    """Every way in which so many others can have scored, lowest first; for what no rule of thumb is good for."""
    return combinations_with_replacement(scores, others)


def conclude_from(possible: Iterable[Sequence[Fraction]]) -> Verdict:
    """What all worlds that are left have in common."""
    columns = zip(*(sorted(world) for world in possible), strict=True)
    return Verdict(tuple(frozenset(column) for column in columns))
