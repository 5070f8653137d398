"""No typed text becomes a formula, a row or a column, whatever separates the cells for whoever opens the table."""

import csv
import re
from fractions import Fraction
from io import StringIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.exporting.texts import as_table
from tests import tables

SEPARATORS = (";", ",", "\t")
TRIGGERS = "=+-@\uff1d\uff0b\uff0d\uff20"
TEXTS = st.text(st.sampled_from([*TRIGGERS, *";,\t\n\r\v\x85\u2028\"'| ab\u200b\ufeff\u00a0"]), max_size=12)
PLAIN_NUMBER = re.compile(r"-?\d[\d,]*$")


def text_of(content: bytes) -> str:
    return content.decode("utf-8-sig")


def live(text: str) -> list[str]:
    """The cells that begin like a formula, under every separator, and whether or not quotes hold a cell together."""
    read = [
        cell
        for separator in SEPARATORS
        for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE)
        for row in csv.reader(StringIO(text, newline=""), delimiter=separator, quoting=quoting)
        for cell in row
    ]
    lines = [line for cell in read for line in re.split(r"[\r\n\v\x85\u2028]", cell)]
    begun = [line.lstrip(' "\t\u00a0\u200b\ufeff') for line in lines]
    return [cell for cell in begun if cell.startswith(tuple(TRIGGERS)) and not PLAIN_NUMBER.match(cell)]


def test_the_look_for_formulas_finds_one_behind_each_separator_and_line_break() -> None:
    for planted in ('"=1"', '"a;=1";2', '"a, ""=1"""', '"a\t=1"', '"a\n=1"', '"x";"\u00a0@a"'):
        assert live(planted) != []
    assert live('"a";-0,5') == []


@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=3))
@example([("harmless", "a;=SUM(A1)")])
@example([("first\n=cmd|' /C calc'!A0", 'say, "=1"')])
def test_no_part_of_a_text_begins_a_formula_under_any_separator(rows: list[tuple[str, str]]) -> None:
    told = text_of(as_table(("one", "figure", "two"), [(one, Fraction(-5, 2), two) for one, two in rows]))

    assert live(told) == []
    assert len(told.split("\r\n")) == len(rows) + 2  # the heads, and the end of the last line
    assert len(told.splitlines()) == len(rows) + 1


def test_a_harmless_plan_keeps_its_rows_columns_and_words() -> None:
    typed = "Call back; the same day, always\nAsk: was it solved?"
    content = as_table(("Action", "Who"), [(typed, "Ana; Cilka"), ("Tidy up – at once", "Čeh, d.o.o.")])

    assert tables.read(content) == [
        {"Action": "Call back; the same day, always / Ask: was it solved?", "Who": "Ana; Cilka"},
        {"Action": "Tidy up – at once", "Who": "Čeh, d.o.o."},
    ]


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_formulas_sign_is_told_as_text_in_any_width(begins: str) -> None:
    assert tables.read(as_table(("text",), [[f"{begins}1+1"]])) == [{"text": f"'{begins}1+1"}]


def test_numbers_stay_numbers_and_have_a_decimal_comma() -> None:
    line = text_of(as_table(("a", "b", "c", "d"), [(Fraction(7, 2), -0.25, 3, None)])).splitlines()[1]

    assert line == '3,5;-0,25;3;""'
