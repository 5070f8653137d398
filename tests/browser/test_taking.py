"""The main job in a real browser: from the first click to the PDF, whatever the network and the device do."""

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdf import PdfReader

from tests.browser.taking import PHONE, Person, always

QUESTIONS = 42


def varied(question: str) -> str:
    """A different answer from question to question, don't-knows and does-not-applies among them."""
    values = ["1", "2", "3", "4", "5", "dont_know", "not_applicable"]
    return values[sum(question.encode()) % len(values)]


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def phone(request: pytest.FixtureRequest, browser: Browser, live_server: str) -> Iterator[Page]:
    """A phone's page; the server's address is its base."""
    context = browser.new_context(
        base_url=live_server, viewport=PHONE, has_touch=True, java_script_enabled=request.param, locale="en-GB"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def test_the_full_form_on_a_phone_from_start_to_pdf(phone: Page) -> None:
    person = Person(phone)
    person.start("Žižkovská kavárna")
    person.answer_everything(varied)
    person.finish()
    answers = person.answers()
    assert len(answers) == QUESTIONS
    assert {id_: str(answer) for id_, answer in answers.items()} == {id_: varied(id_) for id_ in answers}
    pdf = PdfReader(io.BytesIO(person.report()))
    assert "Žižkovská kavárna" in pdf.pages[0].extract_text()
    assert len(pdf.pages) <= 10
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_network_that_dies_halfway_loses_no_answer(context: BrowserContext, page: Page) -> None:
    person = Person(page)
    person.start("Unsteady Ltd")
    person.answer_part(always("2"))
    person.go_on()
    context.set_offline(True)
    person.answer_part(always("4"))
    expect(page.get_by_text("Not saved yet. Kept on this device; we keep trying.").first).to_be_visible()
    page.locator("button[value=next]").click()
    expect(page.get_by_text("We go on as soon as your answers are saved.")).to_be_visible()
    assert "/questions/culture" in page.url
    context.set_offline(False)
    page.wait_for_url("**/questions/accountability")
    answers = person.answers()
    assert sorted(str(answer) for answer in answers.values()) == ["2"] * 7 + ["4"] * 7


def test_a_tab_closed_without_network_sends_its_answers_when_it_is_opened_again(
    context: BrowserContext, page: Page
) -> None:
    person = Person(page)
    person.start("Closed Lid Ltd")
    address = page.url
    context.set_offline(True)
    person.answer_part(always("5"))
    expect(page.get_by_text("Not saved yet.").first).to_be_visible()
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address)
    expect(again.get_by_text("✓ Saved")).to_have_count(7)
    expect(again.locator("input[value='5']:checked")).to_have_count(7)
    assert set(Person(again).answers().values()) == {5}


def test_a_lost_acknowledgement_has_no_second_effect(page: Page) -> None:
    person = Person(page)
    person.start("Lost Answer Ltd")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/answers/**", lose_the_first)
    first = page.locator("[data-question]").first
    first.locator("label.row").nth(2).click()
    expect(first.get_by_text("✓ Saved")).to_be_visible()
    assert lost == [200]
    assert first.locator(".saved").get_attribute("data-revision") == "1"
    assert list(person.answers().values()) == [3]


def test_a_private_link_resumes_in_another_browser(page: Page, browser: Browser, live_server: str) -> None:
    person = Person(page)
    person.start("Two Devices Ltd")
    person.answer_part(always("3"))
    person.go_on()
    link = person.private_link()
    other = browser.new_context(base_url=live_server)
    there = other.new_page()
    there.goto(link)
    assert link not in there.url
    expect(there.get_by_text("7 of 42")).to_be_visible()
    assert "/questions/culture" in there.url
    other.close()


def test_the_other_device_is_never_silently_overwritten(page: Page, browser: Browser, live_server: str) -> None:
    person = Person(page)
    person.start("Conflict Ltd")
    here = page.url
    link = person.private_link()
    other = browser.new_context(base_url=live_server)
    there = other.new_page()
    there.goto(link)
    page.goto(here)
    there.locator("[data-question]").first.locator("label.row").nth(1).click()
    expect(there.get_by_text("✓ Saved")).to_be_visible()
    first = page.locator("[data-question]").first
    first.locator("label.row").nth(3).click()
    expect(first.get_by_text("Somebody has changed this answer elsewhere.")).to_be_visible()
    assert list(person.answers().values()) == [2]
    first.get_by_role("button", name="Save mine").click()
    expect(first.get_by_text("✓ Saved")).to_be_visible()
    assert list(person.answers().values()) == [4]
    there.locator("[data-question]").first.locator("label.row").nth(4).click()
    there.get_by_role("button", name="Keep the other").click()
    expect(there.locator("[data-question]").first.locator("input:checked")).to_have_value("4")
    assert list(person.answers().values()) == [4]
    other.close()


def test_the_pulse_by_keyboard_alone(page: Page) -> None:
    page.goto("/start?form=pulse")
    page.get_by_label("Your organisation’s name").focus()
    page.keyboard.type("Keys Only Ltd")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator("[data-question]").first).to_be_visible()
    while "/questions/" in page.url:
        before = page.url
        for _ in range(page.locator("[data-question]").count()):
            _tab_to(page, "input[type=radio]")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            _leave_question(page)
        expect(page.get_by_text("✓ Saved")).to_have_count(page.locator("[data-question]").count())
        _tab_to(page, "button[value=next]")
        page.keyboard.press("Enter")
        expect(page).not_to_have_url(before)
    _tab_to(page, "button[value=review]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    _tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you stand")).to_be_visible()
    answers = Person(page).answers()
    assert len(answers) == 14
    assert set(answers.values()) == {2}


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(80):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {selector}")


def _leave_question(page: Page) -> None:
    while page.evaluate("document.activeElement.matches('input[type=radio]')"):
        page.keyboard.press("Tab")


def test_the_finished_pulse_takes_few_interactions_and_few_words(page: Page) -> None:
    person = Person(page)
    person.start("Quick Ltd", form="pulse")
    person.answer_everything(always("3"))
    person.finish()
    assert person.interactions < 60
    assert _words(person.seen) <= 1100 + 120  # what is asked, and what a page says around it


def test_the_full_form_is_at_most_so_many_words(page: Page) -> None:
    person = Person(page)
    person.start("Patient Ltd")
    person.answer_everything(always("3"))
    person.finish()
    assert _words(person.seen) <= 3300 + 120


def _words(pages: list[str]) -> int:
    """Words to be read from the start form to the last button; a line that comes again is not read again."""
    beside = ("We don’t know", "Does not apply to us")
    lines = {line for text in pages for line in text.splitlines() if line not in beside}
    return sum(any(letter.isalpha() for letter in word) for line in lines for word in line.split())


def test_nothing_is_asked_of_anybody_else_and_only_our_cookie_is_set(context: BrowserContext, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    person = Person(page)
    person.start("Private Ltd", form="pulse")
    person.answer_everything(always("3"))
    person.finish()
    own = page.url.split("/assessments/")[0]
    assert [url for url in asked if not url.startswith(own)] == []
    assert sorted(cookie["name"].partition("-")[0] for cookie in context.cookies()) == ["cxm", "kept"]
    assert all(cookie["httpOnly"] and cookie["sameSite"] == "Lax" for cookie in context.cookies())


def test_an_odd_address_does_not_stop_answers_from_being_saved(page: Page) -> None:
    person = Person(page)
    person.start("Odd Address Ltd")
    page.goto(page.url.split("#")[0] + "#%")
    first = page.locator("[data-question]").first
    first.locator("label.row").nth(1).click()
    expect(first.get_by_text("✓ Saved")).to_be_visible()


def test_erasing_leaves_no_unsent_answer_on_the_device(context: BrowserContext, page: Page) -> None:
    person = Person(page)
    person.start("Erased Ltd")
    person.private_link()
    assessment = page.url.split("/assessments/")[1].split("/")[0]
    page.evaluate("name => localStorage.setItem(name, '{}')", f"cxm-outbox-{assessment}")
    page.get_by_label("To confirm, type the word: erase").fill("Erase")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []
    # What is left says nothing but that this browser keeps cookies.
    assert [(cookie["name"], cookie["value"]) for cookie in context.cookies()] == [("kept", "yes")]


def test_an_offline_answer_that_was_changed_elsewhere_waits_until_somebody_has_looked(
    browser: Browser, context: BrowserContext, page: Page, live_server: str
) -> None:
    person = Person(page)
    person.start("Two Phones Ltd")
    person.answer_part(always("2"))
    expect(page.get_by_text("✓ Saved")).to_have_count(7)
    address, link = page.url, person.private_link()
    page.goto(address)
    context.set_offline(True)
    page.locator("[data-question] input[value='5']").first.check()
    expect(page.get_by_text("Not saved yet.").first).to_be_visible()
    page.close()
    other = browser.new_context(base_url=live_server)
    there = other.new_page()
    there.goto(link)
    there.goto(address)
    there.locator("[data-question] input[value='3']").first.check()
    expect(there.locator(".saved").first).to_have_attribute("data-revision", "2")
    other.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(address.replace("strategy", "culture"))
    expect(again.get_by_text("Something of yours was changed elsewhere, and is not saved.")).to_be_visible()
    again.get_by_role("link", name="Look at it").click()
    expect(again.locator("main").get_by_text("Somebody has changed this answer elsewhere.")).to_be_visible()
    expect(again.locator("[data-question] input[value='5']").first).to_be_checked()
    again.get_by_role("button", name="Save mine").click()
    expect(again.locator(".saved").first).to_have_attribute("data-revision", "3")
    assert Person(again).answers()["strategy.purpose"] == 5
    assert again.evaluate("Object.keys(localStorage)") == []


def test_aims_are_saved_as_they_are_set_and_survive_a_dead_network(context: BrowserContext, page: Page) -> None:
    person = Person(page)
    person.start("Aiming Ltd", form="pulse")
    page.goto(page.url.split("/questions/")[0] + "/aims")
    context.set_offline(True)
    page.locator("input[name='importance:strategy'][value='5']").check()
    page.locator("select[name='target:strategy']").select_option("5")
    expect(page.get_by_text("Not saved yet.").first).to_be_visible()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("We go on as soon as your answers are saved.")).to_be_visible()
    context.set_offline(False)
    page.wait_for_url("**/review")
    document = page.request.get(page.url.replace("review", "answers.json")).json()
    assert document["importance"] == {"strategy": 5}
    assert document["targets"] == {"strategy": 5}


def test_two_tabs_do_not_overwrite_each_others_aims(context: BrowserContext, page: Page) -> None:
    person = Person(page)
    person.start("Two Tabs Ltd", form="pulse")
    aims = page.url.split("/questions/")[0] + "/aims"
    page.goto(aims)
    second = context.new_page()
    second.goto(aims)
    page.locator("select[name='target:strategy']").select_option("5")
    expect(page.get_by_text("✓ Saved")).to_have_count(1)
    second.locator("select[name='target:culture']").select_option("4")
    expect(second.get_by_text("✓ Saved")).to_have_count(1)
    second.locator("select[name='target:strategy']").select_option("1")
    expect(second.locator("main").get_by_text("Somebody has changed this elsewhere.")).to_be_visible()
    kept = page.request.get(aims.replace("aims", "answers.json")).json()["targets"]
    assert kept == {"strategy": 5, "culture": 4}
    second.get_by_role("button", name="Keep the other").click()
    expect(second.locator("select[name='target:strategy']")).to_have_value("5")


def test_a_fourth_mark_is_refused_alone(page: Page) -> None:
    person = Person(page)
    person.start("Eager Ltd", form="pulse")
    aims = page.url.split("/questions/")[0] + "/aims"
    page.goto(aims)
    for dimension in ("strategy", "culture", "metrics"):
        page.locator(f"input[name='importance:{dimension}'][value='5']").check()
    expect(page.get_by_text("✓ Saved")).to_have_count(3)
    page.locator("input[name='importance:design'][value='5']").click()
    expect(page.locator("main").get_by_text("Three are marked so already.")).to_be_visible()
    expect(page.locator("input[name='importance:design'][value='']")).to_be_checked()
    page.locator("select[name='target:design']").select_option("5")
    expect(page.get_by_text("✓ Saved")).to_have_count(4)
    document = page.request.get(aims.replace("aims", "answers.json")).json()
    assert document["importance"] == {"strategy": 5, "culture": 5, "metrics": 5}
    assert document["targets"] == {"design": 5}
