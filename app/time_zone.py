"""Instants are kept in UTC; days go by the clock of the place: the machine's, unless the operator names another."""

import datetime
import os
import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def known(name: str) -> bool:
    """Whether this machine knows the zone: a name of the IANA list, such as Europe/Ljubljana."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # none of that name; a path; a folder
        return False
    return True


def live_in(name: str | None) -> None:
    """Sets the clock of this process, and of those that it starts; None leaves it the machine's."""
    if name:
        os.environ["TZ"] = name
        time.tzset()


def day_of(moment: datetime.datetime) -> datetime.date:
    """The day that it is here at that instant."""
    try:
        return moment.astimezone().date()
    except (OverflowError, ValueError):  # in the year 1 a day of another clock may lie before all calendars
        return moment.date()


def noon_of(day: datetime.date) -> datetime.datetime:
    """An instant of that day, in UTC: the one that stays in it longest, should the operator's zone change."""
    noon = datetime.datetime.combine(day, datetime.time(12))
    try:
        return noon.astimezone(datetime.UTC)
    except (OverflowError, ValueError):
        return noon.replace(tzinfo=datetime.UTC)
