"""How the pages are filled: ten at most of one person's answers, twelve of a team's; what belongs on one page."""

from collections.abc import Callable

import pytest

from app import content
from app.printing import Printer
from tests.printing.many import MOST_PAGES, MOST_PAGES_OF_A_TEAM, most_pages, printed
from tests.printing.reading import missing, pages
from tests.printing.test_report import EVERY_DOCUMENT

# Eight at odds with agreed levels, one who rarely knows, uneven, unfinished; see `many` for hundreds more.
SEEDS = (0, 1, 2, 3, 4, 5)
TEAMS_OR_AGREED = (0, 2, 4, 5)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_was_answered_fits_on_ten_pages_or_a_teams_on_twelve(seed: int, printer: Printer) -> None:
    catalogue = content.catalogue()

    assert len(pages(printed(catalogue, printer, seed))) <= most_pages(catalogue, seed)
    assert most_pages(catalogue, seed) == (MOST_PAGES_OF_A_TEAM if seed in TEAMS_OR_AGREED else MOST_PAGES)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("all_dont_know", 7), ("all_fives", 7), ("all_ones", 9), ("empty", 7), ("full", 9), ("hostile", 9),
        ("long_name", 9), ("one_answer", 7), ("partial", 9), ("pulse", 7), ("team", 11), ("team_rich", 15),
    ],
)  # fmt: skip
def test_what_stands_beside_the_questions_lengthens_only_the_reports_that_have_it(
    name: str, number: int, pdf_of: Callable[[str], bytes]
) -> None:
    assert len(pages(pdf_of(name))) == number


@pytest.mark.parametrize("name", EVERY_DOCUMENT)
def test_the_map_the_gaps_and_their_chart_share_a_page(name: str, pdf_of: Callable[[str], bytes]) -> None:
    # The trend stands before it, where there is one.
    sheet = pages(pdf_of(name))[3 if name == "team_rich" else 2]

    assert (
        missing(["The map", "Gaps", "The line from your score to your target is the gap.", "score target"], sheet) == []
    )


def test_what_nobody_knows_promises_nothing_on_page_one(pdf_of: Callable[[str], bytes]) -> None:
    for name in ("all_dont_know", "empty"):
        sheets = pages(pdf_of(name))
        assert "So far no question has a level" in sheets[0]
        assert "What is known so far" not in sheets[0]
        assert "the score speaks only for the rest" not in " ".join(sheets)


def test_a_short_name_on_a_chart_stands_beside_its_full_name(pdf_of: Callable[[str], bytes]) -> None:
    sheets = pages(pdf_of("full"))

    assert "Accountability and adoption (Responsibility)" in sheets[1]
    assert "Responsibility" not in sheets[0]


def test_a_score_at_its_target_has_a_gap_of_nought(pdf_of: Callable[[str], bytes]) -> None:
    assert "–" not in pages(pdf_of("all_fives"))[2]
