"""The journey sheet: touchpoints added, ordered, described and removed; the map of them, on a page and on paper."""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.core.answers.modules import MOST_TOUCHPOINTS, JourneyStage, Touchpoint
from app.core.journey.layout import STAGES
from app.reporting.journeys import PaperSize, printed_journey
from app.store import assessments
from app.store.assessments import FullError, GoneError, KeptTouchpoint, TouchpointChangedError
from app.store.idempotency import id_by
from app.store.secrets.tokens import new_token
from app.time_zone import day_of
from app.web.shell.downloads import pdf_file
from app.web.shell.forms import Problem, once_of, problems_of
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import Owning, Posted, Visit


def offered(visit: Owning) -> None:
    """Where the questionnaire has no journey there is no page of it: 404."""
    if "journey" not in visit.questionnaire.modules:
        raise HTTPException(404)


router = APIRouter(prefix="/assessments/{assessment}/journey", dependencies=[Depends(offered)])
papers = APIRouter(prefix="/assessments/{assessment}", dependencies=[Depends(offered)])

SAYS = ("name", "channel", "feeling", "point", "moment_of_truth", "ours", "wants", "thinks", "environment")
"""What a form says of a touchpoint besides its stage."""
TYPED = frozenset({"name", "wants", "thinks", "environment"})
WORKSHOP = 8
"""As many touchpoints as a workshop has time for."""
LARGEST = 2**31 - 1

Given = Mapping[str, str]
Said = Literal["added", "moved", "saved", "removed"]


@dataclass(frozen=True)
class Open:
    """The touchpoint whose form is open: what stands in it, what is wrong there, what somebody else saved meanwhile."""

    id: str
    given: Given
    revision: int
    problems: Mapping[str, Problem] = field(default_factory=dict)
    theirs: KeptTouchpoint | None = None

    @property
    def stored(self) -> str:
        """What somebody else saved, as the page's script compares it with what it has sent."""
        return json.dumps(_given(self.theirs.touchpoint), ensure_ascii=False) if self.theirs else ""


@dataclass(frozen=True)
class Turn:
    """What became of what was sent, for the page to show, to say, and to put the focus at.

    `lost`: what was said of a touchpoint that is not there any more, and at which place it stood.
    """

    said: Said | None = None
    touchpoint: str = ""
    focus: str = ""
    lost: Given | None = None
    lost_elsewhere: bool = False
    added_to: JourneyStage | None = None
    add_problem: Problem | Literal["full"] | None = None
    add_given: str = ""


@router.get("")
def show(request: Request, visit: Owning, open: str = "") -> Response:
    """The editor; `open` is the touchpoint whose form is open."""
    kept = _kept(visit)
    opened = next((one for one in kept if one.id == open), None)
    shown = Open(opened.id, _given(opened.touchpoint), opened.revision) if opened else None
    return _page(request, visit, kept, shown, Turn())


@router.post("")
def add(request: Request, visit: Owning, fields: Posted) -> Response:
    """Add a touchpoint at the end of its stage; or, with a `position`, where it stood before it was removed."""
    once, place = once_of(fields), fields.pop("position", "")
    stage, source = _stage(fields.get("stage", "")), fields.pop("from", "")
    try:
        touchpoint = _touchpoint(fields)
    except ValidationError as error:
        problem = problems_of(error).get("name", "choose")
        turn = Turn(added_to=stage, add_problem=problem, add_given=fields.get("name", ""), focus=f"add-name-{stage}")
        return _page(request, visit, _kept(visit), None, turn, status=422)
    wanted = id_by(once, "touchpoint", visit.assessment, touchpoint.model_dump_json()) if once else None
    try:
        with visit.house.database.writing() as session:
            id_ = assessments.add_touchpoint(session, visit.assessment, touchpoint, _now(), wanted_id=wanted)
            if place:
                assessments.move_touchpoint(session, visit.assessment, id_, stage, _number(place), _now())
    except FullError:
        turn = Turn(added_to=stage, add_problem="full", add_given=touchpoint.name, focus=f"add-name-{stage}")
        return _page(request, visit, _kept(visit), None, turn, status=422)
    if place:
        return _done(request, visit, Turn("added", id_, focus=f"open-{id_}"))
    focus = source if source.startswith("preset-") and source.isascii() else f"add-name-{stage}"
    return _done(request, visit, Turn("added", id_, focus=focus, added_to=stage))


@router.get("/{touchpoint}")
def find(visit: Owning, touchpoint: str) -> Response:
    """Where a touchpoint's form stands."""
    if all(one.id != touchpoint for one in _kept(visit)):
        raise HTTPException(404)
    return RedirectResponse(f"{visit.path('journey')}?open={touchpoint}#tp-{touchpoint}", 303)


@router.post("/{touchpoint}")
def change(request: Request, visit: Owning, touchpoint: str, fields: Posted) -> Response:
    """Say anew what a touchpoint is. `quiet`: the page keeps its form, and only wants to know what became of it."""
    seen, quiet = _number(fields.pop("seen", "0")), fields.pop("quiet", "") == "yes"
    given = {name: fields.get(name, "") for name in ("stage", *SAYS)}
    try:
        told = _touchpoint(fields)
    except ValidationError as error:
        problems = problems_of(error)
        if not problems.keys() <= TYPED:
            raise HTTPException(422, "fields") from None
        return _unsaved(request, visit, Open(touchpoint, given, seen, problems), 422, quiet=quiet)
    try:
        with visit.house.database.writing() as session:
            kept = assessments.change_touchpoint(session, visit.assessment, touchpoint, told, seen, _now())
    except TouchpointChangedError as changed:
        stored = changed.stored
        return _unsaved(request, visit, Open(touchpoint, given, stored.revision, theirs=stored), 409, quiet=quiet)
    except GoneError:
        turn = Turn(lost=given, lost_elsewhere=True, focus="lost")
        return _page(request, visit, _kept(visit), None, turn, status=409)
    if quiet and is_htmx(request):
        saved = {"visit": visit, "opened": Open(touchpoint, given, kept.revision), "is_saved": True}
        return partial(visit.language, "participant/journey/_state.html", saved)
    return _done(request, visit, Turn("saved", touchpoint, focus=f"open-{touchpoint}"))


@router.post("/{touchpoint}/move")
def move(request: Request, visit: Owning, touchpoint: str, fields: Posted) -> Response:
    """Move a touchpoint one place `earlier` or `later`, over the stages' borders; or to a place of a stage, from 0."""
    to = fields.pop("to", "")
    focus = fields.pop("focus", "") or (f"{to}-{touchpoint}" if to else f"open-{touchpoint}")
    place = None if to else (_stage(fields.pop("stage", "")), _number(fields.pop("position", "0")))
    if fields or to not in {"", "earlier", "later"}:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        kept = assessments.touchpoints_of(session, visit.assessment)
        stage, position = place or _next_place(kept, touchpoint, 1 if to == "later" else -1)
        assessments.move_touchpoint(session, visit.assessment, touchpoint, stage, position, _now())
    return _done(request, visit, Turn("moved", touchpoint, focus=focus))


@router.post("/{touchpoint}/remove")
def remove(request: Request, visit: Owning, touchpoint: str, fields: Posted) -> Response:
    """Remove a touchpoint; what it said comes back with the page, to be added again."""
    seen = _number(fields.pop("seen", "0"))
    if fields.keys() - {"stage", *SAYS}:  # without a script the button sends its whole form
        raise HTTPException(422, "fields")
    kept = _kept(visit)
    gone = next((one for one in kept if one.id == touchpoint), None)
    if gone is None:
        return _done(request, visit, Turn())
    try:
        with visit.house.database.writing() as session:
            assessments.remove_touchpoint(session, visit.assessment, touchpoint, seen, _now())
    except TouchpointChangedError as changed:
        stored = changed.stored
        opened = Open(touchpoint, _given(stored.touchpoint), stored.revision, theirs=stored)
        return _unsaved(request, visit, opened, 409, quiet=False)
    position = [one.id for one in kept if one.touchpoint.stage == gone.touchpoint.stage].index(touchpoint)
    lost = {**_given(gone.touchpoint), "position": str(position)}
    # Not by another address: what was removed would be gone with this answer.
    return _page(request, visit, _kept(visit), None, Turn("removed", lost=lost, focus="lost"))


@papers.get("/journey-map")
def draw(request: Request, visit: Owning) -> Response:
    """The map on one page."""
    touchpoints = [one.touchpoint for one in _kept(visit)]
    context = frame(visit) | {"step": "more", "touchpoints": touchpoints}
    return page(request, visit.language, "participant/journey/map.html", context)


@papers.get("/journey.pdf")
def print_out(request: Request, visit: Owning, size: PaperSize = "a4") -> Response:
    """The map on one lying sheet."""
    touchpoints = [one.touchpoint for one in _kept(visit)]
    organisation = visit.sitting.organisation
    html = printed_journey(touchpoints, organisation, visit.language, day_of(_now()), size)
    return pdf_file(request, visit.house, visit.language, html, organisation, visit.path("journey-map"))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _kept(visit: Visit) -> tuple[KeptTouchpoint, ...]:
    with visit.house.database.reading() as session:
        return assessments.touchpoints_of(session, visit.assessment)


def _stage(text: str) -> JourneyStage:
    for stage in STAGES:
        if stage == text:
            return stage
    raise HTTPException(422, "fields")


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST:
        return int(text)
    raise HTTPException(422, "fields")


def _touchpoint(fields: Given) -> Touchpoint:
    """What a form says. Raises ValidationError, and HTTPException 422 for a field that the form does not have."""
    if fields.keys() - {"stage", *SAYS}:
        raise HTTPException(422, "fields")
    feeling = fields.get("feeling", "")
    if feeling not in {"", "-2", "-1", "0", "1", "2"} or fields.get("ours", "") not in {"", "no"}:
        raise HTTPException(422, "fields")
    said: dict[str, object] = {
        name: fields.get(name, "").strip() or None for name in ("channel", "point", "wants", "thinks", "environment")
    }
    return Touchpoint.model_validate(
        {
            **said,
            "stage": _stage(fields.get("stage", "")),
            "name": fields.get("name", ""),
            "feeling": int(feeling) if feeling else None,
            "moment_of_truth": fields.get("moment_of_truth", "") == "yes",
            "ours": fields.get("ours", "") != "no",
        }
    )


def _given(touchpoint: Touchpoint) -> Given:
    """What a form says that says what is kept."""
    return {
        "stage": touchpoint.stage,
        "name": touchpoint.name,
        "channel": touchpoint.channel or "",
        "feeling": "" if touchpoint.feeling is None else str(touchpoint.feeling),
        "point": touchpoint.point or "",
        "moment_of_truth": "yes" if touchpoint.moment_of_truth else "",
        "ours": "" if touchpoint.ours else "no",
        "wants": touchpoint.wants or "",
        "thinks": touchpoint.thinks or "",
        "environment": touchpoint.environment or "",
    }


def _next_place(kept: Sequence[KeptTouchpoint], touchpoint: str, step: int) -> tuple[JourneyStage, int]:
    """One place on, or into the neighbouring stage: at its near end. Raises GoneError."""
    moved = next((one for one in kept if one.id == touchpoint), None)
    if moved is None:
        raise GoneError
    stage = moved.touchpoint.stage
    here = [one.id for one in kept if one.touchpoint.stage == stage]
    place = here.index(touchpoint) + step
    if 0 <= place < len(here):
        return stage, place
    neighbour = STAGES.index(stage) + step
    if not 0 <= neighbour < len(STAGES):
        return stage, here.index(touchpoint)
    return STAGES[neighbour], LARGEST if step < 0 else 0


def _unsaved(request: Request, visit: Visit, opened: Open, status: int, *, quiet: bool) -> Response:
    """The form as it was sent, with what is wrong; nothing was changed."""
    if quiet and is_htmx(request):
        return partial(
            visit.language,
            "participant/journey/_state.html",
            {"visit": visit, "opened": opened, "alone": True},
            status=status,
        )
    kept = _kept(visit)
    if all(one.id != opened.id for one in kept):
        return _page(request, visit, kept, None, Turn(lost=opened.given, lost_elsewhere=True, focus="lost"), status)
    focus = "conflict" if opened.theirs else next(iter(opened.problems), "name")
    return _page(request, visit, kept, opened, Turn(focus=focus), status)


def _done(request: Request, visit: Visit, turn: Turn) -> Response:
    if is_htmx(request):
        return _page(request, visit, _kept(visit), None, turn)
    anchor = f"#stage-{turn.added_to}" if turn.added_to else f"#tp-{turn.touchpoint}" if turn.touchpoint else ""
    return done(visit.path("journey"), turn.said or "removed", anchor)  # or it was not there any more


def _page(
    request: Request,
    visit: Visit,
    kept: Sequence[KeptTouchpoint],
    opened: Open | None,
    turn: Turn,
    status: int = 200,
) -> Response:
    context = frame(visit) | {
        "step": "more",
        "kept": kept,
        "stages": [(stage, [one for one in kept if one.touchpoint.stage == stage]) for stage in STAGES],
        "numbers": {one.id: number for number, one in enumerate(kept, start=1)},
        "opened": opened,
        "turn": turn,
        "most": MOST_TOUCHPOINTS,
        "workshop": WORKSHOP,
        "new_token": new_token,
    }
    if is_htmx(request):
        return partial(visit.language, "participant/journey/_editor.html", context, status=status)
    return page(request, visit.language, "participant/journey/editor.html", context, status)
