"""A facilitator's way in and out: signing in, signing out, and the links by which a password is set once."""

import datetime
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.passwords import LONGEST, SHORTEST
from app.store import accounts
from app.store.accounts import Account, EmailTakenError, NoAccountError, OneTimeUse, Purpose
from app.web.accounts import new_password
from app.web.accounts.new_password import FirstForm, PasswordForm, Problem
from app.web.limits import passwords
from app.web.shell import browsers
from app.web.shell.cookies import PostedWithCookie
from app.web.shell.facilitators import HOME, SIGN_IN, end_former, forget_sign_in, onward, remember_sign_in, sign_in_of
from app.web.shell.render import page
from app.web.shell.saying import done
from app.web.shell.visits import House, InHouse, Posted, VisitorLanguage

router = APIRouter()


class SignInForm(BaseModel):
    """Who signs in, and where to then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: str = ""
    password: str = ""
    next: str = ""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get(SIGN_IN)
def show_sign_in(request: Request, house: InHouse, language: VisitorLanguage, next: str = "") -> Response:
    """The form to sign in with."""
    return _sign_in_page(request, house, language, SignInForm(next=next))


@router.post(SIGN_IN)
def sign_in(request: Request, house: InHouse, language: VisitorLanguage, fields: PostedWithCookie) -> Response:
    """Sign this browser in; what is wrong, the address or the password, is not told."""
    try:
        form = SignInForm.model_validate(fields)
    except ValidationError:
        raise HTTPException(422, "fields") from None
    if not form.email.strip() or not form.password:
        return _sign_in_page(request, house, language, form, "incomplete", 422)
    try:
        signed_in = _signed_in(request, house, form)
    except passwords.TooManyTriesError as wait:
        response = _sign_in_page(request, house, language, form, "wait", 429, wait.minutes)
        response.headers["retry-after"] = str(wait.seconds)
        return response
    if signed_in is None:
        return _sign_in_page(request, house, language, form, "wrong", 422)
    token, mark = signed_in
    response = RedirectResponse(onward(form.next), 303)
    remember_sign_in(response, house, token)
    browsers.hand(response, house, mark)
    return response


@router.post("/sign-out")
def sign_out(request: Request, house: InHouse, fields: Posted) -> Response:
    """Sign this browser out, here and on the server."""
    if fields:
        raise HTTPException(422, "fields")
    token = sign_in_of(request)
    if token is not None:
        with house.database.writing() as session:
            accounts.sign_out(session, token)
    response = done("/", "signed_out")
    forget_sign_in(response, house)
    return response


@router.get("/setup/{token}")
def show_setup(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """The first facilitator's address and password; or the password alone, of one who was added."""
    return _link_page(request, house, language, "setup", token)


@router.post("/setup/{token}")
def set_up(
    request: Request, house: InHouse, language: VisitorLanguage, token: str, fields: PostedWithCookie
) -> Response:
    """Make the first account, or set the first password of one; signed in at once."""
    return _use_link(request, house, language, "setup", token, fields)


@router.get("/reset/{token}")
def show_reset(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """A new password for somebody who lost theirs."""
    return _link_page(request, house, language, "reset", token)


@router.post("/reset/{token}")
def reset(
    request: Request, house: InHouse, language: VisitorLanguage, token: str, fields: PostedWithCookie
) -> Response:
    """Set it; every other sign-in ends."""
    return _use_link(request, house, language, "reset", token, fields)


def _signed_in(request: Request, house: House, form: SignInForm) -> tuple[str, str] | None:
    """A new sign-in's token, and the browser's mark; None if it was wrong.

    Raises TooManyTriesError, and then nothing was evaluated.
    """
    counted = passwords.signing_in(request, form.email, browsers.known(request, house, form.email.strip()))
    counted.count(house.database)
    with house.database.reading() as session:
        account = accounts.account_by_email(session, form.email.strip())
        kept = accounts.password_hash_of(session, account.id) if account else None
    right = house.passwords.verify(form.password, kept)
    if not right or account is None or kept is None or account.disabled_at:
        return None
    stronger = house.passwords.renewed(form.password, kept)
    try:
        with house.database.writing() as session:
            counted.give_back(session)
            token = accounts.sign_in(session, account.id, _now(), checked=kept)
            if stronger:
                accounts.strengthen(session, account.id, stronger)
            mark = browsers.mark(session, account.id, stronger or kept)
            end_former(request, session)
    except NoAccountError:  # the password was changed, or the account disabled, in this very moment
        return None
    return token, mark


def _sign_in_page(
    request: Request,
    house: House,
    language: str,
    form: SignInForm,
    problem: Literal["incomplete", "wrong", "wait"] | None = None,
    status: int = 200,
    minutes: int = 0,
) -> Response:
    context = {
        "email": form.email,
        "next": form.next,
        "problem": problem,
        "minutes": minutes,
        "languages": house.languages,
    }
    return page(request, language, "accounts/sign_in.html", context, status)


def _found(house: House, purpose: Purpose, token: str) -> tuple[OneTimeUse, Account | None] | None:
    """What the link is for, and whose; None where it opens nothing any more."""
    with house.database.reading() as session:
        link = accounts.one_time_link(session, token, purpose, _now())
        account = accounts.account(session, link.account_id) if link and link.account_id else None
    if link is None or (link.account_id and (account is None or account.disabled_at)):
        return None
    return link, account


def _link_page(request: Request, house: House, language: str, purpose: Purpose, token: str) -> Response:
    found = _found(house, purpose, token)
    if found is None:
        return _dead_link_page(request, language)
    return _password_page(request, language, purpose, found[1], FirstForm(), {})


def _use_link(
    request: Request, house: House, language: str, purpose: Purpose, token: str, fields: dict[str, str]
) -> Response:
    found = _found(house, purpose, token)
    if found is None:
        return _dead_link_page(request, language)
    link, account = found
    if account is None:
        first = new_password.read(FirstForm, fields)
        form, problems = first, new_password.problems_of_first(first)
    else:
        chosen = new_password.read(PasswordForm, fields)
        form = FirstForm(email=account.email, password=chosen.password, again=chosen.again)
        problems = new_password.problems_of(form, account.email)
    if problems:
        return _password_page(request, language, purpose, account, form, problems)
    kept = house.passwords.hash(form.password)
    try:
        with house.database.writing() as session:
            if accounts.use_one_time_link(session, token, purpose, _now()) != link:
                raise NoAccountError
            if account is None:
                account = accounts.add_account(session, form.email, kept, _now())
            else:
                accounts.set_password(session, account.id, kept)
            cookie = accounts.sign_in(session, account.id, _now(), checked=kept)
            mark = browsers.mark(session, account.id, kept)
            end_former(request, session)
    except (EmailTakenError, NoAccountError):  # the link was used, or the account disabled, in this very moment
        return _dead_link_page(request, language)
    response = _secret_address(done(HOME, "password") if purpose == "reset" else RedirectResponse(HOME, 303))
    remember_sign_in(response, house, cookie)
    browsers.hand(response, house, mark)
    return response


def _password_page(
    request: Request,
    language: str,
    purpose: Purpose,
    account: Account | None,
    form: FirstForm,
    problems: dict[str, Problem],
) -> Response:
    context = {
        "purpose": purpose,
        "account": account,
        "email": form.email,
        "problems": problems,
        "shortest": SHORTEST,
        "longest": LONGEST,
    }
    return _secret_address(page(request, language, "accounts/link.html", context, 422 if problems else 200))


def _dead_link_page(request: Request, language: str) -> Response:
    return _secret_address(page(request, language, "accounts/link_used.html", status=404))


def _secret_address(response: Response) -> Response:
    """For a page whose address is a secret itself: not even our own pages are to read it in a Referer.

    Not "no-referrer", with which browsers send `Origin: null` with the page's form.
    """
    response.headers["referrer-policy"] = "strict-origin"
    return response
