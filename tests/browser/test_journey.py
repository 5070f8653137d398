"""The journey sheet in a real browser: by keys alone, by touch, by mouse, on an unsteady network; and its map."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.accessibility import violations
from tests.browser.taking import PHONE
from tests.browser.test_accessibility import DESK, NARROW, begin

Sent = dict[str, str | float | bool]


@pytest.fixture
def phone(browser: Browser, live_server: str) -> Iterator[Page]:
    """A phone's page."""
    context = browser.new_context(base_url=live_server, viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def names(page: Page) -> list[str]:
    """The touchpoints' names in the order of the page."""
    return page.locator("#journey .way-name").all_inner_texts()


def kept(page: Page, path: str) -> list[dict[str, object]]:
    """What the server holds."""
    held: list[dict[str, object]] = page.request.get(f"{path}/answers.json").json()["modules"]["journey"]
    return held


def add(page: Page, path: str, stage: str, name: str, **said: str) -> None:
    """Adds a touchpoint without the page."""
    form: Sent = {"stage": stage, "name": name, **said}
    assert page.request.post(f"{path}/journey", form=form).status == 200


def on_the_map(page: Page, path: str, drawing: str = "lying") -> list[str]:
    """The names in the order in which the map has them, each in its drawing and in its list."""
    page.goto(f"{path}/journey-map")
    listed = page.locator(".journey-list li > b").all_inner_texts()
    drawn = " ".join(page.locator(f".journey-{drawing} svg text").all_text_contents())
    assert [name for name in listed if name not in drawn] == []
    numbers = page.locator(f".journey-{drawing} svg text[font-weight='600'][text-anchor='middle']").all_text_contents()
    assert numbers == [str(number) for number in range(1, len(listed) + 1)]
    return listed


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.getAttribute('id')"))


def tab_to(page: Page, id_: str) -> None:
    """Presses Tab until the element has the focus."""
    for _ in range(150):
        if focused(page) == id_:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the keyboard does not reach {id_}")


def says(page: Page, text: str) -> None:
    """Waits until a screen reader is told so."""
    expect(page.locator("#journey-says")).to_have_text(text)


def test_a_journey_by_keyboard_alone(page: Page) -> None:
    path = begin(page, "Keys Only Ltd")
    page.goto(f"{path}/journey")
    for number, (stage, name) in enumerate([("discover", "Poster"), ("buy", "Till"), ("buy", "Receipt")], start=1):
        tab_to(page, f"add-{stage}")
        if page.locator(f"#add-name-{stage}").is_hidden():
            page.keyboard.press("Enter")
        tab_to(page, f"add-name-{stage}")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        says(page, f"Added: {name}, number {number} of {number}, in {stage.capitalize()}.")
        assert focused(page) == f"add-name-{stage}"
    till, receipt = (
        page.locator(".way-item", has_text=name).get_attribute("data-touchpoint") for name in ("Till", "Receipt")
    )
    tab_to(page, f"earlier-{receipt}")
    page.keyboard.press("Enter")
    says(page, "Receipt is now number 2 of 3, in Buy.")
    assert focused(page) == f"earlier-{receipt}"
    assert names(page) == ["Poster", "Receipt", "Till"]
    tab_to(page, f"open-{till}")
    for place in ("3 of 3, in Use", "3 of 3, in Get help"):
        page.keyboard.press("Alt+ArrowDown")
        says(page, f"Till is now number {place}.")
        assert focused(page) == f"open-{till}"
    page.keyboard.press("Enter")
    page.wait_for_url("**open=*")
    tab_to(page, "wants")
    page.keyboard.type("Money back")
    tab_to(page, f"done-{till}")
    page.keyboard.press("Enter")
    says(page, "Saved: Till.")
    assert focused(page) == f"open-{till}"
    assert [(one["stage"], one["name"], one.get("wants")) for one in kept(page, path)] == [
        ("discover", "Poster", None),
        ("buy", "Receipt", None),
        ("get_help", "Till", "Money back"),
    ]
    assert on_the_map(page, path) == ["Poster", "Receipt", "Till"]


def test_a_journey_by_touch(phone: Page) -> None:
    path = begin(phone, "Fingers Ltd")
    phone.goto(f"{path}/journey")
    for stage, name in (("discover", "Web search"), ("choose", "Website"), ("buy", "Till")):
        phone.locator(f"#add-{stage}").tap()
        phone.get_by_role("button", name=name, exact=True).tap()
        expect(phone.locator(".way-name", has_text=name)).to_be_visible()
    phone.get_by_role("button", name="Move earlier: Till").tap()
    expect(phone.locator("#stage-choose .way-name")).to_have_count(2)
    phone.get_by_role("button", name="Move earlier: Till").tap()
    expect(phone.locator("#stage-choose .way-name").first).to_have_text("Till")
    phone.get_by_role("link", name="Till").tap()
    phone.get_by_label("angry").tap()
    phone.get_by_text("pain point: it annoys").tap()
    phone.get_by_text("Moment of truth: here it is decided whether they stay").tap()
    expect(phone.locator("#touchpoint-state")).to_have_text("✓ Saved")
    phone.get_by_role("button", name="Done").tap()
    expect(phone.locator(".way-form")).to_have_count(0)
    assert [(one["stage"], one["name"]) for one in kept(phone, path)] == [
        ("discover", "Web search"),
        ("choose", "Till"),
        ("choose", "Website"),
    ]
    assert {name: kept(phone, path)[1][name] for name in ("channel", "feeling", "point", "moment_of_truth")} == {
        "channel": "shop",
        "feeling": -2,
        "point": "pain",
        "moment_of_truth": True,
    }
    assert on_the_map(phone, path, "standing") == ["Web search", "Till", "Website"]
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_touchpoints_are_dragged_by_their_numbers(page: Page) -> None:
    path = begin(page, "Mouse Ltd")
    for name in ("One", "Two", "Three"):
        add(page, path, "discover", name)
    page.goto(f"{path}/journey")
    handle = page.locator(".way-item", has_text="Three").locator("[data-drag]")
    handle.hover()
    page.mouse.down()
    above = page.locator(".way-item", has_text="One").bounding_box()
    assert above is not None
    page.mouse.move(above["x"] + 20, above["y"] + 30, steps=5)
    page.mouse.move(above["x"] + 20, above["y"] + 2, steps=5)
    expect(page.locator(".way-drop")).to_be_visible()
    page.mouse.up()
    says(page, "Three is now number 1 of 3, in Discover.")
    assert names(page) == ["Three", "One", "Two"]
    page.locator(".way-item", has_text="One").locator("[data-drag]").hover()
    page.mouse.down()
    empty = page.locator("#stage-choose .way-list").bounding_box()
    assert empty is not None
    page.mouse.move(empty["x"] + 20, empty["y"], steps=8)
    page.mouse.up()
    says(page, "One is now number 3 of 3, in Choose.")
    assert [one["stage"] for one in kept(page, path)] == ["discover", "discover", "choose"]


def test_escape_leaves_a_touchpoint_where_it_was(page: Page) -> None:
    path = begin(page, "Escape Ltd")
    for name in ("A", "B"):
        add(page, path, "discover", name)
    page.goto(f"{path}/journey")
    page.locator("[data-drag]").nth(1).hover()
    page.mouse.down()
    page.mouse.move(100, 10, steps=5)
    page.keyboard.press("Escape")
    page.mouse.up()
    expect(page.locator(".way-drop")).to_have_count(0)
    assert [one["name"] for one in kept(page, path)] == ["A", "B"]


def test_what_is_typed_without_a_network_is_saved_when_it_is_back(context: BrowserContext, page: Page) -> None:
    path = begin(page, "Unsteady Journeys Ltd")
    add(page, path, "buy", "Till")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    context.set_offline(True)
    page.get_by_label("What does the customer want here?").fill("To pay and go")
    page.get_by_label("What does the customer think?").focus()
    expect(page.get_by_text("Not saved yet. Kept on this device; we keep trying.")).to_be_visible()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("That did not reach the server.")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#touchpoint-state")).to_have_text("✓ Saved")
    assert kept(page, path)[0]["wants"] == "To pay and go"
    assert page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("is_reloaded", [False, True])
def test_an_answer_that_got_lost_on_its_way_back_is_no_conflict(page: Page, *, is_reloaded: bool) -> None:
    path = begin(page, "Lost Answers Ltd")
    add(page, path, "buy", "Till")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    wants = page.get_by_label("What does the customer want here?")
    saving = re.compile(r"/journey/[a-z2-7]{16}$")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
        route.abort()

    page.route(saving, lose)
    wants.fill("To pay\nand go")
    wants.blur()
    expect(page.get_by_text("Not saved yet. Kept on this device; we keep trying.")).to_be_visible()
    wants.fill("To pay\nand go home")
    page.unroute(saving)
    if is_reloaded:
        page.reload()
    else:
        wants.blur()
    expect(page.locator("#touchpoint-state")).to_have_text("✓ Saved")
    assert lost == [200]
    assert kept(page, path)[0]["wants"] == "To pay\nand go home"
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_touchpoint_whose_answer_got_lost_is_added_once_and_the_next_one_too(page: Page) -> None:
    path = begin(page, "Lost Ltd")
    page.goto(f"{path}/journey")
    page.locator("#add-buy").click()
    lost: list[int] = []

    def lose_every_first(route: Route) -> None:
        if route.request.method != "POST" or len(lost) % 2:
            lost.append(0)
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/journey", lose_every_first)
    for name in ("Till", "Parking"):
        page.locator("#add-name-buy").fill(name)
        page.keyboard.press("Enter")
        expect(page.locator("#journey-trouble")).to_be_visible()
        page.locator("#add-name-buy").press("Enter")
        expect(page.locator("#journey-trouble")).to_be_hidden()
        expect(page.locator("#add-name-buy")).to_have_value("")
    assert lost == [200, 0, 200, 0]
    assert [one["name"] for one in kept(page, path)] == ["Till", "Parking"]


def test_a_tab_closed_while_typing_keeps_the_words(context: BrowserContext, page: Page) -> None:
    path = begin(page, "Closed Journeys Ltd")
    add(page, path, "buy", "Till")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    page.get_by_label("What does the customer want here?").press_sequentially("Half a sent")
    page.close()
    again = context.new_page()
    again.goto(f"{path}/journey")
    expect(again.get_by_text("Some words of yours are not saved yet.")).to_be_visible()
    again.get_by_role("link", name="Open it").click()
    expect(again.get_by_label("What does the customer want here?")).to_have_value("Half a sent")
    expect(again.locator("#touchpoint-state")).to_have_text("✓ Saved")
    assert kept(again, path)[0]["wants"] == "Half a sent"


def test_a_move_takes_along_what_was_being_typed(page: Page) -> None:
    path = begin(page, "Hasty Ltd")
    add(page, path, "buy", "Till")
    add(page, path, "use", "Chair")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    page.get_by_label("What does the customer want here?").fill("To pay and go")
    page.get_by_role("button", name="Move earlier: Chair").click()
    expect(page.locator("#stage-buy .way-name")).to_have_count(2)
    assert kept(page, path)[0]["wants"] == "To pay and go"


def test_what_somebody_else_has_changed_waits_for_a_decision(page: Page) -> None:
    path = begin(page, "Two Journeys Ltd")
    add(page, path, "buy", "Till")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    id_ = page.url.split("open=")[1].split("#")[0]
    elsewhere: Sent = {"stage": "buy", "name": "Checkout", "seen": "1"}
    assert page.request.post(f"{path}/journey/{id_}", form=elsewhere).status == 200
    page.get_by_label("What does the customer want here?").fill("To pay and go")
    page.get_by_label("What does the customer think?").focus()
    expect(page.locator("main").get_by_text("Somebody has changed this touchpoint elsewhere.")).to_be_visible()
    assert violations(page) == []
    assert kept(page, path)[0]["name"] == "Checkout"
    page.get_by_role("button", name="Save mine").click()
    says(page, "Saved: Till.")
    assert (kept(page, path)[0]["name"], kept(page, path)[0]["wants"]) == ("Till", "To pay and go")


def test_what_was_removed_can_be_brought_back(page: Page) -> None:
    path = begin(page, "Sorry Ltd")
    add(page, path, "buy", "Till", wants="To pay and go")
    page.goto(f"{path}/journey")
    page.get_by_role("link", name="Till").click()
    page.get_by_role("button", name="Remove").click()
    says(page, "Removed: Till.")
    assert focused(page) == "lost"
    page.get_by_role("button", name="Bring it back").click()
    says(page, "Added: Till, number 1 of 1, in Buy.")
    assert kept(page, path)[0]["wants"] == "To pay and go"


def test_a_journey_without_a_script(browser: Browser, live_server: str) -> None:
    context = browser.new_context(base_url=live_server, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    path = begin(page, "Plain Ltd")
    page.goto(f"{path}/journey")
    for stage, name in (("discover", "Poster"), ("buy", "Receipt")):
        page.locator(f"#add-{stage}").click()
        page.locator(f"#add-name-{stage}").fill(name)
        page.locator(f"#stage-{stage}").get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Move earlier: Receipt").click()
    page.get_by_role("link", name="Receipt").click()
    page.get_by_label("delighted").check()
    page.get_by_role("button", name="Done").click()
    assert [(one["stage"], one.get("feeling")) for one in kept(page, path)] == [("discover", None), ("choose", 2)]
    page.get_by_role("link", name="Poster").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Bring it back").click()
    assert [one["name"] for one in kept(page, path)] == ["Poster", "Receipt"]
    context.close()


def test_modules_are_saved_as_they_are_given_and_survive_a_dead_network(context: BrowserContext, page: Page) -> None:
    path = begin(page, "Modules Ltd")
    page.goto(f"{path}/more/profile")
    page.get_by_label("Line of business").select_option("software")
    expect(page.get_by_text("✓ Saved")).to_have_count(1)
    context.set_offline(True)
    page.get_by_label("Website").check()
    expect(page.get_by_text("Not saved yet. Kept on this device; we keep trying.")).to_be_visible()
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{path}/more/profile")
    expect(again.get_by_text("✓ Saved")).to_have_count(1)
    expect(again.get_by_label("Website")).to_be_checked()
    again.get_by_label("Website").uncheck()
    again.get_by_label("Shop").check()
    expect(again.get_by_text("✓ Saved")).to_have_count(2)
    again.goto(f"{path}/more/stake")
    again.get_by_label("Revenue in a year").fill("200 000")
    again.get_by_label("Share of it that you think you would lose").fill("a little")
    again.keyboard.press("Tab")
    expect(again.locator("main").get_by_text("Please write whole per cent from 0 to 100, like 12.")).to_be_visible()
    expect(again.get_by_label("Share of it that you think you would lose")).to_have_value("a little")
    again.get_by_label("Share of it that you think you would lose").fill("10")
    again.keyboard.press("Tab")
    expect(again.locator("#amount")).to_contain_text("20,000")
    told = again.request.get(f"{path}/answers.json").json()["modules"]
    assert (told["profile"]["sector"], told["profile"]["channels"]) == ("software", ["shop"])
    assert told["at_stake"] == {"revenue": 200_000, "share": 10}
    again.goto(f"{path}/more/offices")
    again.get_by_text("A business strategy that looks for ways").click()
    expect(again.get_by_text("That one is CRM, customer relationship management.")).to_be_visible()


def test_two_tabs_do_not_overwrite_each_others_fields(context: BrowserContext, page: Page) -> None:
    path = begin(page, "Two Profiles Ltd")
    page.goto(f"{path}/more/profile")
    second = context.new_page()
    second.goto(f"{path}/more/profile")
    page.get_by_label("Line of business").select_option("software")
    expect(page.get_by_text("✓ Saved")).to_have_count(1)
    second.get_by_label("Line of business").select_option("food")
    expect(second.get_by_text("Saved there: Software.")).to_be_visible()
    second.get_by_role("button", name="Keep the other").click()
    expect(second.get_by_label("Line of business")).to_have_value("software")


PAGES = [
    "more",
    "more/introduction",
    "more/profile",
    "more/touchpoints",
    "more/offices",
    "more/stake",
    "more/after",
    "journey",
    "journey?open",
    "journey-map",
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_is_for_everybody(page: Page, address: str) -> None:
    path = begin(page, "Kavárna U Žižky")
    add(page, path, "discover", "Map search", feeling="0", ours="no")
    add(
        page,
        path,
        "buy",
        "Rozmowa z konsultantem Międzynarodowego Centrum Obsługi Przedsiębiorców",
        feeling="-2",
        point="pain",
    )
    add(page, path, "use", "A word with the barista", feeling="2", point="love", moment_of_truth="yes")
    if address == "journey?open":
        page.goto(f"{path}/journey")
        address = f"journey?open={page.locator('[data-touchpoint]').nth(1).get_attribute('data-touchpoint')}"
    for viewport in (PHONE, DESK, NARROW):
        page.set_viewport_size(viewport)
        page.goto(f"{path}/{address}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
