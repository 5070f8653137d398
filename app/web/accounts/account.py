"""A facilitator's own account: another password, and tokens for programs."""

import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.values import Name
from app.passwords import LONGEST, SHORTEST
from app.store import accounts
from app.store.accounts import MOST_API_TOKENS, Account, NoAccountError, TooManyTokensError
from app.store.idempotency import KeyUsedError
from app.store.secrets.tokens import new_token
from app.web.accounts import new_password
from app.web.accounts.new_password import ChangeForm
from app.web.limits import passwords
from app.web.shell import browsers
from app.web.shell.facilitators import Facilitator, SignedOutError, remember_sign_in
from app.web.shell.forms import once_of, problems_of
from app.web.shell.render import page
from app.web.shell.saying import done
from app.web.shell.visits import House, InHouse, Posted, VisitorLanguage

router = APIRouter(prefix="/account")


class TokenForm(BaseModel):
    """What a token is for, in the facilitator's own words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("")
def show_account(
    request: Request,
    house: InHouse,
    language: VisitorLanguage,
    facilitator: Facilitator,
) -> Response:
    """The account: its address, its password, its tokens."""
    return _account_page(request, house, language, facilitator)


@router.post("/password")
def change_password(
    request: Request, house: InHouse, language: VisitorLanguage, facilitator: Facilitator, fields: Posted
) -> Response:
    """Change the password: every other sign-in and every token ends, and this browser is signed in anew."""
    form = new_password.read(ChangeForm, fields)
    problems = new_password.problems_of(form, facilitator.email)
    if problems:
        return _account_page(request, house, language, facilitator, 422, problems=problems)
    counted = passwords.changing_password(facilitator.id)
    try:
        counted.count(house.database)
    except passwords.TooManyTriesError as wait:
        response = _account_page(request, house, language, facilitator, 429, minutes=wait.minutes)
        response.headers["retry-after"] = str(wait.seconds)
        return response
    with house.database.reading() as session:
        kept = accounts.password_hash_of(session, facilitator.id)
    if not house.passwords.verify(form.current, kept):
        return _account_page(request, house, language, facilitator, 422, problems={"current": "wrong"})
    chosen = house.passwords.hash(form.password)
    try:
        with house.database.writing() as session:
            counted.give_back(session)
            accounts.set_password(session, facilitator.id, chosen)
            token = accounts.sign_in(session, facilitator.id, _now(), checked=chosen)
            mark = browsers.mark(session, facilitator.id, chosen)
    except NoAccountError:  # disabled in this very moment
        raise SignedOutError(None) from None
    response = done("/account", "password")
    remember_sign_in(response, house, token)
    browsers.hand(response, house, mark)
    return response


@router.post("/tokens")
def make_token(
    request: Request, house: InHouse, language: VisitorLanguage, facilitator: Facilitator, fields: Posted
) -> Response:
    """Make a token, and show it this once. A page makes one of each name, however often its button was pressed."""
    once = once_of(fields)
    try:
        name = TokenForm.model_validate({"name": "", **fields}).name
    except ValidationError as error:
        unfit = {f"token-{field}": problem for field, problem in problems_of(error).items()}
        given = fields.get("name", "")
        return _account_page(request, house, language, facilitator, 422, problems=unfit, token_name=given)
    try:
        with house.database.writing() as session:
            _, token = accounts.make_api_token(session, facilitator.id, name, _now(), once)
    except NoAccountError:
        raise SignedOutError(None) from None
    except KeyUsedError:
        # It was ended since: a page that is sent again does not bring it back.
        return RedirectResponse("/account#tokens", 303)
    except TooManyTokensError:
        full_up = {"token-name": "too_many"}
        return _account_page(request, house, language, facilitator, 422, problems=full_up, token_name=name)
    return _account_page(request, house, language, facilitator, made=(name, token))


@router.post("/tokens/{key}/revoke")
def revoke_token(house: InHouse, facilitator: Facilitator, key: str, fields: Posted) -> Response:
    """End a token at once."""
    if fields:
        raise HTTPException(422, "fields")
    with house.database.writing() as session:
        if not accounts.revoke_api_token(session, facilitator.id, key):
            raise HTTPException(404)
    return done("/account", "token_ended", "#tokens")


def _account_page(
    request: Request, house: House, language: str, facilitator: Account, status: int = 200, **shown: object
) -> Response:
    with house.database.reading() as session:
        tokens = accounts.api_tokens_of(session, facilitator.id)
    context = {
        "account": facilitator,
        "tokens": tokens,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "most_tokens": MOST_API_TOKENS,
        "once": new_token(),
        "languages": house.languages,
        "changed": None,
        "problems": {},
        "minutes": 0,
        "token_name": "",
        "made": None,
    }
    return page(request, language, "accounts/page.html", context | shown, status)
