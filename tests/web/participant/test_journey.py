"""The journey sheet by plain forms: added, ordered, described, removed, brought back; nothing is lost on the way."""

import io
import re

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from app.core.answers.modules import MOST_TOUCHPOINTS
from tests.web.visiting import Holder, begin

HTMX = {"hx-request": "true"}
SAID = {
    "stage": "buy",
    "name": "Queue and till",
    "channel": "shop",
    "feeling": "-2",
    "point": "pain",
    "moment_of_truth": "yes",
    "ours": "no",
    "wants": "Coffee before the tram leaves",
    "thinks": "Two people serve, one till works",
    "environment": "Morning rush",
}


def add(holder: Holder, name: str, stage: str = "buy", **fields: str) -> str:
    """Adds a touchpoint as the page's form does; its id."""
    response = holder.browser.post(holder.path("journey"), data={"stage": stage, "name": name, **fields})
    assert response.status_code == 303, response.text
    page = holder.browser.get(holder.path("journey")).text
    found: list[tuple[str, str]] = re.findall(r'id="open-([a-z2-7]{16})"[^>]*>([^<]*)</a>', page)
    return next(id_ for id_, shown in reversed(found) if shown == name)


def way(holder: Holder) -> list[tuple[str, str]]:
    """The touchpoints' stages and names, in the order that the answer document has."""
    journey = holder.browser.get(holder.path("answers.json")).json()["modules"]["journey"]
    return [(one["stage"], one["name"]) for one in journey]


def post(holder: Holder, *path: str, **fields: str) -> tuple[int, str]:
    response = holder.browser.post(holder.path("journey", *path), data=fields)
    return response.status_code, response.text


def quietly(holder: Holder, id_: str, **fields: str) -> tuple[int, str]:
    """Saves a form as the page's script does while it is typed in."""
    data = {**SAID, "quiet": "yes", **fields}
    response = holder.browser.post(holder.path("journey", id_), data=data, headers=HTMX)
    return response.status_code, response.text


def test_a_touchpoint_says_all_that_its_form_has(app: FastAPI) -> None:
    holder = begin(app)
    id_ = add(holder, "Till")
    assert post(holder, id_, seen="1", **SAID)[0] == 303
    [kept] = holder.browser.get(holder.path("answers.json")).json()["modules"]["journey"]
    assert kept == SAID | {"feeling": -2, "moment_of_truth": True, "ours": False}
    page = holder.browser.get(holder.path("journey"), params={"open": id_}).text
    for value in (
        "Queue and till",
        "Coffee before the tram leaves",
        "Two people serve, one till works",
        "Morning rush",
    ):
        assert value in page
    assert page.count(" checked>") == 4


def test_touchpoints_stand_by_stage_in_the_order_in_which_they_are_added(app: FastAPI) -> None:
    holder = begin(app)
    for stage, name in (("use", "Manual"), ("discover", "Poster"), ("use", "Chair")):
        add(holder, name, stage)
    assert way(holder) == [("discover", "Poster"), ("use", "Manual"), ("use", "Chair")]


def test_earlier_and_later_lead_over_the_stages_borders(app: FastAPI) -> None:
    holder = begin(app)
    add(holder, "Poster", "discover")
    till = add(holder, "Till", "buy")
    steps = []
    for to in ("earlier", "earlier", "earlier", "earlier", "later"):
        assert post(holder, till, "move", to=to)[0] == 303
        steps.append(way(holder))
    assert steps == [
        [("discover", "Poster"), ("choose", "Till")],
        [("discover", "Poster"), ("discover", "Till")],
        [("discover", "Till"), ("discover", "Poster")],
        [("discover", "Till"), ("discover", "Poster")],
        [("discover", "Poster"), ("discover", "Till")],
    ]


def test_a_touchpoint_goes_to_the_place_where_it_is_dropped(app: FastAPI) -> None:
    holder = begin(app)
    for name in ("A", "B", "C"):
        add(holder, name, "use")
    till = add(holder, "Till", "buy")
    assert post(holder, till, "move", stage="use", position="1")[0] == 303
    assert way(holder) == [("use", "A"), ("use", "Till"), ("use", "B"), ("use", "C")]


def test_the_script_is_told_where_the_focus_belongs_and_what_to_say(app: FastAPI) -> None:
    holder = begin(app)
    add(holder, "Poster", "discover")
    till = add(holder, "Till", "buy")
    response = holder.browser.post(holder.path("journey", till, "move"), data={"to": "earlier"}, headers=HTMX)
    assert response.text.lstrip().startswith('<div id="journey"')
    assert f'data-focus="earlier-{till}"' in response.text
    assert 'data-says="Till is now number 2 of 2, in Choose."' in response.text


def test_what_is_sent_twice_is_added_once_and_what_is_typed_anew_into_the_same_form_is_kept(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.browser.get(holder.path("journey")).text
    once = re.findall(r'name="once" value="([A-Za-z0-9_-]{27})"', page)[0]
    for name in ("Till", "Till", "Parking", "Till"):
        add(holder, name, once=once)
    assert way(holder) == [("buy", "Till"), ("buy", "Parking")]
    assert post(holder, stage="buy", name="Door", once="x")[0] == 422


def test_after_a_success_the_script_gets_new_keys(app: FastAPI) -> None:
    holder = begin(app)
    before = set(re.findall(r'name="once" value="([^"]+)"', holder.browser.get(holder.path("journey")).text))
    sent = {"stage": "buy", "name": "Till", "once": min(before)}
    after = re.findall(
        r'name="once" value="([^"]+)"', holder.browser.post(holder.path("journey"), data=sent, headers=HTMX).text
    )
    assert len(after) == len(set(after)) == len(before)
    assert before.isdisjoint(after)


def test_a_name_is_needed_and_what_was_typed_stays(app: FastAPI) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    status, page = post(holder, till, **{**SAID, "name": " ", "seen": "1"})
    assert status == 422
    assert "Please write what it is." in page
    assert "Coffee before the tram leaves" in page
    status, page = post(holder, stage="buy", name="x" * 130)
    assert status == 422
    assert f'value="{"x" * 130}"' in page
    assert way(holder) == [("buy", "Till")]


@pytest.mark.parametrize(
    "fields",
    [
        {"stage": "nowhere"},
        {"channel": "pigeon"},
        {"feeling": "3"},
        {"feeling": "1.0"},
        {"point": "hate"},
        {"ours": "yes"},
        {"extra": "1"},
        {"seen": "-1"},
        {"seen": "9" * 20},
    ],
)
def test_what_no_form_sends_is_refused(app: FastAPI, fields: dict[str, str]) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    assert post(holder, till, **(SAID | {"seen": "1"} | fields))[0] == 422
    assert way(holder) == [("buy", "Till")]


def test_no_more_than_thirty(app: FastAPI) -> None:
    holder = begin(app)
    for number in range(MOST_TOUCHPOINTS):
        assert post(holder, stage="use", name=f"Contact {number}")[0] == 303
    status, page = post(holder, stage="use", name="One too many")
    assert status == 422
    assert "“One too many” was not added" in page
    assert len(way(holder)) == MOST_TOUCHPOINTS


def test_what_somebody_else_changed_is_shown_beside_ones_own(app: FastAPI) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    assert post(holder, till, stage="buy", name="Checkout", seen="1")[0] == 303
    status, page = post(holder, till, seen="1", **SAID)
    assert status == 409
    assert "Somebody has changed this touchpoint elsewhere." in page
    assert "<dd>Checkout</dd>" in page
    assert "Coffee before the tram leaves" in page
    assert way(holder) == [("buy", "Checkout")]
    [seen] = re.findall(r'name="seen" value="(\d+)"', page)
    assert post(holder, till, seen=seen, **SAID)[0] == 303
    assert way(holder) == [("buy", "Queue and till")]


def test_a_form_is_saved_quietly_while_it_is_typed_in(app: FastAPI) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    status, text = quietly(holder, till, seen="1")
    assert status == 200
    assert "Saved" in text
    [revision] = re.findall(r'data-revision="(\d+)"', text)
    assert quietly(holder, till, seen=revision, name="Counter")[0] == 200
    status, text = quietly(holder, till, seen="1", name="Desk")
    assert status == 409
    assert "<dd>Counter</dd>" in text
    assert quietly(holder, till, seen=revision, name="")[0] == 422
    assert way(holder) == [("buy", "Counter")]


def test_what_was_removed_comes_back_as_it_was_and_where_it_was(app: FastAPI) -> None:
    holder = begin(app)
    add(holder, "Menu")
    till = add(holder, "Till")
    add(holder, "Receipt")
    post(holder, till, seen="1", **SAID)
    before = holder.browser.get(holder.path("answers.json")).json()["modules"]["journey"]
    status, page = post(holder, till, "remove", seen="2")
    assert status == 200
    assert [name for _, name in way(holder)] == ["Menu", "Receipt"]
    form = page[page.index('id="lost"') : page.index("</form>", page.index('id="lost"'))]
    fields = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', form))
    assert post(holder, **fields)[0] == 303
    assert holder.browser.get(holder.path("answers.json")).json()["modules"]["journey"] == before


def test_what_somebody_else_has_removed_can_be_added_again(app: FastAPI) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    post(holder, till, "remove", seen="1")
    status, page = post(holder, till, seen="1", **SAID)
    assert status == 409
    assert "was removed elsewhere" in page
    assert 'name="wants" value="Coffee before the tram leaves"' in page


def test_what_was_changed_since_it_was_seen_is_not_removed(app: FastAPI) -> None:
    holder = begin(app)
    till = add(holder, "Till")
    post(holder, till, stage="buy", name="Checkout", seen="1")
    assert post(holder, till, "remove", seen="1")[0] == 409
    assert way(holder) == [("buy", "Checkout")]


def test_the_map_and_its_paper_have_every_name(app: FastAPI) -> None:
    holder = begin(app)
    names = ["Poster", "Queue & till", "<b>Chair</b>"]
    for stage, name in zip(("discover", "buy", "use"), names, strict=True):
        holder.browser.post(holder.path("journey"), data={**SAID, "stage": stage, "name": name})
    page = holder.browser.get(holder.path("journey-map")).text
    assert "Queue &amp; till" in page
    assert "&lt;b&gt;Chair&lt;/b&gt;" in page
    for size, width in (("a4", 842), ("a3", 1191)):
        pdf = PdfReader(io.BytesIO(holder.browser.get(holder.path("journey.pdf"), params={"size": size}).content))
        [sheet] = pdf.pages
        assert round(float(sheet.mediabox.width)) == width
        text = sheet.extract_text()
        assert [name for name in names if name not in text] == []


def test_there_is_no_other_paper(app: FastAPI) -> None:
    holder = begin(app)
    assert holder.browser.get(holder.path("journey.pdf"), params={"size": "a0"}).status_code == 422


def test_a_touchpoint_of_another_assessment_is_not_there(app: FastAPI) -> None:
    holder, other = begin(app), begin(app)
    till = add(holder, "Till")
    statuses = {
        other.browser.get(other.path("journey", till)).status_code,
        post(other, till, "move", to="later")[0],
    }
    assert statuses == {404}
    assert post(other, till, seen="1", **SAID)[0] == 409
    assert way(holder) == [("buy", "Till")]
