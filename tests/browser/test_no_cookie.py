"""A real browser in which cookies are blocked: it is told so, nothing is begun, and allowing them is enough."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.taking import Person

HEADING = "Your browser keeps no cookie here"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def blocked(
    request: pytest.FixtureRequest, browser: Browser, chromium_path: str, live_server: str, tmp_path: Path
) -> Iterator[Page]:
    """A page of a browser whose settings block every cookie."""
    settings = tmp_path / "Default" / "Preferences"
    settings.parent.mkdir()
    settings.write_text(json.dumps({"profile": {"default_content_setting_values": {"cookies": 2}}}), encoding="utf-8")
    kind = browser.browser_type
    context = kind.launch_persistent_context(
        tmp_path,
        executable_path=chromium_path,
        base_url=live_server,
        locale="en-GB",
        java_script_enabled=request.param,
    )
    context.set_default_timeout(20_000)
    yield context.pages[0]
    context.close()


def test_whoever_begins_is_told_that_a_cookie_is_needed_and_how_to_go_on(blocked: Page) -> None:
    blocked.goto("/start?form=pulse")
    blocked.get_by_label("Your organisation’s name").fill("Bakery Žito")
    blocked.get_by_text("First paying customers", exact=True).click()
    for button in ("Start", "Try once more"):
        blocked.get_by_role("button", name=button, exact=True).click()
        expect(blocked.get_by_role("heading", level=1)).to_have_text(HEADING)
        expect(blocked.locator("input[name=organisation]")).to_have_value("Bakery Žito")
    assert blocked.context.cookies() == []


def test_whoever_opens_a_private_link_is_told_so_too(blocked: Page, page: Page) -> None:
    person = Person(page)
    person.start("Bakery Žito", form="pulse")
    link = person.private_link()
    blocked.goto(link)
    expect(blocked.get_by_role("heading", level=1)).to_have_text(HEADING)
    expect(blocked.get_by_text("The link is right.")).to_be_visible()
