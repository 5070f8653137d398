"""What holds of every scorecard, whatever was answered."""

import json
from fractions import Fraction
from math import floor
from typing import NamedTuple, NotRequired, TypedDict, cast

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.documents.engine import scorecard_of
from tests.core.documents.forms import DIMENSIONS, FULL, PULSE

Answers = dict[str, int | str]

RecommendationJson = TypedDict("RecommendationJson", {"question": str, "dimension": str, "from": int, "to": int})


class FloorJson(TypedDict):
    """The score and the stage if every unknown or open question were at level 1."""

    score: float | None
    stage: int | None


class ScoreJson(TypedDict):
    """What the whole and a dimension have in common."""

    score: float | None
    index: float | None
    stage: int | None
    held_down_by: list[str]
    blind_spots: float | None
    floor: FloorJson


class DimensionJson(ScoreJson):
    """A dimension in the contract's form."""

    answered: int
    applicable: int
    dont_know: int
    target: int
    gap: float | None
    importance: int
    priority: float | None
    not_scored: NotRequired[str]


class CardJson(TypedDict):
    """A scorecard in the contract's form."""

    overall: ScoreJson
    dimensions: dict[str, DimensionJson]
    grid: dict[str, float | None]
    priorities: list[str]
    tied: list[str]
    by_gap: list[str]
    find_out_first: list[str]
    to_discuss: list[str]
    flags: list[str]
    recommendations: list[RecommendationJson]
    agreed: "CardJson | None"


class Sitting(NamedTuple):
    """What the tests vary of an answer document."""

    form: str
    business_stage: str
    respondents: list[Answers]
    more: dict[str, object]

    def document(self) -> dict[str, object]:
        return {
            "questionnaire": "cx-grid",
            "edition": "2026-1",
            "form": self.form,
            "organisation": "Example d.o.o.",
            "language": "en",
            "business_stage": self.business_stage,
            "respondents": [{"role": "other", "answers": answers} for answers in self.respondents],
        } | self.more

    def card(self) -> CardJson:
        return cast("CardJson", scorecard_of(self.document()))


LEVELS: list[int | str | None] = [3, 1, 2, 4, 5]
MARKS: list[list[int | str | None]] = [
    LEVELS,
    [*LEVELS, *LEVELS, *LEVELS, "dont_know", "not_applicable", None],
    [*LEVELS, "dont_know", "dont_know", "not_applicable", "not_applicable", None, None],
]


@st.composite
def sittings(draw: st.DrawFn) -> Sitting:
    """A full or pulse sitting of one to three respondents: all answered, mostly, or about half."""
    form, questions = draw(st.sampled_from([("pulse", PULSE), ("full", FULL)]))
    mark = st.sampled_from(draw(st.sampled_from(MARKS)))
    row = st.lists(mark, min_size=len(questions), max_size=len(questions))
    respondents: list[Answers] = [
        {question: answer for question, answer in zip(questions, answers, strict=True) if answer is not None}
        for answers in draw(st.lists(row, min_size=1, max_size=3))
    ]
    per_dimension = st.dictionaries(st.sampled_from(DIMENSIONS), st.integers(1, 5), max_size=5)
    more: dict[str, object] = {
        "targets": draw(per_dimension),
        "importance": draw(per_dimension),
        "agreed": draw(st.dictionaries(st.sampled_from(questions), st.integers(1, 5), max_size=3)),
    }
    if draw(st.booleans()):
        more["default_target"] = draw(st.integers(1, 5))
    stage = draw(st.sampled_from(["pre_revenue", "first_customers", "growing", "established"]))
    return Sitting(form, stage, respondents, more)


@st.composite
def sittings_of_thirds(draw: st.DrawFn) -> Sitting:
    """Three respondents near 3: means of thirds that often add up to 3 exactly, where floats fall short of it."""
    row = st.lists(st.integers(2, 4), min_size=len(FULL), max_size=len(FULL))
    respondents: list[Answers] = [dict(zip(FULL, draw(row), strict=True)) for _ in range(3)]
    return Sitting("full", "first_customers", respondents, {})


def exact(number: float) -> Fraction:
    """The fraction of which the double is the nearest: at most 3 respondents and 42 questions, so no large divisor."""
    fraction = Fraction(number).limit_denominator(2000)
    assert float(fraction) == number
    return fraction


def scores_of(card: CardJson) -> dict[str, ScoreJson]:
    """The whole and its dimensions."""
    return {"overall": card["overall"], **card["dimensions"]}


def levels_in(card: CardJson, dimension: str) -> dict[str, Fraction]:
    """The levels of a dimension's questions, exact, in order."""
    return {
        question: exact(level)
        for question, level in card["grid"].items()
        if level is not None and dimension in question.split(".")
    }


def every_card(sitting: Sitting) -> list[CardJson]:
    """The scorecard, and the agreed one where there is one."""
    card = sitting.card()
    return [card] if card["agreed"] is None else [card, card["agreed"]]


@given(sittings(), st.permutations(FULL))
def test_the_order_of_the_answers_changes_nothing(sitting: Sitting, order: list[str]) -> None:
    shuffled = [{id_: answers[id_] for id_ in order if id_ in answers} for answers in sitting.respondents]

    assert sitting._replace(respondents=shuffled).card() == sitting.card()


@given(sittings(), st.data())
def test_the_order_of_the_respondents_changes_nothing(sitting: Sitting, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(sitting.respondents))

    assert sitting._replace(respondents=shuffled).card() == sitting.card()


@given(sittings())
def test_the_same_answers_given_twice_change_nothing(sitting: Sitting) -> None:
    assert sitting._replace(respondents=sitting.respondents * 2).card() == sitting.card()


@given(sittings())
def test_a_respondent_without_answers_changes_nothing(sitting: Sitting) -> None:
    assert sitting._replace(respondents=[{}, *sitting.respondents]).card() == sitting.card()


@given(sittings(), st.data())
def test_a_raised_level_lowers_no_score_and_no_stage(sitting: Sitting, data: st.DataObject) -> None:
    places = [
        (number, question, level)
        for number, answers in enumerate(sitting.respondents)
        for question, level in answers.items()
        if isinstance(level, int) and level < 5
    ]
    assume(places)
    number, question, level = data.draw(st.sampled_from(places))
    raised = [dict(answers) for answers in sitting.respondents]
    raised[number][question] = level + 1

    before, after = scores_of(sitting.card()), scores_of(sitting._replace(respondents=raised).card())

    for name, score in before.items():
        assert not_lower(after[name]["score"], score["score"]), name
        assert not_lower(after[name]["stage"], score["stage"]), name
        assert not_lower(after[name]["floor"]["score"], score["floor"]["score"]), name
        assert not_lower(after[name]["floor"]["stage"], score["floor"]["stage"]), name


def not_lower(after: float | None, before: float | None) -> bool:
    """What was scored is scored, and not lower; what was not is not."""
    if after is None or before is None:
        return after is before
    return after >= before


@given(sittings(), st.data())
def test_neither_dont_know_nor_not_applicable_enters_a_mean(sitting: Sitting, data: st.DataObject) -> None:
    places = [
        (number, question)
        for number, answers in enumerate(sitting.respondents)
        for question, answer in answers.items()
        if answer == "dont_know"
    ]
    assume(places)
    exchanged = [dict(answers) for answers in sitting.respondents]
    for number, question in data.draw(st.lists(st.sampled_from(places), min_size=1, unique=True)):
        exchanged[number][question] = "not_applicable"

    before, after = sitting.card(), sitting._replace(respondents=exchanged).card()

    assert after["grid"] == before["grid"]
    for name, dimension in before["dimensions"].items():
        if dimension["score"] is not None:  # fewer questions apply, so it is scored all the more
            assert after["dimensions"][name]["score"] == dimension["score"], name
            assert after["dimensions"][name]["stage"] == dimension["stage"], name
    if before["overall"]["score"] is not None:
        assert after["overall"]["score"] == before["overall"]["score"]


@given(sittings())
def test_the_counts_say_what_is_scored_and_why_not(sitting: Sitting) -> None:
    least = {"full": 3, "pulse": 1}[sitting.form]
    for card in every_card(sitting):
        for name, dimension in card["dimensions"].items():
            answered, applicable = dimension["answered"], dimension["applicable"]
            if_known = answered + dimension["dont_know"]
            reason: str | None = "too_few"
            if applicable == 0:
                reason = "not_applicable"
            elif answered * 2 >= applicable and answered >= least:
                reason = None
            elif if_known * 2 >= applicable and if_known >= least:
                reason = "unknown"
            assert (dimension["score"] is None) == (reason is not None), name
            assert dimension.get("not_scored") == reason, name
        assert card["find_out_first"] == [
            name for name, dimension in card["dimensions"].items() if dimension.get("not_scored") == "unknown"
        ]


@given(sittings() | sittings_of_thirds())
def test_a_dimension_has_the_mean_and_the_stage_of_its_levels(sitting: Sitting) -> None:
    for card in every_card(sitting):
        for name, dimension in card["dimensions"].items():
            levels = levels_in(card, name)
            assert dimension["answered"] == len(levels)
            if dimension["score"] is not None:
                mean, lowest = sum(levels.values()) / len(levels), floor(min(levels.values()))
                assert dimension["score"] == float(mean)
                assert dimension["stage"] == min(floor(mean), lowest + 1)
                holding = [question for question, level in levels.items() if floor(level) == lowest]
                assert dimension["held_down_by"] == (holding if lowest + 1 < floor(mean) else [])


@given(sittings() | sittings_of_thirds())
def test_the_whole_has_the_mean_of_all_levels_and_the_stage_of_its_dimensions(sitting: Sitting) -> None:
    for card in every_card(sitting):
        overall = card["overall"]
        stages = {name: dimension["stage"] for name, dimension in card["dimensions"].items()}
        unscored = [stages[name] is None for name in DIMENSIONS]
        assert (overall["score"] is None) == (sum(unscored[:6]) > 1 or sum(unscored[6:]) > 1)
        if overall["score"] is not None:
            levels = [exact(level) for level in card["grid"].values() if level is not None]
            mean, lowest = sum(levels) / len(levels), min(stage for stage in stages.values() if stage is not None)
            assert overall["score"] == float(mean)
            assert overall["stage"] == min(floor(mean), lowest + 1)
            holding = [name for name, stage in stages.items() if stage == lowest]
            assert overall["held_down_by"] == (holding if lowest + 1 < floor(mean) else [])


@given(sittings())
def test_the_index_is_the_score_from_0_to_100(sitting: Sitting) -> None:
    for card in every_card(sitting):
        for name, score in scores_of(card).items():
            if score["score"] is None:
                assert score["index"] is None, name
            else:
                assert score["index"] == float((exact(score["score"]) - 1) / 4 * 100), name


@given(sittings())
def test_the_floor_is_never_above_the_score(sitting: Sitting) -> None:
    for card in every_card(sitting):
        for name, score in scores_of(card).items():
            if score["score"] is not None and score["stage"] is not None:
                assert score["floor"]["score"] is not None, name
                assert score["floor"]["stage"] is not None, name
                assert 1 <= score["floor"]["score"] <= score["score"], name
                assert 1 <= score["floor"]["stage"] <= score["stage"], name


@given(sittings())
def test_the_floor_is_the_score_with_level_1_wherever_nobody_knew_or_answered(sitting: Sitting) -> None:
    card = sitting.card()
    worst: Answers = {}
    for question, level in card["grid"].items():
        said = {answers.get(question) for answers in sitting.respondents}
        if level is None and ("dont_know" in said or "not_applicable" not in said):
            worst[question] = 1
    first, *others = sitting.respondents

    at_worst = scores_of(sitting._replace(respondents=[first | worst, *others]).card())

    for name, score in scores_of(card).items():
        assert score["floor"]["score"] == at_worst[name]["score"], name
        assert score["floor"]["stage"] == at_worst[name]["stage"], name


@given(sittings())
def test_gaps_and_priorities_follow_from_targets_and_scores(sitting: Sitting) -> None:
    by_business = {"pre_revenue": 3, "first_customers": 3, "growing": 4, "established": 4}[sitting.business_stage]
    default = sitting.more.get("default_target", by_business)
    targets, importance = sitting.more["targets"], sitting.more["importance"]
    assert isinstance(targets, dict)
    assert isinstance(importance, dict)
    for card in every_card(sitting):
        for name, dimension in card["dimensions"].items():
            assert dimension["target"] == targets.get(name, default), name
            assert dimension["importance"] == importance.get(name, 3), name
            if dimension["score"] is None:
                assert dimension["gap"] is None, name
                assert dimension["priority"] is None, name
            else:
                gap = max(Fraction(0), dimension["target"] - exact(dimension["score"]))
                assert dimension["gap"] == float(gap) >= 0, name
                assert dimension["priority"] == float(gap * dimension["importance"]), name


@given(sittings())
def test_at_most_three_priorities_are_named_and_ties_are_exact(sitting: Sitting) -> None:
    for card in every_card(sitting):
        # Nearest doubles of such fractions are equal only where the fractions are.
        places = {
            name: (-dimension["priority"], dimension["score"])
            for name, dimension in card["dimensions"].items()
            if dimension["priority"] and dimension["score"] is not None
        }
        ranking = sorted(places, key=places.__getitem__)
        assert card["priorities"] == ranking[:3]
        assert card["tied"] == [name for name in ranking[3:] if places[name] == places[ranking[2]]]


@given(sittings())
def test_every_gap_stands_in_the_ranking_by_gap(sitting: Sitting) -> None:
    for card in every_card(sitting):
        places = {
            name: (-dimension["gap"], dimension["score"])
            for name, dimension in card["dimensions"].items()
            if dimension["gap"] and dimension["score"] is not None
        }
        assert card["by_gap"] == sorted(places, key=places.__getitem__)


@given(sittings())
def test_recommendations_name_each_question_once_and_the_next_step(sitting: Sitting) -> None:
    for card in every_card(sitting):
        expected: list[RecommendationJson] = []
        for name in card["priorities"]:
            levels = levels_in(card, name)
            told = {recommendation["question"] for recommendation in expected}
            for question in sorted(levels, key=levels.__getitem__):
                if levels[question] < 5 and question not in told:
                    level = floor(levels[question])
                    expected.append({"question": question, "dimension": name, "from": level, "to": level + 1})
        assert card["recommendations"] == expected


@given(sittings())
def test_blind_spots_over_a_third_are_flagged_and_no_others(sitting: Sitting) -> None:
    for card in every_card(sitting):
        flagged = [flag for flag in card["flags"] if flag.startswith("blind_spot:")]
        assert flagged == [
            f"blind_spot:{name}"
            for name, dimension in card["dimensions"].items()
            if (dimension["blind_spots"] or 0) > 1 / 3
        ]


@given(sittings())
def test_agreed_levels_score_as_if_everybody_had_given_them(sitting: Sitting) -> None:
    agreed = cast("Answers", sitting.more["agreed"])
    card, second = sitting.card(), sitting.card()["agreed"]
    as_if = sitting._replace(
        respondents=[answers | agreed for answers in sitting.respondents], more=sitting.more | {"agreed": {}}
    ).card()

    if not agreed:
        assert second is None
        return
    assert second is not None
    assert second["agreed"] is None
    assert second["to_discuss"] == card["to_discuss"]
    for part in ("grid", "priorities", "tied", "by_gap", "find_out_first", "recommendations"):
        assert second[part] == as_if[part], part
    for name, score in scores_of(second).items():
        assert score["blind_spots"] == scores_of(card)[name]["blind_spots"], name
        assert score == scores_of(as_if)[name] | {"blind_spots": score["blind_spots"]}, name


@given(sittings())
def test_a_scorecard_survives_json(sitting: Sitting) -> None:
    card = sitting.card()

    assert json.loads(json.dumps(card, allow_nan=False)) == card
