"""Before and after: pairs, not cohorts; and a full sitting seen as a pulse."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from app.core.answers.document import RefusedError
from app.core.cohort import paired
from app.core.cohort.comparison import UnlikeSittingsError
from app.core.cohort.paired import Sittings
from app.core.scoring import scorecard
from tests.core.cohort.cohort_examples import accepted, card, cards, exact, questionnaire, raw, scored, sittings
from tests.core.documents.forms import DIMENSIONS, FULL, PULSE


def pairs(before: list[str], after: list[str]) -> list[Sittings]:
    return list(zip(cards(*before), cards(*after), strict=True))


BEFORE = ["2", "5/2", "3", "2", "7/3", "4", "3", "2", "3/2", "5/2"]
AFTER = ["3", "3", "3", "5/2", "3", "7/2", "4", "5/2", "3", "3"]


def test_changes_are_later_minus_earlier() -> None:
    found = paired.compare_sittings(questionnaire(), pairs(BEFORE, AFTER)).dimensions["strategy"]
    changes = [Fraction(after) - Fraction(before) for before, after in zip(BEFORE, AFTER, strict=True)]

    assert found.changes == tuple(changes)
    assert (found.n, found.before, found.after) == (10, Fraction(149, 60), Fraction(61, 20))
    assert found.mean_change == Fraction(61, 20) - Fraction(149, 60)
    t = stats.ttest_rel([float(Fraction(one)) for one in AFTER], [float(Fraction(one)) for one in BEFORE]).statistic
    assert found.d_z == pytest.approx(float(t) / 10**0.5)
    assert found.interval is not None
    assert found.interval[0] < float(found.mean_change) < found.interval[1]
    assert found.notes == ()


def test_p_is_scipys_sign_flip_test_and_holm_goes_over_the_dimensions() -> None:
    whole = paired.compare_sittings(questionnaire(), pairs(BEFORE, AFTER))
    changes = np.array([float(Fraction(after) - Fraction(before)) for before, after in zip(BEFORE, AFTER, strict=True)])

    expected = stats.permutation_test((changes,), np.mean, permutation_type="samples", n_resamples=2000).pvalue

    found = whole.dimensions["strategy"]
    assert found.p == float(expected)
    assert found.p_holm == pytest.approx(min(1.0, 13 * float(expected)))
    assert (whole.overall.p, whole.overall.p_holm) == (found.p, None)


def test_nine_pairs_have_no_test_and_four_no_interval() -> None:
    nine = paired.compare_sittings(questionnaire(), pairs(BEFORE[:9], AFTER[:9])).overall
    four = paired.compare_sittings(questionnaire(), pairs(BEFORE[:4], AFTER[:4])).overall

    assert (nine.p, nine.p_holm, nine.notes) == (None, None, ("no_test", "unstable"))
    assert nine.interval is not None
    assert (four.interval, four.notes) == (None, ("no_interval", "no_test", "unstable"))


def test_where_all_change_alike_nothing_is_standardised() -> None:
    found = paired.compare_sittings(questionnaire(), pairs(["7/3", "3"] * 5, ["8/3", "10/3"] * 5)).overall

    assert (found.mean_change, found.d_z, found.interval) == (Fraction(1, 3), None, None)
    assert found.p == 2 / 1024
    assert found.notes == ("no_variation",)


def test_a_pair_counts_where_both_sittings_are_scored() -> None:
    half: dict[str, Fraction | None] = {**dict.fromkeys(DIMENSIONS, Fraction(2)), "strategy": None}
    found = paired.compare_sittings(
        questionnaire(), [(card(half), card(Fraction(4))), (card(Fraction(3)), card(Fraction(4)))]
    )

    assert found.n == 2
    assert found.dimensions["strategy"].changes == exact(None, 1)
    assert (found.dimensions["strategy"].n, found.dimensions["culture"].n) == (1, 2)
    assert (found.dimensions["strategy"].before, found.dimensions["culture"].before) == exact(3, "5/2")


def test_nobody_twice_is_nothing_to_compare() -> None:
    found = paired.compare_sittings(questionnaire(), [])

    assert (found.n, found.overall.mean_change, found.overall.p) == (0, None, None)
    assert found.overall.notes == ("not_scored",)


def test_forms_do_not_mix() -> None:
    with pytest.raises(UnlikeSittingsError):
        paired.compare_sittings(questionnaire(), [(sittings(1, 1, (3,), "full")[0], sittings(1, 1, (3,))[0])])


def test_the_json_says_that_change_is_no_proof() -> None:
    found = paired.as_json(paired.compare_sittings(questionnaire(), pairs(["2", "3"], ["3", "3"])))

    assert (found["n"], found["note"]) == (2, "Change is not proof of effect.")
    assert found["overall"] == {
        "n": 2,
        "before": 2.5,
        "after": 3.0,
        "mean_change": 0.5,
        "interval": None,
        "d_z": pytest.approx(0.5**0.5),
        "p": None,
        "p_holm": None,
        "note": "No interval under 5 organisations. "
        "No test: with so few organisations no change of a dimension could be significant "
        "after Holm's correction; the whole is not tested either. "
        "Unstable under 10 organisations.",
    }


def test_a_full_sitting_becomes_the_pulse_that_was_in_it() -> None:
    levels: dict[str, int | str] = {id_: place % 5 + 1 for place, id_ in enumerate(FULL)}
    aims: dict[str, object] = {"targets": {"strategy": 5}, "importance": {"design": 5}, "default_target": 3}
    asked = {"text": "A map", "way": "financial", "question": "design.journey"}
    unasked = {"text": "A deed", "way": "emotional", "question": "strategy.journey"}
    full = raw(levels, form="full") | aims
    full |= {"agreed": {"strategy.purpose": 2, "strategy.journey": 4}, "actions": [unasked, asked]}
    pulse = raw({id_: level for id_, level in levels.items() if id_ in PULSE}) | aims
    pulse |= {"agreed": {"strategy.purpose": 2}, "actions": [{"text": "A deed", "way": "emotional"}, asked]}

    found = paired.as_pulse(questionnaire(), accepted(full))

    assert found == accepted(pulse)
    assert scorecard.score(questionnaire(), found) == scored(pulse)
    assert paired.as_pulse(questionnaire(), found) is found


def test_a_questionnaire_without_a_pulse_has_none_to_become() -> None:
    without = questionnaire().model_copy(update={"forms": {"full": questionnaire().forms["full"]}})

    with pytest.raises(RefusedError, match="cx-grid has no form 'pulse'"):
        paired.as_pulse(without, accepted(raw(dict.fromkeys(FULL, 3), form="full")))
