"""From a cohort's documents to what its page shows and its paper prints: gather, score, compare, compose.

What may not be shown is not even gathered: of a confidential cohort, its release alone.
"""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from threading import Lock

from sqlmodel import Session

from app.core.cohort.comparison import Comparison, compare
from app.core.cohort.paired import as_pulse
from app.core.cohort.release import Standing
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.report import change, comparison
from app.core.report.change import BeforeAfterReport
from app.core.report.cohort import (
    CohortFacts,
    ConfidentialReport,
    OpenReport,
    Sitting,
    compose_confidential,
    compose_open,
)
from app.core.report.comparison import CannotCompareError, ComparisonReport, ConfidentialPeer, OpenPeer, Peer, Reason
from app.core.scoring import scorecard
from app.core.scoring.scorecard import Scorecard
from app.reporting.releases import standing_of
from app.store import assessments, cohorts
from app.store.cohorts import Cohort

REMEMBERED = 32
"""Comparisons kept in memory: one of two large cohorts takes seconds, and a page is often shown again."""


@dataclass(frozen=True)
class Gathered:
    """A cohort as it is composed from: an open one's finished sittings, or how a confidential one's release stands."""

    cohort: Cohort
    facts: CohortFacts
    sittings: tuple[Sitting, ...]
    standing: Standing | None


def gather(session: Session, questionnaire: Questionnaire, cohort: Cohort, form: FormName | None = None) -> Gathered:
    """What may be shown of a cohort. With `form`, full sittings count as if they had been of that form."""
    facts = facts_of(session, cohort)
    if cohort.is_confidential:
        return Gathered(cohort, facts, (), standing_of(session, questionnaire, cohort))
    documents = cohorts.documents(session, cohort.id)
    if form == "pulse":
        documents = [(id_, as_pulse(questionnaire, document)) for id_, document in documents]
    sittings = tuple(
        Sitting(id_, document.organisation, scorecard.score(questionnaire, document)) for id_, document in documents
    )
    return Gathered(cohort, facts, sittings, None)


def facts_of(session: Session, cohort: Cohort) -> CohortFacts:
    """What may always be said of a cohort."""
    progress = cohorts.progress(session, cohort.id)
    return CohortFacts(
        id=cohort.id,
        name=cohort.name,
        date=cohort.date,
        is_confidential=cohort.is_confidential,
        is_closed=not cohort.is_open,
        is_demo=cohort.is_demo,
        joined=progress.joined,
        answered=progress.answered,
        finished=progress.finished,
    )


def cohort_report(
    session: Session, questionnaire: Questionnaire, cohort: Cohort, language: str
) -> OpenReport | ConfidentialReport:
    """What is said of one cohort in `language`, or in the edition's first language where it lacks that one."""
    gathered = gather(session, questionnaire, cohort)
    if gathered.standing is not None:
        return compose_confidential(questionnaire, cohort.form, gathered.facts, gathered.standing, language)
    return compose_open(questionnaire, cohort.form, gathered.facts, gathered.sittings, language)


def refuse_unlike(compared: Sequence[Cohort]) -> None:
    """Raises CannotCompareError where the cohorts are not two to six, or not of one questionnaire, edition and form."""
    comparison.refuse_count(len(compared))
    differing: tuple[tuple[Reason, Callable[[Cohort], str]], ...] = (
        ("questionnaire", lambda cohort: cohort.questionnaire),
        ("edition", lambda cohort: cohort.edition),
        ("form", lambda cohort: cohort.form),
    )
    for reason, of in differing:
        unlike = [cohort.name for cohort in compared if of(cohort) != of(compared[0])]
        if unlike:
            raise CannotCompareError(reason, unlike)


def gather_peers(session: Session, questionnaire: Questionnaire, compared: Sequence[Cohort]) -> list[Peer]:
    """The cohorts as they may stand beside others. Raises CannotCompareError, naming those at fault."""
    refuse_unlike(compared)
    peers: list[Peer] = []
    missing: dict[Reason, list[str]] = {"not_closed": [], "working": [], "not_released": []}
    for cohort in compared:
        gathered = gather(session, questionnaire, cohort)
        standing = gathered.standing
        if standing is None:
            cards, names = ([getattr(one, key) for one in gathered.sittings] for key in ("card", "organisation"))
            peers.append(OpenPeer(gathered.facts, tuple(cards), tuple(names)))
        elif standing.release and standing.has_means:
            peers.append(ConfidentialPeer(gathered.facts, standing.release))
        else:
            missing[_why_without(cohort, standing)].append(cohort.name)
    for reason, without in missing.items():
        if without:
            raise CannotCompareError(reason, without)
    return peers


def _why_without(cohort: Cohort, standing: Standing) -> Reason:
    if cohort.is_open:
        return "not_closed"
    return "working" if standing.state == "working" else "not_released"


def comparison_of(
    questionnaire: Questionnaire, form: FormName, peers: Sequence[Peer], language: str
) -> ComparisonReport:
    """Cohorts side by side; two open ones are tested, once for as long as their scores are the same."""
    tested = None
    if comparison.left_out(peers) is None:
        tested = _remembered(questionnaire, [peer.cards for peer in peers if isinstance(peer, OpenPeer)])
    return comparison.compose_comparison(questionnaire, form, peers, tested, language)


def before_after(  # noqa: PLR0913 - these are the parts of one report
    session: Session,
    questionnaire: Questionnaire,
    first: Cohort,
    second: Cohort,
    chosen: Collection[str],
    language: str,
) -> BeforeAfterReport:
    """Two open cohorts' organisations that sat twice, the earlier cohort first; `chosen` are the confirmed pairs.

    A full sitting is rescored as a pulse where the other is one. Raises CannotCompareError.
    """
    if first.id == second.id:
        raise CannotCompareError("one_only")
    earlier, later = sorted((first, second), key=lambda cohort: (cohort.date, cohort.created_at))
    confidential = [cohort.name for cohort in (earlier, later) if cohort.is_confidential]
    if confidential:
        raise CannotCompareError("confidential", confidential)
    if earlier.questionnaire != later.questionnaire:
        raise CannotCompareError("questionnaire", [later.name])
    if earlier.edition != later.edition:
        raise CannotCompareError("edition", [later.name])
    rescored = earlier.form != later.form
    form: FormName = "pulse" if rescored else earlier.form
    before, after = (gather(session, questionnaire, cohort, form) for cohort in (earlier, later))
    follows = assessments.sittings_before(session, [one.assessment for one in after.sittings])
    return change.compose_before_after(
        questionnaire,
        form,
        (before.facts, after.facts),
        change.match(before.sittings, after.sittings, follows),
        chosen,
        language,
        rescored=rescored,
    )


_Scores = tuple[tuple[Fraction | None, ...], ...]
_kept: OrderedDict[tuple[str, str, tuple[_Scores, ...]], Comparison] = OrderedDict()
_keeping = Lock()


def _remembered(questionnaire: Questionnaire, peers: Sequence[Sequence[Scorecard]]) -> Comparison:
    key = (questionnaire.id, questionnaire.edition, tuple(_scores(cards) for cards in peers))
    with _keeping:
        known = _kept.get(key)
        if known:
            _kept.move_to_end(key)
            return known
    found = compare(questionnaire, peers)
    with _keeping:
        _kept[key] = found
        while len(_kept) > REMEMBERED:
            _kept.popitem(last=False)
    return found


def _scores(cards: Sequence[Scorecard]) -> _Scores:
    """All that a comparison depends on."""
    return tuple((card.overall.score, *(one.score for one in card.dimensions.values())) for card in cards)
