"""What people give, each kind checked: answers, levels, names, texts, days."""

import datetime
import json
import re
import unicodedata
from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticKnownError

from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, Value

DONT_KNOW: Literal["dont_know"] = "dont_know"
NOT_APPLICABLE: Literal["not_applicable"] = "not_applicable"

Answer = int | Literal["dont_know", "not_applicable"]
Role = Literal["leadership", "front_office", "back_office", "other"]

LONGEST_NAME = 120
LONGEST_TEXT = 1000
FIRST_YEAR, LAST_YEAR = 2000, 2100

_UNSEEN = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x00AD, 0x180E, 0x200B, *range(0x2060, 0x2065), 0xFEFF]
)
"""Embeddings, overrides and isolates of Unicode's bidirectional algorithm; soft hyphens, spaces without width.

Not the joiners U+200C and U+200D and the marks U+200E and U+200F: emoji, Persian and Hebrew names are written with
them.
"""


def accept(value: object) -> Answer:
    """A legal answer: a level 1-5 as a whole number, `dont_know` or `not_applicable`. Raises ValueError."""
    if type(value) is int and LOWEST_LEVEL <= value <= HIGHEST_LEVEL:
        return value
    if value == DONT_KNOW:
        return DONT_KNOW
    if value == NOT_APPLICABLE:
        return NOT_APPLICABLE
    msg = f'must be a whole number from 1 to 5, "dont_know" or "not_applicable", not {spoken(value)}'
    raise ValueError(msg)


def printable(text: str) -> str:
    """`text` without spaces around it; refuses characters that no page, font or database can carry. Raises ValueError.

    What turns the direction of all that follows is left out, and so is what has no width: it comes unseen with what is
    pasted, would turn words that are not the text's own, or make two names of one. Letters of every script keep the
    direction they have.
    """
    text = re.sub("\r\n|\u2028|\u2029", "\n", text).replace("\t", " ").translate(_UNSEEN).strip()
    if any(unicodedata.category(character) in {"Cc", "Co", "Cs"} and character != "\n" for character in text) or (
        "\ufffe" in text or "\uffff" in text
    ):
        msg = "has a character that cannot be shown"
        raise ValueError(msg)
    return text


def _whole(value: object) -> int:
    if type(value) is int and LOWEST_LEVEL <= value <= HIGHEST_LEVEL:
        return value
    msg = f"must be a whole number from 1 to 5, not {spoken(value)}"
    raise ValueError(msg)


def _date(value: object) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    try:
        day = datetime.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:  # 20261121 and 2026-W47-6 are ISO dates too, but nobody writes them
        msg = f"must be a date like 2026-11-21, not {spoken(value)}"
        raise ValueError(msg)
    return day


def _of_our_time(day: datetime.date) -> datetime.date:
    """Refuses a slip of the finger, before anything is reckoned from it. Raises ValueError."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        msg = f"must be a date from {FIRST_YEAR} to {LAST_YEAR}"
        raise ValueError(msg)
    return day


def _one_line(text: str) -> str:
    if "\n" in text:
        msg = "must be on one line"
        raise ValueError(msg)
    return text


def _seen(text: str) -> str:
    """Refuses a text in which there is nothing to see: empty, or only spaces and invisible characters."""
    if all(unicodedata.category(character) in {"Cf", "Zs"} for character in text):
        raise PydanticKnownError("string_too_short", {"min_length": 1})
    return text


def _at_most(length: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if len(text) > length:
            raise PydanticKnownError("string_too_long", {"max_length": length})
        return text

    return check


_Level = Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL)]
_Unscored = Literal["dont_know", "not_applicable"]

WholeLevel = Annotated[int, PlainValidator(_whole, json_schema_input_type=_Level)]
GivenAnswer = Annotated[Answer, PlainValidator(accept, json_schema_input_type=_Level | _Unscored)]
# Lengths count what is left when the spaces around it are gone.
Text = Annotated[
    str,
    AfterValidator(printable),
    AfterValidator(_at_most(LONGEST_TEXT)),
    Field(json_schema_extra={"maxLength": LONGEST_TEXT}),
]
SaidText = Annotated[Text, AfterValidator(_seen), Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_TEXT})]
Name = Annotated[
    str,
    AfterValidator(printable),
    AfterValidator(_one_line),
    AfterValidator(_seen),
    AfterValidator(_at_most(LONGEST_NAME)),
    Field(json_schema_extra={"minLength": 1, "maxLength": LONGEST_NAME}),
]
Day = Annotated[
    datetime.date,
    BeforeValidator(_date, json_schema_input_type=Annotated[str, Field(json_schema_extra={"format": "date"})]),
]

WorkshopDay = Annotated[Day, AfterValidator(_of_our_time)]
"""A day on which somebody may mean to do something: hold a workshop, sit again, be done."""


class Respondent(Value):
    """One person's answers."""

    role: Role = Field(description="What the person does in the organisation.")
    answers: dict[str, GivenAnswer] = Field(
        description="Question id to answer: a level 1-5, or that one doesn't know, or that it doesn't apply. "
        "Only questions of the form; those left out are open."
    )


def same_name(name: str) -> str:
    """The form in which two ways to write a name are the same, whatever their capitals, spaces and encoding."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def spoken(value: object) -> str:
    """What somebody sent, as JSON on one line, shortened, to be named in a refusal."""
    return shortened(escaped(json.dumps(value, ensure_ascii=False, default=repr)))


def shortened(text: str) -> str:
    """`text`, or the beginning of a long one."""
    return text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…"


def escaped(text: str) -> str:
    """What somebody sent, so that it stays on one line of a terminal."""
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
        for character in text
    )
