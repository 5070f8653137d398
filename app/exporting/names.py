"""File names that every system can store."""

import re
import unicodedata

LONGEST = 60
# Letters that are no accent on another one.
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE"})


def slug(name: str) -> str:
    """The name in small letters, digits and hyphens; empty where it has none of them in the Latin script."""
    plain = unicodedata.normalize("NFKD", name.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].rstrip("-")
