"""Whose program asks, for which cohort or assessment, and what it sends: the door of every call."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, HTTPException, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.core.answers.document import read_json
from app.core.questionnaire.model import Questionnaire
from app.store import accounts, cohorts
from app.store.accounts import Account
from app.store.cohorts import ConfidentialError, Member
from app.store.idempotency import KEPT_FOR, token_by
from app.web.api.refusals import RefusedCallError
from app.web.shell.cohort_plan import edition_of
from app.web.shell.facilitators import CohortVisit, cohort_visit, may_run
from app.web.shell.visits import InHouse

_bearer = HTTPBearer(
    auto_error=False, scheme_name="personalToken", description="Made under “Your account”, and ended there."
)


def caller_of(house: InHouse, sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Account:
    """Whose token it is; a cookie is never looked at. Raises HTTPException 401."""
    if sent is not None:
        with house.database.reading() as session:
            account = accounts.account_of_api_token(session, sent.credentials)
        if account is not None:
            return account
    raise HTTPException(401, headers={"www-authenticate": "Bearer"})


Caller = Annotated[Account, Depends(caller_of)]


def at_hand(house: InHouse, caller: Caller, cohort: str) -> CohortVisit:
    """The cohort of the address; to whom it was not given it does not exist (404)."""
    return cohort_visit(house, caller, cohort)


ToRead = Annotated[CohortVisit, Depends(at_hand)]


def open_at_hand(visit: ToRead) -> CohortVisit:
    """Only a cohort whose organisations may be seen. Raises ConfidentialError."""
    if visit.cohort.is_confidential:
        raise ConfidentialError
    return visit


OpenToRead = Annotated[CohortVisit, Depends(open_at_hand)]


def to_run(visit: ToRead) -> CohortVisit:
    """Only whoever may change the cohort; 403 to those who may look."""
    return may_run(visit)


ToRun = Annotated[CohortVisit, Depends(to_run)]


@dataclass(frozen=True)
class MemberVisit:
    """A program at an organisation of an open cohort."""

    hand: CohortVisit
    member: Member

    @property
    def questionnaire(self) -> Questionnaire:
        """The edition to which it is bound."""
        return edition_of(self.hand)


def member_at_hand(house: InHouse, caller: Caller, assessment: str) -> MemberVisit:
    """The assessment of the address; one of a confidential cohort, of another's or of none does not exist (404)."""
    with house.database.reading() as session:
        cohort = cohorts.cohort_of_assessment(session, assessment)
        right = cohorts.right_of(session, cohort.id, caller.id) if cohort else None
        seen = cohort is not None and right is not None and not cohort.is_confidential
        member = cohorts.member(session, cohort.id, assessment) if cohort and seen else None
    if cohort is None or right is None or member is None:
        raise HTTPException(404)
    return MemberVisit(CohortVisit(house, caller, cohort, right), member)


OfMember = Annotated[MemberVisit, Depends(member_at_hand)]


def only_known_parameters(request: Request, _: Caller) -> None:
    """Refuses what stands in the address and is no parameter of the call. Raises RefusedCallError 422."""
    route = request.scope["route"]
    asked = route.dependant.query_params if isinstance(route, APIRoute) else []  # codespell:ignore dependant
    known = {one.alias for one in asked}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        raise RefusedCallError(422, "invalid", f"{', '.join(unknown)}: no such parameter.")


async def nothing_sent(request: Request, _: Caller) -> None:
    """For a call that takes nothing. Raises RefusedCallError 422."""
    if await request.body():
        raise RefusedCallError(422, "invalid", "This call takes no body. Nothing was changed.")


async def json_sent(request: Request, _: Caller) -> str:
    """The request's JSON, in which no key stands twice. Raises RefusedCallError, RefusedError."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedCallError(422, "invalid", "Send JSON, with Content-Type: application/json.")
    try:
        text = (await request.body()).decode()
    except UnicodeDecodeError:
        raise RefusedCallError(422, "invalid", "Send JSON in UTF-8.") from None
    read_json(text)
    return text


def key_sent(
    caller: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    _: Caller,
    key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=255,
            description="Made up by your program, another one for each thing to be made: sent again with the same "
            "token, the same call makes nothing, and is answered with what the first one made. It is known for "
            f"{KEPT_FOR.days} days; with anything else in the call it is refused (422, `key_used`), and so it is where "
            "what it made is there no more, or has another private link (409, `key_used`).",
        ),
    ] = None,
) -> str | None:
    """A secret that follows from the call's key, and from the token: two programs that count from 1 do not meet."""
    return token_by(caller.credentials, "call", key) if caller is not None and key is not None else None


KeySent = Annotated[str | None, Depends(key_sent)]


JsonSent = Annotated[str, Depends(json_sent)]
