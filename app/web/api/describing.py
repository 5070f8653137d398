"""The API described: as an OpenAPI document for programs, and as a page for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any  # an OpenAPI document is JSON of any shape

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse

from app.core.schema import document_schema
from app.web.api.refusals import PREFIX, JsonRoute
from app.web.api.shapes import NewCohort, ReleasedFile
from app.web.deps import InHouse, VisitorLanguage, own_address
from app.web.render import page

TITLE = "CX Maturity"
ABOUT = (
    "Cohorts, assessments, scorecards and comparisons, for a facilitator's own programs. "
    "A personal token, made under “Your account”, goes with every call; it sees what its account sees on the pages. "
    'Every refusal of a call is {"error": {"code", "message"}}. A request has at most 1 MiB.'
)
SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True)
class Parameter:
    """What may stand in a call's address."""

    name: str
    about: str
    is_required: bool


@dataclass(frozen=True)
class Outcome:
    """What a call answers with."""

    status: str
    about: str


@dataclass(frozen=True)
class Call:
    """One call, for the page."""

    method: str
    path: str
    about: str
    takes: str | None
    parameters: tuple[Parameter, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Chapter:
    """Calls about one subject."""

    name: str
    calls: tuple[Call, ...]


def pages(calls: APIRouter) -> APIRouter:
    """The two addresses at which these calls are described, to everybody."""
    router = APIRouter(route_class=JsonRoute, include_in_schema=False)

    @cache
    def described() -> dict[str, Any]:
        return _document(calls)

    @router.get("/openapi.json")
    def show_openapi() -> Response:
        """The OpenAPI document."""
        return JSONResponse(described())

    @router.get("/docs")
    def show_page(request: Request, house: InHouse, language: VisitorLanguage) -> Response:
        """The same for people to read."""
        context = {
            "about": ABOUT,
            "chapters": _chapters(described()),
            "prefix": PREFIX,
            "origin": own_address(request, house),
            "languages": house.languages,
        }
        return page(request, language, "api/page.html", context)

    return router


def _document(calls: APIRouter) -> dict[str, Any]:
    around = APIRouter(prefix=PREFIX)
    around.include_router(calls)
    document = get_openapi(
        title=TITLE,
        version="1",
        description=ABOUT,
        routes=around.routes,
        separate_input_output_schemas=False,
    )
    document["components"]["schemas"] |= _more_schemas()
    return document


def _more_schemas() -> Mapping[str, object]:
    """The schemas that FastAPI does not know: of what is sent, which the calls read themselves, and of files."""
    _, named = models_json_schema(
        [(NewCohort, "validation"), (ReleasedFile, "validation")], ref_template=SCHEMAS + "{model}"
    )
    answer_document = _referring_here(document_schema())
    parts = answer_document.pop("$defs")
    answer_document.pop("$schema")
    return {**named["$defs"], **parts, "AnswerDocument": answer_document}


def _referring_here(schema: Any) -> Any:  # noqa: ANN401 - JSON
    match schema:
        case dict():
            return {key: _referring_here(value) for key, value in schema.items()}
        case list():
            return [_referring_here(value) for value in schema]
        case str() if schema.startswith("#/$defs/"):
            return SCHEMAS + schema.removeprefix("#/$defs/")
        case _:
            return schema


def _chapters(document: Mapping[str, Any]) -> list[Chapter]:
    chapters: dict[str, list[Call]] = {}
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            chapters.setdefault(call["tags"][0], []).append(_call(method.upper(), path, call))
    return [Chapter(name, tuple(calls)) for name, calls in chapters.items()]


def _call(method: str, path: str, call: Mapping[str, Any]) -> Call:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {}).get("$ref")
    return Call(
        method=method,
        path=path,
        about=call["description"],
        takes=body.removeprefix(SCHEMAS) if body else None,
        parameters=tuple(
            Parameter(one["name"], one.get("description", ""), one["required"])
            for one in call.get("parameters", ())
            if one["in"] == "query"
        ),
        outcomes=tuple(Outcome(status, one["description"]) for status, one in sorted(call["responses"].items())),
    )
