"""An open cohort together: where it stands, where it differs, what its organisations would take on first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE
from app.core.cohort import statistics
from app.core.cohort.comparison import CohortSummary, summarise
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, Questionnaire
from app.core.scoring.scorecard import BLIND_SPOT_LIMIT, Scorecard
from app.core.team.agreement import cronbach_alpha
from app.core.team.spread import QuestionLevel

NAMED = 3


@dataclass(frozen=True)
class Distribution:
    """How many organisations stand where at a question. A level between two counts as the lower: it is reached."""

    levels: tuple[int, ...]
    dont_know: int
    not_applicable: int
    open: int


@dataclass(frozen=True)
class QuestionOverview:
    """A crossing over the cohort: `mean` is exact, over the `n` organisations that have a level there; None of none."""

    id: str
    mean: Fraction | None
    n: int
    distribution: Distribution


@dataclass(frozen=True)
class Count:
    """How many organisations something holds of, and of what: a dimension's or a question's id."""

    id: str
    organisations: int


@dataclass(frozen=True)
class Coherence:
    """Cronbach's alpha of a dimension's questions, over the `n` organisations that have a level at each of them.

    None where alpha says nothing: see `agreement.cronbach_alpha`.
    """

    alpha: Fraction | None
    n: int


@dataclass(frozen=True)
class Ranking:
    """At most three dimensions named, and those `tied` with the third, which equal it exactly."""

    named: tuple[str, ...]
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Overview:
    """What the facilitator of an open cohort sees. Equal counts and ties stand in the questionnaire's order.

    `summary` has every organisation's score as a dot. `mean_gaps` are over those scored. `priorities` counts in how
    many organisations a dimension is named; `blind_spots`, in how many its blind spots exceed a third; `unknown`, in
    how many nobody knew at a question. `strengths` and `weaknesses` go by mean, `gaps` by mean gap above 0.
    """

    summary: CohortSummary
    mean_gaps: Mapping[str, Fraction | None]
    coherence: Mapping[str, Coherence]
    questions: Mapping[str, QuestionOverview]
    priorities: tuple[Count, ...]
    blind_spots: tuple[Count, ...]
    unknown: tuple[Count, ...]
    strengths: Ranking
    weaknesses: Ranking
    gaps: Ranking


def overview(questionnaire: Questionnaire, cards: Sequence[Scorecard]) -> Overview:
    """The overview of an open cohort, on individual answers. Raises UnlikeSittingsError for different forms."""
    summary = summarise(questionnaire, cards)
    means = {id_: one.mean for id_, one in summary.dimensions.items() if one.mean is not None}
    gaps = {id_: statistics.mean(_gaps(cards, id_)) for id_ in questionnaire.dimensions}
    questions = {
        id_: _question(id_, [card.levels[id_] for card in cards]) for id_ in (cards[0].levels if cards else ())
    }
    return Overview(
        summary=summary,
        mean_gaps=gaps,
        coherence={id_: _coherence(questionnaire, cards, id_) for id_ in questionnaire.dimensions},
        questions=questions,
        priorities=_counts(questionnaire.dimensions, (id_ for card in cards for id_ in card.priorities)),
        blind_spots=_counts(questionnaire.dimensions, (id_ for card in cards for id_ in _blind_spots(card))),
        unknown=_counts(questions, (id_ for card in cards for id_, level in card.levels.items() if level == DONT_KNOW)),
        strengths=_ranking({id_: -mean for id_, mean in means.items()}),
        weaknesses=_ranking(means),
        gaps=_ranking({id_: -gap for id_, gap in gaps.items() if gap}),
    )


def _gaps(cards: Sequence[Scorecard], dimension: str) -> list[Fraction]:
    return [gap for card in cards if (gap := card.dimensions[dimension].gap) is not None]


def _coherence(questionnaire: Questionnaire, cards: Sequence[Scorecard], dimension: str) -> Coherence:
    cases = [
        [level for id_, level in card.levels.items() if dimension in questionnaire.question(id_).counts_for]
        for card in cards
    ]
    complete = [
        known for case in cases if len(known := [level for level in case if isinstance(level, Fraction)]) == len(case)
    ]
    return Coherence(cronbach_alpha(complete), len(complete))


def _blind_spots(card: Scorecard) -> list[str]:
    return [
        id_
        for id_, dimension in card.dimensions.items()
        if dimension.blind_spots is not None and dimension.blind_spots > BLIND_SPOT_LIMIT
    ]


def _question(id_: str, levels: Sequence[QuestionLevel]) -> QuestionOverview:
    known = [level for level in levels if isinstance(level, Fraction)]
    reached = Counter(floor(level) for level in known)
    return QuestionOverview(
        id=id_,
        mean=statistics.mean(known),
        n=len(known),
        distribution=Distribution(
            levels=tuple(reached[level] for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)),
            dont_know=levels.count(DONT_KNOW),
            not_applicable=levels.count(NOT_APPLICABLE),
            open=levels.count(None),
        ),
    )


def _counts(order: Iterable[str], named: Iterable[str]) -> tuple[Count, ...]:
    """What is named at all, the most frequent first; `sorted` is stable, so equal counts keep the order."""
    times = Counter(named)
    counts = [Count(id_, times[id_]) for id_ in order if times[id_]]
    return tuple(sorted(counts, key=lambda count: -count.organisations))


def _ranking(values: Mapping[str, Fraction]) -> Ranking:
    """The lowest first; `sorted` is stable."""
    ranked = sorted(values, key=values.__getitem__)
    named, rest = ranked[:NAMED], ranked[NAMED:]
    return Ranking(tuple(named), tuple(id_ for id_ in rest if values[id_] == values[named[-1]]))
