"""The statistics of a comparison: exact summaries, and resampling by scipy with a fixed seed (domain rules, section 4).

Scores come as exact fractions and leave as the nearest doubles. Every sample is sorted before anything is drawn, and
two samples are drawn from in one order, so neither the order of the organisations nor that of the cohorts matters.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import comb, floor, isnan, sqrt
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SEED = 20260101
RESAMPLES = 9_999
DRAWS = 99_999
EXACT_UP_TO = 100_000
INTERVAL_FROM = 5
STABLE_FROM = 10
SIGNIFICANT = Fraction(1, 20)

TIE = 1e-10
"""Means of scores nearer to each other than this are equal: ten thousand times what rounding adds, and far less than
two different means of a workshop's scores differ by. scipy's own tolerance shrinks with the observed difference."""

BATCH = 1_000
"""Rearrangements in memory at once."""

Interval = tuple[float, float]
_Kind = Literal["independent", "samples"]


def mean(values: Sequence[Fraction]) -> Fraction | None:
    """The exact mean; None of nothing."""
    return sum(values, Fraction(0)) / len(values) if values else None


def quantile(values: Sequence[Fraction], share: Fraction) -> Fraction | None:
    """The exact quantile, between neighbours linearly: numpy's default, type 7 of Hyndman and Fan. None of nothing."""
    if not values:
        return None
    ranked = sorted(values)
    place = (len(ranked) - 1) * share
    below = floor(place)
    above = min(below + 1, len(ranked) - 1)
    return ranked[below] + (ranked[above] - ranked[below]) * (place - below)


def standard_deviation(values: Sequence[Fraction]) -> float | None:
    """With n - 1; None of fewer than two."""
    return sqrt(_squares(values) / (len(values) - 1)) if len(values) > 1 else None


def hedges_g(first: Sequence[Fraction], second: Sequence[Fraction]) -> float | None:
    """Second minus first in pooled standard deviations, times J = 1 - 3/(4N - 9).

    None where nothing varies within the cohorts, or where there are not three organisations.
    """
    total = len(first) + len(second)
    squares = _squares(first) + _squares(second)
    difference = mean_difference(first, second)
    if difference is None or squares == 0:
        return None
    return float(difference * (1 - Fraction(3, 4 * total - 9))) / sqrt(squares / (total - 2))


def mean_difference(first: Sequence[Fraction], second: Sequence[Fraction]) -> Fraction | None:
    """Second minus first, exact; None where either is empty."""
    before, after = mean(first), mean(second)
    return None if before is None or after is None else after - before


def standardised_change(changes: Sequence[Fraction]) -> float | None:
    """d_z: the mean change in standard deviations of the changes; None of fewer than two, or where all are equal."""
    squares, middle = _squares(changes), mean(changes)
    if middle is None or squares == 0:
        return None
    return float(middle) / sqrt(squares / (len(changes) - 1))


def splits(first: int, second: int) -> int:
    """In how many ways so many organisations fall into two cohorts of these sizes."""
    return comb(first + second, first)


def flips(pairs: int) -> int:
    """In how many ways so many changes take their signs."""
    return 1 << pairs


def can_be_tested(ways: int, dimensions: int) -> bool:
    """Whether the smallest two-sided p, 2 / `ways`, could pass Holm over so many dimensions at .05."""
    return Fraction(dimensions * 2, ways) <= SIGNIFICANT


def difference_interval(first: Sequence[Fraction], second: Sequence[Fraction]) -> Interval | None:
    """95 % BCa bootstrap interval of the difference of means, second minus first.

    None where either has fewer than five organisations, where nothing varies, or where BCa is undefined.
    """
    if min(len(first), len(second)) < INTERVAL_FROM or _squares(first) + _squares(second) == 0:
        return None
    one, other = _doubles(first), _doubles(second)
    if (len(other), other) < (len(one), one):
        mirrored = _bca([other, one])
        return mirrored and (0.0 - mirrored[1], 0.0 - mirrored[0])
    return _bca([one, other])


def mean_interval(changes: Sequence[Fraction]) -> Interval | None:
    """95 % BCa bootstrap interval of the mean; None as for `difference_interval`."""
    if len(changes) < INTERVAL_FROM or _squares(changes) == 0:
        return None
    return _bca([_doubles(changes)])


def permutation_tests(pairs: Sequence[tuple[Sequence[Fraction], Sequence[Fraction]]]) -> list[float]:
    """A p for each pair of samples: permutation test of the difference of means, two-sided as scipy's.

    Exact up to 100,000 splits, else 99,999 draws. The samples are not empty. Pairs of one size share their draws, so
    each p is what it would be alone.
    """
    ordered = [sorted([_doubles(first), _doubles(second)], key=lambda one: (len(one), one)) for first, second in pairs]
    return _tests(ordered, "independent", splits)


def sign_flip_tests(samples: Sequence[Sequence[Fraction]]) -> list[float]:
    """A p for each sample of changes: their signs are flipped; two-sided, exact and drawn as `permutation_tests`."""
    return _tests([[_doubles(changes)] for changes in samples], "samples", flips)


def holm(ps: Mapping[str, float]) -> dict[str, float]:
    """Every p stepped down after Holm (1979) over as many tests as there are p, monotone and at most 1."""
    adjusted: dict[str, float] = {}
    least = 0.0
    for rank, (id_, p) in enumerate(sorted(ps.items(), key=lambda entry: entry[1])):
        least = max(least, min(1.0, p * (len(ps) - rank)))
        adjusted[id_] = least
    return adjusted


def _squares(values: Sequence[Fraction]) -> Fraction:
    """The exact sum of squared distances from the mean: 0 where nothing varies."""
    middle = mean(values)
    return Fraction(0) if middle is None else sum(((value - middle) ** 2 for value in values), Fraction(0))


def _doubles(values: Sequence[Fraction]) -> list[float]:
    return [float(value) for value in sorted(values)]


def _mean_difference(*samples: "NDArray[np.float64]", axis: int) -> "NDArray[np.float64]":
    """The second mean minus the first, or the mean of one sample."""
    first, *others = (sample.mean(axis=axis) for sample in samples)
    found: NDArray[np.float64] = others[0] - first if others else first
    return found


def _bca(samples: Sequence[Sequence[float]]) -> Interval | None:
    import numpy as np  # noqa: PLC0415 - a second of start-up that only a comparison needs
    from scipy import stats  # noqa: PLC0415 - the same

    arrays = [np.array(sample) for sample in samples]
    observed = _mean_difference(*arrays, axis=-1)

    def statistic(*drawn: "NDArray[np.float64]", axis: int) -> "NDArray[np.float64]":
        # BCa counts how many resamples fall below the observed value and how many on it: equal means must be equal.
        found = _mean_difference(*drawn, axis=axis)
        return np.where(np.abs(found - observed) < TIE, observed, found)

    found = stats.bootstrap(
        arrays,
        statistic,
        n_resamples=RESAMPLES,
        confidence_level=0.95,
        method="BCa",
        vectorized=True,
        rng=np.random.default_rng(SEED),
    ).confidence_interval
    low, high = float(found.low) + 0.0, float(found.high) + 0.0
    return None if isnan(low) or isnan(high) else (low, high)


def _tests(cases: Sequence[Sequence[Sequence[float]]], kind: _Kind, ways: Callable[..., int]) -> list[float]:
    """A p for each case, those of the same sizes in one go: they would draw the same rearrangements anyway."""
    found: dict[int, float] = {}
    sizes = [tuple(len(sample) for sample in case) for case in cases]
    for size in dict.fromkeys(sizes):
        places = [place for place, its in enumerate(sizes) if its == size]
        found |= zip(places, _tests_of_one_size([cases[place] for place in places], kind, ways(*size)), strict=True)
    return [found[place] for place in range(len(cases))]


def _tests_of_one_size(cases: Sequence[Sequence[Sequence[float]]], kind: _Kind, ways: int) -> list[float]:
    import numpy as np  # noqa: PLC0415 - a second of start-up that only a comparison needs
    from scipy import stats  # noqa: PLC0415 - the same

    exact = ways <= EXACT_UP_TO
    result = stats.permutation_test(
        [np.array(samples) for samples in zip(*cases, strict=True)],
        _mean_difference,
        permutation_type=kind,
        n_resamples=ways if exact else DRAWS,
        vectorized=True,
        batch=BATCH,
        axis=-1,
        rng=np.random.default_rng(SEED),
    )
    drawn, observed, own = result.null_distribution, result.statistic, 0 if exact else 1
    below = np.count_nonzero(drawn <= observed + TIE, axis=0) + own
    above = np.count_nonzero(drawn >= observed - TIE, axis=0) + own
    return [min(1.0, float(p)) for p in 2 * np.minimum(below, above) / (len(drawn) + own)]
