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
_HOST = re.compile(r"([^\s/<>\"'@:]+)(?::\d+)?$")


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
    found = _LINK.search(unquote(typed))
    if found is None:
        return None
    before = _HOST.search(typed[: typed.find(f"/{found[1]}/")])
    return before[1].lower() if before else None, mended(found[0])
