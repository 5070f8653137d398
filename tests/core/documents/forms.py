"""How the cases write a document: levels; `?` for "don't know", `-` for "does not apply", `.` for an open question."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

DISCIPLINES = ("strategy", "culture", "accountability", "metrics", "design", "understanding")
PILLARS = ("purpose", "alignment", "journey", "promises", "technology", "cocreation", "management")
DIMENSIONS = DISCIPLINES + PILLARS

FULL = tuple(f"{discipline}.{pillar}" for discipline in DISCIPLINES for pillar in PILLARS)
PULSE = (
    "strategy.purpose",
    "strategy.promises",
    "culture.purpose",
    "culture.alignment",
    "culture.cocreation",
    "accountability.alignment",
    "accountability.promises",
    "metrics.technology",
    "metrics.management",
    "design.journey",
    "design.technology",
    "design.cocreation",
    "understanding.journey",
    "understanding.management",
)


class Case(NamedTuple):
    """One answer document, and what the law says of it."""

    name: str
    document: dict[str, object]
    expected: dict[str, object]


def full_document(*tables: str, **more: object) -> dict[str, object]:
    """A full form, one table of six rows (disciplines) by seven columns (pillars) for each respondent."""
    return _document("full", FULL, tables, more)


def pulse_document(*rows: str, **more: object) -> dict[str, object]:
    """A pulse form, one row for each respondent; bars part the disciplines: 2 | 3 | 2 | 2 | 3 | 2 questions."""
    return _document("pulse", PULSE, rows, more)


def each(names: Iterable[str], values: Mapping[str, object]) -> dict[str, object]:
    """The same values to every dimension (or question) named."""
    return {name: dict(values) for name in names}


def step(question: str, dimension: str, start: int, end: int) -> dict[str, object]:
    """One recommendation."""
    return {"question": question, "dimension": dimension, "from": start, "to": end}


def _document(
    form: str, questions: tuple[str, ...], tables: tuple[str, ...], more: Mapping[str, object]
) -> dict[str, object]:
    respondents = [{"role": "leadership", "answers": _answers(questions, table)} for table in tables]
    return {
        "questionnaire": "cx-grid",
        "edition": "2026-1",
        "form": form,
        "organisation": "Example d.o.o.",
        "language": "en",
        "business_stage": "growing",
        "respondents": respondents,
    } | dict(more)


def _answers(questions: tuple[str, ...], table: str) -> dict[str, int | str]:
    words = {"?": "dont_know", "-": "not_applicable"}
    marks = table.replace("|", " ").split()
    return {
        question: words[mark] if mark in words else int(mark)
        for question, mark in zip(questions, marks, strict=True)
        if mark != "."
    }
