"""Calls about cohorts: listed, made, closed; how far they are, and who is in them."""

import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, Request, Response
from sqlmodel import Session

from app import exporting
from app.core.answers.document import read_document
from app.core.answers.importing import refuse_to_take_in
from app.core.cohort.release import Standing
from app.exporting import CohortData
from app.reporting import close_cohort
from app.reporting.exports import data_of
from app.store import assessments, cohorts
from app.store.cohorts import CohortInHand, ConfidentialError
from app.store.idempotency import KeyUsedError, id_by, token_by, use
from app.web.api import shapes
from app.web.api.door import Caller, JsonSent, KeySent, OpenToRead, ToRead, ToRun, nothing_sent
from app.web.api.refusals import (
    NO_SUCH_COHORT,
    NOT_CONFIDENTIAL,
    NOT_NOW,
    PREFIX,
    TO_READ_ONLY,
    JsonRoute,
    RefusedCallError,
)
from app.web.api.releasing import refuse_unreleased
from app.web.shell.cohort_plan import PlanForm, edition_of, plan_of, releases_of
from app.web.shell.facilitators import CohortVisit
from app.web.shell.visits import InHouse, own_address

router = APIRouter(prefix="/cohorts", tags=["Cohorts"], route_class=JsonRoute)
of_cohort = APIRouter(prefix="/{cohort}", route_class=JsonRoute, responses=NO_SUCH_COHORT)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("")
def list_cohorts(
    request: Request,
    house: InHouse,
    caller: Caller,
    archived: Annotated[bool, Query(description="Those that were put away, instead of the others.")] = False,
) -> shapes.Cohorts:
    """Every cohort that is the account's own or shared with it."""
    with house.database.reading() as session:
        held = cohorts.cohorts_of(session, caller.id, archived=archived)
    origin = own_address(request, house)
    return shapes.Cohorts(cohorts=[shapes.Cohort.of(one, origin) for one in held])


@router.post(
    "",
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewCohort"}}},
        }
    },
)
def make_cohort(
    request: Request, response: Response, house: InHouse, caller: Caller, sent: JsonSent, key: KeySent
) -> shapes.Cohort:
    """Make a cohort; people can join at once."""
    form = PlanForm(**shapes.NewCohort.model_validate_json(sent).model_dump())
    try:
        plan = plan_of(house, form)
    except HTTPException:
        raise RefusedCallError(422, "invalid", "No such questionnaire, or not with that form and language.") from None
    with house.database.writing() as session:
        if key:
            _refuse_otherwise_used(session, key, "cohort", sent)
        made = cohorts.create(session, caller.id, plan, _now(), id_=id_by(key, "cohort", sent) if key else None)
    response.headers["location"] = f"{PREFIX}/cohorts/{made.id}"
    return shapes.Cohort.of(CohortInHand(made, "own"), own_address(request, house))


@of_cohort.get("")
def show_cohort(request: Request, hand: ToRead) -> shapes.Cohort:
    """One cohort, with its join code."""
    return _told(request, hand)


@of_cohort.post("/close", dependencies=[Depends(nothing_sent)], responses=TO_READ_ONLY)
def close(request: Request, hand: ToRun) -> shapes.Cohort:
    """Close the cohort: nobody joins or edits any more. A confidential one gives its single release, for good.

    That is worked out in the background: until then `summary` answers 409, `being_worked_out`.
    """
    questionnaire = edition_of(hand)
    with hand.house.database.writing() as session:
        close_cohort(session, questionnaire, hand.cohort.id, _now())
    releases_of(request).hurry()
    return _told_anew(request, hand)


@of_cohort.post("/reopen", dependencies=[Depends(nothing_sent)], responses=TO_READ_ONLY | NOT_NOW)
def reopen(request: Request, hand: ToRun) -> shapes.Cohort:
    """Open a closed cohort again; a confidential one stays closed."""
    with hand.house.database.writing() as session:
        cohorts.reopen(session, hand.cohort.id)
    return _told_anew(request, hand)


@of_cohort.get("/progress")
def show_progress(hand: ToRead) -> shapes.Progress:
    """How far the cohort is; of a confidential one too, at any time."""
    with hand.house.database.reading() as session:
        return shapes.Progress.of(cohorts.progress(session, hand.cohort.id))


@of_cohort.get("/assessments", responses=NOT_CONFIDENTIAL)
def list_assessments(hand: OpenToRead) -> shapes.Assessments:
    """The organisations of an open cohort, those that withdrew among them."""
    with hand.house.database.reading() as session:
        members = cohorts.members(session, hand.cohort.id)
    return shapes.Assessments(assessments=[shapes.Assessment.of(member) for member in members])


@of_cohort.post(
    "/assessments",
    status_code=201,
    responses=NOT_CONFIDENTIAL | NOT_NOW,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnswerDocument"}}},
        }
    },
)
def import_assessment(
    request: Request, response: Response, hand: ToRun, sent: JsonSent, key: KeySent
) -> shapes.Imported:
    """Import one answer document into an open cohort, all of it or nothing; with an answer it is finished."""
    if hand.cohort.is_confidential:
        raise ConfidentialError
    document, _ = read_document(sent, hand.house.catalogue.edition)
    refuse_to_take_in(document, _now())
    with hand.house.database.writing() as session:
        if key:
            _refuse_otherwise_used(session, key, hand.cohort.id, sent)
        token = token_by(key, hand.cohort.id, sent) if key else None
        place = cohorts.join_with(session, hand.cohort.id, document, _now(), token)
        if document.date is None and document.is_answered:
            assessments.finish(session, place.assessment, _now())
        member = cohorts.member(session, hand.cohort.id, place.assessment)
    if member is None:
        raise HTTPException(404)
    response.headers["location"] = f"{PREFIX}/assessments/{place.assessment}"
    link = f"{own_address(request, hand.house)}/r/{place.token}"
    return shapes.Imported(assessment=shapes.Assessment.of(member), private_link=link)


@of_cohort.get(
    "/export.json",
    response_class=Response,
    responses=NOT_NOW
    | {
        200: {
            "description": "A cohort file, as `cxm compare` reads it; of a confidential cohort its release.",
            "content": {
                "application/json": {
                    "schema": {
                        "anyOf": [
                            {"type": "array", "items": {"$ref": "#/components/schemas/AnswerDocument"}},
                            {"$ref": "#/components/schemas/ReleasedFile"},
                        ]
                    }
                }
            },
        }
    },
)
def export(hand: ToRead) -> Response:
    """Everything that counts in the cohort: the answer documents of its finished organisations."""
    with hand.house.database.reading() as session:
        data = data_of(session, edition_of(hand), hand.cohort)
    if isinstance(data, Standing):
        refuse_unreleased(data)
    told = exporting.as_json(data) if isinstance(data, CohortData) else exporting.released_json(data)
    return Response(told, media_type="application/json")


def _refuse_otherwise_used(session: Session, key: str, *sent: str) -> None:
    """Notes that the call's key is used, for this. Raises RefusedCallError 422 where it was used for something else."""
    try:
        use(session, key, _now(), *sent)
    except KeyUsedError:
        raise RefusedCallError(
            422, "key_used", "This Idempotency-Key was sent with another call. Nothing was changed."
        ) from None


def _told(request: Request, hand: CohortVisit) -> shapes.Cohort:
    return shapes.Cohort.of(CohortInHand(hand.cohort, hand.right), own_address(request, hand.house))


def _told_anew(request: Request, hand: CohortVisit) -> shapes.Cohort:
    with hand.house.database.reading() as session:
        cohort = cohorts.cohort(session, hand.cohort.id)
    if cohort is None:
        raise HTTPException(404)
    return shapes.Cohort.of(CohortInHand(cohort, hand.right), own_address(request, hand.house))


router.include_router(of_cohort)
