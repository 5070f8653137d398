"""The built-in questionnaire, held to its own bar (questionnaires/README.md) in every language it has."""

from collections import Counter
from collections.abc import Iterator

import pytest

from app import content
from app.core.questionnaire.model import FormName, QuestionWords
from tests.core.documents.forms import DIMENSIONS, DISCIPLINES, FULL, PILLARS, PULSE

GRID = {one.edition: one for one in content.catalogue().newest() if one.id == "cx-grid"}["2026-1"]
IN_EVERY_LANGUAGE = pytest.mark.parametrize("language", GRID.languages)
MOST_WORDS: dict[FormName, int] = {"full": 3300, "pulse": 1100}


def words(text: str) -> int:
    return len(text.split())


def asked(form: FormName, language: str) -> list[QuestionWords]:
    return [GRID.wording(language).questions[question.id] for question in GRID.in_form(form)]


def sentences(language: str) -> Iterator[str]:
    for question in GRID.wording(language).questions.values():
        yield from (question.question, question.why, *question.levels, *question.recommendations)


def test_every_discipline_crosses_every_pillar_in_one_question() -> None:
    assert {one.id: one.dimensions for one in GRID.frameworks} == {"disciplines": DISCIPLINES, "pillars": PILLARS}
    assert [question.id for question in GRID.in_form("full")] == list(FULL)
    assert [".".join(question.counts_for) for question in GRID.questions] == list(FULL)


def test_the_pulse_asks_two_questions_for_each_pillar_and_two_or_three_for_each_discipline() -> None:
    pulse = GRID.in_form("pulse")
    counts = Counter(dimension for question in pulse for dimension in question.counts_for)

    assert [question.id for question in pulse] == list(PULSE)
    assert {pillar: counts[pillar] for pillar in PILLARS} == dict.fromkeys(PILLARS, 2)
    assert {counts[discipline] for discipline in DISCIPLINES} == {2, 3}
    assert set(counts) == set(DIMENSIONS)


def test_a_dimension_is_scored_from_three_levels_and_from_one_in_the_pulse() -> None:
    assert {name: form.scored_from for name, form in GRID.forms.items()} == {"full": 3, "pulse": 1}


def test_a_map_without_listening_is_flagged_as_the_law_says() -> None:
    (flag,) = GRID.flags

    assert (flag.id, flag.source) == ("map_without_listening", "001")
    assert flag.at_least == {"design.journey": 4}
    assert flag.any_at_most == {"understanding.journey": 2, "understanding.management": 2}


def test_every_source_is_one_of_the_five_texts_and_each_bears_a_question() -> None:
    assert GRID.sources == ("000", "001", "002", "003", "004")
    assert {question.source for question in GRID.questions} == set(GRID.sources)


@IN_EVERY_LANGUAGE
def test_a_level_has_at_most_15_words_and_a_recommendation_at_most_30(language: str) -> None:
    questions = GRID.wording(language).questions.items()

    assert [id_ for id_, one in questions if max(map(words, one.levels)) > 15] == []
    assert [id_ for id_, one in questions if max(map(words, one.recommendations)) > 30] == []
    assert [id_ for id_, one in questions if words(one.why) > 20] == []


@IN_EVERY_LANGUAGE
def test_no_sentence_stands_twice(language: str) -> None:
    assert [sentence for sentence, times in Counter(sentences(language)).items() if times > 1] == []


@IN_EVERY_LANGUAGE
def test_a_sentence_ends_like_one_and_a_question_asks(language: str) -> None:
    questions = GRID.wording(language).questions.values()

    assert [one.question for one in questions if not one.question.endswith("?")] == []
    assert [text for one in questions for text in one.levels if text[-1] not in ".!?’”"] == []
    assert [text for one in questions for text in one.recommendations if text[-1] not in ".!?’”"] == []
    assert [text for text in sentences(language) if "  " in text or "\n" in text or "{" in text] == []


@pytest.mark.parametrize("form", ["full", "pulse"])
def test_the_form_is_read_in_its_minutes(form: FormName) -> None:
    questions = asked(form, "en")

    read = [text for one in questions for text in (one.question, one.why, *one.levels)]
    assert sum(map(words, read)) <= MOST_WORDS[form]


@IN_EVERY_LANGUAGE
def test_a_word_stands_beside_every_pillar_but_the_last(language: str) -> None:
    dimensions = GRID.wording(language).dimensions

    assert [id_ for id_ in DIMENSIONS if dimensions[id_].word] == list(PILLARS[:-1])
    assert [id_ for id_ in DIMENSIONS if len(dimensions[id_].short) > 14] == []


@IN_EVERY_LANGUAGE
def test_no_two_dimensions_share_a_name(language: str) -> None:
    dimensions = GRID.wording(language).dimensions.values()

    assert len({one.name for one in dimensions}) == len({one.short for one in dimensions}) == len(DIMENSIONS)
