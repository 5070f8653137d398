"""Ways to break a questionnaire: each takes the edition's folder and changes one thing in it."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

Break = Callable[[Path], object]

STRUCTURE = "questionnaire.yaml"
WORDS = "en/questionnaire.yaml"
PLAN = "en/plan.yaml"


class Broken(NamedTuple):
    """What is wrong, how it comes to be, and the lines that say so; files are named from the edition's folder."""

    name: str
    breaks: Break
    lines: list[str]


def put(file: str, old: str, new: str) -> Break:
    """Puts `new` in the place of the first `old`, which must be there."""

    def breaks(edition: Path) -> None:
        text = (edition / file).read_text(encoding="utf-8")
        assert old in text
        (edition / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return breaks


def cut(file: str, pattern: str) -> Break:
    """Cuts out what the regular expression finds, which must be there once."""

    def breaks(edition: Path) -> None:
        text, times = re.subn(pattern, "", (edition / file).read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert times == 1
        (edition / file).write_text(text, encoding="utf-8")

    return breaks


def write(file: str, content: str | bytes) -> Break:
    """Writes a file anew."""
    return lambda edition: (edition / file).write_bytes(content if isinstance(content, bytes) else content.encode())


def add(file: str, text: str) -> Break:
    """Adds to the end of a file."""
    return lambda edition: (edition / file).write_text((edition / file).read_text(encoding="utf-8") + text)


def remove(path: str) -> Break:
    """Removes a file or a folder."""
    return lambda edition: shutil.rmtree(edition / path) if (edition / path).is_dir() else (edition / path).unlink()


def copy(folder: str, to: str) -> Break:
    """Copies a folder; both are named from the edition's folder."""
    return lambda edition: shutil.copytree(edition / folder, edition / to)
