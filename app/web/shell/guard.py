"""What stands before every page: whose address we answer to, cross-site writes, headers, and the access log."""

import ipaddress
import re
import time
from collections.abc import Callable, MutableMapping
from typing import Any, Literal  # ASGI's own types are dictionaries of anything
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.links import mended

HEALTH = "/healthz"
LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.ASCII | re.IGNORECASE)
"""A Host header: a name or an address, and a port; nothing before or after that another program reads otherwise."""

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    # Not "no-referrer": from such a page browsers send `Origin: null` with a form. Where there is no https they send
    # no Sec-Fetch-Site either, so nothing would tell our own form from another site's. Others are told nothing.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "cache-control": "no-store",
}
TOO_LARGE = 413
A_YEAR = 365 * 24 * 60 * 60
Refused = Literal["host", "site"]
REFUSALS: dict[Refused, str] = {
    "host": "This server does not answer to that address.",
    "site": "This came from another site and was refused.",
}

log = structlog.get_logger("cxm.access")


def standing_headers(*, secure: bool) -> dict[str, str]:
    """What every response carries, `secure` where the public address is https."""
    # Browsers refuse the second over plain http, and say so in their console.
    over_https = {"strict-transport-security": f"max-age={A_YEAR}", "cross-origin-opener-policy": "same-origin"}
    return HEADERS | (over_https if secure else {})


class Guard:
    """Refuses a foreign Host (400) and a cross-site write (403); adds the headers; logs without secrets.

    HEAD gets what GET does, without the body.

    A Host is ours if it is the public address's, a loopback name, or the very address at which the connection
    arrived: so a workshop's own network works without set-up, and a name that somebody else points here does not.
    """

    def __init__(
        self, app: ASGIApp, public_url: str | None, turned_away: Callable[[Request, Refused, int], Response]
    ) -> None:
        self.app = app
        self.public_url = public_url
        self.turned_away = turned_away
        self.public_host = _as_sent(urlsplit(public_url).hostname) if public_url else None
        self.headers = standing_headers(secure=bool(public_url and public_url.startswith("https:")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 500
        method = scope["method"]
        # Our own copy: the server goes by its own.
        scope = {**scope, "method": "GET" if method == "HEAD" else method, "path": mended(scope["path"])}

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            elif method == "HEAD" and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._answer(scope, receive, send_guarded)
        finally:
            if scope["path"] != HEALTH:
                _log(method, scope, status, time.perf_counter() - started)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if scope["path"] != HEALTH and not self._is_ours(headers.get("host", ""), scope):
            await self._refuse("host", 400, scope)(scope, receive, send)
        elif scope["method"] not in SAFE_METHODS and _cross_site(headers, self.public_url):
            await self._refuse("site", 403, scope)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _refuse(self, why: Refused, status: int, scope: Scope) -> Response:
        """A page for a browser, a line for a program; and in the log what an operator can do about it."""
        log.warning("refused", why=why, cure="set CXM_PUBLIC_URL to the address that browsers use")
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            return PlainTextResponse(REFUSALS[why], status)
        # Without the Host that is not ours, from which nothing is to be made.
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        return self.turned_away(Request({**scope, "headers": headers}), why, status)

    def _is_ours(self, host: str, scope: Scope) -> bool:
        match = HOST.fullmatch(host)
        if match is None:
            return False
        name = match["name"].strip("[]").lower()
        return name == self.public_host or name in LOOPBACK_NAMES or _same_address(name, scope.get("server"))


class TooLarge:
    """Refuses a body that says that it is larger than `most` bytes (413), in the words of `told`."""

    def __init__(self, app: ASGIApp, most: int, told: Callable[[Request, int], Response]) -> None:
        self.app = app
        self.most = most
        self.told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        length = Headers(scope=scope).get("content-length", "") if scope["type"] == "http" else ""
        if length.isdecimal() and int(length) > self.most:
            await self.told(Request(scope), TOO_LARGE)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _same_address(name: str, server: tuple[str, int | None] | None) -> bool:
    try:
        return server is not None and ipaddress.ip_address(name) == ipaddress.ip_address(server[0])
    except ValueError:
        return False


def _as_sent(name: str | None) -> str | None:
    """A host name as browsers send it: those of other scripts than ours in their ASCII form."""
    return name if name is None or name.isascii() else name.encode("idna").decode("ascii")


def _cross_site(headers: Headers, public_url: str | None) -> bool:
    """Browsers say where a write comes from; a program that is no browser says nothing and carries no cookie."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return False
    # A proxy may pass on another Host than the browser's.
    return origin != public_url and origin.partition("://")[2] != headers.get("host")


def _log(method: str, scope: MutableMapping[str, Any], status: int, seconds: float) -> None:
    """The route's pattern stands for the path, so no link's token and no assessment's id is ever written."""
    # Of a router that was included in another, the route itself knows only the end of its pattern.
    route = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    path = getattr(route, "path", None) or "(no route)"
    log.info("request", method=method, route=path, status=status, ms=round(seconds * 1000))
