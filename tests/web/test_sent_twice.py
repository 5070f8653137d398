"""A form that is sent once more, for its first answer was lost, leads to what the first made."""

import re
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI
from sqlmodel import select

from app.store.tables import Assessment, Cohort
from tests.web.cohorts import PLAN
from tests.web.facilitating import facilitator
from tests.web.visiting import START, house_of, stranger


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
    assert stranger(app).get(f"/r/{fields['once']}").headers["location"] == first.headers["location"]
    assert count(app, "Dvakrat") == 1


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
    assert first.headers["location"] == again.headers["location"] == f"/cohorts/{fields['once']}"
    assert other.browser.post("/cohorts/new", data=fields).headers["location"] != first.headers["location"]
    with house_of(app).database.reading() as session:
        assert len(session.exec(select(Cohort).where(Cohort.name == "Enkrat")).all()) == 2
