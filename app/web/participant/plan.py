"""The action plan: next steps chosen or written, who does them, by when, and how one will see that they worked."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from app import exporting
from app.core.answers.document import MOST_ACTIONS, Action, ActionStatus
from app.core.answers.modules import accept_field
from app.core.answers.values import SaidText, Text, WorkshopDay
from app.core.questionnaire.model import Way
from app.core.report.model import Report
from app.core.report.next_steps import next_steps
from app.exporting import Plan, Planned
from app.reporting import report_for
from app.reporting.plans import printed_cards
from app.store import assessments
from app.store.assessments import ActionChangedError, FieldChangedError, FullError, GoneError, KeptAction
from app.store.idempotency import id_by
from app.store.secrets.tokens import new_token
from app.web.participant.result import own_answers_first
from app.web.shell.downloads import XLSX, attachment, pdf_file
from app.web.shell.forms import Problem, once_of, problems_of
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import Owning, Posted, Visit

router = APIRouter(prefix="/assessments/{assessment}")

State = Literal["saved", "changed", "kept", "wrong"]
"""`kept`: it was to be removed, but had been changed elsewhere."""
PlanProblem = Problem | Literal["full"]

NOTHING_GIVEN = {"text": "", "way": "", "owner": "", "date": "", "measure": "", "status": "planned"}


class ActionForm(BaseModel):
    """What may be said of an action."""

    model_config = ConfigDict(extra="forbid")

    text: SaidText
    way: Way
    owner: Text = ""
    date: Annotated[WorkshopDay | None, BeforeValidator(lambda text: text or None)] = None
    measure: Text = ""
    status: ActionStatus = "planned"

    def action(self, *, question: str | None = None, carried: bool = False) -> Action:
        """The action that this says."""
        return Action(
            text=self.text,
            way=self.way,
            question=question,
            owner=self.owner or None,
            date=self.date,
            measure=self.measure or None,
            status=self.status,
            carried=carried,
        )


@dataclass(frozen=True)
class Entry:
    """An action on the page: what is kept, what stands in its fields, what is wrong there, and what became of it.

    `confidential`: it is carried over from a confidential cohort, and no facilitator is shown it.
    """

    id: str
    revision: int
    action: Action
    given: Mapping[str, str]
    problems: Mapping[str, PlanProblem] = field(default_factory=dict)
    state: State | None = None
    confidential: bool = False

    @property
    def stored(self) -> str:
        """What is kept, as the page's script compares it with what it has sent."""
        return json.dumps(given(self.action), ensure_ascii=False)


@dataclass(frozen=True)
class StopDoing:
    """What is no longer done: what is kept, what stands in its field, and what became of it."""

    stored: str
    given: str
    state: State | None = None
    problem: Problem | None = None


@dataclass(frozen=True)
class _Kept:
    actions: tuple[KeptAction, ...]
    stop_doing: str
    report: Report


@router.get("/plan")
def show(request: Request, visit: Owning, each: bool = False) -> Response:
    """What is planned, and what could be; `each` opens the steps of all questions."""
    return _page(request, visit, each=each)


@router.post("/plan")
def add(request: Request, visit: Owning, fields: Posted) -> Response:
    """Take on an action in one's own words."""
    once = once_of(fields)
    try:
        form = ActionForm.model_validate(fields)
    except ValidationError as error:
        return _page(request, visit, new=fields, problems=problems_of(error), status=422)
    return _added(request, visit, form.action(), fields, once)


@router.post("/plan/recommended")
def take_on(request: Request, visit: Owning, fields: Posted) -> Response:
    """Take on a question's next step, or one of the actions that the questionnaire offers besides."""
    question, preset = fields.pop("question", ""), fields.pop("preset", "")
    if fields or bool(question) == bool(preset):
        raise HTTPException(422, "fields")
    if not visit.may_see_result:
        return own_answers_first(request, visit)
    if offered := _presets(visit).get(preset):
        return _added(request, visit, offered)
    step = next_steps(visit.questionnaire, _kept(visit).report).get(question)
    if step is None:
        raise HTTPException(422, "fields")
    return _added(request, visit, Action(text=step.text, way=step.way, question=question))


@router.post("/plan/stop-doing")
def save_stop_doing(request: Request, visit: Owning, fields: Posted) -> Response:
    """Keep what the organisation stops doing; an empty text clears it."""
    text, seen = fields.pop("stop_doing", ""), fields.pop("seen", "")
    if fields:
        raise HTTPException(422, "fields")
    try:
        value = str(accept_field("stop_doing", text)) if text.strip() else None
    except ValueError as error:
        problem: Problem = "too_long" if "at most" in str(error) else "not_shown"
        return _stop_page(request, visit, StopDoing(seen, text, "wrong", problem), 422)
    try:
        with visit.house.database.writing() as session:
            assessments.save_field(session, visit.assessment, "stop_doing", value, {_as_sent(seen) or None}, _now())
    except FieldChangedError as changed:
        return _stop_page(request, visit, StopDoing(str(changed.stored or ""), text, "changed"), 409)
    if is_htmx(request):
        return _stop_page(request, visit, StopDoing(value or "", value or "", "saved"))
    return done(visit.path("plan"), "saved", "#stop-doing")


@router.post("/plan/{action}")
def change(request: Request, visit: Owning, action: str, fields: Posted) -> Response:
    """Save what is said of an action, unless somebody else has said otherwise since it was seen."""
    seen = _seen(fields.pop("seen", ""))
    stored = next((one for one in _kept(visit).actions if one.id == action), None)
    try:
        form = ActionForm.model_validate(fields)
        if stored is None:
            return _lost(request, visit, action, fields)
        told = form.action(question=stored.action.question)
        with visit.house.database.writing() as session:
            kept = assessments.change_action(session, visit.assessment, action, told, seen, _now())
    except ValidationError as error:
        problems = problems_of(error)
        if stored is None:
            return _lost(request, visit, action, fields)
        entry = Entry(action, seen, stored.action, NOTHING_GIVEN | fields, problems, "wrong")
        return _entry_page(request, visit, entry, 422)
    except ActionChangedError as changed:
        entry = Entry(action, changed.stored.revision, changed.stored.action, NOTHING_GIVEN | fields, {}, "changed")
        return _entry_page(request, visit, entry, 409)
    except GoneError:
        return _lost(request, visit, action, fields)
    if is_htmx(request):
        return _entry_page(request, visit, Entry(action, kept.revision, kept.action, given(kept.action), {}, "saved"))
    return done(visit.path("plan"), "saved", f"#action-{action}")


@router.post("/plan/{action}/remove")
def remove(request: Request, visit: Owning, action: str, fields: Posted) -> Response:
    """Take an action out of the plan, unless it was changed since it was seen; one that is out already stays so."""
    seen = _seen(fields.pop("seen", ""))
    if fields:
        raise HTTPException(422, "fields")
    try:
        with visit.house.database.writing() as session:
            assessments.remove_action(session, visit.assessment, action, seen, _now())
    except ActionChangedError as changed:
        stored = changed.stored
        entry = Entry(action, stored.revision, stored.action, given(stored.action), {}, "kept")
        return _page(request, visit, entry=entry, status=409)
    return done(visit.path("plan"), "action_out")


@router.get("/plan.csv")
def plan_csv(visit: Owning) -> Response:
    """The plan as a table in plain text."""
    file = exporting.plan_csv(visit.language, _plan(visit))
    headers = attachment(f"{visit.sitting.organisation} plan", "csv")
    return Response(file, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/plan.xlsx")
def plan_xlsx(visit: Owning) -> Response:
    """The plan as a table to work on."""
    file = exporting.plan_xlsx(visit.language, _plan(visit), _now())
    return Response(file, media_type=XLSX, headers=attachment(f"{visit.sitting.organisation} plan", "xlsx"))


@router.get("/plan.ics")
def plan_ics(visit: Owning) -> Response:
    """The plan's days as a calendar; where no action has one there is none, and the plan is shown."""
    planned = _planned(_kept(visit))
    if not any(one.action.date for one in planned):
        return RedirectResponse(visit.path("plan"), 303)
    file = exporting.plan_ics(visit.sitting.organisation, visit.language, planned, _now())
    headers = attachment(f"{visit.sitting.organisation} plan", "ics")
    return Response(file, media_type="text/calendar; charset=utf-8", headers=headers)


@router.get("/plan-cards.pdf")
def plan_cards(request: Request, visit: Owning) -> Response:
    """What is still to be done as cards to cut apart; where nothing is, the plan is shown."""
    kept = _kept(visit)
    actions = [one.action for one in kept.actions if one.action.status in {"planned", "under_way"}]
    if not actions:
        return RedirectResponse(visit.path("plan"), 303)
    html = printed_cards(kept.report, actions)
    name = f"{visit.sitting.organisation} action cards"
    return pdf_file(request, visit.house, visit.language, html, name, visit.path("plan"))


def _presets(visit: Visit) -> dict[str, Action]:
    """The actions that the questionnaire offers besides its recommendations."""
    words = visit.questionnaire.wording(visit.language).presets
    return {one.id: Action(text=words[one.id], way=one.way) for one in visit.questionnaire.presets}


def given(action: Action) -> dict[str, str]:
    """An action as its form has it."""
    return {
        "text": action.text,
        "way": action.way,
        "owner": action.owner or "",
        "date": action.date.isoformat() if action.date else "",
        "measure": action.measure or "",
        "status": action.status,
    }


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _kept(visit: Visit) -> _Kept:
    with visit.house.database.reading() as session:
        actions = assessments.actions_of(session, visit.assessment)
        document = assessments.document(session, visit.assessment)
    report = report_for(visit.questionnaire, document, visit.language)
    return _Kept(actions, report.stop_doing or "", report)


def _plan(visit: Visit) -> Plan:
    kept = _kept(visit)
    questions = {question.id: question.text for question in kept.report.questions}
    return Plan(visit.sitting.organisation, _planned(kept), questions, kept.report.ways, kept.stop_doing)


def _planned(kept: _Kept) -> Sequence[Planned]:
    return [Planned(one.id, one.revision, one.action) for one in kept.actions]


def _added(
    request: Request,
    visit: Visit,
    action: Action,
    fields: Mapping[str, str] | None = None,
    once: str | None = None,
) -> Response:
    wanted = id_by(once, "action", visit.assessment, action.model_dump_json()) if once else None
    try:
        with visit.house.database.writing() as session:
            # What was recommended is taken on once, however often its button was pressed.
            id_ = assessments.add_action(
                session, visit.assessment, action, _now(), wanted_id=wanted, once=wanted is None
            )
    except FullError:
        return _page(request, visit, new=fields, problems={"": "full"}, status=422)
    return done(visit.path("plan"), "added", f"#action-{id_}")


def _lost(request: Request, visit: Visit, action: str, fields: Mapping[str, str]) -> Response:
    """The action was removed elsewhere: what was typed is shown, to be taken on anew."""
    if is_htmx(request):
        return partial(visit.language, "participant/plan/_removed.html", {"visit": visit, "id": action}, 409)
    return _page(request, visit, new=fields, problems={"": "choose"}, status=409)


def _entry_page(request: Request, visit: Visit, entry: Entry, status: int = 200) -> Response:
    if is_htmx(request):
        words = visit.questionnaire.wording(visit.language)
        context = {"visit": visit, "words": words, "entry": entry, "flag": _flag(_kept(visit).report)}
        return partial(visit.language, "participant/plan/_saved.html", context, status)
    return _page(request, visit, entry=entry, status=status)


def _stop_page(request: Request, visit: Visit, stop: StopDoing, status: int = 200) -> Response:
    if is_htmx(request):
        return partial(visit.language, "participant/plan/_stop_state.html", {"visit": visit, "stop": stop}, status)
    return _page(request, visit, stop=stop, status=status)


def _page(
    request: Request,
    visit: Visit,
    *,
    each: bool = False,
    entry: Entry | None = None,
    stop: StopDoing | None = None,
    new: Mapping[str, str] | None = None,
    problems: Mapping[str, PlanProblem] | None = None,
    status: int = 200,
) -> Response:
    if not visit.may_see_result:
        # The next steps tell the levels that colleagues gave.
        return own_answers_first(request, visit)
    kept = _kept(visit)
    entries = [
        replace(
            entry if entry and entry.id == one.id else Entry(one.id, one.revision, one.action, given(one.action)),
            confidential=one.confidential,
        )
        for one in kept.actions
    ]
    context = frame(visit) | {
        "entries": entries,
        "report": kept.report,
        "questions": {question.id: question for question in kept.report.questions},
        "flag": _flag(kept.report),
        "stop": stop or StopDoing(kept.stop_doing, kept.stop_doing),
        "steps": next_steps(visit.questionnaire, kept.report),
        "presets": _presets(visit),
        "taken": {one.action.text for one in kept.actions},
        "new": NOTHING_GIVEN | dict(new or {}),
        "problems": problems or {},
        "most": MOST_ACTIONS,
        "once": new_token(),
        "ways": get_args(Way),
        "statuses": get_args(ActionStatus),
        "each": each,
    }
    return page(request, visit.language, "participant/plan/page.html", context, status)


def _flag(report: Report) -> str | None:
    """What is said where every action is about money."""
    return next((flag.sentence for flag in report.flags if flag.id == "discounts_only"), None)


def _as_sent(text: str) -> str:
    """What a hidden field held before a browser made its line breaks CR LF."""
    return text.replace("\r\n", "\n")


def _seen(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return int(text)
    raise HTTPException(422, "fields")
