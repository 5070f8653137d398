"""The survey's flow: which questions stand together, how far one has come, and what comes next."""

import pytest

from app.core.questionnaire.flow import REST, Part, Progress, first_open, parts, progress
from app.core.questionnaire.model import FormName
from tests.core.small import QUESTIONS, questionnaire

GRID = questionnaire(pulse=["care.trees", "plan.soil"])
OUTSIDE = {
    "weather": ["soil"],
    "plan.soil": ["plan", "soil"],
    "plan.trees": ["plan", "trees"],
    "care": ["care"],
    "rain": ["trees"],
}
LOOSE = questionnaire(OUTSIDE)
LOOSE_PULSE = questionnaire(OUTSIDE, pulse=["rain", "care", "plan.soil"])


def outline(pages: tuple[Part, ...]) -> list[tuple[int, str, list[str]]]:
    return [(part.number, part.id, [question.id for question in part.questions]) for part in pages]


def test_a_page_is_a_dimension_of_the_first_framework() -> None:
    assert outline(parts(GRID, "full")) == [
        (1, "plan", ["plan.soil", "plan.trees"]),
        (2, "care", ["care.soil", "care.trees"]),
    ]


def test_a_pulse_has_its_own_questions_in_the_questionnaires_order() -> None:
    assert outline(parts(GRID, "pulse")) == [(1, "plan", ["plan.soil"]), (2, "care", ["care.trees"])]


def test_a_dimension_that_a_form_does_not_ask_about_has_no_page() -> None:
    only_care = questionnaire(pulse=["care.soil", "care.trees"])

    assert outline(parts(only_care, "pulse")) == [(1, "care", ["care.soil", "care.trees"])]


def test_questions_outside_the_first_framework_stand_together_at_the_end() -> None:
    assert outline(parts(LOOSE, "full")) == [
        (1, "plan", ["plan.soil", "plan.trees"]),
        (2, "care", ["care"]),
        (3, REST, ["weather", "rain"]),
    ]


def test_a_questionnaire_may_ask_nothing_of_its_first_framework() -> None:
    elsewhere = questionnaire({"weather": ["soil"], "rain": ["trees"]})

    assert outline(parts(elsewhere, "full")) == [(1, REST, ["weather", "rain"])]


def test_the_last_page_is_never_taken_for_a_dimension() -> None:
    named_alike = questionnaire(
        {"a": ["more"], "b": ["rest"], "c": ["soil"]}, {"work": ["more", "rest"], "ground": ["soil", "trees"]}
    )

    ids = [part.id for part in parts(named_alike, "full")]

    assert ids == ["more", "rest", REST]
    assert not REST[0].isalpha()


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_every_question_of_a_form_stands_on_one_page(form: FormName) -> None:
    asked = [question for part in parts(LOOSE_PULSE, form) for question in part.questions]

    assert sorted(asked, key=LOOSE_PULSE.questions.index) == list(LOOSE_PULSE.in_form(form))


@pytest.mark.parametrize(
    ("answered", "minutes_left"),
    [(0, 10), (1, 8), (2, 5), (3, 3), (4, 0)],  # 2.5 minutes a question, begun minutes counted whole
)
def test_the_minutes_left_are_those_of_the_open_questions(answered: int, minutes_left: int) -> None:
    done = list(QUESTIONS)[:answered]

    assert progress(GRID, "full", done) == Progress(answered, 4, minutes_left)


def test_answers_to_other_forms_and_questions_do_not_count() -> None:
    answered = {"plan.soil", "plan.trees", "care.soil", "no.question"}

    assert progress(GRID, "pulse", answered) == Progress(1, 2, 1)
    assert progress(GRID, "full", answered) == Progress(3, 4, 3)


def test_a_form_is_complete_with_its_last_answer() -> None:
    assert progress(GRID, "pulse", {"plan.soil", "care.trees"}).is_complete
    assert not progress(GRID, "pulse", {"plan.soil", "care.soil"}).is_complete


def test_one_goes_on_where_the_first_question_is_open() -> None:
    pages = parts(GRID, "full")
    plan, care = pages

    assert first_open(pages, []) == plan
    assert first_open(pages, {"care.soil", "plan.soil"}) == plan
    assert first_open(pages, {"plan.soil", "plan.trees"}) == care
    assert first_open(pages, QUESTIONS) is None


def test_a_page_knows_its_open_questions_in_order() -> None:
    (plan, _) = parts(GRID, "full")

    assert [question.id for question in plan.open(())] == ["plan.soil", "plan.trees"]
    assert [question.id for question in plan.open({"plan.soil", "care.soil"})] == ["plan.trees"]
    assert plan.open(QUESTIONS) == ()
