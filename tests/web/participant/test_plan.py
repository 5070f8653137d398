"""The action plan: chosen and written, changed, removed, never overwritten unseen, and taken along as files."""

import html
import io
import re

import icalendar
import openpyxl
import pytest
from fastapi import FastAPI
from httpx2 import Response
from pypdf import PdfReader

from tests import tables
from tests.web.facilitator.taking_home import PAYLOADS
from tests.web.visiting import Holder, begin, dump

OWN = {"text": "Call every customer back", "way": "emotional"}
HTMX = {"hx-request": "true"}
QUESTIONS = ("strategy.purpose", "culture.purpose", "accountability.alignment", "metrics.promises")


def answered(app: FastAPI, **fields: str) -> Holder:
    """A holder with some low levels, so that there are steps to choose from."""
    holder = begin(app, **fields)
    for place, question in enumerate(QUESTIONS):
        assert holder.answer(question, str(1 + place)) == 200
    return holder


def add(holder: Holder, **fields: str) -> str:
    """Adds an action; its id."""
    response = holder.browser.post(holder.path("plan"), data=OWN | fields)
    assert response.status_code == 303, response.text
    return str(response.headers["location"].rpartition("#action-")[2])


def actions(holder: Holder) -> list[dict[str, object]]:
    """What the plan holds, from the answer document."""
    told: list[dict[str, object]] = holder.browser.get(holder.path("answers.json")).json().get("actions", [])
    return told


def seen(page: str, action: str) -> str:
    """The revision that the action's form on a page has seen."""
    found = re.search(rf'name="seen" value="(\d+)" form="form-{action}"', page)
    assert found
    return found[1]


def change(holder: Holder, action: str, *headers: dict[str, str], **fields: str) -> Response:
    """Sends the action's form."""
    sent = OWN | {"owner": "", "date": "", "measure": "", "status": "planned", "seen": "1"} | fields
    return holder.browser.post(holder.path("plan", action), data=sent, headers=headers[0] if headers else {})


def test_a_step_is_chosen_once_however_often_the_button_is_pressed(app: FastAPI) -> None:
    holder = answered(app)
    page = html.unescape(holder.browser.get(holder.path("plan")).text)
    assert page.count('action="' + holder.path("plan", "recommended") + '"') >= len(QUESTIONS) - 1 + 4
    for _ in range(2):
        response = holder.browser.post(holder.path("plan", "recommended"), data={"question": QUESTIONS[0]})
        assert response.status_code == 303
    [action] = actions(holder)
    assert action["question"] == QUESTIONS[0]
    assert str(action["text"]) in html.unescape(holder.browser.get(holder.path("plan")).text)
    assert action["way"] == "groundwork"


def test_the_sources_four_ways_each_serve_their_way(app: FastAPI) -> None:
    holder = begin(app)
    for preset in ("delivery", "discount", "loyalty_card", "good_deed"):
        assert holder.browser.post(holder.path("plan", "recommended"), data={"preset": preset}).status_code == 303
    assert [one["way"] for one in actions(holder)] == ["transaction", "financial", "financial", "emotional"]


def test_only_what_is_offered_can_be_chosen(app: FastAPI) -> None:
    holder = answered(app)
    before = dump(app)
    for sent in ({}, {"question": "design.purpose"}, {"question": "no.such"}, {"preset": "bribe"}, {"question": ""}):
        assert holder.browser.post(holder.path("plan", "recommended"), data=sent).status_code == 422
    both = {"question": QUESTIONS[0], "preset": "delivery"}
    assert holder.browser.post(holder.path("plan", "recommended"), data=both).status_code == 422
    assert dump(app) == before


def test_an_action_says_who_does_it_by_when_and_how_one_will_see(app: FastAPI) -> None:
    holder = begin(app)
    action = add(holder)
    told = {"owner": "Ana", "date": "2027-02-19", "measure": "9 of 10 within a day", "status": "under_way"}
    assert change(holder, action, **told).status_code == 303
    assert actions(holder) == [OWN | told]
    page = holder.browser.get(holder.path("plan")).text
    assert 'value="2027-02-19"' in page
    assert seen(page, action) == "2"
    cleared = change(holder, action, seen="2", owner=" ", status="dropped")
    assert (cleared.status_code, actions(holder)) == (303, [OWN | {"status": "dropped"}])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", " \u200b"),
        ("text", "x" * 1001),
        ("text", "a\0b"),
        ("way", "magic"),
        ("owner", "x" * 1001),
        ("measure", "\ufffe"),
        ("date", "0000-00-00"),
        ("date", "2027-02-30"),
        ("date", "1999-12-31"),
        ("date", "2101-01-01"),
        ("date", "tomorrow"),
        ("date", "20270219"),
        ("date", "2027-02-19T00:00"),
        ("status", "forgotten"),
    ],
)
def test_what_cannot_be_kept_is_shown_again_and_changes_nothing(app: FastAPI, field: str, value: str) -> None:
    holder = begin(app)
    action = add(holder)
    before = actions(holder)
    other = {"text": "measure", "measure": "text"}.get(field, "text")
    sent = {other: "Typed with care", field: value}
    for response in (change(holder, action, **sent), holder.browser.post(holder.path("plan"), data=OWN | sent)):
        assert response.status_code == 422
        assert "Typed with care" in response.text
        assert "Please check:" in response.text
    partly = change(holder, action, HTMX, **sent)
    assert partly.status_code == 422
    assert "<html" not in partly.text
    assert "Not saved yet." in partly.text
    assert actions(holder) == before


def test_what_somebody_else_has_changed_is_not_overwritten_unseen(app: FastAPI) -> None:
    holder = begin(app)
    action = add(holder)
    assert change(holder, action, owner="Theirs").status_code == 303
    for headers in ({}, HTMX):
        late = change(holder, action, headers, owner="Mine", measure="My measure")
        assert late.status_code == 409
        assert "Theirs" in late.text
        assert seen(late.text, action) == "2"
    page = change(holder, action, owner="Mine", measure="My measure").text
    assert 'value="Mine"' in page
    assert "My measure" in page
    assert actions(holder) == [OWN | {"owner": "Theirs"}]
    # The same once more is no conflict; and whoever has seen it may replace it.
    assert change(holder, action, owner="Theirs").status_code == 303
    assert change(holder, action, owner="Mine", seen="2").status_code == 303
    assert actions(holder) == [OWN | {"owner": "Mine"}]


def test_what_somebody_else_has_removed_can_be_added_again(app: FastAPI) -> None:
    holder = begin(app)
    action = add(holder)
    assert holder.browser.post(holder.path("plan", action, "remove"), data={"seen": "1"}).status_code == 303
    assert actions(holder) == []
    assert holder.browser.post(holder.path("plan", action, "remove"), data={"seen": "1"}).status_code == 303
    late = change(holder, action, text="Typed meanwhile", owner="Ana", date="2027-02-19")
    assert late.status_code == 409
    [form] = re.findall(r'<form[^>]*id="form-new".*?</form>', late.text, re.DOTALL)
    assert "Typed meanwhile" in form
    assert 'value="2027-02-19"' in form
    again = change(holder, action, HTMX, text="Typed meanwhile")
    assert (again.status_code, "Add it again" in again.text) == (409, True)
    # Its button sends the same fields, and the state among them, to be added.
    add(holder, text="Typed meanwhile", owner="Ana", date="2027-02-19", measure="", status="under_way")
    assert [one["status"] for one in actions(holder)] == ["under_way"]


def test_what_was_changed_meanwhile_is_not_removed(app: FastAPI) -> None:
    holder = begin(app)
    action = add(holder)
    assert change(holder, action, owner="Ana").status_code == 303
    late = holder.browser.post(holder.path("plan", action, "remove"), data={"seen": "1"})
    assert late.status_code == 409
    assert "so it was not removed" in late.text
    assert len(actions(holder)) == 1


def test_whoever_adds_twice_with_one_page_adds_once(app: FastAPI) -> None:
    holder, other = begin(app), begin(app)
    [once] = re.findall(r'name="once" value="([A-Za-z0-9_-]{27})"', holder.browser.get(holder.path("plan")).text)
    assert add(holder, once=once) == add(holder, once=once)
    assert len(actions(holder)) == 1
    assert add(other, once=once)
    assert len(actions(other)) == 1
    made_up = holder.browser.post(holder.path("plan"), data=OWN | {"once": "../../x"})
    assert (made_up.status_code, len(actions(holder))) == (422, 1)


def test_whoever_goes_back_and_writes_another_action_loses_neither(app: FastAPI) -> None:
    holder = begin(app)
    [once] = re.findall(r'name="once" value="([^"]+)"', holder.browser.get(holder.path("plan")).text)
    for text in ("Call ten customers", "Answer within a day", "Answer within a day"):
        add(holder, text=text, once=once)
    assert [one["text"] for one in actions(holder)] == ["Call ten customers", "Answer within a day"]


def test_the_sixty_first_action_is_refused_and_not_lost(app: FastAPI) -> None:
    holder = begin(app)
    for number in range(60):
        add(holder, text=f"Action {number}")
    full = holder.browser.post(holder.path("plan"), data=OWN | {"text": "One too many"})
    assert full.status_code == 422
    assert "The plan is full" in full.text
    assert "One too many" in full.text
    assert holder.browser.post(holder.path("plan", "recommended"), data={"preset": "delivery"}).status_code == 422
    assert len(actions(holder)) == 60


def test_only_discounts_are_remarked_on_as_soon_as_there_are_two(app: FastAPI) -> None:
    holder = begin(app)
    said = "Every action you chose is about money"
    first = add(holder, way="financial")
    assert said not in holder.browser.get(holder.path("plan")).text
    add(holder, text="Another", way="financial")
    assert said in holder.browser.get(holder.path("plan")).text
    # And gone as soon as one serves another way, without the page being loaded again.
    assert said not in change(holder, first, HTMX, way="transaction").text
    assert said in change(holder, first, HTMX, way="financial", seen="2").text


def test_what_is_no_longer_done_is_kept_and_never_overwritten_unseen(app: FastAPI) -> None:
    holder = begin(app)
    path = holder.path("plan", "stop-doing")
    told = "Printing leaflets;\r\nsending catalogues"
    assert holder.browser.post(path, data={"stop_doing": told, "seen": ""}).status_code == 303
    kept = holder.browser.get(holder.path("answers.json")).json()["modules"]["stop_doing"]
    assert kept == "Printing leaflets;\nsending catalogues"
    late = holder.browser.post(path, data={"stop_doing": "Mine", "seen": ""})
    assert (late.status_code, "Mine" in late.text, "Printing leaflets" in late.text) == (409, True, True)
    assert holder.browser.post(path, data={"stop_doing": "Mine", "seen": told}).status_code == 303
    long = holder.browser.post(path, data={"stop_doing": "x" * 1001, "seen": "Mine"})
    assert (long.status_code, "x" * 1001 in long.text) == (422, True)
    quick = holder.browser.post(path, data={"stop_doing": " ", "seen": "Mine"}, headers=HTMX)
    assert (quick.status_code, "Saved" in quick.text) == (200, True)
    assert "modules" not in holder.browser.get(holder.path("answers.json")).json()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_typed_stays_text_on_the_page_and_in_the_files(app: FastAPI, payload: str) -> None:
    holder = begin(app)
    add(holder, text=payload, owner=payload, measure=payload, date="2027-02-19")
    assert holder.browser.post(holder.path("plan", "stop-doing"), data={"stop_doing": payload}).status_code == 303
    page = holder.browser.get(holder.path("plan")).text
    assert payload in html.unescape(page)
    for tag in ("<script>", "<img", "<svg on"):
        assert tag not in page.replace('<script src="/static', "")
    rows = tables.read(holder.browser.get(holder.path("plan.csv")).content)
    assert {row["Action"].removeprefix("'").replace(";'=", ";=") for row in rows} == {payload}
    sheet = openpyxl.load_workbook(io.BytesIO(holder.browser.get(holder.path("plan.xlsx")).content)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}  # "f" is a formula
    assert [cell.value for cell in cells].count(payload) == 4
    assert all(cell.hyperlink is None for cell in cells)
    [event] = icalendar.Calendar.from_ical(holder.browser.get(holder.path("plan.ics")).content).walk("VEVENT")
    assert str(event["summary"]) == payload[:100]


def test_the_files_are_named_after_the_organisation_and_tell_no_link(app: FastAPI) -> None:
    holder = answered(app)
    add(holder, date="2027-02-19", owner="Ana")
    kinds = {
        "plan.csv": "text/csv",
        "plan.xlsx": "application/vnd",
        "plan.ics": "text/calendar",
        "plan-cards.pdf": "application/pdf",
    }
    for name, kind in kinds.items():
        response = holder.browser.get(holder.path(name))
        assert response.headers["content-type"].startswith(kind)
        assert "cx-maturity-cebelnjak-d-o-o" in response.headers["content-disposition"]
        for secret in (holder.token, holder.assessment, "127.0.0.1", "http:"):
            assert secret.encode() not in response.content
    pdf = PdfReader(io.BytesIO(holder.browser.get(holder.path("plan-cards.pdf")).content))
    text = pdf.pages[0].extract_text()
    assert len(pdf.pages) == 1
    for told in (OWN["text"], "Ana", "19 February 2027"):
        assert told in text


def test_without_anything_to_put_on_it_a_file_leads_back_to_the_plan(app: FastAPI) -> None:
    holder = begin(app)
    for name in ("plan.ics", "plan-cards.pdf"):
        assert holder.browser.get(holder.path(name)).headers["location"] == holder.path("plan")
    add(holder, status="dropped")
    assert holder.browser.get(holder.path("plan-cards.pdf")).status_code == 303


def test_the_longest_cards_go_on_over_the_page_and_lose_nothing(app: FastAPI) -> None:
    holder = begin(app)
    for number in range(3):
        long = f"{number} " + "word " * 199
        add(holder, text=long, owner=long, measure=long)
    pdf = PdfReader(io.BytesIO(holder.browser.get(holder.path("plan-cards.pdf")).content))
    assert len(pdf.pages) <= 6
    assert sum(page.extract_text().count("word") for page in pdf.pages) == 3 * 3 * 199
