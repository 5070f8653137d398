"""Typing in what organisations of an open cohort answered on paper: one screen a sheet."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Answer, Name, Respondent, Role, same_name
from app.core.questionnaire import flow
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, BusinessStage, Questionnaire
from app.store import assessments, cohorts
from app.store.idempotency import KeyUsedError, token_by
from app.store.secrets.tokens import new_token
from app.web.shell.cohort_plan import edition_of
from app.web.shell.facilitators import CohortVisit, ToRun
from app.web.shell.forms import Problem, once_of, problems_of
from app.web.shell.frame import qr_code
from app.web.shell.render import page
from app.web.shell.visits import Posted, VisitorLanguage, own_address

router = APIRouter(prefix="/cohorts/{cohort}")

LEVELS = {str(level): level for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)}
ANSWERS: dict[str, Answer] = {**LEVELS, DONT_KNOW: DONT_KNOW, NOT_APPLICABLE: NOT_APPLICABLE}
MOST, LEAST = str(HIGHEST_LEVEL), str(LOWEST_LEVEL)
Value = TypeVar("Value")

THREE = 3
"""How many dimensions may be called most noticed, and how many least."""


class SheetForm(BaseModel):
    """Who filled in the sheet."""

    model_config = ConfigDict(extra="forbid")

    organisation: Name
    business_stage: BusinessStage
    role: Role


@dataclass(frozen=True)
class Typed:
    """What was typed of a sheet, apart from who filled it in."""

    answers: dict[str, Answer] = field(default_factory=dict)
    targets: dict[str, int] = field(default_factory=dict)
    importance: dict[str, int] = field(default_factory=dict)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("/paper")
def show_sheet(request: Request, hand: ToRun, language: VisitorLanguage) -> Response:
    """An empty sheet."""
    return refusal(request, hand, language, "paper") or _sheet_page(request, hand, language, {}, {})


@router.post("/paper")
def keep_sheet(request: Request, hand: ToRun, language: VisitorLanguage, fields: Posted) -> Response:
    """Keep a sheet as a finished assessment, and show its private link, this once."""
    refused = refusal(request, hand, language, "paper")
    if refused:
        return refused
    questionnaire, given = edition_of(hand), dict(fields)
    again, once = fields.pop("again", "") == "yes", once_of(fields)
    typed = _typed(hand, questionnaire, fields)
    problems: dict[str, Problem] = {}
    form = None
    try:
        form = SheetForm.model_validate(fields)
    except ValidationError as error:
        problems = problems_of(error)
    slips = _slips(typed)
    document = _document(hand, questionnaire, form, typed) if form else None
    token = token_by(once, "paper", hand.cohort.id, document.model_dump_json()) if once and document else None
    if form and not again and not _is_kept(hand, token) and _is_there(hand, form.organisation):
        slips.append("twice")
    if form is None or document is None or slips:
        return _sheet_page(request, hand, language, given, problems, slips)
    try:
        link = f"{own_address(request, hand.house)}/r/{_keep(hand, document, token)}"
    except KeyUsedError:
        # It has left since, or has another link: a page that is sent again does not bring it back.
        return RedirectResponse(hand.path(), 303)
    context = {"hand": hand, "organisation": form.organisation, "link": link, "qr": qr_code(link)}
    answered = {"answered": len(typed.answers), "questions": len(questionnaire.in_form(hand.cohort.form))}
    return page(request, language, "facilitator/paper_answers/paper_kept.html", context | answered)


def refusal(request: Request, hand: CohortVisit, language: str, what: str) -> Response | None:
    """The page that says why nothing is added here: the cohort is confidential (404), or closed (409)."""
    why = "confidential" if hand.cohort.is_confidential else "closed"
    if not hand.cohort.is_confidential and hand.cohort.lets_in:
        return None
    context = {"hand": hand, "why": f"{why}_{what}"}
    return page(
        request, language, "facilitator/exports/nothing.html", context, status=404 if why == "confidential" else 409
    )


def _typed(hand: CohortVisit, questionnaire: Questionnaire, fields: dict[str, str]) -> Typed:
    """Takes the sheet's own fields out. Raises HTTPException 422 for what the page never sends."""

    def taken(kind: str, ids: list[str], values: Mapping[str, Value]) -> dict[str, Value]:
        said = {id_: fields.pop(f"{kind}:{id_}", "") for id_ in ids}
        if not set(said.values()) <= {"", *values}:
            raise HTTPException(422, "fields")
        return {id_: values[value] for id_, value in said.items() if value}

    questions = [question.id for question in questionnaire.in_form(hand.cohort.form)]
    dimensions = list(questionnaire.dimensions)
    return Typed(
        taken("answer", questions, ANSWERS),
        taken("target", dimensions, LEVELS),
        taken("importance", dimensions, LEVELS),
    )


def _slips(typed: Typed) -> list[str]:
    slips = [] if typed.answers else ["empty"]
    marked = list(typed.importance.values())
    if any(marked.count(extreme) > THREE for extreme in (HIGHEST_LEVEL, LOWEST_LEVEL)):
        slips.append("too_many")
    return slips


def _is_there(hand: CohortVisit, organisation: str) -> bool:
    """Whether an organisation of that name is in the cohort: perhaps the same sheet once more."""
    with hand.house.database.reading() as session:
        there = cohorts.members(session, hand.cohort.id)
    return any(same_name(one.organisation) == same_name(organisation) and not one.withdrawn_at for one in there)


def _is_kept(hand: CohortVisit, token: str | None) -> bool:
    """Whether this very sheet was kept: its page was sent twice."""
    with hand.house.database.reading() as session:
        return token is not None and cohorts.place_by(session, hand.cohort.id, token) is not None


def _document(hand: CohortVisit, questionnaire: Questionnaire, form: SheetForm, typed: Typed) -> AnswerDocument:
    return AnswerDocument(
        questionnaire=questionnaire.id,
        edition=questionnaire.edition,
        form=hand.cohort.form,
        organisation=form.organisation,
        language=hand.cohort.language,
        business_stage=form.business_stage,
        respondents=(Respondent(role=form.role, answers=typed.answers),),
        targets=typed.targets,
        importance=typed.importance,
        default_target=hand.cohort.default_target,
    )


def _keep(hand: CohortVisit, document: AnswerDocument, token: str | None) -> str:
    """The token of the new assessment's private link. Raises KeyUsedError."""
    with hand.house.database.writing() as session:
        place = cohorts.join_with(session, hand.cohort.id, document, _now(), token)
        assessments.finish(session, place.assessment, _now())
    return place.token


def _sheet_page(
    request: Request,
    hand: CohortVisit,
    language: str,
    given: dict[str, str],
    problems: dict[str, Problem],
    slips: list[str] | None = None,
) -> Response:
    questionnaire = edition_of(hand)
    context = {
        "hand": hand,
        "questionnaire": questionnaire,
        "words": questionnaire.wording(language),
        "parts": flow.parts(questionnaire, hand.cohort.form),
        "signs": {**{level: level for level in LEVELS}, DONT_KNOW: "?", NOT_APPLICABLE: "–"},
        "most": MOST,
        "least": LEAST,
        "levels": list(LEVELS),
        "given": given,
        "problems": problems,
        "slips": slips or [],
        "once": new_token(),
    }
    return page(
        request, language, "facilitator/paper_answers/paper.html", context, status=422 if problems or slips else 200
    )
