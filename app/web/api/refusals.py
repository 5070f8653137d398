"""What the API says where it cannot do what was asked: always `{"error": {"code", "message"}}`."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any  # FastAPI's own types

import structlog
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from app.core.answers.document import RefusedError
from app.core.report.comparison import CannotCompareError, Reason
from app.printing import PrinterBusyError, PrintingFailedError
from app.store.assessments import ClosedError, GoneError
from app.store.cohorts import ConfidentialError, ReleasedError
from app.store.errors import DatabaseUnavailableError
from app.store.idempotency import KeyUsedError
from app.web.api.shapes import Refused

PREFIX = "/api/v1"
SECONDS_TO_COME_BACK = 5
TOO_LARGE = 413

# By status: for what has no words of its own.
GENERAL: Mapping[int, tuple[str, str]] = {
    400: ("bad_request", "This was not understood. Nothing was changed."),
    401: ("unauthorized", "Send a personal token that has not ended, as Authorization: Bearer cxm_…"),
    403: ("not_allowed", "The cohort was given to you to read. Nothing was changed."),
    404: ("not_found", "There is nothing here, or nothing that was given to you."),
    405: ("method_not_allowed", "This address does not take that method."),
    TOO_LARGE: ("too_large", "A request may have at most 1 MiB. Nothing was changed."),
    422: ("invalid", "What was sent does not fit this call. Nothing was changed."),
    500: ("internal", "Something went wrong here. It is our fault, not yours."),
    503: ("unavailable", "Please try again in a while."),
}
CANNOT_COMPARE: Mapping[Reason, str] = {
    "one_only": "Name two to six different cohorts.",
    "too_many": "Name two to six different cohorts.",
    "questionnaire": "These answered another questionnaire than the first.",
    "edition": "These answered another edition than the first.",
    "form": "These answered another form than the first.",
    "not_closed": "A confidential cohort can be compared once it is closed.",
    "working": "The averages of these are being worked out. Please ask again in a while.",
    "not_released": "No averages were released of these.",
    "confidential": "Single organisations of a confidential cohort are compared with nothing.",
}

# What FastAPI describes by, for the calls that may answer so.
Responses = dict[int | str, dict[str, Any]]
NO_SUCH_COHORT: Responses = {404: {"model": Refused, "description": "No such cohort, or not given to you."}}
TO_READ_ONLY: Responses = {403: {"model": Refused, "description": "The cohort was given to you to read."}}
NOT_CONFIDENTIAL: Responses = {
    403: {"model": Refused, "description": "The cohort is confidential, or given to you to read."}
}
NOT_NOW: Responses = {409: {"model": Refused, "description": "Not in the state that the cohort is in."}}

log = structlog.get_logger("cxm")


class RefusedCallError(Exception):
    """The call is legal but cannot be answered; `code` is for programs, `message` for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.message = message


class JsonRoute(APIRoute):
    """A call whose refusals are JSON, and not pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, and around it the refusals."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                refused = _told(error)
                if refused is None:
                    raise
                return refused

        return answer


def is_asked(request: Request) -> bool:
    """Whether the request is for the API, and so wants no page."""
    return request.url.path.startswith(f"{PREFIX}/")


def refusal(status: int, code: str = "", message: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """A refusal, in general words where it has none of its own."""
    general, words = GENERAL.get(status, GENERAL[500])
    return JSONResponse({"error": {"code": code or general, "message": message or words}}, status, headers)


def _told(error: Exception) -> Response | None:  # noqa: C901 - a table: one line for each kind of error
    match error:
        case RefusedCallError():
            return refusal(error.status, error.code, error.message)
        case HTTPException():
            return refusal(error.status_code, headers=error.headers)
        case RequestValidationError() | ValidationError():
            return refusal(422, message=_faults(error))
        case RefusedError():
            return refusal(422, "refused", str(error))
        case CannotCompareError():
            at_fault = f" ({', '.join(error.cohorts)})" if error.cohorts else ""
            status = 422 if error.reason in {"one_only", "too_many"} else 409
            return refusal(status, error.reason, CANNOT_COMPARE[error.reason] + at_fault)
        case GoneError():
            return refusal(404)
        case ClosedError():
            return refusal(409, "closed", "The cohort is closed or archived. Nothing was changed.")
        case ReleasedError():
            return refusal(409, "released", "A confidential cohort that was closed stays closed.")
        case KeyUsedError():
            return refusal(409, "key_used", "What this Idempotency-Key made is there no more, or has another link.")
        case ConfidentialError():
            return refusal(
                403, "confidential", "Of a confidential cohort only its release is given, once it is closed."
            )
        case PrinterBusyError():
            return refusal(503, headers={"retry-after": str(error.retry_after)})
        case PrintingFailedError():
            log.error("printing", reason=str(error))
            return refusal(500, "printing_failed", "The report could not be made.")
        case DatabaseUnavailableError():
            log.warning("database", reason=str(error))
            return refusal(503, headers={"retry-after": str(SECONDS_TO_COME_BACK)})
        case _:
            return None


def _faults(error: RequestValidationError | ValidationError) -> str:
    """What is wrong with which key, all on one line."""
    told = [f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()]
    return "; ".join(told)
