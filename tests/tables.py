"""How a table of plain text is read: as a spreadsheet does where numbers have a decimal comma."""

import csv
from io import StringIO


def read(content: bytes) -> list[dict[str, str]]:
    """The rows by their columns' names."""
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def number(text: str) -> float:
    """The number a cell says."""
    return float(text.replace(",", "."))
