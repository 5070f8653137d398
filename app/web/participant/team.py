"""A team: colleagues invited by a code, a link or a QR code; who is in, and how far; leaving, and being taken out."""

import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.values import Role
from app.store import assessments, cohorts
from app.store.assessments import ClosedError, CountedElsewhereError, FullError, GoneError, Sitting
from app.store.secrets.tokens import hashed, new_token
from app.web.participant.codes import at_the_door, counted_elsewhere, counts_elsewhere, unknown_code
from app.web.shell.cookies import PostedWithCookie
from app.web.shell.forms import Once, Problem, problems_of
from app.web.shell.frame import frame, phones_can_reach, qr_code
from app.web.shell.render import page
from app.web.shell.saying import done
from app.web.shell.visits import (
    COOKIE_AGE,
    LANGUAGE_COOKIE,
    House,
    InHouse,
    Owning,
    Posted,
    Visit,
    Visiting,
    VisitorLanguage,
    assessments_held,
    forget,
    own_address,
    remember,
)
from app.wording import languages_offered

router = APIRouter()
member = APIRouter(prefix="/assessments/{assessment}/team")


class ColleagueForm(BaseModel):
    """What a colleague says on joining; the rest the team has said. `once`: as for joining a cohort."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    once: Once | None = None


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("/team/{code}")
def show_by_code(request: Request, house: InHouse, language: VisitorLanguage, code: str) -> Response:
    """What answering with the team means, and the form to join it."""
    return at_the_door(
        request,
        house,
        language,
        code,
        to_cohort=lambda cohort: RedirectResponse(f"/join/{cohort.join_code}", 303),
        to_team=lambda team: _join_page(request, house, language, team),
    )


@router.post("/team/{code}")
def join_by_code(
    request: Request, house: InHouse, language: VisitorLanguage, code: str, fields: PostedWithCookie
) -> Response:
    """Join the team; this browser holds a private link of its own from now on."""
    return at_the_door(
        request,
        house,
        language,
        code,
        to_cohort=lambda cohort: RedirectResponse(f"/join/{cohort.join_code}", 303),
        to_team=lambda team: _join(request, house, language, team, fields),
    )


@member.get("")
def show(request: Request, visit: Visiting) -> Response:
    """The owner's page: the code, and how far everybody is. A colleague's: what they may see and do."""
    return _page(request, visit)


@member.post("")
def open_team(visit: Owning, fields: Posted) -> Response:
    """Make the code by which colleagues join."""
    _refuse_fields(fields)
    with visit.house.database.writing() as session:
        assessments.open_team(session, visit.assessment, _now())
    return RedirectResponse(visit.path("team"), 303)


@member.post("/code")
def renew_code(visit: Owning, fields: Posted) -> Response:
    """A new code; the old one lets nobody in any more. Those who are in stay."""
    _refuse_fields(fields)
    with visit.house.database.writing() as session:
        assessments.renew_team_code(session, visit.assessment, _now())
    return done(visit.path("team"), "team_code")


@member.post("/remove")
def remove(visit: Owning, fields: Posted) -> Response:
    """Take a colleague out of the team, with their answers."""
    place = fields.pop("place", "")
    _refuse_fields(fields)
    with visit.house.database.reading() as session:
        members = assessments.team(session, visit.assessment, _now()).members
    found = next((one for one in members if hashed(one.respondent) == place), None)
    if found is not None:  # else somebody was quicker
        if found.is_owner:
            raise HTTPException(422, "fields")
        with visit.house.database.writing() as session:
            assessments.remove_member(session, visit.assessment, found.respondent)
        visit.house.database.forget()
    return done(visit.path("team"), "taken_out", "#members")


@member.post("/leave")
def leave(request: Request, visit: Visiting, house: InHouse, fields: Posted) -> Response:
    """Leave the team, and take one's answers along. Whoever began it cannot: they erase it."""
    _refuse_fields(fields)
    if visit.is_owner:
        raise HTTPException(404)
    with house.database.writing() as session:
        assessments.remove_member(session, visit.assessment, visit.respondent)
    house.database.forget()
    response = page(request, visit.language, "participant/team/left.html", {"assessment": visit.assessment})
    forget(response, house, visit.assessment)
    return response


def _refuse_fields(fields: dict[str, str]) -> None:
    if fields:
        raise HTTPException(422, "fields")


def _page(request: Request, visit: Visit) -> Response:
    with visit.house.database.reading() as session:
        team = assessments.team(session, visit.assessment, _now())
    context = frame(visit) | {
        "team": team,
        "members": team.members,
        "finished": sum(one.finished_at is not None for one in team.members),
        "languages": languages_offered(visit.questionnaire.languages),
        "cohort": visit.cohort,
    }
    if not visit.is_owner:
        return page(request, visit.language, "participant/team/colleague.html", context)
    link = f"{own_address(request, visit.house)}/team/{team.code}" if team.code else None
    reachable = phones_can_reach(request, visit.house)
    # Files name people in the order of their ids: these would tell whose row is whose.
    context |= {"places": {one.respondent: hashed(one.respondent) for one in team.members}}
    context |= {"link": link, "qr": qr_code(link) if link and reachable else None}
    return page(request, visit.language, "participant/team/page.html", context)


def _join_page(
    request: Request,
    house: House,
    language: str,
    team: Sitting,
    given: dict[str, str] | None = None,
    problems: dict[str, Problem] | None = None,
) -> Response:
    questionnaire = house.catalogue.edition(team.questionnaire, team.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    with house.database.reading() as session:
        cohort = cohorts.cohort_of_assessment(session, team.id)
    if counts_elsewhere(request, house, cohort):
        return counted_elsewhere(request, language, team.organisation)
    context = {
        "team": team,
        "cohort": cohort,
        "path": f"/team/{team.team_code}",
        "questionnaire": questionnaire,
        "words": questionnaire.wording(language),
        "languages": languages_offered(questionnaire.languages),
        "given": given or {},
        "problems": problems or {},
        "once": new_token(),
    }
    return page(request, language, "participant/team/join.html", context, 422 if problems else 200)


def _join(request: Request, house: House, language: str, team: Sitting, fields: dict[str, str]) -> Response:
    try:
        form = ColleagueForm.model_validate(fields)
    except ValidationError as error:
        return _join_page(request, house, language, team, fields, problems_of(error))
    code, beside = team.team_code or "", assessments_held(request, house)
    try:
        with house.database.writing() as session:
            place = assessments.join_team(session, team.id, form.role, _now(), code, token=form.once, beside=beside)
    except (ClosedError, GoneError):
        return unknown_code(request, language, code)
    except CountedElsewhereError:
        return counted_elsewhere(request, language, team.organisation)
    except FullError:
        return page(request, language, "participant/team/full.html", {"team": team}, status=409)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, house, place.assessment, place.token)
    # The pages go on in the language in which this one was read, whichever the one who began it chose.
    response.set_cookie(LANGUAGE_COOKIE, language, COOKIE_AGE, secure=house.secure, httponly=True, samesite="lax")
    return response


router.include_router(member)
