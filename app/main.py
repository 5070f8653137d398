"""The application: the only wiring."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.gzip import GZipMiddleware

from app import content
from app.passwords import Passwords, PasswordsBusyError
from app.printing import Printer
from app.reporting import Releases
from app.reporting.bundles import Bundles, folder_of
from app.settings import Settings
from app.store.assessments import ClosedError, GoneError
from app.store.database import open_database
from app.store.errors import DatabaseUnavailableError
from app.web import api
from app.web.accounts import account, sign_in
from app.web.facilitator import cohorts, exports, importing, paper_answers, printables, projector
from app.web.facilitator import results as cohort_results
from app.web.participant import (
    again,
    aims,
    home,
    joining,
    journey,
    keep,
    meeting,
    modules,
    plan,
    result,
    sharing,
    survey,
    team,
)
from app.web.shell import cookies
from app.web.shell.cookies import NoCookieError
from app.web.shell.facilitators import SignedOutError, to_sign_in
from app.web.shell.guard import Guard, Refused, TooLarge, standing_headers
from app.web.shell.render import Static, page
from app.web.shell.visits import MERGED, House, visitor_language

LARGEST_BODY = 1024 * 1024
ASSESSMENT = re.compile(r"/assessments/[a-z2-7]{16}(?=/)")
"""The address of an assessment at the beginning of one of its pages'."""

log = structlog.get_logger("cxm")


def create_app(settings: Settings) -> FastAPI:
    """The web application, its database migrated and its questionnaires read.

    Raises content.FaultyQuestionnaireError or store.database.DatabaseUnusableError.
    """
    catalogue = content.catalogue(settings.questionnaires)
    database = open_database(settings.database_url)
    database.migrate()
    printer = Printer()
    bundles = Bundles(database, catalogue, folder_of(settings, database))
    releases = Releases(database, catalogue)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        bundles.start()
        releases.start()
        yield
        releases.stop()
        bundles.stop()
        database.close()

    app = FastAPI(
        title="CX Maturity",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(Guard, public_url=settings.public_url, turned_away=_turned_away),
            Middleware(TooLarge, most=LARGEST_BODY, told=_error_page),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),  # within the guard: its 413 has headers
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={
            HTTPException: _refused,
            RequestValidationError: _malformed,
            GoneError: _gone,
            ClosedError: _closed,
            DatabaseUnavailableError: _unavailable,
            PasswordsBusyError: _busy,
            SignedOutError: _signed_out,
            NoCookieError: _no_cookie,
            sharing.EndedError: _ended,
            Exception: _broken,
        },
    )
    app.state.house = House(settings, catalogue, database, printer, Passwords())
    for module in (
        home,
        survey,
        aims,
        keep,
        result,
        plan,
        again,
        sharing,
        sign_in,
        account,
        cohorts,
        joining,
        team,
        meeting,
        modules,
        journey,
        projector,
        cohort_results,
    ):
        app.include_router(module.router)
    app.include_router(journey.papers)
    app.include_router(api.router)
    for module in (exports, printables, paper_answers, importing):
        app.include_router(module.router)
    app.state.bundles = bundles
    app.state.releases = releases
    app.state.watch = projector.Watch(database)
    app.mount("/static", Static(), name="static")
    return app


def _error_page(request: Request, status: int, template: str = "shell/error.html") -> Response:
    if api.is_asked(request):
        return api.refusal(status)
    language = visitor_language(request, request.app.state.house)
    place = ASSESSMENT.match(request.url.path)
    context = {"status": status, "shows": request.method == "GET", "assessment": place[0] if place else None}
    return page(request, language, template, context, status)


def _turned_away(request: Request, why: Refused, status: int) -> Response:
    """Before any page: the address is not ours, or a form came from another site."""
    house: House = request.app.state.house
    context = {"why": why, "public_url": house.settings.public_url}
    return page(request, visitor_language(request, house), "shell/refused.html", context, status)


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404 and _keeps_none(request):
        return await _no_cookie(request, NoCookieError())
    template = "shell/link_merged.html" if error.detail == MERGED else "shell/error.html"
    response = _error_page(request, error.status_code, template)
    response.headers.update(error.headers or {})
    return response


async def _malformed(request: Request, _: Exception) -> Response:
    return _error_page(request, 422)


async def _gone(request: Request, _: Exception) -> Response:
    """The assessment was erased while it was being answered."""
    return _error_page(request, 404)


async def _closed(request: Request, _: Exception) -> Response:
    """The cohort was closed before this came; nothing was changed."""
    language = visitor_language(request, request.app.state.house)
    assessment = request.path_params.get("assessment")
    back = f"/assessments/{assessment}/result" if assessment else "/"
    return page(request, language, "participant/keep/closed.html", {"back": back}, 409)


async def _unavailable(request: Request, error: Exception) -> Response:
    log.warning("database", reason=str(error))
    response = _error_page(request, 503)
    response.headers["retry-after"] = "5"
    return response


async def _busy(request: Request, _: Exception) -> Response:
    """Many passwords are being checked at once."""
    response = _error_page(request, 503)
    response.headers["retry-after"] = "2"
    return response


async def _signed_out(request: Request, error: Exception) -> Response:
    if not isinstance(error, SignedOutError):
        raise error
    return to_sign_in(request, error)


def _keeps_none(request: Request) -> bool:
    """Whether a private link has led here just now, and the browser did not keep what came with it."""
    return cookies.came_by_link(request) and cookies.is_untried(request, request.app.state.house)


async def _no_cookie(request: Request, error: Exception) -> Response:
    """Nothing was begun, and nothing can be opened, in a browser that keeps no cookie."""
    if not isinstance(error, NoCookieError):
        raise error
    house: House = request.app.state.house
    status = 404 if error.fields is None else 409
    return page(
        request, visitor_language(request, house), "shell/no_cookie.html", cookies.told(request, house, error), status
    )


async def _ended(request: Request, _: Exception) -> Response:
    """Somebody asks for what was shared, and is no more."""
    if _keeps_none(request):
        return await _no_cookie(request, NoCookieError())
    return sharing.ended(request, visitor_language(request, request.app.state.house))


async def _broken(request: Request, _: Exception) -> Response:
    response = _error_page(request, 500)
    # The guard does not see what a crash answers.
    response.headers.update(standing_headers(secure=request.app.state.house.secure))
    return response
