"""What the API refuses, to whom, and how it says so; whatever is refused changes nothing."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from app.printing import Printer
from app.store import accounts, cohorts
from app.web.api import shapes
from tests.web.api.programs import API, calls_of, described, ok, program, refused, with_cohort
from tests.web.facilitator.cohorts import make_cohort
from tests.web.facilitator.facilitating import ANOTHER, COOKIE, PASSWORD, Person, api_token, facilitator, now
from tests.web.facilitator.filled import close, import_into
from tests.web.shell.door_tables import DOCUMENT, SENT_AS_JSON
from tests.web.shell.scenes import scene, with_token
from tests.web.visiting import begin, dump, house_of, stranger, web

MIB = 1024 * 1024
SOMEBODY: dict[int, tuple[Person, TestClient]] = {}
"""One facilitator for all examples."""

NO_DAYS = (
    "2026-11-21T00:00:00",
    "21.11.2026",
    "9999-12-31",
    "1999-12-31",
    0,
    1793145600,
)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"form": "full"}, "form"),
        ({"edition": "1999-1"}, "questionnaire"),
        ({"extra": 1}, "extra"),
        ({"organisation": ""}, "organisation"),
        ({"organisation": None}, "organisation"),
        ({"respondents": []}, "respondents"),
        ({"respondents": [{"role": "other", "answers": {"strategy.purpose": 3.0}}]}, "strategy.purpose"),
        ({"respondents": [{"role": "other", "answers": {"strategy.purpose": True}}]}, "strategy.purpose"),
        ({"respondents": [{"role": "other", "answers": {"no.such": 3}}]}, "no.such"),
        ({"agreed": {"no.such": 3}}, "no.such"),
        ({"modules": {"no_such": 3}}, "no_such"),
        ({"respondents": [{"role": "other", "answers": {}}] * 201}, "respondents"),
        ({"date": "2100-01-01"}, "date"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_by_name_and_nothing_is_kept(
    app: FastAPI, change: dict[str, object], named: str
) -> None:
    api, cohort = with_cohort(app)
    before = dump(app)
    response = api.post(f"{API}/cohorts/{cohort.id}/assessments", json=DOCUMENT | change)
    assert named in refused(response, 422, "refused")
    assert dump(app) == before


def test_an_assessment_in_no_cohort_is_nobodys(app: FastAPI) -> None:
    api, _ = with_cohort(app)
    alone = begin(app)
    refused(api.get(f"{API}/assessments/{alone.assessment}"), 404, "not_found")
    for odd in ("%00", "%FF", "a" * 16, "'", "%F0%9F%92%A9"):
        refused(api.get(f"{API}/assessments/{odd}"), 404, "not_found")
        refused(api.get(f"{API}/cohorts/{odd}"), 404, "not_found")


def test_no_cookie_opens_the_api_and_no_token_a_page(app: FastAPI) -> None:
    person = facilitator(app)
    _, token = api_token(app, person.account)
    assert refused(person.browser.get(f"{API}/cohorts"), 401, "unauthorized")
    ways: list[dict[str, str]] = [
        {},
        {"authorization": token},
        {"authorization": f"Basic {token}"},
        {"authorization": f"Bearer {person.token}"},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {token} {token}"},
        {"x-api-key": token},
        {"cookie": f"{COOKIE}={token}"},
    ]
    for headers in ways:
        response = stranger(app).get(f"{API}/cohorts", headers=headers)
        refused(response, 401, "unauthorized")
        assert response.headers["www-authenticate"] == "Bearer"
    refused(stranger(app).get(f"{API}/cohorts?access_token={token}"), 401, "unauthorized")
    assert stranger(app).get(f"{API}/cohorts", headers={"authorization": f"bearer {token}"}).status_code == 200
    assert with_token(stranger(app), token).get("/cohorts").headers["location"] == "/sign-in?next=%2Fcohorts"


def test_a_token_that_is_made_on_the_page_works_until_it_is_ended(app: FastAPI) -> None:
    person = facilitator(app)

    def made() -> TestClient:
        shown = person.browser.post("/account/tokens", data={"name": "A program"}).text
        return with_token(stranger(app), "cxm_" + shown.split('value="cxm_')[1].split('"')[0])

    first, second = made(), made()
    with house_of(app).database.reading() as session:
        _, oldest = accounts.api_tokens_of(session, person.account)
    assert first.get(f"{API}/cohorts").status_code == 200
    person.browser.post(f"/account/tokens/{oldest.id}/revoke")
    refused(first.get(f"{API}/cohorts"), 401, "unauthorized")
    with house_of(app).database.writing() as session:
        accounts.disable(session, person.account, now())
    refused(second.get(f"{API}/cohorts"), 401, "unauthorized")
    with house_of(app).database.writing() as session:
        accounts.enable(session, person.account)
    assert second.get(f"{API}/cohorts").status_code == 200
    again = stranger(app)
    again.post("/sign-in", data={"email": person.email, "password": PASSWORD})
    changed = {"current": PASSWORD, "password": ANOTHER, "again": ANOTHER}
    assert again.post("/account/password", data=changed).status_code == 303
    refused(second.get(f"{API}/cohorts"), 401, "unauthorized")


def test_what_is_no_key_or_parameter_of_a_call_is_refused(app: FastAPI) -> None:
    seen = scene(app)
    one = seen.people["own"]
    before = dump(app)
    for door in calls_of(app):
        path = door.path(one.keys)
        address = f"{path}{'&' if '?' in path else '?'}extra=1"
        response = one.browser.request(door.method, address, **door.body(one.keys))
        assert "extra" in refused(response, 422, "invalid")
        if not door.is_safe:
            sent = {**SENT_AS_JSON.get(str(door), {}), "owner_id": "a"}
            response = one.browser.post(path, json=sent)
            assert (str(door), response.status_code) == (str(door), 422)
    assert dump(app) == before


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b"null"),
        ("application/json", b'{"name": NaN}'),
        ("application/json", b'{"name": "a", "name": "b"}'),
        ("application/json", b'{"name": "\\ud800"}'),
        ("application/json", b'{"name": "\xff"}'),
        ("application/json", b"\xff\xfe{\0}\0"),
        ("application/json", b"[" * 100_000),
        ("application/json", b'{"name": ' + b"9" * 5000 + b"}"),
        ("text/plain", json.dumps(DOCUMENT).encode()),
        ("", json.dumps(DOCUMENT).encode()),
        ("application/x-www-form-urlencoded", b"name=a"),
    ],
)
def test_what_is_no_json_is_refused(app: FastAPI, kind: str, body: bytes) -> None:
    api, cohort = with_cohort(app)
    before = dump(app)
    for call in ("cohorts", f"cohorts/{cohort.id}/assessments"):
        response = api.post(f"{API}/{call}", content=body, headers={"content-type": kind})
        assert response.status_code == 422
        shapes.Refused.model_validate_json(response.content)
    assert dump(app) == before


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=150),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


def somebody_here(app: FastAPI) -> tuple[Person, TestClient]:
    """The same facilitator and program for every example: an account has few tokens."""
    if id(app) not in SOMEBODY:
        person = facilitator(app)
        SOMEBODY[id(app)] = person, program(app, person)
    return SOMEBODY[id(app)]


@given(st.sampled_from(sorted(SENT_AS_JSON["POST /api/v1/cohorts"])), ANYTHING)
def test_a_cohort_with_any_value_is_made_or_refused(app: FastAPI, key: str, value: object) -> None:
    _, api = somebody_here(app)
    body = json.dumps(SENT_AS_JSON["POST /api/v1/cohorts"] | {key: value})
    response = api.post(f"{API}/cohorts", content=body.encode(), headers={"content-type": "application/json"})
    if response.status_code == 201:
        shapes.Cohort.model_validate_json(response.content)
    else:
        assert response.status_code == 422
        shapes.Refused.model_validate_json(response.content)


@given(st.sampled_from(sorted(DOCUMENT)), ANYTHING)
def test_a_document_with_any_value_is_imported_or_refused(app: FastAPI, key: str, value: object) -> None:
    person, api = somebody_here(app)
    cohort = make_cohort(app, person.browser)
    path = f"{API}/cohorts/{cohort.id}/assessments"
    body = json.dumps(DOCUMENT | {key: value})
    response = api.post(path, content=body.encode(), headers={"content-type": "application/json"})
    assert response.status_code in {201, 422}, response.text
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == (1 if response.status_code == 201 else 0)


def test_what_goes_wrong_is_said_in_json(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    refused(api.get(f"{API}/nothing"), 404, "not_found")
    response = api.delete(f"{API}/cohorts")
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"]
    path = f"{API}/cohorts/{cohort.id}/assessments"
    large = b'{"organisation": "' + b"a" * MIB + b'"}'
    response = api.post(path, content=(large for _ in range(1)), headers={"content-type": "application/json"})
    refused(response, 413, "too_large")
    [document] = import_into(app, cohort, ["A"])
    [one] = ok(api.get(path))["assessments"]
    report = f"{API}/assessments/{one['id']}/report.pdf"
    house = house_of(app)
    for printer, status, code, come_back in (
        (Printer(workers=0, queue=0), 503, "unavailable", "5"),
        (Printer(seconds=0), 500, "printing_failed", None),
    ):
        app.state.house = replace(house, printer=printer)
        try:
            response = api.get(report)
        finally:
            app.state.house = house
        refused(response, status, code)
        assert response.headers.get("retry-after") == come_back
    assert f"one of {document.language}" in refused(api.get(f"{report}?lang=xx"), 422, "invalid")


def test_a_crash_is_said_in_json_with_every_header(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}", "https://cx.example.org")
    api, _ = with_cohort_at(app, "https://cx.example.org")

    def planted(*_: object, **__: object) -> None:
        msg = "planted"
        raise RuntimeError(msg)

    monkeypatch.setattr(cohorts, "cohorts_of", planted)
    response = api.get(f"{API}/cohorts")
    refused(response, 500, "internal")
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["strict-transport-security"]
    assert "planted" not in response.text
    house_of(app).database.close()


def with_cohort_at(app: FastAPI, address: str) -> tuple[TestClient, Person]:
    """A program at a public address."""
    person = facilitator(app, address)
    return with_token(stranger(app, address), api_token(app, person.account)[1]), person


def test_a_database_that_is_locked_says_when_to_come_back(tmp_path: Path) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}")
    api, cohort = with_cohort(app)
    close(app, cohort)
    with house_of(app).database.writing() as session:
        session.connection().exec_driver_sql("ALTER TABLE cohort_share RENAME TO elsewhere")
    response = api.get(f"{API}/cohorts")
    refused(response, 503, "unavailable")
    assert response.headers["retry-after"] == "5"
    house_of(app).database.close()


def test_the_log_knows_the_call_and_no_token(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    with capture_logs() as lines:
        api.get(f"{API}/cohorts/{cohort.id}/progress")
    [line] = [line for line in lines if line["event"] == "request"]
    assert line["route"] == f"{API}/cohorts/{{cohort}}/progress"
    assert cohort.id not in str(lines)
    assert api.headers["authorization"].removeprefix("Bearer ") not in str(lines)


@pytest.mark.parametrize("date", NO_DAYS)
def test_a_cohort_is_on_a_plain_day_of_our_time(app: FastAPI, date: object) -> None:
    api, _ = with_cohort(app)
    response = api.post(f"{API}/cohorts", json=SENT_AS_JSON["POST /api/v1/cohorts"] | {"date": date})
    assert "must be a date" in refused(response, 422, "invalid")


def test_a_body_that_is_too_large_is_refused_of_every_call_as_it_is_described(app: FastAPI) -> None:
    paths = described(app)["paths"]
    seen = scene(app, "open")
    browser = seen.people["own"].browser
    for door in calls_of(app):
        response = browser.request(door.method, door.path(seen.keys), content=b" " * (MIB + 1))
        assert "1 MiB" in refused(response, 413, "too_large"), door
        assert response.headers["x-content-type-options"] == "nosniff"
        assert list(paths[door.pattern][door.method.lower()]["responses"]["413"]["content"]) == ["application/json"]
