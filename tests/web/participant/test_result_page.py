"""What the result page says of odd sittings, and how the survey leads to it and back."""

import re
from html import unescape

from fastapi import FastAPI

from tests.web.visiting import Holder, begin

PARTS = ("strategy", "culture", "accountability", "metrics", "design", "understanding")


def answered(app: FastAPI, everywhere: str, **fields: str) -> Holder:
    """A full form with one answer everywhere."""
    holder = begin(app, **fields)
    for part in PARTS:
        page = holder.browser.get(holder.path("questions", part)).text
        answers = {f"answer:{id_}": everywhere for id_ in re.findall(r'data-question="([^"]+)"', page)}
        assert holder.browser.post(holder.path("questions", part), data=answers).status_code == 303
    return holder


def result(holder: Holder) -> str:
    """The result page's HTML, with its entities as letters and its white space as single spaces."""
    return " ".join(unescape(holder.browser.get(holder.path("result")).text).split())


def test_one_weak_answer_is_named_once_with_its_step_and_contradicted_nowhere(app: FastAPI) -> None:
    holder = answered(app, "5", business_stage="pre_revenue")
    assert holder.answer("strategy.purpose", "1", seen="1") == 200
    page = result(holder)
    assert "One answer at level 1 limits the whole" in page
    assert page.count('id="holder-strategy-purpose"') == 1
    assert "It holds down: CX strategy, Brand purpose. Stage 2, Emerging." in page
    assert "what holds the whole down is worth a step" in page
    assert page.count("from level 1 to 2") == 1
    assert "look again in 90 days" not in page

    assert holder.answer("culture.journey", "1", seen="1") == 200
    page = result(holder)
    assert "2 answers at level 1 limit the whole" in page
    assert "It rises only when all of them do." in page


def test_a_strong_organisation_without_a_weak_answer_is_left_in_peace(app: FastAPI) -> None:
    page = result(answered(app, "5"))
    before = page.split('id="method"')[0]
    assert [words for words in ("limits the whole", "limit the whole") if words in before] == []
    assert "look again in 90 days" in page


def test_equal_priorities_are_said_to_be_equal_and_lead_to_the_aims(app: FastAPI) -> None:
    holder = answered(app, "3")
    page = result(holder)
    assert "13 parts are equally urgent" in page
    assert f'<a href="{holder.path("aims")}">mark what matters most</a>' in page
    assert "Start with the first step of the first one" not in page
    assert '<b class="map-rank">1</b>' not in page

    assert holder.browser.post(holder.path("aims"), data={"importance:metrics": "5"}).status_code == 303
    page = result(holder)
    assert "equally urgent" not in page
    assert '<b class="map-rank">1</b> CX metrics' in page


def test_a_priority_whose_steps_stand_above_says_where(app: FastAPI) -> None:
    levels = {"strategy.purpose": "1", "culture.purpose": "1", "metrics.purpose": "1"}
    holder = answered(app, "5")
    for question, level in levels.items():
        assert holder.answer(question, level, seen="1") == 200
    aims = {"target:purpose": "5", "importance:purpose": "5"}
    assert (
        holder.browser.post(holder.path("aims"), data={"each": "yes", "target:strategy": "5", **aims}).status_code
        == 303
    )
    page = result(holder)
    assert "Its first step already stands under Brand purpose:" in page
    assert 'href="#step-strategy-purpose"' in page
    assert 'id="step-strategy-purpose"' in page


def test_where_nothing_is_known_the_page_is_short(app: FastAPI) -> None:
    page = result(answered(app, "dont_know"))
    headings = re.findall(r'<h2 id="([a-z-]+)"', page)
    assert headings == ["empty", "find-out", "answers", "method", "keep"]
    assert "100% of the answers are “we don’t know”." in page


def test_the_stage_range_of_a_part_is_explained(app: FastAPI) -> None:
    holder = answered(app, "4")
    assert "is a range" not in result(holder)
    assert holder.answer("strategy.purpose", "dont_know", seen="1") == 200
    page = result(holder)
    assert "A stage such as 2–3 is a range" in page
    assert "So the stage is shown as 2–4" in page


def test_nothing_is_finished_without_an_answer(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.browser.get(holder.path("review")).text
    assert "Start with the first part" in page
    assert "Finish and see the result" not in page
    refused = holder.browser.post(holder.path("finish"))
    assert refused.status_code == 422
    assert "This cannot be finished yet: give at least one answer." in refused.text
    assert "not finished yet" in holder.browser.get("/").text


def test_who_changes_an_answer_after_finishing_comes_back_to_the_result(app: FastAPI) -> None:
    holder = begin(app)
    page = holder.path("questions", "strategy")
    assert holder.answer("strategy.purpose", "3") == 200
    assert "Back to the result" not in holder.browser.get(page).text
    assert holder.browser.post(holder.path("finish")).status_code == 303
    assert "Back to the result" in holder.browser.get(page).text
    back = holder.browser.post(
        page, data={"answer:strategy.purpose": "4", "seen:strategy.purpose": "1", "then": "result"}
    )
    assert back.headers["location"] == holder.path("result")
    assert holder.held() == {"strategy.purpose": 4}
