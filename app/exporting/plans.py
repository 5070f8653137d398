"""What an organisation means to do, as a table and as days to remember."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import wording
from app.core.answers import Action, ActionStatus
from app.core.questionnaire import Way
from app.exporting.calendars import Event, as_ics
from app.exporting.rows import Cell
from app.exporting.texts import as_table

LONGEST_SUMMARY = 100
NEXT_SITTING_AFTER = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Planned:
    """An action, and what tells it from every other: `source` stays the same while the action changes."""

    source: str
    revision: int
    action: Action


def plan_csv(language: str, planned: Sequence[Planned], questions: Mapping[str, str], stop_doing: str | None) -> bytes:
    """A row for each action, and one for what is no longer done, in words; no text begins a formula.

    `questions`: the words of each question by its id.
    """
    _ = wording.translations(language).gettext
    columns = (
        _("Kind"),
        _("Action"),
        _("Who"),
        _("By when"),
        _("How you will see that it worked"),
        _("What it does"),
        _("Status"),
        _("From the sitting before"),
        _("Question"),
    )
    return as_table(columns, _rows(language, planned, questions, stop_doing))


def plan_ics(organisation: str, language: str, planned: Sequence[Planned], now: datetime.datetime) -> bytes:
    """An event for each action that has a date and was not dropped; done ones remind nobody any more."""
    _ = wording.translations(language).gettext
    events = []
    for one in planned:
        action = one.action
        if action.date is None or action.status == "dropped":
            continue
        told = [action.text]
        told += [_("Owner: {owner}").format(owner=action.owner)] if action.owner else []
        told += (
            [_("How we will see that it worked: {measure}").format(measure=action.measure)] if action.measure else []
        )
        is_done = action.status == "done"
        events.append(
            Event(
                source=f"action {one.source}",
                revision=one.revision,
                day=action.date,
                summary=f"✓ {_short(action.text)}" if is_done else _short(action.text),
                description="\n".join([*told, organisation]),
                reminds=not is_done,
            )
        )
    return as_ics(_("Action plan: {organisation}").format(organisation=organisation), events, now)


def reminder_ics(
    organisation: str, language: str, assessment: str, day: datetime.date, now: datetime.datetime
) -> bytes:
    """The day of the next sitting; a later file moves it, for it is the same event."""
    _ = wording.translations(language).gettext
    title = _("Sit again: {organisation}").format(organisation=organisation)
    about = _("Look again at how good the experience is that you give your customers, and what became of your actions.")
    # No count of changes is kept: of two files the later made is the one that holds (RFC 5546, section 2.1.5).
    event = Event(f"again {assessment}", 0, day, title, about)
    return as_ics(title, [event], now)


def _rows(
    language: str, planned: Sequence[Planned], questions: Mapping[str, str], stop_doing: str | None
) -> Iterator[list[Cell]]:
    _ = wording.translations(language).gettext
    ways: Mapping[Way, str] = {
        "transaction": _("makes buying and using easier"),
        "financial": _("gives customers money’s worth"),
        "emotional": _("brings customers closer"),
        "groundwork": _("lays the groundwork"),
    }
    statuses: Mapping[ActionStatus, str] = {
        "planned": _("planned"),
        "under_way": _("under way"),
        "done": _("done"),
        "dropped": _("dropped"),
    }
    for one in planned:
        action = one.action
        told = (action.text, action.owner, action.date, action.measure, ways[action.way], statuses[action.status])
        asked = questions.get(action.question) if action.question else None
        yield [_("Action"), *told, _("yes") if action.carried else _("no"), asked]
    if stop_doing:
        yield [_("What you stop doing"), stop_doing, *([None] * 7)]


def _short(text: str) -> str:
    """One line, as a calendar's page has room for."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1].rstrip() + "…"
