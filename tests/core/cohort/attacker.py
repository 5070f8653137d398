"""Somebody who wants to know how another organisation of a confidential cohort scored, and reasons without a slip.

They know the questionnaire, every rule of scoring and of telling, all that was told, and that every organisation chose
a whole level at every question; a member knows its own scores too. They share no code with
`app.core.cohort.disclosure`: every organisation has unknowns of its own here, whole numbers, and what is told is undone
by trying which sums would be told so. (Whoever left questions open is beyond them: that only widens what can be.)
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_array

from app.core.cohort.release import Average, Release
from app.core.questionnaire.model import FormName
from tests.core.cohort.cohort_examples import questionnaire

Place = str | None
Scores = Mapping[Place, Fraction]
Tell = Callable[[Fraction, int, int], str]
"""How a mean over so many organisations, of so many questions, is told."""
Interval = tuple[Fraction, Fraction]
OPEN = Fraction(3, 2)
"""An interval as wide as this gives nobody's score away."""


def by_the_law(mean: Fraction, n: int, questions: int) -> str:
    """Section 4, in its own words."""
    room = Decimal("6.5") if questions == 1 else Decimal(6)
    tenths = [Decimal(tenth).scaleb(-1) for tenth in range(10, 51)]
    cut = min(tenth for tenth in tenths if (tenth - 1) * n >= room)
    if mean < Fraction(cut):
        return f"under {cut}"
    if mean > 6 - Fraction(cut):
        return f"over {6 - cut}"
    return one_decimal(mean)


def by_the_earlier_rule(mean: Fraction, n: int, questions: int) -> str:
    """What was told before: a bound for what rounds to the end of the scale, and for nothing else."""
    rounded = one_decimal(mean)
    return {"1.0": "under 1.5", "5.0": "over 4.5"}.get(rounded, rounded)


def one_decimal(mean: Fraction) -> str:
    return str((Decimal(mean.numerator) / mean.denominator).quantize(Decimal("0.1"), ROUND_HALF_UP))


def told_in(release: Release) -> dict[Place, str]:
    """All that a release says of means."""
    means: dict[Place, Average] = {None: release.overall} if release.overall else {}
    means.update(release.dimensions)
    return {place: f"{average.bound or ''} {average.value}".strip() for place, average in means.items()}


@cache
def counted(form: FormName) -> Mapping[Place, tuple[int, ...]]:
    """Which of a form's questions count for which dimension, and for the whole, by number."""
    asked = questionnaire().in_form(form)
    places: dict[Place, tuple[int, ...]] = {None: tuple(range(len(asked)))}
    for id_ in questionnaire().dimensions:
        places[id_] = tuple(number for number, one in enumerate(asked) if id_ in one.counts_for)
    return places


@dataclass(frozen=True)
class Said:
    """Means that were told of the first `n` organisations, or of all but the one that is attacked."""

    means: Mapping[Place, str]
    n: int
    tell: Tell = by_the_law
    without_the_one: bool = False


def intervals(
    questions: Mapping[Place, Sequence[int]],
    said: Sequence[Said],
    own: Scores | None = None,
    asked: Iterable[Place] | None = None,
) -> dict[Place, Interval]:
    """Between which scores another organisation's lie: one of `said[0].n`, to somebody outside, or who has `own`."""
    width = len(questions[None])
    others = said[0].n - (own is not None)
    rows, low, high = [], [], []
    for one in said:
        for place, words in one.means.items():
            least, most = _sums(words, one, len(questions[place]), own[place] if own else None)
            row = np.zeros((others, width))
            row[int(one.without_the_one) :, list(questions[place])] = 1
            rows.append(row.ravel())
            low.append(least)
            high.append(most)
    whole = np.ones(others * width, dtype=int)
    fits = LinearConstraint(lil_array(np.array(rows)).tocsr(), low, high)
    found: dict[Place, Interval] = {}
    for place in questions if asked is None else asked:
        ends = []
        for sign in (1, -1):
            aim = np.zeros((others, width))
            aim[0, list(questions[place])] = sign
            solved = milp(aim.ravel(), constraints=fits, bounds=Bounds(1, 5), integrality=whole)
            assert solved.status == 0, solved.message
            ends.append(Fraction(round(sign * solved.fun), len(questions[place])))
        found[place] = (ends[0], ends[1])
    return found


def _sums(words: str, said: Said, questions: int, own: Fraction | None) -> tuple[int, int]:
    """The least and the most that the others' levels can add up to, where the mean of all is told so."""
    n = said.n - (own is not None)
    mine = own * questions if own is not None else 0
    fitting = [
        total
        for total in range(n * questions, 5 * n * questions + 1)
        if said.tell((total + mine) / Fraction(said.n * questions), said.n, questions) == words
    ]
    return fitting[0], fitting[-1]


def narrowest(found: Mapping[Place, Interval]) -> Fraction:
    """The width of the narrowest interval."""
    return min(high - low for low, high in found.values())


# For a single dimension, by trying all there can be: also what no linear programme takes, as a median.


def worlds(scores: Sequence[Fraction], others: int) -> Iterator[tuple[Fraction, ...]]:
    """Every way in which so many others can have scored, lowest first."""
    return combinations_with_replacement(scores, others)


def certain(possible: Iterable[Sequence[Fraction]]) -> frozenset[Fraction]:
    """Scores that somebody among the others has in all these worlds, at a place that is the same in all."""
    columns = [set(column) for column in zip(*(sorted(world) for world in possible), strict=True)]
    return frozenset(next(iter(column)) for column in columns if len(column) == 1)
