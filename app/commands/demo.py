"""The command `cxm demo`: an installation that a newcomer can walk through at once, of made-up organisations."""

import datetime
import random
import secrets
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from app import content
from app.commands.terminal import DEFAULT_ADDRESS, Refusal, read_settings, say
from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Answer, Respondent, Role
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, BusinessStage, FormName, Questionnaire
from app.passwords import Passwords
from app.reporting import close_cohort
from app.store import accounts, assessments, cohorts
from app.store.accounts import Account
from app.store.cohorts import CohortPlan
from app.store.database import Database, open_database
from app.time_zone import day_of

FACILITATOR = "demo@example.org"
SEED = 20260101
PASSWORD_BYTES = 12

FIRST = "Demonstration: first workshop"
SECOND = "Demonstration: 90 days later"
OPEN = "Demonstration: still open"
DAYS_BETWEEN = 90
DAYS_SINCE = 15
SINCE_THE_FIRST = 0.45
"""By so much, more or less, whoever sits in the second workshop stands higher than in the first."""
SHARE_OF_DONT_KNOW = 0.07
"""In the middle of the scale; who stands lower knows less."""
SHARE_OF_NOT_APPLICABLE = 0.03


_CENTRE: Mapping[BusinessStage, float] = {
    "pre_revenue": 1.9,
    "first_customers": 2.4,
    "growing": 2.9,
    "established": 3.3,
}
_COLLEAGUES: tuple[Role, ...] = ("front_office", "back_office", "other")

BOTH: Mapping[str, BusinessStage] = {
    "Leteči Krap d.o.o.": "first_customers",
    "Srebrni Polž d.o.o.": "growing",
    "Trije Ježi in hči d.o.o.": "pre_revenue",
    "Papierowy Żubr sp. z o.o.": "growing",
    "Szklany Borsuk sp. z o.o.": "established",
    "Kulatý Mrak s.r.o.": "first_customers",
    "Dvanáct Mlýnků s.r.o.": "growing",
    "Ľadová Lastovička s.r.o.": "first_customers",
}
"""They sit in both workshops."""
FIRST_ONLY: Mapping[str, BusinessStage] = {
    "Modri Regrat d.o.o.": "pre_revenue",
    "Trzy Kaczki Jutro sp. z o.o.": "first_customers",
    "Zamyšlená Žába s.r.o.": "established",
    "Dvaja Bociani a syn s.r.o.": "growing",
    "Wolkenzebra GmbH": "first_customers",
    "Tartaruga Veloce Domani S.r.l.": "pre_revenue",
}
SECOND_ONLY: Mapping[str, BusinessStage] = {
    "Ponočni Čmrlj d.o.o.": "growing",
    "Drewniana Wydra sp. z o.o.": "first_customers",
    "Šikovný Krtek a dcery s.r.o.": "pre_revenue",
    "Veselá Veverka Zajtra s.r.o.": "established",
}
STILL_OPEN: Mapping[str, BusinessStage] = {
    "Okrogla Kocka d.o.o.": "growing",
    "Sedem Slamnikov d.o.o.": "first_customers",
    "Cichy Wodospad sp. z o.o.": "growing",
    "Skákající Pařez s.r.o.": "pre_revenue",
    "Hodvábny Jazvec s.r.o.": "established",
    "Mondschnecke & Söhne GmbH": "growing",
    "Le Hérisson Pressé SARL": "first_customers",
    "Zeleni Dimnik d.o.o.": "pre_revenue",
    "Bílá Kavka a vnuk s.r.o.": "first_customers",
}
FINISHED, ANSWERING = 5, 2
"""Of those in the open cohort, in order; the rest have only joined."""


@dataclass(frozen=True)
class Made:
    """What stands in the new database, and how to get in."""

    password: str
    cohorts: tuple[str, ...]


def demo(
    database: Annotated[
        Path | None, typer.Option("--database", metavar="FILE", help="An SQLite file; CXM_DATABASE_URL if left out.")
    ] = None,
) -> None:
    """Fill a fresh database with two closed cohorts and one open one, all made up, and print how to sign in."""
    settings = read_settings()
    url = f"sqlite:///{database.absolute()}" if database else settings.database_url
    newest = content.catalogue(settings.questionnaires).newest()[0]
    opened = open_database(url)
    try:
        made = fill(opened, newest, datetime.datetime.now(datetime.UTC))
        where = f" {opened.file}" if opened.file else ""
    finally:
        opened.close()
    say(f"A demonstration stands in the database{where}: two closed cohorts and one open one, all made up:")
    for told in made.cohorts:
        say(f"  {told}")
    say("")
    say(f"Sign in as  {FACILITATOR}")
    say(f"password    {made.password}     (shown this once)")
    say("")
    say(f"Next: {f'CXM_DATABASE_URL={shlex.quote(url)} ' if database else ''}cxm serve")
    say(f"then open {settings.public_url or DEFAULT_ADDRESS}/sign-in")


def fill(database: Database, questionnaire: Questionnaire, now: datetime.datetime) -> Made:
    """Makes the demonstration, all or nothing. Raises Refusal for a database that holds anything."""
    database.migrate()
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    kept = Passwords().hash(password)
    with database.writing() as session:
        if accounts.all_accounts(session) or assessments.find_organisation(session, ""):
            where = f"{database.file}" if database.file else "the database"
            raise Refusal(f"{where} is in use already: a demonstration needs a fresh one, say with --database FILE")
        account = accounts.add_account(session, FACILITATOR, kept, now)
        return Made(password, tuple(_cohorts(session, questionnaire, account, now)))


def _cohorts(session: Session, questionnaire: Questionnaire, account: Account, now: datetime.datetime) -> Iterator[str]:
    second = now - datetime.timedelta(days=DAYS_SINCE)
    first = second - datetime.timedelta(days=DAYS_BETWEEN)
    short: FormName = "pulse" if "pulse" in questionnaire.forms else "full"
    workshops = (
        (FIRST, first, {**BOTH, **FIRST_ONLY}, 0.0),
        (SECOND, second, {**BOTH, **SECOND_ONLY}, SINCE_THE_FIRST),
    )
    for name, day, organisations, later in workshops:
        id_ = _create(session, account, _plan(questionnaire, name, short, day_of(day)), day)
        for place, (organisation, stage) in enumerate(organisations.items()):
            document = _document(questionnaire, short, organisation, stage, later)
            document = document.model_copy(update={"date": day_of(day)})
            cohorts.join_with(session, id_, document, day + datetime.timedelta(minutes=place))
        close_cohort(session, questionnaire, id_, day + datetime.timedelta(hours=2))
        yield f"{name} (closed, {len(organisations)} organisations)"
    opened = now - datetime.timedelta(hours=1)
    id_ = _create(session, account, _plan(questionnaire, OPEN, "full", day_of(now)), opened)
    for place, (organisation, stage) in enumerate(STILL_OPEN.items()):
        document = _document(questionnaire, "full", organisation, stage, SINCE_THE_FIRST)
        if place < FINISHED:
            document = document.model_copy(update={"date": day_of(now)})
        else:
            document = _only_begun(document, 3 * (place + 1) if place < FINISHED + ANSWERING else 0)
        cohorts.join_with(session, id_, document, opened + datetime.timedelta(minutes=place))
    yield f"{OPEN} (open, {len(STILL_OPEN)} have joined, {FINISHED} of them have finished)"


def _create(session: Session, account: Account, plan: CohortPlan, now: datetime.datetime) -> str:
    return cohorts.create(session, account.id, plan, now, is_demo=True).id


def _plan(questionnaire: Questionnaire, name: str, form: FormName, day: datetime.date) -> CohortPlan:
    return CohortPlan(
        name=name,
        date=day,
        questionnaire=questionnaire.id,
        edition=questionnaire.edition,
        form=form,
        language=questionnaire.languages[0],
        privacy="open",
    )


def _document(
    questionnaire: Questionnaire, form: FormName, organisation: str, stage: BusinessStage, later: float
) -> AnswerDocument:
    """One sitting. An organisation has a profile, which `later` lifts, more or less; a team of it may answer."""
    chance = random.Random(f"{SEED} {organisation}")  # noqa: S311 - made-up answers, the same every time
    centre = _CENTRE[stage] + chance.gauss(0, 0.45)
    leanings = {dimension: chance.gauss(0, 0.4) for dimension in questionnaire.dimensions}
    lift = later * chance.uniform(-0.3, 2)
    moved = random.Random(f"{SEED} {organisation} {later}")  # noqa: S311 - the same
    for dimension in leanings:
        leanings[dimension] += later * moved.gauss(0, 0.5)
    # Those nearer to the customers see it otherwise than their leader.
    people: dict[Role, float] = {"leadership": 0.0}
    for role in _COLLEAGUES[: chance.choice((0, 0, 0, 1, 2))]:
        people[role] = chance.gauss(-0.3, 0.5)
    standing = {
        question.id: centre
        + lift
        + sum(leanings[dimension] for dimension in question.counts_for)
        + chance.gauss(0, 0.45)
        for question in questionnaire.questions
    }
    asked = questionnaire.in_form(form)
    noticed = chance.sample(questionnaire.dimensions, min(6, len(questionnaire.dimensions) // 2 * 2))
    half = len(noticed) // 2
    return AnswerDocument(
        questionnaire=questionnaire.id,
        edition=questionnaire.edition,
        form=form,
        organisation=organisation,
        language=questionnaire.languages[0],
        business_stage=stage,
        respondents=tuple(
            Respondent(role=role, answers={one.id: _answer(moved, standing[one.id] + seen) for one in asked})
            for role, seen in people.items()
        ),
        importance=dict.fromkeys(noticed[:half], HIGHEST_LEVEL) | dict.fromkeys(noticed[half:], LOWEST_LEVEL),
    )


def _answer(chance: random.Random, standing: float) -> Answer:
    kind = chance.random()
    if kind < SHARE_OF_NOT_APPLICABLE:
        return NOT_APPLICABLE
    if kind < SHARE_OF_NOT_APPLICABLE + SHARE_OF_DONT_KNOW * (HIGHEST_LEVEL - standing) / 2:
        return DONT_KNOW
    return min(HIGHEST_LEVEL, max(LOWEST_LEVEL, round(standing + chance.gauss(0, 0.45))))


def _only_begun(document: AnswerDocument, answered: int) -> AnswerDocument:
    """The leader alone, with the first so many answers."""
    leader = document.respondents[0]
    begun = Respondent(role=leader.role, answers=dict(list(leader.answers.items())[:answered]))
    return document.model_copy(update={"respondents": (begun,), "importance": {}})
