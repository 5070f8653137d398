"""Keeping an assessment: its private link, its facts, leaving a shared device, erasing."""

import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.values import Name, same_name
from app.core.questionnaire.model import BusinessStage
from app.store import assessments, cohorts
from app.store.assessments import Details
from app.store.idempotency import KeyUsedError
from app.store.secrets.tokens import new_token
from app.web.shell.forms import once_of, problems_of
from app.web.shell.frame import frame, private_link
from app.web.shell.render import page
from app.web.shell.saying import done
from app.web.shell.visits import InHouse, Owning, Posted, Visit, Visiting, forget, remember, visit_of
from app.wording import languages_offered, translations

router = APIRouter(prefix="/assessments/{assessment}")


class FactsForm(BaseModel):
    """What may be said anew about the organisation."""

    model_config = ConfigDict(extra="forbid")

    organisation: Name
    business_stage: BusinessStage


@router.get("/facts")
def show_facts(request: Request, visit: Owning) -> Response:
    """The organisation's name and stage, to be corrected."""
    given = {"organisation": visit.sitting.organisation, "business_stage": visit.sitting.business_stage}
    return page(request, visit.language, "participant/keep/facts.html", frame(visit) | {"given": given, "problems": {}})


@router.post("/facts")
def save_facts(request: Request, visit: Owning, fields: Posted) -> Response:
    """Correct the organisation's name and stage; the answers stay."""
    try:
        form = FactsForm.model_validate(fields)
    except ValidationError as error:
        context = frame(visit) | {"given": fields, "problems": problems_of(error)}
        return page(request, visit.language, "participant/keep/facts.html", context, status=422)
    details = Details(organisation=form.organisation, business_stage=form.business_stage)
    with visit.house.database.writing() as session:
        assessments.change_details(session, visit.respondent, details, datetime.datetime.now(datetime.UTC))
    return done(visit.path("link"), "facts")


@router.get("/link")
def show_link(request: Request, visit: Visiting) -> Response:
    """The private link: as text, as a QR code, as a file."""
    return _link_page(request, visit)


@router.get("/link.txt")
def link_file(request: Request, visit: Visiting) -> Response:
    """The private link as a file to keep."""
    text = f"{visit.sitting.organisation}\n{private_link(request, visit)['link']}\n"
    return PlainTextResponse(text, headers={"content-disposition": 'attachment; filename="cx-maturity-link.txt"'})


def visit_if_any(request: Request, house: InHouse, assessment: str) -> Visit | HTTPException:
    """As `visit_of`, with its refusal as a value: the browser may hold a link that has been replaced already."""
    try:
        return visit_of(request, house, assessment)
    except HTTPException as refusal:
        return refusal


@router.post("/link")
def rotate_link(
    house: InHouse, assessment: str, visit: Annotated[Visit | HTTPException, Depends(visit_if_any)], fields: Posted
) -> Response:
    """A new private link; whoever has the old one is locked out at once.

    It comes with the form: where the answer was lost that would have brought it, the same form leads to it all the
    same, though the browser's own link is dead.
    """
    once = once_of(fields)
    response = done(f"/assessments/{assessment}/link", "link_replaced")
    if isinstance(visit, HTTPException):
        with house.database.reading() as session:
            place = assessments.place_of(session, once) if once else None
        if once is None or place is None or place.assessment != assessment:
            raise visit
        remember(response, house, assessment, once)
        return response
    if fields:
        raise HTTPException(422, "fields")
    try:
        with house.database.writing() as session:
            now = datetime.datetime.now(datetime.UTC)
            token = assessments.rotate_once(session, visit.respondent, once or new_token(), now)
    except KeyUsedError:
        return response  # it was replaced since, and does not come back
    remember(response, house, assessment, token)
    return response


@router.post("/forget")
def forget_here(visit: Visiting, house: InHouse, fields: Posted) -> Response:
    """Leave nothing of this assessment on a shared device."""
    if fields:
        raise HTTPException(422, "fields")
    response = done("/", "forgotten")
    forget(response, house, visit.assessment)
    return response


@router.post("/erase")
def erase(request: Request, visit: Owning, house: InHouse, fields: Posted) -> Response:
    """Erase the assessment for good, once the person has typed the word for it."""
    typed = fields.pop("word", "")
    if fields:
        raise HTTPException(422, "fields")
    if same_name(typed) != same_name(translations(visit.language).gettext("erase")):
        return _link_page(request, visit, not_erased=True, typed=typed)
    with house.database.writing() as session:
        assessments.erase(session, visit.assessment)
    house.database.forget()
    response = page(request, visit.language, "participant/keep/erased.html", {"assessment": visit.assessment})
    forget(response, house, visit.assessment)
    return response


def _link_page(request: Request, visit: Visit, *, not_erased: bool = False, typed: str = "") -> Response:
    languages = languages_offered(visit.questionnaire.languages)
    context = frame(visit) | private_link(request, visit) | {"languages": languages, "not_erased": not_erased}
    context |= {"typed": typed, "once": new_token()}
    context |= {"left": _withdrawn_from(visit)}
    return page(request, visit.language, "participant/keep/link.html", context, status=422 if not_erased else 200)


def _withdrawn_from(visit: Visit) -> str | None:
    """The name of the cohort that the assessment has left; None where it never was in one, or still is."""
    if visit.sitting.cohort_id is None or visit.sitting.withdrawn_at is None:
        return None
    with visit.house.database.reading() as session:
        cohort = cohorts.cohort(session, visit.sitting.cohort_id)
    return cohort.name if cohort else None
