"""A plan's files: an independent reader finds in the calendar what was put there, and the lines keep to RFC 5545."""

import datetime

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.answers.document import Action
from app.exporting import Plan, Planned, plan_csv, plan_ics, reminder_ics
from tests import tables

NOW = datetime.datetime(2026, 11, 21, 9, 30, tzinfo=datetime.UTC)
DAY = datetime.date(2027, 2, 19)
ORGANISATION = "Kanarček, d.o.o."

LONG = "Pišemo; vsem, ki so vprašali: \\n ni prelom " + "žč😀" * 60
TEXTS = [LONG, "two\nlines", "a\n\nb", "END:VEVENT\nEND:VCALENDAR", "=SUM(A1)", "\"quoted\", 'too'", "x" * 75, "ž" * 75]


def action(text: str = "Call back within a day", **told: object) -> Action:
    return Action.model_validate({"text": text, "way": "emotional", "date": DAY} | told)


def events(file: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(file).walk("VEVENT"))  # type: ignore[arg-type]  # its own kinds


@pytest.mark.parametrize("text", TEXTS)
def test_a_calendar_says_what_the_plan_says(text: str) -> None:
    file = plan_ics(ORGANISATION, "en", [Planned("a", 3, action(text, owner="Ana; Cilka", measure=text))], NOW)
    [event] = events(file)
    assert str(event["description"]) == (
        f"{text}\nOwner: Ana; Cilka\nHow we will see that it worked: {text}\n{ORGANISATION}"
    )
    assert str(event["summary"]) == (" ".join(text.split()) if len(text) <= 100 else str(event["summary"]))
    assert event.DTSTART == DAY
    assert event.DTSTAMP == NOW
    assert event["sequence"] == 3
    assert b"\r\nTRIGGER:-PT15H\r\n" in file


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300))
def test_every_line_is_short_and_whole_whatever_is_written(text: str) -> None:
    file = reminder_ics(text, "en", "abc", DAY, NOW)
    lines = file.split(b"\r\n")
    assert lines.pop() == b""
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode()  # no letter is torn apart
    assert b"\n" not in file.replace(b"\r\n", b"")
    unfolded = file.replace(b"\r\n ", b"").split(b"\r\n")
    assert [line for line in unfolded if line.startswith((b"BEGIN", b"END"))] == [
        b"BEGIN:VCALENDAR",
        b"BEGIN:VEVENT",
        b"BEGIN:VALARM",
        b"END:VALARM",
        b"END:VEVENT",
        b"END:VCALENDAR",
    ]


def test_only_what_has_a_day_and_was_not_dropped_stands_in_the_calendar() -> None:
    plan = [
        Planned("a", 1, action("planned")),
        Planned("b", 1, action("no day", date=None)),
        Planned("c", 1, action("dropped", status="dropped")),
        Planned("d", 1, action("done", status="done")),
        Planned("e", 1, action("last of all days", date="9999-12-31")),
        Planned("f", 1, action("first of all days", date="0001-01-01")),
    ]
    found = events(plan_ics(ORGANISATION, "en", plan, NOW))
    assert [(str(one["summary"]), len(one.walk("VALARM"))) for one in found] == [
        ("planned", 1),
        ("✓ done", 0),
        ("last of all days", 1),
        ("first of all days", 1),
    ]
    assert b"DTSTART;VALUE=DATE:00010101\r\n" in plan_ics(ORGANISATION, "en", plan, NOW)


def test_an_events_id_stays_and_tells_no_address() -> None:
    def ids(*plan: Planned) -> list[str]:
        return [str(one["uid"]) for one in events(plan_ics(ORGANISATION, "en", plan, NOW))]

    before, after = (
        Planned("abcdefgh", 1, action()),
        Planned("abcdefgh", 2, action("Something else", date="2027-01-01")),
    )
    assert ids(before) == ids(after) != ids(Planned("other", 1, action()))
    assert "abcdefgh" not in ids(before)[0]
    first, moved = (reminder_ics(ORGANISATION, "en", "abcdefgh", day, NOW) for day in (DAY, datetime.date(2027, 3, 1)))
    assert [str(one["uid"]) for one in events(first)] == [str(one["uid"]) for one in events(moved)]
    assert b"abcdefgh" not in first


def test_a_plan_as_a_table_keeps_every_text_a_text() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "a;b,c", 'say "yes"', "two\nlines"]
    plan = [Planned(text, 1, action(text, owner=text, measure=text, question="a.b")) for text in texts]
    file = plan_csv("en", Plan(ORGANISATION, plan, {"a.b": "=Why?"}, {"financial": "saves money"}, "=stop"))
    rows = tables.read(file)
    texts[-1] = "two / lines"  # a row is a line
    assert [row["Action"].removeprefix("'") for row in rows] == [*texts, "=stop"]
    assert [row["Kind"] for row in rows] == ["Action"] * len(texts) + ["What you stop doing"]
    for row in rows:
        for cell in row.values():
            assert not cell.startswith(("=", "+", "-", "@"))
    assert rows[0] == {
        "Kind": "Action",
        "By when": "2027-02-19",
        "What it does": "brings people closer",
        "Status": "planned",
        "From the sitting before": "no",
        "Question": "'=Why?",
    } | dict.fromkeys(("Action", "Who", "How you will see that it worked"), "'=1+1")
