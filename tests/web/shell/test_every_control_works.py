"""Nobody is offered what is not theirs: everybody's pages are walked, from what each is shown to all it leads to."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from fastapi.testclient import TestClient

from app.core.answers.document import Action
from app.core.answers.modules import Touchpoint
from app.store import assessments, cohorts
from app.store.cohorts import SharedRight
from tests.web.facilitator import cohorts as made
from tests.web.facilitator.facilitating import add_account, facilitator, now, one_time_link
from tests.web.participant.teams import fill, finish, invite, team
from tests.web.shell.door_tables import STATES, State
from tests.web.shell.scenes import scene, signed_in
from tests.web.shell.walking import Walker, faults
from tests.web.unprinted import unprinted
from tests.web.visiting import Holder, begin, house_of, stranger


@pytest.fixture(scope="module")
def offering(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application on a file of its own: what is sent is undone again."""
    app = unprinted(tmp_path_factory.mktemp("offering"))
    yield app
    house_of(app).database.close()


def holder_of(holder: Holder, who: str) -> Walker:
    return Walker(who, holder.browser, [holder.path(), "/"])


def fill_in(app: FastAPI, holder: Holder) -> None:
    """A plan, a journey, and a link to read the report."""
    with house_of(app).database.writing() as session:
        for status in ("planned", "done"):
            action = Action(text=f"Answer, {status}", way="emotional", date=now().date(), status=status)
            assessments.add_action(session, holder.assessment, action, now())
        for stage in ("buy", "use"):
            assessments.add_touchpoint(session, holder.assessment, Touchpoint(stage=stage, name="Till"), now())
        assessments.share(session, holder.assessment, "report", 30, now())


def alone(app: FastAPI) -> Iterator[Walker]:
    yield holder_of(begin(app, form="pulse"), "somebody who has begun")
    full = begin(app, form="pulse")
    fill(full, 2)
    fill_in(app, full)
    yield holder_of(full, "somebody who has answered everything")
    finish(full)
    yield holder_of(full, "somebody who has finished")


def in_a_team(app: FastAPI) -> Iterator[Walker]:
    us = team(app)
    [colleague] = us.colleagues
    fill_in(app, us.owner)
    yield holder_of(us.owner, "an owner before anybody has finished")
    yield holder_of(colleague, "a colleague before finishing")
    fill(colleague, 4)
    finish(colleague)
    yield holder_of(colleague, "the first colleague who finishes")
    yield holder_of(us.owner, "an owner who has not finished yet")
    fill(us.owner, 1)
    finish(us.owner)
    yield holder_of(us.owner, "an owner whose team has finished")
    yield holder_of(colleague, "a colleague whose team has finished")


def in_a_cohort(app: FastAPI, privacy: str) -> Iterator[Walker]:
    cohort = made.make_cohort(app, privacy=privacy)
    us = invite(app, made.joined(app, cohort, told=privacy))
    [colleague] = us.colleagues
    late = made.joined(app, cohort, "Late", privacy)
    everybody = {"an owner": us.owner, "a colleague": colleague}
    for name, one in everybody.items():
        yield holder_of(one, f"{name} in a cohort ({privacy})")
    us.finish()
    assert cohort.owner.post(cohort.path("close")).status_code == 303
    app.state.releases.finish()
    for name, one in {**everybody, "somebody who has not finished": late}.items():
        yield holder_of(one, f"{name} in a closed cohort ({privacy})")
    left = made.joined(app, other := made.make_cohort(app, privacy=privacy), told=privacy)
    assert left.browser.post(left.path("withdraw")).status_code == 303
    yield holder_of(left, f"somebody who has withdrawn ({privacy})")
    assert other.owner.get(other.path()).status_code == 200
    yield Walker(f"the facilitator from whom somebody has withdrawn ({privacy})", other.owner, ["/cohorts"])


def without_a_place(app: FastAPI) -> Iterator[Walker]:
    yield Walker("a stranger", stranger(app), ["/", "/start", "/join", "/privacy", "/sign-in", "/api/v1/docs"])
    owner = begin(app, form="pulse")
    fill_in(app, owner)
    finish(owner)
    with house_of(app).database.writing() as session:
        links = [assessments.share(session, owner.assessment, what, 30, now())[1] for what in ("report", "journey")]
    for link in links:
        yield Walker("a reader", stranger(app), [f"/shared/{link}"])
    ended = ["/shared/ended", "/r/ended", "/nowhere", "/invitation/ended", "/setup/ended"]
    yield Walker("somebody whose link has ended", stranger(app), ended, frozenset(ended))
    begun = begin(app, form="pulse")
    with house_of(app).database.writing() as session:
        _, link = assessments.share(session, begun.assessment, "report", 30, now())
    yield Walker("a reader of what is not finished", stranger(app), [f"/shared/{link}"])
    cohort = made.make_cohort(app)
    us = team(app)
    with house_of(app).database.writing() as session:
        [invitation] = cohorts.invite(session, cohort.id, 1, now())
    doors = [f"/join/{cohort.code}", f"/team/{us.code}", f"/invitation/{invitation}"]
    yield Walker("somebody invited", stranger(app), doors)
    yield Walker("a colleague who opens the code again", us.colleagues[0].browser, doors)
    yield Walker(
        "somebody new", stranger(app), [f"/setup/{one_time_link(app, 'setup', add_account(app, password=None)[0])}"]
    )
    yield Walker(
        "somebody without a password", stranger(app), [f"/reset/{one_time_link(app, 'reset', add_account(app)[0])}"]
    )
    yield Walker("a facilitator without a cohort", facilitator(app).browser, ["/", "/cohorts", "/account"])


def around_a_cohort(app: FastAPI, state: State) -> Iterator[Walker]:
    seen = scene(app, state)
    if state == "open":
        _late(app, seen.keys["cohort"])
    for right, one in seen.people.items():
        yield Walker(
            f"{one.who} ({state})",
            _without_token(one.browser),
            ["/cohorts", "/account", f"/cohorts/{seen.keys['cohort']}"],
        )
        assert right in {"own", "run", "read"}
    with house_of(app).database.writing() as session:
        cohorts.archive(session, seen.keys["cohort"], now())
    for one in seen.people.values():
        yield Walker(f"{one.who} ({state}, archived)", one.browser, ["/cohorts"])


def empty_cohort(app: FastAPI) -> Iterator[Walker]:
    for privacy in ("open", "confidential"):
        for closed in (False, True):
            cohort = made.make_cohort(app, privacy=privacy)
            readers: dict[str, TestClient] = {"own": cohort.owner}
            given: tuple[SharedRight, ...] = ("run", "read")
            for right in given:
                person = signed_in(app)
                readers[right] = person.browser
                with house_of(app).database.writing() as session:
                    cohorts.share(session, cohort.id, person.account, right)
            if closed:
                assert cohort.owner.post(cohort.path("close")).status_code == 303
                app.state.releases.finish()
            for who, browser in readers.items():
                yield Walker(f"{who}, nobody has joined ({privacy}, {closed=})", browser, ["/cohorts"])


def _late(app: FastAPI, cohort: str) -> None:
    """Somebody who has not finished, and somebody who has withdrawn."""
    with house_of(app).database.reading() as session:
        found = cohorts.cohort(session, cohort)
    assert found is not None
    there = made.Made(stranger(app), cohort, found.join_code)
    made.joined(app, there, "Late")
    gone = made.joined(app, there, "Gone")
    assert gone.browser.post(gone.path("withdraw")).status_code == 303


def _without_token(browser: TestClient) -> TestClient:
    browser.headers.pop("authorization", None)
    return browser


EVERYBODY: dict[str, Callable[[FastAPI], Iterator[Walker]]] = {
    "alone": alone,
    "in a team": in_a_team,
    "in an open cohort": lambda app: in_a_cohort(app, "open"),
    "in a confidential cohort": lambda app: in_a_cohort(app, "confidential"),
    "without a place": without_a_place,
    "around an empty cohort": empty_cohort,
}
FACILITATORS: dict[str, State] = {f"around a cohort that is {state}": state for state in STATES}


@pytest.mark.parametrize("where", EVERYBODY)
def test_whatever_somebody_is_shown_works_for_them(offering: FastAPI, where: str) -> None:
    assert [fault for walker in EVERYBODY[where](offering) for fault in faults(offering, walker)] == []


@pytest.mark.parametrize("where", FACILITATORS)
def test_whatever_a_facilitator_is_shown_works_for_them(offering: FastAPI, where: str) -> None:
    walkers = around_a_cohort(offering, FACILITATORS[where])
    assert [fault for walker in walkers for fault in faults(offering, walker)] == []


def test_a_link_that_leads_nowhere_and_a_form_that_is_refused_are_noticed(tmp_path: Path) -> None:
    app = unprinted(tmp_path)

    @app.get("/offers")
    def offers() -> HTMLResponse:
        form = '<form method="post" action="/cohorts/{}/close"><button>Close</button></form>'
        return HTMLResponse(
            '<a href="/gone">Gone</a><a href="/account">Mine</a>' + form.format("a" * 16) + "<a href='#x'>x</a>"
        )

    found = faults(app, Walker("somebody", stranger(app), ["/offers"]))
    assert found == [
        f"somebody: /cohorts/{'a' * 16}/close sent at /offers leads to /sign-in: 200",
        "somebody: /gone at /offers: 404 /gone",
    ]
    house_of(app).database.close()
