"""Whether a browser keeps cookies: without one nobody finds what they begin, so nothing is begun there."""

from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from app.web.shell.visits import House, InHouse, Posted, own_address

BY_LINK = "by=link"
"""Stands after an address to which a private link has led a browser that had shown no cookie yet."""

SECRET = frozenset({"password", "again", "current"})
"""Fields that are never sent back in a page."""

SHOWN_AT = {"/assessments": "/start", "/language": "/"}
"""Where a form stands that is sent to another address than its own."""


class NoCookieError(Exception):
    """The browser kept none of what it was given. `fields`: what its form sent; None where it asked for a page."""

    def __init__(self, fields: Mapping[str, str] | None = None) -> None:
        self.fields = fields


def hand(request: Request, response: Response, house: House) -> None:
    """With a form comes a cookie that says nothing: when the form comes back, it tells whether cookies do too."""
    if _name(house) not in request.cookies:
        response.set_cookie(_name(house), "yes", path="/", secure=house.secure, httponly=True, samesite="lax")


def is_untried(request: Request, house: House) -> bool:
    """Whether this is a browser that has shown no cookie yet; a program, which asks for no page, sees to its own."""
    return "text/html" in request.headers.get("accept", "") and _name(house) not in request.cookies


def posted_with_cookie(request: Request, house: InHouse, fields: Posted) -> dict[str, str]:
    """The fields of a form after which this browser is to hold something. Raises NoCookieError where it would not."""
    if is_untried(request, house):
        raise NoCookieError(fields)
    return fields


PostedWithCookie = Annotated[dict[str, str], Depends(posted_with_cookie)]


def after_link(address: str, request: Request, house: House) -> str:
    """Where a private link leads, for that page to know why a cookie may be missing."""
    return f"{address}?{BY_LINK}" if is_untried(request, house) else address


def came_by_link(request: Request) -> bool:
    """Whether a private link has led here just now."""
    return request.url.query == BY_LINK


def told(request: Request, house: House, error: NoCookieError) -> dict[str, object]:
    """What the page shows: the public address where this is another one, what is sent again, and where its form is."""
    path = SHOWN_AT.get(request.url.path, request.url.path)
    here = f"{request.url.scheme}://{request.url.netloc}"
    public = own_address(request, house)
    fields = error.fields
    return {
        "public": None if public == here else public,
        "host": urlsplit(public).netloc,
        "path": "/" if fields is None else path,
        "by_link": fields is None,
        "again": None if fields is None or SECRET & fields.keys() else fields,
        "action": request.url.path,
    }


def _name(house: House) -> str:
    # Not among those of private links: theirs begin with `cxm-`.
    return f"{'__Host-' if house.secure else ''}kept"
