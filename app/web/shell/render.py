"""Pages from templates: language, static files, and what every page needs."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app import wording
from app.core.answers.values import LONGEST_NAME, LONGEST_TEXT, printable
from app.core.questionnaire.model import Wording
from app.settings import PACKAGE, resource
from app.web.shell import cookies
from app.web.shell.facilitators import sign_in_of
from app.web.shell.saying import said_of
from app.web.shell.visits import house_of

STATIC = PACKAGE / "static"
FOREVER = "public, max-age=31536000, immutable"
FORM = 'method="post"'
_ERROR = re.compile(r'<p class="error" id="(error-[^"]+)"[^>]*>(.*?)</p>', re.DOTALL)
_HINT = re.compile(r"<span class=.*?</span>", re.DOTALL)
_TAG = re.compile(r"<span aria-hidden.*?</span>|<[^>]+>", re.DOTALL)


@cache
def _environment(language: str) -> Environment:
    env = wording.environment(language, (resource("templates"),))
    env.globals["static"] = static_url
    env.globals["language_name"] = wording.language_name
    env.globals["longest_name"] = LONGEST_NAME
    env.globals["longest_text"] = LONGEST_TEXT
    env.filters["errors_in"] = errors_in
    env.filters["counted"] = counted
    return env


@cache
def static_url(name: str) -> str:
    """The address of a static file; it carries the content's hash, so browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class Static(StaticFiles):
    """The static files, kept for ever where the address names their content."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file."""
        response = await super().get_response(path, scope)
        named = scope["query_string"].startswith(b"v=") or Path(path).suffix in {".woff2", ".ttf"}
        response.headers["cache-control"] = FOREVER if named else "no-cache"
        return response


def counted(text: str) -> int:
    """How many characters count where a text has a limit; it was found too long, and nothing worse, before."""
    return len(printable(text))


def errors_in(body: str) -> list[tuple[str, Markup]]:
    """What a rendered page says is wrong, in its order: the id of the field, and what it is called and lacks.

    Where no field is described by an error, its own id.
    """
    found = []
    for error, text in _ERROR.findall(body):
        described = re.search(rf'<[^>]*aria-describedby="[^"]*\b{re.escape(error)}(?![\w-])[^>]*>', body)
        field = re.search(r'\bid="([^"]+)"', described[0]) if described else None
        called = _called(body, field[1], described[0]) if field and described else ""
        said = _TAG.sub("", text).strip()
        found.append((field[1] if field else error, Markup(f"{called}{said}")))  # noqa: S704 - escaped already
    return found


def _called(body: str, field: str, tag: str) -> str:
    """What a field is called, to begin a sentence about it; nothing where it is not told by a label."""
    by = re.search(r'aria-labelledby="([^" ]+)"', tag)
    label = (
        re.search(rf'<label[^>]*\bfor="{re.escape(field)}"[^>]*>(.*?)</label>', body, re.DOTALL)
        or re.search(rf'<fieldset[^>]*\bid="{re.escape(field)}"[^>]*>\s*<legend[^>]*>(.*?)</legend>', body, re.DOTALL)
        or (by and re.search(rf'\bid="{re.escape(by[1])}"[^>]*>(.*?)</', body, re.DOTALL))
    )
    name = " ".join(_TAG.sub("", _HINT.sub("", label[1])).split()) if label else ""
    return "" if not name or ":" in name else f"{name} " if name[-1] in "?!." else f"{name}: "


def page(
    request: Request, language: str, template: str, context: Mapping[str, object] | None = None, status: int = 200
) -> HTMLResponse:
    """The page `template` in `language`."""
    env = _environment(language)
    words = (context or {}).get("words")
    if not isinstance(words, Wording):
        words = request.app.state.house.catalogue.newest()[0].wording(language)
    around = {
        "brand": words.brand or words.title,
        "request_path": request.url.path,
        "signed_in": sign_in_of(request) is not None,
        "was_done": said_of(request) if status < 400 else None,
        "refused": status >= 400,  # what is wrong with a form stands in title and summary
    }
    text = env.get_template(template).render({**around, **(context or {})})
    response = HTMLResponse(text, status, headers={"content-language": language, "vary": "Cookie, Accept-Language"})
    if FORM in text:
        cookies.hand(request, response, house_of(request))
    return response


def partial(language: str, template: str, context: Mapping[str, object], status: int = 200) -> HTMLResponse:
    """A piece of a page, for htmx to put in place of the element with the same id."""
    return HTMLResponse(rendered(language, template, context), status)


def rendered(language: str, template: str, context: Mapping[str, object]) -> str:
    """A piece of a page as text."""
    return _environment(language).get_template(template).render(context)


def is_htmx(request: Request) -> bool:
    """Whether htmx asks, which wants a piece of a page rather than a whole one."""
    return request.headers.get("hx-request") == "true"
