"""Facilitators' programs: what they ask of the API, and what it answers."""

from typing import Any  # JSON

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.web.api import shapes
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import Person, api_token, facilitator
from tests.web.shell.doors import Door, doors_of
from tests.web.shell.scenes import with_token
from tests.web.visiting import stranger

API = "/api/v1"
DESCRIBING = (f"{API}/openapi.json", f"{API}/docs")


def program(app: FastAPI, person: Person) -> TestClient:
    """A program with a token of the person's and nothing else."""
    return with_token(stranger(app), api_token(app, person.account)[1])


def with_cohort(app: FastAPI, **plan: str) -> tuple[TestClient, Made]:
    """A facilitator's program, and a cohort of theirs."""
    person = facilitator(app)
    return program(app, person), make_cohort(app, person.browser, **plan)


def calls_of(app: FastAPI) -> list[Door]:
    """Every call of the API."""
    return [door for door in doors_of(app) if door.is_for_programs and door.pattern not in DESCRIBING]


def described(app: FastAPI) -> dict[str, Any]:
    """What the API says of itself."""
    told: dict[str, Any] = stranger(app).get(f"{API}/openapi.json").json()
    return told


def ok(response: Response, status: int = 200) -> Any:  # noqa: ANN401 - JSON
    """The JSON of an answer that is as it should be."""
    assert response.status_code == status, response.text
    return response.json()


def refused(response: Response, status: int, code: str) -> str:
    """The message of a refusal."""
    error = shapes.Refused.model_validate_json(response.content).error
    assert (response.status_code, error.code) == (status, code)
    return error.message
