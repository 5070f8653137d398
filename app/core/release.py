"""What a confidential cohort releases, once, when it is closed: means of five or more, and nothing else (section 4)."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from app.core.cohort import of_one_form
from app.core.questionnaire import HIGHEST_LEVEL, LOWEST_LEVEL, Value
from app.core.scoring import Scorecard

RELEASED_FROM = 5


class Average(Value):
    """A mean 1-5 to one decimal, halves up; near an end of the scale only "under 1.5" or "over 4.5" is told."""

    value: Decimal
    bound: Literal["under", "over"] | None = None


class Counted(Value):
    """How far the cohort was when it was closed."""

    joined: int
    answered: int
    finished: int


class Release(Value):
    """Means over the same `n` organisations, dimension to average. It keeps its numbers through JSON.

    `counted` is frozen with them: who leaves later shows in no count beside the means.
    """

    n: int
    overall: Average
    dimensions: dict[str, Average]
    counted: Counted | None = None


def release(cards: Sequence[Scorecard]) -> Release | None:
    """The averages over the organisations with all dimensions scored; None where those are fewer than five.

    Raises UnlikeSittingsError for scorecards of different forms.
    """
    of_one_form(cards)
    complete = [scores for card in cards if (scores := _scores(card)) is not None]
    if len(complete) < RELEASED_FROM:
        return None
    overall, *averages = (_average(column) for column in zip(*complete, strict=True))
    return Release(n=len(complete), overall=overall, dimensions=dict(zip(cards[0].dimensions, averages, strict=True)))


def _scores(card: Scorecard) -> list[Fraction] | None:
    """The whole and every dimension; None where one of them is not scored."""
    found = [card.overall.score, *(dimension.score for dimension in card.dimensions.values())]
    scored = [score for score in found if score is not None]
    return scored if len(scored) == len(found) else None


def _average(scores: Sequence[Fraction]) -> Average:
    mean = sum(scores, Fraction(0)) / len(scores)
    # Always one decimal: what the eye gets elsewhere, more decimals where a stage's boundary is near, would tell more.
    shown = Decimal(floor(mean * 10 + Fraction(1, 2))).scaleb(-1)
    if shown == LOWEST_LEVEL:
        return Average(value=Decimal("1.5"), bound="under")
    if shown == HIGHEST_LEVEL:
        return Average(value=Decimal("4.5"), bound="over")
    return Average(value=shown)
