"""Strips: scores as dots on a line from 1 to 5, equal and near ones stacked, so that none hides another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.cohort.comparison import Summary
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL

APART = ((12, Fraction(1, 10)), (30, Fraction(2, 25)))
"""How wide a dot is, in levels, for so many organisations at most; beyond, `APART_OF_MANY`."""
APART_OF_MANY = Fraction(3, 50)
TALLEST = Fraction(9, 10)
"""How high a stack may grow, in levels of the scale's width, before it goes on beside itself."""

ROUNDING = 1e-9


@dataclass(frozen=True)
class Dot:
    """An organisation, or a person: the exact score, and in which row above the line it stands, from 0.

    `beside`: how many dots to the right of its score it stands, or to the left, where the stack there is full.
    """

    score: Fraction
    row: int
    beside: int


@dataclass(frozen=True)
class Strip:
    """A dimension, or the whole, over an open cohort: its figures as in `Summary`, and its dots by score.

    `apart` is how wide a dot is, in levels; `rows` is how high the highest stack is; `lowest` and `highest` are the
    ends of what there is. All is None or empty where nobody is scored. Nothing tells which dot is whose.
    """

    n: int
    mean: Fraction | None
    median: Fraction | None
    q1: Fraction | None
    q3: Fraction | None
    sd: float | None
    lowest: Fraction | None
    highest: Fraction | None
    dots: tuple[Dot, ...]
    apart: Fraction

    @property
    def rows(self) -> int:
        """How many dots the highest stack has."""
        return max((dot.row for dot in self.dots), default=-1) + 1


def strip(summary: Summary, organisations: int) -> Strip:
    """The strip of a summary; dots are as wide as fits a cohort, or cohorts side by side, of so many organisations."""
    scores = sorted(summary.known)
    apart = width_of_dots(organisations)
    return Strip(
        n=summary.n,
        mean=summary.mean,
        median=summary.median,
        q1=summary.q1,
        q3=summary.q3,
        sd=summary.sd,
        lowest=scores[0] if scores else None,
        highest=scores[-1] if scores else None,
        dots=stacked(scores, apart),
        apart=apart,
    )


def width_of_dots(many: int) -> Fraction:
    """How wide a dot is, in levels, where so many stand on one line."""
    return next((width for most, width in APART if many <= most), APART_OF_MANY)


def stacked(scores: Sequence[Fraction], apart: Fraction) -> tuple[Dot, ...]:
    """Each dot at its score, in the lowest row where it touches no other; beside it, where the stack is full."""
    rows: list[list[float]] = [[] for _ in range(int(TALLEST / apart))]
    width = float(apart)
    dots = []
    for score in scores:
        row, beside = next(_free(float(score), width, rows), (0, 0))
        rows[row].append(float(score) + beside * width)
        dots.append(Dot(score, row, beside))
    return tuple(dots)


def _free(score: float, width: float, rows: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """The places that are free on the scale for a dot of this score, nearest and lowest first."""
    for step in range(1, 2 * int((HIGHEST_LEVEL - LOWEST_LEVEL) / width) + 2):
        beside = step // 2 if step % 2 == 0 else -(step // 2)
        place = score + beside * width
        if LOWEST_LEVEL <= place <= HIGHEST_LEVEL:
            for row, taken in enumerate(rows):
                if all(abs(place - other) > width - ROUNDING for other in taken):
                    yield row, beside
