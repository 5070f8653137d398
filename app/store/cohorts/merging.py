"""Two assessments of one organisation become one."""

from datetime import datetime

from sqlmodel import Session, col, select

from app.store import tables
from app.store.assessments.sittings import erase
from app.store.assessments.values import GoneError
from app.store.cohorts.locking import lock_members, lock_open
from app.store.cohorts.values import ConfidentialError


def merge(session: Session, cohort_id: str, keep: str, drop: str, now: datetime) -> None:
    """Fills what is open in `keep` (answers, targets, importance, that it is finished) from `drop`, and erases `drop`.

    Whoever answered for `drop` beside its owner sits with `keep` from now on. Then call `Database.forget`. Raises
    GoneError where the two are not different members, ClosedError, ConfidentialError.
    """
    if lock_open(session, cohort_id).privacy == "confidential":
        raise ConfidentialError
    members = {row.id: row for row in lock_members(session, cohort_id) if row.withdrawn_at is None}
    if keep == drop or keep not in members or drop not in members:
        raise GoneError
    kept, dropped = members[keep], members[drop]
    _fill_answers(session, keep, drop, now)
    _fill_choices(session, keep, drop)
    kept.finished_at = kept.finished_at or dropped.finished_at
    kept.updated_at = now
    session.flush()
    erase(session, drop)


def _fill_answers(session: Session, keep: str, drop: str, now: datetime) -> None:
    (owner, *others), (giver, *guests) = (_respondents(session, assessment) for assessment in (keep, drop))
    rows = {row.question: row for row in _answers(session, owner)}
    for given in _answers(session, giver):
        row = rows.get(given.question)
        if given.kind == "open" or (row is not None and row.kind != "open"):
            continue
        row = row or tables.Answer(
            respondent_id=owner.id, question=given.question, kind="open", revision=0, sequence=0, saved_at=now
        )
        row.kind, row.level = given.kind, given.level
        row.writer, row.revision, row.saved_at = None, row.revision + 1, now
        session.add(row)
    for seat, guest in enumerate(guests, max((other.seat for other in others), default=owner.seat) + 1):
        guest.assessment_id, guest.seat = keep, seat
    session.flush()


def _fill_choices(session: Session, keep: str, drop: str) -> None:
    for given in session.exec(select(tables.DimensionChoice).where(tables.DimensionChoice.assessment_id == drop)).all():
        row = session.get(tables.DimensionChoice, (keep, given.dimension), populate_existing=True)
        row = row or tables.DimensionChoice(assessment_id=keep, dimension=given.dimension)
        row.target = row.target or given.target
        row.importance = row.importance or given.importance
        session.add(row)
    session.flush()


def _respondents(session: Session, assessment: str) -> list[tables.Respondent]:
    row = tables.Respondent
    return list(session.exec(select(row).where(row.assessment_id == assessment).order_by(col(row.seat))))


def _answers(session: Session, respondent: tables.Respondent) -> list[tables.Answer]:
    return list(session.exec(select(tables.Answer).where(tables.Answer.respondent_id == respondent.id)))
