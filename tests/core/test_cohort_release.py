"""The one release of a confidential cohort: what it says, and that it says no more."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cohort import UnlikeSittingsError
from app.core.release import Average, Counted, Release, release
from tests.core.cohort_examples import card, cards, sittings
from tests.core.documents.forms import DIMENSIONS

levels = st.builds(Fraction, st.integers(6, 30), st.just(6))


def overall(*values: int | str | Fraction) -> Average:
    found = release(cards(*values))
    assert found is not None
    return found.overall


def test_five_organisations_release_their_means_and_nothing_else() -> None:
    found = release(cards(1, 2, 2, 3, "13/4"))

    average = Average(value=Decimal("2.3"))  # 2.25: halves go up
    assert found == Release(n=5, overall=average, dimensions=dict.fromkeys(DIMENSIONS, average))
    assert set(Release.model_fields) == {"n", "overall", "dimensions", "counted"}
    assert set(Counted.model_fields) == {"joined", "answered", "finished"}
    assert set(Average.model_fields) == {"value", "bound"}


def test_four_release_nothing() -> None:
    assert release(cards(1, 2, 3, 4)) is None
    assert release([]) is None


def test_only_organisations_scored_in_every_dimension_count() -> None:
    partly: dict[str, Fraction | None] = {**dict.fromkeys(DIMENSIONS, Fraction(5)), "culture": None}

    assert release([*cards(1, 2, 2, 3), card(partly, Fraction(5))]) is None
    assert release([*cards(1, 2, 2, 3, 2), card(partly, Fraction(5))]) == release(cards(1, 2, 2, 3, 2))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 1, 1, 1, 1), Average(value=Decimal("1.5"), bound="under")),
        ((1, 1, 1, 1, "6/5"), Average(value=Decimal("1.5"), bound="under")),  # 1.04
        ((1, 1, 1, 1, "5/4"), Average(value=Decimal("1.1"))),  # 1.05
        ((5, 5, 5, 5, "19/4"), Average(value=Decimal("4.5"), bound="over")),  # 4.95
        ((5, 5, 5, 5, "14/3"), Average(value=Decimal("4.9"))),  # 4.93
        ((3, 3, 3, 3, "11/4"), Average(value=Decimal("3.0"))),  # 2.95, across a stage's boundary all the same
        ((3, 3, 3, 3, "14/5"), Average(value=Decimal("3.0"))),  # 2.96, and not as 2.96
        ((2, 2, 2, 2, "9/4"), Average(value=Decimal("2.1"))),  # 2.05: half up, where a double lies below
    ],
)
def test_means_have_one_decimal_and_the_ends_of_the_scale_a_bound(
    values: tuple[int | str, ...], expected: Average
) -> None:
    assert overall(*values) == expected


def test_a_release_survives_json() -> None:
    found = release(cards(5, 5, 5, 5, 5))
    assert found is not None

    assert Release.model_validate_json(found.model_dump_json()) == found


def test_forms_do_not_mix() -> None:
    with pytest.raises(UnlikeSittingsError):
        release(sittings(3, 1, (1, 2)) + sittings(3, 2, (1, 2), "full"))


@given(st.lists(levels, min_size=5, max_size=9), st.data())
@settings(max_examples=50)
def test_who_is_who_does_not_show(values: list[Fraction], data: st.DataObject) -> None:
    """Any other scores with the same sum release the same: one and another trade a twelfth of a level."""
    places = st.integers(0, len(values) - 1)
    giver, taker = data.draw(places), data.draw(places)
    traded = list(values)
    traded[giver] -= Fraction(1, 12)
    traded[taker] += Fraction(1, 12)

    assert release(cards(*traded)) == release(cards(*values))
