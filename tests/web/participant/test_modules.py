"""The modules beside the questions: saved as they are given, by a button too, and never silently overwritten."""

import json
import re
from typing import get_args

import pytest
from fastapi import FastAPI

from app import wording
from app.core.answers import modules
from app.settings import resource
from app.store import assessments
from tests.web.facilitator.facilitating import now
from tests.web.participant.teams import finish
from tests.web.visiting import Holder, begin, house_of, stranger

HTMX = {"hx-request": "true"}


def told(app: FastAPI, holder: Holder) -> modules.Modules:
    """What is kept of the modules."""
    with house_of(app).database.reading() as session:
        return assessments.document(session, holder.assessment).modules


def give(holder: Holder, name: str, value: str, *seen: str) -> tuple[int, str]:
    """Saves one field as the page's script does."""
    data = {"value": value, "seen": json.dumps(seen or [""])}
    response = holder.browser.post(holder.path("modules", name), data=data, headers=HTMX)
    return response.status_code, response.text


def colleague_of(app: FastAPI, holder: Holder) -> Holder:
    with house_of(app).database.writing() as session:
        place = assessments.join_team(session, holder.assessment, "back_office", now())
    browser = stranger(app)
    browser.cookies.set(f"cxm-{holder.assessment}", place.token)
    return Holder(browser, holder.assessment, place.token)


def test_every_option_has_its_words() -> None:
    words = wording.environment("en", [resource("templates")]).get_template("words/_modules.html").module
    kinds = {
        "sectors": modules.Sector,
        "sizes": modules.Size,
        "customer_kinds": modules.Customers,
        "channels": modules.Channel,
        "models": modules.Model,
        "model_hints": modules.Model,
        "places": modules.Place,
        "place_hints": modules.Place,
        "basics": modules.Basic,
        "basic_hints": modules.Basic,
        "journey_stages": modules.JourneyStage,
        "journey_stage_hints": modules.JourneyStage,
        "points": modules.Point,
        "cxm_choices": modules.Cxm,
        "usefulness": modules.Usefulness,
        "recipients": modules.Recipient,
    }
    assert {kind: tuple(getattr(words, kind)) for kind in kinds} == {kind: get_args(one) for kind, one in kinds.items()}


def test_the_hints_tell_the_details_of_the_source(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.browser.get(holder.path("more", "touchpoints")).text
    for detail in ("How an advertisement looks", "left out of a promotion", "hidden conditions"):
        assert detail in page


def test_a_field_is_saved_the_moment_it_is_given(app: FastAPI) -> None:
    holder = begin(app)
    given = {
        "profile.sector": "hospitality",
        "profile.channels.shop": "true",
        "touchpoint_check.basics.waiting": "2",
        "at_stake.revenue": "1 250 000",
        "at_stake.currency": "eur",
        "at_stake.share": "7",
        "after_report.results_to.everyone": "true",
        "front_office": "4",
        "took_for_cxm": "crm",
    }
    statuses = {name: give(holder, name, value)[0] for name, value in given.items()}
    assert set(statuses.values()) == {200}
    kept = told(app, holder)
    assert kept.profile == modules.Profile(sector="hospitality", channels=("shop",))
    assert kept.touchpoint_check.basics == {"waiting": 2}
    assert kept.at_stake == modules.AtStake(revenue=1_250_000, currency="EUR", share=7)
    assert kept.after_report.results_to == ("everyone",)
    assert kept.front_back_office == (modules.OfficeView(front_office=4, took_for_cxm="crm"),)


def test_a_field_can_be_left_open_again(app: FastAPI) -> None:
    holder = begin(app)
    give(holder, "profile.size", "2-9")
    assert give(holder, "profile.size", "", "2-9")[0] == 200
    assert told(app, holder).profile == modules.Profile()


def test_what_was_changed_elsewhere_is_shown_and_not_overwritten(app: FastAPI) -> None:
    holder = begin(app)
    give(holder, "profile.sector", "food")
    status, text = give(holder, "profile.sector", "retail", "")
    assert status == 409
    assert "Saved there: Food and drink." in text
    assert 'data-stored="food"' in text
    assert told(app, holder).profile.sector == "food"
    assert give(holder, "profile.sector", "retail", "", "food")[0] == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("profile.sector", "circus"),
        ("profile.channels.shop", "yes"),
        ("touchpoint_check.places.buying", "6"),
        ("at_stake.revenue", "a lot"),
        ("at_stake.revenue", "-5"),
        ("at_stake.revenue", "1.25"),
        ("at_stake.revenue", "9" * 16),
        ("at_stake.share", "101"),
        ("at_stake.currency", "euro"),
        ("front_office", "true"),
    ],
)
def test_what_is_no_legal_value_is_refused(app: FastAPI, name: str, value: str) -> None:
    holder = begin(app)
    before = told(app, holder)
    status, text = give(holder, name, value)
    assert status == 422
    assert 'class="error"' in text
    assert told(app, holder) == before


@pytest.mark.parametrize("seen", ["", "1", "{}", "[1]", "[[]]", "[" * 5000, json.dumps([""] * 300)])
def test_an_odd_list_of_what_was_seen_is_refused(app: FastAPI, seen: str) -> None:
    holder = begin(app)
    data = {"value": "food", "seen": seen}
    assert holder.browser.post(holder.path("modules", "profile.sector"), data=data).status_code == 422


def test_a_page_is_saved_at_its_button_without_a_script(app: FastAPI) -> None:
    holder = begin(app)
    fields = {"field:profile.sector": "software", "field:profile.model.subscription": "true", "was:profile.sector": ""}
    response = holder.browser.post(holder.path("more", "profile"), data=fields)
    assert (response.status_code, response.headers["location"]) == (303, holder.path("more") + "?said=told#profile")
    profile = told(app, holder).profile
    assert profile == modules.Profile(sector="software", model=("subscription",))
    untick = {
        "was:profile.model.subscription": "true",
        "was:profile.sector": "software",
        "field:profile.sector": "software",
    }
    assert holder.browser.post(holder.path("more", "profile"), data=untick).status_code == 303
    assert told(app, holder).profile == modules.Profile(sector="software")


def test_the_button_saves_all_else_and_shows_what_was_changed_elsewhere(app: FastAPI) -> None:
    holder = begin(app)
    give(holder, "profile.sector", "food")
    fields = {"field:profile.sector": "retail", "was:profile.sector": "", "field:profile.size": "10-49"}
    response = holder.browser.post(holder.path("more", "profile"), data=fields)
    assert response.status_code == 409
    assert '<option value="retail" selected>' in response.text
    assert "Saved there: Food and drink." in response.text
    profile = told(app, holder).profile
    assert (profile.sector, profile.size) == ("food", "10-49")
    again = {"field:profile.sector": "retail", "was:profile.sector": "food"}
    assert holder.browser.post(holder.path("more", "profile"), data=again).status_code == 303


def test_what_was_typed_wrongly_stays_in_its_field(app: FastAPI) -> None:
    holder = begin(app)
    response = holder.browser.post(holder.path("more", "stake"), data={"field:at_stake.revenue": "about a million"})
    assert response.status_code == 422
    assert 'value="about a million" aria-invalid="true"' in response.text
    assert "Please write a whole number" in response.text


def test_the_answer_to_the_question_about_cxm_is_told_only_after_choosing(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.browser.get(holder.path("more", "offices")).text
    assert "is its next stage" not in page
    status, text = give(holder, "took_for_cxm", "cxm")
    assert status == 200
    assert "Yes, that is CXM." in text
    assert "is its next stage" in holder.browser.get(holder.path("more", "offices")).text


def test_the_sum_at_stake_is_multiplied_and_no_share_is_proposed(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.browser.get(holder.path("more", "stake")).text
    [field] = re.findall(r'<input[^>]*name="field:at_stake.share"[^>]*>', page)
    assert 'value=""' in field
    assert "estimated a loss of up to 21 % of revenue" in page
    give(holder, "at_stake.revenue", "300000")
    _, text = give(holder, "at_stake.share", "5")
    assert "<b>15,000</b>" in text
    assert "never a forecast" in text


def test_no_sum_stands_beside_a_share_that_cannot_be_read(app: FastAPI) -> None:
    holder = begin(app)
    give(holder, "at_stake.revenue", "300000")
    give(holder, "at_stake.share", "5")
    status, text = give(holder, "at_stake.share", "12,5")
    assert (status, "15,000" in text) == (422, False)
    assert "Please write whole per cent from 0 to 100, like 12." in text


def test_before_revenue_nothing_is_at_stake(app: FastAPI) -> None:
    holder = begin(app, business_stage="pre_revenue")
    assert "What is at stake" not in holder.browser.get(holder.path("more")).text
    statuses = [
        holder.browser.get(holder.path("more", "stake")).status_code,
        holder.browser.post(holder.path("more", "stake")).status_code,
        give(holder, "at_stake.share", "5")[0],
    ]
    assert statuses == [404, 404, 404]


def test_the_mean_of_the_basics_stands_there_from_four_ratings_on(app: FastAPI) -> None:
    holder = begin(app)
    texts = [
        give(holder, f"touchpoint_check.basics.{basic}", level)[1]
        for basic, level in (("waiting", "2"), ("attitude", "5"), ("staff", "4"), ("honesty", "5"))
    ]
    assert "1 more rating, and we work out their mean." in texts[2]
    assert "<b>4.0</b>" in texts[3]


def test_a_colleague_tells_their_own_view_and_nothing_of_the_organisation(app: FastAPI) -> None:
    holder = begin(app)
    other = colleague_of(app, holder)
    assert give(holder, "back_office", "5")[0] == 200
    assert give(other, "back_office", "2")[0] == 200
    for one in (holder, other):
        finish(one)
    views = told(app, holder).front_back_office
    assert [view.back_office for view in views] == [5, 2]
    page = other.browser.get(other.path("more")).text
    assert "Front and back office" in page
    assert "Touchpoint check" not in page
    statuses = {
        other.browser.get(other.path("more", "profile")).status_code,
        other.browser.post(other.path("more", "profile")).status_code,
        give(other, "profile.sector", "food")[0],
        other.browser.get(other.path("modules", "profile.sector")).status_code,
    }
    assert statuses == {404}


def test_the_list_says_how_far_each_has_come(app: FastAPI) -> None:
    holder = begin(app)
    give(holder, "touchpoint_check.places.buying", "3")
    give(holder, "after_report.useful", "useful")
    give(holder, "after_report.results_to.everyone", "true")
    page = " ".join(holder.browser.get(holder.path("more")).text.split())
    assert "1 of 12 told" in page
    assert "✓ told" in page


def test_nothing_of_it_enters_a_score(app: FastAPI) -> None:
    holder = begin(app)
    holder.answer("strategy.purpose", "3")
    before = holder.browser.get(holder.path("review")).text
    for name in modules.FIELDS:
        if name.startswith("touchpoint_check"):
            give(holder, name, "1")
    assert holder.browser.get(holder.path("review")).text == before
    assert list(holder.held()) == ["strategy.purpose"]


def test_a_field_leads_to_its_page(app: FastAPI) -> None:
    holder = begin(app)
    found = holder.browser.get(holder.path("modules", "touchpoint_check.places.buying")).headers["location"]
    assert found == holder.path("more", "touchpoints") + "#told-touchpoint_check-places-buying"
    assert 'id="told-touchpoint_check-places-buying"' in holder.browser.get(found.split("#")[0]).text
    assert holder.browser.get(holder.path("modules", "no_such_field")).status_code == 404
