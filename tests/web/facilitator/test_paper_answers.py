"""Typing in paper answers: a sheet becomes a finished assessment, a slip keeps what was typed, strangers keep out."""

import html
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.store import cohorts
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.facilitator.taking_home import confidential, questionnaire_of, shared_with
from tests.web.visiting import dump, house_of, stranger

FACTS = {"organisation": "Papirnica", "business_stage": "first_customers", "role": "front_office"}


def sheet(app: FastAPI, **changed: str) -> dict[str, str]:
    """What the page sends of a sheet with an answer of each kind."""
    questions = questionnaire_of(app).forms["pulse"].questions
    answers = {f"answer:{id_}": "4" for id_ in questions}
    answers |= {f"answer:{questions[0]}": "dont_know", f"answer:{questions[1]}": "not_applicable"}
    answers |= {f"answer:{questions[2]}": "", f"answer:{questions[3]}": "1"}
    aims = {f"target:{id_}": "" for id_ in questionnaire_of(app).dimensions}
    aims |= {f"importance:{id_}": "" for id_ in questionnaire_of(app).dimensions}
    return FACTS | answers | aims | {"target:strategy": "5", "importance:culture": "5"} | changed


def test_a_sheet_becomes_a_finished_assessment_with_a_private_link_of_its_own(app: FastAPI) -> None:
    cohort = make_cohort(app, default_target="4")
    response = cohort.owner.post(cohort.path("paper"), data=sheet(app))

    assert response.status_code == 200
    assert "13 of 14 questions are answered" in response.text
    (told,) = cohort.owner.get(cohort.path("data.json")).json()
    questions = questionnaire_of(app).forms["pulse"].questions
    assert told["respondents"] == [
        {
            "role": "front_office",
            "answers": {questions[0]: "dont_know", questions[1]: "not_applicable", questions[3]: 1}
            | dict.fromkeys(questions[4:], 4),
        }
    ]
    assert (told["organisation"], told["business_stage"]) == ("Papirnica", "first_customers")
    assert (told["targets"], told["importance"], told["default_target"]) == ({"strategy": 5}, {"culture": 5}, 4)
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.id) == cohorts.CohortProgress(1, 1, 1)
    (token,) = re.findall(r'value="http://[^"]*/r/([^"]+)"', response.text)
    team = stranger(app)
    assert team.get(f"/r/{token}").status_code == 303
    assert team.get(team.get(f"/r/{token}").headers["location"] + "/result").status_code == 200


def test_the_page_asks_the_same_questions_with_the_same_numbers_as_the_paper(app: FastAPI) -> None:
    cohort = make_cohort(app)
    shown = cohort.owner.get(cohort.path("paper")).text

    names = re.findall(r'name="answer:([^"]+)" value="1"', shown)
    assert names == list(questionnaire_of(app).forms["pulse"].questions)
    assert re.findall(r"<legend><b>(\d+)</b>", shown) == [str(number) for number in range(1, 15)]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"organisation": ""}, "Please write a name."),
        ({"organisation": "x" * 121}, "This is too long: at most 120 characters, and yours has 121."),
        ({"business_stage": ""}, "Please choose one."),
        ({"role": ""}, "Please choose one."),
        ({f"importance:{id_}": "5" for id_ in ("strategy", "metrics", "design")}, "at most three"),
    ],
)
def test_a_slip_keeps_everything_that_was_typed_and_saves_nothing(
    app: FastAPI, changed: dict[str, str], words: str
) -> None:
    cohort = make_cohort(app)
    sent = sheet(app, **changed)
    before = dump(app)
    response = cohort.owner.post(cohort.path("paper"), data=sent)

    assert response.status_code == 422
    assert words in response.text
    assert dump(app) == before
    checked = re.findall(r'name="((?:answer|importance):[^"]+)" value="([^"]*)" checked', response.text)
    assert dict(checked) == {
        name: value
        for name, value in sent.items()
        if name.startswith("importance:") or (name.startswith("answer:") and value)
    }
    assert html.escape(sent["organisation"]) in response.text


def test_a_sheet_without_an_answer_is_taken_for_a_slip(app: FastAPI) -> None:
    cohort = make_cohort(app)
    response = cohort.owner.post(cohort.path("paper"), data=FACTS)

    assert response.status_code == 422
    assert "There is no answer on this sheet." in response.text


@pytest.mark.parametrize(
    "name", ["PAPIRNICA", "\uff30\uff41\uff50\uff49\uff52\uff4e\uff49\uff43\uff41"]
)  # in full width
def test_the_same_name_once_more_is_asked_about_first(app: FastAPI, name: str) -> None:
    cohort = make_cohort(app)
    joined(app, cohort, name)
    asked = cohort.owner.post(cohort.path("paper"), data=sheet(app))
    kept = cohort.owner.post(cohort.path("paper"), data=sheet(app, again="yes"))

    assert (asked.status_code, kept.status_code) == (422, 200)
    assert 'name="again" value="yes"' in asked.text
    assert len(cohort.owner.get(cohort.path("data.json")).json()) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"answer:strategy.purpose": "6"},
        {"answer:strategy.purpose": "4.0"},
        {"answer:strategy.alignment": "3"},  # a question of the full form
        {"target:strategy": "0"},
        {"owner": "me"},
    ],
)
def test_what_the_page_never_sends_is_refused(app: FastAPI, changed: dict[str, str]) -> None:
    cohort = make_cohort(app)
    before = dump(app)

    assert cohort.owner.post(cohort.path("paper"), data=sheet(app, **changed)).status_code == 422
    assert dump(app) == before


def test_what_is_typed_never_becomes_markup(app: FastAPI) -> None:
    cohort = make_cohort(app)
    name = "<script>alert(1)</script>"
    response = cohort.owner.post(cohort.path("paper"), data=sheet(app, organisation=name))

    assert response.status_code == 200
    assert name not in response.text
    assert html.escape(name) in response.text


def test_in_a_confidential_cohort_teams_type_their_own(app: FastAPI) -> None:
    cohort = confidential(app, 1, closed=False)
    before = dump(app)
    for response in (cohort.owner.get(cohort.path("paper")), cohort.owner.post(cohort.path("paper"), data=sheet(app))):
        assert response.status_code == 404
        assert "Let each team join by the code and type in its own." in response.text
    assert dump(app) == before


def test_a_closed_or_archived_cohort_takes_no_sheet(app: FastAPI) -> None:
    closed, archived = make_cohort(app), make_cohort(app)
    closed.owner.post(closed.path("close"))
    archived.owner.post(archived.path("archive"), data={"to": "away"})
    for cohort in (closed, archived):
        assert cohort.owner.get(cohort.path("paper")).status_code == 409
        assert cohort.owner.post(cohort.path("paper"), data=sheet(app)).status_code == 409
        assert cohort.owner.get(cohort.path("data.json")).json() == []


@pytest.mark.parametrize("page", ["paper", "import"])
def test_only_who_runs_the_cohort_adds_to_it(app: FastAPI, page: str) -> None:
    cohort = make_cohort(app)

    def statuses(browser: TestClient) -> tuple[int, int]:
        got = browser.get(cohort.path(page))
        if page == "import":
            sent = browser.post(cohort.path(page), files=[("documents", ("a.json", b"[]"))])
        else:
            sent = browser.post(cohort.path(page), data=sheet(app))
        return got.status_code, sent.status_code

    assert statuses(shared_with(app, cohort, "read")) == (403, 403)
    assert statuses(facilitator(app).browser) == (404, 404)
    assert statuses(stranger(app)) == (303, 303)
    assert statuses(shared_with(app, cohort, "run")) == (200, 422 if page == "import" else 200)
