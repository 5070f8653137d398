"""The one release of a confidential cohort: what it says, in which words, and what it holds back."""

import json
import random
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cohort import release as told
from app.core.cohort.comparison import UnlikeSittingsError
from app.core.cohort.disclosure import Layout, Place, Window, stays_open
from app.core.cohort.release import (
    Average,
    Counted,
    Nothing,
    Outcome,
    Release,
    as_told_now,
    averages,
    complete,
    cut_off,
    layout_of,
    read_outcome,
    release,
    window,
)
from tests.core.cohort.cohort_examples import Cards, card, cards, questionnaire, sittings
from tests.core.documents.forms import DIMENSIONS, DISCIPLINES
from tests.core.secretive import KINDS, constructed, realistic
from tests.core.secretive import sittings as counting

levels = st.builds(Fraction, st.integers(6, 30), st.just(6))
EARLIER = '{"n":5,"overall":{"value":"%s","bound":%s},"dimensions":{},"counted":null}'


def released(sat: Cards) -> Outcome:
    return release(questionnaire(), "pulse", complete(sat))


def overall(*values: int | str | Fraction) -> Average | None:
    found = released(cards(*values))
    assert isinstance(found, Release)
    return found.overall


def test_five_organisations_release_their_means_and_nothing_else() -> None:
    average = Average(value=Decimal("2.3"))  # 2.25: halves go up
    means = dict.fromkeys(DIMENSIONS, average)
    assert released(cards(1, 2, 2, 3, "13/4")) == Release(n=5, overall=average, dimensions=means, rule=2)
    assert set(Release.model_fields) == {"n", "overall", "dimensions", "held_back", "counted", "rule"}
    assert set(Nothing.model_fields) == {"nothing", "counted"}
    assert set(Counted.model_fields) == {"joined", "answered", "finished"}
    assert set(Average.model_fields) == {"value", "bound"}


def test_four_release_nothing_not_even_how_many_they_are() -> None:
    assert released(cards(1, 2, 3, 4)) == released([]) == Nothing(nothing="too_few")


def test_only_organisations_scored_in_every_dimension_count() -> None:
    partly: dict[str, Fraction | None] = {**dict.fromkeys(DIMENSIONS, Fraction(5)), "culture": None}

    assert released([*cards(1, 2, 2, 3), card(partly, Fraction(5))]) == Nothing(nothing="too_few")
    assert released([*cards(1, 2, 2, 3, 2), card(partly, Fraction(5))]) == released(cards(1, 2, 2, 3, 2))


@pytest.mark.parametrize(
    ("n", "cut"),
    [(5, "2.2"), (6, "2.0"), (7, "1.9"), (8, "1.8"), (10, "1.6"), (12, "1.5"), (15, "1.4"), (20, "1.3"), (30, "1.2")],
)
def test_the_fewer_they_are_the_sooner_a_mean_is_told_as_a_bound_only(n: int, cut: str) -> None:
    assert cut_off(n) == Decimal(cut)


def test_a_dimension_of_one_question_is_bounded_sooner() -> None:
    assert [cut_off(n, 1) for n in (5, 10, 13)] == [Decimal("2.3"), Decimal("1.7"), Decimal("1.5")]
    layout = Layout(2, {None: (0, 1), "one": (0,), "more": (0, 1)}, 2)
    means = averages(layout, [dict.fromkeys(layout.places, Fraction("2.25"))] * 5)
    assert means["one"] == Average(value=Decimal("2.3"), bound="under")
    assert means["more"] == means[None] == Average(value=Decimal("2.3"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 1, 1, 1, 1), Average(value=Decimal("2.2"), bound="under")),
        ((2, 2, 2, 2, "29/10"), Average(value=Decimal("2.2"), bound="under")),  # 2.18, which rounds to 2.2
        ((2, 2, 2, 2, 3), Average(value=Decimal("2.2"))),
        ((4, 4, 4, 4, "31/10"), Average(value=Decimal("3.8"), bound="over")),  # 3.82, the same
        ((4, 4, 4, 4, 3), Average(value=Decimal("3.8"))),
        ((5, 5, 5, 5, 5), Average(value=Decimal("3.8"), bound="over")),
        ((3, 3, 3, 3, "11/4"), Average(value=Decimal("3.0"))),  # 2.95, across a stage's boundary all the same
        ((3, 3, 3, 3, "14/5"), Average(value=Decimal("3.0"))),  # 2.96, and not as 2.96
        ((2, 2, 2, 3, "9/4"), Average(value=Decimal("2.3"))),  # 2.25: half up, where a double lies below
    ],
)
def test_a_mean_is_compared_exactly_and_then_told_to_one_decimal(
    values: tuple[int | str, ...], expected: Average
) -> None:
    assert overall(*values) == expected


@pytest.mark.parametrize(
    ("value", "bound", "low", "high", "has_low", "has_high"),
    [
        ("2.2", "under", "1", "2.2", True, False),
        ("3.8", "over", "3.8", "5", False, True),
        ("2.2", None, "2.2", "2.25", True, False),  # not from 2.15 on: that would be under 2.2
        ("3.0", None, "2.95", "3.05", True, False),
        ("3.8", None, "3.75", "3.8", True, True),  # not to 3.85: that would be over 3.8
    ],
)
def test_a_window_is_what_follows_from_the_words(  # noqa: PLR0913 - a row of the table
    value: str, bound: str | None, low: str, high: str, has_low: bool, has_high: bool
) -> None:
    average = Average.model_validate_json(json.dumps({"value": value, "bound": bound}))
    assert window(average, Decimal("2.2")) == Window(Fraction(low), Fraction(high), has_low, has_high)


@given(st.lists(levels, min_size=5, max_size=9), st.sampled_from([1, 2, 7]))
def test_every_mean_lies_in_the_window_of_what_is_told_of_it(values: list[Fraction], questions: int) -> None:
    layout = Layout(questions, {None: tuple(range(questions))}, 1)
    average = averages(layout, [{None: value} for value in values])[None]
    found = window(average, cut_off(len(values), questions))
    mean = sum(values, Fraction(0)) / len(values)
    assert (
        found.low < mean < found.high
        or (mean == found.low and found.has_low)
        or (mean == found.high and found.has_high)
    )


# What is held back


def test_what_disciplines_pillars_and_the_whole_tell_together_is_held_back() -> None:
    sat = counting(constructed(), "full")
    layout = layout_of(questionnaire(), "full")
    whole = averages(layout, [one.scores for one in sat])

    found = release(questionnaire(), "full", sat)

    told_alone = {place: whole[place] for place in DISCIPLINES}
    assert found == Release(n=10, dimensions=told_alone, held_back="overlapping", rule=2)
    assert whole["strategy"] == Average(value=Decimal("1.6"), bound="under")


def test_where_nothing_is_safe_only_their_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "stays_open", lambda *_: False)
    assert released(cards(2, 3, 3, 3, 4)) == Release(n=5, held_back="everything", rule=2)


def test_what_the_solver_does_not_solve_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.cohort.disclosure.SECONDS", 0.0)
    assert released(cards(2, 3, 3, 3, 4)) == Release(n=5, held_back="everything", rule=2)


def test_workshops_as_they_are_need_no_holding_back() -> None:
    for form in ("pulse", "full"):
        for n in (6, 12):
            found = release(questionnaire(), form, counting(realistic(form, n, 1), form))
            assert isinstance(found, Release)
            assert (found.held_back, len(found.dimensions)) == (None, 13)


def test_each_view_is_worked_out_once_and_members_alike_share_one() -> None:
    looked: list[None] = []
    sat = counting(KINDS["one high among low"]("pulse", 6, 1), "pulse")
    assert release(questionnaire(), "pulse", sat, lambda: looked.append(None)) != Nothing(nothing="too_few")
    assert len(looked) == 1 + len({tuple(one.scores.items()) for one in sat})
    looked.clear()
    release(questionnaire(), "pulse", [sat[0]] * 30, lambda: looked.append(None))
    assert len(looked) == 2


LAYOUT = Layout(3, {None: (0, 1, 2), "a": (0, 1), "b": (2,), "c": (0,), "d": (1, 2)}, 2)
"""Two frameworks of two dimensions."""


def is_open(told: dict[Place, Window], members: list[tuple[int, ...]]) -> bool:
    """The same by trying every answer that one of five can have given, with every sum of the rest's."""
    for own in (None, *members):
        rest = len(members) - 1 - (own is not None)
        ones = np.array(list(product(range(1, 6), repeat=3)))
        rests = np.array(list(product(range(rest, 5 * rest + 1), repeat=3)))
        fits = np.ones((len(ones), len(rests)), bool)
        for place, bounds in told.items():
            its = list(LAYOUT.places[place])
            n = len(members) * len(its)
            sums = ones[:, its].sum(1)[:, None] + rests[:, its].sum(1) + sum(own[one] if own else 0 for one in its)
            low, high = float(bounds.low * n), float(bounds.high * n)
            fits &= (sums > low - 1e-9) if bounds.has_low else (sums > low + 1e-9)
            fits &= (sums < high + 1e-9) if bounds.has_high else (sums < high - 1e-9)
        left = ones[fits.any(1)]
        for its in map(list, LAYOUT.places.values()):
            scores = left[:, its].sum(1)
            if (scores.max() - scores.min()) * 2 < 3 * len(its):
                return False
    return True


def test_the_linear_programme_finds_what_trying_everything_finds() -> None:
    chance = random.Random(3)  # noqa: S311 - made-up answers
    found = []
    for top in (1, 2, 2, 3, 5) * 8:
        members = [tuple(chance.randint(1, top) for _ in range(3)) for _ in range(5)]
        places = LAYOUT.places.items()
        scores = [
            {place: Fraction(sum(one[its] for its in numbers), len(numbers)) for place, numbers in places}
            for one in members
        ]
        # Narrower than the law tells, so that many are not open.
        means = {place: sum((one[place] for one in scores), Fraction(0)) / 5 for place in LAYOUT.places}
        reach = Fraction(chance.randint(0, 8), 10)
        told = {
            place: Window(mean - reach, mean + reach, *(reach == 0 or chance.random() < 0.5 for _ in "lh"))
            for place, mean in means.items()
            if chance.random() < 0.8
        }
        found.append(stays_open(LAYOUT, told, scores))
        assert found[-1] == is_open(told, members), (members, told)
    assert 8 <= sum(found) <= 32


# What was kept


def test_a_release_survives_json() -> None:
    for sat in (cards(5, 5, 5, 5, 5), cards(1, 2)):
        found = released(sat)
        assert read_outcome(found.model_dump_json()) == found


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        ("1.5", "under", Average(value=Decimal("2.2"), bound="under")),
        ("1.8", None, Average(value=Decimal("2.2"), bound="under")),
        ("2.2", None, Average(value=Decimal("2.2"))),
        ("3.1", None, Average(value=Decimal("3.1"))),
        ("3.9", None, Average(value=Decimal("3.8"), bound="over")),
        ("4.5", "over", Average(value=Decimal("3.8"), bound="over")),
    ],
)
def test_what_the_earlier_rule_released_is_read_and_told_with_todays_bounds(
    value: str, bound: str | None, expected: Average
) -> None:
    kept = read_outcome(EARLIER % (value, f'"{bound}"' if bound else "null"))
    assert isinstance(kept, Release)
    assert as_told_now(questionnaire(), "pulse", kept).overall == expected


def test_what_todays_rule_released_is_told_as_it_is() -> None:
    found = released(cards(1, 1, 1, 1, 1))
    assert isinstance(found, Release)
    assert as_told_now(questionnaire(), "pulse", found) is found


def test_forms_do_not_mix() -> None:
    with pytest.raises(UnlikeSittingsError):
        complete(sittings(3, 1, (1, 2)) + sittings(3, 2, (1, 2), "full"))


@given(st.lists(levels, min_size=5, max_size=9), st.data())
@settings(max_examples=20)
def test_who_is_who_does_not_show(values: list[Fraction], data: st.DataObject) -> None:
    """Any other scores with the same sum are told the same: one and another trade a twelfth of a level."""
    places = st.integers(0, len(values) - 1)
    giver, taker = data.draw(places), data.draw(places)
    traded = list(values)
    traded[giver] -= Fraction(1, 12)
    traded[taker] += Fraction(1, 12)
    layout = layout_of(questionnaire(), "pulse")

    before, after = (
        averages(layout, [dict.fromkeys(layout.places, one) for one in scores]) for scores in (values, traded)
    )

    assert before == after
