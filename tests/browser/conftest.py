"""A real browser on a real server; see `page`."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, sync_playwright

from tests.server import running_server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the system's Chromium is; it fails, and never skips, where none is installed."""
    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    if "CXM_CHROMIUM" in os.environ:
        names = [os.environ["CXM_CHROMIUM"]]
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        pytest.fail("The tests need Chromium: sudo apt-get install --no-install-recommends chromium, or CXM_CHROMIUM=…")
    return path


# Not for the whole session: while it is open, Playwright has an event loop running in the test's own thread, and any
# other test's asyncio.run() there would fail.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A browser, one for each file of tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `cxm serve` on a new SQLite database, one for each test process."""
    with running_server(tmp_path_factory.mktemp("server")) as server:
        yield server.url


@pytest.fixture
def context(browser: Browser, live_server: str) -> Iterator[BrowserContext]:
    """A browser of a new visitor: no cookies, on the live server."""
    context = browser.new_context(base_url=live_server, locale="en-GB", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page of that visitor; the test fails on a script error and on what the content security policy blocked."""
    page = context.new_page()
    faults: list[str] = []

    def note_error(error: Error) -> None:
        faults.append(f"script error: {error.message}")

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            faults.append(message.text)

    page.on("pageerror", note_error)
    page.on("console", note_message)
    yield page
    assert faults == []
