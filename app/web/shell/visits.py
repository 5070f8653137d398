"""Who asks, for which assessment, in which language: the door that every page goes through."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from babel import negotiate_locale
from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from app.content import Catalogue
from app.core.answers.values import Role
from app.core.questionnaire.model import Questionnaire
from app.passwords import Passwords
from app.printing import Printer
from app.settings import Settings
from app.store import assessments, cohorts
from app.store.assessments import Membership, Sitting
from app.store.cohorts import Cohort
from app.store.database import Database
from app.wording import languages_offered

COOKIE_AGE = 400 * 24 * 60 * 60
"""Seconds: the longest that browsers keep a cookie."""

LANGUAGE_COOKIE = "cxm-language"

FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", ""})
"""What a form comes as; nothing at all from a program that has no field to send."""


@dataclass(frozen=True)
class House:
    """What the application is made of; one for its whole life."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    printer: Printer
    passwords: Passwords

    @property
    def secure(self) -> bool:
        """Whether the public address is https, so that cookies may carry the `__Host-` prefix."""
        return bool(self.settings.public_url and self.settings.public_url.startswith("https:"))

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language in which some questionnaire can be taken, in the order the questionnaires name them."""
        named = [code for questionnaire in self.catalogue.newest() for code in questionnaire.languages]
        return languages_offered(tuple(dict.fromkeys(named)))


def house_of(request: Request) -> House:
    """The application's parts."""
    house: House = request.app.state.house
    return house


InHouse = Annotated[House, Depends(house_of)]


def visitor_language(request: Request, house: InHouse) -> str:
    """What the visitor chose, else what the browser asks for, else the first on offer."""
    offered = house.languages
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in offered:
        return chosen
    # In small letters, for what is found comes back as it was asked for.
    asked = [entry.split(";")[0].strip().lower() for entry in request.headers.get("accept-language", "").split(",")]
    return negotiate_locale(asked, offered, sep="-") or offered[0]


VisitorLanguage = Annotated[str, Depends(visitor_language)]


@dataclass(frozen=True)
class Visit:
    """A visitor who holds a private link of one assessment: its owner's, or a colleague's.

    `team_size` counts the people who answer, `unfinished` those of a team who have not finished; `own_finished` says
    whether this one has.
    """

    house: House
    assessment: str
    respondent: str
    token: str
    sitting: Sitting
    questionnaire: Questionnaire
    language: str
    cohort: Cohort | None
    is_owner: bool
    role: Role
    team_size: int
    unfinished: int
    own_finished: bool

    @property
    def is_fixed(self) -> bool:
        """Whether nothing can be changed any more: the cohort is closed."""
        return self.cohort is not None and not self.cohort.is_open

    @property
    def is_team(self) -> bool:
        """Whether more than one person answers."""
        return self.team_size > 1

    @property
    def may_see_result(self) -> bool:
        """In a team, whoever has finished their own answers, or can change none: nobody is led by the others'."""
        return self.own_finished or not self.is_team or self.is_fixed

    def path(self, *parts: str) -> str:
        """The address of a page of this assessment."""
        return "/".join([f"/assessments/{self.assessment}", *parts])


MERGED = "merged"
"""Why an assessment is not there any more: whose facilitator merged it into another."""


def visit_of(request: Request, house: InHouse, assessment: str) -> Visit:
    """The visit of whoever holds the assessment's cookie; to everybody else it does not exist (404).

    Whoever holds the link of one that was merged into another is told so (404 as well).
    """
    token = request.cookies.get(_cookie_name(house, assessment))
    if token is None:
        raise HTTPException(404)
    with house.database.reading() as session:
        place = assessments.place_of(session, token)
        sitting = assessments.sitting(session, assessment) if place and place.assessment == assessment else None
        cohort = cohorts.cohort_of_assessment(session, assessment) if sitting else None
        team_size, unfinished = assessments.team_size(session, assessment) if sitting else (0, 0)
        merged = place is None and cohorts.was_merged(session, token)
    if place is None or sitting is None:
        raise HTTPException(404, MERGED if merged else None)
    questionnaire = house.catalogue.edition(sitting.questionnaire, sitting.edition)
    if questionnaire is None:
        raise HTTPException(503, "questionnaire")
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    offered = languages_offered(questionnaire.languages)
    language = next((code for code in (chosen, sitting.language) if code in offered), offered[0])
    return Visit(
        house=house,
        assessment=assessment,
        respondent=place.respondent,
        token=token,
        sitting=sitting,
        questionnaire=questionnaire,
        language=language,
        cohort=cohort,
        is_owner=place.is_owner,
        role=place.role,
        team_size=team_size,
        unfinished=unfinished if team_size > 1 else 0,
        own_finished=_has_finished(place, sitting),
    )


Visiting = Annotated[Visit, Depends(visit_of)]


def owning(visit: Visiting) -> Visit:
    """The visit of the assessment's owner; to colleagues what only the owner may do does not exist (404)."""
    if not visit.is_owner:
        raise HTTPException(404)
    return visit


Owning = Annotated[Visit, Depends(owning)]


def _cookie_name(house: House, assessment: str) -> str:
    # A browser only accepts the prefix over https; a workshop's own network is often plain http.
    return f"{'__Host-' if house.secure else ''}cxm-{assessment}"


def remember(response: Response, house: House, assessment: str, token: str) -> None:
    """This browser holds the private link from now on."""
    response.set_cookie(
        _cookie_name(house, assessment), token, COOKIE_AGE, path="/", secure=house.secure, httponly=True, samesite="lax"
    )


def forget(response: Response, house: House, assessment: str) -> None:
    """This browser no longer holds the private link."""
    response.delete_cookie(
        _cookie_name(house, assessment), path="/", secure=house.secure, httponly=True, samesite="lax"
    )


@dataclass(frozen=True)
class HeldPlace:
    """A place whose private link a browser holds."""

    sitting: Sitting
    is_owner: bool
    own_finished: bool


def held(request: Request, house: House) -> Iterator[Sitting]:
    """The assessments whose private links this browser holds, latest first."""
    yield from (place.sitting for place in places_held(request, house))


def places_held(request: Request, house: House) -> list[HeldPlace]:
    """The places whose private links this browser holds, the assessment that changed last first."""
    prefix = _cookie_name(house, "")
    tokens = [value for name, value in request.cookies.items() if name.startswith(prefix) and name != LANGUAGE_COOKIE]
    places: list[HeldPlace] = []
    with house.database.reading() as session:
        for token in tokens:
            member = assessments.place_of(session, token)
            sitting = assessments.sitting(session, member.assessment) if member else None
            if member and sitting:
                places.append(HeldPlace(sitting, member.is_owner, _has_finished(member, sitting)))
    return sorted(places, key=lambda place: place.sitting.updated_at, reverse=True)


def assessments_held(request: Request, house: House) -> list[str]:
    """The assessments in which this browser has a place."""
    return [place.sitting.id for place in places_held(request, house)]


def _has_finished(member: Membership, sitting: Sitting) -> bool:
    return member.finished_at is not None or (member.is_owner and sitting.finished_at is not None)


def own_address(request: Request, house: House) -> str:
    """Scheme and host under which others reach this server, for links and QR codes."""
    return house.settings.public_url or f"{request.url.scheme}://{request.url.netloc}"


def is_on_this_site(address: str) -> bool:
    """Whether a `next` address stays here: a path alone, which no browser reads as another host."""
    parts = urlsplit(address)
    plain = address.startswith("/") and not address.startswith("//") and "\\" not in address
    return plain and not parts.scheme and not parts.netloc and address.isprintable()


async def posted(request: Request) -> dict[str, str]:
    """The fields of a form, each once and none a file. Raises HTTPException 422."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise HTTPException(422, "fields")
    try:
        async with request.form() as form:
            fields = {name: value for name, value in form.multi_items() if not isinstance(value, UploadFile)}
            if len(fields) != len(form.multi_items()):
                raise HTTPException(422, "fields")
    except ValueError:  # the character set that the form claims is none for text
        raise HTTPException(422, "fields") from None
    if not all(_is_text(text) for text in (*fields, *fields.values())):
        raise HTTPException(422, "fields")
    return fields


def _is_text(text: str) -> bool:
    """Whether it can be sent again: with some character sets half a character comes through."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


Posted = Annotated[dict[str, str], Depends(posted)]
