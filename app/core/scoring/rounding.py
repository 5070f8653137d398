"""How an exact number is rounded for the eye: one decimal, halves up, never across a stage's boundary."""

from decimal import Decimal
from fractions import Fraction
from math import floor


def rounded(value: Fraction, decimals: int = 1) -> Decimal:
    """`value` (not negative) to so many decimals, and more where rounding would lift it over a whole number.

    A stage begins at each whole number, so 2.98 stays 2.98 and is not shown as 3.0.
    """
    while True:
        shown = _half_up(value, decimals)
        crosses = floor(shown) > floor(value)
        vanishes = value > 0 and shown == 0
        if not crosses and not vanishes:
            return shown
        decimals += 1


def tenth(value: Fraction, decimals: int = 1) -> Decimal:
    """What is no score (an index, a gap, a difference; not negative) to one decimal: its whole numbers begin no stage.

    More decimals only where a small one would be shown as none.
    """
    while (shown := _half_up(value, decimals)) == 0 and value > 0:
        decimals += 1
    return shown


def percent(share: Fraction) -> Decimal:
    """A share 0-1 in whole per cent, halves up; with decimals where a few would look like none or most like all."""
    exact, decimals = share * 100, 0
    while (shown := _half_up(exact, decimals)) in {0, 100} and shown != exact:
        decimals += 1
    return shown


def chance(p: Fraction) -> Decimal:
    """A p in two decimals, or three under a tenth, and more where rounding would carry it over .05 or down to none."""
    decimals = 2 if p >= Fraction(1, 10) else 3
    while True:
        shown = _half_up(p, decimals)
        crosses = (p <= Fraction(1, 20)) != (shown <= Decimal("0.05"))
        if not crosses and not (shown == 0 and p > 0):
            return shown
        decimals += 1


def _half_up(value: Fraction, decimals: int) -> Decimal:
    # Rounded as an integer: turning the fraction itself into a decimal would already round it, to even.
    scaled = floor(value * 10**decimals + Fraction(1, 2))
    return Decimal(scaled).scaleb(-decimals)
