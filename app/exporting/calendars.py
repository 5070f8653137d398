"""Days to remember as a calendar file (RFC 5545): all-day events, each with a reminder."""

import datetime
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

LONGEST_LINE = 75
"""Octets, without the line's end (section 3.1)."""

PRODUCT = "-//CX Maturity//CX Maturity//EN"
REMINDER = "-PT15H"
"""From the beginning of the day: nine in the morning of the day before."""


@dataclass(frozen=True)
class Event:
    """A whole day. `source` is what it is made of: it makes the event's id, so that a later file replaces the event.

    `revision` counts its changes. Without a reminder where nothing is left to do.
    """

    source: str
    revision: int
    day: datetime.date
    summary: str
    description: str
    reminds: bool = True


def as_ics(name: str, events: Sequence[Event], now: datetime.datetime) -> bytes:
    """The events as a calendar that is called `name`; made at `now`, which is UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(name)}",
        *(line for event in events for line in _event(event, now)),
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _event(event: Event, now: datetime.datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    # A hash: whoever is sent the file learns no address from it.
    yield f"UID:{sha256(event.source.encode()).hexdigest()[:32]}@cx-maturity"
    yield f"DTSTAMP:{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{event.revision}"
    # Without an end it lasts that one day (section 3.6.1).
    yield f"DTSTART;VALUE=DATE:{_day(event.day)}"
    yield f"SUMMARY:{_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_text(event.description)}"
    yield "TRANSP:TRANSPARENT"
    if event.reminds:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{_text(event.summary)}"
        yield f"TRIGGER:{REMINDER}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _day(day: datetime.date) -> str:
    return day.isoformat().replace("-", "")  # strftime writes the year 7 as one digit


def _text(text: str) -> str:
    """A text value: nothing in it ends the line or the value (section 3.3.11)."""
    lines = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join(
        "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in line) for line in lines
    )


def _folded(line: str) -> bytes:
    """The line, broken where it is too long; no letter is torn apart."""
    rows = [b""]
    for letter in line:
        octets = letter.encode()
        if len(rows[-1]) + len(octets) > LONGEST_LINE:
            rows.append(b" ")
        rows[-1] += octets
    return b"\r\n".join(rows) + b"\r\n"
