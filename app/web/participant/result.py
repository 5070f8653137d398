"""What comes out: the result page, the PDF report, and the answers as a file."""

import json

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from app.core.answers.document import as_document
from app.core.report.model import Report
from app.reporting import printed, report_for
from app.store import assessments
from app.web.participant.survey import own_progress
from app.web.shell.downloads import attachment, pdf_file
from app.web.shell.frame import frame, private_link
from app.web.shell.render import page
from app.web.shell.visits import Owning, Visit, Visiting

router = APIRouter(prefix="/assessments/{assessment}")


def _report(visit: Visit) -> Report:
    """The owner's report, or as much of it as colleagues are shown."""
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment, "owner" if visit.is_owner else "colleague")
    return report_for(visit.questionnaire, document, visit.language)


@router.get("/result")
def result(request: Request, visit: Visiting) -> Response:
    """Where the organisation stands, what holds it back, what to do next, and how each figure came about."""
    if not visit.may_see_result:
        return own_answers_first(request, visit)
    report = _report(visit)
    told = {"report": report, "step": "result", "unfinished": visit.unfinished}
    context = frame(visit) | told | private_link(request, visit)
    return page(request, visit.language, "participant/result/page.html", context)


@router.get("/report.pdf")
def report_pdf(request: Request, visit: Visiting) -> Response:
    """The same as a report to print and hand on."""
    if not visit.may_see_result:
        return RedirectResponse(visit.path("result"), 303)
    html = printed(_report(visit), unfinished=visit.unfinished)
    return pdf_file(request, visit.house, visit.language, html, visit.sitting.organisation, visit.path("result"))


@router.get("/answers.json")
def answers_json(visit: Owning) -> Response:
    """The answer document: everything that was answered, by role, to keep, to move, or to score elsewhere."""
    if not visit.may_see_result:
        return RedirectResponse(visit.path("result"), 303)
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
    text = json.dumps(as_document(document), ensure_ascii=False, indent=2)
    return Response(text + "\n", media_type="application/json", headers=attachment(visit.sitting.organisation, "json"))


def own_answers_first(request: Request, visit: Visit) -> Response:
    """Why a team's result is not open to this one yet."""
    return page(request, visit.language, "participant/team/first.html", frame(visit) | own_progress(visit))
