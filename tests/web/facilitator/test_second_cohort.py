"""A second confidential cohort is refused at every door; what is carried from one reaches no facilitator."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.core.answers.document import Action
from app.store import assessments, cohorts, tables
from tests.core.documents.forms import PULSE
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.facilitating import api_token, now
from tests.web.participant.teams import finish, invite, join
from tests.web.shell.door_tables import JOINING, OF_A_COHORT
from tests.web.shell.doors import doors_of, texts_of
from tests.web.visiting import Holder, begin_in, cookie_of, house_of, stranger

STEP = "Ask three customers this week why they chose you"
OWN = "Call the bank about the account"
TOLD = {"told": "confidential"}


def confidential(app: FastAPI) -> Made:
    return make_cohort(app, privacy="confidential")


def member(app: FastAPI, cohort: Made) -> Holder:
    """An organisation of a confidential cohort that has finished."""
    holder = joined(app, cohort, told="confidential")
    finish(holder)
    return holder


def count(app: FastAPI, cohort: Made) -> int:
    with house_of(app).database.reading() as session:
        return cohorts.progress(session, cohort.id).joined


def is_refused(response: Response) -> bool:
    return response.status_code == 409 and "One confidential cohort only" in response.text


def again(holder: Holder, cohort: Made, told: str = "confidential") -> Response:
    return holder.browser.post(holder.path("again"), data={"code": cohort.code, "told": told})


@pytest.fixture
def app(unprinted_app: FastAPI) -> FastAPI:
    return unprinted_app


def test_every_door_of_a_second_confidential_cohort_is_shut(app: FastAPI) -> None:
    first, second = confidential(app), confidential(app)
    holder = member(app, first)
    team = invite(app, holder)
    with house_of(app).database.writing() as session:
        [invitation] = cohorts.invite(session, second.id, 1, now())
    for browser in (holder.browser, team.colleagues[0].browser):
        for way in (f"/join/{second.code}", f"/invitation/{invitation}"):
            assert is_refused(browser.get(way))
            assert is_refused(browser.post(way, data=JOINING | TOLD))
    assert is_refused(again(holder, second))
    alone = holder.browser.post(holder.path("again"), data={"form": "pulse"}).headers["location"].rpartition("/")[2]
    later = Holder(holder.browser, alone, cookie_of(holder.browser.cookies, alone))
    finish(later)
    assert is_refused(again(later, second))
    assert count(app, second) == 0
    # The invitation is not used up.
    assert stranger(app).post(f"/invitation/{invitation}", data=JOINING | TOLD).status_code == 303


def test_nobody_answers_for_two_teams_in_two_confidential_cohorts(app: FastAPI) -> None:
    holder, other = member(app, confidential(app)), joined(app, confidential(app), told="confidential")
    code = invite(app, other, ()).code
    assert is_refused(holder.browser.get(f"/team/{code}"))
    assert is_refused(holder.browser.post(f"/team/{code}", data={"role": "other"}))
    assert join(app, other.assessment, code).assessment == other.assessment


def test_an_open_cohort_and_another_organisations_browser_stay_welcome(app: FastAPI) -> None:
    first, second, open_ = confidential(app), confidential(app), make_cohort(app)
    holder = member(app, first)
    assert again(holder, open_, "open").status_code == 303
    browser = begin_in(stranger(app), form="pulse").browser
    assert browser.post(f"/join/{second.code}", data=JOINING | TOLD).status_code == 303
    assert (count(app, second), count(app, open_)) == (1, 1)


def test_whoever_joins_is_told_what_cannot_be_recognised(app: FastAPI) -> None:
    page = stranger(app).get(f"/join/{confidential(app).code}").text
    assert "An organisation counts in one confidential cohort only." in page
    assert "cannot be recognised" in page


def carrying(app: FastAPI, open_: Made) -> Holder:
    """An organisation that sat in a confidential cohort, made a plan there, and sits again in an open one."""
    holder = member(app, confidential(app))
    with house_of(app).database.writing() as session:
        for text, question in ((STEP, PULSE[0]), (OWN, None)):
            action = Action(text=text, way="emotional", question=question)
            assessments.add_action(session, holder.assessment, action, now())
    location = again(holder, open_, "open").headers["location"]
    place = location.rpartition("/")[2]
    later = Holder(holder.browser, place, cookie_of(holder.browser.cookies, place))
    for question in PULSE:
        assert later.answer(question, "3") == 200
    with house_of(app).database.writing() as session:
        assessments.save_field(session, place, "after_report.useful", "not_useful", {None}, now())
        assessments.save_field(session, place, "after_report.results_to.outside", True, {None}, now())
    assert later.browser.post(later.path("finish")).status_code == 303
    return later


def ways_out(app: FastAPI, cohort: Made, assessment: str) -> dict[str, str]:
    """All that the facilitator of an open cohort is shown, address by address."""
    browser: TestClient = cohort.owner
    with house_of(app).database.reading() as session:
        account = session.get_one(tables.Cohort, cohort.id).owner_id
    browser.headers["authorization"] = f"Bearer {api_token(app, account)[1]}"
    keys = {"cohort": cohort.id, "assessment": assessment, "other": make_cohort(app, browser).id, "job": "a" * 16}
    found = {}
    for door in doors_of(app):
        if door.method == "GET" and str(door) in OF_A_COHORT and not door.pattern.endswith("/live"):
            found[door.path(keys)] = texts_of(browser.get(door.path(keys)).content)
    assert len(found) > 30
    return found


def test_an_open_cohorts_facilitator_is_shown_no_step_from_a_confidential_sitting(app: FastAPI) -> None:
    open_ = make_cohort(app)
    holder = carrying(app, open_)
    shown = ways_out(app, open_, holder.assessment)
    # As text, and as JSON says it.
    secrets = (STEP, "not_useful", "Not useful", "results_to", '"earlier"')
    assert [path for path, text in shown.items() for secret in secrets if secret in text] == []
    assert sum(OWN in text for text in shown.values()) >= 4
    own = holder.browser.get(holder.path("answers.json")).json()
    assert [one["text"] for one in own["actions"]] == [STEP, OWN]
    assert own["modules"]["after_report"] == {"useful": "not_useful", "results_to": ["outside"]}
    assert len(own["modules"]["earlier"]) == 1
    plan = holder.browser.get(holder.path("plan")).text
    assert plan.count("carried over from a confidential cohort: no facilitator sees it") == 1


def test_no_facilitator_gets_a_link_that_opens_what_is_confidential(app: FastAPI) -> None:
    open_ = make_cohort(app)
    holder = carrying(app, open_)
    plain = joined(app, open_, "Bistro")
    refused = open_.owner.post(open_.path("members", holder.assessment, "link"))
    assert (refused.status_code, "No new link was made" in refused.text) == (409, True)
    assert holder.browser.get(holder.path("plan")).status_code == 200
    assert open_.owner.post(open_.path("members", plain.assessment, "link")).status_code == 200
    sent = {"keep": plain.assessment, "drop": holder.assessment}
    refused = open_.owner.post(open_.path("members", "merge"), data=sent)
    assert (refused.status_code, "Nothing was merged" in refused.text) == (409, True)
