"""Joining a cohort: by code, by link, by a single-use invitation; and leaving it again."""

import datetime
import ipaddress
import math
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers import BusinessStage
from app.core.given import Name, Role
from app.store import attempts, cohorts
from app.store.assessments import Beginning
from app.store.cohorts import ClosedError, Cohort, InvitationUsedError, Privacy, ToldOtherwiseError
from app.store.cohorts.codes import as_meant
from app.web.deps import House, InHouse, Posted, Visiting, VisitorLanguage, held, own_address, remember
from app.web.forms import Problem, problems_of
from app.web.guard import LOOPBACK_NAMES
from app.web.render import page
from app.web.tries import origin

router = APIRouter()
member = APIRouter(prefix="/assessments/{assessment}")

WRONG_CODES = 20
WRONG_CODES_OF_ALL = 200
WITHIN = datetime.timedelta(minutes=1)
"""So many wrong codes a minute from one address, and from all together, are looked up; the rest wait. At the most
that is 12,000 an hour of a thousand milliards. A right code counts for nothing, so a whole class may join at once."""


class JoinForm(BaseModel):
    """What is said on joining; the rest the cohort says. `told` is the privacy that the page named."""

    model_config = ConfigDict(extra="forbid")

    organisation: Name
    business_stage: BusinessStage
    role: Role
    told: Privacy


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def phones_can_reach(request: Request, house: House) -> bool:
    """Whether the address in a QR code means this machine to a phone too: not if it is a loopback one."""
    host = urlsplit(own_address(request, house)).hostname or ""
    try:
        return host not in LOOPBACK_NAMES and not ipaddress.ip_address(host).is_loopback
    except ValueError:
        return True


@router.get("/join")
def ask_code(request: Request, language: VisitorLanguage) -> Response:
    """Where a code is typed."""
    return page(request, language, "join/code.html", {"typed": "", "wrong": False})


@router.post("/join")
def take_code(fields: Posted) -> Response:
    """Go to the cohort of the code that was typed."""
    typed = fields.pop("code", "")
    if fields:
        raise HTTPException(422, "fields")
    plain = "".join(letter for letter in typed if letter.isascii() and letter.isalnum())[:20]
    return RedirectResponse(f"/join/{plain.upper()}" if plain else "/join", 303)


@router.get("/join/{code}")
def show_by_code(request: Request, house: InHouse, language: VisitorLanguage, code: str) -> Response:
    """What joining means, and the form to join by a code."""
    return _at_the_door(
        request,
        house,
        language,
        code,
        lambda cohort: _join_page(request, house, language, _by_code_path(cohort), cohort),
    )


@router.post("/join/{code}")
def join_by_code(request: Request, house: InHouse, language: VisitorLanguage, code: str, fields: Posted) -> Response:
    """Join by a code."""
    return _at_the_door(
        request,
        house,
        language,
        code,
        lambda cohort: _join(request, house, language, _by_code_path(cohort), cohort, fields),
    )


@router.get("/invitation/{token}")
def show_invitation(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """What joining means, and the form to join by a single-use invitation."""
    with house.database.reading() as session:
        cohort = cohorts.invited_to(session, token)
    if cohort is None:
        return page(request, language, "join/used.html", status=404)
    return _join_page(request, house, language, f"/invitation/{token}", cohort)


@router.post("/invitation/{token}")
def join_by_invitation(
    request: Request, house: InHouse, language: VisitorLanguage, token: str, fields: Posted
) -> Response:
    """Join by a single-use invitation."""
    with house.database.reading() as session:
        cohort = cohorts.invited_to(session, token)
    if cohort is None:
        return page(request, language, "join/used.html", status=404)
    return _join(request, house, language, f"/invitation/{token}", cohort, fields, token)


@member.post("/withdraw")
def withdraw(visit: Visiting, fields: Posted) -> Response:
    """Leave the cohort: the assessment lives on by itself and counts there no more."""
    if fields:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        cohorts.withdraw(session, visit.assessment, _now())
    return RedirectResponse(visit.path("link"), 303)


def _by_code_path(cohort: Cohort) -> str:
    return f"/join/{cohort.join_code}"


def _at_the_door(
    request: Request, house: House, language: str, code: str, let_in: Callable[[Cohort], Response]
) -> Response:
    """Looks the code up, unless too many wrong ones came of late; a browser that has joined is never kept waiting."""
    here = _joined_here(request, house, code)
    if here is not None:
        return RedirectResponse(f"/assessments/{here}", 303)
    now = _now()
    buckets = ((f"join from {origin(request)}", WRONG_CODES), ("join", WRONG_CODES_OF_ALL))
    with house.database.writing() as session:
        waits = [attempts.wait(session, bucket, allowed=allowed, per=WITHIN, now=now) for bucket, allowed in buckets]
        longest = max((wait for wait in waits if wait is not None), default=None)
        cohort = None if longest else cohorts.cohort_by_code(session, code, now)
        if cohort is not None:
            for bucket, _ in buckets:
                attempts.give_back(session, bucket)
    if longest is not None:
        seconds = max(1, math.ceil(longest.total_seconds()))
        response = page(request, language, "join/wait.html", {"code": code, "seconds": seconds}, status=429)
        response.headers["retry-after"] = str(seconds)
        return response
    if cohort is None:
        return page(request, language, "join/code.html", {"typed": code, "wrong": True}, status=404)
    return let_in(cohort)


def _joined_here(request: Request, house: House, code: str) -> str | None:
    """The assessment by which this browser has joined the cohort of that code."""
    mine = [sitting.id for sitting in held(request, house)]
    with house.database.reading() as session:
        for assessment in mine:
            cohort = cohorts.cohort_of_assessment(session, assessment)
            if cohort is not None and cohort.join_code == as_meant(code):
                return assessment
    return None


def _join_page(
    request: Request,
    house: House,
    language: str,
    path: str,
    cohort: Cohort,
    given: dict[str, str] | None = None,
    problems: dict[str, Problem] | None = None,
    status: int = 200,
) -> Response:
    questionnaire = house.catalogue.edition(cohort.questionnaire, cohort.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    context = {
        "path": path,
        "cohort": cohort,
        "questionnaire": questionnaire,
        "words": questionnaire.wording(language),
        "given": given or {"role": "leadership"},
        "problems": problems or {},
    }
    return page(request, language, "join/join.html", context, status)


def _join(
    request: Request,
    house: House,
    language: str,
    path: str,
    cohort: Cohort,
    fields: dict[str, str],
    invitation: str | None = None,
) -> Response:
    try:
        form = JoinForm.model_validate(fields)
    except ValidationError as error:
        return _join_page(request, house, language, path, cohort, fields, problems_of(error), status=422)
    beginning = Beginning(
        questionnaire=cohort.questionnaire,
        edition=cohort.edition,
        form=cohort.form,
        organisation=form.organisation,
        language=cohort.language,
        business_stage=form.business_stage,
        role=form.role,
    )
    try:
        with house.database.writing() as session:
            place = cohorts.join(session, cohort.id, beginning, _now(), invitation, told=form.told)
    except (ClosedError, InvitationUsedError):
        return page(request, language, "join/used.html", status=404)
    except ToldOtherwiseError:
        return _join_page(request, house, language, path, cohort, fields, {"told": "choose"}, status=409)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, house, place.assessment, place.token)
    return response


router.include_router(member)
