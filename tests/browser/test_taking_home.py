"""Taking a cohort home in a real browser: paper typed in by keys alone, files imported, all reports as one ZIP."""

import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser.accessibility import violations
from tests.server import Server, running_server

PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
PASSWORD = "four words that do not belong"
ORGANISATION = "Čebelarji & sinovi"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own, for the first facilitator is its own."""
    with running_server(tmp_path_factory.mktemp("taking-home")) as server:
        yield server


@pytest.fixture(scope="module")
def signed_in(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A facilitator's browser."""
    context = browser.new_context(base_url=server.url, locale="en-GB", viewport=DESK)
    context.set_default_timeout(20_000)
    page = context.new_page()
    found = re.search(r"http://\S+(/setup/\S+)", server.output.read_text())
    assert found
    page.goto(found[1])
    page.get_by_label("E-mail address").fill("ana.novak@example.org")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/cohorts"))
    yield context
    context.close()


@pytest.fixture
def cohort(signed_in: BrowserContext, server: Server) -> str:
    """The address of a new open cohort."""
    fields: dict[str, str | float | bool] = {
        "name": "Spring intake",
        "date": "2027-03-01",
        "questionnaire": "cx-grid",
        "form": "pulse",
        "language": "en",
        "privacy": "open",
    }
    made = signed_in.request.post("/cohorts/new", form=fields)
    assert made.ok
    return made.url.removeprefix(server.url)


@pytest.fixture
def page(signed_in: BrowserContext) -> Iterator[Page]:
    """A page on which no script fails."""
    page = signed_in.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(error.message))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert [fault for fault in faults if "422" not in fault] == []


def type_sheet(page: Page, cohort: str, organisation: str = ORGANISATION) -> None:
    """One sheet by the keyboard alone: a key an answer."""
    page.goto(f"{cohort}/paper")
    expect(page.get_by_label("Organisation")).to_be_focused()
    page.keyboard.type(organisation)
    page.keyboard.press("Tab")
    page.keyboard.type("gro")
    page.keyboard.press("Tab")
    page.keyboard.type("lead")
    page.keyboard.press("Tab")
    for key in ("1", "2", "3", "4", "5", "?", "-", "0", "9", "3", "3", "3", "3"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")  # in the last but none: does not send the sheet


def answers(signed_in: BrowserContext, cohort: str) -> list[dict[str, object]]:
    """What the server holds."""
    told: list[dict[str, object]] = signed_in.request.get(f"{cohort}/data.json").json()
    return told


def test_a_sheet_is_typed_by_keys_alone(signed_in: BrowserContext, page: Page, cohort: str) -> None:
    type_sheet(page, cohort)
    expect(page).to_have_url(re.compile("/paper$"))
    page.keyboard.press("4")
    page.get_by_role("button", name="Keep this sheet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ORGANISATION)
    expect(page.get_by_role("textbox", name="Private link")).to_have_value(re.compile(r"/r/[\w-]{20,}$"))
    assert violations(page) == []

    (told,) = answers(signed_in, cohort)
    respondents = told["respondents"]
    assert isinstance(respondents, list)
    shown = page.context.new_page()
    shown.goto(f"{cohort}/paper")
    order = [
        str(name).removeprefix("answer:")
        for name in shown.locator("[data-row]").evaluate_all("rows => rows.map(row => row.querySelector('input').name)")
    ]
    shown.close()
    given = respondents[0]["answers"]
    assert [given[id_] for id_ in order] == [
        *(1, 2, 3, 4, 5, "dont_know", "not_applicable", "dont_know", "not_applicable", 3, 3, 3, 3, 4)
    ]
    page.get_by_role("link", name="Next sheet").click()
    expect(page.get_by_label("Organisation")).to_have_value("")


def test_delete_clears_an_answer_and_a_slip_keeps_the_rest(page: Page, cohort: str) -> None:
    type_sheet(page, cohort, "")
    first = page.locator("[data-row]").first
    first.locator("input").first.focus()
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Keep this sheet").click()

    expect(page.get_by_text("Please write a name.").first).to_be_visible()
    expect(first.locator("input:checked")).to_have_count(0)
    expect(page.locator("[data-row] input:checked")).to_have_count(12)
    assert violations(page) == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("name", ["paper", "import", "reports"])
def test_the_pages_fit_and_are_for_everybody(page: Page, cohort: str, name: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(f"{cohort}/{name}")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_files_are_imported_and_faults_are_listed(
    signed_in: BrowserContext, page: Page, cohort: str, tmp_path: Path
) -> None:
    sound, faulty = tmp_path / "sound.json", tmp_path / "faulty.json"
    sample = Path(__file__).parent.parent / "documents" / "pulse.json"
    told = json.loads(sample.read_text(encoding="utf-8"))
    sound.write_text(json.dumps([told, {**told, "organisation": "Second"}]), encoding="utf-8")
    faulty.write_text(json.dumps({**told, "colour": "red"}), encoding="utf-8")
    page.goto(f"{cohort}/import")
    page.get_by_label("Files").set_input_files([sound, faulty])
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("faulty.json, colour: unknown key")
    assert violations(page) == []
    assert answers(signed_in, cohort) == []

    page.get_by_label("Files").set_input_files([sound])
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 organisations were taken in")
    assert violations(page) == []
    assert [one["organisation"] for one in answers(signed_in, cohort)] == [told["organisation"], "Second"]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_the_zip_is_made_while_one_watches(
    browser: Browser, signed_in: BrowserContext, cohort: str, tmp_path: Path, script: bool
) -> None:
    sample = Path(__file__).parent.parent / "documents" / "pulse.json"
    told = json.loads(sample.read_text(encoding="utf-8"))
    entries = json.dumps([{**told, "organisation": f"O{number}"} for number in range(4)]).encode()
    file = {"name": "four.json", "mimeType": "application/json", "buffer": entries}
    assert signed_in.request.post(f"{cohort}/import", multipart={"documents": file}).ok  # type: ignore[dict-item]  # a file
    context = browser.new_context(
        java_script_enabled=script, storage_state=signed_in.storage_state(), locale="en-GB", accept_downloads=True
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{signed_in.pages[0].url.partition('/cohorts')[0]}{cohort}/reports")
    page.get_by_role("button", name="Make the ZIP of 4 reports").click()
    download = page.get_by_role("link", name="Download the ZIP")
    if script:
        expect(page.get_by_role("progressbar")).to_have_attribute("max", "4")
        context.set_offline(True)
        expect(page.locator(".not-up-to-date")).to_contain_text("Not up to date since")
        context.set_offline(False)
        expect(download).to_be_visible(timeout=60_000)
    else:
        for _ in range(60):
            if download.is_visible():
                break
            page.wait_for_timeout(1000)
            page.get_by_role("link", name="Look again").click()
    with page.expect_download() as fetched:
        download.click()
    fetched.value.save_as(tmp_path / "reports.zip")
    with zipfile.ZipFile(tmp_path / "reports.zip") as bundle:
        assert bundle.namelist() == [f"{number + 1:02}-o{number}.pdf" for number in range(4)]
        assert all(bundle.read(name).startswith(b"%PDF") for name in bundle.namelist())
    context.close()
