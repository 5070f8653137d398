"""What is wrong with a form, by field, for its page to say in the person's language."""

from typing import Annotated, Literal

from fastapi import HTTPException
from pydantic import Field, ValidationError

from app.core.questionnaire.model import Questionnaire
from app.store.secrets.tokens import is_token
from app.wording import languages_offered

Once = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{27}$")]
"""A key that was made with the form, for what it makes: sent once more, it leads to what the first made.

The same form with something else in it makes something else: whoever goes back and begins anew does so.
"""

Problem = Literal["missing", "too_long", "not_shown", "choose"]


def once_of(fields: dict[str, str]) -> str | None:
    """Takes the form's key out, as `Once` is; None where it has none. Raises HTTPException 422 for a made-up one."""
    once = fields.pop("once", None)
    if once is not None and not is_token(once):
        raise HTTPException(422, "fields")
    return once


def problems_of(error: ValidationError) -> dict[str, Problem]:
    """Field to what is wrong with it. Raises HTTPException 422 for a field that the form does not have."""
    faults = error.errors(include_url=False)
    if any(fault["type"] == "extra_forbidden" for fault in faults):
        raise HTTPException(422, "fields")
    return {str(fault["loc"][0]): _problem(fault["type"], fault["msg"]) for fault in faults}


def not_offered(questionnaire: Questionnaire, form: str, language: str) -> dict[str, Problem]:
    """What is chosen that the questionnaire does not have."""
    problems: dict[str, Problem] = {}
    if form not in questionnaire.forms:
        problems["form"] = "choose"
    if language not in languages_offered(questionnaire.languages):
        problems["language"] = "choose"
    return problems


def _problem(kind: str, message: str) -> Problem:
    match kind:
        case "string_too_short":
            return "missing"
        case "string_too_long":
            return "too_long"
        case "value_error" if "cannot be shown" in message or "one line" in message:
            return "not_shown"
        case _:
            return "choose"
