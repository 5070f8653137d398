"""The plan, sharing and sitting again in a real browser: saved as given, without a network, and without a script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accessibility import violations
from tests.web.visiting import START

PHONE = {"width": 390, "height": 844}
QUESTIONS = ("strategy.purpose", "culture.purpose", "metrics.promises")


def begin(context: BrowserContext) -> str:
    """A finished assessment in this browser; its path."""
    response = context.request.post("/assessments", form=dict(START), max_redirects=0)
    path = response.headers["location"]
    for place, question in enumerate(QUESTIONS):
        context.request.post(f"{path}/answers/{question}", form={"answer": str(1 + place)})
    context.request.post(f"{path}/finish")
    return path


@pytest.fixture
def path(context: BrowserContext) -> str:
    """A finished assessment in this browser."""
    return begin(context)


@pytest.fixture
def plain(browser: Browser, live_server: str) -> Iterator[Page]:
    """A phone's browser without scripts."""
    context = browser.new_context(base_url=live_server, java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]  # a literal
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def taken_on(page: Page, path: str, number: int = 1) -> None:
    """Takes on that many steps."""
    page.goto(f"{path}/plan")
    for _ in range(number):
        page.get_by_role("button", name="Take it on").first.click()
    expect(page.locator("article.action")).to_have_count(number)


def test_an_action_is_saved_as_its_fields_are_filled(page: Page, path: str) -> None:
    taken_on(page, path)
    action = page.locator("article.action")
    action.get_by_label("Owner").fill("Ana")
    action.get_by_label("By when").fill("2027-02-19")
    action.get_by_label("How will we see").fill("9 of 10")
    action.get_by_label("State").select_option("under_way")
    expect(action.locator(".saved")).to_have_text("✓ Saved")
    action.get_by_text("Change the words").click()
    action.get_by_label("What is to be done").fill("Say why we exist")
    action.get_by_label("What it does").select_option("emotional")
    expect(action.get_by_role("heading")).to_have_text("Say why we exist")
    expect(action.locator("[data-says=way]")).to_have_text("brings customers closer")
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.reload()
    expect(action.get_by_label("Owner")).to_have_value("Ana")
    expect(action.get_by_label("By when")).to_have_value("2027-02-19")
    expect(action.get_by_label("State")).to_have_value("under_way")


def test_only_discounts_are_remarked_on_at_once(page: Page, path: str) -> None:
    taken_on(page, path, 2)
    for action in page.locator("article.action").all():
        action.get_by_text("Change the words").click()
        action.get_by_label("What it does").select_option("financial")
        expect(action.locator(".saved")).to_have_text("✓ Saved")
    expect(page.locator("#plan-flag")).to_contain_text("is about money")


def test_nothing_is_lost_while_there_is_no_network(page: Page, context: BrowserContext, path: str) -> None:
    taken_on(page, path)
    action = page.locator("article.action")
    context.set_offline(True)
    action.get_by_label("Owner").fill("Ana")
    action.get_by_label("How will we see").fill("9 of 10")
    page.get_by_label("What is to be done").last.fill("Written in the tunnel")
    expect(action.locator(".saved")).to_contain_text("we keep trying")
    context.set_offline(False)
    expect(action.locator(".saved")).to_have_text("✓ Saved")
    page.reload()
    expect(action.get_by_label("Owner")).to_have_value("Ana")
    expect(action.get_by_label("How will we see")).to_have_value("9 of 10")
    expect(page.get_by_label("What is to be done").last).to_have_value("Written in the tunnel")


def test_what_was_not_saved_is_still_there_after_a_reload(page: Page, context: BrowserContext, path: str) -> None:
    taken_on(page, path)
    action = page.locator("article.action")
    pattern = re.compile(r"/plan/[a-z2-7]{16}$")
    page.route(pattern, lambda route: route.abort())
    action.get_by_label("Owner").fill("Ana")
    action.get_by_label("State").select_option("done")
    expect(action.locator(".saved")).to_contain_text("we keep trying")
    page.unroute(pattern)
    page.reload()
    expect(action.locator(".saved")).to_have_text("✓ Saved")
    expect(action.get_by_label("Owner")).to_have_value("Ana")
    told = context.request.get(f"{path}/answers.json").json()
    assert [one.get("owner") for one in told["actions"]] == ["Ana"]


def test_an_answer_that_got_lost_on_its_way_back_is_no_conflict(page: Page, path: str) -> None:
    taken_on(page, path)
    action = page.locator("article.action")
    lost: list[int] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route(re.compile(r"/plan/[a-z2-7]{16}$"), lose_the_first)
    action.get_by_label("Owner").fill("Ana")
    action.get_by_label("Owner").blur()
    expect(action.locator(".saved")).to_contain_text("we keep trying")
    action.get_by_label("Owner").fill("Ana and Boris")
    action.get_by_label("Owner").blur()
    expect(action.locator(".saved")).to_have_text("✓ Saved")
    assert lost == [200]
    page.reload()
    expect(action.get_by_label("Owner")).to_have_value("Ana and Boris")


def lose_the_answer(page: Page, address: str) -> list[int]:
    """The next form that is sent there arrives, and nobody hears of it; the statuses that nobody heard."""
    lost: list[int] = []

    def lose(route: Route) -> None:
        if lost or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.fetch(max_redirects=0).status)
        route.abort()

    page.route(address, lose)
    return lost


def test_an_action_whose_answer_got_lost_is_added_once_and_the_next_one_too(page: Page, path: str) -> None:
    page.goto(f"{path}/plan")
    own = page.locator("#form-new")
    for text in ("Call ten customers", "Answer within a day"):
        own.get_by_label("What is to be done").fill(text)
        own.get_by_label("What it does").select_option("emotional")
        lost = lose_the_answer(page, "**/plan")
        with page.expect_event("requestfailed", lambda request: request.method == "POST"):
            own.get_by_role("button").click(no_wait_after=True)
        assert lost == [303]
        page.unroute("**/plan")
        page.goto(f"{path}/plan")
        expect(own.get_by_label("What is to be done")).to_have_value(text)
        own.get_by_role("button").click()
        page.wait_for_url(re.compile(r"/plan(\?said=added)?#action-"))
    expect(page.locator("article.action h3")).to_have_text(["Call ten customers", "Answer within a day"])


def test_going_back_without_a_script_and_writing_something_else_adds_it(plain: Page) -> None:
    path = begin(plain.context)
    plain.goto(f"{path}/plan")
    for text in ("Call ten customers", "Answer within a day"):
        own = plain.locator("#form-new")
        own.get_by_label("What is to be done").fill(text)
        own.get_by_label("What it does").select_option("emotional")
        own.get_by_role("button").click()
        plain.wait_for_url(re.compile(r"/plan(\?said=added)?#action-"))
        plain.go_back()
    plain.goto(f"{path}/plan?anew")
    expect(plain.locator("article.action h3")).to_have_text(["Call ten customers", "Answer within a day"])


def test_what_was_changed_on_another_device_is_shown_and_nobodys_is_lost(
    page: Page, context: BrowserContext, path: str
) -> None:
    taken_on(page, path)
    action = page.locator("article.action")
    other = context.new_page()
    other.goto(f"{path}/plan")
    theirs = other.locator("article.action")
    theirs.get_by_label("Owner").fill("Theirs")
    theirs.get_by_label("Owner").blur()
    expect(theirs.locator(".saved")).to_have_text("✓ Saved")
    action.get_by_label("Owner").fill("Mine")
    action.get_by_label("Owner").blur()
    expect(action.locator(".conflict")).to_contain_text("Theirs")
    expect(action.get_by_label("Owner")).to_have_value("Mine")
    assert violations(page) == []
    # It waits, also over a reload, until somebody has decided.
    page.reload()
    expect(action.locator(".conflict")).to_contain_text("Theirs")
    action.get_by_role("button", name="Save mine").click()
    expect(action.locator(".saved")).to_have_text("✓ Saved")
    theirs.get_by_label("How will we see").fill("Their measure")
    theirs.get_by_label("How will we see").blur()
    expect(theirs.locator(".conflict")).to_contain_text("Mine")
    theirs.get_by_role("link", name="Keep the other").click()
    expect(theirs.get_by_label("Owner")).to_have_value("Mine")
    expect(theirs.get_by_label("How will we see")).to_have_value("")
    expect(theirs.locator(".conflict")).to_have_count(0)


def test_what_was_removed_on_another_device_can_be_added_again(page: Page, context: BrowserContext, path: str) -> None:
    taken_on(page, path)
    other = context.new_page()
    other.goto(f"{path}/plan")
    other.get_by_text("Change the words").click()
    other.get_by_role("button", name="Remove it from the plan").click()
    expect(other.locator("article.action")).to_have_count(0)
    action = page.locator("article.action")
    action.get_by_label("Owner").fill("Mine")
    action.get_by_label("Owner").blur()
    action.get_by_role("button", name="Add it again").click()
    page.wait_for_url(re.compile(r"/plan(\?said=added)?#action-"))
    expect(page.locator("article.action").get_by_label("Owner")).to_have_value("Mine")


def test_a_button_that_leads_on_waits_until_all_is_saved(page: Page, path: str) -> None:
    taken_on(page, path)
    owner = page.locator("article.action").first.get_by_label("Owner")
    owner.fill("Ana")
    page.get_by_role("button", name="Take it on").first.click()
    expect(page.locator("article.action")).to_have_count(2)
    expect(owner).to_have_value("Ana")


def test_the_whole_plan_is_made_without_a_script(plain: Page) -> None:
    path = begin(plain.context)
    taken_on(plain, path)
    action = plain.locator("article.action")
    action.get_by_label("Owner").fill("Ana")
    action.get_by_label("By when").fill("2027-02-19")
    action.get_by_role("button", name="Save").click()
    expect(action.get_by_label("Owner")).to_have_value("Ana")
    plain.get_by_label("What is to be done").last.fill("Something of our own")
    plain.get_by_role("button", name="Add it to the plan").click()
    expect(plain.locator(".problems")).to_be_visible()
    plain.locator("#way-new").select_option("emotional")
    plain.get_by_role("button", name="Add it to the plan").click()
    expect(plain.locator("article.action")).to_have_count(2)
    plain.locator("#stop-doing-text").fill("Printing leaflets")
    plain.locator("#form-stop-doing").get_by_role("button").click()
    expect(plain.locator("#stop-doing-text")).to_have_value("Printing leaflets")
    action.first.get_by_text("Change the words").click()
    action.first.get_by_role("button", name="Remove it").click()
    expect(plain.locator("article.action")).to_have_count(1)


def test_sharing_and_sitting_again_need_no_script(plain: Page, browser: Browser, live_server: str) -> None:
    path = begin(plain.context)
    plain.goto(f"{path}/sharing")
    plain.get_by_label("Everyone here").check()
    plain.locator("#form-recipients").get_by_role("button").click()
    expect(plain.get_by_label("Everyone here")).to_be_checked()
    plain.get_by_role("button", name="Make the link").click()
    link = plain.get_by_label("Link", exact=True).input_value()
    other = browser.new_context(base_url=live_server).new_page()
    other.goto(link)
    expect(other.get_by_role("heading", level=1)).to_have_text(START["organisation"])
    plain.get_by_role("link", name="Back to sharing").click()
    plain.get_by_role("button", name="End it now").click()
    other.reload()
    expect(other.get_by_role("heading", level=1)).to_have_text("This link shows nothing any more")
    other.context.close()
    plain.goto(f"{path}/again")
    plain.get_by_role("button", name="Begin the next sitting").click()
    expect(plain.locator("[data-question]").first).to_be_visible()


def test_every_page_is_accessible_and_fits_a_phone(page: Page, context: BrowserContext, path: str) -> None:
    taken_on(page, path, 2)
    context.request.post(f"{path}/plan", form={"text": "w" * 300, "way": "emotional", "owner": "o" * 300})
    link = re.search(
        r'value="([^"]+/shared/[^"]+)"',
        context.request.post(f"{path}/sharing", form={"what": "report", "days": "7"}).text(),
    )
    assert link
    context.request.post(f"{path}/again", form={"form": "full"})
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a literal
    for there in (f"{path}/plan?each=true", f"{path}/again", f"{path}/sharing", link[1], "/shared/none", "/"):
        page.goto(there)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), there
