"""The gap report on paper: conformance, completeness, and how it looks to a reader who cannot see it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from app import wording
from app.core.report.model import Report
from tests.printing.checking import faults
from tests.printing.conftest import DOCUMENTS
from tests.printing.reading import bookmarks, missing, pages

EVERY_DOCUMENT = sorted(file.stem for file in DOCUMENTS.glob("*.json"))
HEADINGS = (
    "Where you stand",
    "What holds it down",
    "Profiles",
    "The map",
    "Gaps",
    "Priorities and next steps",
    "Worth a look",
    "Blind spots",
    "All answers",
    "How the scores were worked out",
    "Method and sources",
)


@pytest.mark.parametrize("name", EVERY_DOCUMENT)
def test_every_sample_conforms_and_names_its_organisation(
    name: str, pdf_of: Callable[[str], bytes], report_of: Callable[[str], Report], tmp_path: Path
) -> None:
    pdf = pdf_of(name)

    assert faults(pdf, tmp_path) == []
    with pikepdf.open(BytesIO(pdf)) as document:
        assert document.docinfo["/Title"] == f"Gap report: {report_of(name).organisation}"
        assert document.docinfo["/Author"] == report_of(name).organisation
        assert document.Root.Lang == "en"
    assert missing([report_of(name).organisation], pages(pdf)[0]) == []


@pytest.mark.parametrize("name", ["full", "accents", "all_ones", "long_name", "hostile"])
def test_a_full_form_takes_at_most_ten_pages(name: str, pdf_of: Callable[[str], bytes]) -> None:
    assert len(pages(pdf_of(name))) <= 10


def test_page_one_is_enough_on_its_own(pdf_of: Callable[[str], bytes], report_of: Callable[[str], Report]) -> None:
    first, report = pages(pdf_of("full"))[0], report_of("full")

    assert report.overall.stage is not None
    expected = ["Three Rivers Coffee Roasters", "21 November 2026", "Full assessment", "2.9 of 5", "Stage 2, Emerging"]
    expected += [
        report.overall.stage.meaning,
        "Where you stand",
        "What holds it down",
        "38 of 42 questions have a level.",
    ]
    expected += [priority.dimension.name for priority in report.priorities]
    expected += [priority.steps[0].text for priority in report.priorities]
    assert missing(expected, first) == []


@pytest.mark.parametrize("name", EVERY_DOCUMENT)
def test_what_page_one_says_stays_on_page_one(name: str, pdf_of: Callable[[str], bytes]) -> None:
    second = pages(pdf_of(name))[1]

    begins = "Since you began" if name == "team_rich" else "Profiles Here stands every score"
    assert begins in second[:400]


@pytest.mark.parametrize("name", ["full", "team", "accents"])
def test_everything_that_the_report_knows_is_on_paper(
    name: str, pdf_of: Callable[[str], bytes], report_of: Callable[[str], Report]
) -> None:
    text, report = " ".join(pages(pdf_of(name))), report_of(name)

    expected = [heading for heading in HEADINGS if heading != "Worth a look" or report.flags]
    expected += [question.text for question in report.questions]
    expected += [question.anchor for question in report.questions if question.anchor]
    expected += [flag.sentence for flag in report.flags]
    expected += [step.text for priority in report.priorities for step in priority.steps]
    expected += [action.text for action in report.actions] + list(report.sources.values())
    expected += [dimension.name for dimension in report.dimensions]
    if report.to_discuss:
        expected.append("To discuss")
    assert missing(expected, text) == []


def test_every_figure_of_every_dimension_is_on_paper(
    pdf_of: Callable[[str], bytes], report_of: Callable[[str], Report]
) -> None:
    sheets, report = pages(pdf_of("full")), report_of("full")
    working = " ".join(sheets).partition("How the scores were worked out Here you can")[2]

    def figure(value: object) -> str:
        return wording.environment("en", []).from_string("{{ value|figure }}").render(value=value)

    for dimension in report.dimensions:
        assert dimension.score is not None
        assert dimension.stage is not None
        stage, low = dimension.stage, dimension.stage.lowest
        shown = f"{low}–{stage.number}" if low < stage.number else str(stage.number)
        row = f"{figure(dimension.score)} {shown} {dimension.target} {figure(dimension.gap)} {dimension.importance} "
        assert row + figure(dimension.priority) in sheets[1], dimension.id
        sum_ = f"{dimension.total} ÷ {dimension.answered} {figure(dimension.score)} {figure(dimension.index)}"
        assert f"{sum_} {dimension.lowest} {stage.number}" in working, dimension.id


def test_what_is_not_scored_says_why(pdf_of: Callable[[str], bytes]) -> None:
    unknown, partial, empty = (" ".join(pages(pdf_of(name))) for name in ("all_dont_know", "partial", "empty"))

    assert "Find out first" in unknown
    assert "7 questions are answered with “We don’t know”" in unknown
    assert "3 of 7 questions have a level, which is too few for a score." in partial
    assert "25 are still open, and missing from every figure here." in partial
    assert "No overall score yet" in empty


def test_agreed_levels_stand_beside_the_answers(pdf_of: Callable[[str], bytes]) -> None:
    text = " ".join(pages(pdf_of("team")))

    assert "With the levels that you agreed on as a team: 2.8, stage 2." in text
    assert "Agreed level: 4 We check offers, adverts and replies against our page, and correct them." in text
    assert "Given 3 5 5 5 range 2, AD 0.8" in text
    assert "Leadership 5" not in text


def test_accents_are_read_back_as_written(pdf_of: Callable[[str], bytes]) -> None:
    text = " ".join(pages(pdf_of("accents")))

    names = ["Žižkovská kavárna", "Łukasz Wiśniewski", "Jiří Dvořák a Zoë Őszi", "ř, ů, ž: 95 %"]
    assert missing(names, text) == []


def test_markup_in_names_is_printed_as_text(pdf_of: Callable[[str], bytes], report_of: Callable[[str], Report]) -> None:
    report, text = report_of("hostile"), " ".join(pages(pdf_of("hostile")))

    (action,) = report.actions
    assert "<script>" in report.organisation
    assert "<style>@import" in action.text
    assert missing([report.organisation, action.text, str(action.owner), str(action.measure)], text) == []


def test_only_our_fonts_are_used_and_all_are_embedded(pdf_of: Callable[[str], bytes]) -> None:
    names = set()
    with pikepdf.open(BytesIO(pdf_of("accents"))) as document:
        for entry in document.objects:
            if isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/FontDescriptor":
                assert any(key in entry for key in ("/FontFile", "/FontFile2", "/FontFile3"))
                names.add(str(entry["/FontName"]).partition("+")[2].replace("-", " ").rstrip(","))

    assert names
    assert all(name.startswith(("Source Sans 3", "Source Serif 4")) for name in names)


def test_bookmarks_running_heads_and_page_numbers(pdf_of: Callable[[str], bytes]) -> None:
    pdf = pdf_of("full")
    sheets = pages(pdf)

    assert [heading for heading in HEADINGS if heading not in bookmarks(pdf)] == []
    for number, text in enumerate(sheets[1:], start=2):
        assert missing(["Three Rivers Coffee Roasters", "21 November 2026", f"{number} / {len(sheets)}"], text) == []
