"""Files to take home: how they are called, and a PDF that the printer makes, or cannot make just now."""

import structlog
from fastapi import Request, Response

from app.exporting.names import slug
from app.printing import PrinterBusyError, PrintingFailedError
from app.web.shell.render import page
from app.web.shell.visits import House

log = structlog.get_logger("cxm")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(name: str, ending: str) -> dict[str, str]:
    """The header of a file that is kept, not shown, under a name that every system can store: without its accents."""
    short = slug(name)
    return {"content-disposition": f'attachment; filename="cx-maturity{"-" if short else ""}{short}.{ending}"'}


def pdf_file(request: Request, house: House, language: str, html: str, name: str, back: str) -> Response:
    """The printed `html` as a file; where the printer is busy or fails, a page that says so and leads `back`."""
    around = {"again": request.url.path, "back": back}
    try:
        pdf = house.printer.pdf(html)
    except PrinterBusyError as busy:
        response = page(request, language, "shell/busy.html", around, status=503)
        response.headers["retry-after"] = str(busy.retry_after)
        return response
    except PrintingFailedError as failure:
        log.error("printing", reason=str(failure))
        return page(request, language, "shell/busy.html", around, status=500)
    return Response(pdf, media_type="application/pdf", headers=attachment(name, "pdf"))
