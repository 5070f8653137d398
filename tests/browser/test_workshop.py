"""A workshop in real browsers: a facilitator, a projector, thirty phones."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.accessibility import violations
from tests.browser.taking import PHONE
from tests.server import Server, running_server

EMAIL = "ana@example.org"
PASSWORD = "four words nobody guesses"
PHONES = 30


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on which no facilitator is set up yet."""
    with running_server(tmp_path_factory.mktemp("workshop")) as server:
        yield server


@pytest.fixture(scope="module")
def desk(browser: Browser, server: Server) -> Iterator[Page]:
    """The browser of a facilitator who has used the set-up link that the server printed."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    page = context.new_page()
    link = next(word for word in server.output.read_text("utf-8").split() if "/setup/" in word)
    page.goto("/setup/" + link.rpartition("/")[2])
    page.locator("input[name=email]").fill(EMAIL)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_role("heading", name="Cohorts")).to_be_visible()
    yield page
    context.close()


def _sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()


def test_from_signing_in_to_the_code_on_the_wall_takes_few_interactions(desk: Page) -> None:
    _sign_out(desk)
    desk.goto("/sign-in")
    desk.locator("input[name=email]").fill(EMAIL)
    desk.locator("input[type=password]").fill(PASSWORD)
    interactions = 1
    desk.get_by_role("button", name="Sign in").click()
    interactions += 1
    desk.get_by_role("link", name="New cohort").click()
    interactions += 1
    desk.get_by_role("textbox", name="Name").fill("Thirty phones")
    interactions += 1
    desk.locator("input[value=open]").check()
    interactions += 1
    desk.get_by_role("button", name="Make it and get the code").click()
    interactions += 1
    desk.get_by_role("link", name="Show on the projector").click()
    expect(desk.locator(".room-code")).to_be_visible()
    assert interactions <= 6


def test_thirty_phones_join_by_the_code_and_the_projector_follows(desk: Page, browser: Browser, server: Server) -> None:
    code = desk.locator(".room-code").inner_text()
    counts = desk.locator(".room dd")
    expect(counts.first).to_have_text("0")
    phones: list[BrowserContext] = []
    for number in range(PHONES):
        phone = browser.new_context(base_url=server.url, viewport=PHONE, locale="en-GB")
        phone.set_default_timeout(20_000)
        phones.append(phone)
        _join(phone.new_page(), code, f"Organisation {number + 1}")
    expect(counts.first).to_have_text(str(PHONES), timeout=30_000)
    for number, phone in enumerate(phones):
        _take_pulse(phone.pages[0], str(1 + number % 5))
    expect(counts.nth(2)).to_have_text(str(PHONES), timeout=30_000)
    for phone in phones:
        phone.close()


def _join(page: Page, code: str, organisation: str) -> None:
    page.goto("/join")
    page.get_by_label("The code on the wall").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Your organisation’s name").fill(organisation)
    page.locator("input[value=growing]").check()
    page.get_by_role("button", name="Join and start").click()
    page.wait_for_url("**/questions/strategy")


def _take_pulse(page: Page, level: str) -> None:
    while "/questions/" in page.url:
        before = page.url
        for answer in page.locator(f"[data-question] input[value='{level}']").all():
            answer.check()
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(before)
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()


def test_the_keyboard_turns_the_slides(desk: Page) -> None:
    for slide in ("live", "dots", "map", "blind"):
        desk.keyboard.press("ArrowRight")
        desk.wait_for_url(f"**slide={slide}")
        assert len(desk.locator("main").inner_text().split()) <= 90
        assert violations(desk) == []
    desk.keyboard.press("ArrowLeft")
    desk.wait_for_url("**slide=map")
    expect(desk.locator(".room-map .cell").first).to_have_text("3.0")


def test_every_download_opens_and_says_what_the_page_says(desk: Page, tmp_path: Path) -> None:
    desk.get_by_role("link", name="To the desk").click()
    expect(desk.locator(".counts dd").nth(2)).to_have_text(str(PHONES))
    address = desk.url
    data = desk.request.get(f"{address}/data.json").json()
    assert len(data) == PHONES
    assert {str(document["organisation"]) for document in data} == {f"Organisation {n + 1}" for n in range(PHONES)}
    for name, beginning in (
        ("report.pdf", b"%PDF"),
        ("data.xlsx", b"PK"),
        ("data.csv", b"\xef\xbb\xbf"),
        ("paper-form.pdf", b"%PDF"),
        ("join-sheet.pdf", b"%PDF"),
        ("glossary.pdf", b"%PDF"),
        ("action-cards.pdf", b"%PDF"),
        ("journey-sheet.pdf", b"%PDF"),
    ):
        response = desk.request.get(f"{address}/{name}", timeout=60_000)
        assert (name, response.status, response.body()[: len(beginning)]) == (name, 200, beginning)
    desk.get_by_role("link", name="Results of the cohort").click()
    expect(desk.get_by_role("heading", name="Where the cohort stands")).to_be_visible()
    expect(desk.locator(".giant")).to_contain_text("3.0")
    assert violations(desk) == []
