"""`docs/sources.md` keeps its word: every path and question exists, every quotation stands there, no cell is empty."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.content import catalogue
from app.core.questionnaire.model import Questionnaire
from app.settings import resource

CHECKOUT = resource("templates").parent
TABLE = CHECKOUT / "docs" / "sources.md"
HEAD = ["No.", "The source says", "Where it lives", "Files"]
SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Row:
    """One entry of a source."""

    cells: list[str]

    @property
    def number(self) -> str:
        return self.cells[0]

    @property
    def files(self) -> list[str]:
        return re.findall(r"`([^`]+)`", self.cells[3])

    @property
    def ids(self) -> list[str]:
        """What is named as an id: questions have a dot."""
        return re.findall(r"`([a-z_.]+)`", self.cells[2])

    @property
    def quoted(self) -> list[str]:
        return re.findall(r"“([^“”]+)”", self.cells[2])


def rows(text: str) -> Iterator[Row]:
    """Every row of every table, without heads."""
    for line in text.splitlines():
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if cells != HEAD and not set(line) <= set("|-"):
                yield Row(cells)


def faults(text: str, questionnaire: Questionnaire) -> list[str]:
    """What is wrong with the table, a line each."""
    found: list[str] = []
    told = dict.fromkeys(questionnaire.sources, "")
    for row in rows(text):
        if len(row.cells) != len(HEAD) or not all(row.cells):
            found.append(f"{row.number}: a cell is empty or missing")
            continue
        if not row.files:
            found.append(f"{row.number}: names no file")
        missing = [file for file in row.files if not (CHECKOUT / file).is_file()]
        found += [f"{row.number}: no file {file}" for file in missing]
        known = {question.id for question in questionnaire.questions}
        found += [f"{row.number}: no question {id_}" for id_ in row.ids if "." in id_ and id_ not in known]
        said = " ".join(_said(CHECKOUT / file) for file in row.files if file not in missing)
        found += [f"{row.number}: nowhere “{words}”" for words in row.quoted if SPACE.sub(" ", words) not in said]
        told[row.number.partition(".")[0]] += row.cells[2]
    for question in questionnaire.questions:
        if f"`{question.id}`" not in told[question.source]:
            found.append(f"{question.source}: does not name its question {question.id}")
    return found


def _said(file: Path) -> str:
    text = html.unescape(file.read_text(encoding="utf-8"))
    return SPACE.sub(" ", text)


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    """The newest edition of the questionnaire that rests on the sources."""
    return next(one for one in catalogue().newest() if one.id == "cx-grid")


def test_every_entry_of_the_sources_has_its_place(questionnaire: Questionnaire) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert faults(text, questionnaire) == []
    assert {row.number.partition(".")[0] for row in rows(text)} == set(questionnaire.sources)


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (
            "`templates/participant/modules/introduction.html`",
            "`templates/more/introduced.html`",
            "no file templates/more/introduced.html",
        ),
        ("`strategy.purpose`", "`strategy.purposes`", "no question strategy.purposes"),
        ("“Very useful”", "“Most useful”", "nowhere “Most useful”"),
        ("| Example 1: at the till |", "|  |", "a cell is empty or missing"),
    ],
)
def test_what_is_wrong_is_noticed(questionnaire: Questionnaire, right: str, wrong: str, fault: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert right in text
    assert any(found.endswith(fault) for found in faults(text.replace(right, wrong), questionnaire))


def test_a_question_without_its_source_is_noticed(questionnaire: Questionnaire) -> None:
    text = TABLE.read_text(encoding="utf-8").replace("`culture.technology`", "its question")
    assert "004: does not name its question culture.technology" in faults(text, questionnaire)
