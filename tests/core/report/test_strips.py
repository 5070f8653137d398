"""Strips: every organisation a dot at its score, and none hides another."""

from fractions import Fraction
from itertools import combinations

from hypothesis import example, given
from hypothesis import strategies as st

from app.core.cohort.comparison import summarise
from app.core.report.dot_plot import Dot, Strip, strip
from tests.core.cohort.cohort_examples import card, cards, questionnaire

SCORES = st.lists(st.fractions(1, 5, max_denominator=42), max_size=80)


def of(scores: list[Fraction]) -> Strip:
    return strip(summarise(questionnaire(), [card(score) for score in scores]).overall, len(scores))


def place(dot: Dot, found: Strip) -> float:
    return float(dot.score) + dot.beside * float(found.apart)


@given(SCORES)
@example([Fraction(5)] * 80)
@example([Fraction(3)] * 300)
@example([Fraction(1)] * 12)
def test_every_organisation_is_a_dot_on_the_scale_and_no_two_of_a_row_touch(scores: list[Fraction]) -> None:
    found = of(scores)

    assert [dot.score for dot in found.dots] == sorted(scores)
    assert all(1 <= place(dot, found) <= 5 for dot in found.dots)
    assert found.rows * found.apart <= 1
    for one, other in combinations(found.dots, 2):
        assert one.row != other.row or abs(place(one, found) - place(other, found)) > float(found.apart) - 1e-6


@given(SCORES)
def test_only_where_a_stack_is_full_a_dot_stands_beside_its_score(scores: list[Fraction]) -> None:
    found = of(scores)

    full = int(Fraction(9, 10) / found.apart)
    for number, dot in enumerate(found.dots):
        near = [one.row for one in found.dots[:number] if dot.score - one.score < 2 * found.apart]
        if dot.beside:
            assert set(range(full)) <= {one.row for one in found.dots[:number]}
        else:
            assert dot.row <= len(near)


def test_the_order_of_the_organisations_does_not_show() -> None:
    assert of([Fraction(4), Fraction(2), Fraction(2)]) == of([Fraction(2), Fraction(4), Fraction(2)])


def test_figures_are_the_summarys_and_nobody_scored_is_empty() -> None:
    summary = summarise(questionnaire(), [*cards(1, 2, 4), card(None)]).overall

    found, empty = strip(summary, 4), of([])

    assert (found.n, found.mean, found.median, found.q1, found.q3, found.sd) == (
        summary.n,
        summary.mean,
        summary.median,
        summary.q1,
        summary.q3,
        summary.sd,
    )
    assert (found.lowest, found.highest) == (Fraction(1), Fraction(4))
    assert (empty.n, empty.median, empty.lowest, empty.dots, empty.rows) == (0, None, None, (), 0)


def test_dots_are_smaller_the_more_there_are() -> None:
    widths = [of([Fraction(3)] * count).apart for count in (12, 13, 30, 31)]

    assert widths[0] > widths[1] == widths[2] > widths[3]
