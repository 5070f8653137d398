"""The projector in a real browser: the timer by keyboard, under a clock that only the test turns, and every slide."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from app.core.answers.values import LONGEST_NAME
from app.passwords import Passwords
from app.store import accounts, cohorts
from app.store.assessments import Beginning
from app.store.cohorts import CohortPlan
from app.store.database import open_database
from app.web.facilitator.projector import MINUTES, SILENCE, Slide
from tests.browser.accessibility import SPACED, violations
from tests.line import line_to
from tests.server import running_server

EMAIL = "ana@example.org"
PASSWORD = "four words nobody guesses"
WALLS = ((1920, 1080), (1280, 720))
READ_FROM_TEN_METRES = 0.04
"""The least size of letters, as a share of the picture's height: 6 cm where that is 1.5 m."""
BEYOND = "[document.documentElement.scrollWidth - innerWidth, document.documentElement.scrollHeight - innerHeight]"
SMALLEST = """Math.min(...[...document.querySelectorAll(".room-name, .to-do li, .to-do b, .time, .says, .where")]
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
START = datetime(2027, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Room:
    """A projector's address, and the cookies of the facilitator whose it is."""

    browser: Browser
    server: str
    path: str
    long: str
    """That of a cohort with the longest of names."""
    signed_in: StorageState
    database: str

    def join(self, organisation: str) -> None:
        """One more organisation in the cohort."""
        database = open_database(self.database)
        with database.writing() as session:
            beginning = Beginning(
                questionnaire="cx-grid",
                edition="2026-1",
                form="pulse",
                organisation=organisation,
                language="en",
                business_stage="growing",
                role="other",
            )
            cohorts.join(session, self.path.split("/")[2], beginning, datetime.now(UTC))
        database.close()

    @contextmanager
    def browsing(self, server: str | None = None, *, script: bool = True) -> Iterator[Page]:
        """A browser of their own: a test's clock would stand still for others."""
        context = self.browser.new_context(
            base_url=server or self.server, locale="en-GB", java_script_enabled=script, storage_state=self.signed_in
        )
        context.set_default_timeout(20_000)
        yield context.new_page()
        context.close()


@pytest.fixture(scope="module")
def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A facilitator who is signed in, with a cohort."""
    folder = tmp_path_factory.mktemp("projector")
    with running_server(folder) as server:
        database = open_database(f"sqlite:///{folder / 'cxm.db'}")
        plan = CohortPlan(
            name="Spring intake",
            date=date(2027, 3, 1),
            questionnaire="cx-grid",
            edition="2026-1",
            form="pulse",
            language="en",
            privacy="open",
        )
        with database.writing() as session:
            account = accounts.add_account(session, EMAIL, Passwords().hash(PASSWORD), START)
            cohort = cohorts.create(session, account.id, plan, datetime.now(UTC)).id
            named = plan.model_copy(update={"name": "W" * LONGEST_NAME})
            long = cohorts.create(session, account.id, named, datetime.now(UTC)).id
        database.close()
        context = browser.new_context(base_url=server.url, locale="en-GB")
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("input[name=email]").fill(EMAIL)
        page.locator("input[type=password]").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Cohorts")).to_be_visible()
        signed_in = context.storage_state()
        context.close()
        path, longest = (f"/cohorts/{id_}/projector" for id_ in (cohort, long))
        yield Room(browser, server.url, path, longest, signed_in, f"sqlite:///{folder / 'cxm.db'}")


@pytest.fixture
def wall(room: Room) -> Iterator[Page]:
    """The slide for aims, ten minutes; time stands still unless the test moves it."""
    with room.browsing() as page:
        page.clock.install(time=START)
        page.goto(f"{room.path}?slide=aims")
        page.clock.pause_at(START + timedelta(hours=1))
        yield page


def shows(page: Page, time: str, state: str) -> None:
    """The timer says this time and this word, at the latest at its next look at the clock."""
    page.clock.run_for(200)
    expect(page.locator(".time")).to_have_text(time)
    expect(page.locator(".says")).to_have_text(state)


def test_the_timer_is_led_by_the_keyboard(wall: Page) -> None:
    shows(wall, "10:00", "Not started")
    wall.clock.run_for(60_000)
    shows(wall, "10:00", "Not started")
    wall.keyboard.press("t")
    wall.clock.run_for(65_000)
    shows(wall, "8:55", "left")
    wall.keyboard.press("t")
    wall.clock.run_for(60_000)
    shows(wall, "8:55", "Paused")
    wall.keyboard.press("+")
    shows(wall, "9:55", "Paused")
    wall.keyboard.press("t")
    wall.clock.run_for(5_000)
    wall.keyboard.press("+")
    shows(wall, "10:50", "left")
    wall.keyboard.press("r")
    shows(wall, "10:00", "Not started")


def test_buttons_do_the_same(wall: Page) -> None:
    wall.get_by_role("button", name="A minute more").click()
    shows(wall, "11:00", "Not started")
    wall.get_by_role("button", name="Start or pause the timer").click()
    wall.clock.run_for(30_000)
    shows(wall, "10:30", "left")
    wall.get_by_role("button", name="From the beginning").click()
    shows(wall, "10:00", "Not started")


def test_it_goes_on_over_a_reload_and_while_another_slide_is_shown(wall: Page) -> None:
    wall.keyboard.press("t")
    wall.clock.run_for(60_000)
    wall.reload()
    shows(wall, "9:00", "left")
    wall.keyboard.press("ArrowRight")
    wall.wait_for_url("**slide=steps")
    shows(wall, "20:00", "Not started")
    wall.clock.run_for(60_000)
    wall.keyboard.press("ArrowLeft")
    wall.wait_for_url("**slide=aims")
    shows(wall, "8:00", "left")
    wall.keyboard.press("t")
    wall.reload()
    shows(wall, "8:00", "Paused")


def test_its_end_is_said_in_words_and_raises_no_alarm(wall: Page) -> None:
    colours = "[...document.querySelectorAll('.timer, .timer *')].map((one) => getComputedStyle(one).color)"
    before = wall.evaluate(colours)
    wall.keyboard.press("t")
    wall.clock.run_for(10 * 60_000)
    shows(wall, "0:00", "Time is up.")
    assert wall.evaluate(colours) == before
    wall.keyboard.press("t")
    shows(wall, "0:00", "Time is up.")
    wall.keyboard.press("+")
    wall.clock.run_for(10_000)
    shows(wall, "0:50", "left")


def test_one_that_was_over_long_ago_begins_anew(wall: Page) -> None:
    wall.keyboard.press("t")
    wall.clock.run_for(10 * 60_000)
    wall.clock.fast_forward(59 * 60_000)
    shows(wall, "0:00", "Time is up.")
    wall.clock.fast_forward(2 * 60_000)
    shows(wall, "10:00", "Not started")


def test_a_key_that_is_held_down_or_meant_for_the_browser_is_no_second_press(wall: Page) -> None:
    wall.keyboard.down("t")
    wall.keyboard.down("t")
    wall.keyboard.up("t")
    wall.keyboard.press("Control+KeyT")
    shows(wall, "10:00", "left")


def test_without_motion_it_changes_once_a_minute(wall: Page) -> None:
    wall.emulate_media(reduced_motion="reduce")
    wall.keyboard.press("t")
    seen = []
    for _ in range(24):
        wall.clock.run_for(5_000)
        seen.append((wall.locator(".time").inner_text(), wall.locator(".line span").get_attribute("style")))
    assert len(set(seen)) == 3
    assert [time for time, _ in dict.fromkeys(seen)] == ["10 min", "9 min", "8 min"]


def test_without_a_script_the_minutes_and_the_links_are_there(room: Room) -> None:
    with room.browsing(script=False) as page:
        page.goto(f"{room.path}?slide=aims")
        expect(page.locator(".time")).to_have_text("10 min")
        expect(page.get_by_role("button")).to_have_count(0)
        page.get_by_role("link", name="Next steps").click()
        expect(page.get_by_role("heading", name="Three gaps, next steps")).to_be_visible()


@pytest.mark.parametrize("slide", get_args(Slide))
def test_every_slide_fits_its_wall(room: Room, slide: Slide) -> None:
    with room.browsing() as page:
        for width, height in WALLS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{room.path}?slide={slide}")
            assert page.evaluate(BEYOND) == [0, 0], (slide, width)
            assert violations(page) == [], (slide, width)
            if slide in MINUTES:
                assert page.evaluate(SMALLEST) >= READ_FROM_TEN_METRES * height, (slide, width)
            page.evaluate(SPACED)
            assert page.evaluate(BEYOND)[0] <= 0, (slide, width)


@pytest.mark.parametrize("slide", ["join", "live"])
def test_the_longest_name_leaves_room_for_its_slide(room: Room, slide: Slide) -> None:
    with room.browsing() as page:
        for width, height in WALLS:
            page.set_viewport_size({"width": width, "height": height})
            page.goto(f"{room.long}?slide={slide}")
            assert page.evaluate(BEYOND) == [0, 0], (slide, width)
            assert page.evaluate(SMALLEST) >= READ_FROM_TEN_METRES * height, (slide, width)


def test_a_line_that_is_dead_is_said_to_be_and_made_anew(room: Room) -> None:
    with line_to(room.server) as line, room.browsing(line.url) as page:
        page.clock.install()
        page.goto(f"{room.path}?slide=live")
        counts, note = page.locator("#counts dd"), page.locator(".not-up-to-date")
        before = int(counts.first.inner_text())
        expect(note).to_be_empty()

        line.die()
        room.join("Danes")
        page.clock.fast_forward((SILENCE + 1) * 1000)
        expect(note).to_have_text(re.compile(r"Not up to date since \d\d:\d\d\. Trying again"))
        expect(counts.first).to_have_text(str(before))

        line.live()
        page.clock.fast_forward(SILENCE * 1000)
        expect(counts.first).to_have_text(str(before + 1))
        expect(note).to_be_empty()
        room.join("Jutri")  # the line that was made anew goes on telling
        expect(counts.first).to_have_text(str(before + 2))
