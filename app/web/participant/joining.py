"""Joining a cohort: by code, by link, by a single-use invitation; and leaving it. Joining a team: see `team`."""

import datetime
from typing import Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.values import Name, Role
from app.core.links import link_in
from app.core.questionnaire.model import BusinessStage
from app.store import cohorts
from app.store.assessments import Beginning, CountedElsewhereError, Place, Sitting
from app.store.cohorts import ClosedError, Cohort, InvitationUsedError, Privacy, ToldOtherwiseError
from app.store.idempotency import token_by
from app.store.secrets.tokens import new_token
from app.web.participant.again import sat_before
from app.web.participant.codes import at_the_door, counted_elsewhere, counts_elsewhere
from app.web.shell.cookies import PostedWithCookie
from app.web.shell.forms import Once, Problem, problems_of
from app.web.shell.render import page
from app.web.shell.visits import (
    House,
    InHouse,
    Owning,
    Posted,
    VisitorLanguage,
    assessments_held,
    held,
    own_address,
    remember,
)

router = APIRouter()
member = APIRouter(prefix="/assessments/{assessment}")


class JoinForm(BaseModel):
    """What a new organisation says; the rest the cohort says. `told` is the privacy that the page named.

    `team_code` is what stands in the box of those whose organisation is not new: they are sent to its door. From
    `once` follows the private link: a form that is sent twice joins once, and finds the same place.
    """

    model_config = ConfigDict(extra="forbid")

    arriving: Literal["new"]
    team_code: str = ""
    organisation: Name
    business_stage: BusinessStage
    role: Role
    told: Privacy
    once: Once | None = None

    def link_into(self, cohort: str) -> str | None:
        """The token of the private link that this form makes there."""
        return token_by(self.once, "join", cohort, self.model_dump_json()) if self.once else None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("/join")
def ask_code(request: Request, language: VisitorLanguage) -> Response:
    """Where a code is typed."""
    return page(request, language, "participant/joining/code.html", {"typed": "", "wrong": False, "elsewhere": None})


@router.post("/join")
def take_code(request: Request, house: InHouse, language: VisitorLanguage, fields: Posted) -> Response:
    """Go to the cohort, or the team, of the code that was typed; or where a link leads that stands in its place."""
    typed = fields.pop("code", "")
    if fields:
        raise HTTPException(422, "fields")
    link = link_in(typed)
    if link is not None:
        host, path = link
        if host in (None, urlsplit(own_address(request, house)).hostname, request.url.hostname):
            return RedirectResponse(path, 303)
        context = {"typed": typed, "wrong": False, "elsewhere": host}
        return page(request, language, "participant/joining/code.html", context, status=422)
    plain = _plain(typed)
    return RedirectResponse(f"/join/{plain}" if plain else "/join", 303)


@router.get("/join/{code}")
def show_by_code(request: Request, house: InHouse, language: VisitorLanguage, code: str) -> Response:
    """What joining means, and the form to join by a code."""
    return at_the_door(
        request,
        house,
        language,
        code,
        to_cohort=lambda cohort: _join_page(request, house, language, _by_code_path(cohort), cohort),
        to_team=_to_team,
    )


@router.post("/join/{code}")
def join_by_code(
    request: Request, house: InHouse, language: VisitorLanguage, code: str, fields: PostedWithCookie
) -> Response:
    """Join by a code."""
    return at_the_door(
        request,
        house,
        language,
        code,
        to_cohort=lambda cohort: _join(request, house, language, _by_code_path(cohort), cohort, fields),
        to_team=_to_team,
    )


@router.get("/invitation/{token}")
def show_invitation(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """What joining means, and the form to join by a single-use invitation."""
    cohort, here = _invited(request, house, token)
    if here is not None:
        return RedirectResponse(f"/assessments/{here}", 303)
    if cohort is None:
        return page(request, language, "participant/joining/used.html", status=404)
    return _join_page(request, house, language, f"/invitation/{token}", cohort)


@router.post("/invitation/{token}")
def join_by_invitation(
    request: Request, house: InHouse, language: VisitorLanguage, token: str, fields: PostedWithCookie
) -> Response:
    """Join by a single-use invitation."""
    cohort, here = _invited(request, house, token)
    if here is not None:
        return RedirectResponse(f"/assessments/{here}", 303)
    if cohort is None:
        again = _sent_again(house, token, fields)
        return _arrived(house, again) if again else page(request, language, "participant/joining/used.html", status=404)
    return _join(request, house, language, f"/invitation/{token}", cohort, fields, token)


@member.post("/withdraw")
def withdraw(visit: Owning, fields: Posted) -> Response:
    """Leave the cohort: the assessment lives on by itself and counts there no more."""
    if fields:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        cohorts.withdraw(session, visit.assessment, _now())
    return RedirectResponse(visit.path("link"), 303)


def _plain(typed: str) -> str:
    """What of a typed code can stand in an address."""
    return "".join(letter for letter in typed if letter.isascii() and letter.isalnum())[:20].upper()


def _invited(request: Request, house: House, token: str) -> tuple[Cohort | None, str | None]:
    """Which cohort the invitation lets into; and where this browser has joined it already, in whatever way."""
    mine = [sitting.id for sitting in held(request, house)]
    with house.database.reading() as session:
        cohort, joined = cohorts.invited_to(session, token), cohorts.joined_by(session, token)
        for assessment in mine:
            its = cohorts.cohort_of_assessment(session, assessment)
            if assessment == joined or (cohort and its and its.id == cohort.id):
                return cohort, assessment
    return cohort, None


def _sent_again(house: House, invitation: str, fields: dict[str, str]) -> Place | None:
    """The place of whoever used the invitation, for the same form sent once more; None for anybody else."""
    try:
        form = JoinForm.model_validate(fields)
    except ValidationError:
        return None
    with house.database.reading() as session:
        joined = cohorts.joined_by(session, invitation)
        cohort = cohorts.cohort_of_assessment(session, joined) if joined else None
        token = form.link_into(cohort.id) if cohort else None
        place = cohorts.place_by(session, cohort.id, token) if cohort and token else None
    return place if place and place.assessment == joined else None


def _by_code_path(cohort: Cohort) -> str:
    return f"/join/{cohort.join_code}"


def _to_team(team: Sitting) -> Response:
    return RedirectResponse(f"/team/{team.team_code}", 303)


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
    if counts_elsewhere(request, house, cohort):
        return counted_elsewhere(request, language, cohort.name)
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
        "once": new_token(),
        # An invitation's page says no code: it lets one organisation in, once.
        "sat": sat_before(request, house, cohort) if path == _by_code_path(cohort) else [],
    }
    return page(request, language, "participant/joining/join.html", context, status)


def _join(
    request: Request,
    house: House,
    language: str,
    path: str,
    cohort: Cohort,
    fields: dict[str, str],
    invitation: str | None = None,
) -> Response:
    if fields.get("arriving") == "team" and not set(fields) - set(JoinForm.model_fields):
        typed = fields.get("team_code", "")
        link = link_in(typed)
        code = _plain(link[1].rpartition("/")[2] if link else typed)
        if code:
            return RedirectResponse(f"/team/{code}", 303)
        return _join_page(request, house, language, path, cohort, fields, {"team_code": "missing"}, status=422)
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
    beside = assessments_held(request, house)
    try:
        with house.database.writing() as session:
            place = cohorts.join(
                session,
                cohort.id,
                beginning,
                _now(),
                invitation,
                told=form.told,
                token=form.link_into(cohort.id),
                beside=beside,
            )
    except CountedElsewhereError:
        return counted_elsewhere(request, language, cohort.name)
    except (ClosedError, InvitationUsedError):
        return page(request, language, "participant/joining/used.html", status=404)
    except ToldOtherwiseError:
        return _join_page(request, house, language, path, cohort, fields, {"told": "choose"}, status=409)
    return _arrived(house, place)


def _arrived(house: House, place: Place) -> Response:
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, house, place.assessment, place.token)
    return response


router.include_router(member)
