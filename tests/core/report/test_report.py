"""What a report says, on sittings small enough to be worked out by hand."""

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from functools import cache

from hypothesis import given

from app import content
from app.core.answers.document import Action, AnswerDocument, read_document
from app.core.answers.modules import OfficeView
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Respondent
from app.core.questionnaire.model import Questionnaire
from app.core.report.compose import compose
from app.core.report.model import (
    DimensionReport,
    FlagReport,
    OverallReport,
    QuestionReport,
    Report,
    StageReport,
)
from app.core.scoring.scorecard import score
from app.core.team.agreement import Agreement
from app.core.team.spread import Spread
from tests.core.legal import documents
from tests.core.small import questionnaire, sitting

SMALL = questionnaire(pulse=["plan.soil", "care.trees"])

# plan 3, care 3, soil 4.5, trees 1.5; on the way to 4 the gaps are 1, 1, 0 and 2.5
UNEVEN = {"plan.soil": 4, "plan.trees": 2, "care.soil": 5, "care.trees": 1}


def told(document: AnswerDocument, of: Questionnaire = SMALL) -> Report:
    return compose(of, document, score(of, document), document.language)


def ids(entries: Iterable[DimensionReport | QuestionReport]) -> list[str]:
    return [entry.id for entry in entries]


def stage_of(one: DimensionReport | OverallReport) -> str | None:
    return one.stage.name if one.stage else None


def dimension(report: Report, id_: str) -> DimensionReport:
    return next(one for one in report.dimensions if one.id == id_)


def question(report: Report, id_: str) -> QuestionReport:
    return next(one for one in report.questions if one.id == id_)


def test_a_report_says_whose_it_is() -> None:
    action = Action(text="Ring ten customers", way="emotional")
    report = told(sitting(UNEVEN, {}, date=date(2026, 11, 21), actions=(action,)))

    assert (report.title, report.organisation, report.questionnaire, report.edition) == (
        "Small",
        "Čebelnjak",
        "small",
        "1",
    )
    assert (report.form, report.form_name, report.scored_from) == ("full", "The full form", 1)
    assert (report.language, report.business_stage, report.date) == ("en", "growing", date(2026, 11, 21))
    assert (report.roles, report.actions, report.is_agreed) == (("other", "other"), (action,), False)
    assert report.level_names == ("Ad hoc", "Emerging", "Defined", "Managed", "Embedded")
    assert report.level_meanings == ("is 1", "is 2", "is 3", "is 4", "is 5")
    assert report.sources == {"001": "A book."}


def test_a_dimension_says_how_its_figures_come_about() -> None:
    trees = dimension(told(sitting(UNEVEN)), "trees")

    assert (trees.name, trees.short, trees.about, trees.word) == ("The trees", "trees", "about trees", None)
    assert (trees.score, trees.total, trees.lowest, trees.index) == (
        Fraction(3, 2),
        Fraction(3),
        Fraction(1),
        Fraction(25, 2),
    )
    assert trees.stage == StageReport(1, "Ad hoc", "is 1", 1, "Ad hoc")
    assert (trees.answered, trees.applicable, trees.dont_know, trees.open) == (2, 2, 0, 0)
    assert (trees.target, trees.gap, trees.importance, trees.priority) == (4, Fraction(5, 2), 3, Fraction(15, 2))
    assert (trees.blind_spots, trees.not_scored, trees.agreed_score) == (Fraction(0), None, None)
    assert ids(trees.questions) == ["plan.trees", "care.trees"]


def test_priorities_are_ranked_and_the_ranking_by_gap_stands_beside_them() -> None:
    report = told(sitting(UNEVEN, importance={"care": 5, "trees": 1}))

    assert [(one.rank, one.dimension.id) for one in report.priorities] == [(1, "care"), (2, "plan"), (3, "trees")]
    assert {one.id: one.rank for one in report.dimensions} == {"plan": 2, "care": 1, "soil": None, "trees": 3}
    assert ids(report.by_gap) == ["trees", "plan", "care"]
    assert report.tied == ()


def test_what_equals_the_third_priority_is_tied_and_has_no_rank() -> None:
    report = told(sitting(dict.fromkeys(UNEVEN, 3)))

    assert [one.dimension.id for one in report.priorities] == ["plan", "care", "soil"]
    assert ids(report.tied) == ["trees"]
    assert dimension(report, "trees").rank is None
    assert report.equally_urgent == 4


def test_priorities_are_equally_urgent_only_where_none_stands_out() -> None:
    assert told(sitting(UNEVEN)).equally_urgent == 0
    assert told(sitting(dict.fromkeys(UNEVEN, 3), importance={"plan": 5})).equally_urgent == 0
    assert told(sitting(dict.fromkeys(UNEVEN, 3), targets={"soil": 3, "trees": 3})).equally_urgent == 2
    assert told(sitting(dict.fromkeys(UNEVEN, 3), targets={"soil": 3, "trees": 3, "care": 3})).equally_urgent == 0
    assert told(sitting(dict.fromkeys(UNEVEN, 5))).equally_urgent == 0


def test_a_step_says_what_to_do_at_the_level_where_one_stands() -> None:
    report = told(sitting(UNEVEN))

    steps = {
        one.dimension.id: [
            (step.text, step.from_level, step.to_level, step.effort, step.way, step.question.id) for step in one.steps
        ]
        for one in report.priorities
    }

    assert steps == {
        "trees": [
            ("care.trees from 1", 1, 2, "S", "groundwork", "care.trees"),
            ("plan.trees from 2", 2, 3, "S", "transaction", "plan.trees"),
        ],
        "plan": [("plan.soil from 4", 4, 5, "L", "emotional", "plan.soil")],
        "care": [],  # its one question stands under trees, the other is at level 5
    }


def test_a_mean_level_has_the_step_of_the_level_it_has_reached_and_wording_only_where_that_was_agreed_on() -> None:
    report = told(sitting({"plan.soil": 3, "plan.trees": 5}, {"plan.soil": 4, "plan.trees": 5}))
    agreed = question(told(sitting({"plan.soil": 3}, {"plan.soil": 4}, agreed={"plan.soil": 4})), "plan.soil")

    soil = question(report, "plan.soil")
    assert (soil.level, soil.anchor, soil.agreed_anchor) == (Fraction(7, 2), None, None)
    assert (agreed.level, agreed.anchor, agreed.agreed_anchor) == (Fraction(7, 2), None, "plan.soil at 4")
    assert [step.text for one in report.priorities for step in one.steps] == ["plan.soil from 3"]


def test_a_question_shows_its_words_its_crossing_and_whether_it_comes_first() -> None:
    report = told(sitting(UNEVEN, importance={"plan": 5}, targets={"soil": 1, "trees": 1, "care": 1}))

    soil = question(report, "plan.soil")
    assert (soil.text, soil.why, soil.source) == ("plan.soil?", "why plan.soil", "001")
    assert soil.anchors == tuple(f"plan.soil at {level}" for level in range(1, 6))
    assert (soil.counts_for, soil.crossing) == (("plan", "soil"), ("The plan", "The soil"))
    assert (soil.status, soil.level, soil.anchor) == ("level", Fraction(4), "plan.soil at 4")
    assert {one.id: one.is_priority for one in report.questions} == {
        "plan.soil": True,
        "plan.trees": True,
        "care.soil": False,
        "care.trees": False,
    }


def test_an_agreed_score_is_worked_out_from_the_agreed_levels() -> None:
    report = told(
        sitting({"plan.soil": 3, "plan.trees": 5}, {"plan.soil": 5, "plan.trees": 4}, agreed={"plan.soil": 2})
    )

    plan = dimension(report, "plan")
    assert plan.agreed_working is not None
    assert [level for _, level in plan.agreed_working.levels] == [Fraction(2), Fraction(9, 2)]
    assert (plan.agreed_working.total, plan.agreed_working.lowest) == (Fraction(13, 2), Fraction(2))
    assert (plan.agreed_working.score, plan.agreed_working.gap) == (plan.agreed_score, plan.agreed_gap)
    assert dimension(told(sitting({"plan.soil": 3})), "plan").agreed_working is None


def test_only_those_who_answered_anything_are_counted_and_what_anybody_does_not_know_is_listed() -> None:
    report = told(sitting({"plan.soil": 3}, {"plan.soil": DONT_KNOW}, {}))

    assert (len(report.roles), report.answered_by) == (3, 2)
    assert (ids(report.blind), ids(report.unknown)) == ([], ["plan.soil"])


def test_what_holds_a_stage_down_is_named() -> None:
    report = told(sitting({"plan.soil": 5, "plan.trees": 1, "care.soil": 5, "care.trees": 5}))

    plan = dimension(report, "plan")
    assert (plan.score, stage_of(plan), ids(plan.held_down_by)) == (Fraction(3), "Emerging", ["plan.trees"])
    assert ids(dimension(report, "care").held_down_by) == []
    overall = report.overall
    assert (overall.score, stage_of(overall)) == (Fraction(4), "Defined")
    assert ids(overall.held_down_by) == ["plan", "trees"]
    assert overall.lowest_stage == 2


def test_an_answer_that_holds_down_several_dimensions_is_named_once_with_its_step_even_without_a_gap() -> None:
    weak = {"plan.soil": 5, "plan.trees": 1, "care.soil": 5, "care.trees": 5}
    report = told(sitting(weak, stage="pre_revenue"))

    assert report.priorities == ()
    (holder,) = report.overall.held_down_by_questions
    assert (holder.question.id, holder.level, ids(holder.dimensions)) == ("plan.trees", 1, ["plan", "trees"])
    assert holder.step is not None
    assert (holder.step.text, holder.step.from_level, holder.step.to_level) == ("plan.trees from 1", 1, 2)
    assert report.overall.held_down_throughout == ()
    agreed = told(sitting(weak, agreed={"plan.trees": 5}))
    assert [one.step for one in agreed.overall.held_down_by_questions] == [None]


def test_a_dimension_that_is_low_throughout_is_told_apart_from_single_answers() -> None:
    low = {"a.x": 1, "a.y": 1, "b.x": 5, "b.y": 5, "c.x": 5, "c.y": 5}
    small = questionnaire(
        {id_: id_.split(".") for id_ in low}, frameworks={"work": ["a", "b", "c"], "ground": ["x", "y"]}
    )
    overall = told(sitting(low), small).overall

    assert (overall.score, ids(overall.held_down_by)) == (Fraction(22, 6), ["a"])
    assert (overall.held_down_by_questions, ids(overall.held_down_throughout)) == ((), ["a"])


def test_a_target_says_where_it_comes_from() -> None:
    own = told(sitting(UNEVEN, targets={"plan": 5}, default_target=2))
    by_stage = told(sitting(UNEVEN, targets={"plan": 5}, stage="pre_revenue"))

    assert {one.id: (one.target, one.target_from) for one in own.dimensions} == {
        "plan": (5, "dimension"),
        "care": (2, "document"),
        "soil": (2, "document"),
        "trees": (2, "document"),
    }
    assert {one.target_from for one in by_stage.dimensions} == {"dimension", "business_stage"}
    assert dimension(by_stage, "care").target == 3


def test_open_and_unknown_questions_are_listed_apart() -> None:
    report = told(sitting({"plan.soil": 2, "plan.trees": DONT_KNOW, "care.soil": NOT_APPLICABLE}))

    assert {one.id: (one.status, one.level, one.anchor) for one in report.questions} == {
        "plan.soil": ("level", Fraction(2), "plan.soil at 2"),
        "plan.trees": ("dont_know", None, None),
        "care.soil": ("not_applicable", None, None),
        "care.trees": ("open", None, None),
    }
    assert (ids(report.blind), ids(report.missing)) == (["plan.trees"], ["care.trees"])
    whole = report.overall
    assert (whole.questions, whole.answered, whole.dont_know, whole.not_applicable, whole.open) == (4, 1, 1, 1, 1)
    assert (whole.total, whole.blind_spots) == (Fraction(2), Fraction(1, 2))


def test_what_is_not_scored_says_why_and_the_unknown_comes_first() -> None:
    report = told(sitting({"plan.soil": 2, "plan.trees": DONT_KNOW, "care.soil": NOT_APPLICABLE}))

    assert {one.id: (one.not_scored, one.score, one.stage) for one in report.not_scored} == {
        "care": ("too_few", None, None),
        "trees": ("unknown", None, None),
    }
    assert ids(report.find_out_first) == ["trees"]
    assert (dimension(report, "care").open, dimension(report, "care").applicable) == (1, 1)
    assert (report.overall.score, report.overall.stage) == (
        Fraction(2),
        StageReport(2, "Emerging", "is 2", 1, "Ad hoc"),
    )


def test_nothing_answered_is_nothing_scored() -> None:
    report = told(sitting({}))

    whole = report.overall
    assert [whole.score, whole.index, whole.stage, whole.total, whole.lowest_stage, whole.blind_spots] == [None] * 6
    assert (report.priorities, report.by_gap, report.flags) == ((), (), ())
    assert len(report.missing) == len(report.questions) == report.overall.open == 4


def test_blind_spots_leave_a_stage_as_a_range() -> None:
    report = told(sitting({"plan.soil": 4, "plan.trees": DONT_KNOW, "care.soil": 4, "care.trees": 4}))

    assert dimension(report, "plan").stage == StageReport(4, "Managed", "is 4", 2, "Emerging")
    assert dimension(report, "care").stage == StageReport(4, "Managed", "is 4", 4, "Managed")
    assert report.overall.stage == StageReport(4, "Managed", "is 4", 3, "Defined")


def test_flags_are_said_in_the_questionnaires_words() -> None:
    rule = {"id": "sandy", "source": "001", "at_least": {"plan.trees": 4}, "any_at_most": {"plan.soil": 2}}
    cheap = Action(text="Lower the price", way="financial")
    document = sitting(
        {"plan.trees": 4, "plan.soil": 1, "care.soil": DONT_KNOW, "care.trees": 3},
        actions=(cheap, cheap),
        modules={"front_back_office": (OfficeView(front_office=4, back_office=2),)},
    )

    assert told(document, questionnaire(flags=[rule], modules=["offices"])).flags == (
        FlagReport("sandy", "sandy"),
        FlagReport("back_office_barrier", "back_office_barrier"),
        FlagReport("discounts_only", "discounts_only"),
        FlagReport("blind_spot", "blind_spot The care, The soil"),
    )


def test_blind_spots_are_flagged_only_where_there_is_a_score_to_doubt() -> None:
    nothing_known = dict.fromkeys(("plan.soil", "plan.trees", "care.soil", "care.trees"), DONT_KNOW)
    blind = told(sitting(nothing_known))

    assert blind.flags == ()
    assert ids(blind.find_out_first) == ["plan", "care", "soil", "trees"]


def test_what_respondents_see_differently_is_to_be_discussed() -> None:
    document = sitting({"plan.soil": 2, "plan.trees": 3}, {"plan.soil": 4, "plan.trees": DONT_KNOW}).model_copy(
        update={
            "respondents": (
                Respondent(role="leadership", answers={"plan.soil": 2, "plan.trees": 3}),
                Respondent(role="front_office", answers={"plan.soil": 4, "plan.trees": DONT_KNOW}),
            )
        }
    )

    report = told(document)

    assert ids(report.to_discuss) == ["plan.soil"]
    assert [one.to_discuss for one in report.questions] == [True, False, False, False]
    assert question(report, "plan.soil").spread == Spread(
        (2, 4), 0, 0, 0, Agreement(Fraction(2), Fraction(1), None, "too_few", was_negative=False)
    )
    assert question(report, "plan.trees").spread == Spread((3,), 1, 0, 0, None)
    assert question(report, "care.soil").spread == Spread((), 0, 0, 2, None)


def test_agreed_levels_lead_but_replace_nobodys_answer() -> None:
    report = told(sitting(UNEVEN, agreed={"plan.soil": 1, "care.trees": 5}))

    assert report.is_agreed
    assert {one.id: (one.level, one.agreed) for one in report.questions} == {
        "plan.soil": (Fraction(4), 1),
        "plan.trees": (Fraction(2), None),
        "care.soil": (Fraction(5), None),
        "care.trees": (Fraction(1), 5),
    }
    assert {one.id: (one.score, one.agreed_score) for one in report.dimensions} == {
        "plan": (Fraction(3), Fraction(3, 2)),
        "care": (Fraction(3), Fraction(5)),
        "soil": (Fraction(9, 2), Fraction(3)),
        "trees": (Fraction(3, 2), Fraction(7, 2)),
    }
    whole = report.overall
    assert (whole.score, whole.agreed_score) == (Fraction(3), Fraction(13, 4))
    assert (stage_of(whole), whole.agreed_stage) == ("Emerging", StageReport(2, "Emerging", "is 2", 2, "Emerging"))
    assert [(one.rank, one.dimension.id, [step.text for step in one.steps]) for one in report.priorities] == [
        (1, "plan", ["plan.soil from 1", "plan.trees from 2"]),
        (2, "soil", []),
        (3, "trees", []),
    ]
    assert ids(report.by_gap) == ["plan", "soil", "trees"]


def test_without_agreed_levels_nothing_is_agreed() -> None:
    report = told(sitting(UNEVEN))

    assert (report.is_agreed, report.overall.agreed_score, report.overall.agreed_stage) == (False, None, None)
    assert [one.agreed for one in report.questions] == [None] * 4


def test_the_map_has_the_first_framework_in_rows_and_the_second_in_columns() -> None:
    grid = told(sitting(UNEVEN)).grid

    assert grid is not None
    assert ids(grid.columns) == ["soil", "trees"]
    assert [
        (row.dimension.id, [cell.questions[0].id if cell else None for cell in row.cells]) for row in grid.rows
    ] == [
        ("plan", ["plan.soil", "plan.trees"]),
        ("care", ["care.soil", "care.trees"]),
    ]


def test_the_map_is_empty_where_the_form_asks_nothing() -> None:
    grid = told(sitting({"plan.soil": 3}, form="pulse")).grid

    assert grid is not None
    assert [[cell.questions[0].id if cell else None for cell in row.cells] for row in grid.rows] == [
        ["plan.soil", None],
        [None, "care.trees"],
    ]


@cache
def _catalogue() -> content.Catalogue:
    return content.catalogue()


@given(documents())
def test_whatever_was_answered_the_report_adds_up(document: dict[str, object]) -> None:
    accepted, grid = read_document(json.dumps(document), _catalogue().edition)
    report = told(accepted, grid)

    whole = report.overall
    assert whole.answered + whole.dont_know + whole.not_applicable + whole.open == whole.questions
    assert whole.questions == len(report.questions) == len(grid.in_form(accepted.form))
    assert (len(report.blind), len(report.missing)) == (whole.dont_know, whole.open)
    for one in report.dimensions:
        assert one.open == sum(each.status == "open" for each in one.questions)
        assert one.answered == sum(each.status == "level" for each in one.questions)
        assert one.score is None or (one.total, one.lowest) == (
            one.score * one.answered,
            min(each.level for each in one.questions if each.level is not None),
        )
        assert (one.score is None) == (one.not_scored is not None) == (one.stage is None)
    assert [one.rank for one in report.priorities] == [1, 2, 3][: len(report.priorities)]
    assert {one.dimension.id for one in report.priorities} == {one.id for one in report.dimensions if one.rank}
    steps = [step for one in report.priorities for step in one.steps]
    assert len({step.question.id for step in steps}) == len(steps)
    assert all(step.text in grid.wording("en").questions[step.question.id].recommendations for step in steps)
    assert [flag.sentence for flag in report.flags if "{" in flag.sentence or not flag.sentence] == []
