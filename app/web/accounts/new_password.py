"""The form in which somebody chooses a password: typed twice, for nothing can be mailed to put a slip right."""

from typing import Literal, TypeVar

from fastapi import HTTPException
from pydantic import BaseModel, ConfigDict, ValidationError

from app import passwords
from app.core.email import NotAnAddressError, read_address

Problem = Literal["too_short", "too_long", "address", "differs", "not_an_address", "wrong"]


class PasswordForm(BaseModel):
    """A new password."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    password: str = ""
    again: str = ""


class FirstForm(PasswordForm):
    """The first facilitator's address and password."""

    email: str = ""


class ChangeForm(PasswordForm):
    """A new password for somebody who knows the present one."""

    current: str = ""


Form = TypeVar("Form", bound=PasswordForm)


def read(kind: type[Form], fields: dict[str, str]) -> Form:
    """The form as it came. Raises HTTPException 422 for a field that it does not have."""
    try:
        return kind.model_validate(fields)
    except ValidationError:
        raise HTTPException(422, "fields") from None


def problems_of(form: PasswordForm, email: str) -> dict[str, Problem]:
    """Field to what is wrong with it, for the account of this address."""
    problems: dict[str, Problem] = {}
    fault = passwords.fault_of(form.password, email)
    if fault:
        problems["password"] = fault
    elif form.password != form.again:
        problems["again"] = "differs"
    return problems


def problems_of_first(form: FirstForm) -> dict[str, Problem]:
    """The same for a new account, its address included."""
    problems: dict[str, Problem] = {}
    try:
        read_address(form.email)
    except NotAnAddressError:
        problems["email"] = "not_an_address"
    return problems | problems_of(form, form.email)
