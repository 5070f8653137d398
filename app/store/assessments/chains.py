"""Chains: sittings of one organisation that follow each other, and the one confidential cohort in which they count.

Two releases that share a member can be subtracted (section 4). So a chain takes one seat in one confidential cohort,
which outlives the sitting: it is given back only where the organisation leaves before the cohort is closed.
"""

from collections.abc import Collection

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select, update

from app.store.assessments.values import CountedElsewhereError
from app.store.tables import Action, Assessment, Cohort, ConfidentialSeat, EarlierSitting


def take_seat(session: Session, cohort: Cohort, assessment: str, beside: Collection[str] = ()) -> None:
    """Notes that the assessment's chain counts in the locked cohort, if that is confidential.

    `beside`: other assessments in which the person who joins has a place. Of several who come at once, one gets in.
    Raises CountedElsewhereError where the chain counts in a confidential cohort already, or one of those in another.
    """
    if cohort.privacy != "confidential":
        return
    refuse_second(session, cohort.id, beside)
    chain = session.get_one(Assessment, assessment).chain
    try:
        with session.begin_nested():
            session.add(ConfidentialSeat(chain=chain, cohort_id=cohort.id))
    except IntegrityError:
        raise CountedElsewhereError from None


def refuse_second(session: Session, cohort_id: str | None, assessments: Collection[str]) -> None:
    """Raises CountedElsewhereError where the chain of one of these counts in another confidential cohort than this."""
    if cohort_id is not None and any(other != cohort_id for other in seats_of(session, assessments)):
        raise CountedElsewhereError


def seats_of(session: Session, assessments: Collection[str]) -> set[str]:
    """The confidential cohorts in which the chains of these assessments count."""
    seat = ConfidentialSeat
    of_theirs = select(Assessment.chain).where(col(Assessment.id).in_(assessments))
    return set(session.exec(select(seat.cohort_id).where(col(seat.chain).in_(of_theirs))).all())


def free_seat(session: Session, assessment: Assessment) -> None:
    """Lets the chain of a locked assessment that leaves count elsewhere, as long as the cohort, locked too, is open.

    Not from one that is held: it may have given a release before the database was restored.
    """
    cohort = session.get(Cohort, assessment.cohort_id) if assessment.cohort_id else None
    if cohort is None or cohort.closed_at or cohort.held_at or assessment.withdrawn_at:
        return
    seat = ConfidentialSeat
    session.exec(delete(seat).where(col(seat.chain) == assessment.chain, col(seat.cohort_id) == cohort.id))


def forget_chain(session: Session, chain: str) -> None:
    """Forgets where a chain counts of which no sitting is left, for nobody can go on from it."""
    if session.exec(select(Assessment.id).where(Assessment.chain == chain)).first() is None:
        session.exec(delete(ConfidentialSeat).where(col(ConfidentialSeat.chain) == chain))


def join_chains(session: Session, kept: Assessment, dropped: Assessment) -> bool:
    """Makes the chain of `dropped` part of that of `kept`; False where both count in a confidential cohort."""
    if kept.chain == dropped.chain:
        return True
    row, seat, old, both = Assessment, ConfidentialSeat, dropped.chain, (kept.chain, dropped.chain)
    # Whoever sits again from one of these is done by then, or waits.
    theirs = select(row.id).where(col(row.chain).in_(both)).order_by(col(row.id))
    session.exec(theirs.with_for_update(key_share=True)).all()
    if len(session.exec(select(seat).where(col(seat.chain).in_(both))).all()) > 1:
        return False
    session.exec(update(row).where(col(row.chain) == old).values(chain=kept.chain))
    session.exec(update(seat).where(col(seat.chain) == old).values(chain=kept.chain))
    session.flush()
    return True


def carries_confidential(session: Session, assessment: str) -> bool:
    """Whether it holds something from a confidential sitting: steps that were carried over, or what was answered."""
    action, earlier = Action, EarlierSitting
    steps = select(action.id).where(action.assessment_id == assessment, col(action.confidential))
    sittings = (
        select(earlier.sitting_id)
        .join(Assessment, col(Assessment.id) == col(earlier.sitting_id))
        .join(Cohort)
        .where(earlier.assessment_id == assessment, Cohort.privacy == "confidential")
    )
    return session.exec(steps).first() is not None or session.exec(sittings).first() is not None
