"""Nobody's draft is seen, the founder's included: not by colleagues, the facilitator, or whoever has a link.

Every door that only shows is knocked at, found from the application's routes. Then all that the drafts told is taken
out of the database, and every door shows the same as before: what it shows cannot depend on a draft.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import col, delete, update

from app.core.answers.document import Action
from app.core.answers.modules import Touchpoint
from app.core.answers.values import Answer
from app.reporting.bundles import Bundles
from app.store import assessments, tables
from app.store.exports import jobs
from app.web.facilitator import projector
from tests.core.documents.forms import PULSE
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import add_account, api_token, now
from tests.web.participant.teams import Made, finish, invite
from tests.web.shell.door_tables import (
    OF_A_COHORT,
    OPEN_TO_ALL,
    OPEN_TO_READERS,
    OPEN_TO_THE_INVITED,
    OPEN_TO_THE_OWNER,
    OPEN_TO_THE_TEAM,
)
from tests.web.shell.doors import doors_of, shared, texts_of
from tests.web.unprinted import Unprinted
from tests.web.visiting import Holder, house_of, stranger

TABLES: Mapping[str, set[str]] = {
    "owner": {*OPEN_TO_THE_TEAM, *OPEN_TO_THE_OWNER},
    "colleague": set(OPEN_TO_THE_TEAM),
    "facilitator": {*OF_A_COHORT, "GET /cohorts"},
    "reader": set(OPEN_TO_READERS),
    "stranger": {*OPEN_TO_ALL, *OPEN_TO_THE_INVITED, *OPEN_TO_THE_TEAM, *OPEN_TO_THE_OWNER},
}
"""Each one's doors."""

ALIKE_FOR_ALL = ("paper-form.pdf", "glossary.pdf", "action-cards.pdf", "journey-sheet.pdf", "join-sheet.pdf")
SLIDES = (*sorted(projector.RESULTS), "live")
"""Those that tell anything of who has answered."""


@dataclass(frozen=True)
class Scene:
    """An open cohort with somebody alone, who has not finished, and a team of which only one colleague has."""

    app: FastAPI
    team: Made
    alone: Holder
    browsers: Mapping[str, TestClient]
    keys: dict[str, str]

    def shown_to(self, who: str) -> dict[str, tuple[int, str]]:
        """All that somebody is shown: address to status and text."""
        found: dict[str, tuple[int, str]] = {}
        for door in doors_of(self.app):
            if door.method != "GET" or str(door) not in TABLES[who] or door.pattern.endswith(ALIKE_FOR_ALL):
                continue
            keys = [self.keys, *([self.keys | {"assessment": self.alone.assessment}] if who == "facilitator" else [])]
            for path in dict.fromkeys(door.path(one) for one in keys):
                slides = SLIDES if path.endswith("/projector") else ()
                for address in (path, *(f"{path}?slide={slide}" for slide in slides)):
                    response = self.browsers[who].get(address)
                    assert response.status_code < 500, address
                    found[address] = (response.status_code, unmade(texts_of(response.content)))
        return found

    def take_out(self, of: Holder, *, organisation: bool = False) -> None:
        """Takes out what one of them has told, behind the program's back; of an owner also the organisation's part."""
        with house_of(self.app).database.writing() as session:
            place = assessments.place_of(session, of.token)
            assert place is not None
            for own in (tables.Answer, tables.RespondentField):
                session.exec(delete(own).where(col(own.respondent_id) == place.respondent))
            for told in (tables.DimensionChoice, tables.ModuleField, tables.Touchpoint, tables.Action):
                if organisation:
                    session.exec(delete(told).where(col(told.assessment_id) == of.assessment))

    def turn_over(self, of: Holder) -> None:
        """Turns everybody's level there into its opposite."""
        with house_of(self.app).database.writing() as session:
            people = [one.respondent for one in assessments.team(session, of.assessment, now()).members]
            those = col(tables.Answer.respondent_id).in_(people)
            session.exec(update(tables.Answer).where(those).values(level=6 - col(tables.Answer.level)))


def unmade(text: str) -> str:
    """The text without what is made up anew each time, and the time."""
    return re.sub(r'name="once" value="[^"]+|<dcterms:.*?</dcterms:\w+>|DTSTAMP:\w+', "", text)


def answer_all(app: FastAPI, holder: Holder, level: Answer, but: str = "") -> None:
    with house_of(app).database.writing() as session:
        place = assessments.place_of(session, holder.token)
        assert place is not None
        for question in PULSE:
            if question != but:
                assessments.save_answer(
                    session, place.respondent, question, level, seen=0, writer=None, sequence=0, now=now()
                )
        assessments.save_own_field(session, place.respondent, "front_office", 5, {None}, now())
        assessments.save_own_field(session, place.respondent, "back_office", 1, {None}, now())


def fill_in(app: FastAPI, owner: Holder) -> None:
    """All that whoever begins an assessment may fill in beside the grid, also before finishing."""
    step = Action(text="Print the promise on every invoice", way="emotional", question=PULSE[0], date=now().date())
    with house_of(app).database.writing() as session:
        assessments.save_choices(session, owner.assessment, {"strategy": 5}, {"culture": 1}, now())
        for name, value in (
            ("touchpoint_check.places.buying", 1),
            ("profile.sector", "retail"),
            ("stop_doing", "Leaflets"),
            ("after_report.useful", "not_useful"),
        ):
            assessments.save_field(session, owner.assessment, name, value, {None}, now())
        assessments.add_action(session, owner.assessment, step, now())
        assessments.add_touchpoint(session, owner.assessment, Touchpoint(stage="buy", name="Kiosk"), now())


@pytest.fixture
def scene(unprinted_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.setattr(projector, "EVERY", 0.01)
    app = unprinted_app
    cohort = make_cohort(app)
    alone, owner = (joined(app, cohort, name) for name in ("Alone", "Kavarna"))
    for one in (alone, owner):
        answer_all(app, one, 2, but=PULSE[-1])
        fill_in(app, one)
    share, link = shared(app, owner.assessment)
    team = invite(app, owner, ("front_office", "back_office"))
    first, second = team.colleagues
    answer_all(app, first, 4)
    finish(first)
    answer_all(app, second, 5, but=PULSE[-1])
    reader, facilitator, nobody = stranger(app), cohort.owner, stranger(app)
    assert reader.get(f"/shared/{link}").status_code == 303
    account = house_of(app).database
    with account.reading() as session:
        owner_id = session.get_one(tables.Cohort, cohort.id).owner_id
    facilitator.headers["authorization"] = f"Bearer {api_token(app, owner_id)[1]}"
    keys = {
        "cohort": cohort.id,
        "other": make_cohort(app, facilitator).id,
        "assessment": owner.assessment,
        "code": cohort.code,
        "team": team.code,
        "share": share,
        "shared": link,
        "job": "a" * 16,
        "key": "a" * 16,
        "touchpoint": "a" * 16,
        "invitation": "a" * 27,
        "r": "a" * 27,
        "email": add_account(app)[1],
    }
    browsers = {
        "owner": owner.browser,
        "colleague": first.browser,
        "facilitator": facilitator,
        "reader": reader,
        "stranger": nobody,
    }
    return Scene(app, team, alone, browsers, keys)


def differing(scene: Scene, people: tuple[str, ...], change: Callable[[], None]) -> list[str]:
    """The addresses at which somebody is shown something else once something was changed."""
    before = {who: scene.shown_to(who) for who in people}
    change()
    after = {who: scene.shown_to(who) for who in people}
    assert all(len(shown) > 3 for shown in before.values())
    return [f"{who}: {path}" for who in people for path, seen in before[who].items() if after[who][path] != seen]


OTHERS = ("colleague", "facilitator", "reader", "stranger")


def test_nobody_but_its_writer_is_shown_anything_of_a_draft(scene: Scene) -> None:
    _, second = scene.team.colleagues

    def take_all_out() -> None:
        scene.take_out(scene.team.owner, organisation=True)
        scene.take_out(second)
        # How far an organisation is may be seen, as a number; with what it answers, not.
        scene.turn_over(scene.alone)

    assert differing(scene, OTHERS, take_all_out) == []


def test_a_facilitator_is_told_why_a_draft_is_not_shown(scene: Scene) -> None:
    browser, cohort, alone = scene.browsers["facilitator"], scene.keys["cohort"], scene.alone.assessment
    path = f"/cohorts/{cohort}/members/{alone}"
    assert "This organisation has not finished yet." in browser.get(f"{path}/result").text
    assert browser.get(f"{path}/report.pdf").headers["location"] == f"{path}/result"
    for call in ("", "/scorecard", "/report.pdf"):
        refused = browser.get(f"/api/v1/assessments/{alone}{call}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_finished")
    kept = scene.team.owner
    finish(kept)
    sent = {"keep": alone, "drop": kept.assessment}
    refused = browser.post(f"/cohorts/{cohort}/members/merge", data=sent)
    assert (refused.status_code, "Please keep that one." in refused.text) == (409, True)


def test_a_founder_in_a_team_is_shown_nothing_of_the_others_before_finishing(scene: Scene) -> None:

    def take_theirs_out() -> None:
        for one in scene.team.colleagues:
            scene.take_out(one)

    assert differing(scene, ("owner",), take_theirs_out) == []


def test_once_finished_it_is_all_there_and_so_is_every_change(scene: Scene) -> None:
    owner, first = scene.team.owner, scene.team.colleagues[0]
    seen = differing(scene, OTHERS, lambda: finish(owner))
    ways = ("/result", "/report.pdf", "/data.json", "/data.csv", "/progress", "/scorecards")
    assert [way for way in ways if not any(path.endswith(way) for path in seen)] == []
    with house_of(scene.app).database.reading() as session:
        shown = assessments.document(session, owner.assessment, "facilitator")
    assert [one.answers[PULSE[0]] for one in shown.respondents] == [2, 4]
    assert "Print the promise" in first.browser.get(first.path("result")).text
    assert owner.answer(PULSE[0], "5", seen="1") == 200
    with house_of(scene.app).database.reading() as session:
        shown = assessments.document(session, owner.assessment, "facilitator")
    assert [one.answers[PULSE[0]] for one in shown.respondents] == [5, 4]


def test_alone_one_sees_ones_own_draft_until_a_colleague_joins(unprinted_app: FastAPI) -> None:
    app = unprinted_app
    owner = joined(app, make_cohort(app))
    answer_all(app, owner, 2)
    assert "Where you stand" in owner.browser.get(owner.path("result")).text
    invite(app, owner)
    assert "Your own answers first" in owner.browser.get(owner.path("result")).text
    with house_of(app).database.reading() as session:
        [nobody] = assessments.document(session, owner.assessment).respondents
    assert (nobody.role, nobody.answers) == ("other", {})


def test_a_bundle_of_reports_holds_no_draft(scene: Scene, tmp_path: Path) -> None:
    house = house_of(scene.app)
    finish(scene.team.owner)

    def bundled() -> str:
        bundles = Bundles(house.database, house.catalogue, tmp_path, Unprinted())
        with house.database.writing() as session:
            account = session.get_one(tables.Cohort, scene.keys["cohort"]).owner_id
            job = jobs.start(session, scene.keys["cohort"], account, "reports", 1, now())
        while bundles.work():
            pass
        with house.database.reading() as session:
            done = jobs.job(session, job.id)
        file = bundles.file(done) if done else None
        assert file is not None
        return texts_of(file.read_bytes())

    before = bundled()
    assert "Kavarna" in before
    assert "Alone" not in before
    scene.take_out(scene.team.colleagues[1])
    assert bundled() == before
