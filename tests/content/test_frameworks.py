"""A questionnaire need be no grid: with one framework, three, or questions in one of them only, all works as well."""

import json
from fractions import Fraction
from pathlib import Path

from app import content
from app.core.answers.document import read_document
from app.core.report.compose import compose
from app.core.report.model import Report
from app.core.scoring.scorecard import score
from tests.content.breaking import STRUCTURE, Break, cut, put

LANGUAGES = ("en", "sl")
CROSSINGS = ("plan.soil", "plan.trees", "care.soil", "care.trees")
ANSWERS = {"plan.soil": 4, "plan.trees": 3, "care.soil": 2, "care.trees": 1, "care.tools": 5}


def told(shelf: Path, *changes: Break, form: str = "full", language: str = "en", **more: object) -> Report:
    """The report of a sitting of the orchard, changed beforehand, that was answered with ANSWERS."""
    for change in changes:
        change(shelf / "orchard/2026-1")
    catalogue = content.catalogue(shelf)
    asked = catalogue.newest()[0].in_form("pulse" if form == "pulse" else "full")
    document = {
        "questionnaire": "orchard",
        "edition": "2026-1",
        "form": form,
        "organisation": "Sadjarstvo Čebular",
        "language": language,
        "business_stage": "first_customers",
        "respondents": [{"role": "other", "answers": {question.id: ANSWERS[question.id] for question in asked}}],
    } | more
    accepted, questionnaire = read_document(json.dumps(document), catalogue.edition)
    return compose(questionnaire, accepted, score(questionnaire, accepted), language)


def scores(report: Report) -> dict[str, dict[str, Fraction | None]]:
    return {one.id: {each.id: each.score for each in one.dimensions} for one in report.frameworks}


def crossed(report: Report) -> list[list[tuple[list[str], Fraction | None] | None]]:
    assert report.grid is not None
    return [
        [([one.id for one in cell.questions], cell.level) if cell else None for cell in row.cells]
        for row in report.grid.rows
    ]


# What one framework less, and one more, looks like in the files.
WITHOUT_GROUND: list[Break] = [
    cut(STRUCTURE, r"^  - id: ground\n.*\n"),
    *(put(STRUCTURE, f"[{id_.replace('.', ', ')}]", f"[{id_.split('.')[0]}]") for id_ in CROSSINGS),
    *(cut(f"{language}/questionnaire.yaml", r"^  ground:\n(    .*\n)+") for language in LANGUAGES),
    *(cut(f"{language}/questionnaire.yaml", r"^  soil:\n(    .*\n)+  trees:\n(    .*\n)+") for language in LANGUAGES),
]
WITH_SEASONS: list[Break] = [
    put(STRUCTURE, "forms:\n", "  - id: season\n    dimensions: [winter, summer]\nforms:\n"),
    *(
        put(STRUCTURE, f"[{id_.replace('.', ', ')}]", f"[{id_.replace('.', ', ')}, {season}]")
        for id_, season in zip(CROSSINGS, ("winter", "summer", "winter", "summer"), strict=True)
    ),
    *(
        put(f"{language}/questionnaire.yaml", "dimensions:\n", "  season: {name: S, one: s, about: A.}\ndimensions:\n")
        for language in LANGUAGES
    ),
    *(
        put(
            f"{language}/questionnaire.yaml", "forms:\n", f"  {id_}: {{name: {id_}, short: {id_}, about: A.}}\nforms:\n"
        )
        for language in LANGUAGES
        for id_ in ("winter", "summer")
    ),
]


def test_two_frameworks_cross_in_a_map(shelf: Path) -> None:
    report = told(shelf)

    assert scores(report) == {
        "work": {"plan": Fraction(7, 2), "care": Fraction(8, 3)},
        "ground": {"soil": Fraction(3), "trees": Fraction(2)},
    }
    assert report.grid is not None
    assert [column.id for column in report.grid.columns] == ["soil", "trees"]
    assert [[cell.questions[0].id if cell else None for cell in row.cells] for row in report.grid.rows] == [
        ["plan.soil", "plan.trees"],
        ["care.soil", "care.trees"],
    ]


def test_a_question_may_count_for_one_framework_only(shelf: Path) -> None:
    report = told(shelf)

    tools = report.questions[-1]
    assert (tools.id, tools.counts_for, tools.crossing) == ("care.tools", ("care",), ("Caring",))
    assert report.overall.score == Fraction(15, 5)
    assert [one.total for one in report.dimensions] == [7, 8, 6, 4]


def test_a_crossing_that_a_form_does_not_ask_is_empty(shelf: Path) -> None:
    report = told(shelf, form="pulse")

    assert report.grid is not None
    assert [[cell.questions[0].id if cell else None for cell in row.cells] for row in report.grid.rows] == [
        ["plan.soil", None],
        [None, "care.trees"],
    ]
    assert (report.form_name, report.scored_from) == ("Short walk", 1)


def test_a_crossing_asked_twice_shows_the_mean_of_its_questions(shelf: Path) -> None:
    twice = [
        put(STRUCTURE, "counts_for: [care]", "counts_for: [plan, soil]"),
        put(STRUCTURE, "[plan.soil, care.trees]", "[care.trees, care.tools]"),
    ]

    pulse = told(shelf, *twice, form="pulse")
    full = told(shelf)

    assert crossed(pulse)[0] == [(["care.tools"], Fraction(5)), None]
    assert crossed(full)[0] == [(["plan.soil", "care.tools"], Fraction(9, 2)), (["plan.trees"], Fraction(3))]


def test_what_stands_at_no_crossing_stands_beside_the_map(shelf: Path) -> None:
    report = told(shelf)

    assert report.grid is not None
    assert [question.id for question in report.grid.beside] == ["care.tools"]


def test_one_framework_is_enough(shelf: Path) -> None:
    report = told(shelf, *WITHOUT_GROUND)

    assert scores(report) == {"work": {"plan": Fraction(7, 2), "care": Fraction(8, 3)}}
    assert report.overall.score == 3
    assert report.overall.held_down_by == ()
    assert [priority.dimension.id for priority in report.priorities] == ["care"]
    assert report.grid is None


def test_three_frameworks_are_three_views_and_no_map(shelf: Path) -> None:
    report = told(shelf, *WITH_SEASONS)

    assert scores(report) == {
        "work": {"plan": Fraction(7, 2), "care": Fraction(8, 3)},
        "ground": {"soil": Fraction(3), "trees": Fraction(2)},
        "season": {"winter": Fraction(3), "summer": Fraction(2)},
    }
    assert report.questions[0].crossing == ("Planning", "The soil", "winter")
    assert report.grid is None


def test_a_report_speaks_the_language_asked_for_or_the_editions_first(shelf: Path) -> None:
    told_in = {language: told(shelf, language=language) for language in ("en", "sl", "cs")}

    assert {asked: (report.language, report.title) for asked, report in told_in.items()} == {
        "en": ("en", "The orchard"),
        "sl": ("sl", "Sadovnjak"),
        "cs": ("en", "The orchard"),
    }
    assert told_in["sl"].questions[0].anchors[3] == "Vsako tretje leto jo preverimo."
    assert scores(told_in["sl"]) == scores(told_in["en"])
