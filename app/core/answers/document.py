"""What a legal answer is, and the answer document: one organisation's sitting as JSON."""

import json
import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal, NoReturn

from pydantic import Field, ValidationError
from pydantic_core import ErrorDetails

from app.core.answers.modules import Modules
from app.core.answers.values import Day, Name, Respondent, SaidText, Text, WholeLevel, escaped, shortened, spoken
from app.core.questionnaire.model import BusinessStage, FormName, LanguageCode, Questionnaire, Value, Way

ActionStatus = Literal["planned", "under_way", "done", "dropped"]

DEEPEST_NESTING = 20
MOST_ACTIONS = 60


class RefusedError(ValueError):
    """Something given is not legal: `where` names the thing, `reason` says why, in plain English."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = shortened(escaped(where))
        self.reason = escaped(reason)
        super().__init__(f"{self.where}: {self.reason}" if where else self.reason)


class Action(Value):
    """Something the organisation means to do."""

    text: SaidText = Field(description="What is to be done.")
    way: Way = Field(description="The way of building good experience that it serves.")
    question: str | None = Field(default=None, description="The question of the form that it is meant to move.")
    owner: Text | None = Field(default=None, description="Who sees to it.")
    date: Day | None = Field(default=None, description="Until when.")
    measure: Text | None = Field(default=None, description="How one will see that it worked.")
    status: ActionStatus = Field(default="planned", description="How far it has come.")
    carried: bool = Field(default=False, strict=True, description="Whether it was taken over from the sitting before.")


class AnswerDocument(Value):
    """One organisation's sitting, complete: what is scored, printed, exported and imported."""

    questionnaire: str = Field(description="The questionnaire's id.")
    edition: str = Field(description="The questionnaire's edition, as text.")
    form: FormName = Field(description="The form that was sat; only its questions may be answered.")
    organisation: Name = Field(description="The organisation's name, on one line.")
    language: LanguageCode = Field(description="The language in which it was answered.")
    business_stage: BusinessStage = Field(description="The stage of business, by which targets are set where none is.")
    respondents: tuple[Respondent, ...] = Field(min_length=1, description="Everybody who answered.")
    targets: dict[str, WholeLevel] = Field(default_factory=dict, description="Dimension id to the level aimed at.")
    importance: dict[str, WholeLevel] = Field(
        default_factory=dict,
        description="Dimension id to how much customers would notice if it were better; 3 where left out.",
    )
    default_target: WholeLevel | None = Field(
        default=None, description="The level aimed at in every dimension that has no target of its own."
    )
    date: Day | None = Field(default=None, description="The day of the sitting.")
    agreed: dict[str, WholeLevel] = Field(
        default_factory=dict,
        description="Question id to the level that the respondents agreed on; it stands beside their answers "
        "and feeds a second scorecard.",
    )
    modules: Modules = Field(default=Modules(), description="What was answered beside the grid.")
    actions: tuple[Action, ...] = Field(
        default=(), max_length=MOST_ACTIONS, description="What the organisation means to do."
    )

    @property
    def is_answered(self) -> bool:
        """Whether anybody answered anything."""
        return any(respondent.answers for respondent in self.respondents)


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
    except ValueError:
        raise RefusedError("", "not an answer document: a number with too many digits") from None


def accept_document(value: object, find: Find, where: str = "") -> tuple[AnswerDocument, Questionnaire]:
    """The same for a JSON value already read; `where` prefixes the keys named in a refusal."""
    if not isinstance(value, dict):
        raise RefusedError(where.rstrip("."), "an answer document must be a JSON object")
    _refuse_depth_and_half_characters(value, where, 0)
    try:
        document = AnswerDocument.model_validate_json(json.dumps(value))
    except ValidationError as error:
        key, reason = _first_fault(error)
        raise RefusedError(where + key, reason) from None
    _refuse_null(value, where)
    questionnaire = find(document.questionnaire, document.edition)
    if questionnaire is None:
        raise RefusedError(
            where + "questionnaire",
            f"no questionnaire {spoken(document.questionnaire)} in edition {spoken(document.edition)}",
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
    named += [
        (f"actions[{n}].question", one.question) for n, one in enumerate(document.actions) if one.question is not None
    ]
    named += [(f"modules.evidence.{id_}", id_) for id_ in document.modules.evidence]
    allowed = set(questionnaire.forms[document.form].questions)
    for key, id_ in named:
        if id_ not in allowed:
            raise RefusedError(where + key, f"{spoken(id_)} is no question of the {document.form} form")
    for id_ in document.modules.evidence:
        if id_ not in document.agreed:
            raise RefusedError(f"{where}modules.evidence.{id_}", "no level was agreed for this question")
    _earlier_fit(document, questionnaire, where + "modules.earlier")
    aims = [(f"targets.{id_}", id_) for id_ in document.targets]
    aims += [(f"importance.{id_}", id_) for id_ in document.importance]
    for key, id_ in aims:
        if id_ not in questionnaire.dimensions:
            raise RefusedError(where + key, f"{spoken(id_)} is no dimension of {questionnaire.id}")


def _earlier_fit(document: AnswerDocument, questionnaire: Questionnaire, where: str) -> None:
    for n, sitting in enumerate(document.modules.earlier):
        if sitting.form not in questionnaire.forms:
            raise RefusedError(f"{where}[{n}].form", f"{questionnaire.id} has no form {sitting.form!r}")
        allowed = set(questionnaire.forms[sitting.form].questions)
        for m, respondent in enumerate(sitting.respondents):
            for id_ in respondent.answers:
                if id_ not in allowed:
                    key = f"{where}[{n}].respondents[{m}].answers.{id_}"
                    raise RefusedError(key, f"{spoken(id_)} is no question of the {sitting.form} form")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise RefusedError(key, "this key stands twice")
        found[key] = value
    return found


def _refuse_constant(constant: str) -> NoReturn:
    raise RefusedError("", f"not JSON: {constant} is no number")


def _refuse_depth_and_half_characters(value: object, where: str, depth: int) -> None:
    """Raises RefusedError for what the models could not name: lone surrogates, and what is nested too deeply."""
    key = where.rstrip(".")
    if depth > DEEPEST_NESTING:
        raise RefusedError(key, "nested too deeply")
    if isinstance(value, str) and any(unicodedata.category(character) == "Cs" for character in value):
        raise RefusedError(key, "has a character that cannot be shown")
    for name, inner in _inside(value, where):
        _refuse_depth_and_half_characters(name.rstrip("."), name, depth)
        _refuse_depth_and_half_characters(inner, name, depth + 1)


def _refuse_null(value: object, where: str) -> None:
    """Raises RefusedError for null, which the models take for a key that was left out."""
    if value is None:
        raise RefusedError(where.rstrip("."), "must not be null: leave out a key that has no value")
    for name, inner in _inside(value, where):
        _refuse_null(inner, name)


def _inside(value: object, where: str) -> Iterator[tuple[str, object]]:
    """The values in an object or a list, each with the way to it, which ends in a dot."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f"{where}{key}.", inner
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield f"{where.rstrip('.')}[{number}].", inner


def _first_fault(error: ValidationError) -> tuple[str, str]:
    fault = error.errors(include_url=False)[0]
    where, reason = fault["loc"], _reason(fault)
    if fault["type"] == "literal_error" and where[-1] == "[key]":
        where, reason = where[:-1], "unknown key"
    key = ""
    for part in where:
        key += f"[{part}]" if isinstance(part, int) else f".{part}" if part else '.""'
    return key.removeprefix("."), reason


def _reason(fault: ErrorDetails) -> str:  # noqa: C901 - a table: one line for each kind of fault
    context, given = fault.get("ctx", {}), spoken(fault["input"])
    match fault["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "unknown key"
        case "value_error":
            return fault["msg"].removeprefix("Value error, ")
        case "literal_error":
            return f"must be {context['expected']}, not {given}"
        case "string_type":
            return f"must be text, not {given}"
        case "string_pattern_mismatch" if fault["loc"][-1] == "currency":
            return f'must be the three capital letters of a currency, like "EUR", not {given}'
        case "string_pattern_mismatch":
            return f'must be the code of a language, like "sl", not {given}'
        case "string_too_long":
            return f"must have at most {context['max_length']} characters"
        case "too_long":
            return f"must have at most {context['max_length']} entries"
        case "string_too_short" | "too_short":
            return "must not be empty"
        case "tuple_type":
            return f"must be a list, not {given}"
        case "dict_type" | "model_type":
            return f"must be an object, not {given}"
        case _:
            return f"{fault['msg'][0].lower()}{fault['msg'][1:]}, not {given}"


def as_document(document: AnswerDocument) -> dict[str, object]:
    """The document as JSON data, without keys that say nothing; reading it back gives an equal document."""
    return document.model_dump(mode="json", exclude_defaults=True, exclude_none=True)
