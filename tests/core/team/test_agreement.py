"""Agreement: equal to what is published, and silent where it would say nothing."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import factorial, prod

import pytest

from app.core.team.agreement import Agreement, agreement, average_deviation, cronbach_alpha, r_wg

# Motor Trend 1974, the data set `mtcars` that comes with R: cylinders, gears, carburettors, horsepower of 32 cars.
CYLINDERS = (6, 6, 4, 6, 8, 6, 8, 4, 4, 6, 6, 8, 8, 8, 8, 8, 8, 4, 4, 4, 4, 8, 8, 8, 8, 4, 4, 4, 8, 6, 8, 4)
GEARS = (4, 4, 4, 3, 3, 3, 3, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 4, 4, 4, 3, 3, 3, 3, 3, 4, 5, 5, 5, 5, 5, 4)
CARBURETTORS = (4, 4, 1, 1, 2, 1, 4, 2, 2, 4, 4, 3, 3, 3, 4, 4, 4, 1, 2, 1, 1, 2, 2, 4, 2, 1, 2, 2, 4, 6, 8, 2)
HORSEPOWER = (
    *(110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215),
    *(230, 66, 52, 65, 97, 150, 150, 245, 175, 66, 91, 113, 264, 175, 335, 109),
)
CARS = list(zip(CYLINDERS, GEARS, CARBURETTORS, HORSEPOWER, strict=True))

Index = Callable[[Sequence[int]], Fraction | None]


def by_chance(people: int, options: int, index: Index) -> Counter[Fraction]:
    """In how many of all ways that `people` can answer the index has each value: its exact distribution by chance."""
    found: Counter[Fraction] = Counter()
    for answers in combinations_with_replacement(range(1, options + 1), people):
        value = index(answers)
        assert value is not None
        found[value] += factorial(people) // prod(factorial(times) for times in Counter(answers).values())
    return found


def critical(distribution: Counter[Fraction], *, from_below: bool) -> Fraction:
    """The least extreme value that chance reaches or passes in at most one of twenty."""
    ways, passed, last = distribution.total(), 0, Fraction(0)
    for value in sorted(distribution, reverse=not from_below):
        passed += distribution[value]
        if passed * 20 > ways:
            break
        last = value
    return last


def test_ad_m_has_the_published_critical_value() -> None:
    """Dunlap, Burke and Smith-Crowe (2003), Journal of Applied Psychology 88, 356-362, Table 3: five people, seven
    options, p = .05: 0.64 or less (as quoted in the examples of `ad.m.sim` in the manual of R's package multilevel)."""
    found = critical(by_chance(5, 7, average_deviation), from_below=True)

    assert float(found) == 0.64


def test_r_wg_has_the_published_critical_value() -> None:
    """The same, Table 2: ten people, five options, p = .05: 0.53 (as quoted in the examples of `rwg.sim` there)."""
    found = critical(by_chance(10, 5, r_wg), from_below=False)

    assert round(float(found), 2) == 0.53


def test_a_wrong_divisor_misses_the_published_values() -> None:
    def with_n_instead(answers: Sequence[int]) -> Fraction:
        middle = Fraction(sum(answers), len(answers))
        squares = sum(((one - middle) * (one - middle) for one in answers), Fraction(0))
        return 1 - squares / len(answers) / 2

    def from_the_median(answers: Sequence[int]) -> Fraction:
        middle = sorted(answers)[len(answers) // 2]
        return sum((abs(Fraction(one) - middle) for one in answers), Fraction(0)) / len(answers)

    assert round(float(critical(by_chance(10, 5, with_n_instead), from_below=False)), 2) != 0.53
    assert float(critical(by_chance(5, 7, from_the_median), from_below=True)) != 0.64


@pytest.mark.parametrize(
    ("options", "variance"), [(5, 2.00), (6, 2.92), (7, 4.00), (8, 5.25), (9, 6.67), (10, 8.25), (11, 10.00)]
)
def test_chance_has_the_published_variance(options: int, variance: float) -> None:
    """James, Demaree and Wolf (1984): (A² - 1) / 12; the values as LeBreton tabulates them for 5 to 11 options in his R
    package WGA, RWG.R, after LeBreton and Senter (2008). The levels 1 to 5 have a variance of 2.5."""
    found = r_wg([1, 2, 3, 4, 5], options)

    assert found is not None
    assert round(2.5 / float(1 - found), 2) == variance


def test_alpha_is_what_a_statistics_package_documents() -> None:
    """Reference of R's package performance (easystats), `cronbachs_alpha`: 0.09463206 for these four columns."""
    found = cronbach_alpha(CARS)

    assert found is not None
    assert round(float(found), 8) == 0.09463206


def test_alpha_needs_thirty_cases_two_questions_and_some_variation() -> None:
    assert cronbach_alpha(CARS[:30]) is not None
    assert cronbach_alpha(CARS[:29]) is None
    assert cronbach_alpha([]) is None
    assert cronbach_alpha([[one] for one in HORSEPOWER]) is None
    assert cronbach_alpha([[2, 4]] * 30) is None
    assert cronbach_alpha([[1, 5], [5, 1]] * 15) is None


def test_questions_that_say_the_same_have_an_alpha_of_one() -> None:
    assert cronbach_alpha([[level, level, level] for level in (1, 2, 3, 4, 5) * 6]) == 1


def test_two_levels_have_a_range_and_an_average_deviation() -> None:
    assert agreement([2, 5]) == Agreement(Fraction(3), Fraction(3, 2), None, "too_few", was_negative=False)


def test_one_level_agrees_with_nothing() -> None:
    assert agreement([4]) is None
    assert agreement([]) is None


def test_r_wg_needs_five_levels() -> None:
    assert r_wg([3, 3, 3, 4]) is None
    assert r_wg([3, 3, 3, 4, 4]) == Fraction(17, 20)


def test_full_agreement_is_one() -> None:
    assert agreement([3] * 5) == Agreement(Fraction(0), Fraction(0), Fraction(1), None, was_negative=False)


def test_more_scatter_than_by_chance_is_set_to_nought_and_said_so() -> None:
    """James, Demaree and Wolf (1984) cut the variance off at chance's (manual of R's multilevel, `rwg`)."""
    assert r_wg([1, 1, 1, 5, 5, 5]) == Fraction(-7, 5)
    assert agreement([1, 1, 1, 5, 5, 5]) == Agreement(Fraction(4), Fraction(2), Fraction(0), None, was_negative=True)
