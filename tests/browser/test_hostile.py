"""Whatever a stranger types or puts into an address is shown as text: in a real browser, nothing of it runs."""

import html
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, Route, expect

from app import content, reporting
from app.core.answers.document import accept_document, read_json
from app.web.shell.guard import CONTENT_SECURITY_POLICY
from tests.browser.taking import Person, always

PAYLOADS = {
    "script": "<script>ran('script')</script>",
    "image": "<img src=x onerror=ran('image') data-planted>",
    "out of an attribute": "\"><svg onload=ran('svg') data-planted>",
    "into an attribute": "\" autofocus onfocus=ran('focus') data-planted x=\"",
    "into another attribute": "' autofocus onfocus=ran('focus') data-planted x='",
    "out of everything": "--></title></script></style></textarea></svg><img src=x onerror=ran('out') data-planted>",
    "link": "<a href=javascript:ran('link') data-planted>press</a>",
    "frame": "<iframe srcdoc=\"<script>parent.ran('frame')</script>\" data-planted></iframe>",
    "refresh": "<meta http-equiv=refresh content=0;url=//evil.test data-planted>",
    "base": "<base href=//evil.test data-planted>",
    "style": "<style>@import '//evil.test/x.css'</style><p data-planted>",
    "form": "<form action=//evil.test data-planted><button>Save</button></form>",
    "htmx": "<p hx-get=//evil.test hx-trigger=load hx-on:click=ran('htmx') data-planted>",
    "escaped once": "&lt;img src=x onerror=ran('twice') data-planted&gt;",
    "encoded": "%3Cimg src=x onerror=ran('encoded') data-planted%3E",
    "template": "{{ ran('template') }}{% raw %}${ran(1)}#{7*7}",
}
WORST = "out of everything"
TYPED = ("text", "owner", "measure")
"""What is typed of an action."""


class Watch:
    """What happens on a page that must not: code that runs, elements that were typed, requests to elsewhere."""

    def __init__(self, context: BrowserContext, own: str) -> None:
        self.seen: list[str] = []
        self._own = own
        context.expose_binding("ran", lambda _, what: self.seen.append(f"ran: {what}"))
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("console", self._message)

    def _dialog(self, dialog: Dialog) -> None:
        self.seen.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._own}/", "about:", "data:")):
            self.seen.append(f"request: {request.url}")

    def _message(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.seen.append(f"blocked: {message.text[:80]}")

    def found(self, page: Page) -> list[str]:
        """What was seen since the last time, and what of it stands on the page."""
        page.wait_for_load_state()
        planted = page.locator("[data-planted]").count()
        found, self.seen = [*self.seen, *["planted element"] * planted], []
        return found


@pytest.fixture
def watch(context: BrowserContext, live_server: str) -> Watch:
    """A watch over every page of a new visitor."""
    return Watch(context, live_server)


def decoded(payload: str) -> str:
    """The payload as a careless page would make it: unescaped once more than it should."""
    return unquote(html.unescape(payload))


def serve(page: Page, body: str, headers: dict[str, str]) -> None:
    """Opens a page of this site with that body."""

    def fulfill(route: Route) -> None:
        route.fulfill(content_type="text/html; charset=utf-8", body=body, headers=headers)

    page.route("**/planted", fulfill)
    page.goto("/planted")


def test_the_watch_catches_each_payload_where_it_is_not_escaped(context: BrowserContext, watch: Watch) -> None:
    context.route("**/evil.test/**", lambda route: route.abort())
    missed = []
    for name in PAYLOADS:
        payload = decoded(PAYLOADS[name])
        page = context.new_page()
        serve(page, f"<title>x</title><p>{payload}</p><input value=\"{payload}\"><input value='{payload}'>", {})
        if not watch.found(page):
            missed.append(name)
        page.close()
    assert missed == ["template"]  # nothing to a browser; it would show up as another text


def test_even_a_page_that_forgot_to_escape_runs_nothing(context: BrowserContext, watch: Watch) -> None:
    context.route("**/evil.test/**", lambda route: route.abort())
    page = context.new_page()
    runs = {name: decoded(PAYLOADS[name]) for name in ("script", "image", "out of an attribute", "frame", "encoded")}
    for payload in runs.values():
        serve(page, f"<title>x</title><p>{payload}</p>", {"content-security-policy": CONTENT_SECURITY_POLICY})
        found = watch.found(page)
        assert [one for one in found if one.startswith("blocked: ")] != []
        assert [one for one in found if one.startswith("ran: ")] == []


def begin(page: Page, organisation: str) -> str:
    """Starts an assessment without the form; its path."""
    fields: dict[str, str | float | bool] = {
        "questionnaire": "cx-grid",
        "organisation": organisation,
        "business_stage": "growing",
        "role": "leadership",
        "form": "pulse",
        "language": "en",
    }
    response = page.request.post("/assessments", form=fields)
    assert response.status == 200
    path = f"/assessments/{urlsplit(response.url).path.split('/')[2]}"
    saved = page.request.post(f"{path}/answers/strategy.purpose", form={"answer": "3"})
    assert saved.status == 200
    return path


def test_a_hostile_name_is_text_where_one_answers_and_where_one_goes_on(page: Page, watch: Watch) -> None:
    held = {begin(page, payload): payload for payload in PAYLOADS.values()}
    for path, payload in held.items():
        page.goto(f"{path}/questions/strategy")
        expect(page.locator(".whose")).to_have_text(payload)
        assert page.title().endswith(payload)
        assert watch.found(page) == []
    page.goto("/")
    assert {path: page.locator(f"a[href='{path}']").inner_text() for path in held} == held
    assert watch.found(page) == []


def links(page: Page) -> Iterator[str]:
    """The paths of this site's pages that the page leads to."""
    for address in page.eval_on_selector_all("a[href]:not([download])", "found => found.map(one => one.href)"):
        parts = urlsplit(address)
        if parts.netloc == urlsplit(page.url).netloc:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("name", [WORST, "into an attribute"])
def test_a_hostile_name_is_text_on_every_page_that_can_be_reached(page: Page, watch: Watch, name: str) -> None:
    path = begin(page, PAYLOADS[name])
    waiting, seen = [path], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        page.goto(address)
        if address.startswith(path):
            assert PAYLOADS[name] in page.locator("body").inner_text()
        assert watch.found(page) == []
        waiting += links(page)
    pages = {address.removeprefix(path) for address in seen}
    assert pages >= {"", "/aims", "/review", "/result", "/link", "/facts", "/questions/strategy", "/", "/privacy"}


def type_into(page: Page, label: str, text: str) -> None:
    """Types more than the field would let one type."""
    field = page.get_by_label(label)
    field.evaluate("field => field.removeAttribute('maxlength')")
    field.fill(text)


def test_what_is_typed_comes_back_as_text_when_it_is_refused(page: Page, watch: Watch) -> None:
    path = begin(page, "Acme")
    for payload in (PAYLOADS[WORST], PAYLOADS["into an attribute"]):
        page.goto("/start")
        type_into(page, "Your organisation’s name", payload * 5)
        page.get_by_role("button", name="Start", exact=True).click()
        expect(page.get_by_text("This is too long: at most 120 characters").first).to_be_visible()
        expect(page.get_by_label("Your organisation’s name")).to_have_value(payload * 5)
        assert watch.found(page) == []
        page.goto(f"{path}/facts")
        type_into(page, "Your organisation’s name", payload * 5)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("This is too long: at most 120 characters").first).to_be_visible()
        expect(page.get_by_label("Your organisation’s name")).to_have_value(payload * 5)
        assert watch.found(page) == []
        page.goto(f"{path}/link")
        type_into(page, "To confirm, type the word: erase", payload)
        page.get_by_role("button", name="Erase everything").click()
        expect(page.get_by_text("Nothing was erased").first).to_be_visible()
        assert watch.found(page) == []


def test_a_hostile_name_can_be_typed_corrected_and_erased(page: Page, watch: Watch) -> None:
    person = Person(page)
    person.start(PAYLOADS["image"], form="pulse")
    person.answer_everything(always("3"))
    person.finish()
    page.get_by_role("link", name="More", exact=True).click()
    page.get_by_role("link", name="Your link", exact=True).click()
    page.locator("main a[href$='/facts']").click()
    page.get_by_label("Your organisation’s name").fill(PAYLOADS["out of an attribute"])
    page.get_by_role("button", name="Save").click()
    page.get_by_label("To confirm, type the word").fill("erase")
    page.get_by_role("button", name="Erase everything").click()
    expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()
    assert watch.found(page) == []


def test_nothing_in_an_address_runs(page: Page, watch: Watch) -> None:
    path = begin(page, "Acme")
    payloads = [PAYLOADS[name] for name in (WORST, "into an attribute")]
    names = ("x", "form", "each", "next", "language")
    for payload in payloads:
        text = quote(payload, safe="")
        query = "&".join(f"{name}={text}" for name in (*names, text))
        pages = ["/", "/start", "/privacy", path, f"{path}/aims", f"{path}/result", f"{path}/questions/strategy"]
        addresses = [f"{address}?{query}" for address in pages]
        addresses += [f"/{text}", f"/r/{text}", f"/assessments/{text}", f"{path}/questions/{text}", f"/static/{text}"]
        addresses += [f"{path}/result#{text}", f"{path}/questions/strategy#{text}"]
        for address in addresses:
            page.goto(address)
            assert (address, watch.found(page)) == (address, [])


def test_nothing_in_a_cookie_or_in_the_browsers_storage_runs(
    context: BrowserContext, page: Page, watch: Watch, live_server: str
) -> None:
    path = begin(page, "Acme")
    assessment = path.rpartition("/")[2]
    context.add_cookies([{"name": "cxm-language", "value": quote(PAYLOADS[WORST], safe=""), "url": live_server}])
    page.goto("/privacy")
    sent = {"answer": PAYLOADS[WORST], "seen": PAYLOADS[WORST], "writer": PAYLOADS[WORST], "sequence": "1"}
    entry = {"value": PAYLOADS[WORST], "values": sent}
    page.evaluate(
        "([key, question, entry]) => localStorage.setItem(key, JSON.stringify({[question]: entry}))",
        [f"cxm-outbox-{assessment}", f"answers/{PAYLOADS[WORST]}", entry],
    )
    with page.expect_response("**/answers/**") as answered:
        page.goto(f"{path}/questions/strategy")
    assert answered.value.status == 404
    assert watch.found(page) == []


def test_nothing_typed_runs_in_what_is_printed(context: BrowserContext, watch: Watch) -> None:
    document = read_json((Path(__file__).parents[1] / "documents" / "full.json").read_text(encoding="utf-8"))
    assert isinstance(document, dict)
    actions = [{"way": "emotional", **dict.fromkeys(TYPED, one)} for one in PAYLOADS.values()]
    page = context.new_page()
    for name in (WORST, "into an attribute", "into another attribute"):
        hostile = document | {"organisation": PAYLOADS[name], "actions": actions}
        given, questionnaire = accept_document(hostile, content.catalogue(None).edition)
        # Without a content security policy: escaping alone must do here.
        serve(page, reporting.printed(reporting.report_for(questionnaire, given, "en")), {})
        found = [one for one in watch.found(page) if "report:" not in one]  # its style sheet, which no browser knows
        assert found == []
        assert PAYLOADS[name] in page.title()
        text = page.locator("body").inner_text()
        assert [one for one in PAYLOADS.values() if text.count(one) < len(TYPED)] == []
