"""What can be told beside the questions: each module optional, its fields saved as they are given."""

import datetime
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from app.core.answers.modules import (
    BASICS_NEEDED,
    FIELDS,
    LARGEST_SHARE_ESTIMATED,
    OWN_FIELDS,
    FieldValue,
    Modules,
    Revenue,
    Share,
    accept_field,
    amount_at_stake,
    modules_of,
    service_basics,
)
from app.core.answers.values import WholeLevel
from app.store import assessments
from app.store.assessments import FieldChangedError
from app.web.shell.frame import frame
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import Posted, Visit, Visiting

router = APIRouter(prefix="/assessments/{assessment}")

ModuleId = Literal["profile", "touchpoints", "offices", "stake", "after"]
State = Literal["saved", "changed", "wrong"]

PAGES: Mapping[ModuleId, str] = {
    "profile": "profile.",
    "touchpoints": "touchpoint_check.",
    "offices": "",
    "stake": "at_stake.",
    "after": "after_report.",
}
"""Module to how the names of its fields begin; the respondent's own have no beginning of their own."""

NUMBER = re.compile(r"[0-9]{1,15}")
GROUPED = re.compile(r"[0-9]{1,3}(?:([ .,'’\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])[0-9]{3})(?:\1[0-9]{3})*")
"""How people write 1 200 000, 1.200.000 or 1,200,000."""
MOST_SEEN = 200
CURRENCIES = ("EUR", "CZK", "PLN", "CHF", "DKK", "GBP", "HUF", "NOK", "RON", "SEK", "USD")


@dataclass(frozen=True)
class Told:
    """One field on a page: what is kept, what stands in it, and what became of it."""

    name: str
    stored: FieldValue | None
    given: str
    state: State | None = None

    @property
    def id(self) -> str:
        """The name as a part of an HTML id."""
        return re.sub("[./]", "-", self.name)

    @property
    def kept(self) -> str:
        """What is kept, as a form says it."""
        return as_sent(self.stored)


def as_sent(value: FieldValue | None) -> str:
    """A field's value as its form says it: nothing, "true" for what is ticked, a number, a choice or a text."""
    if value is None:
        return ""
    return "true" if value is True else str(value)


@router.get("/more")
def everything(request: Request, visit: Visiting) -> Response:
    """All that there is beside the questions, and how far each has come."""
    with visit.house.database.reading() as session:
        told = _modules(session, visit)
        own = assessments.own_fields_of(session, visit.respondent)
        touchpoints = len(assessments.touchpoints_of(session, visit.assessment)) if visit.is_owner else 0
        team = assessments.team(session, visit.assessment, _now()) if visit.is_owner and visit.is_team else None
    context = {
        "step": "more",
        "told": told,
        "own": own,
        "touchpoints": touchpoints,
        "open": open_to(visit),
        "can_meet": team is not None and sum(one.finished_at is not None for one in team.members) > 1,
    }
    return page(request, visit.language, "participant/modules/list.html", frame(visit) | context)


@router.get("/more/{module}")
def show(request: Request, visit: Visiting, module: ModuleId | Literal["introduction"]) -> Response:
    """One module; the introduction, which asks nothing, is for everybody."""
    if module == "introduction":
        if module not in visit.questionnaire.modules:
            raise HTTPException(404)
        return page(request, visit.language, "participant/modules/introduction.html", frame(visit) | {"step": "more"})
    names = _names(visit, module)
    with visit.house.database.reading() as session:
        stored = _stored(session, visit, names)
        told = _modules(session, visit)
    return _page(request, visit, module, told, [Told(name, stored[name], as_sent(stored[name])) for name in names])


@router.post("/more/{module}")
def save_all(request: Request, visit: Visiting, module: ModuleId, fields: Posted) -> Response:
    """Save a module's page at its button: what was changed on it, and nothing that was changed elsewhere meanwhile."""
    names = _names(visit, module)
    sent = {name: (fields.pop(f"field:{name}", ""), fields.pop(f"was:{name}", "")) for name in names}
    if fields:
        raise HTTPException(422, "fields")
    shown: list[Told] = []
    with visit.house.database.writing() as session:
        for name, (text, was) in sent.items():
            if text == was:
                stored = _stored(session, visit, [name])[name]
                shown.append(Told(name, stored, as_sent(stored)))
            else:
                shown.append(_save(session, visit, name, text, _values(name, [was])))
        told = _modules(session, visit)
    states = {one.state for one in shown}
    if states & {"changed", "wrong"}:
        return _page(request, visit, module, told, shown, status=409 if "changed" in states else 422)
    return done(visit.path("more"), "told", f"#{module}")


@router.get("/modules/{name}")
def find(visit: Visiting, name: str) -> Response:
    """Where the field stands."""
    module = _module_of(visit, name)
    return RedirectResponse(visit.path("more", module) + f"#told-{re.sub('[./]', '-', name)}", 303)


@router.post("/modules/{name}")
def save(request: Request, visit: Visiting, name: str, fields: Posted) -> Response:
    """Save one field the moment it is given. `seen`: a JSON list of all that this may be replacing."""
    module = _module_of(visit, name)
    text, seen = fields.pop("value", ""), _seen(name, fields.pop("seen", "[]"))
    if fields:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        one = _save(session, visit, name, text, seen)
        told = _modules(session, visit)
    if not is_htmx(request):
        return done(visit.path("more", module), "saved")
    status = {"changed": 409, "wrong": 422}.get(one.state or "", 200)
    context = frame(visit) | _figures(told, [one]) | {"one": one, "module": module, "oob": True}
    return partial(visit.language, "participant/modules/_saved.html", context, status=status)


def open_to(visit: Visit) -> tuple[ModuleId, ...]:
    """The modules on offer that this visitor can fill in: a colleague their own; at stake is revenue."""
    return tuple(
        module
        for module in PAGES
        if module in visit.questionnaire.modules
        and (visit.is_owner or module == "offices")
        and not (module == "stake" and visit.sitting.business_stage == "pre_revenue")
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _names(visit: Visit, module: ModuleId) -> list[str]:
    """The names of a module's fields. Raises HTTPException 404 for a module that is not this visitor's."""
    if module not in open_to(visit):
        raise HTTPException(404)
    if module == "offices":
        return list(OWN_FIELDS)
    return [name for name in FIELDS if name.startswith(PAGES[module])]


def _module_of(visit: Visit, name: str) -> ModuleId:
    for module in open_to(visit):
        if name in _names(visit, module):
            return module
    raise HTTPException(404)


def _stored(session: Session, visit: Visit, names: Collection[str]) -> dict[str, FieldValue | None]:
    kept = assessments.fields_of(session, visit.assessment) | assessments.own_fields_of(session, visit.respondent)
    return {name: kept.get(name) for name in names}


def _modules(session: Session, visit: Visit) -> Modules:
    """What the organisation told, without the journey."""
    return Modules.model_validate(modules_of(assessments.fields_of(session, visit.assessment), ()))


def _save(session: Session, visit: Visit, name: str, text: str, seen: frozenset[FieldValue | None]) -> Told:
    try:
        value = _value(name, text)
    except ValueError:
        return Told(name, _stored(session, visit, [name])[name], text, "wrong")
    try:
        if name in OWN_FIELDS:
            assessments.save_own_field(session, visit.respondent, name, value, seen, _now())
        else:
            assessments.save_field(session, visit.assessment, name, value, seen, _now())
    except FieldChangedError as changed:
        return Told(name, changed.stored, text, "changed")
    return Told(name, value, as_sent(value), "saved")


def _value(name: str, text: str) -> FieldValue | None:
    """The value that a form's text stands for; None where it says nothing. Raises ValueError."""
    kind = FIELDS.get(name, OWN_FIELDS.get(name))
    plain = text.strip()
    if not plain:
        return None
    if kind in (WholeLevel, Revenue, Share):
        digits = re.sub("[^0-9]", "", plain) if GROUPED.fullmatch(plain) else plain
        return accept_field(name, int(digits) if NUMBER.fullmatch(digits) else plain)
    if name == "at_stake.currency":
        return accept_field(name, plain.upper())
    try:
        return accept_field(name, text)
    except ValueError:
        if text == "true":
            return accept_field(name, True)
        raise


def _values(name: str, texts: list[str]) -> frozenset[FieldValue | None]:
    """What these stand for; one that stands for nothing legal was refused, so it is none that could be replaced."""
    values: set[FieldValue | None] = set()
    for text in texts:
        try:
            values.add(_value(name, text))
        except ValueError:
            continue
    return frozenset(values)


def _seen(name: str, text: str) -> frozenset[FieldValue | None]:
    try:
        seen = json.loads(text)
    except (ValueError, RecursionError):
        raise HTTPException(422, "fields") from None
    if not isinstance(seen, list) or len(seen) > MOST_SEEN or not all(isinstance(one, str) for one in seen):
        raise HTTPException(422, "fields")
    return _values(name, seen)


def _figures(told: Modules, shown: list[Told]) -> dict[str, object]:
    """What is worked out from the fields; no sum beside a field that says something else."""
    rated = len(told.touchpoint_check.basics)
    return {
        "told": told,
        "basics_mean": service_basics(told.touchpoint_check),
        "basics_missing": max(0, BASICS_NEEDED - rated),
        "is_unreadable": any(one.state == "wrong" for one in shown),
        "amount": amount_at_stake(told.at_stake),
        "largest_share": LARGEST_SHARE_ESTIMATED,
        "oob": False,
    }


def _page(
    request: Request, visit: Visit, module: ModuleId, told: Modules, shown: list[Told], status: int = 200
) -> Response:
    context = (
        frame(visit)
        | _figures(told, shown)
        | {
            "step": "more",
            "module": module,
            "fields": {one.name: one for one in shown},
            "problems": {one.state for one in shown} & {"changed", "wrong"},
            "currencies": CURRENCIES,
        }
    )
    return page(request, visit.language, f"participant/modules/{module}.html", context, status)
