"""An assessment's life: begun, described anew, finished, looked for by an operator, erased."""

import unicodedata
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.store.assessments.chains import forget_chain, free_seat
from app.store.assessments.earlier import forget_sitting
from app.store.assessments.links import add_respondent, place_of
from app.store.assessments.locking import lock, lock_cohort_of, lock_of, lock_with_followers, refuse_closed
from app.store.assessments.values import Beginning, Details, FoundAssessment, Place, Sitting
from app.store.idempotency import alone_with
from app.store.secrets.tokens import hashed, is_id, new_id
from app.store.tables import Assessment, Erasure, ExportJob, Respondent


def start_once(session: Session, beginning: Beginning, now: datetime, token: str) -> Place:
    """Begins an assessment whose private link follows from the form; sent once more, it leads to the one there is."""
    alone_with(session, token)
    if place := place_of(session, token):
        return Place(place.assessment, place.respondent, token)
    return with_link(session, start(session, beginning, now), token)


def with_link(session: Session, place: Place, token: str) -> Place:
    """The place under a private link that was made beforehand; one that opens something else already is left there."""
    if place_of(session, token) is not None:
        return place
    session.get_one(Respondent, place.respondent).link_hash = hashed(token)
    session.flush()
    return replace(place, token=token)


def start(session: Session, beginning: Beginning, now: datetime, cohort_id: str | None = None) -> Place:
    """Begins an assessment, with its owner as the first respondent. Into a cohort `cohorts.join` leads."""
    told = beginning.model_dump(exclude={"role"})
    joined_at = now if cohort_id else None
    id_ = new_id()
    assessment = Assessment(
        id=id_, chain=id_, **told, created_at=now, updated_at=now, cohort_id=cohort_id, joined_at=joined_at
    )
    session.add(assessment)
    session.flush()
    return add_respondent(session, assessment.id, seat=0, role=beginning.role, now=now)


def sitting(session: Session, assessment: str) -> Sitting | None:
    """The assessment without its answers; None where there is none."""
    row = session.get(Assessment, assessment) if is_id(assessment) else None
    return told(row) if row else None


def told(row: Assessment) -> Sitting:
    """The assessment as others see it."""
    return Sitting(**row.model_dump(include=set(Sitting.model_fields)))


def change_details(session: Session, respondent: str, details: Details, now: datetime) -> None:
    """Says anew what was said at the beginning. Raises GoneError, ClosedError."""
    assessment, row = lock_of(session, respondent)
    refuse_closed(session, assessment)
    row.sqlmodel_update(details.model_dump(include={"role"}, exclude_none=True))
    assessment.sqlmodel_update(details.model_dump(exclude={"role"}, exclude_none=True) | {"updated_at": now})
    session.flush()


def finish(session: Session, assessment: str, now: datetime) -> None:
    """Marks the assessment and its owner's answers as finished; the first time stays. Raises GoneError, ClosedError."""
    row = lock(session, assessment)
    refuse_closed(session, row)
    if row.finished_at is None:
        row.finished_at = row.updated_at = now
    owner = select(Respondent).where(Respondent.assessment_id == assessment, col(Respondent.is_owner))
    for one in session.exec(owner, execution_options={"populate_existing": True}):
        one.finished_at = one.finished_at or now
    session.flush()


def erase(session: Session, assessment: str) -> None:
    """Removes all that the assessment holds; its random id stays, as erased. Then call `Database.forget`.

    What was made of its cohort in the background is forgotten as well: see `jobs.files`. Sittings that follow this one
    stay, and remember it no more. Raises GoneError.
    """
    lock_cohort_of(session, assessment)
    row = lock_with_followers(session, assessment)
    free_seat(session, row)
    drop_exports(session, row)
    forget_sitting(session, assessment)
    chain = row.chain
    session.exec(delete(Assessment).where(col(Assessment.id) == assessment))
    forget_chain(session, chain)
    session.add(Erasure(assessment_id=assessment))
    session.flush()


def drop_exports(session: Session, assessment: Assessment) -> None:
    """Forgets whatever was made in the background of the assessment's cohort, for it may hold the assessment.

    The cohort is locked, so that nothing is begun that would hold it still. A release goes on: it is of what stood when
    the cohort was closed, and names nobody.
    """
    if assessment.cohort_id is not None:
        its = col(ExportJob.cohort_id) == assessment.cohort_id
        session.exec(delete(ExportJob).where(its, col(ExportJob.kind) == "reports"))


def find_organisation(session: Session, name: str) -> list[FoundAssessment]:
    """The assessments of the organisation of that name or, where none has it, of names that contain it; newest first.

    Capitals make no difference, in any language.
    """
    wanted = _comparable(name)
    # Compared here: SQLite knows the capitals of English only.
    names = session.exec(select(Assessment.id, Assessment.organisation)).all()
    found = [id_ for id_, organisation in names if _comparable(organisation) == wanted]
    found = found or [id_ for id_, organisation in names if wanted in _comparable(organisation)]
    rows = session.exec(
        select(Assessment, Respondent.id)
        .join(Respondent)
        .where(col(Assessment.id).in_(found), col(Respondent.is_owner))
        .order_by(col(Assessment.updated_at).desc(), col(Assessment.id))
    )
    return [
        FoundAssessment(row.id, owner, row.organisation, row.form, row.created_at, row.updated_at)
        for row, owner in rows
    ]


def _comparable(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()
