"""A workbook in the making: sheets of plain values, in which every text stays a text."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from io import BytesIO
from typing import Literal

import xlsxwriter  # type: ignore[import-untyped]  # has no type hints
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from app.core.scoring import rounding
from app.exporting.rows import Cell

NARROW, WIDE, WIDEST = 11, 28, 60
LONGEST_SHEET_NAME = 31
FIRST_DAY = datetime.date(1900, 3, 1)
"""Earlier days a workbook cannot tell: it has a 29 February 1900, and nothing before that year."""
SHARES = frozenset({"blind_spots"})
Look = Literal["plain", "share", "wrapped"]
_TEXT_STAYS_TEXT = {
    "in_memory": True,  # nobody's answers lie about in a temporary folder
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class _Sheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no type hints
    """A sheet that writes every digit of a number: xlsxwriter's own stops one short of a double."""

    def _xml_number_element(self, number: float, attributes: Sequence[tuple[str, str]] = ()) -> None:
        told = "".join(f' {name}="{self._escape_attributes(value)}"' for name, value in attributes)
        self.fh.write(f"<c{told}><v>{number!r}</v></c>")


class Book:
    """A workbook with a title, made at `now`."""

    def __init__(self, title: str, now: datetime.datetime) -> None:
        self._bytes = BytesIO()
        self._book = xlsxwriter.Workbook(self._bytes, _TEXT_STAYS_TEXT)
        self._book.set_properties({"title": title, "created": now.replace(tzinfo=None)})
        self.head = self._book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self.wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = self._book.add_format({"bold": True, "valign": "top"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd", "align": "left", "valign": "top"})
        self._numbers: dict[str, Format] = {}

    def table(
        self,
        name: str,
        heads: Mapping[str, str],
        body: Iterable[Mapping[str, Cell]],
        *,
        widths: Mapping[str, int],
        stays: int = 1,
    ) -> None:
        """A sheet with a row of heads that stays in sight, and with it the first columns (`stays`).

        `widths`: of the columns that are not narrow; a long text takes several lines there.
        """
        sheet = self.sheet(name)
        for column, (key, head) in enumerate(heads.items()):
            sheet.write_string(0, column, head, self.head)
            sheet.set_column(column, column, widths.get(key, NARROW))
        last = 0
        for last, row in enumerate(body, 1):
            for column, key in enumerate(heads):
                look: Look = "share" if key in SHARES else "wrapped" if key in widths else "plain"
                self.write(sheet, last, column, row[key], look)
        sheet.freeze_panes(1, stays)
        sheet.autofilter(0, 0, max(last, 1), len(heads) - 1)

    def lines(self, name: str, texts: Sequence[str]) -> None:
        """A sheet of sentences."""
        sheet = self.sheet(name)
        sheet.set_column(0, 0, 2 * WIDEST)
        for row, text in enumerate(texts):
            sheet.write_string(row, 0, text, self.wrapped)

    def sheet(self, name: str) -> Worksheet:
        """A new, empty sheet."""
        return self._book.add_worksheet(name[:LONGEST_SHEET_NAME], _Sheet)

    def write(self, sheet: Worksheet, row: int, column: int, cell: Cell, look: Look = "plain") -> None:
        """One value, as what it is: figures exact, with as many decimals shown as the figure has elsewhere."""
        share = look == "share"
        match cell:
            case None:
                pass
            case str():
                sheet.write_string(row, column, cell, self.wrapped if look == "wrapped" else None)
            case datetime.date() if cell < FIRST_DAY:
                sheet.write_string(row, column, cell.isoformat())
            case datetime.date():
                sheet.write_datetime(row, column, datetime.datetime.combine(cell, datetime.time.min), self._day)
            case float():
                sheet.write_number(row, column, cell, self._number(1, share=share))
            case Fraction():
                shown = rounding.percent(cell) if share else rounding.rounded(cell)
                decimals = max(0, -int(shown.as_tuple().exponent))
                sheet.write_number(row, column, float(cell), self._number(decimals, share=share))
            case _:
                sheet.write_number(row, column, cell)

    def closed(self) -> bytes:
        """The finished workbook."""
        self._book.close()
        return self._bytes.getvalue()

    def _number(self, decimals: int, *, share: bool) -> Format:
        pattern = "0" + ("." + "0" * decimals if decimals else "") + ("%" if share else "")
        if pattern not in self._numbers:
            self._numbers[pattern] = self._book.add_format({"num_format": pattern})
        return self._numbers[pattern]
