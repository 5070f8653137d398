"""Cohorts: what their scores are together, and how two of them differ (domain rules, section 4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers.document import AnswerDocument, Find, RefusedError, accept_document, read_json
from app.core.cohort import statistics
from app.core.cohort.statistics import INTERVAL_FROM, STABLE_FROM, Interval
from app.core.questionnaire.model import Questionnaire
from app.core.scoring.scorecard import Scorecard

MOST_COHORTS = 6

Note = Literal["not_scored", "no_interval", "no_variation", "interval_undefined", "no_test", "unstable"]
SENTENCES: Mapping[Note, str] = {
    "not_scored": "Nothing to compare: no organisation is scored here in one of the cohorts.",
    "no_interval": "No interval under 5 organisations.",
    "no_variation": "Nothing varies within the cohorts: Hedges' g and interval are not defined.",
    "interval_undefined": "The interval is not defined for these scores.",
    "no_test": "No test: with so few organisations no difference of a dimension could be significant after "
    "Holm's correction; the whole is not tested either.",
    "unstable": "Unstable under 10 organisations.",
}


_WHOLE = ""  # the whole among the dimensions: no dimension is called so
_Scores = tuple[Fraction, ...]


class UnlikeSittingsError(ValueError):
    """Scorecards of different forms or editions cannot stand beside each other."""


@dataclass(frozen=True)
class Summary:
    """A dimension, or the whole, over a cohort. `scores` has every organisation in order, None where not scored.

    `n` counts those scored. Mean, median and quartiles (numpy's default) are exact, and None where nobody is scored;
    `sd` has n - 1 and is None under two.
    """

    scores: tuple[Fraction | None, ...]
    n: int
    mean: Fraction | None
    median: Fraction | None
    q1: Fraction | None
    q3: Fraction | None
    sd: float | None

    @property
    def known(self) -> tuple[Fraction, ...]:
        """The scores there are."""
        return tuple(score for score in self.scores if score is not None)


@dataclass(frozen=True)
class CohortSummary:
    """A cohort of `n` organisations: the whole, and all dimensions in order."""

    n: int
    overall: Summary
    dimensions: Mapping[str, Summary]


@dataclass(frozen=True)
class Difference:
    """Second cohort minus first, on means. What is None has its reason among `notes`.

    `interval`: 95 % BCa. `p`: permutation test, two-sided. `p_holm`: over those dimensions that have a p; the whole
    stays outside.
    """

    mean_difference: Fraction | None
    interval: Interval | None
    hedges_g: float | None
    p: float | None
    p_holm: float | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Comparison:
    """One to six cohorts; the differences are there for exactly two."""

    cohorts: tuple[CohortSummary, ...]
    differences: Mapping[str, Difference] | None
    overall: Difference | None


def read_cohort(
    text: str, find: Find, like: AnswerDocument | None = None
) -> tuple[list[AnswerDocument], Questionnaire]:
    """A cohort as a JSON list of answer documents, all of one questionnaire, edition and form, or of those of `like`.

    Raises RefusedError, naming the document's place and the key.
    """
    entries = read_json(text)
    if not isinstance(entries, list):
        raise RefusedError("", "a cohort must be a JSON list of answer documents")
    read = [accept_document(entry, find, f"[{place}].") for place, entry in enumerate(entries)]
    if not read:
        raise RefusedError("", "no answer document in the list: a cohort of nobody cannot be compared")
    documents = [document for document, _ in read]
    first = like or documents[0]
    for place, document in enumerate(documents):
        for key in ("questionnaire", "edition", "form"):
            its, wanted = getattr(document, key), getattr(first, key)
            if its != wanted:
                raise RefusedError(f"[{place}].{key}", f"{its!r} cannot be compared with {wanted!r}")
    return documents, read[0][1]


def summarise(questionnaire: Questionnaire, cards: Sequence[Scorecard]) -> CohortSummary:
    """One cohort. An organisation whose dimension is not scored does not count in that dimension."""
    of_one_form(cards)
    return CohortSummary(
        n=len(cards),
        overall=_summary([card.overall.score for card in cards]),
        dimensions={
            dimension: _summary([card.dimensions[dimension].score for card in cards])
            for dimension in questionnaire.dimensions
        },
    )


def compare(questionnaire: Questionnaire, peers: Sequence[Sequence[Scorecard]]) -> Comparison:
    """One to six cohorts of the same edition and form. Raises UnlikeSittingsError, and ValueError for more or none."""
    if not 1 <= len(peers) <= MOST_COHORTS:
        msg = f"1 to {MOST_COHORTS} cohorts are compared, not {len(peers)}"
        raise ValueError(msg)
    of_one_form(card for cards in peers for card in cards)
    cohorts = tuple(summarise(questionnaire, cards) for cards in peers)
    if len(cohorts) != 2:
        return Comparison(cohorts, None, None)
    first, second = ({**cohort.dimensions, _WHOLE: cohort.overall} for cohort in cohorts)
    samples = {id_: (first[id_].known, second[id_].known) for id_ in first}
    ps = _tested(samples, len(questionnaire.dimensions))
    adjusted = statistics.holm({id_: p for id_, p in ps.items() if id_ != _WHOLE})
    differences = {id_: _difference(*pair, ps.get(id_), adjusted.get(id_)) for id_, pair in samples.items()}
    overall = differences.pop(_WHOLE)
    return Comparison(cohorts, differences, overall)


def of_one_form(cards: Iterable[Scorecard]) -> None:
    """Raises UnlikeSittingsError where the scorecards do not hold the same questions."""
    if len({tuple(card.levels) for card in cards}) > 1:
        msg = "scorecards of different forms or editions cannot be compared"
        raise UnlikeSittingsError(msg)


def _summary(scores: Sequence[Fraction | None]) -> Summary:
    known = [score for score in scores if score is not None]
    return Summary(
        scores=tuple(scores),
        n=len(known),
        mean=statistics.mean(known),
        median=statistics.quantile(known, Fraction(1, 2)),
        q1=statistics.quantile(known, Fraction(1, 4)),
        q3=statistics.quantile(known, Fraction(3, 4)),
        sd=statistics.standard_deviation(known),
    )


def _tested(samples: Mapping[str, tuple[_Scores, _Scores]], dimensions: int) -> dict[str, float]:
    """A p for whatever has one."""
    tested = [
        id_
        for id_, (first, second) in samples.items()
        if statistics.can_be_tested(statistics.splits(len(first), len(second)), dimensions)
    ]
    return dict(zip(tested, statistics.permutation_tests([samples[id_] for id_ in tested]), strict=True))


def _difference(first: _Scores, second: _Scores, p: float | None, p_holm: float | None) -> Difference:
    interval = statistics.difference_interval(first, second)
    hedges_g = statistics.hedges_g(first, second)
    fewest = min(len(first), len(second))
    notes: dict[Note, bool] = {
        "not_scored": fewest == 0,
        "no_interval": 0 < fewest < INTERVAL_FROM,
        "no_variation": fewest > 0 and hedges_g is None,
        "interval_undefined": fewest >= INTERVAL_FROM and hedges_g is not None and interval is None,
        "no_test": fewest > 0 and p is None,
        "unstable": 0 < fewest < STABLE_FROM,
    }
    return Difference(
        mean_difference=statistics.mean_difference(first, second),
        interval=interval,
        hedges_g=hedges_g,
        p=p,
        p_holm=p_holm,
        notes=tuple(note for note, holds in notes.items() if holds),
    )


def as_json(comparison: Comparison) -> dict[str, object]:
    """The comparison as the contract's JSON: numbers are doubles, a note is its English sentences or null."""
    differences, overall = comparison.differences, comparison.overall
    return {
        "cohorts": [
            {
                "n": cohort.n,
                "overall": _summary_json(cohort.overall),
                "dimensions": {id_: _summary_json(summary) for id_, summary in cohort.dimensions.items()},
            }
            for cohort in comparison.cohorts
        ],
        "differences": differences and {id_: _difference_json(one) for id_, one in differences.items()},
        "overall": overall and _difference_json(overall),
    }


def _summary_json(summary: Summary) -> dict[str, object]:
    return {
        "n": summary.n,
        "mean": _double(summary.mean),
        "median": _double(summary.median),
        "q1": _double(summary.q1),
        "q3": _double(summary.q3),
        "sd": summary.sd,
    }


def _difference_json(difference: Difference) -> dict[str, object]:
    return {
        "mean_difference": _double(difference.mean_difference),
        "interval": difference.interval and list(difference.interval),
        "hedges_g": difference.hedges_g,
        "p": difference.p,
        "p_holm": difference.p_holm,
        "note": " ".join(SENTENCES[note] for note in difference.notes) or None,
    }


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
