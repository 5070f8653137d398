"""Every paper that is given away can be read aloud: PDF/UA-1, by two checkers that know nothing of each other."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
import weasyprint

from app import content, reporting, settings
from app.core.answers.document import AnswerDocument, read_document
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.report.model import Report
from app.printing.press import pdf
from app.reporting import printables, printed_cohort
from app.reporting.journeys import PaperSize, printed_journey
from app.reporting.plans import printed_cards
from app.reporting.printables import Door
from app.store.cohorts import Cohort
from tests.printing.checking import faults
from tests.printing.conftest import DOCUMENTS
from tests.printing.test_cohort_report import REPORTS
from tests.printing.test_journey import SHORT, journey

NOW = datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC)
DOOR = Door("https://cx.example.org/join/BCDFGHJK", "cx.example.org/join", (33, "M0 0h7v7h-7z"))


def newest() -> Questionnaire:
    return content.catalogue().newest()[0]


def read(name: str) -> tuple[AnswerDocument, Report]:
    text = (DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")
    document, questionnaire = read_document(text, content.catalogue().edition)
    return document, reporting.report_for(questionnaire, document, "en")


def cards() -> str:
    document, report = read("team_rich")
    return printed_cards(report, document.actions)


def walked(count: int, size: PaperSize) -> str:
    return printed_journey(journey(SHORT, count, notes="Jasna odpowiedź"), "Čebelnjak", "en", NOW.date(), size)


def cohort(form: FormName = "pulse") -> Cohort:
    return Cohort(
        name="Čebelarji <b>, pomlad 2027",
        date=NOW.date(),
        questionnaire=newest().id,
        edition=newest().edition,
        form=form,
        language="en",
        privacy="confidential",
        id="a",
        owner_id="b",
        join_code="BCDFGHJK",
        code_expires_at=NOW,
        is_demo=False,
        created_at=NOW,
        closed_at=None,
        archived_at=None,
    )


PAPERS: dict[str, tuple[str, Callable[[], str]]] = {
    "report of one": ("organisation/report.html", lambda: reporting.printed(read("full")[1])),
    "report of a team": ("organisation/report.html", lambda: reporting.printed(read("team_rich")[1])),
    "report that was shared": (
        "organisation/report.html",
        lambda: reporting.printed(read("team_rich")[1], is_shared=True),
    ),
    "action cards of a plan": ("printables/plan_cards.html", cards),
    "journey of thirty on A4": ("journey/map.html", lambda: walked(30, "a4")),
    "journey of eight on A3": ("journey/map.html", lambda: walked(8, "a3")),
    "journey without a touchpoint": ("journey/map.html", lambda: walked(0, "a4")),
    "open cohort": ("cohort/open.html", lambda: printed_cohort(REPORTS["twelve pulses"]())),
    "confidential cohort": ("cohort/release.html", lambda: printed_cohort(REPORTS["released"]())),
    "paper form, full": ("printables/form.html", lambda: printables.paper_form(cohort("full"), newest())),
    "paper form, pulse": ("printables/form.html", lambda: printables.paper_form(cohort(), newest())),
    "join sheet": ("printables/join.html", lambda: printables.join_sheet(cohort(), newest(), DOOR)),
    "glossary": ("printables/glossary.html", lambda: printables.glossary(cohort(), newest())),
    "empty action cards": ("printables/cards.html", lambda: printables.action_cards(cohort(), newest())),
    "journey sheet": ("printables/journey.html", lambda: printables.journey_sheet(cohort(), newest())),
}
"""What is printed, by the template that makes it."""


def test_every_template_of_a_paper_is_checked() -> None:
    folder = settings.resource("reports")
    papers = [file for file in folder.rglob("*.html") if not file.name.startswith("_")]

    whole = {file.relative_to(folder).as_posix() for file in papers}
    assert whole == {template for template, _ in PAPERS.values()}


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_conforms(name: str, tmp_path: Path) -> None:
    _, html = PAPERS[name]

    assert faults(pdf(html()), tmp_path) == []


@pytest.mark.parametrize(
    ("html", "variant", "rule"),
    [
        ('<html lang="en"><title>t</title><p>x', None, "PDFUA1-TAGGED-DOCUMENT-001"),
        ("<html><title>t</title><p>x", "pdf/ua-1", "LANG"),
        ('<html lang="en"><p>x', "pdf/ua-1", "TITLE"),
        ('<html lang="en"><title>t</title><p>\uf8ff', "pdf/ua-1", "NOTDEF"),
        ('<html lang="en"><title>t</title><svg width="9" height="9"><path d="M0 0h9"/></svg>', "pdf/ua-1", "ALT"),
        ('<html lang="en"><title>t</title><table><tr><th>a<th>b<tr><th>c<td>d</table>', "pdf/ua-1", "TBL-002"),
        (
            '<html lang="en"><title>t</title><ul><li style="display: inline">a</li> <li style="display: inline">b</ul>',
            "pdf/ua-1",
            "L-KIDS",
        ),
    ],
    ids=[
        "untagged",
        "no language",
        "no title",
        "a box for a letter",
        "a figure without words",
        "a header cell without direction",
        "a list of no items",
    ],
)
def test_the_checkers_catch_a_planted_fault(html: str, variant: str | None, rule: str, tmp_path: Path) -> None:
    printed = weasyprint.HTML(string=html).write_pdf(pdf_variant=variant)

    assert any(rule in fault for fault in faults(printed, tmp_path))
