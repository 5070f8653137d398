"""Browsers in which somebody signed in before: whoever tries that account elsewhere keeps them waiting no longer."""

import re

from fastapi import Request, Response
from sqlmodel import Session

from app.store import accounts
from app.store.secrets.signing import is_signed, signature
from app.store.secrets.tokens import new_id
from app.web.shell.visits import COOKIE_AGE, House

_MARK = re.compile(r"([a-z2-7]{16})\.([a-z2-7]{16})\.([0-9a-f]{64})")


def mark(session: Session, account: str, kept: str) -> str:
    """What the browser is known by for this account, as long as the password is the one of which `kept` is kept."""
    browser = new_id()
    return f"{account}.{browser}.{signature(session, 'browser', account, browser, kept)}"


def hand(response: Response, house: House, given: str) -> None:
    """The browser keeps its mark."""
    name = _cookie_name(house)
    response.set_cookie(name, given, COOKIE_AGE, path="/", secure=house.secure, httponly=True, samesite="lax")


def known(request: Request, house: House, email: str) -> str | None:
    """By which the browser counts for itself, if the account of this address signed in there; None if it did not."""
    match = _MARK.fullmatch(request.cookies.get(_cookie_name(house), ""))
    if match is None:
        return None
    marked, browser, given = match.groups()
    with house.database.reading() as session:
        account = accounts.account_by_email(session, email)
        if account is None or account.id != marked:
            return None
        kept = accounts.password_hash_of(session, marked)
        return browser if is_signed(session, given, "browser", marked, browser, kept) else None


def _cookie_name(house: House) -> str:
    # Not among those of private links: theirs begin with `cxm-`.
    return f"{'__Host-' if house.secure else ''}known"
