"""What an organisation means to do, as a table and as days to remember."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app import wording
from app.core.answers.document import Action, ActionStatus
from app.core.questionnaire.model import Way
from app.exporting.calendars import Event, as_ics
from app.exporting.rows import Cell
from app.exporting.sheets import WIDE, WIDEST, Book
from app.exporting.texts import as_table

LONGEST_SUMMARY = 100
NEXT_SITTING_AFTER = datetime.timedelta(days=90)


@dataclass(frozen=True)
class Planned:
    """An action, and what tells it from every other: `source` stays the same while the action changes."""

    source: str
    revision: int
    action: Action


@dataclass(frozen=True)
class Plan:
    """What an organisation means to do, and to stop.

    `questions`: the words of each question by its id; `ways`: what the questionnaire calls the ways, where it does.
    """

    organisation: str
    actions: Sequence[Planned]
    questions: Mapping[str, str]
    ways: Mapping[Way, str]
    stop_doing: str | None


def plan_csv(language: str, plan: Plan) -> bytes:
    """A row for each action, and one for what is no longer done, in words; no text begins a formula."""
    heads, rows = _heads(language), _rows(language, plan)
    return as_table([*heads.values()], ([row[key] for key in heads] for row in rows))


def plan_xlsx(language: str, plan: Plan, now: datetime.datetime) -> bytes:
    """The same table as a workbook, with line breaks as they were typed."""
    _ = wording.translations(language).gettext
    book = Book(_("Action plan: {organisation}").format(organisation=plan.organisation), now)
    widths = {"text": WIDEST, "measure": WIDEST, "question": WIDEST, "owner": WIDE, "way": WIDE}
    book.table(_("Action plan"), _heads(language), _rows(language, plan), widths=widths, stays=2)
    return book.closed()


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


def _heads(language: str) -> dict[str, str]:
    _ = wording.translations(language).gettext
    return {
        "kind": _("Kind"),
        "text": _("Action"),
        "owner": _("Who"),
        "date": _("By when"),
        "measure": _("How you will see that it worked"),
        "way": _("What it does"),
        "status": _("Status"),
        "carried": _("From the sitting before"),
        "question": _("Question"),
    }


def _rows(language: str, plan: Plan) -> Iterator[dict[str, Cell]]:
    _ = wording.translations(language).gettext
    ways: Mapping[Way, str] = {
        "transaction": _("makes it easier"),
        "financial": _("makes it worth more"),
        "emotional": _("brings people closer"),
        "groundwork": _("lays the groundwork"),
        **plan.ways,
    }
    statuses: Mapping[ActionStatus, str] = {
        "planned": _("planned"),
        "under_way": _("under way"),
        "done": _("done"),
        "dropped": _("dropped"),
    }
    for one in plan.actions:
        action = one.action
        yield {
            "kind": _("Action"),
            "text": action.text,
            "owner": action.owner,
            "date": action.date,
            "measure": action.measure,
            "way": ways[action.way],
            "status": statuses[action.status],
            "carried": _("yes") if action.carried else _("no"),
            "question": plan.questions.get(action.question) if action.question else None,
        }
    if plan.stop_doing:
        yield dict.fromkeys(_heads(language)) | {"kind": _("What you stop doing"), "text": plan.stop_doing}


def _short(text: str) -> str:
    """One line, as a calendar's page has room for."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUMMARY else line[: LONGEST_SUMMARY - 1].rstrip() + "…"
