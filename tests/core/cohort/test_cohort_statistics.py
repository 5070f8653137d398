"""The statistics against published examples, against other programs, and against every rearrangement counted."""

import math
import random
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, product
from math import lcm

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from app.core.cohort import statistics

Scores = list[Fraction]


def scores(*values: float | str) -> Scores:
    return [Fraction(str(value)) for value in values]


# As many as a questionnaire could give: means of two or three levels, with ties in and between the cohorts.
TIED = (scores(2.5, 3, 3, 2, 3.5, 2.5, 4), scores(3, 3.5, 3, 4, 4, 2.5, 3.5, 4.5))
SIX_AND_SIX = (scores(1, 1.5, 2, 2.5, 1.25, 3), scores(3.5, 2.75, 4, 4.5, 3, 5))
FOURTEEN_AND_ELEVEN = (
    scores(2, 2.25, 2.5, 2.5, 2.75, 3, 3, 3.25, 3.5, 4, 1.5, 2, 2.25, 2.75),
    scores(2.5, 2.5, 3, 3.25, 3.5, 3.5, 3.75, 4, 4.25, 2, 2.75),
)
FOUR_AND_FOUR = (scores(1, 2, 2, 3), scores(3, 4, 4, 5))
THIRDS = (
    [Fraction(n, 3) for n in (4, 5, 7, 7, 8, 10)],
    [Fraction(n, 7) for n in (14, 15, 19, 21, 28)] + [Fraction(7, 3)],
)
EQUAL_MEANS = ([Fraction(n, 3) for n in (6, 8, 7, 8, 9, 7)], [Fraction(n, 3) for n in (8, 8, 7, 8, 6, 8)])
PAIRS_OF_COHORTS = {
    "tied": TIED,
    "six and six": SIX_AND_SIX,
    "four and four": FOUR_AND_FOUR,
    "thirds and sevenths": THIRDS,
    "equal means": EQUAL_MEANS,
    "one without variance": (scores(3, 3, 3, 3, 3, 3), scores(2, 3, 3, 4, 4.5, 5)),
    "both without variance": (scores(3, 3, 3, 3, 3, 3), scores(4, 4, 4, 4, 4, 4)),
}
EVERY_PAIR = pytest.mark.parametrize("pair", PAIRS_OF_COHORTS.values(), ids=PAIRS_OF_COHORTS.keys())

levels = st.builds(Fraction, st.integers(4, 20), st.just(4))


def difference(first: NDArray[np.float64], second: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.mean(second, axis=axis) - np.mean(first, axis=axis)
    return found


def test_quartiles_lie_between_neighbours_in_proportion() -> None:
    """R's `quantile(1:10)`, its type 7 (Hyndman and Fan 1996), and a small one by hand."""
    one_to_ten = [Fraction(n) for n in range(1, 11)]

    assert [statistics.quantile(one_to_ten, Fraction(n, 4)) for n in (1, 2, 3)] == scores(3.25, 5.5, 7.75)
    assert statistics.quantile(scores(4, 1, 2), Fraction(1, 4)) == Fraction(3, 2)
    assert statistics.quantile(scores(2), Fraction(3, 4)) == 2
    assert statistics.quantile([], Fraction(1, 2)) is None


@given(st.lists(levels, min_size=1, max_size=30))
def test_summaries_are_numpys(values: Scores) -> None:
    numbers = np.array([float(value) for value in values])

    for share in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
        assert float(statistics.quantile(values, share) or 0) == pytest.approx(
            float(np.quantile(numbers, float(share)))
        )
    assert float(statistics.mean(values) or 0) == pytest.approx(float(np.mean(numbers)))
    sd = statistics.standard_deviation(values)
    if len(values) == 1:
        assert sd is None
    else:
        assert sd == pytest.approx(float(np.std(numbers, ddof=1)))


def test_a_mean_of_thirds_is_exact() -> None:
    assert statistics.mean([Fraction(7, 3), Fraction(10, 3), Fraction(10, 3)]) == 3
    assert statistics.standard_deviation([Fraction(8, 3)] * 7) == 0.0


def test_hedges_g_worked_by_hand() -> None:
    """Means 2 and 4, both variances 2/3, so d = 2 / sqrt(2/3); N = 8, J = 1 - 3/23 = 20/23."""
    assert statistics.hedges_g(*FOUR_AND_FOUR) == pytest.approx(2 / math.sqrt(2 / 3) * 20 / 23, rel=1e-15)


def test_hedges_g_of_a_textbook() -> None:
    """Borenstein et al., Introduction to Meta-Analysis (2009), chapter 4: d = 0.5970, J = 0.9923, g = 0.5924.

    Means 103 and 100, sd 5.5 and 4.5, 50 in each: here 25 on either side of the mean, as far off as makes that sd.
    """
    first = [100 + sign * _double_root(49 * Fraction("4.5") ** 2 / 50) for sign in (1, -1) for _ in range(25)]
    second = [103 + sign * _double_root(49 * Fraction("5.5") ** 2 / 50) for sign in (1, -1) for _ in range(25)]

    assert statistics.standard_deviation(first) == pytest.approx(4.5)
    assert statistics.standard_deviation(second) == pytest.approx(5.5)
    assert statistics.hedges_g(first, second) == pytest.approx(0.5924, abs=5e-5)


def _double_root(value: Fraction) -> Fraction:
    return Fraction(math.sqrt(value))


@pytest.mark.parametrize(
    ("pair", "expected"),
    [
        (TIED, 0.811192101055374),
        (SIX_AND_SIX, 2.1501235793468614),
        (FOURTEEN_AND_ELEVEN, 0.7427416886898571),
        (FOUR_AND_FOUR, 2.129991080681024),
    ],
    ids=["tied", "six and six", "fourteen and eleven", "four and four"],
)
def test_hedges_g_is_that_of_pingouin(pair: tuple[Scores, Scores], expected: float) -> None:
    """Printed by pingouin 0.7.0: `compute_effsize(second, first, eftype="hedges")`."""
    assert statistics.hedges_g(*pair) == pytest.approx(expected, rel=1e-12)


def test_hedges_g_is_not_defined_where_nothing_varies() -> None:
    assert statistics.hedges_g(scores(3, 3, 3), scores(4, 4)) is None
    assert statistics.hedges_g([Fraction(8, 3)] * 6, [Fraction(7, 3)] * 7) is None
    assert statistics.hedges_g(scores(3), scores(4)) is None
    assert statistics.hedges_g([], scores(4, 5)) is None


def test_holm_worked_by_hand() -> None:
    """Four tests: times 4, 3, 2, 1 from the smallest, and never below the one before."""
    ps = {"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}

    assert statistics.holm(ps) == pytest.approx({"a": 0.03, "b": 0.06, "c": 0.06, "d": 0.02})
    assert statistics.holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert statistics.holm({}) == {}


def test_holm_is_that_of_pingouin() -> None:
    """Printed by pingouin 0.7.0: `multicomp([...], method="holm")`."""
    ps = [0.0004, 0.04, 0.03, 0.012, 0.2, 0.0004, 0.7, 0.9, 0.04, 0.011, 0.003, 0.5, 0.08]
    expected = [0.0052, 0.28, 0.24, 0.11, 0.8, 0.0052, 1.0, 1.0, 0.28, 0.11, 0.033, 1.0, 0.4]

    found = statistics.holm({str(place): p for place, p in enumerate(ps)})

    assert [found[str(place)] for place in range(13)] == pytest.approx(expected)


@EVERY_PAIR
def test_an_exact_p_counts_every_split(pair: tuple[Scores, Scores]) -> None:
    """Twice the smaller share of splits whose difference is as low, or as high, as the one observed; whole numbers."""
    first, second = pair
    unit = lcm(*(score.denominator for score in first + second))
    pool = [int(score * unit) for score in first + second]
    observed = sum(pool[len(first) :])
    sums = [sum(chosen) for chosen in combinations(pool, len(second))]
    fewer = min(sum(one <= observed for one in sums), sum(one >= observed for one in sums))

    assert statistics.permutation_tests([pair]) == [min(1.0, 2 * fewer / len(sums))]


@EVERY_PAIR
def test_an_exact_p_is_scipys(pair: tuple[Scores, Scores]) -> None:
    first, second = (np.array([float(score) for score in one]) for one in pair)

    expected = float(stats.permutation_test((first, second), difference, n_resamples=10_000, vectorized=True).pvalue)
    if pair is EQUAL_MEANS:
        # scipy's tolerance is a share of the observed difference, here nothing, so rounding parts ties: it says 0.98.
        expected = 1.0

    assert statistics.permutation_tests([pair]) == [expected]


def test_a_p_of_a_published_example() -> None:
    """Rosetta Code, "Permutation test": of 92,378 splits 12.80 %, which is 11,827, are higher; 313 more are as high."""
    treated = scores(85, 88, 75, 66, 25, 29, 83, 39, 97)
    control = scores(68, 41, 10, 49, 16, 65, 32, 92, 28, 98)

    assert statistics.permutation_tests([(control, treated)]) == [pytest.approx(2 * (11_827 + 313) / 92_378)]


def test_beyond_a_hundred_thousand_splits_p_is_drawn_as_scipy_draws() -> None:
    first, second = sorted(FOURTEEN_AND_ELEVEN, key=len)
    samples = [np.array([float(score) for score in sorted(one)]) for one in (first, second)]
    assert statistics.splits(14, 11) > 100_000

    expected = stats.permutation_test(
        samples, difference, n_resamples=99_999, vectorized=True, batch=1000, rng=np.random.default_rng(statistics.SEED)
    ).pvalue
    found = statistics.permutation_tests([FOURTEEN_AND_ELEVEN])

    assert found == [pytest.approx(float(expected), abs=2e-5)]
    assert found[0] == pytest.approx(2 * _share_by_dynamic_programming(*FOURTEEN_AND_ELEVEN), abs=0.004)


def _share_by_dynamic_programming(first: Scores, second: Scores) -> float:
    """The exact share of splits as high as observed: subsets of each size counted by their sum, in quarters."""
    pool = [int(score * 4) for score in first + second]
    ways: dict[tuple[int, int], int] = {(0, 0): 1}
    for value in pool:
        for (size, total), count in list(ways.items()):
            key = (size + 1, total + value)
            ways[key] = ways.get(key, 0) + count
    observed = sum(pool[len(first) :])
    sums = {total: count for (size, total), count in ways.items() if size == len(second)}
    return sum(count for total, count in sums.items() if total >= observed) / sum(sums.values())


def test_tests_of_several_sizes_are_those_of_each_alone() -> None:
    pairs = [TIED, FOURTEEN_AND_ELEVEN, SIX_AND_SIX, FOURTEEN_AND_ELEVEN[::-1], THIRDS]

    together = statistics.permutation_tests(pairs)

    assert together == [statistics.permutation_tests([pair])[0] for pair in pairs]


def test_a_sign_flip_p_of_a_published_example() -> None:
    """Fisher, The Design of Experiments (1935), section 21, Darwin's maize: 863 of 32,768 sums reach 314; 5.267 %."""
    maize = scores(49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48)

    assert sum(maize) == 314
    assert statistics.sign_flip_tests([maize]) == [2 * 863 / 32_768]


@pytest.mark.parametrize(
    "changes",
    [
        scores(0.5, 0.5, -0.5, 1, 0, 0.25, 1.5, -0.25, 0.75, 0.5),
        [Fraction(n, 3) for n in (1, -1, 2, -2, 3, -3, 0, 4, -4, 5)],
    ],
    ids=["quarters", "thirds"],
)
def test_a_sign_flip_p_counts_every_flip(changes: Scores) -> None:
    whole = [int(change * 12) for change in changes]
    sums = [sum(sign * one for sign, one in zip(signs, whole, strict=True)) for signs in product((1, -1), repeat=10)]
    fewer = min(sum(one <= sum(whole) for one in sums), sum(one >= sum(whole) for one in sums))

    assert statistics.sign_flip_tests([changes]) == [min(1.0, 2 * fewer / 1024)]


def test_beyond_a_hundred_thousand_flips_p_is_drawn() -> None:
    chance = random.Random(1)  # noqa: S311 - made-up answers, the same every time
    changes = [Fraction(chance.randint(-2, 5), 2) for _ in range(20)]

    found = statistics.sign_flip_tests([changes])

    assert statistics.flips(20) > 100_000
    assert found == statistics.sign_flip_tests([changes[::-1]])
    ways: dict[int, int] = {0: 1}
    for change in changes:
        size, before = int(change * 2), ways
        ways = {}
        for total, count in before.items():
            for one in (total + size, total - size):
                ways[one] = ways.get(one, 0) + count
    high = sum(count for total, count in ways.items() if total >= sum(changes) * 2) / 2**20
    assert found[0] == pytest.approx(2 * high, abs=0.004)


def test_a_standardised_change_is_t_over_the_root_of_n() -> None:
    changes = scores(0.5, 0.5, -0.5, 1, 0, 0.25, 1.5, -0.25, 0.75, 0.5)
    t = stats.ttest_1samp([float(change) for change in changes], 0).statistic

    assert statistics.standardised_change(changes) == pytest.approx(float(t) / math.sqrt(10))
    assert statistics.standardised_change(scores(0.5, 0.5)) is None
    assert statistics.standardised_change(scores(0.5)) is None


@pytest.mark.parametrize(
    "pair",
    [SIX_AND_SIX, TIED, FOURTEEN_AND_ELEVEN, THIRDS, PAIRS_OF_COHORTS["one without variance"]],
    ids=["six and six", "tied", "fourteen and eleven", "thirds", "one without variance"],
)
def test_an_interval_is_scipys(pair: tuple[Scores, Scores]) -> None:
    """Seven decimals suffice to part ties from what rounding makes of them; scipy itself knows no tolerance here."""
    first, second = (np.array([float(score) for score in sorted(one)]) for one in pair)
    mirrored = (len(second), list(second)) < (len(first), list(first))
    samples = (second, first) if mirrored else (first, second)

    def rounded(one: NDArray[np.float64], other: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        return np.round(difference(one, other, axis), 7)

    expected = stats.bootstrap(
        samples, rounded, n_resamples=9_999, method="BCa", vectorized=True, rng=np.random.default_rng(statistics.SEED)
    ).confidence_interval
    low, high = float(expected.low), float(expected.high)

    found = statistics.difference_interval(*pair)

    assert found == pytest.approx((-high, -low) if mirrored else (low, high), abs=1e-6)


@pytest.mark.parametrize("pair", [SIX_AND_SIX, FOURTEEN_AND_ELEVEN], ids=["six and six", "fourteen and eleven"])
def test_an_interval_is_efrons_formula(pair: tuple[Scores, Scores]) -> None:
    """BCa written out (Efron and Tibshirani 1993, 14.9 to 14.15; two samples as in 15.36), with draws of its own."""
    first, second = (np.array([float(score) for score in one]) for one in pair)
    chance = np.random.default_rng(7)
    drawn = np.round(
        chance.choice(second, (60_000, len(second))).mean(axis=1)
        - chance.choice(first, (60_000, len(first))).mean(axis=1),
        9,
    )
    observed = round(float(second.mean() - first.mean()), 9)
    influences = [-(first - first.mean()) / len(first), (second - second.mean()) / len(second)]
    skew = sum(float((one**3).sum()) for one in influences)
    acceleration = skew / 6 / sum(float((one**2).sum()) for one in influences) ** 1.5
    bias = stats.norm.ppf(float((drawn < observed).mean() + (drawn <= observed).mean()) / 2)
    ends = [bias + stats.norm.ppf(share) for share in (0.025, 0.975)]
    shares = [float(stats.norm.cdf(bias + end / (1 - acceleration * end))) for end in ends]

    assert statistics.difference_interval(*pair) == pytest.approx(np.quantile(drawn, shares).tolist(), abs=0.06)


def test_an_interval_of_changes_is_scipys() -> None:
    changes = scores(0.5, 0.4, -0.5, 1, 0.1, 0.25, 1.5, -0.25, 0.75, 0.6)
    numbers = np.array([float(change) for change in sorted(changes)])

    expected = stats.bootstrap(
        (numbers,),
        np.mean,
        n_resamples=9_999,
        method="BCa",
        vectorized=True,
        rng=np.random.default_rng(statistics.SEED),
    ).confidence_interval

    assert statistics.mean_interval(changes) == pytest.approx((float(expected.low), float(expected.high)), abs=0.01)


def test_no_interval_under_five_or_without_variance() -> None:
    assert statistics.difference_interval(*FOUR_AND_FOUR) is None
    assert statistics.difference_interval(scores(1, 2, 3, 4), TIED[1]) is None
    assert statistics.difference_interval([Fraction(8, 3)] * 6, [Fraction(7, 3)] * 6) is None
    assert statistics.mean_interval(scores(1, 2, 3, 4)) is None
    assert statistics.mean_interval([Fraction(1, 3)] * 9) is None


def test_what_holm_could_never_reach_is_not_tested() -> None:
    """13 dimensions: 5 against 6 and 9 pairs cannot, 6 against 6, 5 against 7 and 10 pairs can."""
    assert [statistics.splits(5, 6), statistics.splits(6, 6), statistics.splits(5, 7)] == [462, 924, 792]
    assert not statistics.can_be_tested(statistics.splits(5, 6), 13)
    assert statistics.can_be_tested(statistics.splits(6, 6), 13)
    assert statistics.can_be_tested(statistics.splits(5, 7), 13)
    assert not statistics.can_be_tested(statistics.flips(9), 13)
    assert statistics.can_be_tested(statistics.flips(10), 13)
    assert statistics.can_be_tested(520, 13)
    assert not statistics.can_be_tested(519, 13)


cohorts = st.lists(levels, min_size=5, max_size=8)


@given(cohorts, cohorts, st.randoms(use_true_random=False))
@settings(max_examples=15)
def test_the_order_of_the_organisations_changes_nothing(first: Scores, second: Scores, chance: random.Random) -> None:
    shuffled = (chance.sample(first, len(first)), chance.sample(second, len(second)))

    assert everything(*shuffled) == everything(first, second)


@given(cohorts, cohorts)
@settings(max_examples=15)
def test_swapped_cohorts_differ_by_the_sign(first: Scores, second: Scores) -> None:
    assume(sorted(first) != sorted(second))  # the same scores on either side are nothing to swap
    mean, g, interval, p = everything(first, second)
    swapped_mean, swapped_g, swapped_interval, swapped_p = everything(second, first)

    assert swapped_mean == -mean
    assert swapped_g == (None if g is None else -g)
    assert swapped_interval == (None if interval is None else (-interval[1], -interval[0]))
    assert swapped_p == p


@given(cohorts, cohorts, st.sampled_from([Fraction(1, 3), Fraction(1), Fraction(5, 7)]))
@settings(max_examples=15)
def test_a_shift_of_both_cohorts_changes_nothing(first: Scores, second: Scores, shift: Fraction) -> None:
    shifted = everything([score + shift for score in first], [score + shift for score in second])
    mean, g, interval, p = everything(first, second)

    assert (shifted[0], shifted[3]) == (mean, p)
    assert shifted[1] == pytest.approx(g)
    assert shifted[2] == pytest.approx(interval, abs=1e-9)


def test_a_large_shift_changes_no_draw_either() -> None:
    first, second = FOURTEEN_AND_ELEVEN
    shift = Fraction(1, 3)

    assert statistics.permutation_tests([([one + shift for one in first], [one + shift for one in second])]) == (
        statistics.permutation_tests([(first, second)])
    )
    assert everything(second, first)[3] == everything(first, second)[3]


def everything(
    first: Sequence[Fraction], second: Sequence[Fraction]
) -> tuple[Fraction, float | None, tuple[float, float] | None, float]:
    mean = statistics.mean_difference(first, second)
    assert mean is not None
    return (
        mean,
        statistics.hedges_g(first, second),
        statistics.difference_interval(first, second),
        statistics.permutation_tests([(first, second)])[0],
    )
