"""What is said of organisations that sat twice, as data (section 4): found by chain or by name, and confirmed."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from app.core.answers.values import same_name
from app.core.cohort.paired import BeforeAfter, Change, compare_sittings
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.report.cohort import CohortFacts, Frame, Sitting, frame_of
from app.core.report.comparison import Verdict, verdict


@dataclass(frozen=True)
class Pair:
    """The same organisation in two cohorts: it has sat again, or has the same name, however that is written."""

    before: Sitting
    after: Sitting


@dataclass(frozen=True)
class Matching:
    """Who seems to have sat twice; the names of those who stand in one cohort only, or twice in one of them."""

    pairs: tuple[Pair, ...]
    before_only: tuple[str, ...]
    after_only: tuple[str, ...]
    ambiguous: tuple[str, ...]


@dataclass(frozen=True)
class Slope:
    """A score before and after, and of how many organisations."""

    before: Fraction
    after: Fraction
    organisations: int


@dataclass(frozen=True)
class ChangeReport:
    """A dimension, or the whole, over the pairs scored in both. `looks`: how many were tested together."""

    id: str
    name: str
    change: Change
    verdict: Verdict
    slopes: tuple[Slope, ...]
    higher: int
    lower: int
    same: int
    looks: int | None

    @property
    def p(self) -> float | None:
        """The p by which it is judged: after Holm's correction, for the whole as it is."""
        return self.change.p if self.looks is None else self.change.p_holm


@dataclass(frozen=True)
class FrameworkChanged:
    """A framework's dimensions in order."""

    id: str
    name: str
    dimensions: tuple[ChangeReport, ...]


@dataclass(frozen=True)
class BeforeAfterReport:
    """Two cohorts, the organisations that seem to be in both, and what changed for those that were confirmed.

    `chosen` has the assessments, in the earlier cohort, of the confirmed pairs; without any there is nothing more.
    `rescored`: a full sitting counts as if it had been a pulse.
    """

    frame: Frame
    before: CohortFacts
    after: CohortFacts
    matching: Matching
    chosen: tuple[str, ...]
    rescored: bool
    n: int
    overall: ChangeReport | None
    frameworks: tuple[FrameworkChanged, ...]


def match(
    before: Sequence[Sitting], after: Sequence[Sitting], follows: Mapping[str, Sequence[str]] | None = None
) -> Matching:
    """Pairs in the earlier cohort's order: who has sat again, and then those of one name, however it is written.

    `follows`: a later assessment to those before it, the nearest first. One that two of the later cohort follow goes by
    its name.
    """
    again = _sat_again(before, after, follows or {})
    taken = {sitting.assessment for sitting in again.values()}
    named = _by_name(
        [one for one in before if one.assessment not in again], [one for one in after if one.assessment not in taken]
    )
    found = again | {pair.before.assessment: pair.after for pair in named.pairs}
    pairs = tuple(Pair(one, found[one.assessment]) for one in before if one.assessment in found)
    return replace(named, pairs=pairs)


def _sat_again(
    before: Sequence[Sitting], after: Sequence[Sitting], follows: Mapping[str, Sequence[str]]
) -> dict[str, Sitting]:
    """An earlier assessment to the one sitting of the later cohort that follows it."""
    known = {one.assessment for one in before}
    nearest = {one.assessment: next(filter(known.__contains__, follows.get(one.assessment, ())), None) for one in after}
    times = Counter(nearest.values())
    return {first: one for one in after if (first := nearest[one.assessment]) is not None and times[first] == 1}


def _by_name(before: Sequence[Sitting], after: Sequence[Sitting]) -> Matching:
    earlier, later = ([same_name(sitting.organisation) for sitting in one] for one in (before, after))
    twice = {name for names in (earlier, later) for name, times in Counter(names).items() if times > 1}
    found = {name: sitting for name, sitting in zip(later, after, strict=True) if name not in twice}
    pairs = tuple(
        Pair(sitting, found[name])
        for name, sitting in zip(earlier, before, strict=True)
        if name in found.keys() - twice
    )
    both = set(earlier) & set(later)
    return Matching(
        pairs=pairs,
        before_only=tuple(one.organisation for name, one in zip(earlier, before, strict=True) if name not in both),
        after_only=tuple(one.organisation for name, one in zip(later, after, strict=True) if name not in both),
        ambiguous=tuple(
            dict.fromkeys(
                one.organisation for name, one in zip(earlier, before, strict=True) if name in both and name in twice
            )
        ),
    )


def compose_before_after(  # noqa: PLR0913 - these are the parts of one report
    questionnaire: Questionnaire,
    form: FormName,
    cohorts: tuple[CohortFacts, CohortFacts],
    matching: Matching,
    chosen: Collection[str],
    language: str,
    *,
    rescored: bool,
) -> BeforeAfterReport:
    """The report of those pairs whose earlier assessment is among `chosen`, all scored as `form`."""
    pairs = [pair for pair in matching.pairs if pair.before.assessment in chosen]
    found = compare_sittings(questionnaire, [(pair.before.card, pair.after.card) for pair in pairs]) if pairs else None
    wording = questionnaire.wording(language)
    return BeforeAfterReport(
        frame=frame_of(questionnaire, form, language),
        before=cohorts[0],
        after=cohorts[1],
        matching=matching,
        chosen=tuple(pair.before.assessment for pair in pairs),
        rescored=rescored,
        n=len(pairs),
        overall=_overall(found, pairs) if found else None,
        frameworks=tuple(
            FrameworkChanged(
                framework.id,
                wording.frameworks[framework.id].name,
                tuple(_dimension(found, pairs, id_, wording.dimensions[id_].name) for id_ in framework.dimensions),
            )
            for framework in questionnaire.frameworks
        )
        if found
        else (),
    )


def _overall(found: BeforeAfter, pairs: Sequence[Pair]) -> ChangeReport:
    scores = [(pair.before.card.overall.score, pair.after.card.overall.score) for pair in pairs]
    return _told("", "", found.overall, scores, None)


def _dimension(found: BeforeAfter, pairs: Sequence[Pair], id_: str, name: str) -> ChangeReport:
    scores = [(pair.before.card.dimensions[id_].score, pair.after.card.dimensions[id_].score) for pair in pairs]
    looks = sum(change.p is not None for change in found.dimensions.values())
    return _told(id_, name, found.dimensions[id_], scores, looks)


def _told(
    id_: str,
    name: str,
    change: Change,
    scores: Sequence[tuple[Fraction | None, Fraction | None]],
    looks: int | None,
) -> ChangeReport:
    known = [(before, after) for before, after in scores if before is not None and after is not None]
    return ChangeReport(
        id=id_,
        name=name,
        change=change,
        verdict=verdict(change.mean_change, change.p if looks is None else change.p_holm),
        slopes=tuple(Slope(before, after, times) for (before, after), times in sorted(Counter(known).items())),
        higher=sum(after > before for before, after in known),
        lower=sum(after < before for before, after in known),
        same=sum(after == before for before, after in known),
        looks=looks,
    )
