"""The published JSON Schema says of a document what the program says of it."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given

from app.core.answers.document import AnswerDocument
from app.core.answers.json_schema import document_schema
from tests.core.answers import test_answers
from tests.core.answers.test_answers import Refused
from tests.core.legal import documents

PUBLISHED = Path(__file__).parents[3] / "docs" / "answer-document.schema.json"
SCHEMA = document_schema()

Schema = Mapping[str, object]
DEFINITIONS = cast("Mapping[str, Schema]", SCHEMA["$defs"])

# What a schema cannot know: which ids a questionnaire has, how JSON is written, and which characters can be shown.
BEYOND = re.compile(
    r"is no (question|dimension)|no questionnaire|stands twice|cannot be shown|on one line|not 3\.0|is no number"
    r"|not JSON|too deeply|a date like|too many digits|must not be empty"
)


TYPES = {"object": dict, "array": list, "string": str, "integer": int}


def faults(value: object, schema: Schema, where: str = "document") -> Iterator[str]:
    """What a validator of JSON Schema would find, as far as this schema goes."""
    if "$ref" in schema:
        yield from faults(value, DEFINITIONS[str(schema["$ref"]).rpartition("/")[2]], where)
    elif "anyOf" in schema:
        choices = cast("list[Schema]", schema["anyOf"])
        if all(list(faults(value, choice, where)) for choice in choices):
            yield f"{where}: none of the choices"
    elif not isinstance(value, TYPES[str(schema["type"])]) or isinstance(value, bool):
        yield f"{where}: no {schema['type']}"
    elif isinstance(value, dict):
        yield from faults_of_object(value, schema, where)
    elif isinstance(value, list):
        yield from [f"{where}: too few"] * (len(value) < number(schema, "minItems", 0))
        yield from [f"{where}: too many"] * (len(value) > number(schema, "maxItems", len(value)))
        twice = "uniqueItems" in schema and len(value) > len(set(value))
        yield from [f"{where}: something twice"] * twice
        for item in value:
            yield from faults(item, cast("Schema", schema["items"]), f"{where}[]")
    elif not fits(value, schema):
        yield f"{where}: {value!r} is none of these"


def faults_of_object(value: dict[str, object], schema: Schema, where: str) -> Iterator[str]:
    properties = cast("Mapping[str, Schema]", schema.get("properties", {}))
    others = schema["additionalProperties"]
    names = {"type": "string"} | cast("dict[str, object]", schema.get("propertyNames", {}))
    yield from (f"{where}: lacks {key}" for key in cast("list[str]", schema.get("required", [])) if key not in value)
    for key, inner in value.items():
        if key not in properties and (others is False or list(faults(key, names, where))):
            yield f"{where}: no key {key}"
        else:
            yield from faults(inner, properties.get(key, cast("Schema", others)), f"{where}.{key}")


def fits(value: object, schema: Schema) -> bool:
    """Whether a number or a text is one of those described."""
    if isinstance(value, int):
        return number(schema, "minimum", value) <= value <= number(schema, "maximum", value)
    text = str(value)
    length = number(schema, "minLength", 0) <= len(text) <= number(schema, "maxLength", len(text))
    words = cast("list[str]", schema.get("enum", [text]))
    pattern = str(schema.get("pattern", "")).replace("$", r"\Z")  # as ECMAScript reads it
    return length and text in words and re.search(pattern, text) is not None


def number(schema: Schema, key: str, default: int) -> int:
    return cast("int", schema.get(key, default))


def test_the_published_schema_is_the_one_that_the_models_give() -> None:
    assert PUBLISHED.read_text(encoding="utf-8") == json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n", (
        "docs/answer-document.schema.json has aged: .ci/schema writes it anew"
    )


def test_an_answer_is_a_level_or_one_of_two_words() -> None:
    respondent = cast("Mapping[str, Schema]", DEFINITIONS["Respondent"]["properties"])

    assert respondent["answers"]["additionalProperties"] == {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": 5},
            {"type": "string", "enum": ["dont_know", "not_applicable"]},
        ]
    }


def test_every_object_refuses_other_keys_and_the_documents_own_are_described() -> None:
    properties = cast("Mapping[str, Schema]", SCHEMA["properties"])

    assert [name for name, one in DEFINITIONS.items() if one["additionalProperties"] is not False] == []
    assert SCHEMA["additionalProperties"] is False
    assert list(properties) == list(AnswerDocument.model_fields)
    assert [key for key, one in properties.items() if "description" not in one] == []
    assert SCHEMA["required"] == [key for key, one in AnswerDocument.model_fields.items() if one.is_required()]


@given(documents())
def test_what_the_program_takes_fits_the_schema(document: dict[str, object]) -> None:
    assert list(faults(document, SCHEMA)) == []


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.name) for one in test_answers.EVERY_REFUSAL if not BEYOND.search(one.line)]
)
def test_what_the_program_refuses_for_its_form_does_not_fit_the_schema(case: Refused) -> None:
    assert list(faults(json.loads(case.text), SCHEMA)) != []
