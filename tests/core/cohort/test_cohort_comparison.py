"""What is said of two cohorts: whom it counts, what it leaves out, and why."""

import json
from fractions import Fraction
from math import comb

import pytest

from app.core.cohort import comparison as cohort
from app.core.cohort import statistics
from app.core.cohort.comparison import Comparison, Difference, UnlikeSittingsError
from tests.core.cohort.cohort_examples import (
    Cards,
    DataSet,
    card,
    cards,
    data_sets,
    exact,
    known,
    plain,
    questionnaire,
    sittings,
)
from tests.core.documents.forms import DIMENSIONS

EVERY_DATA_SET = pytest.mark.parametrize("peers", data_sets(), ids=[one.name for one in data_sets()])


def compared(first: Cards, second: Cards) -> Comparison:
    return cohort.compare(questionnaire(), (first, second))


def differences(comparison: Comparison) -> dict[str | None, Difference]:
    """Every dimension's, and the whole's under None."""
    assert comparison.differences is not None
    assert comparison.overall is not None
    found: dict[str | None, Difference] = dict(comparison.differences.items())
    return found | {None: comparison.overall}


def one(comparison: Comparison) -> Difference:
    return differences(comparison)["strategy"]


@EVERY_DATA_SET
def test_every_figure_is_that_of_the_organisations_scored(peers: DataSet) -> None:
    found = compared(peers.first, peers.second)
    tested: list[str | None] = []

    assert [one.n for one in found.cohorts] == [len(peers.first), len(peers.second)]
    assert tuple(found.differences or {}) == DIMENSIONS
    for name, difference in differences(found).items():
        first, second = known(peers.first, name), known(peers.second, name)
        for summary, scores in zip(
            [one.overall if name is None else one.dimensions[name] for one in found.cohorts],
            (first, second),
            strict=True,
        ):
            assert (summary.n, summary.known) == (len(scores), tuple(scores)), name
            assert summary.mean == sum(scores, Fraction(0)) / len(scores), name
        assert difference.mean_difference == sum(second) / Fraction(len(second)) - sum(first) / Fraction(len(first)), (
            name
        )
        assert difference.hedges_g == statistics.hedges_g(first, second), name
        assert difference.interval == statistics.difference_interval(first, second), name
        assert (difference.p is not None) == (26 / comb(len(first) + len(second), len(first)) <= 0.05), name
        if difference.p is not None:
            tested.append(name)
    ps = statistics.permutation_tests([(known(peers.first, name), known(peers.second, name)) for name in tested])
    assert [differences(found)[name].p for name in tested] == ps
    assert {name: one.p_holm for name, one in (found.differences or {}).items() if one.p_holm is not None} == (
        statistics.holm({name: p for name, p in zip(tested, ps, strict=True) if name is not None})
    )
    assert found.overall is not None
    assert found.overall.p_holm is None


@EVERY_DATA_SET
def test_the_same_cohorts_give_the_same_numbers_again(peers: DataSet) -> None:
    found = cohort.as_json(compared(peers.first, peers.second))

    assert cohort.as_json(compared(peers.first, peers.second)) == found
    assert cohort.as_json(compared(peers.first[::-1], peers.second[1:] + peers.second[:1])) == found
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_quartiles_worked_by_hand() -> None:
    summary = cohort.summarise(questionnaire(), cards(4, 1, 2, "5/2", 3, 5)).overall

    assert summary.scores == exact(4, 1, 2, "5/2", 3, 5)
    assert (summary.n, summary.mean, summary.median) == (6, Fraction(35, 12), Fraction(11, 4))
    assert (summary.q1, summary.q3) == (Fraction(17, 8), Fraction(15, 4))
    assert summary.sd == pytest.approx(((61.25 - 6 * (35 / 12) ** 2) / 5) ** 0.5)  # squares less six of the mean's


def test_one_organisation_has_no_spread_and_none_has_nothing() -> None:
    single = cohort.summarise(questionnaire(), cards(3)).overall
    nobody = cohort.summarise(questionnaire(), []).overall

    assert (single.mean, single.median, single.q1, single.q3) == exact(3, 3, 3, 3)
    assert (single.n, single.sd) == (1, None)
    assert (nobody.mean, nobody.median, nobody.q1, nobody.q3) == exact(None, None, None, None)
    assert (nobody.n, nobody.sd) == (0, None)


def test_differences_are_second_minus_first() -> None:
    found = one(compared(cards(1, 2, 2, 3, 2, 2), cards(3, 4, 4, 5, 4, 4)))

    assert found.mean_difference == 2
    assert found.hedges_g is not None
    assert found.hedges_g > 0
    assert found.interval is not None
    assert 0 < found.interval[0] < 2 < found.interval[1]


def test_four_against_four_have_neither_interval_nor_test() -> None:
    found = one(compared(cards(1, 2, 2, 3), cards(3, 4, 4, 5)))

    assert found.mean_difference == 2
    assert found.hedges_g == pytest.approx(2.129991080681024)
    assert (found.interval, found.p, found.p_holm) == (None, None, None)
    assert found.notes == ("no_interval", "no_test", "unstable")


def test_five_against_six_have_an_interval_and_no_test() -> None:
    found = differences(compared(cards(1, 2, 2, 3, 1), cards(3, 4, 4, 5, 4, 2)))

    for difference in found.values():  # the whole too: no p where so few were compared
        assert difference.interval is not None
        assert (difference.p, difference.p_holm) == (None, None)
        assert difference.notes == ("no_test", "unstable")


def test_six_against_six_are_tested() -> None:
    """All of one lower than all of the other: 2 of 924 splits, and 13 times that after Holm: 26/924 < .05."""
    found = compared(cards(1, "3/2", 2, "5/2", "5/4", 3), cards("7/2", "13/4", 4, "9/2", "15/4", 5))

    assert one(found).p == 2 / 924
    assert one(found).p_holm == pytest.approx(26 / 924)
    assert one(found).notes == ("unstable",)
    assert found.overall is not None
    assert (found.overall.p, found.overall.p_holm) == (2 / 924, None)


def test_ten_against_ten_are_no_longer_unstable() -> None:
    assert one(compared(sittings(10, 1, (1, 2, 3)), sittings(10, 2, (1, 2, 3)))).notes == ()
    assert one(compared(sittings(9, 1, (1, 2, 3)), sittings(30, 2, (1, 2, 3)))).notes == ("unstable",)


def test_where_nothing_varies_g_and_interval_are_not_defined() -> None:
    apart, equal = one(compared([plain(3)] * 6, [plain(4)] * 6)), one(compared([plain(3)] * 6, [plain(3)] * 6))

    assert (apart.mean_difference, equal.mean_difference) == exact(1, 0)
    assert (apart.interval, apart.hedges_g, apart.p) == (None, None, 2 / 924)
    assert (equal.interval, equal.hedges_g, equal.p) == (None, None, 1.0)
    assert apart.notes == equal.notes == ("no_variation", "unstable")


def test_an_organisation_counts_where_it_is_scored() -> None:
    silent = dict.fromkeys(DIMENSIONS, Fraction(2)) | {"strategy": None}
    first = [card(silent, Fraction(2)), *cards(1, 2, 3, 2, 1, 2)]
    second = cards(4, 4, 5, 3, 4, 4)

    found = compared(first, second)

    summary = found.cohorts[0].dimensions["strategy"]
    assert (found.cohorts[0].n, summary.n, found.cohorts[0].dimensions["culture"].n) == (7, 6, 7)
    assert summary.scores == exact(None, 1, 2, 3, 2, 1, 2)
    without = one(compared(cards(1, 2, 3, 2, 1, 2), second))
    assert (one(found).mean_difference, one(found).hedges_g) == (without.mean_difference, without.hedges_g)
    assert (one(found).interval, one(found).p) == (without.interval, without.p)


def test_where_nobody_is_scored_nothing_is_compared_and_holm_counts_the_others() -> None:
    silent: dict[str, Fraction | None] = {**dict.fromkeys(DIMENSIONS, Fraction(2)), "strategy": None}
    found = compared([card(silent, Fraction(2))] * 6, cards(4, 4, 5, 3, 4, 4))

    assert one(found) == Difference(None, None, None, None, None, ("not_scored",))
    assert differences(found)["culture"].p == 2 / 924
    assert differences(found)["culture"].p_holm == pytest.approx(12 * 2 / 924)


def test_one_or_up_to_six_cohorts_stand_beside_each_other_without_differences() -> None:
    for count in (1, 3, 6):
        found = cohort.compare(questionnaire(), [cards(1, 2)] * count)
        assert (len(found.cohorts), found.differences, found.overall) == (count, None, None)
    for count in (0, 7):
        with pytest.raises(ValueError, match=f"1 to 6 cohorts are compared, not {count}"):
            cohort.compare(questionnaire(), [cards(1, 2)] * count)


def test_a_full_sitting_is_not_compared_with_a_pulse() -> None:
    with pytest.raises(UnlikeSittingsError):
        compared(sittings(2, 1, (1, 2)), sittings(2, 2, (1, 2), "full"))


def test_the_json_has_the_contracts_keys_and_plain_doubles() -> None:
    found = cohort.as_json(compared(cards(1, 2, 2, 3), cards(3, 4, 4, 5)))

    assert set(found) == {"cohorts", "differences", "overall"}
    assert found["overall"] == {
        "mean_difference": 2.0,
        "interval": None,
        "hedges_g": pytest.approx(2.129991080681024),
        "p": None,
        "p_holm": None,
        "note": "No interval under 5 organisations. "
        "No test: with so few organisations no difference of a dimension could be significant "
        "after Holm's correction; the whole is not tested either. "
        "Unstable under 10 organisations.",
    }
    first, _ = found["cohorts"] if isinstance(found["cohorts"], list) else []
    summary = {"n": 4, "mean": 2.0, "median": 2.0, "q1": 1.75, "q3": 2.25, "sd": pytest.approx((2 / 3) ** 0.5)}
    assert first == {"n": 4, "overall": summary, "dimensions": dict.fromkeys(DIMENSIONS, summary)}


def test_a_difference_without_remarks_has_no_note() -> None:
    found = cohort.as_json(compared(sittings(10, 1, (1, 2, 3)), sittings(10, 2, (1, 2, 3))))

    assert isinstance(found["overall"], dict)
    assert found["overall"]["note"] is None
