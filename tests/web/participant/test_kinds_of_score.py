"""In a team that has agreed, a table has one kind of score, and says which; page and paper alike."""

import json
import re
from html import unescape
from pathlib import Path

from app import content, reporting
from app.core.answers.document import read_document
from app.core.report.model import Report

DOCUMENTS = Path(__file__).parents[2] / "documents"
OWN = "All figures here are from what each of you answered, before you agreed."


def report(**changed: object) -> Report:
    told = json.loads((DOCUMENTS / "team_rich.json").read_text(encoding="utf-8")) | changed
    document, questionnaire = read_document(json.dumps(told), content.catalogue().edition)
    return reporting.report_for(questionnaire, document, "en")


def paper(told: Report) -> str:
    return " ".join(unescape(reporting.printed(told)).split())


def headings(table: str) -> list[str]:
    return [
        re.sub("<[^>]+>", "", cell).strip()
        for cell in re.findall("<th[^>]*>(.*?)</th>", table.partition("</thead>")[0])
    ]


def test_page_one_names_the_agreed_scores_of_the_priorities_and_the_own_ones_of_the_map() -> None:
    first = paper(report()).partition('class="part"')[0]
    steps = first.partition('class="lines first-steps"')[2].partition("</table>")[0]

    assert headings(steps) == ["Your 3 priorities", "Agreed score", "Target", "The first next step"]
    assert OWN + " The frames follow from what you agreed on." in first


def test_no_table_of_figures_is_without_its_kind() -> None:
    tables = re.findall(r"<table.*?</table>", paper(report()))
    kinds = [headings(table) for table in tables if "Target" in headings(table)]

    assert kinds != []
    for heads in kinds:
        assert ("Score" in heads) + ("Agreed score" in heads) >= 1, heads
        assert "Agreed" not in heads, heads
        if {"Gap", "Priority"} & set(heads):
            assert "Score" in heads or "Gap" in heads, heads


def test_every_part_with_own_figures_says_so_only_where_something_was_agreed() -> None:
    assert paper(report()).count(OWN) == 4  # page 1, profiles, map, gaps
    assert paper(report(agreed={}, modules={})).count(OWN) == 0
