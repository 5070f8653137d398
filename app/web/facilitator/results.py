"""What comes out of cohorts: one cohort's results, its organisations', and cohorts beside each other."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from app.core.questionnaire.model import Questionnaire
from app.core.report.cohort import ConfidentialReport, OpenReport
from app.core.report.comparison import FEWEST_COHORTS, CannotCompareError
from app.core.report.model import Report
from app.reporting import (
    before_after,
    cohort_report,
    comparison_of,
    gather_peers,
    printed,
    printed_cohort,
    report_for,
    standing_of,
)
from app.store import assessments, cohorts
from app.store.cohorts import Cohort, Member
from app.web.shell.downloads import pdf_file
from app.web.shell.facilitators import CohortVisit, Facilitator, InHand
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.visits import House, InHouse, VisitorLanguage

router = APIRouter()
of_cohort = APIRouter(prefix="/cohorts/{cohort}")


@dataclass(frozen=True)
class Comparable:
    """Cohorts that answered the same questions, by what these are called."""

    title: str
    form_name: str
    edition: str
    cohorts: tuple[Cohort, ...]


@of_cohort.get("/results")
def show(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """Where an open cohort stands; of a confidential one the counts, and once it is closed its release."""
    report = _report(hand, language)
    context = {"hand": hand, "report": report}
    if isinstance(report, OpenReport):
        return page(request, language, "facilitator/results/open.html", context)
    if is_htmx(request):
        return partial(language, "facilitator/results/_release.html", context)
    return page(request, language, "facilitator/results/confidential.html", context)


@of_cohort.get("/results/questions")
def show_questions(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """How the organisations of an open cohort are spread over each question's levels."""
    _only_open(hand)
    return page(
        request, language, "facilitator/results/questions.html", {"hand": hand, "report": _report(hand, language)}
    )


@of_cohort.get("/report.pdf")
def report_pdf(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The cohort's results as a report; a confidential cohort has one once it is settled what it releases."""
    if hand.cohort.is_confidential and hand.cohort.is_open:
        raise HTTPException(404)
    report = _report(hand, language)
    if isinstance(report, ConfidentialReport) and report.state in {"working", "held"}:
        return page(
            request, language, "facilitator/exports/nothing.html", {"hand": hand, "why": report.state}, status=404
        )
    html = printed_cohort(report)
    return pdf_file(request, hand.house, language, html, hand.cohort.name, hand.path("results"))


@of_cohort.get("/members/{assessment}/result")
def show_member(request: Request, hand: InHand, language: VisitorLanguage, assessment: str) -> Response:
    """One organisation's result, once it has finished; in an open cohort only."""
    member, report = _member(hand, language, assessment)
    template = "facilitator/results/member.html" if report else "facilitator/results/unfinished.html"
    return page(request, language, template, {"hand": hand, "member": member, "report": report})


@of_cohort.get("/members/{assessment}/report.pdf")
def member_pdf(request: Request, hand: InHand, language: VisitorLanguage, assessment: str) -> Response:
    """One organisation's report, once it has finished; in an open cohort only."""
    _, report = _member(hand, language, assessment)
    back = hand.path("members", assessment, "result")
    if report is None:
        return RedirectResponse(back, 303)  # which says why
    return pdf_file(request, hand.house, language, printed(report), report.organisation, back)


@router.get("/compare")
def compare(
    request: Request,
    house: InHouse,
    facilitator: Facilitator,
    language: VisitorLanguage,
    cohort: Annotated[list[str] | None, Query()] = None,
    change: bool = False,
    swapped: bool = False,
    ticked: bool = False,
) -> Response:
    """Two to six cohorts side by side, the earlier first unless they are `swapped`.

    With fewer, or to `change` them, the list to choose from; it says so where it sent fewer (`ticked`).
    """
    named = list(dict.fromkeys(cohort or []))
    with house.database.reading() as session:
        chosen = [_in_hand(session, id_, facilitator.id) for id_ in named]
        chosen.sort(key=lambda one: (one.date, one.created_at), reverse=swapped)
        if change or len(chosen) < FEWEST_COHORTS:
            problem = CannotCompareError("one_only") if ticked and not change else None
            return _choose(request, house, session, facilitator.id, language, chosen, problem)
        questionnaire = _edition(house, chosen[0])
        try:
            peers = gather_peers(session, questionnaire, chosen)
        except CannotCompareError as problem:
            return _choose(request, house, session, facilitator.id, language, chosen, problem)
    # Outside the session: testing two large cohorts takes a second or two.
    report = comparison_of(questionnaire, chosen[0].form, peers, language)
    twice = f"/cohorts/{chosen[0].id}/before-after/{chosen[1].id}" if report.left_out is None else None
    context = {"report": report, "twice": twice, "swapped": swapped}
    return page(request, language, "facilitator/results/compare.html", context)


@of_cohort.get("/before-after/{other}")
def show_before_after(
    request: Request,
    hand: InHand,
    language: VisitorLanguage,
    other: str,
    pair: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """What changed for organisations that sat twice: first who they seem to be, to confirm, then the figures."""
    with hand.house.database.reading() as session:
        second = _in_hand(session, other, hand.account.id)
        questionnaire = _edition(hand.house, hand.cohort)
        try:
            report = before_after(session, questionnaire, hand.cohort, second, frozenset(pair or []), language)
        except CannotCompareError as problem:
            return page(request, language, "facilitator/results/refused.html", {"problem": problem}, 422)
    return page(request, language, "facilitator/results/before_after.html", {"report": report})


def _report(hand: CohortVisit, language: str) -> OpenReport | ConfidentialReport:
    with hand.house.database.reading() as session:
        return cohort_report(session, _edition(hand.house, hand.cohort), hand.cohort, language)


def _only_open(hand: CohortVisit) -> None:
    if hand.cohort.is_confidential:
        raise HTTPException(404)


def _member(hand: CohortVisit, language: str, assessment: str) -> tuple[Member, Report | None]:
    """An organisation of an open cohort, and its report; None before it has finished: a draft is its own."""
    _only_open(hand)
    with hand.house.database.reading() as session:
        member = cohorts.member(session, hand.cohort.id, assessment)
        if member is None:
            raise HTTPException(404)
        if member.finished_at is None:
            return member, None
        document = assessments.document(session, assessment, "facilitator")
    return member, report_for(_edition(hand.house, hand.cohort), document, language)


def _in_hand(session: Session, cohort_id: str, account: str) -> Cohort:
    """A cohort that is one's own or shared; for all others it is not there. Raises HTTPException 404."""
    right = cohorts.right_of(session, cohort_id, account)
    found = cohorts.cohort(session, cohort_id) if right else None
    if found is None:
        raise HTTPException(404)
    return found


def _edition(house: House, cohort: Cohort) -> Questionnaire:
    questionnaire = house.catalogue.edition(cohort.questionnaire, cohort.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    return questionnaire


def _choose(
    request: Request,
    house: House,
    session: Session,
    account: str,
    language: str,
    chosen: list[Cohort],
    problem: CannotCompareError | None,
) -> Response:
    mine = [one.cohort for archived in (False, True) for one in cohorts.cohorts_of(session, account, archived=archived)]
    groups: defaultdict[tuple[str, str, str], list[Cohort]] = defaultdict(list)
    for one in mine:
        groups[one.questionnaire, one.edition, one.form].append(one)
    offered = [
        Comparable(wording.title, wording.forms[its[0].form].name, its[0].edition, tuple(its))
        for its in groups.values()
        for wording in [_edition(house, its[0]).wording(language)]
    ]
    standings = {one.id: standing_of(session, _edition(house, one), one) for one in mine if one.is_confidential}
    context = {"offered": offered, "chosen": {one.id for one in chosen}, "standings": standings, "problem": problem}
    return page(request, language, "facilitator/results/choose.html", context, 422 if problem else 200)


router.include_router(of_cohort)
