"""A cohort's results and comparisons in a real browser: on a phone, a tablet and at a desk, empty, few and many."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from app import content
from app.passwords import Passwords
from app.reporting import Releases, close_cohort
from app.store import accounts, cohorts
from app.store.cohorts import CohortPlan, Privacy
from app.store.database import open_database
from tests.browser.accessibility import violations
from tests.core.cohort.cohort_examples import accepted, questionnaire, raw
from tests.server import running_server
from tests.web.facilitator.filled import some_answers

EMAIL = "ana@example.org"
PASSWORD = "four words nobody guesses"
WIDTHS = (390, 768, 1440)
NAMES = ["Žižkovská kavárna a pražírna výběrové kávy, společnost s ručením omezeným, provozovna Praha", "W" * 120]
CONTENT_IN_SIGHT = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass(frozen=True)
class Desk:
    """A facilitator's browser, and the cohorts by name."""

    page: Page
    cohorts: dict[str, str]


class _Filling:
    """Puts cohorts into the database of a server."""

    def __init__(self, url: str) -> None:
        self.database = open_database(url)
        self.now = datetime.now(UTC) - timedelta(days=1)
        self.cohorts: dict[str, str] = {}
        with self.database.writing() as session:
            account = accounts.add_account(session, EMAIL, Passwords().hash(PASSWORD), self.now)
        self.account = account.id

    def cohort(self, name: str, count: int, form: str, privacy: Privacy = "open", day: int = 1) -> None:
        plan = CohortPlan(
            name=name,
            date=date(2027, 3, day),
            questionnaire="cx-grid",
            edition="2026-1",
            form="full" if form == "full" else "pulse",
            language="en",
            privacy=privacy,
        )
        is_secret = privacy == "confidential"
        with self.database.writing() as session:
            made = cohorts.create(session, self.account, plan, self.now, is_demo=is_secret)
            for place in range(count):
                organisation = [*NAMES, f"Organisation {place}"][min(place, 2)]
                levels = (1, 2, 3, 4, 5) if is_secret else (1, 2, 3, 3, 4, 5, "dont_know", "not_applicable")
                document = accepted(
                    raw(some_answers(place, form, levels), form=form, organisation=organisation, date="2027-03-01")
                )
                cohorts.join_with(session, made.id, document, self.now + timedelta(seconds=place))
            if is_secret:
                close_cohort(session, questionnaire(), made.id, self.now)
        Releases(self.database, content.catalogue()).finish()
        self.cohorts[name] = made.id


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A facilitator who is signed in, with cohorts of every size."""
    folder = tmp_path_factory.mktemp("cohorts")
    with running_server(folder) as server:
        filling = _Filling(f"sqlite:///{folder / 'cxm.db'}")
        for count, form in ((0, "pulse"), (1, "full"), (5, "pulse"), (12, "full"), (60, "full")):
            filling.cohort(f"of {count}", count, form)
        filling.cohort("twelve later", 12, "full", day=20)
        filling.cohort("secret", 7, "full", "confidential")
        filling.cohort("secret few", 3, "full", "confidential")
        filling.database.close()
        context = browser.new_context(base_url=server.url, locale="en-GB")
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Cohorts")).to_be_visible()
        yield Desk(page, filling.cohorts)
        context.close()


def look_closely(page: Page, path: str) -> None:
    """Everything unfolded, at each width: nothing beyond the edge, and nothing that axe finds."""
    page.goto(path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert page.evaluate(CONTENT_IN_SIGHT), f"{path} at {width}"
        assert violations(page) == [], f"{path} at {width}"


@pytest.mark.parametrize("name", ["of 0", "of 1", "of 5", "of 12", "of 60", "secret", "secret few"])
def test_the_results_fit_and_are_accessible(desk: Desk, name: str) -> None:
    look_closely(desk.page, f"/cohorts/{desk.cohorts[name]}/results")


@pytest.mark.parametrize("name", ["of 0", "of 1", "of 60"])
def test_the_questions_fit_and_are_accessible(desk: Desk, name: str) -> None:
    look_closely(desk.page, f"/cohorts/{desk.cohorts[name]}/results/questions")


@pytest.mark.parametrize(
    "names", [["of 12", "twelve later"], ["of 12", "of 60", "secret"], ["of 1", "of 12"], ["of 12"], ["of 12", "of 5"]]
)
def test_comparing_fits_and_is_accessible(desk: Desk, names: list[str]) -> None:
    look_closely(desk.page, "/compare?" + "&".join(f"cohort={desk.cohorts[name]}" for name in names))


def test_before_and_after_asks_first_and_then_draws_slopes(desk: Desk) -> None:
    page = desk.page
    path = f"/cohorts/{desk.cohorts['of 12']}/before-after/{desk.cohorts['twelve later']}"
    look_closely(page, path)
    assert page.locator("svg.slopes").count() == 0

    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="These are the same: show what changed").click()

    expect(page.get_by_role("heading", name="Slopes")).to_be_visible()
    assert page.locator("svg.slopes").count() == 13
    assert page.get_by_role("checkbox").first.is_checked() is False
    look_closely(page, page.url)


def test_from_a_cohort_to_an_organisations_result_and_back(desk: Desk) -> None:
    page = desk.page
    page.goto(f"/cohorts/{desk.cohorts['of 12']}/results")

    page.get_by_role("link", name=NAMES[0], exact=True).click()

    expect(page.get_by_role("heading", name=NAMES[0])).to_be_visible()
    look_closely(page, page.url)
    page.get_by_role("link", name="of 12", exact=True).click()
    expect(page.get_by_role("heading", name="of 12")).to_be_visible()


def test_a_cell_of_the_map_leads_to_its_question(desk: Desk) -> None:
    page = desk.page
    page.goto(f"/cohorts/{desk.cohorts['of 12']}/results")

    page.locator("td.cell a").first.click()

    expect(page.locator(".spread:target")).to_be_in_viewport()


def test_sixty_organisations_fit_a_wall_and_every_word_stays_whole(desk: Desk) -> None:
    page = desk.page
    for width, height in ((1920, 1080), (1280, 720)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/cohorts/{desk.cohorts['of 60']}/projector?slide=dots")
        beyond = "document.documentElement.scrollHeight - innerHeight"
        assert page.evaluate(beyond) == 0, width
        lines = "[...document.querySelectorAll('.room-strips span')].map((one) => one.getClientRects().length)"
        assert set(page.evaluate(lines)) == {1}, width
        wide = "[...document.querySelectorAll('.room-strips .axis')].map((one) => Math.round(one.clientWidth))"
        assert len(set(page.evaluate(wide))) == 1, width


def test_print_leaves_out_the_ways_on(desk: Desk) -> None:
    page = desk.page
    page.goto(f"/compare?cohort={desk.cohorts['of 12']}&cohort={desk.cohorts['twelve later']}")
    page.emulate_media(media="print")
    try:
        assert page.locator(".ways, .masthead, .foot, details").filter(visible=True).count() == 0
        assert page.locator("table.figures").first.is_visible()
    finally:
        page.emulate_media(media="screen")
