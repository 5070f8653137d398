"""The overview of an open cohort, counted by hand."""

from fractions import Fraction

import pytest

from app.core.cohort.comparison import UnlikeSittingsError, summarise
from app.core.cohort.overview import Coherence, Count, Distribution, Ranking, overview
from app.core.scoring.scorecard import Scorecard
from tests.core.cohort.cohort_examples import exact, plain, questionnaire, raw, scored, sittings
from tests.core.documents.forms import DIMENSIONS, PULSE

WEAK_CULTURE = {"culture__purpose": 1, "culture__alignment": 1, "culture__cocreation": 1}


def answered(level: int | str, **others: int | str) -> Scorecard:
    """A pulse with one level everywhere but where said: `strategy__purpose=5`."""
    return scored(raw(dict.fromkeys(PULSE, level) | {id_.replace("__", "."): one for id_, one in others.items()}))


def test_a_questions_map_and_distribution_count_organisations() -> None:
    team = scored(raw(dict.fromkeys(PULSE, 2), dict.fromkeys(PULSE, 3)))  # one organisation at 2.5: it has reached 2
    open_there = scored(raw({id_: 4 for id_ in PULSE if id_ != "design.journey"}))
    found = overview(
        questionnaire(),
        [
            team,
            open_there,
            answered(5, design__journey=1),
            answered(3, design__journey="dont_know"),
            answered(3, design__journey="not_applicable"),
        ],
    )

    journey, purpose = found.questions["design.journey"], found.questions["strategy.purpose"]
    assert tuple(found.questions) == PULSE
    assert (journey.n, journey.mean) == (2, Fraction(7, 4))
    assert journey.distribution == Distribution(levels=(1, 1, 0, 0, 0), dont_know=1, not_applicable=1, open=1)
    assert (purpose.n, purpose.mean) == (5, Fraction(7, 2))
    assert purpose.distribution == Distribution(levels=(0, 1, 2, 1, 1), dont_know=0, not_applicable=0, open=0)


def test_every_organisation_is_a_dot_in_order() -> None:
    peers = [plain(3), plain(1), answered("dont_know"), plain(5)]

    found = overview(questionnaire(), peers)

    assert found.summary == summarise(questionnaire(), peers)
    assert found.summary.dimensions["culture"].scores == exact(3, 1, None, 5)
    assert found.summary.overall.scores == exact(3, 1, None, 5)


def test_the_most_frequent_priorities_come_first_and_equals_in_order() -> None:
    weak_culture = {"culture__purpose": 1, "culture__alignment": 1, "culture__cocreation": 1}
    peers = [
        answered(4, **weak_culture),
        answered(4, **weak_culture),
        answered(4, metrics__technology=1, metrics__management=1),
    ]

    found = overview(questionnaire(), peers)

    named = [id_ for card in peers for id_ in card.priorities]
    assert found.priorities[0] == Count("culture", 2)
    assert {count.id: count.organisations for count in found.priorities} == {id_: named.count(id_) for id_ in named}
    counts = [(-count.organisations, DIMENSIONS.index(count.id)) for count in found.priorities]
    assert counts == sorted(counts)


def test_blind_spots_are_counted_by_organisation() -> None:
    peers = [
        answered(3, design__journey="dont_know", design__technology="dont_know"),
        answered(3, design__journey="dont_know"),
        answered(3),
    ]

    found = overview(questionnaire(), peers)

    # Design: 2 of 3 unknown in one, exactly a third, which is not over it, in another; journey has 2 questions.
    assert found.blind_spots == (Count("journey", 2), Count("design", 1), Count("technology", 1))
    assert found.unknown == (Count("design.journey", 2), Count("design.technology", 1))


def test_strengths_weaknesses_and_gaps_go_by_the_mean() -> None:
    peers = [
        answered(
            3,
            strategy__purpose=5,
            strategy__promises=5,
            culture__purpose=1,
            culture__alignment=1,
            culture__cocreation=1,
        ),
        answered(3, metrics__technology=5, metrics__management=5),
    ]

    found = overview(questionnaire(), peers)

    means = {id_: one.mean for id_, one in found.summary.dimensions.items()}
    assert means["strategy"] == means["metrics"] == 4
    assert found.strengths.named[:2] == ("strategy", "metrics")
    assert found.weaknesses.named[0] == "culture"
    assert found.gaps.named[0] == "culture"
    assert found.mean_gaps["culture"] == Fraction(2)  # target 4: gaps of 3 and 1
    assert found.mean_gaps["strategy"] == Fraction(
        1, 2
    )  # an organisation past its target has no gap, not less than none


def test_equals_of_the_third_are_tied() -> None:
    found = overview(questionnaire(), [plain(3), plain(4)])

    assert found.strengths == found.weaknesses == found.gaps == Ranking(DIMENSIONS[:3], DIMENSIONS[3:])


def test_nobody_lacks_what_has_reached_its_target() -> None:
    found = overview(questionnaire(), [plain(5), plain(4)])

    assert found.gaps == Ranking((), ())
    assert found.priorities == ()


def test_a_cohort_of_nobody_is_empty() -> None:
    found = overview(questionnaire(), [])

    assert (found.summary.n, found.questions, found.priorities) == (0, {}, ())
    assert found.strengths == Ranking((), ())


def test_forms_do_not_mix() -> None:
    with pytest.raises(UnlikeSittingsError):
        overview(questionnaire(), sittings(1, 1, (3,)) + sittings(1, 1, (3,), "full"))


def test_a_dimensions_questions_hang_together_only_from_thirty_complete_organisations() -> None:
    # Two questions, levels (1, 1), (3, 3), (5, 5): each pair equal, so the sums vary four times as each does.
    alike = [answered(level) for level in (1, 3, 5) for _ in range(10)]
    incomplete = answered(5, strategy__purpose="dont_know")

    told = overview(questionnaire(), [*alike, incomplete]).coherence
    assert told["strategy"] == Coherence(Fraction(1), 30)
    assert told["culture"].n == 31

    under = overview(questionnaire(), [*alike[1:], incomplete]).coherence
    assert under["strategy"] == Coherence(None, 29)
    assert under["culture"].alpha == 1
