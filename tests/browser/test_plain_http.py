"""A workshop's own network: plain http under a name that is not this machine's, where browsers tell less of a form."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.taking import Person, always
from tests.server import running_server

WORKSHOP = "http://workshop.test"


@dataclass(frozen=True)
class Guest:
    """Somebody at the workshop, and the headers of every form they sent."""

    page: Page
    sent: list[dict[str, str]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose public address is http."""
    with running_server(tmp_path_factory.mktemp("workshop"), CXM_PUBLIC_URL=WORKSHOP) as server:
        yield server.url


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def guest(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Guest]:
    """A browser that finds the workshop's name here: the server itself is its proxy."""
    context = browser.new_context(base_url=WORKSHOP, proxy={"server": server}, java_script_enabled=request.param)
    context.set_default_timeout(20_000)
    sent: list[dict[str, str]] = []

    def note(asked: Request) -> None:
        if asked.method == "POST":
            sent.append(asked.all_headers())

    context.on("requestfinished", note)
    yield Guest(context.new_page(), sent)
    context.close()


def test_the_pulse_is_taken_over_plain_http(guest: Guest) -> None:
    person = Person(guest.page)
    person.start("Workshop Ltd", form="pulse")
    person.answer_everything(always("4"))
    person.finish()
    assert guest.page.url.startswith(f"{WORKSHOP}/assessments/")
    guest.page.goto(guest.page.url.replace("/result", "/review"))
    expect(guest.page.get_by_text("14 of 14, all answered")).to_be_visible()
    assert person.private_link().startswith(f"{WORKSHOP}/r/")
    # Nothing but the origin says here whose form it is.
    assert {headers["origin"] for headers in guest.sent} == {WORKSHOP}
    assert [headers for headers in guest.sent if "sec-fetch-site" in headers] == []


def test_a_form_on_another_site_of_the_same_network_is_refused(guest: Guest) -> None:
    page = guest.page
    page.goto("/")
    form = f"<form method=post action={WORKSHOP}/assessments><button>Win</button></form>"
    page.route("http://other.test/", lambda route: route.fulfill(content_type="text/html", body=form))
    page.goto("http://other.test/")
    page.get_by_role("button", name="Win").click()
    expect(page.get_by_text("This came from another site and was refused.")).to_be_visible()


def test_no_referer_carries_the_link_or_tells_another_site_where_one_was(guest: Guest) -> None:
    page = guest.page
    person = Person(page)
    person.start("Workshop Ltd", form="pulse")
    link = person.private_link()
    told: dict[str, str | None] = {}
    page.on("requestfinished", lambda asked: told.update({asked.url: asked.all_headers().get("referer")}))
    page.route("http://other.test/", lambda route: route.fulfill(content_type="text/html", body="<h1>Other</h1>"))
    away = "() => { document.querySelector('.wordmark').href = 'http://other.test/'; }"
    for address in (f"{link}x", link):
        page.goto(address)
        page.evaluate(away)
        page.locator(".wordmark").click()
        expect(page.get_by_role("heading", name="Other")).to_be_visible()
        assert told.pop("http://other.test/") is None
    referers = {referer for referer in told.values() if referer}
    assert referers != set()
    assert [referer for referer in referers if "/r/" in referer] == []
