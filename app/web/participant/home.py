"""The way in: the landing page, starting an assessment, and coming back by a private link."""

import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.values import Name, Role, same_name
from app.core.questionnaire.map_layout import map_layout
from app.core.questionnaire.model import BusinessStage, FormName, Questionnaire
from app.store import assessments, cohorts
from app.store.assessments import Beginning, Sitting
from app.store.idempotency import token_by
from app.store.secrets.tokens import new_token
from app.web.shell.choosing import which_one
from app.web.shell.cookies import PostedWithCookie, after_link
from app.web.shell.forms import Once, Problem, not_offered, problems_of
from app.web.shell.guard import HEALTH
from app.web.shell.render import page
from app.web.shell.visits import (
    COOKIE_AGE,
    LANGUAGE_COOKIE,
    HeldPlace,
    House,
    InHouse,
    VisitorLanguage,
    is_on_this_site,
    places_held,
    remember,
)
from app.wording import languages_offered

router = APIRouter()


class StartForm(BaseModel):
    """What a new assessment is bound to."""

    model_config = ConfigDict(extra="forbid")

    questionnaire: str
    organisation: Name
    business_stage: BusinessStage
    role: Role
    form: FormName
    language: str
    once: Once | None = None


@router.get(HEALTH)
def healthz() -> dict[str, str]:
    """The server is up."""
    return {"status": "ok"}


@router.get("/")
def home(request: Request, house: InHouse, language: VisitorLanguage) -> Response:
    """What this is, and the assessments that this browser can go on with."""
    newest = house.catalogue.newest()
    places = places_held(request, house)
    context = {
        "questionnaire": newest[0],
        "questionnaires": [(one, one.wording(language)) for one in newest],
        "words": newest[0].wording(language),
        "example": map_layout(newest[0], "full"),
        "held": _by_organisation(places),
        "form_names": {place.sitting.id: _form_name(house, place.sitting, language) for place in places},
        "languages": house.languages,
    }
    return page(request, language, "participant/home/home.html", context)


@router.get("/start")
def start(
    request: Request, house: InHouse, language: VisitorLanguage, form: str = "full", questionnaire: str = ""
) -> Response:
    """The form that begins an assessment; where there are several questionnaires, which one is chosen first.

    An address that names no form there is leads to the full one.
    """
    given = {"form": form, "language": language, "role": "leadership", "questionnaire": questionnaire}
    return _start_page(request, house, language, given, {})


@router.post("/assessments")
def begin(request: Request, house: InHouse, language: VisitorLanguage, fields: PostedWithCookie) -> Response:
    """Begin an assessment; this browser holds its private link from now on."""
    try:
        form = StartForm.model_validate(fields)
    except ValidationError as error:
        return _start_page(request, house, language, fields, problems_of(error))
    questionnaire = _newest(house, form.questionnaire)
    if questionnaire is None:
        return _start_page(request, house, language, fields, {"questionnaire": "choose"})
    problems = not_offered(questionnaire, form.form, form.language)
    if problems:
        return _start_page(request, house, language, fields, problems)
    beginning = Beginning(
        questionnaire=questionnaire.id,
        edition=questionnaire.edition,
        form=form.form,
        organisation=form.organisation,
        language=form.language,
        business_stage=form.business_stage,
        role=form.role,
    )
    token = token_by(form.once or new_token(), "assessment", beginning.model_dump_json())
    with house.database.writing() as session:
        place = assessments.start_once(session, beginning, datetime.datetime.now(datetime.UTC), token)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, house, place.assessment, place.token)
    return response


@router.get("/r/{token}")
def resume(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """Trade a private link for this browser's cookie, and go on at an address that gives nothing away."""
    with house.database.reading() as session:
        place = assessments.place_of(session, token)
        merged = place is None and cohorts.was_merged(session, token)
    response: Response
    if place is None:
        response = page(
            request, language, "shell/link_merged.html" if merged else "shell/link_unknown.html", status=404
        )
    else:
        response = RedirectResponse(after_link(f"/assessments/{place.assessment}", request, house), 303)
        remember(response, house, place.assessment, token)
    # This address is the secret itself: not even our own pages are to read it in a Referer.
    response.headers["referrer-policy"] = "no-referrer"
    return response


@router.get("/privacy")
def privacy(request: Request, house: InHouse, language: VisitorLanguage) -> Response:
    """What is stored, who can read it, and how it goes away."""
    of_customers = any(questionnaire.speaks_of_customers for questionnaire in house.catalogue.newest())
    return page(request, language, "shell/privacy.html", {"languages": house.languages, "of_customers": of_customers})


@router.post("/language")
def choose_language(house: InHouse, fields: PostedWithCookie) -> Response:
    """Show every page in another language from now on."""
    back = fields.pop("next", "/")
    chosen = fields.pop("language", "")
    if fields or chosen not in house.languages:
        raise HTTPException(422, "fields")
    response = RedirectResponse(back if is_on_this_site(back) else "/", 303)
    response.set_cookie(LANGUAGE_COOKIE, chosen, COOKIE_AGE, secure=house.secure, httponly=True, samesite="lax")
    return response


def _form_name(house: House, sitting: Sitting, language: str) -> str:
    questionnaire = house.catalogue.edition(sitting.questionnaire, sitting.edition)
    return questionnaire.wording(language).forms[sitting.form].name if questionnaire else sitting.form


def _by_organisation(places: list[HeldPlace]) -> list[list[HeldPlace]]:
    """One organisation's sittings together: those that follow each other, and those of one name, as it is written."""
    groups: list[list[HeldPlace]] = []
    for place in places:
        of_one = [group for group in groups if any(_are_of_one(place.sitting, other.sitting) for other in group)]
        joined = [*(other for group in of_one for other in group), place]
        if of_one:
            groups[groups.index(of_one[0])] = joined
        else:
            groups.append(joined)
        for group in of_one[1:]:
            groups.remove(group)
    return groups


def _are_of_one(one: Sitting, other: Sitting) -> bool:
    return (
        one.previous_id == other.id
        or other.previous_id == one.id
        or same_name(one.organisation) == same_name(other.organisation)
    )


def _start_page(
    request: Request, house: House, language: str, given: dict[str, str], problems: dict[str, Problem]
) -> Response:
    newest = house.catalogue.newest()
    chosen = _newest(house, given.get("questionnaire", ""))
    if chosen is None and len(newest) > 1:
        return which_one(request, language, newest, "/start", wrong="questionnaire" in problems)
    chosen = chosen or newest[0]
    if not problems and given.get("form") not in chosen.forms:
        given = given | {"form": "full"}
    context = {
        "questionnaire": chosen,
        "several": len(newest) > 1,
        "words": chosen.wording(language),
        "offered": languages_offered(chosen.languages),
        "given": given,
        "problems": problems,
        "once": given.get("once") or new_token(),
    }
    return page(request, language, "participant/home/start.html", context, status=422 if problems else 200)


def _newest(house: House, id_: str) -> Questionnaire | None:
    return next((questionnaire for questionnaire in house.catalogue.newest() if questionnaire.id == id_), None)
