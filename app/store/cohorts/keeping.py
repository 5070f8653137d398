"""A cohort's life: created, described anew, closed, opened again, put away."""

from datetime import datetime

from sqlmodel import Session

from app.store import tables
from app.store.assessments.values import ClosedError
from app.store.cohorts.codes import expiry, new_code
from app.store.cohorts.locking import has_joined, lock_cohort, lock_members, told
from app.store.cohorts.values import Cohort, CohortPlan, FixedOnceJoinedError, ReleasedError
from app.store.idempotency import alone_with
from app.store.secrets.tokens import is_id, new_id

FIXED_ONCE_JOINED = ("privacy", "questionnaire", "edition", "form")
# A slip in these may be put right at any time.
NEVER_FIXED = {"name", "date"}


def create(  # noqa: PLR0913 - these are the parts of one cohort
    session: Session, account_id: str, plan: CohortPlan, now: datetime, *, is_demo: bool = False, id_: str | None = None
) -> Cohort:
    """A new cohort, open at once, which belongs to the account. `id_` was made with the form, if a form it is.

    A form that is sent once more leads to the cohort that it has made.
    """
    if id_ is not None:
        alone_with(session, id_)
        made = session.get(tables.Cohort, id_)
        if made is not None and made.owner_id == account_id:
            return told(made)
        id_ = id_ if made is None else None
    row = tables.Cohort(
        id=id_ or new_id(),
        owner_id=account_id,
        **plan.model_dump(include=set(CohortPlan.model_fields)),
        join_code=new_code(session),
        code_expires_at=expiry(plan.date, now),
        is_demo=is_demo,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return told(row)


def cohort(session: Session, cohort_id: str) -> Cohort | None:
    """The cohort; None where there is none."""
    row = session.get(tables.Cohort, cohort_id) if is_id(cohort_id) else None
    return told(row) if row else None


def change(session: Session, cohort_id: str, plan: CohortPlan) -> None:
    """Says anew what was said at creating. A new default target holds for those who have joined as well.

    Raises GoneError, FixedOnceJoinedError, and ClosedError for more than another name or date of a closed cohort.
    """
    row = lock_cohort(session, cohort_id)
    wanted = plan.model_dump(include=set(CohortPlan.model_fields))
    changed = {key for key, value in wanted.items() if value != getattr(row, key)}
    if row.closed_at is not None and not changed <= NEVER_FIXED:
        raise ClosedError
    if not changed.isdisjoint(FIXED_ONCE_JOINED) and has_joined(session, cohort_id):
        raise FixedOnceJoinedError
    if "default_target" in changed:
        for member in lock_members(session, cohort_id):
            if member.withdrawn_at is None:
                member.default_target = plan.default_target
    row.sqlmodel_update(wanted)
    # A workshop that is put off keeps the code that is printed on its sheets.
    row.code_expires_at = max(row.code_expires_at, expiry(plan.date, row.created_at))
    session.flush()


def close(session: Session, cohort_id: str, now: datetime) -> bool:
    """From now on nobody joins, and nobody's answers in it change: every save is over by then, or refused.

    False where it was closed already, and nothing is left to do. For a confidential cohort, freeze what is to be
    released from `documents_to_release` in the same session: it is of exactly what stood at the closing. Raises
    GoneError.
    """
    row = lock_cohort(session, cohort_id)
    if row.closed_at is not None:
        return False
    row.closed_at = now
    lock_members(session, cohort_id)
    session.flush()
    return True


def reopen(session: Session, cohort_id: str) -> None:
    """Lets organisations join and answer again. Raises GoneError, ReleasedError for a confidential cohort."""
    row = lock_cohort(session, cohort_id)
    if row.closed_at is None:
        return
    if row.privacy == "confidential":
        raise ReleasedError
    row.closed_at = None
    session.flush()


def archive(session: Session, cohort_id: str, now: datetime) -> None:
    """Puts the cohort away: it is no longer listed, and nobody joins. Raises GoneError."""
    row = lock_cohort(session, cohort_id)
    row.archived_at = row.archived_at or now
    session.flush()


def unarchive(session: Session, cohort_id: str) -> None:
    """Takes the cohort out again. Raises GoneError."""
    lock_cohort(session, cohort_id).archived_at = None
    session.flush()
