"""Forms in a real browser that has no connection, or whose server is down: nobody is led away, and nothing is lost."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect

from tests.browser.accessibility import violations
from tests.browser.test_plan import begin
from tests.web.visiting import START

UNSENT = "Not sent: there is no connection just now."

PAGES = (
    "facts",
    "link",
    "team",
    "plan",
    "sharing",
    "again",
    "aims",
    "review",
    "questions/strategy",
    "more/profile",
    "journey",
    "/start",
    "/sign-in",
    "/join",
)
"""Of an assessment, but for the last."""


@pytest.mark.parametrize("where", PAGES)
def test_no_form_leads_away_without_a_connection(page: Page, context: BrowserContext, where: str) -> None:
    path = begin(context)
    page.goto(where if where.startswith("/") else f"{path}/{where}")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    here = page.url
    forms = page.locator("form[method=post]").all()
    assert forms
    context.set_offline(True)

    for form in forms:
        # As by its button; an empty field that has to be filled is not what this is about.
        form.evaluate("(form) => { form.noValidate = true; form.requestSubmit(form.querySelector('button')); }")

    told = page.locator(".unsent, .outbox:not([hidden]), #journey-trouble:not([hidden])")
    expect(told.first).to_be_visible()
    page.wait_for_timeout(300)
    assert page.url == here
    expect(page.locator("h1")).to_be_visible()
    if where.startswith("/"):
        expect(page.locator(".unsent")).to_have_count(len(forms))


def test_what_was_added_offline_is_added_by_the_next_press(page: Page, context: BrowserContext) -> None:
    page.goto(f"{begin(context)}/plan")
    page.locator("#text-new").fill("Written in the tunnel")
    page.locator("#way-new").select_option("emotional")
    add = page.get_by_role("button", name="Add it to the plan")
    context.set_offline(True)
    add.click()
    expect(page.locator("#form-new .unsent")).to_contain_text(UNSENT)
    expect(page.locator("#text-new")).to_have_value("Written in the tunnel")
    assert violations(page) == []

    context.set_offline(False)
    add.click()

    expect(page.locator("article.action")).to_have_count(1)
    expect(page.locator(".unsent")).to_have_count(0)
    expect(page.locator("#text-new")).to_have_value("")


def test_a_server_that_is_down_is_told_like_a_line_that_is(page: Page) -> None:
    page.goto("/start")
    page.get_by_label("Your organisation’s name").fill("Čebelnjak")
    page.get_by_text("First paying customers", exact=True).click()
    page.get_by_text("I lead it", exact=True).click()
    page.route("**/healthz", lambda route: route.fulfill(status=502))
    page.get_by_role("button", name="Start").click()
    expect(page.locator(".unsent")).to_contain_text(UNSENT)
    assert page.url.endswith("/start")
    expect(page.get_by_label("Your organisation’s name")).to_have_value("Čebelnjak")

    page.unroute("**/healthz")
    page.get_by_role("button", name="Start").click()

    expect(page.locator("[data-question]").first).to_be_visible()


def test_a_button_that_is_pressed_twice_sends_once(page: Page, context: BrowserContext) -> None:
    page.goto(f"{begin(context)}/facts")
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.get_by_label("Your organisation’s name").fill("Panj")
    page.get_by_role("button", name="Save").dblclick()

    page.wait_for_url(re.compile(r"/link$"))
    assert len(sent) == 1
    page.go_back()
    page.get_by_label("Your organisation’s name").fill(START["organisation"])
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/link$"))
    assert len(sent) == 2


def test_what_is_on_this_device_is_forgotten_only_where_the_server_knows(page: Page, context: BrowserContext) -> None:
    path = begin(context)
    page.goto(f"{path}/link")
    page.evaluate("sessionStorage.setItem('cxm-draft', 'kept')")
    context.set_offline(True)
    page.get_by_role("button", name="Forget it on this device").click()
    expect(page.locator(".unsent")).to_contain_text(UNSENT)
    assert page.evaluate("sessionStorage.getItem('cxm-draft')") == "kept"

    context.set_offline(False)
    page.get_by_role("button", name="Forget it on this device").click()

    page.wait_for_url(re.compile(r"/(\?.*)?$"))
    assert page.evaluate("sessionStorage.getItem('cxm-draft')") is None
