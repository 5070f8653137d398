"""A form that is sent once more, for its first answer was lost, leads to what the first made."""

import re
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import select

from app.store import assessments, cohorts
from app.store.tables import Assessment, Cohort
from tests.web.facilitator.cohorts import PLAN, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.visiting import START, Holder, begin, house_of, stranger


def once(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def count(app: FastAPI, organisation: str) -> int:
    with house_of(app).database.reading() as session:
        return len(session.exec(select(Assessment).where(Assessment.organisation == organisation)).all())


def test_a_lost_answer_makes_no_second_assessment_and_its_link_opens(app: FastAPI) -> None:
    page = stranger(app).get("/start").text
    fields = START | {"organisation": "Dvakrat", "once": once(page)}

    first, again = stranger(app).post("/assessments", data=fields), stranger(app).post("/assessments", data=fields)
    assert first.headers["location"] == again.headers["location"]
    assert again.headers["set-cookie"] == first.headers["set-cookie"]
    assert count(app, "Dvakrat") == 1


def test_whoever_goes_back_and_begins_with_another_name_begins_another(app: FastAPI) -> None:
    browser = stranger(app)
    fields = START | {"once": once(browser.get("/start").text)}
    places = {
        browser.post("/assessments", data=fields | {"organisation": name}).headers["location"]
        for name in ("Prva", "Druga", "Prva")
    }
    assert len(places) == 2
    assert (count(app, "Prva"), count(app, "Druga")) == (1, 1)


def test_sent_twice_at_once_it_is_made_once(app: FastAPI) -> None:
    fields = START | {"organisation": "Hkrati", "once": once(stranger(app).get("/start").text)}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: stranger(app).post("/assessments", data=fields), range(4)))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert count(app, "Hkrati") == 1


def test_a_refused_form_keeps_its_key_and_a_made_up_one_is_refused(app: FastAPI) -> None:
    key = once(stranger(app).get("/start").text)

    refused = stranger(app).post("/assessments", data=START | {"organisation": "", "once": key})
    assert once(refused.text) == key
    assert stranger(app).post("/assessments", data=START | {"once": "short"}).status_code == 422


def test_a_cohort_is_made_once_and_nobody_gets_anothers_by_its_key(app: FastAPI) -> None:
    owner, other = facilitator(app), facilitator(app)
    fields = PLAN | {"name": "Enkrat", "once": once(owner.browser.get("/cohorts/new").text)}

    first, again = owner.browser.post("/cohorts/new", data=fields), owner.browser.post("/cohorts/new", data=fields)
    assert first.headers["location"] == again.headers["location"]
    assert other.browser.post("/cohorts/new", data=fields).headers["location"] != first.headers["location"]
    anew = owner.browser.post("/cohorts/new", data=fields | {"name": "Drugi"})
    assert anew.headers["location"] not in {first.headers["location"], "/cohorts/new"}
    with house_of(app).database.reading() as session:
        assert len(session.exec(select(Cohort).where(Cohort.name == "Enkrat")).all()) == 2


def sat(app: FastAPI) -> Holder:
    """A finished sitting."""
    holder = begin(app)
    holder.answer("strategy.purpose", "2")
    assert holder.browser.post(holder.path("finish")).status_code == 303
    return holder


def the_same_browser_before(holder: Holder) -> TestClient:
    """The holder's browser as it was before an answer that was lost brought it another link."""
    browser = stranger(holder.browser.app)  # type: ignore[arg-type]  # the application of the test
    browser.cookies.set(f"cxm-{holder.assessment}", holder.token)
    return browser


def test_a_lost_answer_begins_no_second_sitting_and_the_next_ones_link_opens(app: FastAPI) -> None:
    holder = sat(app)
    fields = {"form": "pulse", "known": "", "once": once(holder.browser.get(holder.path("again")).text)}

    answers = [the_same_browser_before(holder).post(holder.path("again"), data=fields) for _ in range(2)]
    [place] = {answer.headers["location"] for answer in answers}
    assert answers[0].headers["set-cookie"] == answers[1].headers["set-cookie"]
    with house_of(app).database.reading() as session:
        assert assessments.followed_by(session, holder.assessment) == (place.rpartition("/")[2],)


def test_a_key_of_one_sitting_begins_none_after_another(app: FastAPI) -> None:
    holder, other = sat(app), sat(app)
    key = once(holder.browser.get(holder.path("again")).text)
    first, theirs = (
        one.browser.post(one.path("again"), data={"form": "pulse", "once": key}) for one in (holder, other)
    )
    assert first.headers["location"] != theirs.headers["location"]
    assert holder.browser.post(holder.path("again"), data={"form": "pulse", "once": "short"}).status_code == 422


def test_sitting_again_in_a_cohort_twice_at_once_joins_once(app: FastAPI) -> None:
    holder, cohort = sat(app), make_cohort(app)
    key = once(holder.browser.get(f"/join/{cohort.code}").text.partition('id="again"')[2])
    fields = {"code": cohort.code, "told": "open", "known": "", "once": key}
    with ThreadPoolExecutor(3) as pool:
        browsers = [the_same_browser_before(holder) for _ in range(3)]
        answers = list(pool.map(lambda browser: browser.post(holder.path("again"), data=fields), browsers))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["location"] for answer in answers}) == 1
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 1
