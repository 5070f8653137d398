"""What a form that saves itself could not keep, in a real browser: told by title, field and line, until mended."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.accessibility import violations
from tests.browser.test_plan import begin, taken_on

CHECK = re.compile("^Please check:")


def refused(page: Page, field: Locator, words: str) -> None:
    """It is told everywhere, and nobody was called back."""
    expect(page).to_have_title(CHECK)
    expect(page.locator("#refused")).to_contain_text(words)
    expect(field).to_have_attribute("aria-invalid", "true")
    described = field.get_attribute("aria-describedby") or ""
    said = " ".join(page.locator(f"[id='{id_}']").inner_text() for id_ in described.split())
    assert words in said
    assert violations(page) == []


def mended(page: Page, field: Locator) -> None:
    """Nothing says so any more."""
    expect(page.locator("#refused")).to_be_hidden()
    expect(page).not_to_have_title(CHECK)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_an_action_that_was_not_kept(page: Page, context: BrowserContext) -> None:
    path = begin(context)
    taken_on(page, path)
    action = page.locator("article.action")
    measure = action.get_by_label("How will we see")
    measure.fill("x" * 1001)
    action.get_by_label("State").focus()

    refused(page, measure, "at most 1,000 characters, and yours has 1,001")
    expect(action.get_by_label("State")).to_be_focused()
    page.locator("#refused a").click()
    expect(measure).to_be_focused()
    measure.fill("9 of 10")
    measure.blur()

    expect(action.locator(".saved")).to_have_text("✓ Saved")
    mended(page, measure)


def test_two_slips_in_one_action_are_told_each(page: Page, context: BrowserContext) -> None:
    taken_on(page, begin(context))
    action = page.locator("article.action")
    action.get_by_text("Change the words").click()
    words, owner = action.get_by_label("What is to be done"), action.get_by_label("Owner")
    words.fill("")
    owner.fill("o" * 1001)
    owner.blur()

    refused(page, words, "Please say what is to be done.")
    refused(page, owner, "yours has 1,001")
    expect(page.locator("#refused a")).to_have_count(2)
    words.fill("Call back")
    words.blur()
    expect(page.locator("#refused a")).to_have_count(1)
    expect(words).not_to_have_attribute("aria-invalid", "true")
    owner.fill("Ana")
    owner.blur()
    mended(page, owner)


@pytest.mark.parametrize(
    ("where", "label", "wrong", "words", "right"),
    [
        ("plan", "What you stop doing", "x" * 1001, "yours has 1,001", "Leaflets"),
        ("more/stake", "Revenue in a year", "a lot", "Please write a whole number", "250000"),
        ("more/stake", "Share of it that you think", "120", "whole per cent from 0 to 100", "12"),
    ],
)
def test_a_field_that_was_not_kept(  # noqa: PLR0913 - a case
    page: Page, context: BrowserContext, where: str, label: str, wrong: str, words: str, right: str
) -> None:
    page.goto(f"{begin(context)}/{where}")
    field = page.get_by_role("textbox", name=label)
    field.fill(wrong)
    field.blur()
    refused(page, field, words)

    field.fill(right)
    field.blur()

    mended(page, field)


def test_a_fourth_mark_of_three(page: Page, context: BrowserContext) -> None:
    page.goto(f"{begin(context)}/aims")
    groups = page.get_by_role("radiogroup").all()
    for group in groups[:4]:
        group.get_by_label("most", exact=True).check()

    expect(page.locator("#refused")).to_contain_text("CX metrics: Three are marked so already.")
    expect(page).to_have_title(CHECK)
    described = groups[3].get_attribute("aria-describedby")
    assert described is not None
    expect(page.locator(f"#{described}")).to_contain_text("Three are marked so already.")
    groups[0].get_by_label("between", exact=True).check()
    groups[3].get_by_label("most", exact=True).check()

    expect(page.locator("#refused")).to_be_hidden()
    expect(page).not_to_have_title(CHECK)
    expect(groups[3]).to_have_attribute("aria-describedby", "")


def test_a_touchpoint_that_was_not_kept(page: Page, context: BrowserContext) -> None:
    page.goto(f"{begin(context)}/journey")
    page.get_by_text("Add to", exact=False).first.click()
    add = page.locator("input[name=name]").first
    add.fill("n" * 121)
    add.press("Enter")
    expect(page.locator("#refused")).to_contain_text("at most 120 characters, and yours has 121")
    expect(page).to_have_title(CHECK)
    expect(add).to_be_focused()
    expect(add).to_have_value("n" * 121)
    add.fill("Shop window")
    add.press("Enter")
    expect(page.locator("#refused")).to_be_hidden()
    expect(page).not_to_have_title(CHECK)
    page.locator("[data-touchpoint] a, [data-touchpoint] button").first.click()
    thinks = page.get_by_label("What does the customer think?")
    thinks.fill("t" * 1001)
    thinks.blur()
    refused(page, thinks, "at most 1,000 characters, and yours has 1,001")
    thinks.fill("Lovely")
    thinks.blur()
    mended(page, thinks)


def test_a_page_that_was_refused_is_right_again_when_its_field_is_saved(page: Page, context: BrowserContext) -> None:
    path = begin(context)
    page.route("**/cxm.js*", lambda route: route.abort())
    page.goto(f"{path}/more/stake")
    page.unroute("**/cxm.js*")
    revenue = page.get_by_label("Revenue in a year")
    revenue.fill("a lot")
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".problems a")).to_have_text("Revenue in a year: Please write a whole number, like 250000.")
    expect(page.locator(".problems")).to_be_focused()

    revenue.fill("250000")
    revenue.blur()

    expect(page.locator(".problems")).to_have_count(0)
    mended(page, revenue)
