"""A journey's words on one sheet: in as large a type as fits, in columns that are filled evenly.

The words are the template's (they are in the reader's language); how many lines they take is worked out here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from app.core.answers.modules import Touchpoint
from app.core.journey.layout import STEP, Drawing, across, width_of, wrapped

LINE = 1.2
"""From one line to the next, in parts of the type's size."""
GAP = 1.4
"""Between columns, in parts of the type's size."""
INDENT = 1.7
"""For a number before a name."""
HEADING = 2.1
"""A stage's name with the space above it."""
APART = 0.45
"""Between one touchpoint and the next."""
COLUMN = 17
"""A column's least width, in parts of the type's size: about 35 letters."""
MOST_COLUMNS = 6
MOST_ALIGNED = 12
WIDE_GUTTER = 7
"""Before the first stage, in parts of the drawing's type: rows are named there."""
STEPS = (6.5, 5.5, 4.5, 3.5, STEP, 1.9)
"""How high the curve may be drawn where there is room: from one feeling to the next, in parts of its type."""
MIDDLING = 3.5
LARGE = 8.5
"""Points; a curve higher than middling is no reason for smaller type."""
COMFORTABLE = 7.5
"""Points; a table in smaller type gives way to columns."""
ROW = 0.6
"""A table's row has so much around its lines."""
TIGHT = 0.98
"""Of the width that is counted on: a renderer's own rounding must not make a line more."""


_FILLER = "i"
"""Stands for what is before the marks on their line."""


class Entry(NamedTuple):
    """A touchpoint in words: its stage's name, its number, its own name, its marks, and notes with their labels."""

    stage: str
    number: int
    name: str
    marks: str
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Placed:
    """An entry in a column; `heading` where a stage begins, or goes on in a new column."""

    entry: Entry
    heading: str | None


@dataclass(frozen=True)
class Columns:
    """What goes where, in type of that size (points); `gap` and `width` of a column in points."""

    size: float
    width: float
    gap: float
    columns: tuple[tuple[Placed, ...], ...]


@dataclass(frozen=True)
class Layout:
    """A drawing, and its words either as a table under the dots, in type of that size, or in columns.

    `is_short`: only names and marks fit, so the notes follow on further sheets.
    """

    drawing: Drawing
    table: float | None
    columns: Columns | None
    is_short: bool


def on_sheet(  # noqa: PLR0913 - what a sheet is made of
    touchpoints: Sequence[Touchpoint],
    words: Sequence[tuple[str, int, str, str, Sequence[tuple[str, str]]]],
    stages: Mapping[str, str],
    channels: Mapping[str, str],
    width: float,
    height: float,
    size: float,
    sizes: Sequence[float],
) -> Layout:
    """The journey on a sheet of that `width` and `height`: the drawing in type of `size`, the words in one of `sizes`.

    `words` has what an `Entry` has, for each of the touchpoints, which are in order.
    """
    entries = [Entry(stage, number, name, marks, tuple(notes)) for stage, number, name, marks, notes in words]
    comfortable = [one for one in sizes if one >= COMFORTABLE]
    large = [one for one in sizes if one >= LARGE]
    # The curve takes what the words leave.
    for step in STEPS:
        drawing = across(touchpoints, stages, channels, width, size, names=False, gutter=WIDE_GUTTER * size, step=step)
        table = aligned(entries, drawing, height - drawing.height, comfortable[:1] if step > STEP else comfortable)
        if table:
            return Layout(drawing, table, None, is_short=False)
    for step in STEPS:
        drawing = across(touchpoints, stages, channels, width, size, names=False, step=step)
        enough = large if step > MIDDLING else comfortable if step > STEP else sizes
        columns = in_columns(entries, width, height - drawing.height, enough)
        if columns or not entries:
            return Layout(drawing, None, columns, is_short=False)
    drawing = across(touchpoints, stages, channels, width, size, names=False)
    short = [entry._replace(notes=()) for entry in entries]
    return Layout(drawing, None, in_columns(short, width, height - drawing.height, sizes), is_short=True)


def in_columns(entries: Sequence[Entry], width: float, height: float, sizes: Sequence[float]) -> Columns | None:
    """The entries in the first of the `sizes` in which they fit; None where they fit in none."""
    if not entries:
        return None
    for size in sizes:
        count = max(1, min(MOST_COLUMNS, int(width / (COLUMN * size)), len(entries)))
        gap = GAP * size
        column = (width - (count - 1) * gap) / count
        if sum(_least(entry, column, size) for entry in entries) > count * height:
            continue
        tall = {entry.number: _height(entry, column, size) for entry in entries}
        room = max(*tall.values(), sum(tall.values()) / count) + HEADING * size
        while room <= height:
            packed = _packed(entries, tall, room, size)
            if len(packed) <= count:
                return Columns(size, column, gap, packed)
            room += size
    return None


def aligned(entries: Sequence[Entry], drawing: Drawing, height: float, sizes: Sequence[float]) -> float | None:
    """The size of type in which each touchpoint's words stand under its dot, as a table; None where they do not fit."""
    if not 0 < len(entries) <= MOST_ALIGNED:
        return None
    rooms = {dot.number: dot.width for dot in drawing.dots}
    for size in sizes:
        inner = {number: (room - 0.9 * size) * TIGHT for number, room in rooms.items()}
        words = [(word, inner[entry.number]) for entry in entries for text in _texts(entry) for word in text.split()]
        if any(width_of(word, size, bold=True) > room for word, room in words):
            continue
        labels = list(dict.fromkeys(label for entry in entries for label, _ in entry.notes))
        rows = [max(_lines(entry.name, inner[entry.number], size, bold=True) for entry in entries)]
        rows.append(max(_lines(entry.marks, inner[entry.number], size) for entry in entries))
        for label in labels:
            told = [(dict(entry.notes).get(label, ""), inner[entry.number]) for entry in entries]
            rows.append(max(_lines(text, room, size) for text, room in told))
        if sum(rows) * LINE * size + len(rows) * ROW * size + 2 * size <= height:
            return size
    return None


def _texts(entry: Entry) -> tuple[str, ...]:
    return (entry.name, entry.marks, *(text for _, text in entry.notes))


def _lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    return len(wrapped(text, width, size, bold=bold))


def _least(entry: Entry, column: float, size: float) -> float:
    """No more than the entry's height, and found without wrapping: what is much too long is refused at once."""
    return sum(width_of(text, size) for text in _texts(entry)) / column * LINE * size


def _height(entry: Entry, column: float, size: float) -> float:
    inner = (column - INDENT * size) * TIGHT
    # The name in bold with the marks behind it: the marks are wrapped from where the name ends.
    *_, last = wrapped(entry.name, inner, size, bold=True)
    name = _lines(entry.name, inner, size, bold=True)
    if entry.marks:
        begun = _FILLER * ceil(width_of(last, size, bold=True) / width_of(_FILLER, size))
        name += _lines(f"{begun} {entry.marks}", inner, size) - 1
    notes = sum(_lines(f"{label} {text}", inner, size) for label, text in entry.notes)
    return (name + notes) * LINE * size + APART * size


def _packed(
    entries: Sequence[Entry], tall: dict[int, float], room: float, size: float
) -> tuple[tuple[Placed, ...], ...]:
    columns: list[list[Placed]] = []
    stage, filled = "", room + 1
    for entry in entries:
        needed = tall[entry.number] + (HEADING * size if entry.stage != stage else 0)
        begins = filled + needed > room
        if begins:
            columns.append([])
            needed, filled = tall[entry.number] + HEADING * size, 0
        heading = entry.stage if begins or entry.stage != stage else None
        columns[-1].append(Placed(entry, heading))
        stage, filled = entry.stage, filled + needed
    return tuple(map(tuple, columns))
