"""Links that open something, as they arrive: with what a sentence, a mail program or a hurried hand put around them."""

import re
import unicodedata
from urllib.parse import unquote

SECRETS = ("r", "invitation", "setup", "reset", "shared")
"""What stands before a secret: letters, figures, `-` and `_`, and nothing else."""
CODES = ("join", "team")
"""What stands before a code that is also typed: letters and figures."""

_LINK = re.compile(rf"/({'|'.join(SECRETS + CODES)})/(.+)", re.DOTALL)
_SECRET = re.compile(r"[A-Za-z0-9_-]+")
_BOUNDS = re.compile(r"[\s/<>\"'@]")
"""What stands before a host, if anything does."""


def mended(path: str) -> str:
    """The path of a link without what cannot belong to it; any other path, and one with nothing left, as it is."""
    found = _LINK.fullmatch(path)
    if found is None:
        return path
    kind, rest = found.groups()
    seen = "".join(letter for letter in rest if unicodedata.category(letter) != "Cf")
    if kind in CODES:
        code = "".join(letter for letter in seen if letter.isalnum())
        return f"/{kind}/{code}" if code else path
    secret = _SECRET.search(seen)
    return f"/{kind}/{secret[0]}" if secret else path


def link_in(typed: str) -> tuple[str | None, str] | None:
    """Host (None where none is said) and path of a link that stands where a code belongs; None where none does."""
    text = unquote(typed)
    found = _LINK.search(text)
    return (_host_before(text[: found.start()]), mended(found[0])) if found else None


def _host_before(text: str) -> str | None:
    """The host at the text's end, without its port. Cut out: searching for it takes ever longer in a long text."""
    *others, last = _BOUNDS.split(text)[-1].split(":")
    host = others[-1] if others and last.isdecimal() else last
    return host.lower() or None
