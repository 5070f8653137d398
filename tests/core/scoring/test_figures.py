"""How exact numbers are rounded for the eye: one decimal, halves up, never across a stage's boundary."""

from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.scoring.rounding import chance, percent, rounded, tenth

# Means of up to 7 questions and 20 respondents, gaps and priorities of such: no divisor is larger.
EXACT = st.fractions(0, 20, max_denominator=140)
SHARES = st.fractions(0, 1, max_denominator=5000)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [
        ("2", "2.0"),
        ("2.04", "2.0"),
        ("2.05", "2.1"),
        ("2.15", "2.2"),
        ("2.25", "2.3"),  # to even it would be 2.2
        ("2.45", "2.5"),
        ("8/3", "2.7"),
        ("7/3", "2.3"),
        ("25/7", "3.6"),
        ("2.94", "2.9"),
        ("2.949", "2.9"),
        ("2.95", "2.95"),  # 3.0 would be the next stage
        ("2.98", "2.98"),
        ("2.99", "2.99"),
        ("2.994", "2.99"),
        ("2.995", "2.995"),
        ("2.996", "2.996"),
        ("2.9999", "2.9999"),
        ("20/21", "0.95"),
        ("41/42", "0.98"),
        ("209/42", "4.98"),
        ("5", "5.0"),
        ("0", "0.0"),
        ("0.05", "0.1"),
        ("1/42", "0.02"),  # 0.0 would be no gap
        ("0.001", "0.001"),
    ],
)
def test_a_figure_has_one_decimal_unless_that_would_tell_another_stage(exact: str, shown: str) -> None:
    assert str(rounded(Fraction(exact))) == shown


@given(EXACT)
@example(Fraction(299, 100))
@example(Fraction(1, 140))
def test_rounding_never_crosses_a_stage_and_never_makes_a_gap_vanish(exact: Fraction) -> None:
    shown = rounded(exact)

    assert floor(shown) == floor(exact)
    assert (shown == 0) == (exact == 0)


@given(EXACT)
def test_rounding_is_to_the_nearest_and_halves_go_up(exact: Fraction) -> None:
    shown = rounded(exact)

    half = Fraction(1, 2) / 10 ** decimals(shown)
    assert Fraction(shown) - half <= exact < Fraction(shown) + half


@given(EXACT)
def test_no_more_decimals_are_shown_than_needed(exact: Fraction) -> None:
    shown = rounded(exact)

    if decimals(shown) > 1:
        fewer = 10 ** (decimals(shown) - 1)
        shorter = Fraction(floor(exact * fewer + Fraction(1, 2)), fewer)
        assert floor(shorter) > floor(exact) or shorter == 0


@given(EXACT, EXACT)
def test_a_higher_figure_is_never_shown_as_lower(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))

    assert rounded(low) <= rounded(high)


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        ("0", "0"),
        ("1/13", "8"),
        ("1/3", "33"),
        ("2/3", "67"),
        ("1/200", "1"),
        ("0.295", "30"),  # a whole number of per cent is no boundary
        ("1/300", "0.3"),
        ("1/3000", "0.03"),
        ("995/1000", "99.5"),
        ("999/1000", "99.9"),
        ("4999/5000", "99.98"),
        ("1", "100"),
    ],
)
def test_a_share_is_in_whole_per_cent_unless_that_would_read_as_none_or_all(share: str, shown: str) -> None:
    assert str(percent(Fraction(share))) == shown


@given(SHARES)
def test_only_none_and_all_read_so(share: Fraction) -> None:
    assert (percent(share) == 0) == (share == 0)
    assert (percent(share) == 100) == (share == 1)
    assert abs(Fraction(percent(share)) - share * 100) <= Fraction(1, 2)


def decimals(shown: Decimal) -> int:
    return -int(shown.as_tuple().exponent)


def test_an_index_a_gap_and_a_priority_have_one_decimal_whatever_whole_number_it_makes() -> None:
    assert [str(tenth(Fraction(value))) for value in ("66.96", "0.96", "2.95", "0.04", "0", "2.25")] == [
        "67.0",
        "1.0",
        "3.0",
        "0.04",
        "0.0",
        "2.3",
    ]


@pytest.mark.parametrize(
    ("p", "shown"),
    [
        ("1", "1.00"),
        ("0.21", "0.21"),
        ("0.105", "0.11"),
        ("0.0996", "0.100"),
        ("0.087", "0.087"),
        ("0.0501", "0.0501"),  # 0.050 would claim what is not so
        ("0.05", "0.050"),
        ("0.0496", "0.050"),
        ("0.0123", "0.012"),
        ("0.0004", "0.0004"),  # never none
    ],
)
def test_a_p_is_never_rounded_over_the_limit_or_down_to_none(p: str, shown: str) -> None:
    assert str(chance(Fraction(p))) == shown
