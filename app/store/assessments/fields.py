"""The modules beside the grid, kept field by field. No field enters a score: they may change in a closed cohort too.

Values come accepted by `core.modules.accept_field`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlmodel import Session, select

from app.core.answers.modules import FieldValue
from app.store.assessments.locking import lock, lock_of
from app.store.assessments.values import FieldChangedError
from app.store.tables import Assessment, ModuleField, RespondentField

Row = ModuleField | RespondentField

UNSEATED_VIEWS = "front_back_office"
"""The name under which views of front and back office are kept that belong to no respondent; it is no field's."""


def fields_of(session: Session, assessment: str) -> dict[str, FieldValue]:
    """What the organisation told, by the field's name."""
    rows = session.exec(select(ModuleField).where(ModuleField.assessment_id == assessment))
    return {row.name: unpacked(row.value) for row in rows if row.name != UNSEATED_VIEWS}


def own_fields_of(session: Session, respondent: str) -> dict[str, FieldValue]:
    """What the respondent told alone, by the field's name."""
    rows = session.exec(select(RespondentField).where(RespondentField.respondent_id == respondent))
    return {row.name: unpacked(row.value) for row in rows}


def save_field(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    assessment: str,
    name: str,
    value: FieldValue | None,
    seen: Collection[FieldValue | None],
    now: datetime,
) -> bool:
    """Keeps one of the organisation's fields, or clears it (None); False where it was so already.

    `seen`: every value that the save may be replacing, which is what the page showed and what it has sent since.
    Raises GoneError, and FieldChangedError where somebody else changed the field since.
    """
    held = lock(session, assessment)
    row = session.get(ModuleField, (assessment, name), populate_existing=True)
    return _save(session, held, row, ModuleField(assessment_id=assessment, name=name, value=""), value, seen, now)


def save_own_field(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    respondent: str,
    name: str,
    value: FieldValue | None,
    seen: Collection[FieldValue | None],
    now: datetime,
) -> bool:
    """The same for one of the respondent's own fields."""
    held, _ = lock_of(session, respondent)
    row = session.get(RespondentField, (respondent, name), populate_existing=True)
    return _save(session, held, row, RespondentField(respondent_id=respondent, name=name, value=""), value, seen, now)


def packed(value: FieldValue) -> str:
    """A value as it is kept."""
    return json.dumps(value, ensure_ascii=False)


def unpacked(text: str) -> FieldValue:
    """A kept value."""
    return cast("FieldValue", json.loads(text))


def packed_views(views: Sequence[Mapping[str, FieldValue]]) -> str:
    """Views of front and back office that belong to no respondent, as they are kept."""
    return json.dumps(views, ensure_ascii=False)


def unpacked_views(text: str | None) -> list[dict[str, FieldValue]]:
    """Such views as they were; none where none are kept."""
    return cast("list[dict[str, FieldValue]]", json.loads(text)) if text else []


def _save(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    held: Assessment,
    row: Row | None,
    new: Row,
    value: FieldValue | None,
    seen: Collection[FieldValue | None],
    now: datetime,
) -> bool:
    stored = unpacked(row.value) if row else None
    if stored == value:
        return False
    if stored not in seen:
        raise FieldChangedError(stored)
    if value is None:
        session.delete(row)
    else:
        row = row or new
        row.value = packed(value)
        session.add(row)
    held.updated_at = now
    session.flush()
    return True
