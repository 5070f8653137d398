"""What comes out: the result page, the PDF report, and the answers as a file."""

import json

from fastapi import APIRouter, Request, Response

from app.core.answers import as_document
from app.core.report import Report
from app.reporting import printed, report_for
from app.store import assessments
from app.web.deps import Visit, Visiting
from app.web.downloads import attachment, pdf_file
from app.web.frame import frame, private_link
from app.web.render import page

router = APIRouter(prefix="/assessments/{assessment}")


def _report(visit: Visit) -> Report:
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
    return report_for(visit.questionnaire, document, visit.language)


@router.get("/result")
def result(request: Request, visit: Visiting) -> Response:
    """Where the organisation stands, what holds it back, what to do next, and how each figure came about."""
    context = frame(visit) | {"report": _report(visit), "step": "result"} | private_link(request, visit)
    return page(request, visit.language, "result/page.html", context)


@router.get("/report.pdf")
def report_pdf(request: Request, visit: Visiting) -> Response:
    """The same as a report to print and hand on."""
    report = _report(visit)
    return pdf_file(
        request, visit.house, visit.language, printed(report), visit.sitting.organisation, visit.path("result")
    )


@router.get("/answers.json")
def answers_json(visit: Visiting) -> Response:
    """The answer document: everything that was answered, to keep, to move, or to score elsewhere."""
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
    text = json.dumps(as_document(document), ensure_ascii=False, indent=2)
    return Response(text + "\n", media_type="application/json", headers=attachment(visit.sitting.organisation, "json"))
