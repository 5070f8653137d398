"""What is wrong in a questionnaire's files, said so that whoever edits them can mend it."""

import json
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.core.questionnaire.model import EDITION_PATTERN, ID_PATTERN, LANGUAGE_PATTERN, QUESTION_ID_PATTERN

WHOLE_FILE = "(file)"
"""Stands for the key where no single key is at fault."""

_LONGEST_ECHO = 60
_PATTERNS = {
    ID_PATTERN: "must be lower-case letters, digits, - and _, beginning with a letter",
    QUESTION_ID_PATTERN: "must be parts of lower-case letters, digits, - and _, each from a letter on, joined by dots",
    LANGUAGE_PATTERN: "must be a language's code of two or three lower-case letters",
    EDITION_PATTERN: "must be lower-case letters, digits, . and -",
}


@dataclass(frozen=True)
class Fault:
    """Something wrong in a questionnaire's files."""

    file: Path
    key: str
    reason: str

    def __str__(self) -> str:
        return _on_one_line(f"{self.file}:{self.key}: {self.reason}")


def faults_of(error: ValidationError, file: Path, data: object, prefix: str = "") -> list[Fault]:
    """What a model refused in `data`; `prefix` is the key under which the data stands in the file."""
    found: list[Fault] = []
    for fault in error.errors(include_url=False):
        where = [part for part in fault["loc"] if part != "[key]"]
        if fault["type"] == "value_error":
            # The model has looked at the whole and names its own keys, a line each: `key: reason`.
            lines = [line.partition(": ") for line in str(fault["ctx"]["error"]).splitlines()]
            found += [Fault(file, key, reason) for key, _, reason in lines]
        elif fault["type"] == "missing" and isinstance(where[-1], int):
            found.append(_too_few(error, file, data, prefix, where))
        else:
            found.append(Fault(file, _key(prefix, where, data), _reason(fault)))
    return list(dict.fromkeys(found))


def _too_few(error: ValidationError, file: Path, data: object, prefix: str, where: list[int | str]) -> Fault:
    """One fault for a list of fixed length, however many of its entries are missing."""
    missing = [fault["loc"][-1] for fault in error.errors() if list(fault["loc"][:-1]) == where[:-1]]
    places = [place for place in missing if isinstance(place, int)]
    return Fault(file, _key(prefix, where[:-1], data), f"needs {max(places) + 1} entries, has {min(places)}")


def _key(prefix: str, where: list[int | str], data: object) -> str:
    """The way to a fault: an entry of a list is called by its id, or else by its number, counted from 1."""
    parts = [prefix] if prefix else []
    for part in where:
        inner: object = None
        if isinstance(part, int) and isinstance(data, list) and part < len(data):
            inner = data[part]
            name = inner.get("id") if isinstance(inner, dict) else None
            parts.append(name if isinstance(name, str) and name else str(part + 1))
        else:
            inner = data.get(part) if isinstance(data, dict) else None
            parts.append(str(part))
        data = inner
    return ".".join(parts) or WHOLE_FILE


def _reason(fault: ErrorDetails) -> str:  # noqa: C901 - a table: one line for each kind of fault
    given, context = fault["input"], fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return "missing"
        case "extra_forbidden":
            return "unknown key"
        case "string_type":
            return _not_text(given)
        case "string_too_short":
            return "is empty"
        case "string_too_long":
            return f"{len(given)} characters; at most {context['max_length']}"
        case "string_pattern_mismatch":
            return f"{_PATTERNS[context['pattern']]}, not {_echo(given)}"
        case "too_short":
            return f"needs {context['min_length']} or more entries, has {context['actual_length']}"
        case "too_long":
            return f"needs {context['max_length']} entries, has {context['actual_length']}"
        case "literal_error":
            return f"must be {context['expected']}, not {_echo(given)}"
        case "int_type" | "int_from_float" | "int_parsing":
            return f"must be a whole number, not {_echo(given)}"
        case "greater_than_equal":
            return f"must be {context['ge']} or more, not {_echo(given)}"
        case "less_than_equal":
            return f"must be {context['le']} or less, not {_echo(given)}"
        case "tuple_type":
            return f"must be a list, not {_echo(given)}"
        case "dict_type" | "model_type":
            return f"must have keys of its own, not {_echo(given)}"
        case _:
            return f"{fault['msg'][0].lower()}{fault['msg'][1:]}, not {_echo(given)}"


def _not_text(given: object) -> str:
    match given:
        case None:
            return "is empty"
        case bool() | int() | float():
            return f"is read as {_echo(given)} and must be text: put it in quotes"
        case dict():
            return "must be text: a text with a colon needs quotes around it"
        case _:
            return f"must be text, not {_echo(given)}"


def _echo(given: object) -> str:
    text = json.dumps(given, ensure_ascii=False)
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"


def _on_one_line(text: str) -> str:
    """A fault is one line whatever stands in the file: line ends and control characters are spelled out."""
    return "".join(
        f"\\u{ord(character):04x}" if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} else character
        for character in text
    )
