"""The API described: as an OpenAPI document for programs, and as a page for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any  # an OpenAPI document is JSON of any shape

from fastapi import APIRouter, Request, Response
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse

from app.core.answers.json_schema import document_schema
from app.web.api.refusals import PREFIX, JsonRoute
from app.web.api.shapes import NewCohort, ReleasedFile
from app.web.shell.render import page
from app.web.shell.visits import InHouse, VisitorLanguage, own_address

TITLE = "CX Maturity"
ABOUT = (
    "Cohorts, assessments, scorecards and comparisons, for a facilitator's own programs. "
    "A personal token, made under “Your account”, goes with every call; it sees what its account sees on the pages. "
    'Every refusal of a call is {"error": {"code", "message"}}. A request has at most 1 MiB. '
    "A call that makes something takes an Idempotency-Key: whoever heard no answer sends the same call again, and "
    "nothing is made twice."
)
SCHEMAS = "#/components/schemas/"


@dataclass(frozen=True)
class Parameter:
    """What may stand in a call's address, or beside it as a header."""

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
    gives: str | None
    parameters: tuple[Parameter, ...]
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Chapter:
    """Calls about one subject."""

    name: str
    calls: tuple[Call, ...]


@dataclass(frozen=True)
class Key:
    """What stands in an object."""

    name: str
    kind: str
    about: str


@dataclass(frozen=True)
class Shape:
    """An object that is sent or given, for the page."""

    name: str
    about: str
    keys: tuple[Key, ...]


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
            "shapes": _shapes(described()),
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
    [answer] = [one for status, one in call["responses"].items() if status.startswith("2")]
    return Call(
        method=method,
        path=path,
        about=call["description"],
        takes=_json_of(call["requestBody"]) if "requestBody" in call else None,
        gives=_json_of(answer),
        parameters=tuple(
            Parameter(one["name"], _plain(one), one["required"])
            for one in call.get("parameters", ())
            if one["in"] in {"query", "header"}
        ),
        outcomes=tuple(Outcome(status, one["description"]) for status, one in sorted(call["responses"].items())),
    )


def _json_of(message: Mapping[str, Any]) -> str | None:
    """The kind of JSON that is sent or given; None where it is none."""
    json = message["content"].get("application/json")
    return _kind(json["schema"]) if json else None


def _shapes(document: Mapping[str, Any]) -> list[Shape]:
    return [
        Shape(
            name,
            _plain(schema),
            tuple(
                Key(key if key in schema.get("required", ()) else f"{key}?", _kind(value), _plain(value))
                for key, value in schema["properties"].items()
            ),
        )
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _plain(described: Mapping[str, Any]) -> str:
    """What is said of it, without the marks for code."""
    return str(described.get("description", "")).replace("`", "")


def _kind(schema: Mapping[str, Any]) -> str:
    """A schema in few words: `3 | null`, `[Cohort]`, `{…: Summary}`."""
    match schema:
        case {"$ref": str(reference)}:
            return reference.removeprefix(SCHEMAS)
        case {"anyOf": list(ways)}:
            return " | ".join(_kind(way) for way in ways)
        case {"enum": list(values)}:
            return " | ".join(str(value) for value in values)
        case {"prefixItems": list(items)}:
            return f"[{', '.join(_kind(item) for item in items)}]"
        case {"type": "array", "items": items}:
            return f"[{_kind(items)}]"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"{{…: {_kind(values)}}}"
        case _:
            return str(schema.get("format") or schema.get("const") or schema["type"])
