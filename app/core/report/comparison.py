"""What is said of cohorts beside each other, as data (section 4): open ones as dots, confidential ones as marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers.values import same_name
from app.core.cohort.comparison import MOST_COHORTS, CohortSummary, Comparison, Difference, summarise
from app.core.cohort.release import Average, Release
from app.core.cohort.statistics import SIGNIFICANT
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.report.cohort import CohortFacts, Frame, frame_of
from app.core.report.dot_plot import Strip, strip
from app.core.scoring.scorecard import Scorecard

FEWEST_COHORTS = 2

Reason = Literal[
    "one_only", "too_many", "questionnaire", "edition", "form", "not_closed", "working", "not_released", "confidential"
]

Verdict = Literal["nothing", "same", "untested", "chance", "unlikely"]
"""How far chance explains a difference: nobody to compare; no difference; no test; could well be; would seldom be."""

DifferencesLeftOut = Literal["not_two", "confidential"]


class CannotCompareError(Exception):
    """These cohorts cannot stand beside each other; `reason` says why, and `cohorts` which of them are at fault."""

    def __init__(self, reason: Reason, cohorts: Sequence[str] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cohorts = tuple(cohorts)


@dataclass(frozen=True)
class OpenPeer:
    """An open cohort, its finished organisations scored; `names` are theirs."""

    cohort: CohortFacts
    cards: tuple[Scorecard, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class ConfidentialPeer:
    """A confidential cohort: its release and nothing else."""

    cohort: CohortFacts
    release: Release


Peer = OpenPeer | ConfidentialPeer


@dataclass(frozen=True)
class Place:
    """Where one cohort stands: a strip if it is open, a released mean if it is confidential; None where held back."""

    cohort: CohortFacts
    strip: Strip | None
    average: Average | None


@dataclass(frozen=True)
class DifferenceReport:
    """Second cohort minus first, and what to make of it. `looks`: how many were tested together; None for the whole."""

    difference: Difference
    verdict: Verdict
    first_n: int
    second_n: int
    looks: int | None

    @property
    def p(self) -> float | None:
        """The p by which it is judged: after Holm's correction, for the whole as it is."""
        return self.difference.p if self.looks is None else self.difference.p_holm


@dataclass(frozen=True)
class DimensionCompared:
    """A dimension, or the whole, in every cohort; the difference is there for two open ones."""

    id: str
    name: str
    places: tuple[Place, ...]
    difference: DifferenceReport | None


@dataclass(frozen=True)
class FrameworkCompared:
    """A framework's dimensions in order."""

    id: str
    name: str
    dimensions: tuple[DimensionCompared, ...]


@dataclass(frozen=True)
class ComparedCohort:
    """One of the cohorts; `n` organisations count. Of a confidential one some means may be held back."""

    cohort: CohortFacts
    n: int
    held_back: bool = False


@dataclass(frozen=True)
class ComparisonReport:
    """Two to six cohorts side by side. `left_out` says why there are no differences.

    `in_both`: how many organisations, by name, stand in both of two open cohorts; the tests take them for different.
    """

    frame: Frame
    cohorts: tuple[ComparedCohort, ...]
    overall: DimensionCompared
    frameworks: tuple[FrameworkCompared, ...]
    left_out: DifferencesLeftOut | None
    in_both: int

    @property
    def dimensions(self) -> tuple[DimensionCompared, ...]:
        """All dimensions, framework by framework."""
        return tuple(dimension for framework in self.frameworks for dimension in framework.dimensions)


def refuse_count(cohorts: int) -> None:
    """Raises CannotCompareError for fewer than two or more than six."""
    if cohorts < FEWEST_COHORTS:
        raise CannotCompareError("one_only")
    if cohorts > MOST_COHORTS:
        raise CannotCompareError("too_many")


def left_out(peers: Sequence[Peer]) -> DifferencesLeftOut | None:
    """Why these cohorts have no differences; None for two open ones. No confidential one is part of any statistics."""
    if len(peers) != FEWEST_COHORTS:
        return "not_two"
    return "confidential" if any(isinstance(peer, ConfidentialPeer) for peer in peers) else None


def compose_comparison(
    questionnaire: Questionnaire, form: FormName, peers: Sequence[Peer], tested: Comparison | None, language: str
) -> ComparisonReport:
    """Two to six cohorts of this form side by side; `tested` compares the two where `left_out` is None.

    Raises CannotCompareError for fewer or more.
    """
    refuse_count(len(peers))
    wording = questionnaire.wording(language)
    summaries = {peer.cohort.id: summarise(questionnaire, peer.cards) for peer in peers if isinstance(peer, OpenPeer)}
    largest = max((summary.n for summary in summaries.values()), default=0)

    def places(dimension: str | None) -> tuple[Place, ...]:
        return tuple(_place(peer, summaries.get(peer.cohort.id), dimension, largest) for peer in peers)

    def dimension(id_: str) -> DimensionCompared:
        difference = _told(tested, id_) if tested else None
        return DimensionCompared(id_, wording.dimensions[id_].name, places(id_), difference)

    return ComparisonReport(
        frame=frame_of(questionnaire, form, language),
        cohorts=tuple(
            ComparedCohort(peer.cohort, peer.release.n, peer.release.held_back is not None)
            if isinstance(peer, ConfidentialPeer)
            else ComparedCohort(peer.cohort, len(peer.cards))
            for peer in peers
        ),
        overall=DimensionCompared("", "", places(None), _told(tested, None) if tested else None),
        frameworks=tuple(
            FrameworkCompared(
                framework.id,
                wording.frameworks[framework.id].name,
                tuple(dimension(id_) for id_ in framework.dimensions),
            )
            for framework in questionnaire.frameworks
        ),
        left_out=left_out(peers),
        in_both=_in_both(peers),
    )


def _in_both(peers: Sequence[Peer]) -> int:
    if left_out(peers) is not None:
        return 0
    first, second = ({same_name(name) for name in peer.names} for peer in peers if isinstance(peer, OpenPeer))
    return len(first & second)


def _place(peer: Peer, summary: CohortSummary | None, dimension: str | None, largest: int) -> Place:
    if isinstance(peer, ConfidentialPeer):
        release = peer.release
        return Place(peer.cohort, None, release.overall if dimension is None else release.dimensions.get(dimension))
    if summary is None:
        msg = "an open cohort has been summarised"
        raise ValueError(msg)
    return Place(
        peer.cohort, strip(summary.overall if dimension is None else summary.dimensions[dimension], largest), None
    )


def _told(tested: Comparison, dimension: str | None) -> DifferenceReport | None:
    if tested.differences is None or tested.overall is None:
        return None
    first, second = (cohort.overall if dimension is None else cohort.dimensions[dimension] for cohort in tested.cohorts)
    difference = tested.overall if dimension is None else tested.differences[dimension]
    looks = None if dimension is None else sum(one.p is not None for one in tested.differences.values())
    p = difference.p if dimension is None else difference.p_holm
    return DifferenceReport(difference, verdict(difference.mean_difference, p), first.n, second.n, looks)


def verdict(difference: Fraction | None, p: float | None) -> Verdict:
    """What a difference, or a change, and its p amount to."""
    if difference is None:
        return "nothing"
    if difference == 0:
        return "same"
    if p is None:
        return "untested"
    return "unlikely" if p <= float(SIGNIFICANT) else "chance"
