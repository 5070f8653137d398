"""Sample answer documents, printed once each in a test process."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from app import content, reporting
from app.core.answers.document import read_document
from app.core.report.model import Report
from app.printing import Printer

DOCUMENTS = Path(__file__).parent.parent / "documents"


@pytest.fixture(scope="session")
def report_of() -> Callable[[str], Report]:
    """The report of a sample document, by name."""
    catalogue = content.catalogue()

    @cache
    def read(name: str) -> Report:
        text = (DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")
        document, questionnaire = read_document(text, catalogue.edition)
        return reporting.report_for(questionnaire, document, "en")

    return read


@pytest.fixture(scope="session")
def pdf_of(report_of: Callable[[str], Report]) -> Callable[[str], bytes]:
    """The printed report of a sample document, by name."""
    printer = Printer()

    @cache
    def printed(name: str) -> bytes:
        return printer.pdf(reporting.printed(report_of(name)))

    return printed


@pytest.fixture(scope="session")
def printer() -> Printer:
    """A printer that has its renderer loaded."""
    printer = Printer()
    printer.pdf('<html lang="en"><title>Loaded</title>')
    return printer
