"""How the pages are filled: ten at most, whatever was answered, and what belongs together on one page."""

from collections.abc import Callable

import pytest

from app import content
from app.printing import Printer
from tests.printing.many import MOST_PAGES, printed
from tests.printing.reading import missing, pages
from tests.printing.test_report import EVERY_DOCUMENT

# Eight at odds with agreed levels, one who rarely knows, uneven, unfinished; see `many` for hundreds more.
SEEDS = (0, 1, 2, 3, 4, 5)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_was_answered_takes_at_most_ten_pages(seed: int, printer: Printer) -> None:
    assert len(pages(printed(content.catalogue(), printer, seed))) <= MOST_PAGES


@pytest.mark.parametrize("name", EVERY_DOCUMENT)
def test_the_map_the_gaps_and_their_chart_share_a_page(name: str, pdf_of: Callable[[str], bytes]) -> None:
    third = pages(pdf_of(name))[2]

    assert (
        missing(["The map", "Gaps", "The line from your score to your target is the gap.", "score target"], third) == []
    )


def test_what_nobody_knows_promises_nothing_on_page_one(pdf_of: Callable[[str], bytes]) -> None:
    for name in ("all_dont_know", "empty"):
        sheets = pages(pdf_of(name))
        assert "So far no question has a level" in sheets[0]
        assert "What is known so far" not in sheets[0]
        assert "the score speaks only for the rest" not in " ".join(sheets)


def test_a_short_name_on_a_chart_stands_beside_its_full_name(pdf_of: Callable[[str], bytes]) -> None:
    sheets = pages(pdf_of("full"))

    assert "Accountability and adoption (Ownership)" in sheets[1]
    assert "Ownership" not in sheets[0]


def test_a_score_at_its_target_has_a_gap_of_nought(pdf_of: Callable[[str], bytes]) -> None:
    assert "–" not in pages(pdf_of("all_fives"))[2]
