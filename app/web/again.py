"""Sitting again: what is carried over, what is asked anew, and the day to remember."""

import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from app import exporting
from app.core.given import Day
from app.core.modules import Profile
from app.core.questionnaire import Questionnaire
from app.exporting import NEXT_SITTING_AFTER
from app.store import assessments
from app.store.assessments import FollowedError, Sitting
from app.web.deps import Owning, Posted, Visit, held, remember
from app.web.downloads import attachment
from app.web.frame import frame
from app.web.render import page

router = APIRouter(prefix="/assessments/{assessment}")


@router.get("/again")
def show(request: Request, visit: Owning) -> Response:
    """What the next sitting begins with, in which form, and when."""
    return _page(request, visit)


@router.post("/again")
def begin(request: Request, visit: Owning, fields: Posted) -> Response:
    """Begin the next sitting; this browser holds its private link from now on."""
    form, known = fields.pop("form", ""), fields.pop("known", "")
    edition = newest(visit)
    if fields or (form != "full" and form != "pulse") or form not in edition.forms:
        raise HTTPException(422, "fields")
    if visit.sitting.finished_at is None:
        return _page(request, visit, status=409)
    try:
        with visit.house.database.writing() as session:
            place = assessments.sit_again(
                session, visit.assessment, form, edition, _now(), known=set(filter(None, known.split(",")))
            )
    except FollowedError:
        return _page(request, visit, is_followed=True, status=409)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, visit.house, place.assessment, place.token)
    return response


@router.get("/reminder.ics")
def reminder(request: Request, visit: Owning, date: str = "") -> Response:
    """The day of the next sitting for a calendar: 90 days after this one, or the day that was chosen."""
    try:
        day = TypeAdapter[datetime.date](Day).validate_python(date) if date else next_day(visit.sitting)
    except ValidationError:
        return _page(request, visit, wrong_day=date, status=422)
    organisation = visit.sitting.organisation
    file = exporting.reminder_ics(organisation, visit.language, visit.assessment, day, _now())
    headers = attachment(f"{organisation} again", "ics")
    return Response(file, media_type="text/calendar; charset=utf-8", headers=headers)


def newest(visit: Visit) -> Questionnaire:
    """The newest edition of what was sat."""
    same = (one for one in visit.house.catalogue.newest() if one.id == visit.sitting.questionnaire)
    return next(same, visit.questionnaire)


def next_day(sitting: Sitting) -> datetime.date:
    """90 days after the sitting."""
    return ((sitting.finished_at or _now()) + NEXT_SITTING_AFTER).date()


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _page(
    request: Request, visit: Visit, *, is_followed: bool = False, wrong_day: str | None = None, status: int = 200
) -> Response:
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
        following = assessments.followed_by(session, visit.assessment)
    mine = {sitting.id: sitting for sitting in held(request, visit.house)}
    edition = newest(visit)
    context = frame(visit) | {
        "actions": [one for one in document.actions if one.status not in {"done", "dropped"}],
        "aims": len(document.targets) + len(document.importance),
        "has_profile": document.modules.profile != Profile(),
        "touchpoints": len(document.modules.journey),
        "edition": edition,
        "edition_words": edition.wording(visit.language),
        "is_comparable": edition.edition == visit.sitting.edition,
        "following": following,
        "followers": [mine[id_] for id_ in following if id_ in mine],
        "previous": mine.get(visit.sitting.previous_id or ""),
        "has_previous": visit.sitting.previous_id is not None,
        "next_day": next_day(visit.sitting),
        "wrong_day": wrong_day,
        "is_followed": is_followed,
    }
    return page(request, visit.language, "again/page.html", context, status)
