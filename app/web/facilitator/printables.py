"""Papers for the room as PDF, in the cohort's language."""

from fastapi import APIRouter, HTTPException, Request, Response

from app.reporting import printables
from app.reporting.printables import Door
from app.web.shell.cohort_plan import edition_of
from app.web.shell.downloads import pdf_file
from app.web.shell.facilitators import CohortVisit, InHand
from app.web.shell.frame import phones_can_reach, qr_code
from app.web.shell.render import page
from app.web.shell.visits import VisitorLanguage, own_address

router = APIRouter(prefix="/cohorts/{cohort}")


@router.get("/paper-form.pdf")
def paper_form(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The questions, for those who answer by hand."""
    return _paper(request, hand, language, "paper-form", printables.paper_form(hand.cohort, edition_of(hand)))


@router.get("/join-sheet.pdf")
def join_sheet(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """How one joins; nobody joins a closed cohort (409)."""
    if not hand.cohort.lets_in:
        return page(request, language, "facilitator/exports/nothing.html", {"hand": hand, "why": "closed"}, status=409)
    address = own_address(request, hand.house)
    link = f"{address}/join/{hand.cohort.join_code}"
    qr = qr_code(link) if phones_can_reach(request, hand.house) else None
    door = Door(link, f"{address.partition('://')[2]}/join", qr)
    return _paper(request, hand, language, "join-sheet", printables.join_sheet(hand.cohort, edition_of(hand), door))


@router.get("/glossary.pdf")
def glossary(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """What the words mean."""
    return _paper(request, hand, language, "glossary", printables.glossary(hand.cohort, edition_of(hand)))


@router.get("/action-cards.pdf")
def action_cards(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """Cards for next steps."""
    return _paper(request, hand, language, "action-cards", printables.action_cards(hand.cohort, edition_of(hand)))


@router.get("/journey-sheet.pdf")
def journey_sheet(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """A journey to write on, A3; 404 where the questionnaire has no journey."""
    if "journey" not in edition_of(hand).modules:
        raise HTTPException(404)
    return _paper(request, hand, language, "journey-sheet", printables.journey_sheet(hand.cohort, edition_of(hand)))


def _paper(request: Request, hand: CohortVisit, language: str, name: str, html: str) -> Response:
    return pdf_file(request, hand.house, language, html, f"{name} {hand.cohort.name}", hand.path())
