"""What a sitting remembers of those before it: who answered what, until one of them leaves, or that one is erased."""

from pydantic import TypeAdapter
from sqlmodel import Session, col, delete, select

from app.core.answers.modules import EarlierSitting
from app.core.answers.values import Respondent as Told
from app.store import tables
from app.store.assessments.links import COUNTS, UNTOLD


class Remembered(Told):
    """A respondent of an earlier sitting; the random id only here, so that they can be found again."""

    id: str | None = None


PEOPLE = TypeAdapter(tuple[Remembered, ...])
"""Respondents as they are kept of an earlier sitting: as JSON."""


GIVEN = col(tables.Answer.kind) != "open"


def earlier_row(assessment: str, position: int, told: EarlierSitting) -> tables.EarlierSitting:
    """The row that keeps an earlier sitting, of which nothing else is known."""
    return tables.EarlierSitting(
        assessment_id=assessment,
        position=position,
        form=told.form,
        date=told.date,
        body=_body(tuple(Remembered(role=one.role, answers=one.answers) for one in told.respondents)),
    )


def as_earlier(row: tables.EarlierSitting) -> EarlierSitting:
    """What the row says, without anybody's id."""
    people = tuple(Told(role=one.role, answers=one.answers) for one in PEOPLE.validate_json(row.body))
    return EarlierSitting(form=row.form, date=row.date, respondents=people)


def know_earlier(session: Session, new: str, old: str) -> None:
    """Notes in the new sitting, which follows the old one, which sittings and whose answers it remembers.

    Its rows are the last of those of the old one, in their order, and then the old one itself, if that had any answer.
    """
    row, person = tables.EarlierSitting, tables.Respondent
    known = session.exec(select(row).where(row.assessment_id == old).order_by(col(row.position))).all()
    mine = session.exec(select(row).where(row.assessment_id == new).order_by(col(row.position))).all()
    ids = session.exec(select(person.id).where(person.assessment_id == old, COUNTS).order_by(*UNTOLD)).all()
    sources: list[tables.EarlierSitting | None] = [*known]
    if session.exec(select(tables.Answer).join(person).where(person.assessment_id == old, COUNTS, GIVEN)).first():
        sources.append(None)
    for one, its in zip(reversed(mine), reversed(sources), strict=False):
        if its is not None:
            one.sitting_id, one.body = its.sitting_id, its.body
        else:
            people = zip(ids, PEOPLE.validate_json(one.body), strict=True)
            one.sitting_id = old
            one.body = _body(tuple(told.model_copy(update={"id": id_}) for id_, told in people))
    session.flush()


def forget_sitting(session: Session, assessment: str) -> None:
    """Takes the assessment out of every sitting that remembers it."""
    row = tables.EarlierSitting
    session.exec(delete(row).where(col(row.sitting_id) == assessment))


def forget_person(session: Session, assessment: str, respondent: str) -> None:
    """Takes the respondent out of every sitting that remembers the assessment."""
    row = tables.EarlierSitting
    for one in session.exec(select(row).where(row.sitting_id == assessment)).all():
        left = without(one.body, respondent)
        if left is None:
            session.delete(one)
        else:
            one.body = left
    session.flush()


def without(body: str, respondent: str) -> str | None:
    """An earlier sitting's respondents, as they are kept, without this one; None where nobody is left."""
    left = tuple(one for one in PEOPLE.validate_json(body) if one.id != respondent)
    return _body(left) if left else None


def _body(people: tuple[Remembered, ...]) -> str:
    return PEOPLE.dump_json(people, exclude_none=True).decode()
