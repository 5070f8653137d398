"""A team in real browsers: five colleagues in two languages answer, differ, meet, agree, and sit again.

The second language is made up for this test: English in brackets, as `tests.made_up` writes it.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pypdf import PdfReader

from tests.browser.accessibility import violations
from tests.browser.taking import PHONE, Person
from tests.made_up import CLOSE, MADE_UP, OPEN, bracketed_interface, bracketed_questionnaires
from tests.server import Server, running_server

SERVE = (
    "import sys; from pathlib import Path; from app import wording; from app.commands import cli; "
    "wording.LOCALES = Path(sys.argv.pop(1)); "
)
"""The product with another folder of interface catalogues, and nothing else changed."""

DESK: ViewportSize = {"width": 1440, "height": 900}
ORGANISATION = "Žižkovská kavárna"
EVIDENCE = "Fourteen of forty complaints in October name it."
APART = {
    "strategy.purpose": ("1", "5", "3", "3", "3"),
    "culture.purpose": ("2", "2", "4", "2", "2"),
    "metrics.technology": ("3", "1", "3", "4", "dont_know"),
}
"""What the owner and the four colleagues answer where they differ; elsewhere all of them answer the same."""
GIVEN = "1 3 3 3 5"
"""How page and paper tell what was said at the first of them."""
SAME = "3"
LATER = "4"
ROLES = ("front_office", "front_office", "back_office", "other")
READING = ("en", MADE_UP, "en", MADE_UP)
"""In which language each colleague's browser asks."""


class Team(NamedTuple):
    """The owner's page, and one of each colleague."""

    owner: Page
    colleagues: list[Page]

    @property
    def path(self) -> str:
        """The assessment's address."""
        return "/assessments/" + self.owner.url.split("/assessments/")[1].split("/")[0]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose questionnaire and interface speak English and the made-up language."""
    folder = tmp_path_factory.mktemp("team")
    bracketed_questionnaires(folder / "questionnaires", ["en", MADE_UP])
    bracketed_interface(folder)
    program = (sys.executable, "-c", f"{SERVE} cli.main()", folder)
    with running_server(folder, program, CXM_QUESTIONNAIRES=str(folder / "questionnaires")) as server:
        yield server


def _browser(browser: Browser, server: Server, language: str, viewport: ViewportSize) -> BrowserContext:
    locale = "en-GB" if language == "en" else language
    context = browser.new_context(base_url=server.url, locale=locale, viewport=viewport)
    context.set_default_timeout(20_000)
    return context


@pytest.fixture(scope="module")
def team(browser: Browser, server: Server) -> Iterator[Team]:
    """Five people who have joined and not answered yet, each in a browser of their own."""
    contexts = [_browser(browser, server, "en", DESK)]
    owner = contexts[0].new_page()
    Person(owner).start(ORGANISATION, "pulse")
    owner.get_by_role("link", name="More", exact=True).click()
    owner.get_by_role("link", name="Team", exact=True).click()
    owner.get_by_role("button", name="Invite colleagues").click()
    code = owner.locator(".code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4} [0-9A-Z]{4}", code)
    colleagues = []
    for role, language in zip(ROLES, READING, strict=True):
        contexts.append(_browser(browser, server, language, PHONE))
        page = contexts[-1].new_page()
        page.goto("/join")
        page.locator("input[name=code]").fill(code.lower())
        page.locator("main button").click()
        expect(page.locator("h1")).to_contain_text(ORGANISATION)
        assert violations(page) == []
        page.locator(f"input[value={role}]").check()
        page.locator("form.plain button").click()
        page.wait_for_url("**/questions/strategy")
        colleagues.append(page)
    yield Team(owner, colleagues)
    for context in contexts:
        context.close()


def _answer_all(page: Page, seat: int, level: str = SAME) -> None:
    """Answers every page of questions, and goes on to where answering ends."""
    while "/questions/" in page.url:
        before = page.url
        for question in page.locator("[data-question]").all():
            said = APART.get(question.get_attribute("data-question") or "")
            answer = said[seat] if said and level == SAME else level
            question.locator(f"input[value='{answer}']").check()
        page.locator("button[value=next]").click()
        expect(page).not_to_have_url(before)


def _finish(page: Page) -> None:
    if page.url.endswith("/aims"):
        page.locator("button[value=review]").click()
    page.locator("form[action$='/finish'] button").click()
    page.wait_for_url("**/result")


def _words_of(page: Page, path: str) -> str:
    """The text of the PDF, its lines joined."""
    response = page.request.get(f"{path}/report.pdf", timeout=120_000)
    assert response.status == 200
    pages = PdfReader(BytesIO(response.body())).pages
    return " ".join(" ".join(one.extract_text() for one in pages).split())


def _everybody_reads_and_answers_in_their_own_language(team: Team) -> None:
    for seat, (page, language) in enumerate(zip(team.colleagues, READING, strict=True), start=1):
        assert page.locator("html").get_attribute("lang") == language
        question = page.locator(".question-text").first.inner_text()
        assert question.startswith(OPEN) == (language == MADE_UP)
        _answer_all(page, seat)
        assert page.url.endswith("/review")  # aims are the owner's
        assert violations(page) == []


def _nobody_sees_the_result_before_their_own_answers(team: Team) -> None:
    for page in (team.owner, team.colleagues[0]):
        page.goto(f"{team.path}/result")
        expect(page.get_by_role("heading", name="Your own answers first")).to_be_visible()
    team.owner.goto(f"{team.path}/questions/strategy")
    _answer_all(team.owner, 0)
    _finish(team.owner)
    for page in team.colleagues:
        page.goto(f"{team.path}/review")
        _finish(page)
        assert violations(page) == []
    expect(team.colleagues[0].get_by_role("heading", name="Where you stand")).to_be_visible()
    expect(team.colleagues[1].locator("h2").first).to_have_text(re.compile(f"^{OPEN}"))


def _a_language_is_changed_on_the_way(team: Team) -> None:
    page = team.colleagues[0]
    page.goto(f"{team.path}/team")
    page.locator(f".languages button[lang={MADE_UP}]").click()
    expect(page.locator("h1")).to_have_text(f"{OPEN}Your team{CLOSE}")
    page.locator(".languages button[lang=en]").click()
    expect(page.locator("h1")).to_have_text("Your team")


def _the_owner_sees_how_far_everybody_is(team: Team) -> None:
    page = team.owner
    page.goto(f"{team.path}/team")
    expect(page.locator(".members tbody tr")).to_have_count(5)
    assert page.locator(".members tbody").inner_text().count("finished") == 5
    assert violations(page) == []


def _the_meeting_goes_through_what_lies_apart_by_the_keyboard(team: Team) -> None:
    page = team.owner
    page.goto(f"{team.path}/team")
    page.get_by_role("link", name="The agreement meeting").click()
    listed = page.locator("section[aria-labelledby=apart] .topics a")
    expect(listed).to_have_count(3)
    assert violations(page) == []
    page.get_by_role("link", name="Start with the first").click()
    expect(page.locator(".meeting-place")).to_contain_text("1 of 3")
    assert page.url.endswith("strategy.purpose")
    expect(page.locator(".dots i")).to_have_count(5)
    assert violations(page) == []
    page.keyboard.press("3")
    expect(page.locator("#settled")).to_contain_text("Saved: level 3")
    page.locator("#evidence").fill(EVIDENCE)
    page.keyboard.press("Tab")
    expect(page.locator("[name=seen_evidence]")).to_have_value(EVIDENCE)
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".meeting-place")).to_contain_text("2 of 3")
    page.keyboard.press("2")
    expect(page.locator("#settled")).to_contain_text("Saved: level 2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".meeting-place")).to_contain_text("1 of 3")
    expect(page.locator("input[name=level][value='3']")).to_be_checked()
    expect(page.locator("#evidence")).to_have_value(EVIDENCE)


def _digits_typed_as_evidence_choose_no_level(team: Team) -> None:
    page = team.owner
    page.goto(f"{team.path}/meeting/culture.purpose")
    page.locator("#evidence").press_sequentially("5 of 12")
    expect(page.locator("input[name=level]:checked")).not_to_have_value("5")
    expect(page.locator("#evidence")).to_have_value("5 of 12")


def _what_two_devices_agree_differently_is_shown_and_decided(team: Team) -> None:
    here, there = team.owner, team.owner.context.new_page()
    for page in (here, there):
        page.goto(f"{team.path}/meeting/metrics.technology")
    level = there.locator("input[name=level]:checked").input_value()
    there.keyboard.press("4" if level != "4" else "5")
    expect(there.locator("#settled")).to_contain_text("Saved")
    here.keyboard.press("1")
    expect(here.locator("#settled")).to_contain_text("Somebody has agreed otherwise elsewhere.")
    assert violations(here) == []
    here.keyboard.press("2")  # nothing is sent before a person has decided
    here.reload()
    kept = here.locator("input[name=level]:checked").input_value()
    assert kept == there.locator("input[name=level]:checked").input_value()
    there.close()


def _a_save_that_does_not_arrive_is_said_and_can_be_repeated(team: Team) -> None:
    page = team.owner
    page.goto(f"{team.path}/meeting/metrics.technology")
    page.route("**/meeting/**", lambda route: route.abort())
    page.keyboard.press("3")
    expect(page.locator("#settled")).to_contain_text("Not saved. Please press Save.")
    page.unroute("**/meeting/**")
    page.get_by_role("button", name="Save and").click()
    page.wait_for_url(lambda url: not url.endswith("metrics.technology"))
    page.goto(f"{team.path}/meeting/metrics.technology")
    expect(page.locator("input[name=level][value='3']")).to_be_checked()


def _page_and_paper_show_what_each_said_and_what_was_agreed(team: Team) -> None:
    document = team.owner.request.get(f"{team.path}/answers.json").json()
    assert document["agreed"]["strategy.purpose"] == 3
    assert document["modules"]["evidence"] == {"strategy.purpose": EVIDENCE}
    given = [one["answers"]["strategy.purpose"] for one in document["respondents"]]
    assert (given[0], sorted(given)) == (1, [1, 3, 3, 3, 5])  # the owner first, the others in no order of joining
    for page in (team.owner, team.colleagues[2]):
        page.goto(f"{team.path}/result")
        answer = page.locator("#a-strategy-purpose")
        expect(answer).to_contain_text("Agreed level: 3")
        expect(answer).to_contain_text(EVIDENCE)
        expect(answer).to_contain_text(GIVEN)  # sorted: nobody's seat shows
        text = _words_of(page, team.path)
        assert EVIDENCE in text
        assert GIVEN in text
    made_up = _words_of(team.colleagues[1], team.path)
    assert EVIDENCE in made_up
    assert OPEN in made_up


def _a_colleague_who_is_taken_out_is_out(team: Team) -> None:
    page = team.owner
    page.goto(f"{team.path}/team")
    page.get_by_text("Take somebody out").click()
    page.get_by_label("Whose place?").select_option(index=4)
    page.get_by_role("button", name="Yes, take out and erase").click()
    expect(page.locator(".members tbody tr")).to_have_count(4)
    gone = team.colleagues[3]
    response = gone.goto(f"{team.path}/result")
    assert response is not None
    assert response.status == 404


def _the_second_sitting_shows_what_has_become_of_it(team: Team) -> None:
    page = team.owner
    before = team.path
    page.goto(f"{before}/again")
    page.get_by_role("button", name="Begin the next sitting").click()
    page.wait_for_url(lambda url: before not in url and "/questions/" in url)
    # The team comes anew, by a new code.
    page.goto(f"{team.path}/team")
    page.get_by_role("button", name="Invite colleagues").click()
    code = page.locator(".code").inner_text().replace(" ", "")
    colleague = team.colleagues[0]
    colleague.goto(f"/team/{code}")
    colleague.locator("input[value=front_office]").check()
    colleague.locator("form.plain button").click()
    colleague.wait_for_url("**/questions/strategy")
    _answer_all(colleague, 1, LATER)
    _finish(colleague)
    page.goto(f"{team.path}/questions/strategy")
    _answer_all(page, 0, LATER)
    _finish(page)
    trend = page.locator("section[aria-labelledby=trend]")
    expect(trend.get_by_role("heading", name="Since you began")).to_be_visible()
    whole = trend.locator("table tr", has=page.locator("strong")).first
    assert whole.locator("td").nth(1).text_content() == "4.0"
    assert violations(page) == []
    assert "Since you began" in _words_of(page, team.path)
    # The first sitting stays as it was.
    colleague.goto(f"{before}/result")
    expect(colleague.locator("#a-strategy-purpose")).to_contain_text("Agreed level: 3")


def test_a_team_answers_meets_agrees_and_sits_again(team: Team) -> None:
    # One test, for each step stands on the one before, and tests may be shared out among processes.
    _everybody_reads_and_answers_in_their_own_language(team)
    _nobody_sees_the_result_before_their_own_answers(team)
    _a_language_is_changed_on_the_way(team)
    _the_owner_sees_how_far_everybody_is(team)
    _the_meeting_goes_through_what_lies_apart_by_the_keyboard(team)
    _digits_typed_as_evidence_choose_no_level(team)
    _what_two_devices_agree_differently_is_shown_and_decided(team)
    _a_save_that_does_not_arrive_is_said_and_can_be_repeated(team)
    _page_and_paper_show_what_each_said_and_what_was_agreed(team)
    _a_colleague_who_is_taken_out_is_out(team)
    _the_second_sitting_shows_what_has_become_of_it(team)
