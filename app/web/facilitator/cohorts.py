"""A facilitator's desk: cohorts made, described, closed, archived, shared; who is in them."""

import datetime

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from app.core.cohort.release import RELEASED_FROM
from app.reporting import close_cohort, standing_of, would_count
from app.store import accounts, assessments, cohorts
from app.store.cohorts import (
    CannotMergeError,
    ClosedError,
    FixedOnceJoinedError,
    ReleasedError,
)
from app.store.idempotency import KeyUsedError, id_by, token_by
from app.store.secrets.tokens import new_token
from app.time_zone import day_of
from app.web.shell.choosing import which_one
from app.web.shell.cohort_plan import PlanForm, edition_of, plan_of, questionnaire_meant, releases_of, wrong_choices
from app.web.shell.facilitators import CohortVisit, Facilitator, InHand
from app.web.shell.forms import Problem, once_of, problems_of
from app.web.shell.frame import phones_can_reach, qr_code
from app.web.shell.render import page
from app.web.shell.saying import done
from app.web.shell.visits import House, InHouse, Posted, VisitorLanguage, own_address
from app.wording import languages_offered

router = APIRouter(prefix="/cohorts")
desk = APIRouter(prefix="/{cohort}")

MOST_INVITATIONS = 100
"""Single-use invitations made at once."""
LONGEST_NUMBER = 9
"""In digits: no more are read of a number that somebody types."""


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@router.get("")
def show_all(request: Request, house: InHouse, facilitator: Facilitator, language: VisitorLanguage) -> Response:
    """Every cohort that is one's own or shared."""
    with house.database.reading() as session:
        current = cohorts.cohorts_of(session, facilitator.id)
        archived = cohorts.cohorts_of(session, facilitator.id, archived=True)
        progress = {one.cohort.id: cohorts.progress(session, one.cohort.id) for one in current}
    context = {"facilitator": facilitator, "current": current, "archived": archived, "progress": progress}
    return page(request, language, "facilitator/cohorts/list.html", context)


@router.get("/new")
def show_new(
    request: Request, house: InHouse, facilitator: Facilitator, language: VisitorLanguage, questionnaire: str = ""
) -> Response:
    """The form that makes a cohort; where there are several questionnaires, which one is chosen first."""
    today = day_of(_now()).isoformat()
    given = {
        "date": today,
        "form": "pulse",
        "language": language,
        "default_target": "",
        "questionnaire": questionnaire,
    }
    return _plan_page(request, house, language, given, {}, None)


@router.post("/new")
def make(
    request: Request, house: InHouse, facilitator: Facilitator, language: VisitorLanguage, fields: Posted
) -> Response:
    """Make a cohort; people can join at once."""
    try:
        form = PlanForm.model_validate(fields)
    except ValidationError as error:
        return _plan_page(request, house, language, fields, problems_of(error), None)
    problems = wrong_choices(house, form)
    if problems:
        return _plan_page(request, house, language, fields, problems, None)
    plan = plan_of(house, form)
    with house.database.writing() as session:
        wanted = id_by(form.once, "cohort", facilitator.id, plan.model_dump_json()) if form.once else None
        made = cohorts.create(session, facilitator.id, plan, _now(), id_=wanted)
    return RedirectResponse(f"/cohorts/{made.id}", 303)


@desk.get("")
def show(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The desk of one cohort: its code, how far it is, who is in it."""
    return _desk(request, hand, language)


@desk.get("/edit")
def show_edit(request: Request, hand: InHand, language: VisitorLanguage) -> Response:
    """The form that describes a cohort anew."""
    _needs(hand.may_run)
    plan = hand.cohort
    given = {
        "name": plan.name,
        "date": plan.date.isoformat(),
        "questionnaire": plan.questionnaire,
        "form": plan.form,
        "language": plan.language,
        "privacy": plan.privacy,
        "default_target": str(plan.default_target or ""),
    }
    return _plan_page(request, hand.house, language, given, {}, hand)


@desk.post("/edit")
def edit(request: Request, hand: InHand, language: VisitorLanguage, fields: Posted) -> Response:
    """Describe a cohort anew; its form and privacy only while nobody has joined."""
    _needs(hand.may_run)
    try:
        form = PlanForm.model_validate(fields)
    except ValidationError as error:
        return _plan_page(request, hand.house, language, fields, problems_of(error), hand)
    problems = wrong_choices(hand.house, form, hand.cohort)
    if problems:
        return _plan_page(request, hand.house, language, fields, problems, hand)
    plan = plan_of(hand.house, form, hand.cohort)
    try:
        with hand.house.database.writing() as session:
            cohorts.change(session, hand.cohort.id, plan)
    except FixedOnceJoinedError:
        return _plan_page(request, hand.house, language, fields, {"fixed": "choose"}, hand)
    except ClosedError:
        return _plan_page(request, hand.house, language, fields, {"closed": "choose"}, hand)
    return done(hand.path(), "saved")


@desk.post("/close")
def close(request: Request, hand: InHand, fields: Posted) -> Response:
    """Close the cohort: nobody joins or edits any more. A confidential one's single release is worked out now."""
    _needs(hand.may_run)
    _no_fields(fields)
    questionnaire = edition_of(hand)
    with hand.house.database.writing() as session:
        close_cohort(session, questionnaire, hand.cohort.id, _now())
    releases_of(request).hurry()
    return done(hand.path(), "closed")


@desk.post("/reopen")
def reopen(request: Request, hand: InHand, language: VisitorLanguage, fields: Posted) -> Response:
    """Open a closed cohort again; a confidential one that gave its release stays closed."""
    _needs(hand.may_run)
    _no_fields(fields)
    try:
        with hand.house.database.writing() as session:
            cohorts.reopen(session, hand.cohort.id)
    except ReleasedError:
        return _desk(request, hand, language, problem="released", status=409)
    return done(hand.path(), "reopened")


@desk.post("/archive")
def archive(hand: InHand, fields: Posted) -> Response:
    """Put the cohort away, or fetch it back, as the button said: what is sent twice does not undo itself."""
    _needs(hand.may_own)
    to = fields.pop("to", "")
    if fields or to not in {"away", "back"}:
        raise HTTPException(422, "fields")
    with hand.house.database.writing() as session:
        if to == "back":
            cohorts.unarchive(session, hand.cohort.id)
        else:
            cohorts.archive(session, hand.cohort.id, _now())
    return done("/cohorts", "fetched_back" if to == "back" else "archived")


@desk.post("/code")
def renew_code(hand: InHand, fields: Posted) -> Response:
    """A new join code; the old one opens nothing any more."""
    _needs(hand.may_run)
    _no_fields(fields)
    with hand.house.database.writing() as session:
        cohorts.renew_code(session, hand.cohort.id, _now())
    return done(hand.path(), "join_code")


@desk.post("/share")
def share(request: Request, hand: InHand, language: VisitorLanguage, fields: Posted) -> Response:
    """Let another facilitator look, or run it too."""
    _needs(hand.may_own)
    email, right = fields.pop("email", ""), fields.pop("right", "")
    if fields or right not in {"read", "run"}:
        raise HTTPException(422, "fields")
    with hand.house.database.writing() as session:
        other = accounts.account_by_email(session, email)
        if other and other.id != hand.account.id:
            cohorts.share(session, hand.cohort.id, other.id, "run" if right == "run" else "read")
    if other is None or other.id == hand.account.id:
        return _desk(request, hand, language, problem="nobody", status=422, typed=email)
    return done(hand.path(), "shared", "#shares")


@desk.post("/unshare")
def unshare(hand: InHand, fields: Posted) -> Response:
    """Take the right away again."""
    _needs(hand.may_own)
    other = fields.pop("account", "")
    _no_fields(fields)
    with hand.house.database.writing() as session:
        cohorts.unshare(session, hand.cohort.id, other)
    return done(hand.path(), "unshared", "#shares")


@desk.post("/invitations")
def invite(request: Request, hand: InHand, language: VisitorLanguage, fields: Posted) -> Response:
    """Single-use links; each is shown this once. A page makes as many once, however often its button was pressed."""
    _needs(hand.may_run)
    count, once = fields.pop("count", ""), once_of(fields)
    _no_fields(fields)
    number = int(count) if count.isascii() and count.isdigit() and len(count) <= LONGEST_NUMBER else 0
    if not 1 <= number <= MOST_INVITATIONS:
        return _desk(request, hand, language, problem="count", status=422)
    with hand.house.database.writing() as session:
        tokens = cohorts.invite(session, hand.cohort.id, number, _now(), once)
    origin = own_address(request, hand.house)
    links = [f"{origin}/invitation/{token}" for token in tokens]
    return page(request, language, "facilitator/cohorts/invitations.html", {"hand": hand, "links": links})


@desk.post("/members/{assessment}/link")
def new_link(request: Request, hand: InHand, language: VisitorLanguage, assessment: str, fields: Posted) -> Response:
    """A new private link for an organisation of an open cohort that lost its own."""
    _needs(hand.may_run and hand.cohort.privacy == "open")
    once = once_of(fields)
    _no_fields(fields)
    try:
        with hand.house.database.writing() as session:
            member = cohorts.member(session, hand.cohort.id, assessment)
            # It would open what no facilitator is shown: what comes from a confidential cohort.
            withheld = member is not None and assessments.carries_confidential(session, assessment)
            token = None
            if member and not withheld:
                wanted = token_by(once or new_token(), "private link", member.respondent_owner)
                token = assessments.rotate_once(session, member.respondent_owner, wanted, _now())
    except KeyUsedError:
        # It was replaced since: a page that is sent again does not bring it back.
        return RedirectResponse(hand.path() + "#members", 303)
    if member is None:
        raise HTTPException(404)
    if token is None:
        return _desk(request, hand, language, problem="withheld", status=409)
    link = f"{own_address(request, hand.house)}/r/{token}"
    return page(
        request,
        language,
        "facilitator/cohorts/new_link.html",
        {"hand": hand, "member": member, "link": link, "qr": qr_code(link)},
    )


@desk.post("/members/merge")
def merge(request: Request, hand: InHand, language: VisitorLanguage, fields: Posted) -> Response:
    """Make one of two assessments that are the same organisation: what the first leaves open, the second fills."""
    _needs(hand.may_run and hand.cohort.privacy == "open" and hand.cohort.closed_at is None)
    keep, drop = fields.pop("keep", ""), fields.pop("drop", "")
    _no_fields(fields)
    try:
        with hand.house.database.writing() as session:
            mine = {one.assessment for one in cohorts.members(session, hand.cohort.id)}
            if keep == drop or not {keep, drop} <= mine:
                return _desk(request, hand, language, problem="merge", status=422)
            cohorts.merge(session, hand.cohort.id, keep, drop, _now())
    except CannotMergeError as refused:
        return _desk(request, hand, language, problem=f"merge_{refused.reason}", status=409)
    hand.house.database.forget()
    return done(hand.path(), "merged", "#members")


def _desk(
    request: Request,
    hand: CohortVisit,
    language: str,
    problem: str | None = None,
    status: int = 200,
    typed: str = "",
) -> Response:
    cohort, questionnaire = hand.cohort, edition_of(hand)
    questions = len(questionnaire.in_form(cohort.form))
    with hand.house.database.reading() as session:
        progress = cohorts.progress(session, cohort.id)
        waiting = cohorts.only_to_finish(session, cohort.id, questions) if cohort.is_open else 0
        in_teams = cohorts.unfinished_in_teams(session, cohort.id) if cohort.is_open else (0, 0)
        members = cohorts.members(session, cohort.id) if cohort.privacy == "open" else []
        shares = cohorts.shares_of(session, cohort.id)
        secret = cohort.is_confidential
        standing = standing_of(session, questionnaire, cohort) if secret else None
        counting = would_count(session, questionnaire, cohort) if secret and cohort.is_open and hand.may_run else 0
    link = f"{own_address(request, hand.house)}/join/{cohort.join_code}"
    context = {
        "hand": hand,
        "questionnaire": questionnaire,
        "cohort": cohort,
        "words": questionnaire.wording(language),
        "questions": questions,
        "progress": progress,
        "waiting": waiting,
        "in_teams": in_teams,
        "released_from": RELEASED_FROM,
        "standing": standing,
        "counting": counting,
        "members": members,
        "shares": shares,
        "link": link,
        "qr": qr_code(link) if phones_can_reach(request, hand.house) else None,
        "problem": problem,
        "typed": typed,
        "once": new_token(),
    }
    return page(request, language, "facilitator/cohorts/desk.html", context, status)


def _plan_page(
    request: Request,
    house: House,
    language: str,
    given: dict[str, str],
    problems: dict[str, Problem],
    hand: CohortVisit | None,
) -> Response:
    newest = house.catalogue.newest()
    chosen = questionnaire_meant(house, given.get("questionnaire", ""), hand.cohort if hand else None)
    if chosen is None and len(newest) > 1:
        return which_one(request, language, newest, "/cohorts/new", wrong="questionnaire" in problems)
    chosen = chosen or newest[0]
    joined = 0
    if hand:
        with house.database.reading() as session:
            joined = cohorts.progress(session, hand.cohort.id).joined
    context = {
        "hand": hand,
        "fixed": hand is not None and (joined > 0 or not hand.cohort.is_open),
        "questionnaire": chosen,
        "several": len(newest) > 1,
        "words": chosen.wording(language),
        "offered": languages_offered(chosen.languages),
        "given": given,
        "problems": problems,
        "once": None if hand else given.get("once") or new_token(),
    }
    return page(request, language, "facilitator/cohorts/plan.html", context, status=422 if problems else 200)


def _needs(right: bool) -> None:
    if not right:
        raise HTTPException(403)


def _no_fields(fields: dict[str, str]) -> None:
    if fields:
        raise HTTPException(422, "fields")


router.include_router(desk)
