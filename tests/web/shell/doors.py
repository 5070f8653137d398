"""Every door of the web application: found from the application itself, knocked at, and held against the tables."""

import io
import secrets
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol  # what a request is made of, the client's own arguments

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient

from app.core.answers.document import Action
from app.core.answers.modules import Touchpoint
from app.store import accounts, assessments, sqlite
from app.store.assessments import Place
from app.store.cohorts import Right
from app.store.secrets.tokens import hashed
from tests.web.facilitator.facilitating import COOKIE, add_account, api_token, facilitator, now, one_time_link
from tests.web.shell.door_tables import (
    EXPECTED,
    FIELDS,
    FILES,
    IN_ADDRESSES,
    NAME,
    NEW_PASSWORD,
    OF_A_COHORT,
    OPEN_TO_A_ONE_TIME_LINK,
    OPEN_TO_ALL,
    OPEN_TO_COLLEAGUES,
    OPEN_TO_FACILITATORS,
    OPEN_TO_READERS,
    OPEN_TO_THE_INVITED,
    OPEN_TO_THE_OWNER,
    OPEN_TO_THE_TEAM,
    QUERIES,
    SENT_AS_JSON,
    State,
    To,
)
from tests.web.shell.scenes import Somebody, nobody, not_given, scene, uninvited, with_token
from tests.web.visiting import HERE, Holder, begin, dump, file_of, house_of, stranger

HASH_LENGTH = 64
ANSWERED = "culture.purpose"
"""What colleagues have answered, so that they can finish; another question than the one that doors answer."""

RIGHTS: tuple[Right, ...] = ("own", "run", "read")
"""From the most to the least."""

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class Knocker(Protocol):
    """Somebody with a browser, and with keys that fill in addresses and forms."""

    @property
    def browser(self) -> TestClient:
        """Their browser."""

    @property
    def keys(self) -> Mapping[str, str]:
        """`r`, `setup` and the like for the token in an address that begins so, and `team` for the code; else by the
        pattern's own word.
        """


@dataclass(frozen=True)
class Door:
    """A method and a path's pattern; `MOUNT` for what hands on to files."""

    method: str
    pattern: str

    def __str__(self) -> str:
        return f"{self.method} {self.pattern}"

    @property
    def is_safe(self) -> bool:
        """Whether it only shows."""
        return self.method not in {"POST", "PUT", "PATCH", "DELETE"}

    @property
    def is_for_programs(self) -> bool:
        """Whether it is a call of the API, which takes a token and no cookie."""
        return self.pattern.startswith("/api/")

    @property
    def without_sign_in(self) -> int:
        """What those get who are not signed in, where one has to be."""
        return 401 if self.is_for_programs else 303

    def path(self, keys: Mapping[str, str]) -> str:
        """The address with these keys."""
        if self.method == "MOUNT":
            return f"{self.pattern}/cxm.css"
        secret = keys.get(self.pattern.split("/")[1], "")
        code = secret or keys.get("code", "")
        path = self.pattern.format(**{**IN_ADDRESSES, **keys, "token": secret, "code": code})
        query = QUERIES.get(str(self), "").format(**keys)
        return f"{path}?{query}" if query else path

    def fields(self, keys: Mapping[str, str]) -> dict[str, str]:
        """What its form sends."""
        return {name: value.format(**keys) for name, value in FIELDS.get(str(self), {}).items()}

    def body(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """All that it is sent, as the client takes it."""
        if str(self) in SENT_AS_JSON:
            return {"json": SENT_AS_JSON[str(self)]}
        files = {name: (f"{name}.json", content) for name, content in FILES.get(str(self), {}).items()}
        return {"data": self.fields(keys)} | ({"files": files} if files else {})

    def knock(self, who: Knocker, method: str = "", **headers: str) -> tuple[int, bytes]:
        """Sends what the door is sent; the status and the body."""
        method = method or ("GET" if self.method == "MOUNT" else self.method)
        body = self.body(who.keys) if method == self.method else {}
        response = who.browser.request(method, self.path(who.keys), headers=headers, **body)
        return response.status_code, response.content


def doors_of(app: FastAPI) -> list[Door]:
    """Every route of the application, from the application itself."""
    found = []
    for route in iter_route_contexts(app.routes):
        for method in sorted(route.methods or {"MOUNT"}):
            found.append(Door(method, str(route.path)))
    return found


def unsafe_doors(app: FastAPI) -> list[Door]:
    """Those that write."""
    return [door for door in doors_of(app) if not door.is_safe]


@dataclass(frozen=True)
class Insider(Holder):
    """Somebody to whom every door opens: with a private link, signed in, and with links that an operator made."""

    keys: Mapping[str, str]
    who: str = "an insider"


def insider(app: FastAPI, address: str = HERE) -> Insider:
    """A new one: a cohort's owner, who also owns its first member, where a colleague answers too."""
    seen = scene(app, "open", address)
    browser = seen.people["own"].browser
    with house_of(app).database.reading() as session:
        owner = accounts.account_by_email(session, seen.keys["email"])
    assert owner is not None
    keys = {
        **seen.keys,
        "setup": one_time_link(app, "setup", add_account(app, password=None)[0]),
        "reset": one_time_link(app, "reset", add_account(app)[0]),
        "key": api_token(app, owner.id)[0],
    }
    place = _seat(app, keys["assessment"])
    share, link = shared(app, keys["assessment"])
    assert browser.get(f"/shared/{link}").status_code == 303
    keys |= {
        "place": hashed(place.respondent),
        "share": share,
        "shared": link,
        "action": _action(app, keys["assessment"]),
    }
    keys["touchpoint"] = _touchpoint(app, keys["assessment"])
    return Insider(browser, keys["assessment"], keys["r"], keys)


def colleague(app: FastAPI, of: Insider, who: str = "a colleague") -> Somebody:
    """Somebody new in the insider's team, who has finished."""
    place = _seat(app, of.assessment)
    browser = stranger(app)
    browser.cookies.set(f"cxm-{of.assessment}", place.token)
    return Somebody(who, browser, {**of.keys, "r": place.token})


def shared(app: FastAPI, assessment: str, days: int = 30) -> tuple[str, str]:
    """The id and the token of a new link to the assessment's report."""
    with house_of(app).database.writing() as session:
        made, token = assessments.share(session, assessment, "report", days, now())
    return made.id, token


def _action(app: FastAPI, assessment: str) -> str:
    action = Action(text="Answer every complaint", way="emotional", date=now().date())
    with house_of(app).database.writing() as session:
        return assessments.add_action(session, assessment, action, now())


def _touchpoint(app: FastAPI, assessment: str) -> str:
    with house_of(app).database.writing() as session:
        return assessments.add_touchpoint(session, assessment, Touchpoint(stage="buy", name="Till"), now())


def _seat(app: FastAPI, assessment: str) -> Place:
    with house_of(app).database.writing() as session:
        place = assessments.join_team(session, assessment, "back_office", now())
        assessments.save_answer(session, place.respondent, ANSWERED, 2, seen=0, writer=None, sequence=0, now=now())
        assessments.finish_own(session, place.respondent, now())
    return place


def outsiders(app: FastAPI, victim: Insider) -> Iterator[Somebody]:
    """Everybody whom the victim's assessment is not open to."""

    def with_cookie(token: str, name: str = victim.assessment) -> TestClient:
        browser = stranger(app)
        browser.cookies.set(f"cxm-{name}", token)
        return browser

    def one(who: str, browser: TestClient, token: str, assessment: str = victim.assessment) -> Somebody:
        return Somebody(who, browser, {**victim.keys, "assessment": assessment, "r": token})

    forged = secrets.token_urlsafe(20)
    yield one("a stranger", stranger(app), forged)
    yield one("a stranger with a made-up cookie", with_cookie(forged), forged)
    yield one("a stranger with an empty cookie", with_cookie(""), " ")
    nearly = _off_by_one(victim.token)
    yield one("a stranger who is one letter off", with_cookie(nearly), nearly)
    neighbour = begin(app)
    yield one("the holder of another assessment", neighbour.browser, forged)
    yield one("the holder of another assessment under this one's name", with_cookie(neighbour.token), forged)
    row = next(row for row in dump(app) if row[0] == "respondent" and victim.assessment in row)
    hashed = next(value for value in row if isinstance(value, str) and len(value) == HASH_LENGTH)
    yield one("somebody who has read the database", with_cookie(hashed), hashed)
    rotated = begin(app)
    old = with_cookie(rotated.token, rotated.assessment)
    assert rotated.browser.post(rotated.path("link")).status_code == 303
    yield one("the holder of a link that was replaced", old, rotated.token, rotated.assessment)
    erased = begin(app)
    after = with_cookie(erased.token, erased.assessment)
    assert erased.browser.post(erased.path("erase"), data={"word": "erase"}).status_code == 200
    yield one("the holder of what was erased", after, erased.token, erased.assessment)
    former = begin(app)
    left = _seat(app, former.assessment)
    gone = with_cookie(left.token, former.assessment)
    assert gone.post(former.path("team", "leave")).status_code == 200
    gone = with_cookie(left.token, former.assessment)
    yield one("a colleague who has left", gone, left.token, former.assessment)
    removed = colleague(app, victim)
    token = removed.keys["r"]
    with house_of(app).database.writing() as session:
        place = assessments.place_of(session, token)
        assert place is not None
        assessments.remove_member(session, victim.assessment, place.respondent)
    yield one("a colleague who was taken out", removed.browser, token)
    yield one("a facilitator", facilitator(app).browser, forged)


def without_the_share(app: FastAPI, victim: Insider) -> Iterator[Somebody]:
    """Everybody who has no link to what is shared, or one that has ended."""

    def one(who: str, token: str, share: str = victim.keys["share"], cookie: str | None = None) -> Somebody:
        browser = stranger(app)
        if cookie is not None:
            browser.cookies.set(f"cxm-shared-{share}", cookie)
        return Somebody(who, browser, {"share": share, "shared": token})

    guessed = secrets.token_urlsafe(20)
    yield one("somebody who guesses", guessed, cookie=guessed)
    yield one("somebody who knows what is shared", " ")
    nearly = _off_by_one(victim.keys["shared"])
    yield one("somebody who is one letter off", nearly, cookie=nearly)
    _, token = shared(app, begin(app).assessment)
    yield one("somebody with a link to something else", guessed, cookie=token)
    yield one("somebody with the private link", victim.token, cookie=victim.token)
    late, expired = shared(app, victim.assessment, days=-1)
    yield one("somebody who comes too late", expired, late, expired)
    ended, revoked = shared(app, victim.assessment)
    with house_of(app).database.writing() as session:
        assessments.revoke(session, victim.assessment, ended, now())
    yield one("somebody whose link was ended", revoked, ended, revoked)
    erased = begin(app)
    gone, of_nothing = shared(app, erased.assessment)
    assert erased.browser.post(erased.path("erase"), data={"word": "erase"}).status_code == 200
    yield one("somebody with a link to what was erased", of_nothing, gone, of_nothing)
    row = next(row for row in dump(app) if row[0] == "share" and victim.keys["share"] in row)
    hashed = next(str(value) for value in row if len(str(value)) == HASH_LENGTH)
    yield one("somebody who has read the database", hashed, cookie=hashed)


def without_the_link(app: FastAPI, purpose: accounts.Purpose) -> Iterator[Somebody]:
    """Everybody whom a one-time link of this purpose is not open to."""

    def one(who: str, token: str) -> Somebody:
        return Somebody(who, facilitator(app).browser, {purpose: token})

    yield one("somebody who guesses", secrets.token_urlsafe(20))
    other: accounts.Purpose = "reset" if purpose == "setup" else "setup"
    yield one("somebody with a link for something else", one_time_link(app, other, add_account(app)[0]))
    yield one("somebody who comes too late", one_time_link(app, purpose, add_account(app)[0], hours=-1))
    replaced, _ = add_account(app)
    yield one("somebody with a link that was replaced", one_time_link(app, purpose, replaced))
    live = one_time_link(app, purpose, replaced)
    yield one("somebody who is one letter off", _off_by_one(live))
    row = next(row for row in dump(app) if row[0] == "one_time_link" and replaced in row)
    yield one("somebody who has read the database", next(str(value) for value in row[1:] if len(str(value)) == 64))
    used = one_time_link(app, purpose, add_account(app)[0])
    assert stranger(app).post(f"/{purpose}/{used}", data=NEW_PASSWORD).status_code == 303
    yield one("somebody with a link that was used", used)
    disabled, _ = add_account(app)
    with house_of(app).database.writing() as session:
        accounts.disable(session, disabled, now())
    yield one("somebody whose account is disabled", one_time_link(app, purpose, disabled))
    # There are accounts.
    yield one("somebody with a link for the first facilitator", one_time_link(app, purpose, None))


def signed_out(app: FastAPI, victim: Insider) -> Iterator[Somebody]:
    """Everybody who is not signed in, whatever they hold."""
    token = victim.browser.cookies[COOKIE]

    def one(who: str, token: str | None, *, is_cookie_only: bool = False) -> Somebody:
        browser = stranger(app)
        if token is not None:
            browser.cookies.set(COOKIE, token)
            if not is_cookie_only:
                with_token(browser, token)
        return Somebody(who, browser, victim.keys)

    yield one("a stranger", None)
    yield one("a stranger with a made-up cookie", secrets.token_urlsafe(20))
    yield one("a stranger with an empty cookie", "")
    yield one("a stranger who is one letter off", _off_by_one(token))
    yield one("somebody with an API token", api_token(app, add_account(app)[0])[1], is_cookie_only=True)
    yield one("somebody with a private link", victim.token)
    for table in ("sign_in", "api_token"):
        hashes = (value for row in dump(app) if row[0] == table for value in row if len(str(value)) == HASH_LENGTH)
        yield one(f"somebody who has read the database ({table})", str(next(hashes)))
    left = facilitator(app)
    former = left.token
    assert left.browser.post("/sign-out").status_code == 303
    yield one("somebody who has signed out", former)
    account, _ = add_account(app)
    with house_of(app).database.writing() as session:
        kept = accounts.password_hash_of(session, account)
        late = accounts.sign_in(session, account, now() - timedelta(days=15), checked=kept)
    yield one("somebody who signed in too long ago", late)
    disabled = facilitator(app)
    with house_of(app).database.writing() as session:
        accounts.disable(session, disabled.account, now())
    yield one("somebody whose account was disabled", disabled.token)


def faults(app: FastAPI, table: dict[str, int] | None = None) -> list[str]:
    """Where the application departs from the tables, one line each; `table` adds to what is the owner's."""
    for_owners = OPEN_TO_THE_OWNER | (table or {})
    for_members = for_owners | OPEN_TO_THE_TEAM | OPEN_TO_COLLEAGUES
    doors = doors_of(app)
    known = {**EXPECTED, **for_owners}
    found = [f"{door}: the table does not know it" for door in doors if str(door) not in known]
    found += [f"{line}: there is no such route" for line in known.keys() - {str(door) for door in doors}]
    victim = insider(app)
    strangers = list(outsiders(app, victim))
    late, out = list(uninvited(app)), list(signed_out(app, victim))
    no_readers = list(without_the_share(app, victim))
    shut = dict.fromkeys(for_members, strangers)
    not_owners = [*strangers, colleague(app, victim)]
    shut |= dict.fromkeys(for_owners, not_owners)
    shut |= dict.fromkeys(OPEN_TO_READERS, no_readers)
    shut |= dict.fromkeys(OPEN_TO_THE_INVITED, late) | dict.fromkeys(OPEN_TO_FACILITATORS, out)
    purposes: tuple[accounts.Purpose, ...] = ("setup", "reset")
    for purpose in purposes:
        wrong = list(without_the_link(app, purpose))
        shut |= {name: wrong for name in OPEN_TO_A_ONE_TIME_LINK if f"/{purpose}/" in name}
    kept = Kept(app)
    for door in doors:
        refusal = 404 if str(door) not in OPEN_TO_FACILITATORS else door.without_sign_in
        found += _shut_to(kept, shut.get(str(door), []), door, refusal)
    kept.close()
    for door in doors:
        everybody: list[Somebody | Insider] = [*(strangers if str(door) in OPEN_TO_ALL else []), insider(app)]
        for one in everybody if str(door) in known else []:
            status, _ = door.knock(one)
            if status != known[str(door)]:
                found.append(f"{door}: {status} for {one.who}")
    for_colleagues = OPEN_TO_THE_TEAM | OPEN_TO_COLLEAGUES
    for door in doors:
        if str(door) in for_colleagues:
            status, _ = door.knock(colleague(app, insider(app)))
            if status != for_colleagues[str(door)]:
                found.append(f"{door}: {status} for a colleague")
    return found


def faults_of_cohorts(app: FastAPI, state: State, table: Mapping[str, To] = OF_A_COHORT) -> list[str]:
    """The same for the doors of a cohort in one of its states, for all who are about it."""
    found: list[str] = []
    seen = scene(app, state)
    out = list(nobody(app, seen))
    others = list(not_given(app, seen))
    doors = {door: table[str(door)] for door in doors_of(app) if str(door) in table}
    enough = {door: RIGHTS[: RIGHTS.index(to.least) + 1] for door, to in doors.items()}
    kept = Kept(app)
    for door in doors:
        found += _shut_to(kept, out, door, door.without_sign_in)
        found += _shut_to(kept, others, door, 404)
        found += _shut_to(kept, [seen.people[right] for right in RIGHTS if right not in enough[door]], door, 403)
    kept.close()
    for door, to in doors.items():
        for right in enough[door]:
            # What is written is written to a cohort of its own.
            one = (seen if door.is_safe else scene(app, state)).people[right]
            status, body = door.knock(one)
            if status != to.get(state):
                found.append(f"{door}: {status} for {one.who}")
            if state in {"confidential", "released"}:
                found += _tells(door, one, body)
    return found


def _tells(door: Door, one: Somebody, body: bytes) -> Iterator[str]:
    """What a confidential cohort must not say to anybody: who is in it."""
    for secret in (NAME, one.keys["assessment"], one.keys["drop"]):
        # An address that names an assessment may come back in a form that leads there again.
        if secret in texts_of(body) and "{assessment}" not in door.pattern:
            yield f"{door}: shows {'the name' if secret == NAME else 'an assessment'} to {one.who}"


def texts_of(body: bytes) -> str:
    """What stands in a response, in a packed one too."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in packed.namelist())
    return body.decode(errors="replace")


class Kept:
    """All that is stored, but for the counting of wrong codes; read again only when something was written."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._connection = sqlite.connect(file_of(app)) if house_of(app).database.file else None
        self._version, self._rows = self._written(), self._all()

    def has_changed(self) -> bool:
        """Whether it is other than it was when this was last asked."""
        version = self._written()
        if version is not None and version == self._version:
            return False
        before, self._version, self._rows = self._rows, version, self._all()
        return self._rows != before

    def close(self) -> None:
        """Done with it."""
        if self._connection:
            self._connection.close()

    def _written(self) -> int | None:
        """A number that rises with each write of another connection; None where none is known but by reading all."""
        if self._connection is None:
            return None
        [version] = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)

    def _all(self) -> list[tuple[object, ...]]:
        return [row for row in dump(self._app) if row[0] != "attempt"]


def _shut_to(kept: Kept, strangers: Sequence[Somebody], door: Door, refusal: int = 404) -> Iterator[str]:
    for one in strangers:
        status, body = door.knock(one)
        if status != refusal:
            yield f"{door}: {status} for {one.who}"
        if NAME in texts_of(body):
            yield f"{door}: shows the name to {one.who}"
    if kept.has_changed():
        yield f"{door}: an outsider changed something"


def _off_by_one(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")
