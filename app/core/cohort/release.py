"""What a confidential cohort releases, once: means of five or more, from which no score can be worked out (section 4).

Figures of cohorts that were released by an earlier rule ("under 1.5" said of what rounds to 1.0, and of nothing else)
have been told and cannot be untold; nor are they worked out anew, for two releases of one cohort tell more than one.
They are said again through today's cut-off, which only takes away: see `as_told_now`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from pydantic import Field, TypeAdapter

from app.core.cohort.comparison import of_one_form
from app.core.cohort.disclosure import Layout, Place, Scores, Window, stays_open
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, FormName, Questionnaire, Value
from app.core.scoring.scorecard import Scorecard

RELEASED_FROM = 5
RULE = 2
"""The rule that this module has; releases of the first one say none."""

_HALF = Fraction(1, 20)
"""By so much a mean may lie beside its one decimal."""
_ROOM, _ROOM_OF_ONE = Fraction(6), Fraction(13, 2)
"""How far the scores of all together lie above 1, at least, where a mean is told; of a dimension with one question."""

HeldBack = Literal["overlapping", "everything"]
"""What a release leaves out because somebody could work out a score: all but the first framework, or every mean."""
Reason = Literal["too_few", "decided"]
"""Why nothing is released: fewer than five are scored throughout; or the operator so decided, after a restore."""


class Average(Value):
    """A mean 1-5 to one decimal, halves up; with a `bound` all that is told is that it lies under or over `value`."""

    value: Decimal
    bound: Literal["under", "over"] | None = None


class Counted(Value):
    """How far the cohort was when it was closed."""

    joined: int
    answered: int
    finished: int


class Release(Value):
    """Means over the same `n` organisations, dimension to average, as far as they are told. It survives JSON.

    `counted` is frozen with them: who leaves later shows in no count beside the means.
    """

    n: int
    overall: Average | None = None
    dimensions: dict[str, Average] = Field(default={})
    held_back: HeldBack | None = None
    counted: Counted | None = None
    rule: int = 1


class Nothing(Value):
    """That nothing is released, for good, and why."""

    nothing: Reason
    counted: Counted | None = None


class Sitting(Value):
    """One organisation's scores, exact; whose they are is not said."""

    overall: Fraction
    dimensions: dict[str, Fraction]

    @property
    def scores(self) -> Scores:
        """The whole first, and every dimension."""
        scores: dict[Place, Fraction] = {None: self.overall}
        scores.update(self.dimensions)
        return scores


class Closing(Value):
    """What stood when a confidential cohort was closed, from which its release is worked out: see `complete`."""

    sittings: tuple[Sitting, ...]
    counted: Counted


Outcome = Release | Nothing
State = Literal["not_closed", "held", "working", "too_few", "decided", "released"]
"""Of a confidential cohort: why there is no release (yet); or that there is one."""
_outcome: TypeAdapter[Outcome] = TypeAdapter(Outcome)


@dataclass(frozen=True)
class Standing:
    """Whether a confidential cohort has its release, which is there in the state `released` alone."""

    state: State
    release: Release | None = None

    @property
    def has_means(self) -> bool:
        """Whether any mean is told, so that it can stand beside other cohorts."""
        return self.release is not None and bool(self.release.dimensions)


def read_outcome(text: str) -> Outcome:
    """What was kept of a closed cohort as JSON, by this rule or the earlier one."""
    return _outcome.validate_json(text)


def complete(cards: Sequence[Scorecard]) -> tuple[Sitting, ...]:
    """The organisations that count: those with every dimension scored. Raises UnlikeSittingsError."""
    of_one_form(cards)
    return tuple(sitting for card in cards if (sitting := _scored_throughout(card)) is not None)


def release(
    questionnaire: Questionnaire,
    form: FormName,
    sittings: Sequence[Sitting],
    looked: Callable[[], None] = lambda: None,
) -> Outcome:
    """What may be told of these organisations: all means, or the first framework's alone, or how many they are.

    `looked` is called each time that one more view of what would be told was worked out: of an outsider, or a member.
    """
    if len(sittings) < RELEASED_FROM:
        return Nothing(nothing="too_few")
    layout = layout_of(questionnaire, form)
    members = [sitting.scores for sitting in sittings]
    everything = averages(layout, members)
    # The dimensions of one framework share no question.
    apart = {place: everything[place] for place in questionnaire.frameworks[0].dimensions}
    attempts: tuple[tuple[Mapping[Place, Average], HeldBack | None], ...] = (
        (everything, None),
        ({place: average for place, average in everything.items() if place in apart}, "overlapping"),
    )
    for told, held_back in attempts:
        windows = {place: window(average, _cut_off(layout, place, len(members))) for place, average in told.items()}
        if stays_open(layout, windows, members, looked):
            means = {place: average for place, average in told.items() if place is not None}
            overall = told.get(None)
            return Release(n=len(members), overall=overall, dimensions=means, held_back=held_back, rule=RULE)
    return count_alone(sittings)


def count_alone(sittings: Sequence[Sitting]) -> Outcome:
    """How many they are, and no mean."""
    if len(sittings) < RELEASED_FROM:
        return Nothing(nothing="too_few")
    return Release(n=len(sittings), held_back="everything", rule=RULE)


def averages(layout: Layout, members: Sequence[Scores]) -> Mapping[Place, Average]:
    """The means as they would be told, the whole first."""
    return {
        place: _average(
            sum((scores[place] for scores in members), Fraction(0)) / len(members),
            _cut_off(layout, place, len(members)),
        )
        for place in layout.places
    }


def layout_of(questionnaire: Questionnaire, form: FormName) -> Layout:
    """Which of the form's questions count for which dimension, and for the whole all of them."""
    asked = questionnaire.in_form(form)
    places: dict[Place, tuple[int, ...]] = {None: tuple(range(len(asked)))}
    for dimension in questionnaire.dimensions:
        places[dimension] = tuple(number for number, one in enumerate(asked) if dimension in one.counts_for)
    return Layout(len(asked), places, len(questionnaire.frameworks))


def cut_off(n: int, questions: int = 2) -> Decimal:
    """An exact mean of `n` that lies under it is told only as under it; over 6 less it, only as over that.

    The smallest tenth from 1 + 6/n on; 1 + 6.5/n where a dimension has one question.
    """
    room = _ROOM_OF_ONE if questions == 1 else _ROOM
    return Decimal(ceil((LOWEST_LEVEL + room / n) * 10)).scaleb(-1)


def window(average: Average, cut: Decimal) -> Window:
    """Where the mean lies, for whoever knows how it came to be told so."""
    low, high = Fraction(cut), LOWEST_LEVEL + HIGHEST_LEVEL - Fraction(cut)
    if average.bound == "under":
        return Window(Fraction(LOWEST_LEVEL), low, has_high=False)
    if average.bound == "over":
        return Window(high, Fraction(HIGHEST_LEVEL), has_low=False)
    middle = Fraction(average.value)
    return Window(max(low, middle - _HALF), min(high, middle + _HALF), has_high=middle + _HALF > high)


def as_told_now(questionnaire: Questionnaire, form: FormName, released: Release) -> Release:
    """A release of the earlier rule through today's cut-off; one of today's as it is.

    It tells less than it told, and nothing else: the figures that are left out are a bound's.
    """
    if released.rule == RULE or released.overall is None:
        return released
    layout = layout_of(questionnaire, form)

    def again(average: Average, place: Place) -> Average:
        cut = _cut_off(layout, place, released.n)
        other = LOWEST_LEVEL + HIGHEST_LEVEL - cut
        if average.bound == "under" or (average.bound is None and average.value < cut):
            return Average(value=cut, bound="under")
        if average.bound == "over" or average.value > other:
            return Average(value=other, bound="over")
        return average

    means = {dimension: again(average, dimension) for dimension, average in released.dimensions.items()}
    return released.model_copy(update={"overall": again(released.overall, None), "dimensions": means})


def _cut_off(layout: Layout, place: Place, n: int) -> Decimal:
    return cut_off(n, len(layout.places[place]))


def _scored_throughout(card: Scorecard) -> Sitting | None:
    found = {id_: dimension.score for id_, dimension in card.dimensions.items()}
    scored = {id_: score for id_, score in found.items() if score is not None}
    if card.overall.score is None or len(scored) < len(found):
        return None
    return Sitting(overall=card.overall.score, dimensions=scored)


def _average(mean: Fraction, cut: Decimal) -> Average:
    # Compared before it is rounded: what rounds up to the cut-off may lie under it.
    other = LOWEST_LEVEL + HIGHEST_LEVEL - cut
    if mean < Fraction(cut):
        return Average(value=cut, bound="under")
    if mean > Fraction(other):
        return Average(value=other, bound="over")
    # Always one decimal: what the eye gets elsewhere, more decimals where a stage's boundary is near, would tell more.
    return Average(value=Decimal(floor(mean * 10 + Fraction(1, 2))).scaleb(-1))
