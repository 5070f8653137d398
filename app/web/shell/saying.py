"""That it worked: what a form did is said on the page that it leads to, in one of these fixed sentences."""

from typing import Literal, get_args

from fastapi import Request
from fastapi.responses import RedirectResponse

Said = Literal[
    "saved",
    "added",
    "moved",
    "removed",
    "action_out",
    "told",
    "facts",
    "agreed",
    "forgotten",
    "link_replaced",
    "link_ended",
    "team_code",
    "taken_out",
    "signed_out",
    "password",
    "token_ended",
    "join_code",
    "closed",
    "reopened",
    "archived",
    "fetched_back",
    "shared",
    "unshared",
    "merged",
]
"""What was done. The sentences are in `_said.html`: an address chooses one, and never brings words of its own."""


def done(path: str, said: Said, anchor: str = "") -> RedirectResponse:
    """On to a page that says what was done; `anchor`, with its `#`: where on it the person goes on."""
    return RedirectResponse(f"{path}?said={said}{anchor}", 303)


def said_of(request: Request) -> Said | None:
    """What the page is to say was done just now."""
    asked = request.query_params.get("said")
    return next((one for one in get_args(Said) if one == asked), None)
