"""Every page in each of its states, for people who see, hear, point or type otherwise, on a phone and at a desk."""

from collections.abc import Callable, Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.accessibility import SPACED, violations

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 256}
"""A window of 1280 × 1024 at 400 %."""
LONG_NAME = "Zadruga Prekmurskih in Goričkih Čebelarjev ter Medičarjev, proizvodnja in prodaja, Murska Sobota z.o.o."
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
QUESTIONS = ("strategy", "culture", "accountability", "metrics", "design", "understanding")


Kept = dict[str, str]
"""The paths of assessments: empty, partly answered, complete, of a name that is one long word, all don't-knows."""


@pytest.fixture(scope="module")
def visitor(browser: Browser, live_server: str) -> Iterator[Page]:
    """A page of a visitor who stays for the whole file."""
    context = browser.new_context(base_url=live_server, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def begin(page: Page, organisation: str, **answers: str) -> str:
    """Starts an assessment and answers its parts, each with one value; its path."""
    fields: dict[str, str | float | bool] = {
        "questionnaire": "cx-grid",
        "organisation": organisation,
        "business_stage": "growing",
        "role": "leadership",
        "form": "full",
        "language": "en",
    }
    response = page.request.post("/assessments", form=fields)
    path = f"/assessments/{urlsplit(response.url).path.split('/')[2]}"
    for part, answer in answers.items():
        page.goto(f"{path}/questions/{part}")
        names = page.eval_on_selector_all("[data-question]", "found => found.map(one => one.dataset.question)")
        form: dict[str, str | float | bool] = {f"answer:{name}": answer for name in names}
        assert page.request.post(f"{path}/questions/{part}", form=form).status == 200
    return path


@pytest.fixture(scope="module")
def kept(visitor: Page) -> Kept:
    """An assessment of each kind."""
    levels = dict(zip(QUESTIONS, ["4", "2", "1", "5", "3", "2"], strict=True))
    kept = {
        "empty": begin(visitor, "Empty Ltd"),
        "partial": begin(visitor, LONG_NAME, strategy="2", culture="dont_know", metrics="not_applicable"),
        "full": begin(visitor, "Žižkovská kavárna", **levels),
        "long": begin(visitor, "W" * 120),
        "unknown": begin(visitor, "Unknown Ltd", **dict.fromkeys(QUESTIONS, "dont_know")),
    }
    visitor.request.post(f"{kept['full']}/finish")
    return kept


Open = Callable[[Page, Kept], None]


def at(path: str, of: str = "") -> Open:
    """A page as it opens."""

    def open_(page: Page, kept: Kept) -> None:
        page.goto(kept.get(of, "") + path)

    return open_


def start_with_errors(page: Page, _: Kept) -> None:
    page.goto("/start")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()


def facts_with_errors(page: Page, kept: Kept) -> None:
    page.goto(f"{kept['empty']}/facts")
    page.get_by_label("Your organisation’s name").fill(" ")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error")).to_be_visible()


def conflict_on_the_page(page: Page, kept: Kept) -> None:
    """What the page's button finds that another device has changed."""
    path = begin(page, "Two Devices Ltd")
    page.goto(f"{path}/questions/strategy")
    _post_elsewhere(page, path)
    page.locator("[name='answer:strategy.purpose'][value='4']").evaluate("input => { input.checked = true; }")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def conflict_at_once(page: Page, kept: Kept) -> None:
    """What saving at once finds that another device has changed."""
    path = begin(page, "Two Devices Ltd")
    page.goto(f"{path}/questions/strategy")
    _post_elsewhere(page, path)
    page.locator("[data-question='strategy.purpose'] label.row").nth(3).click()
    expect(page.get_by_role("button", name="Save mine")).to_be_visible()


def _post_elsewhere(page: Page, path: str) -> None:
    form: dict[str, str | float | bool] = {"answer": "2"}
    page.request.post(f"{path}/answers/strategy.purpose", form=form)


def saved(page: Page, kept: Kept) -> None:
    """An answer that was just given."""
    page.goto(f"{kept['empty']}/questions/design")
    page.locator("[data-question] label.row").first.click()
    expect(page.get_by_text("✓ Saved")).to_be_visible()
    page.get_by_text("Why it matters").first.click()


def without_network(page: Page, kept: Kept) -> None:
    """An answer that waits."""
    page.goto(f"{kept['empty']}/questions/culture")
    page.route("**/answers/**", lambda route: route.abort())
    page.locator("[data-question] label.row").first.click()
    expect(page.locator("#outbox")).to_be_visible()


def too_many_aims(page: Page, kept: Kept) -> None:
    page.goto(f"{kept['full']}/aims")
    page.eval_on_selector_all("input[type=radio][value='5']", "found => found.forEach(one => { one.checked = true; })")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_be_visible()


def not_erased(page: Page, kept: Kept) -> None:
    page.goto(f"{kept['full']}/link")
    page.locator("#erase-word").fill("another")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("alert")).to_be_visible()


def erased(page: Page, _: Kept) -> None:
    path = begin(page, "Gone Ltd")
    page.goto(f"{path}/link")
    page.locator("#erase-word").fill(" Erase ")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()


def all_unfolded(page: Page, kept: Kept) -> None:
    """The result with everything open that can be opened."""
    page.goto(f"{kept['full']}/result")
    page.eval_on_selector_all("details", "found => found.forEach(one => { one.open = true; })")


STATES: dict[str, Open] = {
    "home": at("/"),
    "start": at("/start"),
    "start with errors": start_with_errors,
    "privacy": at("/privacy"),
    "the API": at("/api/v1/docs"),
    "no page": at("/no-such-page"),
    "no link": at("/r/no-such-link"),
    "questions": at("/questions/strategy", of="empty"),
    "questions to a long name": at("/questions/strategy", of="long"),
    "questions answered": at("/questions/strategy", of="partial"),
    "saved": saved,
    "without network": without_network,
    "conflict on the page": conflict_on_the_page,
    "conflict at once": conflict_at_once,
    "aims": at("/aims", of="partial"),
    "aims one by one": at("/aims?each=true", of="partial"),
    "too many aims": too_many_aims,
    "review of nothing": at("/review", of="empty"),
    "review of a part": at("/review", of="partial"),
    "review of all": at("/review", of="full"),
    "link": at("/link", of="partial"),
    "facts": at("/facts", of="partial"),
    "facts with errors": facts_with_errors,
    "not erased": not_erased,
    "erased": erased,
    "result of nothing": at("/result", of="empty"),
    "result of a long name": at("/result", of="long"),
    "result of a part": at("/result", of="partial"),
    "result of all": at("/result", of="full"),
    "result of don't-knows": at("/result", of="unknown"),
    "result unfolded": all_unfolded,
}

WELL_MADE = """() => {
  const faults = [];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const name = (element) => element.outerHTML.slice(0, 90);
  if (document.documentElement.lang !== "en") faults.push("no language");
  if (!document.title.trim()) faults.push("no title");
  if (all("h1").length !== 1) faults.push(`${all("h1").length} h1`);
  if (all("main").length !== 1) faults.push(`${all("main").length} main`);
  const ids = all("[id]").map((element) => element.id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id ${id} twice`);
  for (const form of all("form")) {
    if (form.getAttribute("method") !== "post" || !form.getAttribute("action")) faults.push(`form ${name(form)}`);
  }
  for (const attribute of ["for", "aria-labelledby", "aria-describedby", "aria-controls", "hx-target", "data-copy"]) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(" ")) {
        if (!document.getElementById(id.replace("#", ""))) faults.push(`${attribute}=${id} names nothing`);
      }
    }
  }
  for (const link of all("a[href^='#']")) {
    if (!document.getElementById(link.hash.slice(1))) faults.push(`${link.hash} leads nowhere`);
  }
  for (const field of all("input:not([type=hidden]), select, textarea")) {
    if (!field.labels.length) faults.push(`no label: ${name(field)}`);
  }
  for (const element of all("body *")) {
    const foreign = element.getAttributeNames().filter((attribute) => attribute.startsWith("hx-"));
    if (foreign.length) faults.push(`${foreign} is none of HTML: ${name(element)}`);
  }
  for (const element of all(":is(p, span, div):is([aria-label], [aria-labelledby]):not([role])")) {
    faults.push(`a name for what has no role: ${name(element)}`);
  }
  for (const option of all("option")) {
    if (!option.textContent.trim() && !option.label) faults.push(`no label: ${name(option.parentElement)}`);
  }
  for (const select of all("select[required]")) {
    if (select.options[0].value !== "") faults.push(`required, but nothing to leave it at: ${name(select)}`);
  }
  let last = 1;
  for (const heading of all("h1, h2, h3, h4")) {
    const level = Number(heading.tagName[1]);
    if (level > last + 1) faults.push(`${heading.tagName} after h${last}: ${heading.textContent}`);
    last = level;
  }
  return faults;
}"""

TOO_WIDE = """() => {
  const faults = [];
  const room = document.documentElement.clientWidth;
  const wide = document.documentElement.scrollWidth;
  if (wide > room) faults.push(`the page is ${wide} px wide`);
  const scrolls = (element) => element.closest(".scroll, .visually-hidden, svg, .skip");
  for (const element of document.querySelectorAll("main *, header *, nav *, footer *")) {
    const box = element.getBoundingClientRect();
    if (box.width && (box.right > room + 1 || box.left < -1) && !scrolls(element) && element.checkVisibility()) {
      const hidden = getComputedStyle(element).clipPath !== "none" || element.closest(".long, thead");
      if (!hidden) faults.push(`${element.outerHTML.slice(0, 90)} from ${box.left} to ${box.right}`);
    }
  }
  return faults.slice(0, 5);
}"""

TOO_SMALL = """() => {
  const faults = [];
  for (const element of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary")) {
    if (!element.checkVisibility() || element.closest(".skip, .visually-hidden, svg")) continue;
    const radio = element.type === "radio" || element.type === "checkbox";
    const target = radio ? element.closest("label") : element;
    const inline = element.tagName === "A" && getComputedStyle(element).display === "inline";
    const {width, height} = target.getBoundingClientRect();
    const least = target.matches("label.row") ? 44 : 24;
    if (!inline && (width < least || height < least)) {
      faults.push(`${Math.round(width)} x ${Math.round(height)}: ${target.outerHTML.slice(0, 90)}`);
    }
  }
  return faults;
}"""

FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const shown = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = element.getBoundingClientRect();
  const row = element.closest("label");
  const seen = shown(element) || (row && shown(row));
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {name: element.outerHTML.slice(0, 90), seen: Boolean(seen), inside};
}"""

MOVES = """() => [...document.querySelectorAll("*")].filter((element) => {
  const style = getComputedStyle(element);
  const times = `${style.transitionDuration}, ${style.animationDuration}`.split(", ");
  return times.some((time) => parseFloat(time) > 0) || style.scrollBehavior === "smooth";
}).map((element) => element.outerHTML.slice(0, 90))"""


SPOILT = """() => {
  const add = (parent, tag, attributes, style, text) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    Object.assign(element.style, style);
    element.textContent = text ?? "";
    document.querySelector(parent).append(element);
  };
  add("footer", "h1", {}, {}, "Another");
  add("footer", "form", {id: "main"}, {});
  add("footer", "input", {"aria-describedby": "nobody"}, {});
  add("footer", "a", {href: "#nowhere"}, {}, "somewhere");
  add("footer", "h4", {}, {}, "Too deep");
  add("footer", "p", {"aria-labelledby": "main"}, {}, "Named");
  add("footer", "p", {"hx-get": "/"}, {}, "Foreign");
  add("footer", "label", {}, {}, "Choose");
  add("footer label", "select", {required: ""}, {});
  add("footer select", "option", {value: "1"}, {});
  add("footer", "p", {}, {position: "absolute", left: "0", width: "500px"}, "wide");
  add("footer", "button", {id: "unseen"}, {all: "unset", width: "20px", height: "20px", outline: "none"});
  const row = document.querySelector("label.row");
  Object.assign(row.style, {minHeight: "0", height: "30px", width: "250px", padding: "0"});
}"""


@pytest.mark.parametrize("state", STATES)
def test_the_page_is_accessible_and_fits(visitor: Page, kept: Kept, state: str) -> None:
    page = visitor
    page.set_viewport_size(DESK)
    try:
        STATES[state](page, kept)
    finally:
        page.unroute_all()
    found: dict[str, list[str]] = {"made": page.evaluate(WELL_MADE)}
    for name, size in {"desk": DESK, "phone": PHONE}.items():
        page.set_viewport_size(size)
        found |= {f"axe, {name}": violations(page), f"small, {name}": page.evaluate(TOO_SMALL)}
    page.set_viewport_size(NARROW)
    found["wide"] = page.evaluate(TOO_WIDE)
    page.evaluate(SPACED)
    found["wide, spaced"] = page.evaluate(TOO_WIDE)
    assert {what: faults for what, faults in found.items() if faults} == {}


def test_what_is_wrong_with_a_page_is_found(visitor: Page, kept: Kept) -> None:
    visitor.set_viewport_size(NARROW)
    visitor.goto(f"{kept['empty']}/questions/strategy")
    visitor.evaluate(SPOILT)
    assert visitor.evaluate(WELL_MADE) == [
        "2 h1",
        "id main twice",
        'form <form id="main"></form>',
        "aria-describedby=nobody names nothing",
        "#nowhere leads nowhere",
        'no label: <input aria-describedby="nobody">',
        'hx-get is none of HTML: <p hx-get="/">Foreign</p>',
        'a name for what has no role: <p aria-labelledby="main">Named</p>',
        'no label: <select required=""><option value="1"></option></select>',
        'required, but nothing to leave it at: <select required=""><option value="1"></option></select>',
        "H4 after h1: Too deep",
    ]
    assert visitor.evaluate(TOO_WIDE)[0] == "the page is 500 px wide"
    assert {fault.split(":")[0] for fault in visitor.evaluate(TOO_SMALL)} >= {"250 x 30", "20 x 20"}
    visitor.locator("#unseen").focus()
    assert visitor.evaluate(FOCUSED)["seen"] is False


KEYBOARD = ("start with errors", "conflict at once", "aims", "link", "result of a part")


@pytest.mark.parametrize("state", KEYBOARD)
def test_whatever_has_the_focus_is_seen_to_have_it(visitor: Page, kept: Kept, state: str) -> None:
    visitor.set_viewport_size(PHONE)
    STATES[state](visitor, kept)
    visitor.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
    names = []
    for _ in range(60):
        visitor.keyboard.press("Tab")
        focused = visitor.evaluate(FOCUSED)
        if focused is None:
            break
        names.append(focused["name"])
        assert (focused["name"], focused["seen"], focused["inside"]) == (focused["name"], True, True)
    assert len(set(names)) > 5


def test_the_first_key_skips_to_the_content(visitor: Page, kept: Kept) -> None:
    visitor.goto(f"{kept['partial']}/questions/strategy")
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="Skip to the content")).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(visitor.locator("main")).to_be_focused()


@pytest.mark.parametrize("state", ["home", "questions", "result of all"])
def test_nothing_moves_for_those_who_do_not_want_it(visitor: Page, kept: Kept, state: str) -> None:
    STATES[state](visitor, kept)
    try:
        visitor.emulate_media(reduced_motion="reduce")
        assert visitor.evaluate(MOVES) == []
    finally:
        visitor.emulate_media(reduced_motion="no-preference")
    assert visitor.evaluate(MOVES) != [] or state != "questions"  # where there is something to see of it


UNSEEN = """() => {
  const painter = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    painter.fillStyle = colour;
    painter.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...painter.getImageData(0, 0, 1, 1).data].map((part) => part / 255)
      .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ground = light("Canvas");
  const contrast = (colour) => {
    const own = light(colour);
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
  };
  const paints = (style) => [style.fill, style.stroke].filter((paint) => paint !== "none");
  const faults = [];
  for (const mark of document.querySelectorAll("main svg:not([shape-rendering]) :is(text, circle, path, rect)")) {
    const style = getComputedStyle(mark);
    const least = mark.tagName === "text" ? 4.5 : 3;
    const found = mark.tagName === "text" ? [style.fill] : paints(style);
    if (found.length && !found.some((paint) => contrast(paint) >= least)) faults.push(mark.outerHTML.slice(0, 90));
  }
  const seen = (element, side) => {
    const style = getComputedStyle(element);
    return parseFloat(style[`border${side}Width`]) >= 1 && contrast(style[`border${side}Color`]) >= 3;
  };
  for (const cell of document.querySelectorAll(".map .cell:not(.none)")) {
    if (!seen(cell, "Top")) faults.push(`no border: ${cell.outerHTML.slice(0, 90)}`);
    const framed = cell.matches(".framed, tr.framed *");
    const outlined = getComputedStyle(cell).outlineStyle === "solid";
    if (framed !== outlined) faults.push(`frame: ${cell.outerHTML.slice(0, 90)}`);
  }
  for (const strip of document.querySelectorAll(".scale, .steps")) {
    const marked = [...strip.querySelectorAll(strip.matches(".scale") ? "span" : "a")];
    const side = strip.matches(".scale") ? "Top" : "Bottom";
    const several = marked.filter((element) => seen(element, side)).length > 1;
    if (several) faults.push(`all marked: ${strip.outerHTML.slice(0, 90)}`);
  }
  const chosen = document.querySelector(".row:has(input:checked)");
  if (chosen && getComputedStyle(chosen).outlineStyle !== "solid") faults.push("nothing looks chosen");
  return faults;
}"""


@pytest.mark.parametrize("state", ["home", "questions answered", "result of all", "result of don't-knows"])
def test_what_is_drawn_is_seen_in_forced_colours(visitor: Page, kept: Kept, state: str) -> None:
    visitor.set_viewport_size(DESK)
    STATES[state](visitor, kept)
    try:
        for scheme in SCHEMES:
            visitor.emulate_media(forced_colors="active", color_scheme=scheme)
            assert (scheme, visitor.evaluate(UNSEEN)) == (scheme, [])
    finally:
        visitor.emulate_media(forced_colors="none", color_scheme="light")
