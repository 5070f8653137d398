"""The report of a cohort on paper: conformance, what page 1 says, and what a confidential one does not say."""

import datetime
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from app import wording
from app.core.cohort.release import Average, Release, Standing
from app.core.report.cohort import (
    CohortFacts,
    ConfidentialReport,
    OpenReport,
    Sitting,
    compose_confidential,
    compose_open,
)
from app.printing import Printer
from app.reporting import printed_cohort
from tests.core.cohort.cohort_examples import questionnaire, sitting
from tests.core.documents.forms import DIMENSIONS
from tests.printing.checking import faults
from tests.printing.reading import bookmarks, missing, pages

LEVELS = (1, 2, 2, 3, 3, 4, 5, "dont_know", "not_applicable")
NAME = "Accelerator of the Pomurje region, autumn 2026"
LONG = "Žižkovská kavárna a pražírna výběrové kávy, společnost s ručením omezeným, provozovna Praha, jaro roku 2027"


def facts(name: str, *, is_confidential: bool = False) -> CohortFacts:
    return CohortFacts(
        id="a",
        name=name,
        date=datetime.date(2026, 11, 21),
        is_confidential=is_confidential,
        is_closed=True,
        is_demo=False,
        joined=14,
        answered=13,
        finished=12,
    )


def open_report(count: int, form: str, levels: tuple[int | str, ...] = LEVELS, name: str = NAME) -> OpenReport:
    chance = random.Random(count)  # noqa: S311 - made-up answers
    cards = [sitting(chance, levels, form) for _ in range(count)]
    named = [Sitting(f"id-{place}", f"Secret name {place}", card) for place, card in enumerate(cards)]
    return compose_open(questionnaire(), "full" if form == "full" else "pulse", facts(name), named, "en")


def confidential_report(standing: Standing) -> ConfidentialReport:
    return compose_confidential(questionnaire(), "pulse", facts(NAME, is_confidential=True), standing, "en")


AVERAGES = [Average(value=Decimal(f"{2 + place / 10:.1f}")) for place in range(len(DIMENSIONS) - 2)]
AVERAGES += [Average(value=Decimal("1.9"), bound="under"), Average(value=Decimal("4.1"), bound="over")]
RELEASE = Release(n=7, overall=Average(value=Decimal("2.7")), dimensions=dict(zip(DIMENSIONS, AVERAGES, strict=True)))
PARTLY = Release(n=7, dimensions=dict(zip(DIMENSIONS[:6], AVERAGES, strict=False)), held_back="overlapping")

REPORTS: dict[str, Callable[[], OpenReport | ConfidentialReport]] = {
    "sixty full": lambda: open_report(60, "full"),
    "twelve pulses": lambda: open_report(12, "pulse"),
    "one": lambda: open_report(1, "full"),
    "none": lambda: open_report(0, "pulse"),
    "all the same": lambda: open_report(60, "pulse", (3,), LONG),
    "nobody knows": lambda: open_report(6, "full", ("dont_know",)),
    "released": lambda: confidential_report(Standing("released", RELEASE)),
    "partly": lambda: confidential_report(Standing("released", PARTLY)),
    "only how many": lambda: confidential_report(Standing("released", Release(n=7, held_back="everything"))),
    "too few": lambda: confidential_report(Standing("too_few")),
}


@pytest.fixture(scope="module")
def pdf_of() -> Callable[[str], bytes]:
    """The printed report, by name."""
    printer = Printer()

    @cache
    def printed(name: str) -> bytes:
        return printer.pdf(printed_cohort(REPORTS[name]()))

    return printed


def figure(value: Fraction | None) -> str:
    return "–" if value is None else str(wording.environment("en", []).filters["figure"](value))


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_conforms(name: str, pdf_of: Callable[[str], bytes], tmp_path: Path) -> None:
    found = faults(pdf_of(name), tmp_path)

    assert [fault for fault in found if not is_running_head(fault)] == []


def is_running_head(fault: str) -> bool:
    """A long name above every page but the first: of up to five pages, the check takes that for prose."""
    return fault.startswith("TAG-002") and LONG[:60] in fault


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_has_at_most_eight_pages_and_names_nobody(name: str, pdf_of: Callable[[str], bytes]) -> None:
    sheets = pages(pdf_of(name))

    assert len(sheets) <= 8
    assert "Secret name" not in " ".join(sheets)


@pytest.mark.parametrize("name", ["sixty full", "twelve pulses", "one", "all the same", "nobody knows"])
def test_page_one_is_enough_on_its_own(name: str, pdf_of: Callable[[str], bytes]) -> None:
    first, second, *_ = pages(pdf_of(name))
    told = REPORTS[name]()
    assert isinstance(told, OpenReport)
    assert told.grid is not None

    expected = [told.cohort.name, "21 November 2026", "Where the cohort stands", figure(told.overall.median)]
    expected += [figure(question.mean) for row in told.grid.rows for question in row.cells if question]
    # Columns stand side by side, so a name and its figure need not follow each other in what is read back.
    all_equal = name in {"all the same", "nobody knows"}
    for one in told.gaps.named + (() if all_equal else told.strengths.named + told.weaknesses.named):
        expected += [one.name, figure(one.strip.mean)]
    for count in told.priorities[:3]:
        expected += [count.dimension.name, f"{count.organisations} of {told.n}"]
    for unknown in told.unknown[:3]:
        expected += [unknown.question.text, f"{unknown.organisations} of {told.n}"]
    assert missing(expected, first) == []
    assert ("all means are equal" in first) == (name == "all the same")
    assert ("Nothing is scored here yet." in first) == (name == "nobody knows")
    assert "Disciplines · Pillars Here you see" in second[:400]


def test_every_figure_is_on_paper(pdf_of: Callable[[str], bytes]) -> None:
    told = REPORTS["twelve pulses"]()
    assert isinstance(told, OpenReport)
    sheets = pages(pdf_of("twelve pulses"))

    rows = [
        f"{one.name} {figure(one.strip.median)} {figure(one.strip.q1)}–{figure(one.strip.q3)} {figure(one.strip.mean)}"
        for one in told.dimensions
    ]
    assert missing([row.replace(told.dimensions[0].name, "") for row in rows], sheets[1]) == []
    everything = " ".join(sheets)
    assert missing([one.text for one in told.questions] + list(told.frame.sources.values()), everything) == []


def test_headings_are_bookmarks(pdf_of: Callable[[str], bytes]) -> None:
    expected = ["Disciplines · Pillars", "Priorities and blind spots", "Question by question", "Method and sources"]

    assert [one for one in expected if one not in bookmarks(pdf_of("sixty full"))] == []


def test_a_confidential_cohort_prints_its_release_on_one_page_and_nothing_else(
    pdf_of: Callable[[str], bytes],
) -> None:
    (sheet,) = pages(pdf_of("released"))
    names = [questionnaire().wording("en").dimensions[id_].name for id_ in DIMENSIONS]
    shown = [str(one.value) for one in AVERAGES[:-2]] + ["under 1.9", "over 4.1"]

    assert missing([f"{name} {value}" for name, value in zip(names, shown, strict=True)], sheet) == []
    assert missing(["2.7", "Mean over 7 organisations."], sheet) == []
    assert [
        word for word in ("Median", "median", "half", "Priorit", "Blind", "gap", "Question by") if word in sheet
    ] == []


def test_what_is_held_back_is_said_on_paper_too(pdf_of: Callable[[str], bytes]) -> None:
    words = questionnaire().wording("en")
    (sheet,) = pages(pdf_of("partly"))
    assert (
        missing(["Only these means are shown: Disciplines.", "The others are held back", "Means over 7"], sheet) == []
    )
    assert missing([f"{words.dimensions[DIMENSIONS[0]].name} 2.0"], sheet) == []
    assert [words.dimensions[id_].name for id_ in DIMENSIONS[6:] if words.dimensions[id_].name in sheet] == []
    (sheet,) = pages(pdf_of("only how many"))
    assert missing(["7 organisations are scored in every", "The means are held back"], sheet) == []
    assert [figure(Fraction(tenth, 10)) for tenth in range(10, 51) if figure(Fraction(tenth, 10)) in sheet] == []


def test_fewer_than_five_print_no_figure(pdf_of: Callable[[str], bytes]) -> None:
    (sheet,) = pages(pdf_of("too few"))

    assert "Fewer than 5 organisations" in sheet
    assert [figure(Fraction(tenth, 10)) for tenth in range(10, 51) if figure(Fraction(tenth, 10)) in sheet] == []
