"""Sitting again: what is carried over, what is asked anew, and the day to remember."""

import datetime
from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import TypeAdapter, ValidationError

from app import exporting
from app.core.answers.modules import Profile
from app.core.answers.values import WorkshopDay
from app.core.questionnaire.model import Questionnaire
from app.exporting import NEXT_SITTING_AFTER
from app.store import assessments, cohorts
from app.store.assessments import ClosedError, CountedElsewhereError, FollowedError, GoneError, Sitting
from app.store.cohorts import Cohort, Privacy, ToldOtherwiseError
from app.store.idempotency import token_by
from app.store.secrets.tokens import new_token
from app.time_zone import day_of
from app.web.participant.codes import at_the_door, counted_elsewhere, unknown_code
from app.web.shell.downloads import attachment
from app.web.shell.forms import once_of
from app.web.shell.frame import frame
from app.web.shell.render import page
from app.web.shell.visits import House, Owning, Posted, Visit, assessments_held, held, places_held, remember

router = APIRouter(prefix="/assessments/{assessment}")


@router.get("/again")
def show(request: Request, visit: Owning) -> Response:
    """What the next sitting begins with, in which form, and when."""
    return _page(request, visit)


@router.post("/again")
def begin(request: Request, visit: Owning, fields: Posted) -> Response:
    """Begin the next sitting; this browser holds its private link from now on."""
    known, once = set(filter(None, fields.pop("known", "").split(","))), once_of(fields)
    if "code" in fields:
        return _in_cohort(request, visit, fields, known, once)
    form, edition = fields.pop("form", ""), newest(visit)
    if fields or (form != "full" and form != "pulse") or form not in edition.forms:
        raise HTTPException(422, "fields")
    if visit.sitting.finished_at is None:
        return _page(request, visit, status=409)
    try:
        with visit.house.database.writing() as session:
            token = token_by(once, "again", visit.assessment, form) if once else None
            place = assessments.sit_again(session, visit.assessment, form, edition, _now(), known=known, token=token)
    except FollowedError:
        return _page(request, visit, is_followed=True, status=409)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, visit.house, place.assessment, place.token)
    return response


@router.get("/reminder.ics")
def reminder(request: Request, visit: Owning, date: str = "") -> Response:
    """The day of the next sitting for a calendar: 90 days after this one, or the day that was chosen."""
    try:
        day = TypeAdapter[datetime.date](WorkshopDay).validate_python(date) if date else next_day(visit.sitting)
    except ValidationError:
        return _page(request, visit, wrong_day=date, status=422)
    organisation = visit.sitting.organisation
    file = exporting.reminder_ics(organisation, visit.language, visit.assessment, day, _now())
    headers = attachment(f"{organisation} again", "ics")
    return Response(file, media_type="text/calendar; charset=utf-8", headers=headers)


@dataclass(frozen=True)
class Sat:
    """A finished sitting of which this browser holds the owner's link, and the sittings that follow it already."""

    sitting: Sitting
    following: tuple[str, ...]
    once: str
    """The key of the form that begins the next one."""


def sat_before(request: Request, house: House, cohort: Cohort) -> list[Sat]:
    """The sittings that could be sat again in a cohort: each organisation's last."""
    mine = [
        place.sitting
        for place in places_held(request, house)
        if place.is_owner and place.sitting.finished_at and place.sitting.questionnaire == cohort.questionnaire
    ]
    with house.database.reading() as session:
        found = [
            Sat(one, assessments.followed_by(session, one.id), new_token())
            for one in mine
            # A chain counts in one confidential cohort only.
            if not (cohort.is_confidential and assessments.seats_of(session, [one.id]))
        ]
    return [one for one in found if not {other.id for other in mine} & set(one.following)]


def _in_cohort(request: Request, visit: Visit, fields: dict[str, str], known: set[str], once: str | None) -> Response:
    """The next sitting, in the cohort of that code."""
    code, told = fields.pop("code"), fields.pop("told", "")
    if fields or (told != "open" and told != "confidential"):
        raise HTTPException(422, "fields")
    privacy: Privacy = "confidential" if told == "confidential" else "open"
    plain = "".join(letter for letter in code if letter.isascii() and letter.isalnum())[:20].upper()
    return at_the_door(
        request,
        visit.house,
        visit.language,
        plain,
        to_cohort=lambda cohort: _join(request, visit, cohort, privacy, known, once),
        to_team=lambda _: unknown_code(request, visit.language, plain),
    )


def _join(request: Request, visit: Visit, cohort: Cohort, told: Privacy, known: set[str], once: str | None) -> Response:
    edition = visit.house.catalogue.edition(cohort.questionnaire, cohort.edition)
    if edition is None:
        raise HTTPException(503, "questionnaire")
    if cohort.questionnaire != visit.sitting.questionnaire or visit.sitting.finished_at is None:
        raise HTTPException(422, "fields")
    beside = assessments_held(request, visit.house)
    try:
        with visit.house.database.writing() as session:
            place = cohorts.join_again(
                session,
                cohort.id,
                visit.assessment,
                edition,
                _now(),
                told=told,
                known=known,
                token=token_by(once, "again", visit.assessment, cohort.id) if once else None,
                beside=beside,
            )
    except CountedElsewhereError:
        return counted_elsewhere(request, visit.language, cohort.name)
    except (ClosedError, GoneError):
        return unknown_code(request, visit.language, cohort.join_code)
    except ToldOtherwiseError:
        return RedirectResponse(f"/join/{cohort.join_code}", 303)
    except FollowedError:
        return _page(request, visit, is_followed=True, status=409)
    response = RedirectResponse(f"/assessments/{place.assessment}", 303)
    remember(response, visit.house, place.assessment, place.token)
    return response


def newest(visit: Visit) -> Questionnaire:
    """The newest edition of what was sat."""
    same = (one for one in visit.house.catalogue.newest() if one.id == visit.sitting.questionnaire)
    return next(same, visit.questionnaire)


def next_day(sitting: Sitting) -> datetime.date:
    """90 days after the sitting."""
    return day_of(sitting.finished_at or _now()) + NEXT_SITTING_AFTER


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _page(
    request: Request, visit: Visit, *, is_followed: bool = False, wrong_day: str | None = None, status: int = 200
) -> Response:
    with visit.house.database.reading() as session:
        document = assessments.document(session, visit.assessment)
        following = assessments.followed_by(session, visit.assessment)
        carries = assessments.carries_confidential(session, visit.assessment)
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
        "once": new_token(),
        "is_confidential": carries or (visit.cohort is not None and visit.cohort.is_confidential),
    }
    return page(request, visit.language, "participant/again/page.html", context, status)
