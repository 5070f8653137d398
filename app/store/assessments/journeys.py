"""The journey sheet: its touchpoints by stage, and within a stage in the order that the organisation gave them.

It enters no score: it may change in a closed cohort too. A touchpoint's revision rises with every change of what it
says; its place within the stage is no such change.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from sqlmodel import Session, select

from app.core.answers.modules import MOST_TOUCHPOINTS, JourneyStage, Touchpoint
from app.store import tables
from app.store.assessments.locking import lock
from app.store.assessments.values import FullError, GoneError, KeptTouchpoint, TouchpointChangedError
from app.store.secrets.tokens import is_id, new_id

STAGES: tuple[JourneyStage, ...] = get_args(JourneyStage)


def touchpoints_of(session: Session, assessment: str) -> tuple[KeptTouchpoint, ...]:
    """The touchpoints in the order of the customer's way."""
    return tuple(_kept(row) for row in _rows(session, assessment))


def add_touchpoint(
    session: Session, assessment: str, touchpoint: Touchpoint, now: datetime, *, wanted_id: str | None = None
) -> str:
    """Adds a touchpoint at the end of its stage, and returns its id.

    `wanted_id`: made by the page that sends, so that what is sent twice is added once. Raises GoneError, and FullError
    where there are thirty.
    """
    held = lock(session, assessment)
    rows = _rows(session, assessment)
    if wanted_id in {row.id for row in rows}:
        return str(wanted_id)
    if len(rows) >= MOST_TOUCHPOINTS:
        raise FullError
    row = touchpoint_row(assessment, touchpoint, _end(rows, touchpoint.stage))
    if wanted_id and is_id(wanted_id) and session.get(tables.Touchpoint, wanted_id) is None:
        row.id = wanted_id
    session.add(row)
    held.updated_at = now
    session.flush()
    return row.id


def change_touchpoint(  # noqa: PLR0913 - these are the parts of one save
    session: Session, assessment: str, touchpoint_id: str, touchpoint: Touchpoint, seen_revision: int, now: datetime
) -> KeptTouchpoint:
    """Says anew what a touchpoint is, and returns what is kept now; in another stage it goes to the end.

    Raises GoneError where it was removed, and TouchpointChangedError where it was changed since it was seen.
    """
    held = lock(session, assessment)
    row = _row(session, assessment, touchpoint_id)
    stored = _kept(row)
    if stored.touchpoint == touchpoint:
        return stored
    if row.revision != seen_revision:
        raise TouchpointChangedError(stored)
    if row.stage != touchpoint.stage:
        row.position = _end(_rows(session, assessment), touchpoint.stage)
    row.sqlmodel_update(touchpoint.model_dump())
    row.revision += 1
    held.updated_at = now
    session.flush()
    return _kept(row)


def move_touchpoint(  # noqa: PLR0913 - these are the parts of one move
    session: Session, assessment: str, touchpoint_id: str, stage: JourneyStage, position: int, now: datetime
) -> None:
    """Puts a touchpoint at a place of a stage, counted from 0; beyond the end is the end. Raises GoneError."""
    held = lock(session, assessment)
    moved = _row(session, assessment, touchpoint_id)
    others = [row for row in _rows(session, assessment) if row.stage == stage and row.id != touchpoint_id]
    if moved.stage != stage:
        moved.stage = stage
        moved.revision += 1  # somebody who has it open would put it back without knowing
    others.insert(max(0, position), moved)
    for place, row in enumerate(others):
        row.position = place
    held.updated_at = now
    session.flush()


def remove_touchpoint(session: Session, assessment: str, touchpoint_id: str, seen_revision: int, now: datetime) -> None:
    """Removes a touchpoint; one that is gone already needs no removing.

    Raises GoneError for the assessment, and TouchpointChangedError where it was changed since it was seen.
    """
    held = lock(session, assessment)
    row = next((row for row in _rows(session, assessment) if row.id == touchpoint_id), None)
    if row is None:
        return
    if row.revision != seen_revision:
        raise TouchpointChangedError(_kept(row))
    session.delete(row)
    held.updated_at = now
    session.flush()


def touchpoint_row(assessment: str, touchpoint: Touchpoint, position: int) -> tables.Touchpoint:
    """A new touchpoint's row."""
    return tables.Touchpoint(
        id=new_id(), assessment_id=assessment, position=position, revision=1, **touchpoint.model_dump()
    )


def as_touchpoint(row: tables.Touchpoint) -> Touchpoint:
    """The touchpoint that a row holds."""
    return Touchpoint(**row.model_dump(include=set(Touchpoint.model_fields)))


def on_the_way(rows: Sequence[tables.Touchpoint]) -> list[tables.Touchpoint]:
    """The rows in the order of the customer's way."""
    return sorted(rows, key=lambda row: (STAGES.index(row.stage), row.position, row.id))


def _rows(session: Session, assessment: str) -> list[tables.Touchpoint]:
    row = tables.Touchpoint
    statement = select(row).where(row.assessment_id == assessment)
    return on_the_way(session.exec(statement, execution_options={"populate_existing": True}).all())


def _row(session: Session, assessment: str, touchpoint_id: str) -> tables.Touchpoint:
    row = session.get(tables.Touchpoint, touchpoint_id, populate_existing=True) if is_id(touchpoint_id) else None
    if row is None or row.assessment_id != assessment:
        raise GoneError
    return row


def _end(rows: Sequence[tables.Touchpoint], stage: JourneyStage) -> int:
    return max((row.position for row in rows if row.stage == stage), default=-1) + 1


def _kept(row: tables.Touchpoint) -> KeptTouchpoint:
    return KeptTouchpoint(row.id, row.revision, as_touchpoint(row))
