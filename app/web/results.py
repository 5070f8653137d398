"""What comes out: the result page, the PDF report, and the answers as a file."""

import json
import re
import unicodedata

import structlog
from fastapi import APIRouter, Request, Response

from app.core.answers import as_document
from app.core.report import Report
from app.printing import PrinterBusyError, PrintingFailedError
from app.reporting import printed, report_for
from app.store import assessments
from app.web.deps import Visit, Visiting
from app.web.frame import frame, private_link
from app.web.render import page

log = structlog.get_logger("cxm")

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
    try:
        pdf = visit.house.printer.pdf(printed(report))
    except PrinterBusyError as busy:
        response = page(request, visit.language, "busy.html", {"visit": visit}, status=503)
        response.headers["retry-after"] = str(busy.retry_after)
        return response
    except PrintingFailedError as failure:
        log.error("printing", reason=str(failure))
        return page(request, visit.language, "busy.html", {"visit": visit}, status=500)
    return Response(pdf, media_type="application/pdf", headers=_attachment(visit, "pdf"))


@router.get("/answers.json")
def answers_json(visit: Visiting) -> Response:
    """The answer document: everything that was answered, to keep, to move, or to score elsewhere."""
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
    text = json.dumps(as_document(document), ensure_ascii=False, indent=2)
    return Response(text + "\n", media_type="application/json", headers=_attachment(visit, "json"))


def _attachment(visit: Visit, ending: str) -> dict[str, str]:
    """A file name that every system can store: the organisation's name without its accents."""
    plain = unicodedata.normalize("NFKD", visit.sitting.organisation).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:60]
    return {"content-disposition": f'attachment; filename="cx-maturity{"-" if name else ""}{name}.{ending}"'}
