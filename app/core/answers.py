"""What a legal answer is, and the answer document: one organisation's sitting as JSON."""

import datetime
import json
import unicodedata
from collections.abc import Callable
from typing import Annotated, Literal, NoReturn

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, ValidationError

from app.core.questionnaire import HIGHEST_LEVEL, LOWEST_LEVEL, FormName, LanguageCode, Questionnaire, Value, Way

DONT_KNOW: Literal["dont_know"] = "dont_know"
NOT_APPLICABLE: Literal["not_applicable"] = "not_applicable"

Answer = int | Literal["dont_know", "not_applicable"]
BusinessStage = Literal["pre_revenue", "first_customers", "growing", "established"]
Role = Literal["leadership", "front_office", "back_office", "other"]

LONGEST_NAME = 120
LONGEST_TEXT = 1000


class RefusedError(ValueError):
    """Something given is not legal: `where` names the thing, `reason` says why, in plain English."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}" if where else reason)
        self.where = where
        self.reason = reason


def accept(value: object) -> Answer:
    """A legal answer: a level 1-5 as a whole number, `dont_know` or `not_applicable`. Raises ValueError."""
    if type(value) is int and LOWEST_LEVEL <= value <= HIGHEST_LEVEL:
        return value
    if value == DONT_KNOW:
        return DONT_KNOW
    if value == NOT_APPLICABLE:
        return NOT_APPLICABLE
    msg = f'must be a whole number from 1 to 5, "dont_know" or "not_applicable", not {_spoken(value)}'
    raise ValueError(msg)


def printable(text: str) -> str:
    """`text` without spaces around it; refuses characters that no page or database can carry. Raises ValueError."""
    text = text.replace("\r\n", "\n").replace("\t", " ").strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character != "\n" for character in text) or (
        "\ufffe" in text or "\uffff" in text
    ):
        msg = "has a character that cannot be shown"
        raise ValueError(msg)
    return text


def _whole(value: object) -> int:
    if type(value) is int and LOWEST_LEVEL <= value <= HIGHEST_LEVEL:
        return value
    msg = f"must be a whole number from 1 to 5, not {_spoken(value)}"
    raise ValueError(msg)


def _date(value: object) -> datetime.date:
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        msg = f"must be a date like 2026-11-21, not {_spoken(value)}"
        raise ValueError(msg) from None


def _spoken(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…"


def _one_line(text: str) -> str:
    if "\n" in text:
        msg = "must be on one line"
        raise ValueError(msg)
    return text


WholeLevel = Annotated[int, PlainValidator(_whole, json_schema_input_type=Annotated[int, Field(ge=1, le=5)])]
GivenAnswer = Annotated[Answer, PlainValidator(accept, json_schema_input_type=Answer)]
Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(printable)]
Name = Annotated[
    str, Field(max_length=LONGEST_NAME), AfterValidator(printable), AfterValidator(_one_line), Field(min_length=1)
]
Day = Annotated[datetime.date, BeforeValidator(_date, json_schema_input_type=str)]


class Respondent(Value):
    """One person's answers, question id to answer; questions left out are open."""

    role: Role
    answers: dict[str, GivenAnswer]


class Action(Value):
    """Something the organisation means to do: by which way, who, until when, and how one will see that it worked."""

    text: Text = Field(min_length=1)
    way: Way
    question: str | None = None
    owner: Text | None = None
    date: Day | None = None
    measure: Text | None = None


class OfficeRating(Value):
    """One person's rating, 1-5, of the front office and of the back office (source 002)."""

    front_office: WholeLevel
    back_office: WholeLevel


class Modules(Value):
    """What was answered beside the grid; it never enters the overall score."""

    front_back_office: tuple[OfficeRating, ...] = ()


class AnswerDocument(Value):
    """One organisation's sitting, complete: what is scored, printed, exported and imported.

    `targets` and `importance` (dimension to 1-5) override the defaults; `agreed` (question to level) stands beside
    the individual answers. The JSON Schema in docs/ is made from this class.
    """

    questionnaire: str
    edition: str
    form: FormName
    organisation: Name
    language: LanguageCode
    business_stage: BusinessStage
    respondents: tuple[Respondent, ...] = Field(min_length=1)
    targets: dict[str, WholeLevel] = Field(default_factory=dict)
    importance: dict[str, WholeLevel] = Field(default_factory=dict)
    default_target: WholeLevel | None = None
    date: Day | None = None
    agreed: dict[str, WholeLevel] = Field(default_factory=dict)
    modules: Modules = Modules()
    actions: tuple[Action, ...] = ()


Find = Callable[[str, str], Questionnaire | None]


def read_document(text: str, find: Find) -> tuple[AnswerDocument, Questionnaire]:
    """The answer document in `text` (JSON) and the edition it is bound to, which `find(id, edition)` looks up.

    Raises RefusedError, naming the key, for anything the contract does not allow.
    """
    return accept_document(read_json(text), find)


def read_json(text: str) -> object:
    """The JSON value in `text`. Raises RefusedError for what is not JSON, and for a duplicate key."""
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise RefusedError("", f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise RefusedError("", "not an answer document: nested too deeply") from None
    except RefusedError:
        raise
    except ValueError as error:
        raise RefusedError("", f"not JSON: {error}") from None


def accept_document(value: object, find: Find, where: str = "") -> tuple[AnswerDocument, Questionnaire]:
    """The same for a JSON value already read; `where` prefixes the keys named in a refusal."""
    if not isinstance(value, dict):
        raise RefusedError(where.rstrip("."), "an answer document must be a JSON object")
    try:
        document = AnswerDocument.model_validate_json(json.dumps(value))
    except ValidationError as error:
        key, reason = _first_fault(error)
        raise RefusedError(where + key, reason) from None
    questionnaire = find(document.questionnaire, document.edition)
    if questionnaire is None:
        raise RefusedError(
            where + "questionnaire", f"no questionnaire {document.questionnaire!r} in edition {document.edition!r}"
        )
    _fits(document, questionnaire, where)
    return document, questionnaire


def _fits(document: AnswerDocument, questionnaire: Questionnaire, where: str) -> None:
    if document.form not in questionnaire.forms:
        raise RefusedError(where + "form", f"{questionnaire.id} has no form {document.form!r}")
    named = [
        (f"respondents[{n}].answers.{id_}", id_) for n, one in enumerate(document.respondents) for id_ in one.answers
    ]
    named += [(f"agreed.{id_}", id_) for id_ in document.agreed]
    named += [(f"actions[{n}].question", one.question) for n, one in enumerate(document.actions) if one.question]
    allowed = set(questionnaire.forms[document.form].questions)
    for key, id_ in named:
        if id_ not in allowed:
            raise RefusedError(where + key, f"{id_!r} is no question of the {document.form} form")
    aims = [(f"targets.{id_}", id_) for id_ in document.targets]
    aims += [(f"importance.{id_}", id_) for id_ in document.importance]
    for key, id_ in aims:
        if id_ not in questionnaire.dimensions:
            raise RefusedError(where + key, f"{id_!r} is no dimension of {questionnaire.id}")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise RefusedError(key, "this key stands twice")
        found[key] = value
    return found


def _refuse_constant(constant: str) -> NoReturn:
    raise RefusedError("", f"not JSON: {constant} is no number")


def _first_fault(error: ValidationError) -> tuple[str, str]:
    fault = error.errors(include_url=False)[0]
    key = ""
    for part in fault["loc"]:
        key += f"[{part}]" if isinstance(part, int) else f".{part}"
    key = key.lstrip(".")
    match fault["type"]:
        case "missing":
            return key, "is missing"
        case "extra_forbidden":
            return key, "unknown key"
        case "value_error":
            return key, fault["msg"].removeprefix("Value error, ")
        case "literal_error":
            return key, f"must be {fault['ctx']['expected']}, not {_spoken(fault['input'])}"
        case _:
            message = fault["msg"][0].lower() + fault["msg"][1:]
            return key, f"{message}, not {_spoken(fault['input'])}"


def as_document(document: AnswerDocument) -> dict[str, object]:
    """The document as JSON data, without keys that say nothing; reading it back gives an equal document."""
    return document.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
