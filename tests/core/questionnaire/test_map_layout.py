"""The map's layout: which framework gives the rows, what stands at a crossing, and when a list stands instead."""

from fractions import Fraction

from app.core.questionnaire.map_layout import MOST_COLUMNS, map_layout
from app.core.report.model import Cell
from tests.core.report.test_report import told
from tests.core.small import questionnaire, sitting


def wide(rows: int, columns: int) -> dict[str, list[str]]:
    return {
        "first": [f"r{number}" for number in range(rows)],
        "second": [f"c{number}" for number in range(columns)],
    }


def every_crossing(frameworks: dict[str, list[str]]) -> dict[str, list[str]]:
    return {f"{row}.{column}": [row, column] for row in frameworks["first"] for column in frameworks["second"]}


def test_the_first_framework_gives_the_rows_unless_the_second_is_too_wide() -> None:
    upright, lying = wide(2, MOST_COLUMNS), wide(2, MOST_COLUMNS + 1)

    first = map_layout(questionnaire(every_crossing(upright), upright), "full")
    second = map_layout(questionnaire(every_crossing(lying), lying), "full")

    assert first is not None
    assert second is not None
    assert (first.rows, len(first.columns)) == (("r0", "r1"), MOST_COLUMNS)
    assert (len(second.rows), second.columns) == (MOST_COLUMNS + 1, ("r0", "r1"))
    assert second.cells["c3", "r1"] == ("r1.c3",)


def test_two_frameworks_that_are_both_too_wide_have_no_map() -> None:
    both = wide(MOST_COLUMNS + 1, MOST_COLUMNS + 1)

    assert map_layout(questionnaire(every_crossing(both), both), "full") is None


def test_half_of_the_crossings_are_enough_for_a_map_and_fewer_are_not() -> None:
    frameworks = {"work": ["plan", "care"], "ground": ["soil", "trees"]}
    half = {"plan.soil": ["plan", "soil"], "care.trees": ["care", "trees"]}
    quarter = {"plan.soil": ["plan", "soil"], "care.more": ["care"], "trees.more": ["trees"]}

    assert map_layout(questionnaire(half, frameworks), "full") is not None
    assert map_layout(questionnaire(quarter, frameworks), "full") is None


def test_a_short_form_has_the_map_of_the_full_one() -> None:
    layout = map_layout(questionnaire(pulse=["plan.soil"]), "pulse")

    assert layout is not None
    assert dict(layout.cells) == {("plan", "soil"): ("plan.soil",)}


def test_a_cell_without_a_level_is_unknown_before_it_is_open_and_open_before_it_does_not_apply() -> None:
    asked = told(sitting({"plan.soil": 2, "plan.trees": "dont_know", "care.soil": "not_applicable"})).questions
    level, unknown, foreign, empty = asked

    assert (Cell((level, unknown)).status, Cell((level, unknown)).level) == ("level", Fraction(2))
    assert (Cell((foreign, empty, unknown)).status, Cell((foreign, empty, unknown)).level) == ("dont_know", None)
    assert Cell((foreign, empty)).status == "open"
    assert Cell((foreign,)).status == "not_applicable"
