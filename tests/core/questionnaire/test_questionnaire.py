"""What a questionnaire holds together, and what it says of itself."""

import pytest
from pydantic import ValidationError

from app.core.questionnaire.model import Questionnaire, Step
from tests.core.small import QUESTIONS, questionnaire

SMALL = questionnaire(pulse=["care.trees", "plan.soil"])


def changed(**keys: object) -> dict[str, object]:
    """The small questionnaire's data with other values."""
    return SMALL.model_dump() | keys


def faults(data: dict[str, object]) -> list[str]:
    """What the questionnaire says is wrong with the data as a whole, line by line."""
    with pytest.raises(ValidationError) as refused:
        Questionnaire.model_validate(data)
    return [line for fault in refused.value.errors() for line in str(fault["ctx"]["error"]).splitlines()]


def test_dimensions_and_questions_stand_in_their_order() -> None:
    assert SMALL.dimensions == ("plan", "care", "soil", "trees")
    assert [question.id for question in SMALL.in_form("full")] == list(QUESTIONS)
    assert [question.id for question in SMALL.in_form("pulse")] == ["plan.soil", "care.trees"]


def test_a_question_is_found_by_its_id() -> None:
    assert SMALL.question("care.soil").counts_for == ("care", "soil")
    with pytest.raises(KeyError, match=r"care\.rain"):
        SMALL.question("care.rain")


def test_a_language_that_is_missing_speaks_the_first() -> None:
    assert SMALL.wording("en") == SMALL.wording("sl") == SMALL.wordings["en"]


def test_a_questionnaire_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        SMALL.edition = "2"  # type: ignore[misc]  # what the test is about
    with pytest.raises(ValidationError, match="frozen"):
        SMALL.questions[0].steps[0].effort = "L"  # type: ignore[misc]  # the same


def test_a_step_is_an_effort_and_a_way() -> None:
    assert SMALL.question("plan.soil").steps[3] == Step(effort="L", way="emotional")


@pytest.mark.parametrize("framework", ["work", "ground"])
def test_a_question_counts_once_in_a_framework(framework: str) -> None:
    both = {"work": ["plan", "care"], "ground": ["soil", "trees"]}[framework]
    question = SMALL.questions[0].model_dump() | {"counts_for": tuple(both)}

    assert faults(changed(questions=(question, *SMALL.model_dump()["questions"][1:]))) == [
        f"questions.plan.soil.counts_for: more than one dimension of '{framework}'; a question counts for one of each"
    ]


def test_what_stands_twice_is_said_once_and_alone() -> None:
    data = SMALL.model_dump()
    twice = (*data["questions"], data["questions"][0] | {"source": "999"})

    assert faults(changed(questions=twice, languages=("en", "en"))) == [
        "languages: 'en' stands twice",
        "questions: 'plan.soil' stands twice",
    ]


def test_a_pulse_is_a_part_of_the_full_form_and_never_all_of_it() -> None:
    forms = SMALL.model_dump()["forms"]
    everything = forms["pulse"] | {"questions": tuple(QUESTIONS)}
    beyond = forms["pulse"] | {"questions": ("plan.soil", "plan.rain")}

    assert faults(changed(forms=forms | {"pulse": everything})) == [
        "forms.pulse.questions: has every question; a pulse asks fewer than the full form"
    ]
    assert faults(changed(forms=forms | {"pulse": beyond})) == [
        "forms.pulse.questions: 'plan.rain' is no question of the full form"
    ]
    assert faults(changed(forms={"pulse": forms["pulse"]})) == ["forms.full: missing"]
