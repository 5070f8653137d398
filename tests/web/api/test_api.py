"""The API: what it says of itself is so, and its figures are the core's and the pages'."""

import datetime
import json
import re
from collections.abc import Mapping
from typing import Any  # JSON

import openapi_spec_validator
import pytest
from fastapi import FastAPI

from app.core.answers.document import accept_document
from app.core.answers.modules import AtStake, EarlierSitting, Modules
from app.core.answers.values import Respondent
from app.core.cohort import comparison
from app.core.cohort.comparison import read_cohort
from app.core.scoring import scorecard
from app.store import assessments, cohorts
from app.store.assessments import Details
from app.web.api import shapes
from tests.web.api.programs import API, calls_of, described, ok, program, refused, with_cohort
from tests.web.facilitator.cohorts import make_cohort
from tests.web.facilitator.facilitating import facilitator, now
from tests.web.facilitator.filled import import_into
from tests.web.facilitator.taking_home import confidential
from tests.web.shell.door_tables import DOCUMENT, OF_A_COHORT, SENT_AS_JSON, STATES, State
from tests.web.shell.scenes import Somebody, not_given, scene
from tests.web.visiting import Holder, house_of, stranger


def fits(schema: Mapping[str, Any], body: bytes, app: FastAPI) -> None:
    """The body is what the description says, no more and no less."""
    if "anyOf" in schema:
        kind = 0 if body.startswith(b"[") or b'"sd"' in body else 1
        fits(schema["anyOf"][kind], body, app)
    elif schema.get("type") == "array":
        for one in json.loads(body):
            fits(schema["items"], json.dumps(one).encode(), app)
    elif schema.get("format") == "binary":
        assert body
    elif schema["$ref"].endswith("/AnswerDocument"):
        accept_document(json.loads(body), house_of(app).catalogue.edition)
    else:
        getattr(shapes, schema["$ref"].rpartition("/")[2]).model_validate_json(body)


def test_the_description_knows_every_call_and_what_each_takes(app: FastAPI) -> None:
    document = described(app)
    found = {f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods}
    assert found == {str(door) for door in calls_of(app)}
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            assert call["security"] == [{"personalToken": []}]
            assert call["description"]
            assert ("requestBody" in call) == (f"{method.upper()} {path}" in SENT_AS_JSON)
    openapi_spec_validator.validate(document)
    references = {part.split('"')[0] for part in json.dumps(document).split("#/components/schemas/")[1:]}
    assert references <= set(document["components"]["schemas"])


@pytest.mark.parametrize("state", STATES)
def test_every_call_answers_as_it_is_described_whoever_asks(unprinted_app: FastAPI, state: State) -> None:
    app = unprinted_app
    paths = described(app)["paths"]
    for door in calls_of(app):
        call = paths[door.pattern][door.method.lower()]
        to = OF_A_COHORT.get(str(door))
        seen = scene(app, state)
        people: list[Somebody] = [*seen.people.values(), *not_given(app, seen), Somebody("", stranger(app), seen.keys)]
        statuses = set()
        for one in people:
            response = one.browser.request(door.method, door.path(one.keys), **door.body(one.keys))
            answer = call["responses"][str(response.status_code)]  # a status that is not described has no entry
            [kind] = answer["content"]
            assert response.headers["content-type"] == kind
            fits(answer["content"][kind]["schema"], response.content, app)
            statuses.add(response.status_code)
        assert statuses >= ({to.get(state), 401, 404} if to else {401}), door


def test_the_page_lists_every_call(app: FastAPI) -> None:
    page = stranger(app).get(f"{API}/docs").text
    for door in calls_of(app):
        assert f"<code>{door}</code>" in page
    assert "/account#tokens" in page


def test_figures_are_the_cores_and_the_pages(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    documents = import_into(app, cohort, ["Ambrož", "Borut", "Čelo"], seed=7)
    questionnaire = house_of(app).catalogue.newest()[0]
    cards = [scorecard.score(questionnaire, document) for document in documents]

    listed = ok(api.get(f"{API}/cohorts/{cohort.id}/assessments"))["assessments"]
    assert [one["organisation"] for one in listed] == ["Ambrož", "Borut", "Čelo"]
    assert {one["state"] for one in listed} == {"finished"}
    for one, document, card in zip(listed, documents, cards, strict=True):
        path = f"{API}/assessments/{one['id']}"
        found, _ = accept_document(ok(api.get(path)), house_of(app).catalogue.edition)
        assert found == document
        assert ok(api.get(f"{path}/scorecard")) == scorecard.as_json(card)
    scorecards = ok(api.get(f"{API}/cohorts/{cohort.id}/scorecards"))["scorecards"]
    assert [one["scorecard"] for one in scorecards] == [scorecard.as_json(card) for card in cards]
    assert [one["assessment"] for one in scorecards] == [one["id"] for one in listed]
    exported = api.get(f"{API}/cohorts/{cohort.id}/export.json")
    assert exported.content == cohort.owner.get(cohort.path("data.json")).content
    progress = ok(api.get(f"{API}/cohorts/{cohort.id}/progress"))
    assert progress == {"joined": 3, "answered": 3, "finished": 3}


def test_a_comparison_is_what_the_command_says_of_the_exports(app: FastAPI) -> None:
    person = facilitator(app)
    api = program(app, person)
    made = [make_cohort(app, person.browser) for _ in range(3)]
    for seed, (cohort, count) in enumerate(zip(made, (12, 11, 6), strict=True)):
        import_into(app, cohort, [f"{seed}-{number}" for number in range(count)], seed=seed + 1)
    find = house_of(app).catalogue.edition
    scored = []
    for cohort in made:
        documents, questionnaire = read_cohort(api.get(f"{API}/cohorts/{cohort.id}/export.json").text, find)
        scored.append([scorecard.score(questionnaire, document) for document in documents])

    def compared(*which: int) -> Any:  # noqa: ANN401 - JSON
        return ok(api.get(f"{API}/comparison", params={"cohort": [made[one].id for one in which]}))

    def expected(*which: int) -> dict[str, object]:
        return comparison.as_json(comparison.compare(questionnaire, [scored[one] for one in which]))

    assert compared(0, 1) == expected(0, 1)
    assert None not in {one["p_holm"] for one in compared(0, 1)["differences"].values()}
    assert compared(1, 0) == expected(1, 0)
    assert compared(0, 2)["differences"] == expected(0, 2)["differences"]
    three = compared(2, 0, 1)
    assert three == expected(2, 0, 1)
    assert three["differences"] is None
    for place, cohort in enumerate((made[2], made[0], made[1])):
        assert ok(api.get(f"{API}/cohorts/{cohort.id}/summary")) == three["cohorts"][place]


def test_a_confidential_cohort_gives_its_release_once_closed_and_nothing_else(app: FastAPI) -> None:
    person = facilitator(app)
    api = program(app, person)
    running, few, released = (
        confidential(app, members, closed=closed) for members, closed in ((5, False), (4, True), (6, True))
    )
    with house_of(app).database.writing() as session:
        for cohort in (running, few, released):
            cohorts.share(session, cohort.id, person.account, "read")
    mine = make_cohort(app, person.browser)
    import_into(app, mine, ["A", "B"], seed=3)
    for cohort, code in ((running, "not_closed"), (few, "not_released")):
        for call in ("summary", "export.json"):
            refused(api.get(f"{API}/cohorts/{cohort.id}/{call}"), 409, code)
        refused(api.get(f"{API}/comparison", params={"cohort": [mine.id, cohort.id]}), 409, code)
        progress = ok(api.get(f"{API}/cohorts/{cohort.id}/progress"))
        assert progress["finished"] == (5 if cohort is running else 4)
    summary = ok(api.get(f"{API}/cohorts/{released.id}/summary"))
    with house_of(app).database.reading() as session:
        kept = json.loads(cohorts.release_of(session, released.id) or "")
    assert summary["n"] == kept["n"] == 6
    assert {id_: one["mean"] for id_, one in summary["dimensions"].items()} == {
        id_: float(one["value"]) for id_, one in kept["dimensions"].items()
    }
    exported = api.get(f"{API}/cohorts/{released.id}/export.json")
    assert exported.content == released.owner.get(released.path("data.json")).content
    told = exported.json()
    assert {key: told[key] for key in summary} == summary
    beside = ok(api.get(f"{API}/comparison", params={"cohort": [released.id, mine.id]}))
    assert beside["cohorts"] == [summary, ok(api.get(f"{API}/cohorts/{mine.id}/summary"))]
    assert (beside["differences"], beside["overall"]) == (None, None)
    for cohort in (running, few, released):
        for call in ("assessments", "scorecards"):
            refused(api.get(f"{API}/cohorts/{cohort.id}/{call}"), 403, "confidential")


@pytest.mark.parametrize(
    ("plans", "status", "code"),
    [
        ([{}], 422, "one_only"),
        ([{}] * 7, 422, "too_many"),
        ([{}, {"form": "full"}], 409, "form"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(
    app: FastAPI, plans: list[dict[str, str]], status: int, code: str
) -> None:
    person = facilitator(app)
    made = [make_cohort(app, person.browser, **plan) for plan in plans]
    response = program(app, person).get(f"{API}/comparison", params={"cohort": [one.id for one in made]})
    refused(response, status, code)


def test_the_same_cohort_twice_is_one(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    refused(api.get(f"{API}/comparison", params={"cohort": [cohort.id, cohort.id]}), 422, "one_only")
    assert "cohort" in refused(api.get(f"{API}/comparison"), 422, "invalid")


def test_a_cohort_is_made_joined_closed_and_opened_again(app: FastAPI) -> None:
    person = facilitator(app)
    api = program(app, person)
    made = api.post(f"{API}/cohorts", json=SENT_AS_JSON["POST /api/v1/cohorts"] | {"default_target": 4})
    told = ok(made, 201)
    path = made.headers["location"]
    assert ok(api.get(path)) == told
    assert ok(api.get(f"{API}/cohorts")) == {"cohorts": [told]}
    assert (told["right"], told["default_target"], told["closed_at"]) == ("own", 4, None)
    assert stranger(app).get(told["join_link"]).status_code == 200
    assert ok(api.post(f"{path}/close"))["closed_at"] is not None
    assert ok(api.post(f"{path}/close"))["closed_at"] is not None
    assert stranger(app).get(told["join_link"]).status_code == 404
    refused(api.post(f"{path}/assessments", json=DOCUMENT), 409, "closed")
    assert ok(api.post(f"{path}/reopen")) == told
    with house_of(app).database.writing() as session:
        cohorts.archive(session, told["id"], now())
    assert ok(api.get(f"{API}/cohorts")) == {"cohorts": []}
    assert [one["id"] for one in ok(api.get(f"{API}/cohorts?archived=true"))["cohorts"]] == [told["id"]]
    for change in ({"questionnaire": "none"}, {"language": "xx"}, {"form": "tiny"}, {"default_target": "4"}):
        refused(api.post(f"{API}/cohorts", json=SENT_AS_JSON["POST /api/v1/cohorts"] | change), 422, "invalid")


def test_what_is_imported_counts_and_has_a_private_link(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    for date in ({"date": "2026-11-20"}, {}):
        document = {key: value for key, value in DOCUMENT.items() if key != "date"} | date
        told = ok(api.post(f"{API}/cohorts/{cohort.id}/assessments", json=document), 201)
        assert told["assessment"]["state"] == "finished"
        token = told["private_link"].rpartition("/")[2]
        browser = stranger(app)
        assert browser.get(f"/r/{token}").headers["location"] == f"/assessments/{told['assessment']['id']}"
        assert Holder(browser, told["assessment"]["id"], token).held() == DOCUMENT["respondents"][0]["answers"]
        kept = ok(api.get(f"{API}/assessments/{told['assessment']['id']}"))
        assert {**kept, "date": None} == {**DOCUMENT, "date": None}
    assert ok(api.get(f"{API}/cohorts/{cohort.id}/progress"))["finished"] == 2


def test_who_withdrew_is_named_as_such_and_has_no_figures(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    import_into(app, cohort, ["Stays", "Leaves"])
    ids = {
        one["organisation"]: one["id"] for one in ok(api.get(f"{API}/cohorts/{cohort.id}/assessments"))["assessments"]
    }
    with house_of(app).database.writing() as session:
        cohorts.withdraw(session, ids["Leaves"], now())
    states = {
        one["organisation"]: one["state"]
        for one in ok(api.get(f"{API}/cohorts/{cohort.id}/assessments"))["assessments"]
    }
    assert states == {"Stays": "finished", "Leaves": "withdrawn"}
    with house_of(app).database.writing() as session:
        owner = assessments.team(session, ids["Leaves"], now()).members[0].respondent
        assessments.change_details(session, owner, Details(organisation="Renamed"), now())
    [_, told] = ok(api.get(f"{API}/cohorts/{cohort.id}/assessments"))["assessments"]
    assert (told["organisation"], told["questions_answered"], told["finished_at"]) == ("Leaves", None, None)
    desk = cohort.owner.get(cohort.path()).text
    assert "Leaves" in desk
    assert "Renamed" not in desk
    assert desk.count(" of 14</td>") + desk.count(" of 14</span></td>") == 1
    for call in ("", "/scorecard", "/report.pdf"):
        refused(api.get(f"{API}/assessments/{ids['Leaves']}{call}"), 404, "not_found")
    assert "Leaves" not in api.get(f"{API}/cohorts/{cohort.id}/scorecards").text
    assert "Leaves" not in api.get(f"{API}/cohorts/{cohort.id}/export.json").text


def test_a_report_is_printed_and_named(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    import_into(app, cohort, ["Čebelar"])
    [one] = ok(api.get(f"{API}/cohorts/{cohort.id}/assessments"))["assessments"]
    response = api.get(f"{API}/assessments/{one['id']}/report.pdf?lang=en")
    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    assert response.headers["content-disposition"] == 'attachment; filename="cx-maturity-cebelar.pdf"'
    assert response.content.startswith(b"%PDF-")


def test_the_owner_of_an_assessment_may_still_take_it_out(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    told = ok(api.post(f"{API}/cohorts/{cohort.id}/assessments", json=DOCUMENT), 201)
    with house_of(app).database.writing() as session:
        assessments.erase(session, told["assessment"]["id"])
    refused(api.get(f"{API}/assessments/{told['assessment']['id']}"), 404, "not_found")
    assert ok(api.get(f"{API}/cohorts/{cohort.id}/assessments")) == {"assessments": []}


def test_no_facilitator_is_told_what_is_at_stake_nor_of_earlier_sittings(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    earlier = EarlierSitting(
        form="pulse",
        date=datetime.date(2025, 1, 2),
        respondents=(Respondent(role="other", answers={"strategy.purpose": 1}),),
    )
    told = Modules(at_stake=AtStake(revenue=123_457, currency="EUR", share=10), earlier=(earlier,), stop_doing="Faxing")
    [document] = import_into(app, cohort, ["Ambrož"])
    with house_of(app).database.writing() as session:
        place = cohorts.join_with(
            session, cohort.id, document.model_copy(update={"organisation": "Borut", "modules": told}), now()
        )
    seen = [
        api.get(f"{API}/assessments/{place.assessment}").text,
        api.get(f"{API}/cohorts/{cohort.id}/export.json").text,
        cohort.owner.get(cohort.path("data.json")).text,
        cohort.owner.get(cohort.path("members", place.assessment, "result")).text,
    ]
    for text in seen:
        assert "Faxing" in text
        assert not re.search(r"123.?457|12.?346|2025|earlier", text)
