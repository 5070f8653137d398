"""Codes that let somebody in, to a cohort or to a team: how many wrong ones are looked up, whichever door they try."""

import datetime
import math
from collections.abc import Callable

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.store import assessments, attempts, cohorts
from app.store.assessments import Sitting
from app.store.codes import as_meant
from app.store.cohorts import Cohort
from app.web.deps import House, held
from app.web.render import page
from app.web.tries import origin

WRONG_CODES = 20
WRONG_CODES_OF_ALL = 200
WITHIN = datetime.timedelta(minutes=1)
"""So many wrong codes a minute from one address, and from all together, are looked up; the rest wait. At the most
that is 12,000 an hour of a thousand milliards. A right code counts for nothing, so a whole class may join at once."""


def at_the_door(
    request: Request,
    house: House,
    language: str,
    code: str,
    *,
    to_cohort: Callable[[Cohort], Response],
    to_team: Callable[[Sitting], Response],
) -> Response:
    """Looks the code up, unless too many wrong ones came of late; a browser that has joined is never kept waiting."""
    here = _joined_here(request, house, code)
    if here is not None:
        return RedirectResponse(f"/assessments/{here}", 303)
    now = datetime.datetime.now(datetime.UTC)
    buckets = ((f"join from {origin(request)}", WRONG_CODES), ("join", WRONG_CODES_OF_ALL))
    cohort, team = None, None
    with house.database.writing() as session:
        waits = [attempts.wait(session, bucket, allowed=allowed, per=WITHIN, now=now) for bucket, allowed in buckets]
        longest = max((wait for wait in waits if wait is not None), default=None)
        if longest is None:
            cohort = cohorts.cohort_by_code(session, code, now)
            team = assessments.team_by_code(session, code, now) if cohort is None else None
        if cohort or team:
            for bucket, _ in buckets:
                attempts.give_back(session, bucket)
    if longest is not None:
        return _wait(request, language, code, max(1, math.ceil(longest.total_seconds())))
    if cohort is not None:
        return to_cohort(cohort)
    return to_team(team) if team is not None else unknown_code(request, language, code)


def unknown_code(request: Request, language: str, code: str) -> Response:
    """That the code opens nothing, and where to type another."""
    return page(request, language, "join/code.html", {"typed": code, "wrong": True}, status=404)


def _wait(request: Request, language: str, code: str, seconds: int) -> Response:
    response = page(request, language, "join/wait.html", {"code": code, "seconds": seconds}, status=429)
    response.headers["retry-after"] = str(seconds)
    return response


def _joined_here(request: Request, house: House, code: str) -> str | None:
    """The assessment by which this browser has joined the cohort, or the team, of that code."""
    mine = list(held(request, house))
    with house.database.reading() as session:
        for sitting in mine:
            cohort = cohorts.cohort_of_assessment(session, sitting.id)
            if as_meant(code) in {cohort.join_code if cohort else None, sitting.team_code}:
                return sitting.id
    return None
