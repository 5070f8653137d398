"""The browser tests' own machinery: a page that is wrong is found wrong."""

from playwright.sync_api import Page

from tests.browser.accessibility import violations


def test_the_first_page_opens_and_axe_finds_nothing(page: Page) -> None:
    answer = page.goto("/")

    assert answer is not None
    assert answer.status == 200
    assert violations(page) == []


def test_axe_finds_a_picture_without_words(page: Page) -> None:
    page.goto("/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")

    assert [line.split(":")[0] for line in violations(page)] == ["image-alt"]
