"""Sharing: links by which anybody reads a report or a journey and changes nothing, until they end; who gets results."""

import datetime
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from app.core.answers.document import AnswerDocument
from app.core.answers.modules import Recipient, Touchpoint
from app.core.questionnaire.model import Questionnaire
from app.reporting import printed, report_for
from app.reporting.journeys import PaperSize, printed_journey
from app.store import assessments, cohorts
from app.store.assessments import FullError, GoneError, Shared
from app.store.assessments.shares import MOST_SHARES
from app.store.secrets.tokens import new_token
from app.time_zone import day_of
from app.web.participant.result import own_answers_first
from app.web.shell.cookies import after_link, came_by_link
from app.web.shell.downloads import pdf_file
from app.web.shell.forms import once_of, problems_of
from app.web.shell.frame import frame, phones_can_reach, qr_code
from app.web.shell.render import is_htmx, page, partial
from app.web.shell.saying import done
from app.web.shell.visits import (
    COOKIE_AGE,
    LANGUAGE_COOKIE,
    House,
    InHouse,
    Owning,
    Posted,
    Visit,
    VisitorLanguage,
    own_address,
)
from app.wording import languages_offered

router = APIRouter()
owners = APIRouter(prefix="/assessments/{assessment}/sharing")
readers = APIRouter(prefix="/shared-with/{share}")

RECIPIENTS: tuple[Recipient, ...] = get_args(Recipient)
UNSEEN = {"x-robots-tag": "noindex, nofollow, noarchive"}
"""Search engines, to which somebody may show a link, keep nothing of what it shows."""


class ShareForm(BaseModel):
    """What a link shows, and for how many days."""

    model_config = ConfigDict(extra="forbid")

    what: Literal["report", "journey"]
    days: Literal["7", "30", "90"]


class EndedError(Exception):
    """The link shows nothing: it has expired, was revoked, or never was one."""


class EmptyError(Exception):
    """There is nothing drawn yet that the link could show."""


@dataclass(frozen=True)
class Reading:
    """Somebody who holds a link that shows something: what, and in which language.

    `is_ready` says whether a report is; a journey, which tells nobody's answers, always is.
    """

    house: House
    share: Shared
    document: AnswerDocument
    touchpoints: tuple[Touchpoint, ...]
    questionnaire: Questionnaire
    language: str
    is_ready: bool

    def path(self, *parts: str) -> str:
        """The address of what is shown."""
        return "/".join([f"/shared-with/{self.share.id}", *parts])


def reading_of(request: Request, house: InHouse, share: str) -> Reading:
    """Whoever holds the link's cookie, as long as the link shows something. Raises EndedError."""
    token = request.cookies.get(_cookie(house, share))
    if token is None:
        raise EndedError
    with house.database.reading() as session:
        found = assessments.still_shared(session, share, token, _now())
        if found is None:
            raise EndedError
        document = assessments.document(session, found.assessment, "shared")
        touchpoints = tuple(one.touchpoint for one in assessments.touchpoints_of(session, found.assessment))
        # As for the owner: in a team, what others said is seen by nobody before the owner has finished.
        cohort = cohorts.cohort_of_assessment(session, found.assessment)
        is_team = assessments.team_size(session, found.assessment)[0] > 1
    is_ready = document.date is not None or not is_team or (cohort is not None and not cohort.is_open)
    questionnaire = house.catalogue.edition(document.questionnaire, document.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    offered = languages_offered(questionnaire.languages)
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    language = next((code for code in (chosen, document.language) if code in offered), offered[0])
    return Reading(house, found, document, touchpoints, questionnaire, language, is_ready or found.what == "journey")


InReading = Annotated[Reading, Depends(reading_of)]


@owners.get("")
def show(request: Request, visit: Owning) -> Response:
    """The links there are, a new one, and who gets the results."""
    return _page(request, visit)


@owners.post("")
def make(request: Request, visit: Owning, fields: Posted) -> Response:
    """Make a link; it is shown only now. A page makes one of each kind, however often its button was pressed."""
    once = once_of(fields)
    try:
        form = ShareForm.model_validate(fields)
    except ValidationError as error:
        return _page(request, visit, given=fields, problems=set(problems_of(error)), status=422)
    if not visit.may_see_result:
        return own_answers_first(request, visit)
    try:
        with visit.house.database.writing() as session:
            if form.what == "journey" and not assessments.touchpoints_of(session, visit.assessment):
                raise EmptyError
            share, token = assessments.share(session, visit.assessment, form.what, int(form.days), _now(), once)
    except EmptyError:
        return _page(request, visit, given=fields, problems={"empty"}, status=422)
    except FullError:
        return _page(request, visit, given=fields, problems={"full"}, status=422)
    except GoneError:
        # It was ended since: a page that is sent again does not bring it back.
        return RedirectResponse(visit.path("sharing") + "#links", 303)
    link = f"{own_address(request, visit.house)}/shared/{token}"
    qr = qr_code(link) if phones_can_reach(request, visit.house) else None
    return page(
        request,
        visit.language,
        "participant/sharing/link.html",
        frame(visit) | {"share": share, "link": link, "qr": qr},
    )


@owners.post("/recipients")
def save_recipients(request: Request, visit: Owning, fields: Posted) -> Response:
    """Keep who gets the results: what was changed on the page, and nothing that was changed elsewhere meanwhile."""
    seen = set(filter(None, fields.pop("seen", "").split(",")))
    ticked = {one for one in RECIPIENTS if fields.pop(one, "") == "yes"}
    if fields or not seen <= set(RECIPIENTS):
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        for one in RECIPIENTS:
            if (one in seen) != (one in ticked):
                name, was, value = f"after_report.results_to.{one}", one in seen, one in ticked
                assessments.save_field(session, visit.assessment, name, value or None, {was or None}, _now())
    if is_htmx(request):
        return partial(
            visit.language, "participant/sharing/_recipients_saved.html", {"chosen": _chosen(visit), "saved": True}
        )
    return done(visit.path("sharing"), "saved", "#recipients")


@owners.post("/{share}/revoke")
def revoke(visit: Owning, share: str, fields: Posted) -> Response:
    """End a link at once."""
    if fields:
        raise HTTPException(422, "fields")
    with visit.house.database.writing() as session:
        assessments.revoke(session, visit.assessment, share, _now())
    return done(visit.path("sharing"), "link_ended", "#links")


@router.get("/shared/{token}")
def open_link(request: Request, house: InHouse, language: VisitorLanguage, token: str) -> Response:
    """Trade a link for this browser's cookie, and go on at an address that gives nothing away."""
    with house.database.reading() as session:
        found = assessments.shared(session, token, _now())
    response: Response
    if found is None:
        response = ended(request, language)
    else:
        response = RedirectResponse(after_link(f"/shared-with/{found.id}", request, house), 303, UNSEEN)
        # Kept longer than any link lives: when it has ended, the page can say so.
        response.set_cookie(
            _cookie(house, found.id), token, COOKIE_AGE, secure=house.secure, httponly=True, samesite="lax"
        )
    # This address is the secret itself: not even our own pages are to read it in a Referer.
    response.headers["referrer-policy"] = "no-referrer"
    return response


@readers.get("")
def show_shared(request: Request, reading: InReading) -> Response:
    """What is shared, to read."""
    if came_by_link(request):
        return RedirectResponse(reading.path(), 303, UNSEEN)  # at an address that can be kept
    document = reading.document
    context = {"reading": reading, "shared": True, "may_edit": False}
    if reading.share.what == "journey":
        context |= {"touchpoints": reading.touchpoints, "organisation": document.organisation}
        response = page(request, reading.language, "participant/sharing/journey.html", context)
    elif not reading.is_ready:
        response = page(
            request, reading.language, "participant/sharing/not_ready.html", {"organisation": document.organisation}
        )
    else:
        report = report_for(reading.questionnaire, document, reading.language)
        response = page(request, reading.language, "participant/sharing/report.html", context | {"report": report})
    response.headers.update(UNSEEN)
    return response


@readers.get("/report.pdf")
def shared_report_pdf(request: Request, reading: InReading) -> Response:
    """The shared report to print."""
    if reading.share.what != "report":
        raise EndedError
    if not reading.is_ready:
        return RedirectResponse(reading.path(), 303, UNSEEN)
    report = report_for(reading.questionnaire, reading.document, reading.language)
    return _pdf(request, reading, printed(report, is_shared=True))


@readers.get("/journey.pdf")
def shared_journey_pdf(request: Request, reading: InReading, size: PaperSize = "a4") -> Response:
    """The journey to print, which stands in a shared report too."""
    if not reading.is_ready:
        return RedirectResponse(reading.path(), 303, UNSEEN)
    document = reading.document
    day = document.date or day_of(_now())
    html = printed_journey(reading.touchpoints, document.organisation, reading.language, day, size)
    return _pdf(request, reading, html)


def ended(request: Request, language: str) -> Response:
    """That a link shows nothing; not whose it was."""
    response = page(request, language, "participant/sharing/ended.html", status=404)
    response.headers.update(UNSEEN)
    return response


def _pdf(request: Request, reading: Reading, html: str) -> Response:
    name = reading.document.organisation
    response = pdf_file(request, reading.house, reading.language, html, name, reading.path())
    response.headers.update(UNSEEN)
    return response


def _cookie(house: House, share: str) -> str:
    # As for private links: browsers accept the prefix over https only.
    return f"{'__Host-' if house.secure else ''}cxm-shared-{share}"


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _chosen(visit: Visit) -> list[str]:
    with visit.house.database.reading() as session:
        fields = assessments.fields_of(session, visit.assessment)
    return [one for one in RECIPIENTS if fields.get(f"after_report.results_to.{one}")]


def _page(
    request: Request,
    visit: Visit,
    *,
    given: dict[str, str] | None = None,
    problems: set[str] | None = None,
    status: int = 200,
) -> Response:
    with visit.house.database.reading() as session:
        shares = assessments.shares_of(session, visit.assessment, _now())
        touchpoints = assessments.touchpoints_of(session, visit.assessment)
    context = frame(visit) | {
        "shares": shares,
        "touchpoints": len(touchpoints),
        "recipients": RECIPIENTS,
        "chosen": _chosen(visit),
        "saved": False,
        "given": {"what": "report", "days": "30"} | (given or {}),
        "problems": problems or set(),
        "most": MOST_SHARES,
        "once": new_token(),
    }
    return page(request, visit.language, "participant/sharing/page.html", context, status)


for one in (owners, readers):
    router.include_router(one)
