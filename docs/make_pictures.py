"""Takes the README's pictures from the running product: `make pictures`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

CHECKOUT = Path(__file__).parents[1]
sys.path.insert(0, str(CHECKOUT))

from tests.browser.taking import PHONE, Person  # noqa: E402  # found once the checkout is on the path
from tests.server import running_server  # noqa: E402

PICTURES = Path(__file__).parent / "pictures"
LAPTOP = {"width": 1200, "height": 860}
LEVELS = "433232454343433122?32223141233424334233243"  # a question mark is "we don't know"


def main() -> None:
    """The start page, a question on a phone, the result, and the report's first page."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        laptop = chromium.new_page(base_url=server.url, viewport=LAPTOP, locale="en-GB")
        laptop.goto("/")
        _take(laptop, "start")
        phone = chromium.new_page(base_url=server.url, viewport=PHONE, device_scale_factor=1.5, locale="en-GB")
        person = Person(phone)
        person.start("Kavarna Pri mostu")
        given = iter("dont_know" if level == "?" else level for level in LEVELS)
        person.answer_part(lambda _: next(given))
        phone.get_by_text("✓ Saved").nth(6).wait_for()
        phone.locator("[data-question]").nth(1).scroll_into_view_if_needed()
        phone.evaluate("document.querySelectorAll('[data-question]')[1].scrollIntoView()")
        _take(phone, "question")
        person.go_on()
        person.answer_everything(lambda _: next(given))
        person.finish()
        phone.set_viewport_size({"width": 1200, "height": 1000})
        _take(phone, "result")
        phone.locator("#map").scroll_into_view_if_needed()
        phone.evaluate("document.querySelector('#map').scrollIntoView()")
        _take(phone, "map")
        report = Path(folder) / "report.pdf"
        report.write_bytes(person.report())
        first_page = ["pdftoppm", "-r", "80", "-png", "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run([*first_page, report, PICTURES / "report"], check=True)  # noqa: S603  # our own file
        chromium.close()


def _take(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"{name}.png", scale="css" if name != "question" else "device")


if __name__ == "__main__":
    main()
