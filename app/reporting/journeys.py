"""The journey map on paper: one sheet, A4 or A3, as HTML for the printer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.core.answers.modules import Touchpoint
from app.core.journey.layout import in_order, width_of
from app.reporting.rendering import environment

PaperSize = Literal["a4", "a3"]


TITLE = 22
"""Points: about as wide as Source Sans in this size the title runs; a longer one is set smaller, on two lines."""


@dataclass(frozen=True)
class Sheet:
    """What of a lying sheet is written on, how much of that the head takes, and the sizes of type; all in points."""

    name: PaperSize
    width: float
    height: float
    head: float
    drawing: float
    sizes: tuple[float, ...]


SHEETS: dict[PaperSize, Sheet] = {
    "a4": Sheet("a4", 785, 532, 66, 8.5, (11, 10, 9, 8.5, 8, 7.5, 7, 6.5)),
    "a3": Sheet("a3", 1111, 762, 66, 11, (14, 12, 11, 10, 9, 8.5, 8, 7.5, 7, 6.5)),
}
"""Smaller than 6.5 points nothing is printed: what does not fit then follows on further sheets."""


def printed_journey(
    touchpoints: Sequence[Touchpoint], organisation: str, language: str, day: datetime.date, size: PaperSize
) -> str:
    """The map of one organisation's journey."""
    context = {
        "touchpoints": in_order(touchpoints),
        "organisation": organisation,
        "day": day,
        "sheet": SHEETS[size],
        "is_long": width_of(organisation, TITLE) > SHEETS[size].width,
    }
    return environment(language).get_template("journey/map.html").render(context)
