"""A cohort in each of its states, and everybody around it: who may own, run or read it, and who may not."""

import io
import secrets
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from app.core.answers.document import AnswerDocument, accept_document
from app.reporting import close_cohort
from app.store import accounts, assessments, cohorts
from app.store.assessments import Place
from app.store.cohorts import CohortPlan, Privacy, Right
from app.store.exports import jobs
from tests.web.facilitator.facilitating import COOKIE, Person, add_account, api_token, facilitator, now
from tests.web.shell.door_tables import DOCUMENT, JOINING, NAME, QUESTION, State
from tests.web.visiting import HERE, house_of, stranger

FEWEST_RELEASED = 5


@dataclass(frozen=True)
class Somebody:
    """Who knocks, with a browser (its cookies, and for the API a token) and the keys that they try."""

    who: str
    browser: TestClient
    keys: Mapping[str, str]


@dataclass(frozen=True)
class Scene:
    """A cohort's people by what they may do with it, and the keys to it."""

    people: Mapping[Right, Somebody]
    keys: Mapping[str, str]


def scene(app: FastAPI, state: State = "open", address: str = HERE) -> Scene:
    """A new cohort with members that have finished, the first of which its owner's browser holds."""
    owner, runner, reader = (signed_in(app, address) for _ in range(3))
    colleague = add_account(app)
    privacy: Privacy = "confidential" if state in {"confidential", "released"} else "open"
    cohort, _ = _cohort(app, owner, privacy)
    other, other_code = _cohort(app, owner, "open")
    with house_of(app).database.writing() as session:
        for one in (cohort, other):
            cohorts.share(session, one, runner.account, "run")
            cohorts.share(session, one, reader.account, "read")
        places = [
            _join(session, app, cohort, number) for number in range(FEWEST_RELEASED if privacy == "confidential" else 2)
        ]
        elsewhere = _join(session, app, other, 0)
        team = assessments.open_team(session, elsewhere.assessment, now())
        [invitation] = cohorts.invite(session, other, 1, now())
        job = _bundle(session, app, cohort, owner.account)
        if state in {"closed", "released"}:
            close_cohort(session, house_of(app).catalogue.newest()[0], cohort, now())
    app.state.releases.finish()
    keys = {
        "cohort": cohort,
        "other": other,
        "privacy": privacy,
        # Of the other cohort, and of a team in it: this one the owner's browser has joined.
        "code": other_code,
        "team": team,
        "invitation": invitation,
        "assessment": places[0].assessment,
        "r": places[0].token,
        "drop": places[1].assessment,
        "job": job,
        "email": owner.email,
        "colleague": colleague[1],
        "reader": reader.account,
    }
    assert owner.browser.get(f"/r/{places[0].token}").status_code == 303
    people: dict[Right, Somebody] = {
        "own": somebody(app, "its owner", owner, keys),
        "run": somebody(app, "somebody who may run it", runner, keys),
        "read": somebody(app, "somebody who may read it", reader, keys),
    }
    return Scene(people, keys)


def signed_in(app: FastAPI, address: str = HERE) -> Person:
    """A new facilitator, signed in without a page."""
    account, email = add_account(app)
    browser = stranger(app, address)
    with house_of(app).database.writing() as session:
        kept = accounts.password_hash_of(session, account)
        token = accounts.sign_in(session, account, now(), checked=kept)
    browser.cookies.set(f"{'__Host-' if house_of(app).secure else ''}{COOKIE}", token, domain=browser.base_url.host)
    return Person(browser, account, email)


def somebody(app: FastAPI, who: str, person: Person, keys: Mapping[str, str]) -> Somebody:
    """A facilitator whose browser also sends a token of theirs."""
    return Somebody(who, with_token(person.browser, api_token(app, person.account)[1]), keys)


def with_token(browser: TestClient, token: str) -> TestClient:
    """The same browser, which sends a token from now on."""
    browser.headers["authorization"] = f"Bearer {token}"
    return browser


def not_given(app: FastAPI, of: Scene) -> Iterator[Somebody]:
    """Facilitators to whom the cohort is not given."""
    yield somebody(app, "another facilitator", facilitator(app), of.keys)
    former = facilitator(app)
    with house_of(app).database.writing() as session:
        cohorts.share(session, of.keys["cohort"], former.account, "run")
        cohorts.unshare(session, of.keys["cohort"], former.account)
    yield somebody(app, "somebody with whom it is shared no more", former, of.keys)
    elsewhere = scene(app, "open").people["own"]
    yield Somebody("the owner of another cohort", elsewhere.browser, of.keys)


def nobody(app: FastAPI, of: Scene) -> Iterator[Somebody]:
    """Everybody who is not signed in, and has no token that holds."""

    def one(who: str, cookie: str | None = None, token: str | None = None) -> Somebody:
        browser = stranger(app)
        if cookie is not None:
            browser.cookies.set(COOKIE, cookie)
        if token is not None:
            with_token(browser, token)
        return Somebody(who, browser, of.keys)

    forged = secrets.token_urlsafe(20)
    owner = of.people["own"].browser
    token = owner.headers["authorization"].removeprefix("Bearer ")
    yield one("a stranger")
    yield one("a stranger with what they made up", forged, f"cxm_{forged}")
    yield one("a stranger with nothing in their hands", "", "")
    yield one("somebody who takes the one for the other", token, owner.cookies[COOKIE])
    # A private link's: the cookie as it should be, and as a token.
    member = one("an organisation of the cohort", None, of.keys["r"])
    member.browser.cookies.set(f"cxm-{of.keys['assessment']}", of.keys["r"])
    yield member
    disabled, left = facilitator(app), facilitator(app)
    key, revoked = api_token(app, left.account)
    ended = left.token
    with house_of(app).database.writing() as session:
        for person in (disabled, left):
            cohorts.share(session, of.keys["cohort"], person.account, "run")
        accounts.disable(session, disabled.account, now())
        accounts.revoke_api_token(session, left.account, key)
        accounts.end_sign_ins(session, left.account)
    with house_of(app).database.reading() as session:
        assert accounts.api_tokens_of(session, left.account) == []
    yield one("somebody whose account was disabled", disabled.token, _rested(app, of))
    yield one("somebody whose token was revoked, and who was signed out", ended, revoked)


def _rested(app: FastAPI, of: Scene) -> str:
    """The token of an account that was disabled after the cohort was shared with it."""
    account, _ = add_account(app)
    _, token = api_token(app, account)
    with house_of(app).database.writing() as session:
        cohorts.share(session, of.keys["cohort"], account, "run")
        accounts.disable(session, account, now())
    return token


def uninvited(app: FastAPI) -> Iterator[Somebody]:
    """Codes and invitations that let nobody in, to a cohort or a team."""

    def one(who: str, code: str, invitation: str, team: str) -> Somebody:
        return Somebody(who, stranger(app), {"code": code, "invitation": invitation, "team": team})

    yield one("somebody who guesses", "0" * 8, secrets.token_urlsafe(20), "0" * 8)
    for end in (cohorts.close, cohorts.archive):
        cohort, code = _cohort(app, facilitator(app), "open")
        with house_of(app).database.writing() as session:
            place = _join(session, app, cohort, 0)
            # An archived cohort's teams go on; they end by themselves.
            opened = now() if end is cohorts.close else now() - timedelta(days=15)
            team = assessments.open_team(session, place.assessment, opened)
            [invitation] = cohorts.invite(session, cohort, 1, now())
            end(session, cohort, now())
        yield one(f"somebody who comes too late ({end.__name__})", code, invitation, team)
    cohort, old = _cohort(app, facilitator(app), "open")
    with house_of(app).database.writing() as session:
        place = _join(session, app, cohort, 0)
        team = assessments.open_team(session, place.assessment, now())
        [used] = cohorts.invite(session, cohort, 1, now())
        cohorts.renew_code(session, cohort, now())
        assessments.renew_team_code(session, place.assessment, now())
    assert stranger(app).post(f"/invitation/{used}", data=JOINING).status_code == 303
    yield one("somebody with an old code and a used invitation", old, used, team)


def _cohort(app: FastAPI, owner: Person, privacy: Privacy) -> tuple[str, str]:
    plan = CohortPlan(
        name="Spring intake",
        date=date(2027, 3, 1),
        questionnaire=DOCUMENT["questionnaire"],
        edition=DOCUMENT["edition"],
        form=DOCUMENT["form"],
        language="en",
        privacy=privacy,
    )
    with house_of(app).database.writing() as session:
        made = cohorts.create(session, owner.account, plan, now())
    return made.id, made.join_code


def _member(app: FastAPI, number: int) -> AnswerDocument:
    """An organisation that has no aims and left one question open, so that they can be saved."""
    name = f"{NAME} {number}" if number else NAME
    answers = {id_: answer for id_, answer in DOCUMENT["respondents"][0]["answers"].items() if id_ != QUESTION}
    respondents = [{"role": "leadership", "answers": answers}]
    told = DOCUMENT | {"organisation": name, "targets": {}, "importance": {}, "respondents": respondents}
    return accept_document(told, house_of(app).catalogue.edition)[0]


def _join(session: Session, app: FastAPI, cohort: str, number: int) -> Place:
    # Not `cohorts.join_with`, which imports nothing into a confidential cohort.
    return assessments.begin_from(session, _member(app, number), now(), cohort)


def _bundle(session: Session, app: FastAPI, cohort: str, account: str) -> str:
    """A ZIP of all reports that was made."""
    job = jobs.start(session, cohort, account, "reports", 1, now())
    claimed = None
    while claimed is None or claimed.id != job.id:
        claimed = jobs.claim_next(session, "reports", now())
        assert claimed is not None
    folder = app.state.bundles.folder
    folder.mkdir(exist_ok=True)
    name = f"{job.id}-{claimed.claims}.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("report.pdf", NAME)
    (folder / name).write_bytes(packed.getvalue())
    jobs.finish(session, claimed, name, now())
    return job.id
