"""Calls about single organisations of open cohorts."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from starlette.responses import JSONResponse

from app.core.answers.document import AnswerDocument, as_document
from app.core.scoring import scorecard
from app.reporting import printed, report_for
from app.store import assessments
from app.web.api import shapes
from app.web.api.door import MemberVisit, OfMember
from app.web.api.refusals import JsonRoute, RefusedCallError
from app.web.shell.downloads import attachment
from app.wording import languages_offered

router = APIRouter(
    prefix="/assessments/{assessment}",
    tags=["Assessments"],
    route_class=JsonRoute,
    responses={
        404: {"model": shapes.Refused, "description": "No such assessment in an open cohort given to you."},
        409: {"model": shapes.Refused, "description": "It has not finished: nobody else reads a draft."},
    },
)


@router.get(
    "",
    response_class=JSONResponse,
    responses={
        200: {
            "description": "The answer document.",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AnswerDocument"}}},
        }
    },
)
def show_document(visit: OfMember) -> Response:
    """What the organisation answered, as the answer document that `cxm` and the import take.

    Once it has finished; without its earlier sittings, the sum that it says is at stake, what it made of the report and
    who gets it, and the recommended steps that it carried over from a confidential cohort.
    """
    return JSONResponse(as_document(_document(visit)))


@router.get("/scorecard", response_model=shapes.Scorecard, response_model_exclude_unset=True)
def show_scorecard(visit: OfMember) -> dict[str, object]:
    """What follows from the answers, the same as `cxm score` says of them."""
    return scorecard.as_json(scorecard.score(visit.questionnaire, _document(visit)))


@router.get(
    "/report.pdf",
    response_class=Response,
    responses={
        200: {
            "description": "The report.",
            "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def print_report(
    visit: OfMember,
    lang: Annotated[
        str | None, Query(description="A language of the questionnaire; the assessment's own where left out.")
    ] = None,
) -> Response:
    """The organisation's report, with as much in it as the answer document here."""
    document = _document(visit)
    offered = languages_offered(visit.questionnaire.languages)
    if lang is not None and lang not in offered:
        raise RefusedCallError(422, "invalid", f"lang: one of {', '.join(offered)}.")
    report = report_for(visit.questionnaire, document, lang or document.language)
    pdf = visit.hand.house.printer.pdf(printed(report))
    return Response(pdf, media_type="application/pdf", headers=attachment(document.organisation, "pdf"))


def _document(visit: MemberVisit) -> AnswerDocument:
    """Raises RefusedCallError 409 before the organisation has finished."""
    if visit.member.finished_at is None:
        raise RefusedCallError(409, "not_finished", "This organisation has not finished.")
    with visit.hand.house.database.reading() as session:
        return assessments.document(session, visit.member.assessment, "facilitator")
