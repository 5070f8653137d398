"""Joining once: a form that is sent twice, an invitation that is opened again, a device that has joined already."""

import re

import pytest
from fastapi import FastAPI

from app.store import cohorts
from app.store.secrets.tokens import new_token
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.visiting import cookie_of, house_of, stranger

FACTS = {"organisation": "Kavarna", "business_stage": "growing", "role": "other", "told": "open", "arriving": "new"}


def invitation(cohort: Made) -> str:
    """The address of a new invitation."""
    [found] = re.findall(r"/invitation/[\w-]+", cohort.owner.post(cohort.path("invitations"), data={"count": "1"}).text)
    return str(found)


def count(app: FastAPI, cohort: Made) -> int:
    """How many have joined."""
    with house_of(app).database.reading() as session:
        return cohorts.progress(session, cohort.id).joined


@pytest.mark.parametrize("invited", [False, True])
def test_a_form_that_is_sent_twice_joins_once_and_both_find_the_same_place(app: FastAPI, *, invited: bool) -> None:
    cohort = make_cohort(app)
    path = invitation(cohort) if invited else f"/join/{cohort.code}"
    [once] = re.findall(r'name="once" value="([^"]+)"', stranger(app).get(path).text)
    sent = []
    for _ in range(2):
        browser = stranger(app)  # as with a double click: the second form goes without the first one's cookie
        response = browser.post(path, data=FACTS | {"once": once})
        assert response.status_code == 303
        place = response.headers["location"]
        assert browser.get(place + "/review").status_code == 200
        sent.append((place, cookie_of(browser.cookies, place.rpartition("/")[2])))
    assert sent[0] == sent[1]
    assert count(app, cohort) == 1
    other = stranger(app).post(path, data=FACTS | {"once": once[::-1]})
    assert other.status_code == (404 if invited else 303)


def test_what_no_page_makes_is_no_place(app: FastAPI) -> None:
    cohort = make_cohort(app)
    for once in ("", "1", "a" * 26, "ž" * 27, "a" * 28):
        assert stranger(app).post(f"/join/{cohort.code}", data=FACTS | {"once": once}).status_code == 422
    assert count(app, cohort) == 0


def test_a_form_of_before_joins_no_other_cohort_and_none_that_was_left(app: FastAPI) -> None:
    cohort, other = make_cohort(app), make_cohort(app)
    browser, sent = stranger(app), FACTS | {"once": new_token()}
    place = browser.post(f"/join/{cohort.code}", data=sent).headers["location"]
    for code in (other.code, cohort.code):
        again = stranger(app).post(f"/join/{code}", data=sent)
        assert (again.headers["location"] == place) is (code == cohort.code)
    browser.post(place + "/withdraw")
    left = stranger(app).post(f"/join/{cohort.code}", data=sent)
    assert left.status_code == 303
    assert left.headers["location"] != place
    assert (count(app, cohort), count(app, other)) == (1, 1)


def test_whoever_goes_back_and_joins_with_another_name_joins_beside(app: FastAPI) -> None:
    cohort = make_cohort(app)
    sent = FACTS | {"once": new_token()}
    for name in ("Kavarna", "Pekarna", "Kavarna"):
        assert stranger(app).post(f"/join/{cohort.code}", data=sent | {"organisation": name}).status_code == 303
    assert count(app, cohort) == 2


def test_whoever_opens_their_own_invitation_again_is_led_to_the_same_assessment(app: FastAPI) -> None:
    cohort = make_cohort(app)
    path = invitation(cohort)
    browser = stranger(app)
    first = browser.post(path, data=FACTS)
    for again in (browser.get(path), browser.post(path, data=FACTS)):
        assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])
    assert stranger(app).get(path).status_code == 404
    assert count(app, cohort) == 1


def test_whoever_has_joined_by_code_is_led_there_by_an_invitation_too(app: FastAPI) -> None:
    cohort = make_cohort(app)
    path, member = invitation(cohort), joined(app, cohort)
    for again in (member.browser.get(path), member.browser.post(path, data=FACTS)):
        assert (again.status_code, again.headers["location"]) == (303, member.path())
    assert stranger(app).post(path, data=FACTS).status_code == 303
    member.browser.post(member.path("withdraw"))
    assert member.browser.get(invitation(cohort)).status_code == 200
