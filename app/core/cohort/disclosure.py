"""Whether means that are told leave every organisation's scores open, for an outsider and for each member (section 4).

Disciplines, pillars and the whole speak of the same answers, so what they tell together is worked out by linear
programme: the least and the most that one organisation can have scored. The others are alike to whoever looks, so that
one and the sum of the rest stand for all of them: two unknowns a question.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor, inf
from typing import TYPE_CHECKING

from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NARROWEST = Fraction(3, 2)
"""An organisation's score stays open where it can lie anywhere in an interval at least so wide, in levels."""

SLACK = 1e-6
"""A sum of levels may be off by so much: ten times what the solver tolerates. It is always counted against telling."""

SECONDS = 30.0
"""For one linear programme, which takes a millisecond. What is not solved counts as too narrow."""

WHOLE_BY_ITSELF = 2
"""Of no more frameworks than these are the answers at a corner of the linear programme whole where its sums are."""

Place = str | None
"""A dimension, or the whole (None)."""
Scores = Mapping[Place, Fraction]
"""One organisation's scores, in every dimension and in the whole."""


@dataclass(frozen=True)
class Window:
    """Where a mean lies for all that is told of it; whether it can be `low` itself, and `high` itself."""

    low: Fraction
    high: Fraction
    has_low: bool = True
    has_high: bool = True


@dataclass(frozen=True)
class Layout:
    """Which of a form's questions count for which place, by their number; and of how many frameworks the places are."""

    questions: int
    places: Mapping[Place, tuple[int, ...]]
    frameworks: int


def stays_open(
    layout: Layout,
    told: Mapping[Place, Window],
    members: Sequence[Scores],
    looked: Callable[[], None] = lambda: None,
) -> bool:
    """Whether nobody can tell any organisation's score more narrowly than `NARROWEST`, be it told of or not.

    `told` are means over `members`. Once for an outsider, and once for each member, who knows its own scores; those
    with the same scores see the same. `looked` is called after each. Every question is taken as answered, first with
    whole levels, as one person gives them; where no such answers fit what is told, with any from 1 to 5.
    """
    for own in _different(members):
        view = _View(layout, told, len(members), own)
        found = view.is_wide(whole=True)
        if not (view.is_wide(whole=False) if found is None else found):
            return False
        looked()
    return True


def _different(members: Iterable[Scores]) -> Iterable[Scores | None]:
    """Whoever looks: an outsider, and one of all members with the same scores."""
    yield None
    yield from {tuple(scores.items()): scores for scores in members}.values()


class _View:
    """What is known to an outsider (`own` is None), or to a member with these scores."""

    def __init__(self, layout: Layout, told: Mapping[Place, Window], n: int, own: Scores | None) -> None:
        import numpy as np  # noqa: PLC0415 - the server starts without it

        self._layout, self._told, self._own, self._n = layout, told, own, n
        others = n if own is None else n - 1
        rest = others - 1
        self._bounds = [(LOWEST_LEVEL, HIGHEST_LEVEL)] * layout.questions
        self._bounds += [(rest * LOWEST_LEVEL, rest * HIGHEST_LEVEL)] * layout.questions
        sums = np.zeros((len(told), 2 * layout.questions))
        for row, place in enumerate(told):
            for question in layout.places[place]:
                sums[row, [question, layout.questions + question]] = 1
        self._rows = np.vstack([sums, -sums])
        # With questions that count once in each of two frameworks, sums that are whole have answers that are: such a
        # matrix is totally unimodular. With more frameworks it is not, and what is between whole answers is none.
        self._is_whole_by_itself = layout.frameworks <= WHOLE_BY_ITSELF

    def is_wide(self, *, whole: bool) -> bool | None:
        """Whether every place stays open; None where no answers fit what is told, with any levels: not."""
        reached = _Reached(self._layout, whole=whole)
        limits = self._limits(whole=whole)
        for place, numbers in self._layout.places.items():
            for sign in (1, -1):
                if reached.is_wide(place):
                    break
                answers = self._extreme(numbers, sign, limits, whole=whole and not self._is_whole_by_itself)
                if answers is None:
                    return None if whole and not reached.anything else False
                reached.note(answers)
            if not reached.is_wide(place):
                return False
        return True

    def _limits(self, *, whole: bool) -> Sequence[float]:
        """Between what the others' levels add up to at each place that is told: the most, then the least, negated."""
        most, least = [], []
        for place, window in self._told.items():
            count = len(self._layout.places[place])
            own = self._own[place] if self._own else 0
            low, high = (count * (self._n * end - own) for end in (window.low, window.high))
            if whole:
                low = Fraction(ceil(low) if window.has_low else floor(low) + 1)
                high = Fraction(floor(high) if window.has_high else ceil(high) - 1)
            least.append(-float(low))
            most.append(float(high))
        return [*most, *least]

    def _extreme(
        self, numbers: Sequence[int], sign: int, limits: Sequence[float], *, whole: bool
    ) -> "NDArray[np.float64] | None":
        """One organisation's answers in which these questions' levels add up to the least (1) or most (-1)."""
        import numpy as np  # noqa: PLC0415 - the server starts without it
        from scipy.optimize import linprog  # noqa: PLC0415 - the same

        aim = np.zeros(2 * self._layout.questions)
        aim[list(numbers)] = sign
        found = linprog(
            aim,
            A_ub=self._rows,
            b_ub=limits,
            bounds=self._bounds,
            integrality=1 if whole else 0,
            method="highs",
            options={"time_limit": SECONDS},
        )
        return None if found.x is None or found.status else found.x[: self._layout.questions]


@dataclass
class _Reached:
    """The least and the most that one organisation's levels have added up to, place by place, in answers that fit.

    Two answers that lie far enough apart show that a place is open: mostly the lowest and the highest of the whole do
    so for all. Where levels are whole so are the sums.
    """

    layout: Layout
    whole: bool
    anything: bool = False
    ends: dict[Place, tuple[float, float]] = field(default_factory=dict)

    def note(self, answers: "NDArray[np.float64]") -> None:
        """Other answers that fit."""
        self.anything = True
        for place, numbers in self.layout.places.items():
            total = float(answers[list(numbers)].sum())
            up, down = total + SLACK, total - SLACK
            low, high = (ceil(down), floor(up)) if self.whole else (up, down)
            known = self.ends.get(place, (inf, -inf))
            self.ends[place] = min(known[0], low), max(known[1], high)

    def is_wide(self, place: Place) -> bool:
        """Whether two answers that fit lie far enough apart."""
        low, high = self.ends.get(place, (inf, -inf))
        return high - low >= NARROWEST * len(self.layout.places[place])
