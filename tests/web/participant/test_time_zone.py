"""Days are those of the place, on pages, on paper and in files: at New Year, and around a change of clocks."""

import datetime
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from pydantic import ValidationError

from app import content, reporting, time_zone, wording
from app.core.answers.document import read_document
from app.settings import Settings
from tests.web.visiting import begin

NEW_YEAR = datetime.datetime(2026, 12, 31, 23, 30, tzinfo=datetime.UTC)
"""Half past midnight in Ljubljana; half past six in the evening of the day before in New York."""
PULSE = content.catalogue().newest()[0].forms["pulse"].questions
Living = Callable[[str], None]


@pytest.fixture
def living_in() -> Iterator[Living]:
    """Sets the clock of this process; back as it was afterwards."""
    before = os.environ.get("TZ")
    yield time_zone.live_in
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize(
    ("zone", "moment", "day"),
    [
        ("Europe/Ljubljana", NEW_YEAR, "2027-01-01"),
        ("America/New_York", NEW_YEAR, "2026-12-31"),
        ("UTC", NEW_YEAR, "2026-12-31"),
        ("Europe/Ljubljana", datetime.datetime(2026, 3, 28, 23, 30, tzinfo=datetime.UTC), "2026-03-29"),
        ("Europe/Ljubljana", datetime.datetime(2026, 3, 29, 21, 59, tzinfo=datetime.UTC), "2026-03-29"),
        ("Europe/Ljubljana", datetime.datetime(2026, 3, 29, 22, 1, tzinfo=datetime.UTC), "2026-03-30"),
        ("Europe/Ljubljana", datetime.datetime(2026, 10, 25, 22, 59, tzinfo=datetime.UTC), "2026-10-25"),
    ],
)
def test_a_day_is_that_of_the_place(living_in: Living, zone: str, moment: datetime.datetime, day: str) -> None:
    living_in(zone)

    assert time_zone.day_of(moment).isoformat() == day
    assert wording.environment("en", []).filters["day"](moment) == wording.environment("en", []).filters["day"](
        datetime.date.fromisoformat(day)
    )


@pytest.mark.parametrize("zone", ["UTC", "Europe/Ljubljana", "America/New_York", "Pacific/Auckland"])
@pytest.mark.parametrize("day", ["0001-01-01", "2026-03-29", "2026-10-25", "2026-12-31", "9999-12-31"])
def test_a_day_that_is_kept_comes_back_the_same(living_in: Living, zone: str, day: str) -> None:
    living_in(zone)

    assert time_zone.day_of(time_zone.noon_of(datetime.date.fromisoformat(day))).isoformat() == day


def test_new_year_in_ljubljana_is_new_year_on_page_on_paper_and_in_files(app: FastAPI, living_in: Living) -> None:
    living_in("Europe/Ljubljana")
    with time_machine.travel(NEW_YEAR.timestamp(), tick=False):
        holder = begin(app, form="pulse")
        for question in PULSE:
            assert holder.answer(question, "3") == 200
        assert holder.browser.post(holder.path("finish")).status_code == 303
        page = holder.browser.get(holder.path("result")).text
        text = holder.browser.get(holder.path("answers.json")).text
        again = holder.browser.get(holder.path("reminder.ics")).text
    document, questionnaire = read_document(text, content.catalogue().edition)

    assert "1 January 2027" in page
    assert "December 2026" not in page
    assert document.date == datetime.date(2027, 1, 1)
    assert "1 January 2027" in reporting.printed(reporting.report_for(questionnaire, document, "en"))
    assert "DTSTART;VALUE=DATE:20270401" in again  # 90 days later
    assert "DTSTAMP:20261231T233000Z" in again  # an instant stays one


def test_a_zone_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    assert Settings(time_zone="Europe/Ljubljana").time_zone == "Europe/Ljubljana"
    assert Settings(time_zone="").time_zone is None
    for wrong in ("Ljubljana", "../etc/passwd", "Europe", "+02:00"):
        with pytest.raises(ValidationError, match="must be a name like Europe/Ljubljana"):
            Settings(time_zone=wrong)
