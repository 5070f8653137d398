"""The owner's colleagues: they join with the team's code, answer alone, finish their own part, and may leave.

Nobody is named: a member has a role and a seat. The owner sits at seat 0.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from app.core.answers.values import Role
from app.store.assessments.chains import refuse_second, seats_of
from app.store.assessments.earlier import forget_person
from app.store.assessments.links import SEATING, add_respondent, place_of
from app.store.assessments.locking import (
    is_closed,
    lock,
    lock_cohort_of,
    lock_of,
    lock_with_followers,
    refuse_closed,
)
from app.store.assessments.sittings import drop_exports, told
from app.store.assessments.values import FullError, GoneError, Member, Place, Sitting, Team
from app.store.secrets.codes import as_meant, new_code
from app.store.secrets.tokens import hashed
from app.store.tables import Assessment, Erasure, Respondent

MOST_MEMBERS = 50
VALID_FOR = timedelta(days=14)
"""How long a code lets colleagues in: whoever joins sees the team's result."""


def team(session: Session, assessment: str, now: datetime) -> Team:
    """The members, the owner first, and the code by which more may join, where there is one that holds.

    Raises GoneError.
    """
    row = session.get(Assessment, assessment)
    if row is None:
        raise GoneError
    members = tuple(
        Member(one.id, one.seat, one.is_owner, one.role, one.finished_at) for one in _seated(session, assessment)
    )
    held = _holds(row, now)
    return Team(row.team_code if held else None, row.team_code_expires_at if held else None, members)


def team_size(session: Session, assessment: str) -> tuple[int, int]:
    """How many people answer, the owner among them, and how many of them have not finished."""
    finished = func.count(col(Respondent.finished_at))
    people, done = session.exec(select(func.count(), finished).where(Respondent.assessment_id == assessment)).one()
    return people, people - done


def open_team(session: Session, assessment: str, now: datetime) -> str:
    """The code by which colleagues join: the one that holds, else a new one. Raises GoneError, ClosedError."""
    row = lock(session, assessment)
    refuse_closed(session, row)
    if row.team_code is not None and _holds(row, now):
        return row.team_code
    return _new_code(session, row, now)


def renew_team_code(session: Session, assessment: str, now: datetime) -> str:
    """A new code; the old one lets nobody in any more. Raises GoneError, ClosedError."""
    row = lock(session, assessment)
    refuse_closed(session, row)
    return _new_code(session, row, now)


def team_by_code(session: Session, code: str, now: datetime) -> Sitting | None:
    """Which assessment the code lets into; None where it is wrong or too old, or the cohort is closed."""
    row = session.exec(select(Assessment).where(Assessment.team_code == as_meant(code))).first()
    return told(row) if row and _holds(row, now) and not is_closed(session, row) else None


def join_team(  # noqa: PLR0913 - these are the parts of one joining
    session: Session,
    assessment: str,
    role: Role,
    now: datetime,
    code: str | None = None,
    *,
    token: str | None = None,
    beside: Collection[str] = (),
) -> Place:
    """A seat for a colleague, with a private link of its own.

    `code`: by which the colleague comes. `token`: the private link's, if it was made beforehand; whoever sends the same
    one twice gets the same place. `beside`: the assessments in which the colleague has a place already. Raises
    GoneError, also where the code no longer holds, ClosedError, FullError where 50 sit already, and
    CountedElsewhereError where the team counts in one confidential cohort and one of those in another.
    """
    row = lock(session, assessment)
    taken = place_of(session, token) if token else None
    if token and taken and taken.assessment == assessment and not taken.is_owner:
        return Place(assessment, taken.respondent, token)
    if code is not None and (row.team_code != as_meant(code) or not _holds(row, now)):
        raise GoneError
    refuse_closed(session, row)
    refuse_second(session, next(iter(seats_of(session, [assessment])), None), beside)
    members = _seated(session, assessment)
    if len(members) >= MOST_MEMBERS:
        raise FullError
    row.updated_at = now
    seat = max(one.seat for one in members) + 1
    place = add_respondent(session, assessment, seat=seat, role=role, now=now)
    if token and taken is None:
        session.get_one(Respondent, place.respondent).link_hash = hashed(token)
        session.flush()
        place = replace(place, token=token)
    return place


def remove_member(session: Session, assessment: str, respondent: str) -> None:
    """Removes a colleague with all that they told; their link is dead, and only their random id stays, as erased.

    Sittings that follow remember them no more. Then call `Database.forget`. What was made of the cohort in the
    background is forgotten as well. Whoever is not (or no longer) in the team needs no removing. Raises GoneError,
    ClosedError, and ValueError for the owner.
    """
    lock_cohort_of(session, assessment)
    row = lock_with_followers(session, assessment)
    member = session.get(Respondent, respondent, populate_existing=True)
    if member is None or member.assessment_id != assessment:
        return
    if member.is_owner:
        msg = "the owner cannot leave: the assessment is theirs"
        raise ValueError(msg)
    refuse_closed(session, row)
    drop_exports(session, row)
    forget_person(session, assessment, respondent)
    session.delete(member)
    session.add(Erasure(assessment_id=respondent))
    session.flush()


def finish_own(session: Session, respondent: str, now: datetime) -> None:
    """Marks the respondent's own answers as finished, and for the owner the assessment; the first time stays.

    Raises GoneError, ClosedError.
    """
    assessment, row = lock_of(session, respondent)
    refuse_closed(session, assessment)
    if row.finished_at is None:
        row.finished_at = now
    if row.is_owner and assessment.finished_at is None:
        assessment.finished_at = assessment.updated_at = now
    session.flush()


def _seated(session: Session, assessment: str) -> Sequence[Respondent]:
    statement = select(Respondent).where(Respondent.assessment_id == assessment).order_by(*SEATING)
    return session.exec(statement, execution_options={"populate_existing": True}).all()


def _holds(row: Assessment, now: datetime) -> bool:
    return row.team_code_expires_at is not None and now < row.team_code_expires_at


def _new_code(session: Session, row: Assessment, now: datetime) -> str:
    row.team_code, row.team_code_expires_at = new_code(session), now + VALID_FOR
    session.flush()
    return row.team_code
