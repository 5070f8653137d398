"""Calls about what comes out of cohorts: scorecards, summaries, and cohorts beside each other."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query

from app.core.cohort import comparison
from app.core.cohort.comparison import CohortSummary, Comparison, summarise
from app.core.questionnaire.model import Questionnaire
from app.core.report.comparison import CannotCompareError, ComparisonReport, ConfidentialPeer, OpenPeer, Peer
from app.core.scoring import scorecard
from app.reporting import comparison_of, gather, gather_peers
from app.web.api import shapes
from app.web.api.door import Caller, OpenToRead, ToRead
from app.web.api.refusals import NO_SUCH_COHORT, NOT_CONFIDENTIAL, NOT_NOW, JsonRoute
from app.web.api.releasing import release_of
from app.web.shell.cohort_plan import edition_of
from app.web.shell.facilitators import cohort_visit
from app.web.shell.visits import InHouse

router = APIRouter(route_class=JsonRoute)
of_cohort = APIRouter(prefix="/cohorts/{cohort}", tags=["Cohorts"], route_class=JsonRoute, responses=NO_SUCH_COHORT)


@of_cohort.get(
    "/scorecards",
    response_model=shapes.Scorecards,
    response_model_exclude_unset=True,
    responses=NOT_CONFIDENTIAL,
)
def list_scorecards(hand: OpenToRead) -> dict[str, object]:
    """The scorecards of an open cohort's finished organisations."""
    with hand.house.database.reading() as session:
        gathered = gather(session, edition_of(hand), hand.cohort)
    scored = [
        {"assessment": one.assessment, "organisation": one.organisation, "scorecard": scorecard.as_json(one.card)}
        for one in gathered.sittings
    ]
    return {"scorecards": scored}


@of_cohort.get(
    "/summary",
    response_model_exclude_unset=True,
    responses=NOT_NOW,
)
def summarise_cohort(hand: ToRead) -> shapes.CohortSummary | shapes.Release:
    """An open cohort as it stands in a comparison; of a confidential one its release, once it is closed."""
    questionnaire = edition_of(hand)
    with hand.house.database.reading() as session:
        if hand.cohort.is_confidential:
            return release_of(session, questionnaire, hand.cohort)
        gathered = gather(session, questionnaire, hand.cohort)
    return _told([summarise(questionnaire, [one.card for one in gathered.sittings])])[0]


@router.get("/comparison", tags=["Comparison"], response_model_exclude_unset=True, responses=NO_SUCH_COHORT | NOT_NOW)
def compare(
    house: InHouse,
    caller: Caller,
    cohort: Annotated[list[str], Query(description="The cohorts' ids, two to six: `cohort=…&cohort=…`.")],
) -> shapes.Comparison:
    """Cohorts side by side, the same as `cxm compare` says of their exports; a confidential one by its release."""
    visits = [cohort_visit(house, caller, id_) for id_ in dict.fromkeys(cohort)]
    if not visits:
        raise CannotCompareError("one_only")
    questionnaire = edition_of(visits[0])
    with house.database.reading() as session:
        peers = gather_peers(session, questionnaire, [visit.cohort for visit in visits])
    # Outside the session: testing two large cohorts takes a second or two.
    report = comparison_of(questionnaire, visits[0].cohort.form, peers, questionnaire.languages[0])
    return _comparison(questionnaire, peers, report)


def _comparison(questionnaire: Questionnaire, peers: Sequence[Peer], report: ComparisonReport) -> shapes.Comparison:
    """The report's figures as the contract has them."""
    whole = report.overall.difference
    open_ones = [summarise(questionnaire, peer.cards) for peer in peers if isinstance(peer, OpenPeer)]
    told = shapes.Comparison.model_validate(
        comparison.as_json(
            Comparison(
                cohorts=tuple(open_ones),
                differences={one.id: one.difference.difference for one in report.dimensions if one.difference}
                if whole
                else None,
                overall=whole.difference if whole else None,
            )
        )
    )
    summaries = iter(told.cohorts)
    placed = [
        shapes.Release.of(peer.release) if isinstance(peer, ConfidentialPeer) else next(summaries) for peer in peers
    ]
    return told.model_copy(update={"cohorts": placed})


def _told(summaries: Sequence[CohortSummary]) -> list[shapes.CohortSummary]:
    plain = comparison.as_json(Comparison(tuple(summaries), None, None))["cohorts"]
    return [shapes.CohortSummary.model_validate(one) for one in plain] if isinstance(plain, list) else []


router.include_router(of_cohort)
