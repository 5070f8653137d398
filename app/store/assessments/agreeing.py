"""Agreed levels: what the respondents settled on, beside their answers. Saved so that none is silently overwritten."""

from datetime import datetime

from sqlmodel import Session, select

from app.store.assessments.locking import lock, refuse_closed
from app.store.assessments.values import Agreed, AgreedElsewhereError
from app.store.tables import AgreedLevel


def agreed_of(session: Session, assessment: str) -> dict[str, Agreed]:
    """Question to what was agreed for it."""
    rows = session.exec(select(AgreedLevel).where(AgreedLevel.assessment_id == assessment))
    return {row.question: Agreed(row.level, row.evidence) for row in rows}


def agree(  # noqa: PLR0913 - these are the parts of one save
    session: Session,
    assessment: str,
    question: str,
    level: int | None,
    evidence: str | None,
    seen: Agreed | None,
    now: datetime,
) -> Agreed | None:
    """Keeps the level agreed for a question and what it rests on, and returns what is kept now.

    None takes the level back, and what it rests on with it. `seen`: what the team had before their eyes. Raises
    GoneError, AgreedElsewhereError where somebody agreed otherwise since, and ClosedError unless it is kept already.
    """
    row = lock(session, assessment)
    kept = session.get(AgreedLevel, (assessment, question), populate_existing=True)
    stored = Agreed(kept.level, kept.evidence) if kept else None
    wanted = Agreed(level, evidence) if level is not None else None
    if wanted == stored:
        # Also the retry of a save whose confirmation got lost: it is no change.
        return stored
    refuse_closed(session, row)
    if stored != seen:
        raise AgreedElsewhereError(stored)
    if wanted is None:
        session.delete(kept)
    else:
        kept = kept or AgreedLevel(assessment_id=assessment, question=question, level=wanted.level, agreed_at=now)
        kept.level, kept.evidence, kept.agreed_at = wanted.level, wanted.evidence, now
        session.add(kept)
    row.updated_at = now
    session.flush()
    return wanted
