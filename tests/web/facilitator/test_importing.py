"""Importing answer documents: all or none, every fault named with its file and key."""

import html
import json
import re

import pytest
from fastapi import FastAPI

from app.core.answers.document import read_document
from app.store import cohorts
from app.store.cohorts import CohortProgress
from tests.web.api.programs import API, program, refused
from tests.web.facilitator.cohorts import make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.facilitator.taking_home import add, confidential, pulse
from tests.web.visiting import dump, house_of, stranger


def documents(*told: object) -> list[tuple[str, tuple[str, bytes]]]:
    """Files as a browser sends them: `0.json`, `1.json` and so on."""
    contents = [one if isinstance(one, bytes) else json.dumps(one).encode() for one in told]
    return [("documents", (f"{number}.json", content)) for number, content in enumerate(contents)]


def exported(app: FastAPI, *names: str) -> list[dict[str, object]]:
    """Answer documents as another cohort gives them away."""
    cohort = make_cohort(app)
    add(app, cohort, *(pulse(app, name, 1 + place) for place, name in enumerate(names)))
    given: list[dict[str, object]] = cohort.owner.get(cohort.path("data.json")).json()
    return given


def test_what_one_cohort_gives_another_takes_without_loss(app: FastAPI) -> None:
    told = exported(app, "Ena", "Dve", "Tri")
    cohort = make_cohort(app)
    response = cohort.owner.post(cohort.path("import"), files=documents(told[:2], told[2]))

    assert response.status_code == 200
    assert "3 organisations were taken in" in response.text
    assert cohort.owner.get(cohort.path("data.json")).json() == told
    tokens = re.findall(r"/r/([^<]+)<", response.text)
    assert [stranger(app).get(f"/r/{token}").status_code for token in tokens] == [303, 303, 303]


def test_a_document_without_a_date_counts_as_finished(app: FastAPI) -> None:
    (told,) = exported(app, "Brez datuma")
    del told["date"]
    cohort = make_cohort(app)
    cohort.owner.post(cohort.path("import"), files=documents(told))

    assert [one["organisation"] for one in cohort.owner.get(cohort.path("data.json")).json()] == ["Brez datuma"]


def test_every_fault_is_named_with_file_and_key_and_nothing_is_taken_in(app: FastAPI) -> None:
    sound, levels, extra, other_form = exported(app, "Ena", "Dve", "Tri", "Štiri")
    levels |= {"respondents": [{"role": "other", "answers": {"strategy.purpose": 6}}]}
    extra |= {"colour": "red"}
    cohort = make_cohort(app)
    before = dump(app)
    files = documents(sound, [sound, levels], extra, b"{", b"\xff\xfe", [], {**sound, "organisation": "<b>"})
    response = cohort.owner.post(cohort.path("import"), files=files)

    listed = [html.unescape(re.sub(r"<[^>]+>", "", line)) for line in re.findall(r"<li>(.*?)</li>", response.text)]
    assert response.status_code == 422
    assert listed == [
        '1.json, [1].respondents[0].answers.strategy.purpose: must be a whole number from 1 to 5, "dont_know" or'
        ' "not_applicable", not 6',
        "2.json, colour: unknown key",
        "3.json: not JSON: Expecting property name enclosed in double quotes at line 1, column 2",
        "4.json: not UTF-8 text",
        "5.json: no answer document in the list",
    ]
    assert dump(app) == before
    assert other_form["organisation"] == "Štiri"


def test_a_document_of_another_form_is_refused_by_its_organisations_name(app: FastAPI) -> None:
    (told,) = exported(app, "Kratka")
    cohort = make_cohort(app, form="full")
    before = dump(app)
    response = cohort.owner.post(cohort.path("import"), files=documents({**told, "form": "full"}, told))

    assert response.status_code == 422
    assert "<b>1.json</b>, Kratka, form: " in response.text
    assert dump(app) == before


def test_the_same_file_once_more_is_asked_about_first(app: FastAPI) -> None:
    told = exported(app, "Ena", "Dve")
    cohort = make_cohort(app)
    cohort.owner.post(cohort.path("import"), files=documents(told[0]))
    before = dump(app)

    asked = cohort.owner.post(cohort.path("import"), files=documents({**told[0], "organisation": " ENA"}, told[1]))
    within = cohort.owner.post(cohort.path("import"), files=documents([told[1], told[1]]))

    assert (asked.status_code, within.status_code) == (422, 422)
    assert "<li>ENA</li>" in asked.text
    assert "<li>Dve</li>" in within.text
    assert dump(app) == before
    again = cohort.owner.post(cohort.path("import"), files=documents(told), data={"again": "yes"})
    assert again.status_code == 200


def test_what_was_agreed_is_taken_in_as_well(app: FastAPI) -> None:
    (told,) = exported(app, "Dogovor")
    told |= {"agreed": {"strategy.purpose": 3}}
    cohort = make_cohort(app)
    cohort.owner.post(cohort.path("import"), files=documents(told))

    assert cohort.owner.get(cohort.path("data.json")).json() == [told]


@pytest.mark.parametrize(
    "files",
    [
        [("documents", ("", b""))],
        [("other", ("a.json", b"{}"))],
        [("documents", ("a.json", b"[" * 100_000))],
    ],
)
def test_odd_uploads_are_refused_plainly(app: FastAPI, files: list[tuple[str, tuple[str, bytes]]]) -> None:
    cohort = make_cohort(app)

    assert cohort.owner.post(cohort.path("import"), files=files).status_code == 422
    assert cohort.owner.post(cohort.path("import"), data={"documents": "[]"}).status_code == 422


def test_too_many_at_once_and_too_large_a_body_are_refused(app: FastAPI) -> None:
    (told,) = exported(app, "Ena")
    cohort = make_cohort(app)
    many = cohort.owner.post(cohort.path("import"), files=documents([told] * 201))
    large = cohort.owner.post(cohort.path("import"), files=documents(b" " * 2_000_000))

    assert (many.status_code, large.status_code) == (422, 413)
    assert "more than 200 documents at once" in many.text


def test_a_confidential_or_closed_cohort_imports_nothing(app: FastAPI) -> None:
    (told,) = exported(app, "Ena")
    hidden, closed = confidential(app, 1, closed=False), make_cohort(app)
    closed.owner.post(closed.path("close"))
    before = dump(app)

    assert hidden.owner.get(hidden.path("import")).status_code == 404
    assert hidden.owner.post(hidden.path("import"), files=documents(told)).status_code == 404
    assert closed.owner.post(closed.path("import"), files=documents(told)).status_code == 409
    assert dump(app) == before


def test_an_imported_organisation_has_the_same_result_as_where_it_came_from(app: FastAPI) -> None:
    (told,) = exported(app, "Selitev")
    cohort = make_cohort(app)
    cohort.owner.post(cohort.path("import"), files=documents(told))
    text = json.dumps(cohort.owner.get(cohort.path("data.json")).json()[0])

    assert read_document(text, house_of(app).catalogue.edition) == read_document(
        json.dumps(told), house_of(app).catalogue.edition
    )


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"respondents": [{"role": "other", "answers": {}}] * 201}, "Ena, respondents: more than 200 in one document"),
        ({"date": "2100-01-01"}, "Ena, date: 2100-01-01 has not come yet"),
    ],
)
def test_what_no_organisation_answered_is_refused(app: FastAPI, changed: dict[str, object], told: str) -> None:
    (sound,) = exported(app, "Ena")
    person = facilitator(app)
    cohort = make_cohort(app, person.browser)
    before = dump(app)
    response = cohort.owner.post(cohort.path("import"), files=documents(sound, sound | changed))
    call = program(app, person).post(f"{API}/cohorts/{cohort.id}/assessments", json=sound | changed)

    assert response.status_code == 422
    assert f"<b>1.json</b>, {told}" in response.text
    assert refused(call, 422, "refused") == told.removeprefix("Ena, ")
    assert [row for row in dump(app) if row[0] != "api_token"] == [row for row in before if row[0] != "api_token"]


@pytest.mark.parametrize("dated", [True, False])
def test_a_document_without_an_answer_joins_and_is_not_finished(app: FastAPI, dated: bool) -> None:
    (told,) = exported(app, "Nič")
    told |= {"respondents": [{"role": "other", "answers": {}}]}
    if not dated:
        del told["date"]
    person = facilitator(app)
    cohort = make_cohort(app, person.browser)
    cohort.owner.post(cohort.path("import"), files=documents(told))
    call = program(app, person).post(f"{API}/cohorts/{cohort.id}/assessments", json=told)

    assert call.json()["assessment"]["state"] == "joined"
    assert cohort.owner.get(cohort.path("data.json")).json() == []
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id) == CohortProgress(2, 0, 0)


def test_what_is_imported_aims_where_the_cohort_does(app: FastAPI) -> None:
    (told,) = exported(app, "Cilj")
    cohort = make_cohort(app, default_target="5")
    cohort.owner.post(
        cohort.path("import"), files=documents(told, {**told, "organisation": "Drug cilj", "default_target": 2})
    )

    assert [one["default_target"] for one in cohort.owner.get(cohort.path("data.json")).json()] == [5, 2]
