"""How a journey is drawn: where each touchpoint lies and how its words break, worked out without looking at a page.

Two drawings of the same: `across`, the stages side by side and the feeling as a curve over them, for paper and wide
screens; `down`, the stages one below the other, for a phone. Lengths are in the drawing's own units; `size` is that of
its type in them. Source Sans 3 is measured, rounded up; so words never meet, in no language that it can write.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import get_args

from app.core.answers.modules import JourneyStage, Touchpoint

STAGES: tuple[JourneyStage, ...] = get_args(JourneyStage)
FEELINGS = (2, 1, 0, -1, -2)
"""From the top down, or from right to left."""

# How wide a letter is, in parts of the type's size, rounded up.
_REGULAR = {
    0.2: " ",
    0.25: "',.:;ij|’",
    0.275: "Il",
    0.3: "!fł",
    0.325: "()-[]{}",
    0.35: "/\\rt",
    0.425: "*?sz",
    0.45: '"x',
    0.475: "cvy",
    0.5: "#$+0123456789<=>FJLY^_ek~–−Ł",
    0.525: "VXag",
    0.55: "AESTZ`hnou",
    0.575: "CPRbdpqđ",
    0.6: "BKß",
    0.625: "&DG",
    0.65: "NU",
    0.675: "HOQ",
    0.725: "w",
    0.75: "M",
    0.8: "W—",
    0.825: "%",
    0.85: "@m",
    0.95: "…",
}
_SEMIBOLD = {
    0.2: " ",
    0.275: "',.:;ijl|’",
    0.3: "I",
    0.325: "!()-[]f{}",
    0.35: "/\\ł",
    0.375: "rt",
    0.45: "*?sz",
    0.475: "c",
    0.5: '"J_vxy–',
    0.525: "#$+0123456789<=>FLY^aegk~−Ł",
    0.55: "ESTVXZ`o",
    0.575: "Abdhnpquđ",
    0.6: "BCKPR",
    0.625: "Dß",
    0.65: "&G",
    0.675: "HNOQU",
    0.75: "Mw",
    0.8: "W—",
    0.85: "%m",
    0.875: "@",
    0.975: "…",
}
_LETTERS = {
    bold: {letter: width for width, letters in widths.items() for letter in letters}
    for bold, widths in ((False, _REGULAR), (True, _SEMIBOLD))
}
_UNKNOWN, _WIDE = 0.7, 1.05

LINE = 1.25
"""From one line to the next, in parts of the type's size."""
SMALL = 0.86
"""Beside the names: channels."""
STEP = 2.5
"""From one feeling to the next, in parts of the type's size."""
MOST_LINES = 7
"""That a name under the curve may take."""
SMALLEST_NUMBERED = 0.7
"""A dot's radius, in parts of the type's size, that still holds its number."""


@dataclass(frozen=True)
class Dot:
    """A touchpoint: its number, the middle of its dot, and the room beside or below it for its name.

    `is_felt`: whether a feeling was told; where none was, the dot stands apart from the curve.
    """

    number: int
    touchpoint: Touchpoint
    x: float
    y: float
    is_felt: bool
    left: float
    top: float
    width: float
    name: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """A stage: its part of the drawing, the lines of its name, and the numbers of its touchpoints."""

    stage: JourneyStage
    start: float
    length: float
    name: tuple[str, ...]
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Drawing:
    """A journey, ready to be drawn.

    `rules` are where the feelings' lines lie, from +2 to -2; `apart`, where those without a feeling stand, is None
    where there are none. `solid` joins neighbours on the curve, `dashed` leaps over those without a feeling.
    """

    width: float
    height: float
    size: float
    gutter: float
    radius: float
    head: float
    plot_end: float
    bands: tuple[Band, ...]
    dots: tuple[Dot, ...]
    rules: tuple[float, ...]
    apart: float | None
    solid: str
    dashed: str
    has_names: bool
    numbers_below: tuple[float, float] | None
    """Where dots are too small for their numbers, these stand in two lines below the curve, by turns."""


def in_order(touchpoints: Sequence[Touchpoint]) -> tuple[Touchpoint, ...]:
    """By stage, and within a stage as they are given."""
    return tuple(sorted(touchpoints, key=lambda one: STAGES.index(one.stage)))


def one_line(text: str) -> str:
    """A text's lines as one, for a map or a sheet: a list written one thing a line must not take a page."""
    return " / ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is at most, on one line; `bold` is the semibold."""
    return _width(text, bold=bold) * size


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that is to be no wider; a word that is by itself is broken wherever it must."""
    lines: list[str] = []
    line: list[str] = []
    room = width / size
    filled = 0.0
    space = _width(" ", bold=bold)
    for word in text.split():
        wide = _width(word, bold=bold)
        if line and filled + space + wide <= room:
            line.append(word)
            filled += space + wide
            continue
        if line:
            lines.append(" ".join(line))
        *full, last = _broken(word, room, bold=bold) if wide > room else [word]
        lines += full
        line, filled = [last], _width(last, bold=bold)
    return (*lines, " ".join(line)) if line else tuple(lines)


def across(  # noqa: PLR0913 - what a drawing is made of
    touchpoints: Sequence[Touchpoint],
    stages: Mapping[str, str],
    channels: Mapping[str, str],
    width: float,
    size: float,
    *,
    names: bool = True,
    gutter: float | None = None,
    step: float = STEP,
) -> Drawing:
    """The stages side by side; `names` stand under the curve where they fit, else numbers alone.

    `gutter`: the room before the first stage, in which the feelings are named. `step`: from one feeling to the next, in
    parts of the type's size.

    `stages` and `channels` are what they are called.
    """
    ordered = in_order(touchpoints)
    gutter = gutter or 2.6 * size
    slot, lengths = _shared_out(ordered, stages, width - gutter, size)
    radius = max(min(0.95 * size, 0.46 * slot), 0.35 * size)
    edge = 2.7 * size
    titles = {stage: wrapped(stages[stage], lengths[stage] - 0.6 * size, size, bold=True) for stage in STAGES}
    head = max(map(len, titles.values())) * LINE * size + 0.8 * size
    rules = tuple(head + edge + place * step * size for place in range(len(FEELINGS)))
    apart = rules[-1] + edge if any(one.feeling is None for one in ordered) else None
    end = apart + 0.6 * edge if apart else rules[-1] + edge
    below = None
    if radius < SMALLEST_NUMBERED * size:
        below = (end + 0.3 * size, end + 1.2 * size)
        end += 1.8 * size
    has_names = names and bool(ordered) and all(_fits(one.name, slot - 0.8 * size, size) for one in ordered)
    bands, dots, start = [], [], gutter
    for stage in STAGES:
        here = [(number, one) for number, one in enumerate(ordered, start=1) if one.stage == stage]
        bands.append(Band(stage, start, lengths[stage], titles[stage], tuple(number for number, _ in here)))
        for place, (number, one) in enumerate(here):
            left = start + place * lengths[stage] / len(here)
            room = lengths[stage] / len(here)
            y = (apart or 0) if one.feeling is None else rules[FEELINGS.index(one.feeling)]
            name = wrapped(one.name, room - 0.8 * size, size) if has_names else ()
            channel = _channel(one, channels, room - 0.8 * size, size) if has_names else ()
            felt = one.feeling is not None
            dots.append(Dot(number, one, left + room / 2, y, felt, left, end, room, name, channel))
        start += lengths[stage]
    height = end
    if has_names:
        height += 0.9 * size + max(len(dot.name) * LINE * size + len(dot.channel) * LINE * SMALL * size for dot in dots)
    solid, dashed = _curve(dots, lying=True)
    return Drawing(
        width,
        height,
        size,
        gutter,
        radius,
        head,
        end,
        tuple(bands),
        tuple(dots),
        rules,
        apart,
        solid,
        dashed,
        has_names,
        below,
    )


def down(
    touchpoints: Sequence[Touchpoint],
    stages: Mapping[str, str],
    channels: Mapping[str, str],
    width: float,
    size: float,
) -> Drawing:
    """The stages one below the other, the feeling from left to right, and each name beside its dot."""
    ordered = in_order(touchpoints)
    radius = 0.85 * size
    step, edge = 1.7 * size, 1.4 * size
    rules = tuple(edge + (len(FEELINGS) - 1 - place) * step for place in range(len(FEELINGS)))
    plot_end = rules[0] + edge
    apart = plot_end if any(one.feeling is None for one in ordered) else None
    left = plot_end + (1.9 * size if apart else 0.5 * size)
    head = 1.6 * size
    bands, dots, y = [], [], head
    for stage in STAGES:
        begun = y
        name = wrapped(stages[stage], width - left, size, bold=True)
        here = [(number, one) for number, one in enumerate(ordered, start=1) if one.stage == stage]
        y += 1.9 * size
        for number, one in here:
            lines = wrapped(one.name, width - left, size)
            channel = _channel(one, channels, width - left, size)
            tall = max(len(lines) * LINE * size + len(channel) * LINE * SMALL * size + 1.1 * size, 3.4 * size)
            x = (apart or 0) if one.feeling is None else rules[FEELINGS.index(one.feeling)]
            felt = one.feeling is not None
            dots.append(Dot(number, one, x, y + tall / 2, felt, left, y, width - left, lines, channel))
            y += tall
        y += 0.4 * size
        bands.append(Band(stage, begun, y - begun, name, tuple(number for number, _ in here)))
    solid, dashed = _curve(dots, lying=False)
    return Drawing(
        width, y, size, 0, radius, head, plot_end, tuple(bands), tuple(dots), rules, apart, solid, dashed, True, None
    )


def _letter(letter: str, *, bold: bool) -> float:
    if unicodedata.combining(letter):
        return 0
    wide = unicodedata.east_asian_width(letter) in {"W", "F"}
    return _LETTERS[bold].get(letter, _WIDE if wide else _UNKNOWN if ord(letter) < 0x2000 else 1.0)


@lru_cache(maxsize=4096)
def _width(text: str, *, bold: bool) -> float:
    """In parts of the type's size."""
    return sum(_letter(letter, bold=bold) for letter in unicodedata.normalize("NFD", text))


def _broken(word: str, room: float, *, bold: bool) -> list[str]:
    parts, filled = [""], 0.0
    for letter in word:
        wide = _width(letter, bold=bold)
        if parts[-1] and filled + wide > room:
            parts.append("")
            filled = 0.0
        parts[-1] += letter
        filled += wide
    return parts


def _fits(name: str, width: float, size: float) -> bool:
    words_fit = all(width_of(word, size) <= width for word in name.split())
    return words_fit and len(wrapped(name, width, size)) <= MOST_LINES


def _channel(one: Touchpoint, channels: Mapping[str, str], width: float, size: float) -> tuple[str, ...]:
    return wrapped(channels[one.channel], width, SMALL * size) if one.channel else ()


def _shared_out(
    ordered: Sequence[Touchpoint], stages: Mapping[str, str], width: float, size: float
) -> tuple[float, dict[JourneyStage, float]]:
    """The least that a touchpoint gets, and each stage's part: as much for every touchpoint, and room for its name."""
    counts = {stage: sum(one.stage == stage for one in ordered) for stage in STAGES}
    least = {
        stage: max(width_of(word, size, bold=True) for word in stages[stage].split() or [""]) + 0.8 * size
        for stage in STAGES
    }
    if not ordered:
        return width, dict.fromkeys(STAGES, width / len(STAGES))
    narrow = {stage for stage in STAGES if not counts[stage]}
    while True:
        left = width - sum(least[stage] for stage in narrow)
        each = left / max(1, sum(counts[stage] for stage in STAGES if stage not in narrow))
        more: set[JourneyStage] = {
            stage for stage in STAGES if stage not in narrow and counts[stage] * each < least[stage]
        }
        if not more or narrow | more == set(STAGES):
            break
        narrow |= more
    lengths = {stage: least[stage] if stage in narrow else counts[stage] * each for stage in STAGES}
    scale = width / sum(lengths.values())
    lengths = {stage: length * scale for stage, length in lengths.items()}
    return min(lengths[stage] / counts[stage] for stage in STAGES if counts[stage]), lengths


def _curve(dots: Sequence[Dot], *, lying: bool) -> tuple[str, str]:
    """The paths through the dots that have a feeling: between neighbours, and over those without one."""
    solid: list[str] = []
    dashed: list[str] = []
    for one, next_ in pairwise([dot for dot in dots if dot.is_felt]):
        if lying:
            middle = (one.x + next_.x) / 2
            way = f"{middle:.1f} {one.y:.1f} {middle:.1f} {next_.y:.1f}"
        else:
            middle = (one.y + next_.y) / 2
            way = f"{one.x:.1f} {middle:.1f} {next_.x:.1f} {middle:.1f}"
        piece = f"M{one.x:.1f} {one.y:.1f}C{way} {next_.x:.1f} {next_.y:.1f}"
        (solid if next_.number == one.number + 1 else dashed).append(piece)
    return "".join(solid), "".join(dashed)
