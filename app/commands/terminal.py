"""How the command `cxm` talks: its lines, its refusals, its settings."""

import sys

from pydantic import ValidationError

from app import time_zone
from app.settings import Settings

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


class Refusal(Exception):  # noqa: N818 - it carries a line for standard error, it is not itself an error
    """One clear line that ends the command with exit code 2."""


def say(text: str) -> None:
    """Print one line on standard output."""
    print(text)  # noqa: T201 - the command's own output


def note(text: str) -> None:
    """Print one line beside the output, on standard error."""
    print(f"cxm: {text}", file=sys.stderr)  # noqa: T201 - the command's own output


def say_link(settings: Settings, path: str) -> None:
    """Print a link; without a public address, also that the server may have another one than the default."""
    say(f"{settings.public_url or DEFAULT_ADDRESS}{path}")
    if not settings.public_url:
        note(f"if the server is reached by another address than {DEFAULT_ADDRESS}, put that one in front")


def read_settings() -> Settings:
    """The settings from the environment, by whose clock this process then lives. Raises Refusal."""
    try:
        settings = Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        raise Refusal(f"CXM_{str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}") from None
    time_zone.live_in(settings.time_zone)
    return settings
