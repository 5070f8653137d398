"""What another questionnaire may say of itself, and what `cxm check` says where it cannot be used."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from app import content
from app.core.questionnaire.model import TARGETS, Questionnaire
from tests.content.shelves import BRIGADE, BRIGADE_SIDE, GARDEN, LIBRARY, Shelf, Side


def faults_of(folder: Path, shelf: Shelf) -> list[tuple[str, str]]:
    edition = shelf.write(folder)
    return [(f"{fault.file.relative_to(edition)}:{fault.key}", fault.reason) for fault in content.read(folder)[1]]


def read(folder: Path, shelf: Shelf) -> Questionnaire:
    shelf.write(folder)
    return content.catalogue(folder).newest()[0]


def changed(shelf: Shelf, structure: Mapping[str, object] = {}, words: Mapping[str, object] = {}) -> Shelf:
    return replace(shelf, structure={**shelf.structure, **structure}, words={**shelf.words, **words})


@pytest.mark.parametrize("shelf", [BRIGADE, LIBRARY, GARDEN], ids=lambda shelf: shelf.id)
def test_questionnaires_of_other_shapes_are_sound(tmp_path: Path, shelf: Shelf) -> None:
    assert faults_of(tmp_path, shelf) == []


def test_a_questionnaire_without_words_about_itself_has_the_rules_targets_and_no_module(tmp_path: Path) -> None:
    plain = read(tmp_path, replace(BRIGADE, structure={}, words={}))

    assert (plain.modules, plain.presets, plain.targets) == ((), (), dict(TARGETS))
    assert plain.asks_business_stage


def test_one_target_for_all_needs_no_stage_of_business(tmp_path: Path) -> None:
    brigade = read(tmp_path, BRIGADE)

    assert {brigade.target(stage) for stage in TARGETS} == {4}
    assert not brigade.asks_business_stage


def test_words_are_asked_for_the_flags_that_can_be_raised_and_no_others(tmp_path: Path) -> None:
    assert read(tmp_path / "few", BRIGADE).flags_raised == ("blind_spot",)
    all_three = {"standard_flags": ["back_office_barrier", "discounts_only", "blind_spot"]}
    assert faults_of(tmp_path / "more", changed(BRIGADE, all_three)) == [
        ("en/questionnaire.yaml:flags.discounts_only", "missing translation"),
    ]
    offices = all_three | {"modules": ["offices"]}
    assert [key for key, _ in faults_of(tmp_path / "all", changed(BRIGADE, offices))] == [
        "en/questionnaire.yaml:flags.back_office_barrier",
        "en/questionnaire.yaml:flags.discounts_only",
    ]


def test_where_no_flag_is_raised_no_words_for_flags_are_needed(tmp_path: Path) -> None:
    edition = changed(BRIGADE, {"standard_flags": []}).write(tmp_path)
    general = edition / "en" / "questionnaire.yaml"
    words = json.loads(general.read_text("utf-8"))
    del words["flags"]
    general.write_text(json.dumps(words), "utf-8")

    assert content.read(tmp_path)[1] == []


def many(count: int) -> Shelf:
    dimensions = {f"d{number}": f"Leg {number}" for number in range(count)}
    return Shelf(
        "many",
        "Many legs",
        [replace(BRIGADE_SIDE, dimensions=dimensions)],
        {f"{id_}.q": (id_,) for id_ in dimensions},
        {f"{id_}.q": f"How is {name}?" for id_, name in dimensions.items()},
    )


def test_as_many_dimensions_as_fit_on_a_wall_are_taken_and_no_more(tmp_path: Path) -> None:
    assert faults_of(tmp_path / "most", many(content.MOST_DIMENSIONS)) == []
    assert faults_of(tmp_path / "more", many(content.MOST_DIMENSIONS + 1)) == [
        ("questionnaire.yaml:frameworks.readiness.dimensions", "21; at most 20 can be drawn"),
    ]


def test_four_frameworks_are_more_than_can_be_drawn(tmp_path: Path) -> None:
    sides = [
        Side(f"s{number}", "Sides", "side", "A side.", {f"a{number}": "Left", f"b{number}": "Right"})
        for number in range(4)
    ]
    crossings = {f"q{number}": tuple(f"{'ab'[number % 2]}{side}" for side in range(4)) for number in range(4)}
    four = Shelf("four", "Four sides", sides, crossings, {id_: f"How is {id_}?" for id_ in crossings})

    assert faults_of(tmp_path, four) == [("questionnaire.yaml:frameworks", "4; at most 3 can be drawn")]


def test_more_questions_than_can_be_printed_are_refused(tmp_path: Path) -> None:
    asked = dict(BRIGADE.crossings)
    asked |= {f"people.q{number}": ("people",) for number in range(content.MOST_QUESTIONS)}
    crowd = replace(BRIGADE, crossings=asked, asks={id_: f"How is {id_}?" for id_ in asked})

    assert faults_of(tmp_path, crowd) == [("questionnaire.yaml:questions", "206; at most 200 can be printed")]


def test_a_word_that_would_be_broken_in_a_tables_head_is_refused(tmp_path: Path) -> None:
    long = replace(BRIGADE_SIDE, dimensions={**BRIGADE_SIDE.dimensions, "gear": "Atemschutzgerätewartung"})

    assert faults_of(tmp_path, replace(BRIGADE, sides=[long])) == [
        (
            "en/questionnaire.yaml:dimensions.gear.name",
            "'Atemschutzgerätewartung' has 23 letters; a word has at most 20",
        ),
    ]


@pytest.mark.parametrize(
    ("structure", "words", "key"),
    [
        ({"targets": 6}, {}, "questionnaire.yaml:targets"),
        ({"targets": {"growing": 3}}, {}, "questionnaire.yaml:targets"),
        ({"targets": {"booming": 3}}, {}, "questionnaire.yaml:targets"),
        ({"modules": ["astrology"]}, {}, "questionnaire.yaml:modules.1"),
        ({"modules": ["after", "after"]}, {}, "questionnaire.yaml:modules"),
        ({"presets": [{"id": "siren", "way": "loud"}]}, {}, "questionnaire.yaml:presets.siren.way"),
        ({"presets": [{"id": "siren", "way": "groundwork"}]}, {}, "en/questionnaire.yaml:presets.siren"),
        ({}, {"presets": {"siren": "Oil it."}}, "en/questionnaire.yaml:presets.siren"),
        ({}, {"start": {"headline": "Ready?"}}, "en/questionnaire.yaml:start.lead"),
        ({}, {"glossary": [{"term": "Call"}]}, "en/questionnaire.yaml:glossary.1.meaning"),
        ({}, {"ways": {"loud": "makes it loud"}}, "en/questionnaire.yaml:ways.loud"),
        ({}, {"brand": ""}, "en/questionnaire.yaml:brand"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_fault_in_what_it_says_of_itself_is_named(
    tmp_path: Path, structure: Mapping[str, object], words: Mapping[str, object], key: str
) -> None:
    found = [where for where, _ in faults_of(tmp_path, changed(BRIGADE, structure, words))]

    assert key in found, found
