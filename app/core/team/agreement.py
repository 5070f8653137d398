"""How far people agree: range, average deviation, r_wg, and Cronbach's alpha, each only where it says something.

Domain rules, section 4. omega and the intraclass correlations are not offered: one team is one target, and a cohort's
organisations answer for themselves, so neither has the repeated raters that these take for granted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL

SPREAD_FROM = 2
R_WG_FROM = 5
ALPHA_FROM = 30
OPTIONS = HIGHEST_LEVEL - LOWEST_LEVEL + 1

NoRwg = Literal["too_few"]


@dataclass(frozen=True)
class Agreement:
    """How far two or more values lie apart, in levels.

    `range`: highest minus lowest. `ad_m`: the mean distance from the mean. `r_wg`: 1 where all are equal, 0 where they
    are as scattered as chance would have them; None under five values, and then `no_r_wg` says so. Scattered wider than
    by chance it would be negative, which means nothing: it is set to 0, and `was_negative` says so.
    """

    range: Fraction
    ad_m: Fraction
    r_wg: Fraction | None
    no_r_wg: NoRwg | None
    was_negative: bool


def agreement(levels: Sequence[int | Fraction]) -> Agreement | None:
    """The agreement of the levels 1-5 that people gave at one question; None under two, where there is none."""
    if len(levels) < SPREAD_FROM:
        return None
    exact = [Fraction(level) for level in levels]
    found = r_wg(exact)
    return Agreement(
        range=max(exact) - min(exact),
        ad_m=average_deviation(exact),
        r_wg=None if found is None else max(Fraction(0), found),
        no_r_wg="too_few" if found is None else None,
        was_negative=found is not None and found < 0,
    )


def average_deviation(values: Sequence[int | Fraction]) -> Fraction:
    """AD_M: the mean distance from the mean (Burke, Finkelstein and Dusig 1999), of at least one value."""
    middle = _mean(values)
    return sum((abs(value - middle) for value in values), Fraction(0)) / len(values)


def r_wg(levels: Sequence[int | Fraction], options: int = OPTIONS) -> Fraction | None:
    """r_wg of a single question: 1 - variance / what the variance would be by chance (James, Demaree and Wolf 1984).

    Chance is the uniform distribution over the options, (A² - 1) / 12; the variance is the sample's, with n - 1. As it
    comes out, so it can be negative; None under five levels, where it says nothing.
    """
    if len(levels) < R_WG_FROM:
        return None
    return 1 - _variance(levels) / Fraction(options**2 - 1, 12)


def cronbach_alpha(cases: Sequence[Sequence[int | Fraction]]) -> Fraction | None:
    """Alpha of a dimension's questions over organisations: `cases` holds one level a question for each of them.

    None under thirty complete cases, under two questions, or where the sums do not vary. Organisations that lack a
    level at any of the questions must be left out before.
    """
    questions = len(cases[0]) if cases else 0
    if len(cases) < ALPHA_FROM or questions < 2:
        return None
    total = _variance([sum(case, Fraction(0)) for case in cases])
    if total == 0:
        return None
    of_each = sum((_variance(column) for column in zip(*cases, strict=True)), Fraction(0))
    return Fraction(questions, questions - 1) * (1 - of_each / total)


def _mean(values: Sequence[int | Fraction]) -> Fraction:
    total: Fraction = sum((Fraction(value) for value in values), Fraction(0))
    return total / len(values)


def _variance(values: Sequence[int | Fraction]) -> Fraction:
    """The sample's, with n - 1."""
    exact = [Fraction(value) for value in values]
    middle = _mean(exact)
    squares: Fraction = sum(((value - middle) * (value - middle) for value in exact), Fraction(0))
    return squares / (len(exact) - 1)
