"""How a person takes the survey, with or without a script; every click and every typed field is counted."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, ViewportSize, expect

Choose = Callable[[str], str]
"""Question id to the value of the answer to choose."""

PHONE: ViewportSize = {"width": 390, "height": 844}


def always(value: str) -> Choose:
    """The same answer everywhere."""
    return lambda _: value


@dataclass
class Person:
    """Somebody at a browser."""

    page: Page
    interactions: int = 0
    seen: list[str] = field(default_factory=list)

    def press(self, name: str) -> None:
        """Presses a button and waits for the page it leads to."""
        self.interactions += 1
        self.page.get_by_role("button", name=name, exact=True).click()

    def start(self, organisation: str, form: str = "full") -> None:
        """From the landing page to the first question."""
        page = self.page
        page.goto("/")
        self.interactions += 1
        page.get_by_role(
            "link", name="Start the full assessment" if form == "full" else "or take the short pulse"
        ).click()
        self._look()
        self.interactions += 2
        page.get_by_label("Your organisation’s name").fill(organisation)
        page.get_by_text("First paying customers", exact=True).click()
        self.press("Start")
        expect(page.locator("[data-question]").first).to_be_visible()

    def answer_part(self, choose: Choose) -> None:
        """Answers every question on the page."""
        self._look()
        for question in self.page.locator("[data-question]").all():
            id_ = question.get_attribute("data-question")
            assert id_ is not None
            self.interactions += 1
            question.locator("label.row", has=self.page.locator(f'input[value="{choose(id_)}"]')).click()

    def go_on(self) -> None:
        """Presses the button that leads to the next page of questions, or out of them."""
        self.interactions += 1
        before = self.page.url
        self.page.locator("button[value=next]").click()
        self.page.wait_for_url(lambda url: url != before)

    def answer_everything(self, choose: Choose) -> None:
        """Answers every page, up to what matters most."""
        while "/questions/" in self.page.url:
            self.answer_part(choose)
            self.go_on()

    def finish(self) -> None:
        """From what matters most to the result."""
        self._look()
        self.press("Go on")
        self._look()
        self.press("Finish and see the result")
        expect(self.page.get_by_role("heading", name="Where you stand")).to_be_visible()

    def private_link(self) -> str:
        """The private link as the page shows it."""
        self.page.get_by_role("link", name="More", exact=True).click()
        self.page.get_by_role("link", name="Your link", exact=True).click()
        return self.page.get_by_label("Your private link", exact=True).input_value()

    def answers(self) -> dict[str, object]:
        """What the server holds, by the page's own export."""
        address = self.page.url.split("/assessments/")[1].split("/")[0]
        response = self.page.request.get(f"/assessments/{address}/answers.json")
        assert response.status == 200
        held: dict[str, object] = response.json()["respondents"][0]["answers"]
        return held

    def report(self) -> bytes:
        """The PDF behind the page's download link."""
        with self.page.expect_download(timeout=60_000) as download:
            self.page.get_by_role("link", name="Download the report (PDF)").click()
        return download.value.path().read_bytes()

    def _look(self) -> None:
        """Notes what stands on the page to be read, without what is folded away."""
        self.seen.append(self.page.locator("main").inner_text())
