"""The plan: what the organisation means to do, in the order in which it was noted.

It enters no score: it may change in a closed cohort too. An action's revision rises with every change.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from app.core.answers.document import MOST_ACTIONS, Action
from app.store import tables
from app.store.assessments.locking import lock
from app.store.assessments.values import ActionChangedError, FullError, GoneError, KeptAction
from app.store.secrets.tokens import is_id, new_id

CLOSED = frozenset({"done", "dropped"})
"""What is not taken along to the next sitting."""


def actions_of(session: Session, assessment: str) -> tuple[KeptAction, ...]:
    """The actions in the plan's order."""
    return tuple(_kept(row) for row in _rows(session, assessment))


def add_action(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    assessment: str,
    action: Action,
    now: datetime,
    *,
    wanted_id: str | None = None,
    once: bool = False,
) -> str:
    """Adds an action at the end, and returns its id.

    `wanted_id`: made by the page that sends, so that what is sent twice is added once. `once`: not where an action
    says the same already; that one's id is returned. Raises GoneError, and FullError where there are sixty.
    """
    held = lock(session, assessment)
    rows = _rows(session, assessment)
    there = next((row.id for row in rows if row.id == wanted_id or (once and row.text == action.text)), None)
    if there:
        return there
    if len(rows) >= MOST_ACTIONS:
        raise FullError
    row = action_row(assessment, action, rows[-1].position + 1 if rows else 0)
    if wanted_id and is_id(wanted_id) and session.get(tables.Action, wanted_id) is None:
        row.id = wanted_id
    session.add(row)
    held.updated_at = now
    session.flush()
    return row.id


def change_action(  # noqa: PLR0913 - these are the parts of one save
    session: Session, assessment: str, action_id: str, action: Action, seen_revision: int, now: datetime
) -> KeptAction:
    """Says anew what an action is, and returns what is kept now; whether it was carried over stays as it is.

    Raises GoneError where it was removed, and ActionChangedError where it was changed since it was seen.
    """
    held = lock(session, assessment)
    row = next((row for row in _rows(session, assessment) if row.id == action_id), None)
    if row is None:
        raise GoneError
    stored = _kept(row)
    wanted = action.model_copy(update={"carried": row.carried})
    if stored.action == wanted:
        return stored
    if row.revision != seen_revision:
        raise ActionChangedError(stored)
    row.sqlmodel_update(wanted.model_dump())
    row.revision += 1
    held.updated_at = now
    session.flush()
    return _kept(row)


def remove_action(session: Session, assessment: str, action_id: str, seen_revision: int, now: datetime) -> None:
    """Removes an action; one that is gone already needs no removing.

    Raises GoneError for the assessment, and ActionChangedError where it was changed since it was seen.
    """
    held = lock(session, assessment)
    row = next((row for row in _rows(session, assessment) if row.id == action_id), None)
    if row is None:
        return
    if row.revision != seen_revision:
        raise ActionChangedError(_kept(row))
    session.delete(row)
    held.updated_at = now
    session.flush()


def withhold_steps(session: Session, new: str, old: str, steps: Collection[str] | None) -> None:
    """Keeps from facilitators those of the new sitting's actions that tell a level of a confidential one.

    They were carried over, in their order, from `old`: from there they are still kept; and where `old` was in a
    confidential cohort (then `steps` has the words of every step), whatever came from a recommended step.
    """
    carried = [row for row in _rows(session, old) if row.status not in CLOSED]
    for row, was in zip(_rows(session, new), carried, strict=True):
        row.confidential = was.confidential or (steps is not None and (was.question is not None or was.text in steps))
    session.flush()


def action_row(assessment: str, action: Action, position: int) -> tables.Action:
    """A new action's row."""
    return tables.Action(id=new_id(), assessment_id=assessment, position=position, revision=1, **action.model_dump())


def as_action(row: tables.Action) -> Action:
    """The action that a row holds."""
    return Action(**row.model_dump(include=set(Action.model_fields)))


def _rows(session: Session, assessment: str) -> Sequence[tables.Action]:
    row = tables.Action
    statement = select(row).where(row.assessment_id == assessment).order_by(col(row.position), col(row.id))
    return session.exec(statement, execution_options={"populate_existing": True}).all()


def _kept(row: tables.Action) -> KeptAction:
    return KeptAction(row.id, row.revision, as_action(row), row.confidential)
