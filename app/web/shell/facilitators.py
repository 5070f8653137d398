"""Who is signed in as a facilitator, and which cohort is in their hands: the door of every facilitator's page."""

import datetime
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, HTTPException, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.store import accounts, cohorts
from app.store.accounts import SIGNED_IN_FOR, Account
from app.store.cohorts import Cohort, Right
from app.web.shell.guard import SAFE_METHODS
from app.web.shell.visits import House, InHouse, house_of, is_on_this_site

SIGN_IN = "/sign-in"
HOME = "/cohorts"
"""Where a facilitator arrives who did not ask for another page."""


class SignedOutError(Exception):
    """Nobody is signed in here; `wanted` is the page to come back to, if it was a page."""

    def __init__(self, wanted: str | None) -> None:
        super().__init__()
        self.wanted = wanted


@dataclass(frozen=True)
class CohortVisit:
    """A facilitator at a cohort that is their own or shared with them."""

    house: House
    account: Account
    cohort: Cohort
    right: Right

    @property
    def may_run(self) -> bool:
        """Whether they may change the cohort, not only look."""
        return self.right != "read"

    @property
    def may_own(self) -> bool:
        """Whether it is theirs: to share, to archive."""
        return self.right == "own"

    def path(self, *parts: str) -> str:
        """The address of a page of this cohort."""
        return "/".join([f"{HOME}/{self.cohort.id}", *parts])


def facilitator_of(request: Request, house: InHouse) -> Account:
    """Who is signed in. Raises SignedOutError."""
    token = sign_in_of(request)
    if token is not None:
        with house.database.reading() as session:
            account = accounts.signed_in(session, token, datetime.datetime.now(datetime.UTC))
        if account is not None:
            return account
    raise SignedOutError(_page_asked_for(request))


Facilitator = Annotated[Account, Depends(facilitator_of)]


def cohort_visit(house: InHouse, facilitator: Facilitator, cohort: str) -> CohortVisit:
    """The cohort of the address; to whom it was not given it does not exist (404)."""
    with house.database.reading() as session:
        right = cohorts.right_of(session, cohort, facilitator.id)
        found = cohorts.cohort(session, cohort) if right else None
    if right is None or found is None:
        raise HTTPException(404)
    return CohortVisit(house, facilitator, found, right)


InHand = Annotated[CohortVisit, Depends(cohort_visit)]
"""To look at: whoever has any right to the cohort."""


def may_run(visit: InHand) -> CohortVisit:
    """Only whoever may change the cohort; 403 to those who may look."""
    if not visit.may_run:
        raise HTTPException(403)
    return visit


ToRun = Annotated[CohortVisit, Depends(may_run)]
"""To change: its owner, and those it is shared with to run."""


def sign_in_of(request: Request) -> str | None:
    """The sign-in's token that this browser holds, right or not."""
    return request.cookies.get(_cookie_name(house_of(request)))


def remember_sign_in(response: Response, house: House, token: str) -> None:
    """This browser is signed in from now on."""
    age = round(SIGNED_IN_FOR.total_seconds())
    name = _cookie_name(house)
    response.set_cookie(name, token, age, path="/", secure=house.secure, httponly=True, samesite="lax")


def forget_sign_in(response: Response, house: House) -> None:
    """This browser is no longer signed in."""
    response.delete_cookie(_cookie_name(house), path="/", secure=house.secure, httponly=True, samesite="lax")


def end_former(request: Request, session: Session) -> None:
    """Ends what this browser was signed in as before: no sign-in outlives a new one."""
    token = sign_in_of(request)
    if token is not None:
        accounts.sign_out(session, token)


def to_sign_in(request: Request, error: SignedOutError) -> Response:
    """On to signing in, and from there back to the page that was asked for."""
    next_ = f"?next={quote(error.wanted, safe='')}" if error.wanted else ""
    response = RedirectResponse(SIGN_IN + next_, 303)
    forget_sign_in(response, house_of(request))  # one that has ended: pages go by whether there is one
    return response


def onward(wanted: str | None) -> str:
    """Where to go after signing in: a page of this site, never elsewhere."""
    return wanted if wanted and is_on_this_site(wanted) and not wanted.startswith(SIGN_IN) else HOME


def _page_asked_for(request: Request) -> str | None:
    if request.method not in SAFE_METHODS:
        return None
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return address if is_on_this_site(address) else None


def _cookie_name(house: House) -> str:
    # As with private links: a browser only accepts the prefix over https.
    return f"{'__Host-' if house.secure else ''}cxm-sign-in"
