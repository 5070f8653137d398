"""Importance and targets: optional, with defaults that are said; each saved as it is set."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from app.core.questionnaire import flow
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL
from app.core.scoring.scorecard import DEFAULT_IMPORTANCE
from app.store import assessments
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import Owning, Posted, Visit

router = APIRouter(prefix="/assessments/{assessment}/aims")

Kind = Literal["target", "importance"]
KINDS: tuple[Kind, ...] = ("importance", "target")
Aims = Mapping[tuple[Kind, str], int | None]
"""What is set for a dimension; None is the default."""

EXTREMES = (HIGHEST_LEVEL, LOWEST_LEVEL)
THREE = 3
"""How many dimensions may be called most noticed, and how many least."""
SEEN = re.compile(r"[1-5,]{0,200}")
"""Every value that a save may be replacing: what the page showed, and what it has sent since without an answer."""

State = Literal["saved", "too_many", "changed"]


@dataclass(frozen=True)
class Aim:
    """One choice on the page: what is kept, what is shown as chosen, and what became of it."""

    kind: Kind
    dimension: str
    stored: int | None
    chosen: int | None
    state: State | None = None


@router.get("")
def show(request: Request, visit: Owning, each: bool = False) -> Response:
    """The page of all aims; `each` sets importance one by one."""
    stored = _stored(visit)
    return _page(request, visit, [Aim(*key, value, value) for key, value in stored.items()], each=each)


@router.post("")
def save_all(request: Request, visit: Owning, fields: Posted) -> Response:
    """Save the page at its button: what was changed on it, and nothing that was changed elsewhere meanwhile."""
    then = fields.pop("then", "review")
    each = fields.pop("each", "") == "yes"
    sent = {
        (kind, id_): (_aim(fields.pop(f"{kind}:{id_}", "")), _seen(fields.pop(f"was:{kind}:{id_}", "")))
        for id_ in visit.questionnaire.dimensions
        for kind in KINDS
    }
    if fields or then not in {"review", "back"}:
        raise HTTPException(422, "fields")
    last = flow.parts(visit.questionnaire, visit.sitting.form)[-1]
    onward = RedirectResponse(visit.path("review") if then == "review" else visit.path("questions", last.id), 303)
    if all(value in seen for value, seen in sent.values()):
        return onward  # nothing is to be kept, so a closed cohort's page leads on too
    aims: list[Aim] = []
    with visit.house.database.writing() as session:
        kept = _locked(session, visit)
        for (kind, id_), (value, seen) in sent.items():
            untouched = value in seen
            state = None if untouched else _save(session, visit, kept, (kind, id_), value, seen, each=each)
            stored = kept[kind, id_]
            aims.append(Aim(kind, id_, stored, stored if untouched else value, state))
    if any(aim.state in {"too_many", "changed"} for aim in aims):
        status = 409 if any(aim.state == "changed" for aim in aims) else 422
        return _page(request, visit, aims, each=each, status=status)
    return onward


@router.get("/{kind}/{dimension}")
def find(visit: Owning, kind: Kind, dimension: str) -> Response:
    """Where the choice stands."""
    if dimension not in visit.questionnaire.dimensions:
        raise HTTPException(404)
    return RedirectResponse(visit.path("aims") + f"#aim-{kind}-{dimension}", 303)


@router.post("/{kind}/{dimension}")
def save(request: Request, visit: Owning, kind: Kind, dimension: str, fields: Posted) -> Response:
    """Save one aim the moment it is set."""
    if dimension not in visit.questionnaire.dimensions:
        raise HTTPException(404)
    value, seen = _aim(fields.pop("aim", "")), _seen(fields.pop("seen", ""))
    each = fields.pop("each", "") == "yes"
    if fields:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        kept = _locked(session, visit)
        state = _save(session, visit, kept, (kind, dimension), value, seen, each=each)
    if not is_htmx(request):
        return done(visit.path("aims"), "saved")
    aim = Aim(kind, dimension, kept[kind, dimension], value, state)
    status = {"saved": 200, "too_many": 422, "changed": 409}[state]
    return partial(visit.language, "participant/aims/_aim_saved.html", {"aim": aim}, status=status)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _stored(visit: Visit, session: Session | None = None) -> dict[tuple[Kind, str], int | None]:
    if session is None:
        with visit.house.database.reading() as reading:
            return _stored(visit, reading)
    document = assessments.document(session, visit.assessment)
    kept: dict[Kind, Mapping[str, int]] = {"importance": document.importance, "target": document.targets}
    return {(kind, id_): kept[kind].get(id_) for id_ in visit.questionnaire.dimensions for kind in KINDS}


def _locked(session: Session, visit: Visit) -> dict[tuple[Kind, str], int | None]:
    """What is kept, and stays so until this session ends."""
    assessments.save_choices(session, visit.assessment, {}, {}, _now())
    return _stored(visit, session)


def _save(
    session: Session,
    visit: Visit,
    kept: dict[tuple[Kind, str], int | None],
    key: tuple[Kind, str],
    value: int | None,
    seen: frozenset[int | None],
    *,
    each: bool,
) -> State:
    """Saves one aim, unless somebody else has changed it since it was seen; `kept` follows."""
    kind, dimension = key
    if kept[key] == value:
        return "saved"
    if kept[key] not in seen:
        return "changed"
    others = [kept["importance", id_] for id_ in visit.questionnaire.dimensions if id_ != dimension]
    if kind == "importance" and not each and value in EXTREMES and others.count(value) >= THREE:
        return "too_many"
    targets, importance = ({dimension: value}, {}) if kind == "target" else ({}, {dimension: value})
    assessments.save_choices(session, visit.assessment, targets, importance, _now())
    kept[key] = value
    return "saved"


def _aim(text: str) -> int | None:
    if text == "":
        return None
    if len(text) == 1 and text.isascii() and text.isdigit() and LOWEST_LEVEL <= int(text) <= HIGHEST_LEVEL:
        return int(text)
    raise HTTPException(422, "fields")


def _seen(text: str) -> frozenset[int | None]:
    if not SEEN.fullmatch(text):
        raise HTTPException(422, "fields")
    return frozenset(int(part) if part else None for part in text.split(","))


def _page(request: Request, visit: Visit, aims: list[Aim], *, each: bool, status: int = 200) -> Response:
    finer = any(aim.kind == "importance" and aim.chosen not in {None, DEFAULT_IMPORTANCE, *EXTREMES} for aim in aims)
    context = frame(visit) | {
        "each": each or finer,
        "finer": finer,
        "aims": {(aim.kind, aim.dimension): aim for aim in aims},
        "default_target": visit.sitting.default_target or visit.questionnaire.target(visit.sitting.business_stage),
        "default_importance": DEFAULT_IMPORTANCE,
        "problems": {aim.state for aim in aims} & {"too_many", "changed"},
    }
    return page(request, visit.language, "participant/aims/aims.html", context, status)
