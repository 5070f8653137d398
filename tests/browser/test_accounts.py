"""A facilitator's way in, in a real browser: by keyboard alone, without a script, and for everybody's eyes and ears."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.accessibility import violations
from tests.server import CXM, Server, running_server

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
EMAIL = "ana.novak@example.org"
PASSWORD = "four words that do not belong"
ANOTHER = "seven green paper lanterns"


@dataclass(frozen=True)
class House:
    """A server without accounts, and its operator."""

    server: Server
    folder: Path

    def first_link(self) -> str:
        """The set-up link that the server printed."""
        found = re.search(r"http://\S+/setup/\S+", self.server.output.read_text())
        assert found
        return found[0]

    def user(self, *arguments: str) -> str:
        """`cxm user …`: what it prints."""
        settings = {"CXM_DATABASE_URL": f"sqlite:///{self.folder / 'cxm.db'}", "CXM_PUBLIC_URL": self.server.url}
        done = subprocess.run([CXM, "user", *arguments], env=settings, capture_output=True, text=True, check=True)
        return done.stdout.strip()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """One of its own, for there is but one first account."""
    with running_server(tmp_path) as server:
        yield House(server, tmp_path)


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def visitor(request: pytest.FixtureRequest, browser: Browser, house: House) -> Iterator[BrowserContext]:
    """A browser of somebody new."""
    context = browser.new_context(base_url=house.server.url, locale="en-GB", java_script_enabled=request.param)
    context.set_default_timeout(20_000)
    yield context
    context.close()


def type_into(page: Page, label: str, text: str) -> None:
    """Reaches a field with the Tab key, and types."""
    field = page.get_by_label(label, exact=True)
    for _ in range(30):
        if field.evaluate("field => field === document.activeElement"):
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(text)
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {label}")


def press(page: Page, name: str) -> None:
    """Reaches a button or a link with the Tab key, and presses it."""
    found = page.get_by_role("button", name=name, exact=True).or_(page.get_by_role("link", name=name, exact=True)).first
    for _ in range(40):
        if found.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {name}")


def test_from_the_set_up_link_to_signing_in_again_by_keyboard_alone(visitor: BrowserContext, house: House) -> None:
    page = visitor.new_page()
    page.goto(house.first_link())
    type_into(page, "E-mail address", EMAIL)
    type_into(page, "New password", PASSWORD)
    type_into(page, "The same once more", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cohorts")
    press(page, "Account")
    expect(page.get_by_text(EMAIL, exact=True)).to_be_visible()
    press(page, "Sign out")
    page.wait_for_url(f"{house.server.url}/**")
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.goto("/account")
    page.wait_for_url("**/sign-in?next=%2Faccount")
    type_into(page, "E-mail address", EMAIL)
    type_into(page, "Password", ANOTHER)
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Either the address or the password is not right.")
    expect(page.get_by_label("E-mail address")).to_have_value(EMAIL)
    expect(page.get_by_label("Password", exact=True)).to_have_value("")
    type_into(page, "Password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    expect(page.get_by_text(EMAIL, exact=True)).to_be_visible()
    page.goto(house.first_link())
    expect(page.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_another_password_ends_the_other_browser(browser: Browser, house: House) -> None:
    pages = []
    link = house.user("add", EMAIL)
    for _ in range(2):
        context = browser.new_context(base_url=house.server.url, locale="en-GB")
        context.set_default_timeout(20_000)
        pages.append(context.new_page())
    here, there = pages
    here.goto(link)
    here.get_by_label("New password").fill(PASSWORD)
    here.get_by_label("The same once more").fill(PASSWORD)
    here.get_by_role("button", name="Save and sign in").click()
    here.wait_for_url("**/cohorts")
    there.goto("/sign-in?next=/account")
    there.get_by_label("E-mail address").fill(EMAIL.upper())
    there.get_by_label("Password").fill(PASSWORD)
    there.get_by_role("button", name="Sign in").click()
    expect(there.get_by_text(EMAIL, exact=True)).to_be_visible()
    here.goto("/account")
    here.get_by_label("Present password").fill(PASSWORD)
    here.get_by_label("New password").fill(ANOTHER)
    here.get_by_label("The same once more").fill(ANOTHER)
    here.get_by_role("button", name="Change the password").click()
    expect(here.get_by_role("status")).to_contain_text("Your new password is set.")
    there.reload()
    expect(there.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_is_for_everybody(browser: Browser, house: House, size: ViewportSize) -> None:
    context = browser.new_context(base_url=house.server.url, locale="en-GB", viewport=size)
    context.set_default_timeout(20_000)
    page = context.new_page()

    def look(name: str) -> None:
        assert (name, violations(page)) == (name, [])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, size["width"])

    first = house.first_link()
    page.goto(first)
    look("set-up")
    page.get_by_label("E-mail address").fill("ana")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("set-up with errors")
    page.goto("/sign-in")
    look("sign in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look("sign in, nothing typed")
    for _ in range(10):
        assert page.request.post("/sign-in", form={"email": EMAIL, "password": "wrong"}).status == 422
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Please try again in 60 minutes.")
    look("sign in, too many tries")
    page.goto(first)
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.wait_for_url("**/cohorts")
    page.goto("/account")
    look("account")
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Please choose at least 10 characters.").first).to_be_visible()
    look("account with errors")
    page.get_by_label("What is the token for?").fill("The sheet that the board reads every other Friday")
    page.get_by_role("button", name="Make a token").click()
    expect(page.get_by_label("The token for The sheet")).to_be_visible()
    look("account with a new token")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_role("status")).to_contain_text("The token has ended.")
    look("account, token ended")
    page.goto(first)
    look("a link that was used")
    page.goto("/")
    look("start page, signed in")
    page.goto("/no-such-page")
    look("no page, signed in")
    reset = house.user("reset", EMAIL)
    page.goto(reset)
    look("reset")
    context.close()
