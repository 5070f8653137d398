"""Every way out of a confidential cohort, found from the application's routes: counts and the release, nothing else.

Not only is no name seen. In the database itself every member is given another name, other levels and another stage of
business, and then every door shows the same as before, byte for byte: what it shows cannot depend on any of these.
"""

import io
import random
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

import pypdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select, update

from app.core.answers.document import as_document
from app.core.cohort.release import Release, read_outcome
from app.reporting import close_cohort
from app.store import assessments, cohorts, tables
from app.store.assessments import Beginning, Place
from app.store.cohorts import CohortPlan, CohortProgress, Privacy
from app.web.facilitator import projector
from tests.core.documents.forms import DIMENSIONS, PULSE
from tests.web.facilitator.facilitating import Person, api_token, facilitator, now
from tests.web.shell.doors import Door, doors_of
from tests.web.visiting import house_of

PREFIXES = ("/cohorts", "/compare", "/api/")
"""Where a facilitator's doors are."""

LAST = ("close", "archive")
"""These a test of their own knocks at."""

ALIKE_FOR_ALL = ("paper-form.pdf", "glossary.pdf", "action-cards.pdf", "journey-sheet.pdf", "join-sheet.pdf")
"""Slow to print; looked at in one state only."""


@dataclass(frozen=True)
class Cohort:
    """A confidential cohort, its facilitator, and one of its members, whose id they might have got hold of."""

    person: Person
    keys: dict[str, str]
    places: list[Place]

    @property
    def browser(self) -> TestClient:
        """Signed in, and with a token for the API."""
        return self.person.browser


def _join(session: Session, cohort: str, number: int) -> Place:
    chance = random.Random(number)  # noqa: S311 - made-up answers
    beginning = Beginning(
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        organisation=f"Kanarček {number} z.o.o.",
        language="en",
        business_stage="growing",
        role="leadership",
    )
    place = cohorts.join(session, cohort, beginning, now())
    for question in PULSE:
        level = chance.choice((1, 2, 2, 3, 3, 4, 5))
        assessments.save_answer(session, place.respondent, question, level, seen=0, writer=None, sequence=0, now=now())
    assessments.finish(session, place.assessment, now())
    return place


def confidential_cohort(app: FastAPI, members: int, *, closed: bool) -> Cohort:
    """A cohort of a facilitator who has an open one too, of the same organisations."""
    person = facilitator(app)
    _, token = api_token(app, person.account)
    person.browser.headers["authorization"] = f"Bearer {token}"
    questionnaire = house_of(app).catalogue.newest()[0]
    made: dict[Privacy, str] = {}
    privacies: tuple[Privacy, ...] = ("open", "confidential")
    with house_of(app).database.writing() as session:
        for privacy in privacies:
            plan = CohortPlan(
                name=f"A workshop, {privacy}",
                date=date(2026, 11, 28),
                questionnaire=questionnaire.id,
                edition=questionnaire.edition,
                form="pulse",
                language="en",
                privacy=privacy,
            )
            made[privacy] = cohorts.create(session, person.account, plan, now()).id
        places = [_join(session, made["confidential"], number) for number in range(members)]
        if closed:
            close_cohort(session, questionnaire, made["confidential"], now())
    app.state.releases.finish()
    keys = {
        "cohort": made["confidential"],
        "other": made["open"],
        "assessment": places[0].assessment,
        "job": "a" * 16,
    }
    return Cohort(person, keys, places)


def doors_out(app: FastAPI) -> list[Door]:
    """The facilitator's doors; a parameter that this module cannot fill fails here: say in `keys` what it is."""
    found = [door for door in doors_of(app) if door.pattern.startswith(PREFIXES)]
    assert len(found) > 40
    return found


def addresses(door: Door, keys: dict[str, str]) -> Iterator[str]:
    """What to ask for at the door: every slide, every cohort to compare with."""
    path = door.pattern.format(**keys)
    if door.pattern.endswith("/projector"):
        yield from (f"{path}?slide={slide}" for slide in get_args(projector.Slide))
    elif door.pattern in {"/compare", "/api/v1/comparison"}:
        yield f"{path}?cohort={keys['cohort']}"
        yield f"{path}?cohort={keys['cohort']}&cohort={keys['other']}"
    elif "before-after" in door.pattern:
        yield path
        yield f"{path}?pair={keys['assessment']}"
    else:
        yield path


def everything_shown(app: FastAPI, cohort: Cohort, without: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """What every door that only shows gives: the address, the status, and all text."""
    shown = {}
    for door in doors_out(app):
        if door.method == "GET" and not door.pattern.endswith(without or ("\n",)):
            for address in addresses(door, cohort.keys):
                response = cohort.browser.get(address)
                assert response.status_code < 500, address
                shown[address] = (response.status_code, text_of(response.content))
    return shown


def text_of(body: bytes) -> str:
    """All text of a page, a PDF or a workbook."""
    if body.startswith(b"%PDF"):
        reader = pypdf.PdfReader(io.BytesIO(body))
        return "\n".join(
            [str(reader.metadata and reader.metadata.title), *(page.extract_text() for page in reader.pages)]
        )
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = [archive.read(name).decode() for name in archive.namelist()]
        return re.sub(r"<dcterms:.*?</dcterms:\w+>", "", "\n".join(parts))
    # A form has a key of its own each time it is shown.
    return re.sub(r'name="once" value="[^"]*"', "", body.decode())


def make_everything_other(app: FastAPI, cohort: Cohort) -> None:
    """Other names, other levels, another stage of business, behind the program's back."""
    with house_of(app).database.writing() as session:
        for number, place in enumerate(cohort.places):
            session.exec(
                update(tables.Assessment)
                .where(col(tables.Assessment.id) == place.assessment)
                .values(organisation=f"Kavka {number} s.r.o.", business_stage="pre_revenue")
            )
            session.exec(
                update(tables.Answer)
                .where(col(tables.Answer.respondent_id) == place.respondent)
                .values(level=6 - col(tables.Answer.level))
            )


def release_of(app: FastAPI, cohort: Cohort) -> Release | None:
    with house_of(app).database.reading() as session:
        kept = session.exec(select(tables.Cohort.release).where(tables.Cohort.id == cohort.keys["cohort"])).one()
    outcome = read_outcome(kept) if kept else None
    return outcome if isinstance(outcome, Release) else None


@pytest.fixture(autouse=True)
def short_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The projector's stream of counts ends after its first."""
    monkeypatch.setattr(projector, "EVERY", 0.01)
    monkeypatch.setattr(projector, "LONGEST", 0.1)


@pytest.mark.parametrize(("members", "closed"), [(6, False), (4, True), (6, True)])
def test_what_can_be_seen_does_not_depend_on_who_answered_what(app: FastAPI, members: int, closed: bool) -> None:
    cohort = confidential_cohort(app, members, closed=closed)
    released = release_of(app, cohort)
    assert (released is not None) == (closed and members == 6)
    without = () if released else ALIKE_FOR_ALL

    shown = everything_shown(app, cohort, without)
    make_everything_other(app, cohort)
    again = everything_shown(app, cohort, without)

    assert [address for address, seen in shown.items() if again[address] != seen] == []
    assert [address for address, (_, text) in shown.items() if "Kanar" in text] == []
    of_one = [address for address in shown if cohort.keys["assessment"] in address and "before-after" not in address]
    assert len(of_one) > 3
    assert [address for address in of_one if shown[address][0] < 400] == []
    assert release_of(app, cohort) == released
    results = shown[f"/cohorts/{cohort.keys['cohort']}/results"][1]
    means = {str(average.value) for average in released.dimensions.values()} if released else set()
    assert len(means) > 1 or not released
    assert [mean for mean in means if mean not in results] == []


@pytest.mark.parametrize("closed", [False, True])
def test_nor_does_anything_that_a_facilitator_can_do_show_more(app: FastAPI, closed: bool) -> None:
    cohort = confidential_cohort(app, 6, closed=closed)
    released = release_of(app, cohort)
    keep, drop = (place.assessment for place in cohort.places[:2])
    with house_of(app).database.reading() as session:
        document = as_document(assessments.document(session, keep))

    for door in doors_out(app):
        if door.method != "POST" or door.pattern.endswith(LAST):
            continue
        address = door.pattern.format(**cohort.keys)
        forms: list[dict[str, str]] = [{}, {"keep": keep, "drop": drop}, {"count": "2"}]
        for response in (
            *(cohort.browser.post(address, data=form) for form in forms),
            cohort.browser.post(address, json=document),
        ):
            assert response.status_code < 500, door
            assert "Kanar" not in text_of(response.content), door
            assert not ("{assessment}" in door.pattern and response.status_code < 400), door
    with house_of(app).database.reading() as session:
        assert cohorts.progress(session, cohort.keys["cohort"]) == CohortProgress(6, 6, 6)
        assert {place.assessment for place in cohort.places} == {
            place.assessment for place in cohort.places if assessments.sitting(session, place.assessment)
        }
    assert release_of(app, cohort) == released


def test_closing_again_by_any_door_changes_nothing_that_was_released(app: FastAPI) -> None:
    cohort = confidential_cohort(app, 6, closed=True)
    released = release_of(app, cohort)
    make_everything_other(app, cohort)
    with house_of(app).database.writing() as session:
        cohorts.withdraw(session, cohort.places[0].assessment, now())
        assessments.erase(session, cohort.places[1].assessment)

    for door in doors_out(app):
        if door.method == "POST" and door.pattern.endswith(("close", "reopen", "archive")):
            cohort.browser.post(door.pattern.format(**cohort.keys))
    assert released is not None
    assert release_of(app, cohort) == released
    with house_of(app).database.reading() as session:
        kept = cohorts.cohort(session, cohort.keys["cohort"])
    assert kept is not None
    assert not kept.is_open
    assert set(released.dimensions) == set(DIMENSIONS)
