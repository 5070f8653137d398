"""A facilitator's desk: what can be done with a cohort, by whom, and what a confidential one never shows."""

import re
import shutil
from pathlib import Path

import pytest
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings, resource
from app.store import cohorts
from tests.core.documents.forms import PULSE
from tests.web.facilitator.cohorts import PLAN, joined, make_cohort
from tests.web.facilitator.facilitating import facilitator, sign_in
from tests.web.facilitator.filled import answer_in
from tests.web.participant.teams import finish, invite
from tests.web.reading import Page
from tests.web.visiting import house_of, stranger


def test_a_cohort_is_made_in_one_form_and_can_be_joined_at_once(app: FastAPI) -> None:
    cohort = make_cohort(app)
    assert stranger(app).get(f"/join/{cohort.code}").status_code == 200
    assert f"{cohort.code[:4]} {cohort.code[4:]}" in cohort.owner.get(cohort.path()).text


def test_what_is_missing_is_said_and_what_was_typed_kept(app: FastAPI) -> None:
    owner = facilitator(app).browser
    response = owner.post("/cohorts/new", data={key: PLAN[key] for key in PLAN if key != "privacy"})
    assert response.status_code == 422
    assert "Please choose one." in response.text
    assert 'value="Spring intake"' in response.text


def test_privacy_and_form_stay_once_somebody_has_joined(app: FastAPI) -> None:
    cohort = make_cohort(app)
    assert cohort.owner.post(cohort.path("edit"), data=PLAN | {"form": "full"}).status_code == 303
    joined(app, cohort)
    refused = cohort.owner.post(cohort.path("edit"), data=PLAN | {"form": "full", "privacy": "confidential"})
    assert refused.status_code == 422
    assert "Somebody has joined already" in refused.text
    assert cohort.owner.post(cohort.path("edit"), data=PLAN | {"form": "full", "name": "Renamed"}).status_code == 303
    assert "Renamed" in cohort.owner.get(cohort.path()).text


def test_the_desk_tells_how_far_a_team_is(app: FastAPI) -> None:
    cohort = make_cohort(app)
    joined(app, cohort, "Alone")
    made = invite(app, joined(app, cohort, "Several"), ["front_office", "back_office"])
    finish(made.owner)

    desk = " ".join(cohort.owner.get(cohort.path()).text.split())
    assert desk.count(" people, ") == 1
    assert "3 people, 1 finished" in desk.split("Several")[1]
    assert "2 people in 1 team have not finished." in desk


def test_a_shared_cohort_can_be_looked_at_or_run_and_no_more(app: FastAPI) -> None:
    cohort = make_cohort(app)
    reader, runner, other = facilitator(app), facilitator(app), facilitator(app)
    for person, right in ((reader, "read"), (runner, "run")):
        shared = cohort.owner.post(cohort.path("share"), data={"email": person.email, "right": right})
        assert shared.status_code == 303
    assert other.browser.get(cohort.path()).status_code == 404
    assert reader.browser.get(cohort.path()).status_code == 200
    assert reader.browser.post(cohort.path("close")).status_code == 403
    assert runner.browser.post(cohort.path("archive")).status_code == 403
    assert runner.browser.post(cohort.path("share"), data={"email": other.email, "right": "read"}).status_code == 403
    assert runner.browser.post(cohort.path("close")).status_code == 303
    assert runner.browser.post(cohort.path("reopen")).status_code == 303


def test_a_confidential_cohort_names_nobody_and_closes_for_good(app: FastAPI) -> None:
    cohort = make_cohort(app, privacy="confidential")
    member = joined(app, cohort, organisation="Secretive Ltd", told="confidential")
    member.answer("strategy.purpose", "1")
    desk = cohort.owner.get(cohort.path()).text
    assert "Secretive Ltd" not in desk
    assert member.assessment not in desk
    assert cohort.owner.post(cohort.path("members", member.assessment, "link")).status_code == 403
    assert cohort.owner.post(cohort.path("close")).status_code == 303
    assert cohort.owner.post(cohort.path("reopen")).status_code == 409


def test_a_lost_link_is_made_anew_in_an_open_cohort(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    page = cohort.owner.post(cohort.path("members", member.assessment, "link")).text
    link = page.split('value="')[1].split('"')[0]
    assert member.browser.get(member.path("result")).status_code == 404
    assert stranger(app).get("/r/" + link.rpartition("/")[2]).headers["location"] == member.path()


def test_two_that_are_the_same_become_one(app: FastAPI) -> None:
    cohort = make_cohort(app)
    first, second = joined(app, cohort), joined(app, cohort)
    first.answer("strategy.purpose", "3")
    second.answer("strategy.purpose", "5")
    second.answer("strategy.promises", "2")
    data = {"keep": first.assessment, "drop": second.assessment}
    assert cohort.owner.post(cohort.path("members", "merge"), data=data).status_code == 303
    assert first.held() == {"strategy.purpose": 3, "strategy.promises": 2}
    assert second.browser.get(second.path("result")).status_code == 404
    assert cohort.owner.post(cohort.path("members", "merge"), data=data).status_code == 422


def test_whoever_holds_the_link_of_what_was_merged_is_told_so(app: FastAPI) -> None:
    cohort = make_cohort(app)
    kept, first, second = joined(app, cohort), joined(app, cohort), joined(app, cohort)
    for keep, drop in ((first, second), (kept, first)):
        data: dict[str, object] = {"keep": keep.assessment, "drop": drop.assessment}
        assert cohort.owner.post(cohort.path("members", "merge"), data=data).status_code == 303
    for gone in (first, second):
        for response in (gone.browser.get(gone.path()), stranger(app).get(f"/r/{gone.token}")):
            assert response.status_code == 404
            assert "This assessment was merged with another" in response.text
            assert kept.assessment not in response.text
    assert "was merged" not in stranger(app).get(second.path()).text
    kept.browser.post(kept.path("erase"), data={"word": "erase"})
    assert "was merged" not in stranger(app).get(f"/r/{second.token}").text


def test_an_archived_cohort_comes_back(app: FastAPI) -> None:
    cohort = make_cohort(app, name="Put away")
    assert cohort.owner.post(cohort.path("archive"), data={"to": "away"}).status_code == 303
    with house_of(app).database.reading() as session:
        archived = cohorts.cohort(session, cohort.id)
    assert archived is not None
    assert archived.archived_at is not None
    assert "1 archived cohort" in cohort.owner.get("/cohorts").text
    assert cohort.owner.post(cohort.path("archive"), data={"to": "back"}).status_code == 303
    assert "Put away" in cohort.owner.get("/cohorts").text


def test_without_an_address_that_phones_reach_there_is_no_useless_code(app: FastAPI, secure_app: FastAPI) -> None:
    here = make_cohort(app)
    assert "Phones cannot reach this address" in here.owner.get(here.path()).text
    assert "Phones cannot reach this address" in here.owner.get(here.path("projector")).text


@pytest.mark.parametrize(
    ("typed", "made"), [("00050000", 0), ("0001" + "0" * 5000, 0), ("101", 0), ("0", 0), ("007", 7)]
)
def test_so_many_invitations_are_made_as_the_number_says_and_never_too_many(
    app: FastAPI, typed: str, made: int
) -> None:
    cohort = make_cohort(app)
    page = cohort.owner.post(cohort.path("invitations"), data={"count": typed})
    assert page.status_code == (200 if made else 422)
    assert page.text.count("/invitation/") == made


@pytest.mark.parametrize("date", ["9999-12-31", "1999-12-31", "0001-01-01", "0", "19", "1793145600", "20270301"])
def test_a_workshop_is_on_a_day_of_our_time(app: FastAPI, date: str) -> None:
    cohort = make_cohort(app)
    for path in ("/cohorts/new", cohort.path("edit")):
        refused = cohort.owner.post(path, data=PLAN | {"date": date})
        assert refused.status_code == 422
        assert "Please give a date from 2000 to 2100." in refused.text


def test_a_cohort_that_is_described_anew_keeps_its_edition(tmp_path: Path) -> None:
    folder = tmp_path / "questionnaires"
    shutil.copytree(resource("questionnaires"), folder)
    database = f"sqlite:///{tmp_path / 'cxm.db'}"
    person = facilitator(app := create_app(Settings(database_url=database, questionnaires=folder)))
    cohort = make_cohort(app, person.browser)
    joined(app, cohort)
    house_of(app).database.close()
    shutil.copytree(folder / "cx-grid" / "2026-1", folder / "cx-grid" / "2027-1")
    file = folder / "cx-grid" / "2027-1" / "questionnaire.yaml"
    file.write_text(file.read_text().replace('"2026-1"', '"2027-1"'))
    browser = sign_in(later := create_app(Settings(database_url=database, questionnaires=folder)), person.email)
    assert browser.get(cohort.path("edit")).status_code == 200
    assert browser.post(cohort.path("edit"), data=PLAN | {"name": "Renamed"}).status_code == 303
    new = make_cohort(later, browser)
    with house_of(later).database.reading() as session:
        told = {id_: cohorts.cohort(session, id_) for id_ in (cohort.id, new.id)}
    assert {id_: (one.name, one.edition) for id_, one in told.items() if one} == {
        cohort.id: ("Renamed", "2026-1"),
        new.id: (PLAN["name"], "2027-1"),
    }
    house_of(later).database.close()


def test_closing_tells_first_who_would_not_count(app: FastAPI) -> None:
    cohort = make_cohort(app, privacy="confidential")
    answered: dict[str, int | str] = dict.fromkeys(PULSE, 3)
    for place in range(4):
        answer_in(app, cohort, f"Finished {place}", answered)
    answer_in(app, cohort, "Only to press the button", answered, finished=False)
    answer_in(app, cohort, "Half way", {"strategy.purpose": 3}, finished=False)
    desk = Page(cohort.owner.get(cohort.path()).text).text
    assert "So far 6 have joined, and 4 have finished." in desk
    assert "2 would not count: they have not finished." in desk
    assert "1 of them has answered everything, and only has to press “Finish”." in desk
    assert "Of the 4 that have finished, 4 would count" in desk
    assert "Fewer than five would count: if you close it now, nothing is ever shown." in desk
    answer_in(app, cohort, "Knows too little", answered | dict.fromkeys(PULSE[:3], "dont_know"))
    desk = Page(cohort.owner.get(cohort.path()).text).text
    assert "Of the 5 that have finished, 4 would count" in desk
    assert "Fewer than five would count" in desk
    answer_in(app, cohort, "The fifth", answered)
    desk = Page(cohort.owner.get(cohort.path()).text).text
    assert "Of the 6 that have finished, 5 would count: only those scored in every part do." in desk
    assert "An organisation that answered “We don’t know” too often in one of them does not. Were it fewer" in desk


def test_what_cannot_be_undone_asks_first(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    desk = cohort.owner.get(cohort.path()).text
    unasked = re.sub("<details.*?</details>", "", desk, flags=re.DOTALL)
    for action in (cohort.path("close"), cohort.path("members", member.assessment, "link")):
        assert f'action="{action}"' in desk
        assert f'action="{action}"' not in unasked


def test_what_is_fixed_is_told_and_not_asked(app: FastAPI) -> None:
    cohort = make_cohort(app)
    edit = cohort.path("edit")
    assert 'type="radio" name="privacy"' in cohort.owner.get(edit).text
    joined(app, cohort)
    assert 'type="radio" name="privacy"' not in cohort.owner.get(edit).text
    assert 'select id="default_target"' in cohort.owner.get(edit).text
    cohort.owner.post(cohort.path("close"))
    assert 'select id="default_target"' not in cohort.owner.get(edit).text
    refused = cohort.owner.post(edit, data=PLAN | {"default_target": "5"})
    assert refused.status_code == 422
    assert "Only its name and its date can still be corrected." in refused.text
    assert cohort.owner.post(edit, data=PLAN | {"name": "Renamed"}).status_code == 303


def test_whoever_may_only_look_is_told_so(app: FastAPI) -> None:
    cohort, reader = make_cohort(app), facilitator(app)
    cohort.owner.post(cohort.path("share"), data={"email": reader.email, "right": "read"})
    assert "given to you to look at" in reader.browser.get(cohort.path()).text
    assert "given to you" not in cohort.owner.get(cohort.path()).text
