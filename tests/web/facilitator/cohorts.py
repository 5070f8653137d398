"""Cohorts for the tests of the web: made by a facilitator, joined by organisations."""

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.store import cohorts
from tests.web.facilitator.facilitating import facilitator
from tests.web.visiting import Holder, cookie_of, house_of, stranger

PLAN = {
    "name": "Spring intake",
    "date": "2027-03-01",
    "questionnaire": "cx-grid",
    "form": "pulse",
    "language": "en",
    "privacy": "open",
    "default_target": "",
}


@dataclass(frozen=True)
class Made:
    """A cohort, and the browser of the facilitator who made it."""

    owner: TestClient
    id: str
    code: str

    def path(self, *parts: str) -> str:
        """The address of one of its pages."""
        return "/".join([f"/cohorts/{self.id}", *parts])


def make_cohort(app: FastAPI, owner: TestClient | None = None, **plan: str) -> Made:
    """A new cohort, of a new facilitator unless `owner` makes it."""
    browser = owner or facilitator(app).browser
    response = browser.post("/cohorts/new", data=PLAN | plan)
    assert response.status_code == 303, response.text
    id_ = response.headers["location"].rpartition("/")[2]
    with house_of(app).database.reading() as session:
        cohort = cohorts.cohort(session, id_)
    assert cohort is not None
    return Made(browser, id_, cohort.join_code)


def joined(app: FastAPI, cohort: Made, organisation: str = "Kavarna", told: str = "open") -> Holder:
    """An organisation that has joined, in a new browser."""
    browser = stranger(app)
    facts = {
        "organisation": organisation,
        "business_stage": "growing",
        "role": "other",
        "told": told,
        "arriving": "new",
    }
    response = browser.post(f"/join/{cohort.code}", data=facts)
    assert response.status_code == 303, response.text
    assessment = response.headers["location"].rpartition("/")[2]
    return Holder(browser, assessment, cookie_of(browser.cookies, assessment))
