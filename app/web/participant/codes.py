"""Codes that let somebody in, to a cohort or to a team: how many wrong ones are looked up, whichever door they try."""

import datetime
import math
from collections.abc import Callable

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.store import assessments, cohorts
from app.store.assessments import Sitting
from app.store.cohorts import Cohort
from app.store.secrets.codes import as_meant, shut
from app.web.limits import codes
from app.web.shell.render import page
from app.web.shell.visits import House, assessments_held, held


def at_the_door(
    request: Request,
    house: House,
    language: str,
    code: str,
    *,
    to_cohort: Callable[[Cohort], Response],
    to_team: Callable[[Sitting], Response],
) -> Response:
    """Looks the code up, unless too many wrong ones came of late; a browser that has joined is never kept waiting.

    One that has to wait is told how long, and is looked up then, even if wrong codes go on coming.
    """
    here = _joined_here(request, house, code)
    if here is not None:
        return RedirectResponse(f"/assessments/{here}", 303)
    now = datetime.datetime.now(datetime.UTC)
    cohort, team, why, ticket = None, None, None, None
    with house.database.writing() as session:
        turn = codes.turn_of(session, request, house, code, now)
        if turn.wait is None:
            cohort = cohorts.cohort_by_code(session, code, now)
            team = assessments.team_by_code(session, code, now) if cohort is None else None
            why = None if cohort or team else shut(session, code)
        if cohort or team:
            ticket = codes.pass_for(session, code, now)
        if cohort or team or why:
            turn.was_right(session)
    if turn.wait is not None:
        response = _wait(request, language, code, max(1, math.ceil(turn.wait.total_seconds())))
    elif cohort is not None:
        response = to_cohort(cohort)
    elif team is not None:
        response = to_team(team)
    elif why is not None:
        response = page(request, language, "participant/joining/shut.html", {"why": why}, status=404)
    else:
        response = unknown_code(request, language, code)
    codes.hand(request, response, house, turn.ticket or ticket)
    return response


def unknown_code(request: Request, language: str, code: str) -> Response:
    """That the code opens nothing, and where to type another."""
    return page(
        request,
        language,
        "participant/joining/code.html",
        {"typed": code, "wrong": True, "elsewhere": None},
        status=404,
    )


def counts_elsewhere(request: Request, house: House, cohort: Cohort | None) -> bool:
    """Whether this browser has a place in another confidential cohort than the one that it comes to."""
    if cohort is None or not cohort.is_confidential:
        return False
    mine = assessments_held(request, house)
    with house.database.reading() as session:
        return not assessments.seats_of(session, mine) <= {cohort.id}


def counted_elsewhere(request: Request, language: str, name: str) -> Response:
    """That an organisation counts in one confidential cohort only, and so was not joined to this one."""
    return page(request, language, "participant/joining/second.html", {"name": name}, status=409)


def _wait(request: Request, language: str, code: str, seconds: int) -> Response:
    response = page(request, language, "participant/joining/wait.html", {"code": code, "seconds": seconds}, status=429)
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
