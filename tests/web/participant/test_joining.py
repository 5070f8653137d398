"""Joining a cohort: what one is told before, by which ways, how wrong codes are slowed down, and leaving again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.store import cohorts
from app.web.limits import codes
from tests.web.facilitator.cohorts import PLAN, joined, make_cohort
from tests.web.visiting import house_of, stranger, web

FACTS = {"organisation": "Kavarna", "business_stage": "growing", "role": "other", "told": "open", "arriving": "new"}


@pytest.fixture
def quiet_app(tmp_path: Path) -> Iterator[FastAPI]:
    """An application at which nobody has typed a wrong code yet."""
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}")
    yield app
    house_of(app).database.close()


def test_who_joins_is_told_first_who_sees_what(app: FastAPI) -> None:
    open_one = make_cohort(app, name="Open one")
    confidential = make_cohort(app, name="Confidential one", privacy="confidential")
    visitor = stranger(app)
    assert "once you have finished, your organisation’s answers, result" in visitor.get(f"/join/{open_one.code}").text
    told = visitor.get(f"/join/{confidential.code}").text
    for sentence in (
        "averages are shown once, of five or more organisations",
        "the operator of the server can read the database",
        "whoever knows the other members’ figures can work out the rest",
        "invited code-holders could be made up by an organiser",
    ):
        assert sentence in told


def test_a_code_is_found_however_it_is_typed(app: FastAPI) -> None:
    cohort = make_cohort(app)
    visitor = stranger(app)
    typed = f" {cohort.code[:4].lower()}-{cohort.code[4:].lower()} "
    response = visitor.post("/join", data={"code": typed})
    assert response.headers["location"] == f"/join/{cohort.code}"
    assert visitor.get(response.headers["location"]).status_code == 200


def test_joining_again_from_the_same_device_finds_the_same_assessment(app: FastAPI) -> None:
    cohort = make_cohort(app)
    visitor = stranger(app)
    first = visitor.post(f"/join/{cohort.code}", data=FACTS)
    again = visitor.get(f"/join/{cohort.code}")
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["location"] == again.headers["location"]
    assert "1</dd>" in cohort.owner.get(cohort.path()).text


def test_an_invitation_lets_one_organisation_in_once(app: FastAPI) -> None:
    cohort = make_cohort(app)
    page = cohort.owner.post(cohort.path("invitations"), data={"count": "2"}).text
    first, second = re.findall(r"/invitation/[\w-]+", page)
    assert stranger(app).post(first, data=FACTS).status_code == 303
    assert stranger(app).get(first).status_code == 404
    assert stranger(app).post(first, data=FACTS).status_code == 404
    assert stranger(app).get(second).status_code == 200


def test_what_was_typed_is_kept_where_something_is_missing(app: FastAPI) -> None:
    cohort = make_cohort(app)
    response = stranger(app).post(
        f"/join/{cohort.code}", data={"organisation": "Kavarna", "told": "open", "arriving": "new"}
    )
    assert response.status_code == 422
    assert 'value="Kavarna"' in response.text


def test_nobody_joins_under_another_promise_than_they_read(app: FastAPI) -> None:
    cohort = make_cohort(app)
    response = stranger(app).post(f"/join/{cohort.code}", data=FACTS | {"told": "confidential"})
    assert response.status_code == 409
    assert "Nothing was sent yet" in response.text
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 0


def test_wrong_codes_are_slowed_down_and_a_class_with_the_right_one_is_not(quiet_app: FastAPI) -> None:
    cohort = make_cohort(quiet_app)
    class_room = [stranger(quiet_app).post(f"/join/{cohort.code}", data=FACTS).status_code for _ in range(60)]
    assert class_room == [303] * 60
    guesser = stranger(quiet_app, machine="10.9.9.9")
    answers = [guesser.get(f"/join/{number:08}").status_code for number in range(1000)]
    assert answers.count(404) == codes.WRONG_CODES
    assert answers.count(429) == 1000 - codes.WRONG_CODES
    neighbour = stranger(quiet_app, machine="10.9.9.9").get(f"/join/{cohort.code}")
    assert neighbour.status_code == 429
    assert 1 <= int(neighbour.headers["retry-after"]) <= codes.WITHIN.total_seconds()
    assert stranger(quiet_app).get(f"/join/{cohort.code}").status_code == 200


def test_who_has_joined_is_never_kept_waiting(quiet_app: FastAPI) -> None:
    cohort = make_cohort(quiet_app)
    member = stranger(quiet_app)
    assert member.post(f"/join/{cohort.code}", data=FACTS).status_code == 303
    guesser = stranger(quiet_app)
    for number in range(codes.WRONG_CODES + 1):
        guesser.get(f"/join/{number:08}")
    assert member.get(f"/join/{cohort.code}").status_code == 303


def test_a_closed_cohort_lets_nobody_in_and_changes_no_answer(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    assert member.answer("strategy.purpose", "2") == 200
    assert cohort.owner.post(cohort.path("close")).status_code == 303
    assert stranger(app).get(f"/join/{cohort.code}").status_code == 404
    assert member.answer("strategy.purpose", "5", seen="1") == 409
    assert (
        member.browser.post(member.path("questions", "strategy"), data={"answer:strategy.purpose": "5"}).status_code
        == 409
    )
    assert member.browser.post(member.path("aims"), data={"target:strategy": "5"}).status_code == 409
    assert member.browser.post(member.path("finish")).status_code == 409
    assert member.held() == {"strategy.purpose": 2}


def test_who_withdraws_keeps_the_assessment_and_counts_no_more(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    assert member.answer("strategy.purpose", "4") == 200
    assert member.browser.post(member.path("withdraw")).status_code == 303
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 0
    assert member.held() == {"strategy.purpose": 4}
    page = member.browser.get(member.path("link")).text
    assert f"You have withdrawn from {PLAN['name']}" in page
    assert "/withdraw" not in page


def test_withdrawing_asks_first(app: FastAPI) -> None:
    member = joined(app, make_cohort(app))
    page = member.browser.get(member.path("link")).text
    details = page[page.index("<details") : page.index("</details>")]
    assert f'action="{member.path("withdraw")}"' in details
    assert page.count("/withdraw") == 1


def test_nobody_is_asked_to_finish_once_the_cohort_is_closed(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    member.answer("strategy.purpose", "2")
    assert "Finish and see the result" in member.browser.get(member.path("review")).text
    cohort.owner.post(cohort.path("close"))
    page = member.browser.get(member.path("review")).text
    assert "Finish and see the result" not in page
    assert "You can finish all the same" not in page
