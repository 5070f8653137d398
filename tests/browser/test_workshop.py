"""A workshop in real browsers: a facilitator, a projector, thirty phones; compared, and taken home."""

import os
import subprocess
from collections.abc import Iterable, Iterator
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from app import content
from app.core.cohort.comparison import read_cohort
from app.core.scoring import rounding
from app.core.scoring.scorecard import score
from tests import tables
from tests.browser.accessibility import violations
from tests.browser.taking import PHONE
from tests.printing import reading as printed
from tests.server import CXM, Server, running_server
from tests.web.reading import Page as Read

PHONES = 30
FIRST_OF_THE_DEMONSTRATION = "Demonstration: first workshop"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a demonstration."""
    folder = tmp_path_factory.mktemp("workshop")
    settings = {**os.environ, "CXM_DATABASE_URL": f"sqlite:///{folder / 'cxm.db'}"}
    told = subprocess.run([CXM, "demo"], cwd=folder, env=settings, capture_output=True, text=True, check=True)
    (folder / "demo.txt").write_text(told.stdout, encoding="utf-8")
    with running_server(folder) as server:
        yield server


@pytest.fixture(scope="module")
def desk(browser: Browser, server: Server) -> Iterator[Page]:
    """The browser of the demonstration's facilitator."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    page = context.new_page()
    _sign_in(page, server)
    expect(page.get_by_role("heading", name="Cohorts")).to_be_visible()
    yield page
    context.close()


def test_a_workshop_from_signing_in_to_what_is_taken_home(desk: Page, browser: Browser, server: Server) -> None:
    # One test, for each step stands on the one before, and the suite deals its tests out to several processes.
    _the_code_is_soon_on_the_wall(desk, server)
    _thirty_phones_join_and_the_projector_follows(desk, browser, server)
    _the_keyboard_turns_the_slides(desk)
    _every_download_says_what_the_page_says(desk)
    _it_stands_beside_a_cohort_of_the_demonstration(desk)


def _sign_in(page: Page, server: Server) -> int:
    """Signs in as the demonstration said, and returns in how many interactions: the fields filled, the button."""
    lines = server.output.with_name("demo.txt").read_text("utf-8").splitlines()
    email = next(line.split()[-1] for line in lines if line.startswith("Sign in as"))
    password = next(line.split()[1] for line in lines if line.startswith("password"))
    page.goto("/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.get_by_role("button", name="Sign in").click()
    return 2


def _the_code_is_soon_on_the_wall(desk: Page, server: Server) -> None:
    desk.get_by_role("button", name="Sign out").click()
    expect(desk.get_by_role("button", name="Sign out")).to_have_count(0)
    interactions = _sign_in(desk, server)
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


def _thirty_phones_join_and_the_projector_follows(desk: Page, browser: Browser, server: Server) -> None:
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
        _take_pulse(phone.pages[0], 1 + number % 5, 1 + number % 2)
    expect(counts.nth(2)).to_have_text(str(PHONES), timeout=30_000)
    for phone in phones:
        phone.close()


def _join(page: Page, code: str, organisation: str) -> None:
    page.goto("/join")
    page.get_by_label("Your code").fill(code.lower())
    page.get_by_role("button", name="Go on").click()
    page.get_by_text("It is new here").click()
    page.get_by_label("Your organisation’s name").fill(organisation)
    page.locator("input[value=growing]").check()
    page.get_by_role("button", name="Join and start").click()
    page.wait_for_url("**/questions/strategy")


def _take_pulse(page: Page, level: int, of_strategy: int) -> None:
    while "/questions/" in page.url:
        before = page.url
        chosen = of_strategy if before.endswith("/strategy") else level
        for answer in page.locator(f"[data-question] input[value='{chosen}']").all():
            answer.check()
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(before)
    page.get_by_role("button", name="Go on", exact=True).click()
    page.get_by_role("button", name="Finish and see the result").click()
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()


def _the_keyboard_turns_the_slides(desk: Page) -> None:
    for slide in ("about", "live", "picture", "agree", "journey", "aims", "steps", "dots", "map", "blind"):
        desk.keyboard.press("ArrowRight")
        desk.wait_for_url(f"**slide={slide}")
        assert len(desk.locator("main").inner_text().split()) <= 90
        assert violations(desk) == []
    desk.keyboard.press("ArrowLeft")
    desk.wait_for_url("**slide=map")
    expect(desk.locator(".room-map .cell").first).to_have_text("1.5")


def _every_download_says_what_the_page_says(desk: Page) -> None:
    desk.get_by_role("link", name="To the desk").click()
    expect(desk.locator(".counts dd").nth(2)).to_have_text(str(PHONES))
    address = desk.url
    for name in ("paper-form.pdf", "join-sheet.pdf", "glossary.pdf", "action-cards.pdf", "journey-sheet.pdf"):
        assert _fetched(desk, f"{address}/{name}").startswith(b"%PDF"), name
    desk.get_by_role("link", name="Results of the cohort").click()
    expect(desk.get_by_role("heading", name="Where the cohort stands")).to_be_visible()
    assert violations(desk) == []
    questionnaire = content.catalogue().newest()[0]
    names = {id_: words.name for id_, words in questionnaire.wording("en").dimensions.items()}
    page = Read(desk.content())
    table = next(n for n, rows in enumerate(page.tables) if any(row and row[0] == names["strategy"] for row in rows))
    means = {id_: page.row(name, table)[3] for id_, name in names.items()}
    overall = desk.locator(".giant").inner_text()[:3]
    assert (means["strategy"], means["culture"], overall) == ("1.5", "3.0", "2.8")

    documents, _ = read_cohort(_fetched(desk, f"{address}/data.json").decode(), content.catalogue().edition)
    cards = [score(questionnaire, document) for document in documents]
    assert {document.organisation for document in documents} == {f"Organisation {n + 1}" for n in range(PHONES)}
    assert {id_: _mean(card.dimensions[id_].score for card in cards) for id_ in names} == means
    assert _mean(card.overall.score for card in cards) == overall

    book = openpyxl.load_workbook(BytesIO(_fetched(desk, f"{address}/data.xlsx")))
    heads, *rows = book["Scores"].iter_rows(values_only=True)
    assert len(rows) == PHONES
    assert {id_: _mean(row[heads.index(name)] for row in rows) for id_, name in names.items()} == means

    lines = tables.read(_fetched(desk, f"{address}/data.csv"))
    assert len(lines) == PHONES
    assert {id_: _mean(tables.number(line[f"{id_}.score"]) for line in lines) for id_ in names} == means

    paper = " ".join(printed.pages(_fetched(desk, f"{address}/report.pdf")))
    assert printed.missing([f"{names[id_]} {mean}" for id_, mean in means.items()], paper) == []


def _fetched(page: Page, address: str) -> bytes:
    response = page.request.get(address, timeout=60_000)
    assert response.ok, (address, response.status)
    return response.body()


def _mean(scores: Iterable[object]) -> str:
    """As it stands on a page, from exact scores or a file's doubles."""
    exact = [Fraction(str(score)).limit_denominator(1000) for score in scores]
    return str(rounding.rounded(sum(exact, Fraction(0)) / len(exact)))


def _it_stands_beside_a_cohort_of_the_demonstration(desk: Page) -> None:
    desk.goto("/compare")
    for name in (FIRST_OF_THE_DEMONSTRATION, "Thirty phones"):
        desk.get_by_label(name).check()
    desk.get_by_role("button", name="Compare", exact=True).click()
    expect(desk.get_by_role("heading", name="Cohorts side by side")).to_be_visible()
    expect(desk.get_by_role("heading", name="To say aloud")).to_be_visible()
    own = desk.locator("tr", has_text="Thirty phones").first
    expect(own).to_contain_text("2.8")
    expect(own).to_contain_text(str(PHONES))
    assert violations(desk) == []
