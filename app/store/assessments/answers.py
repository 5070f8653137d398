"""Answers and choices: saved so that a retry has one effect and nobody's answer is silently overwritten."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Answer
from app.store import tables
from app.store.assessments.locking import is_closed, lock, lock_of, refuse_closed
from app.store.assessments.values import ChangedElsewhereError, ClosedError, StoredAnswer


def answers_of(session: Session, respondent: str) -> dict[str, StoredAnswer]:
    """Question to what is kept for it, with those that were taken back: their revisions go on."""
    rows = session.exec(select(tables.Answer).where(tables.Answer.respondent_id == respondent))
    return {row.question: _stored(row) for row in rows}


def save_answer(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    respondent: str,
    question: str,
    answer: Answer | None,
    *,
    seen: int,
    writer: str | None,
    sequence: int,
    now: datetime,
) -> StoredAnswer:
    """Keeps an answer, or takes it back (None), and returns what is kept now.

    `seen` is the revision that the person had before their eyes (0: none). `writer` names the open page that sends,
    where it can tell, and `sequence` counts its saves. Raises GoneError, ChangedElsewhereError where somebody else
    changed the answer since it was seen, and ClosedError unless it is kept already.
    """
    assessment, _ = lock_of(session, respondent)
    row = session.get(tables.Answer, (respondent, question), populate_existing=True)
    if row is None:
        # A question that nobody touched is open, at revision 0: the same rules hold.
        row = tables.Answer(
            respondent_id=respondent, question=question, kind="open", revision=0, sequence=0, saved_at=now
        )
    own = writer is not None and row.writer == writer
    if own and sequence <= row.sequence:
        # A duplicate that was overtaken. Asked before all else: what it saw may have become current again.
        return _stored(row)
    same = as_answer(row.kind, row.level) == answer
    if is_closed(session, assessment):
        # The retry of a save that came before the closing, and whose confirmation got lost, is no change.
        if same:
            return _stored(row)
        raise ClosedError
    if not (same or own or seen == row.revision):
        raise ChangedElsewhereError(_stored(row))
    if same and writer is None:
        return _stored(row)
    # Who saved last is kept also where the answer stays the same: an older save of that page may be on its way.
    row.writer, row.sequence = writer, sequence
    if not same:
        row.kind, row.level = columns(answer)
        row.revision += 1
        row.saved_at = assessment.updated_at = now
    session.add(row)
    session.flush()
    return _stored(row)


def save_choices(
    session: Session,
    assessment: str,
    targets: Mapping[str, int | None],
    importance: Mapping[str, int | None],
    now: datetime,
) -> None:
    """Sets targets and importance (1-5) per dimension; None clears, what is not named stays.

    Raises GoneError, ClosedError.
    """
    held = lock(session, assessment)
    refuse_closed(session, held)
    held.updated_at = now
    for dimension in {**targets, **importance}:
        row = session.get(tables.DimensionChoice, (assessment, dimension), populate_existing=True)
        row = row or tables.DimensionChoice(assessment_id=assessment, dimension=dimension)
        row.target = targets.get(dimension, row.target)
        row.importance = importance.get(dimension, row.importance)
        session.add(row)
    session.flush()


def as_answer(kind: str, level: int | None) -> Answer | None:
    """The answer that a row with these columns holds; None where it was taken back."""
    match kind:
        case "level":
            return level
        case "dont_know":
            return DONT_KNOW
        case "not_applicable":
            return NOT_APPLICABLE
        case _:
            return None


def columns(answer: Answer | None) -> tuple[tables.Kind, int | None]:
    """The kind and the level by which a row holds the answer."""
    return ("level", answer) if isinstance(answer, int) else (answer or "open", None)


def _stored(row: tables.Answer) -> StoredAnswer:
    return StoredAnswer(as_answer(row.kind, row.level), row.revision, row.saved_at)
