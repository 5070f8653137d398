"""Whose a cohort is, and with whom it is shared."""

from datetime import datetime

from sqlmodel import Session, col, delete, select

from app.store import tables
from app.store.accounts.people import told as account_told
from app.store.accounts.values import Account
from app.store.cohorts.locking import lock_cohort, told
from app.store.cohorts.values import CohortInHand, Right, SharedRight
from app.store.secrets.tokens import is_id


def cohorts_of(session: Session, account_id: str, *, archived: bool = False) -> list[CohortInHand]:
    """The account's own cohorts and those shared with it, the latest workshop first; either archived ones or not."""
    cohort, share = tables.Cohort, tables.CohortShare
    put_away = col(cohort.archived_at).is_not(None) if archived else col(cohort.archived_at).is_(None)
    mine = (col(share.cohort_id) == col(cohort.id)) & (col(share.account_id) == account_id)
    rows = session.exec(
        select(cohort, share)
        .join(share, mine, isouter=True)
        .where(put_away, (col(cohort.owner_id) == account_id) | col(share.account_id).is_not(None))
        .order_by(col(cohort.date).desc(), col(cohort.created_at).desc(), col(cohort.id))
    )
    return [
        CohortInHand(told(row), "own" if row.owner_id == account_id or held is None else held.may) for row, held in rows
    ]


def right_of(session: Session, cohort_id: str, account_id: str) -> Right | None:
    """What the account may do with the cohort; None: as far as it may know, there is no such cohort."""
    if not is_id(cohort_id):
        return None
    if session.exec(select(tables.Cohort.owner_id).where(tables.Cohort.id == cohort_id)).first() == account_id:
        return "own"
    held = session.get(tables.CohortShare, (cohort_id, account_id))
    return held.may if held else None


def browsers_with_right(session: Session, cohort_id: str, now: datetime) -> frozenset[str]:
    """The hashes of the sign-ins by which somebody may look at the cohort now."""
    signed_in, account, cohort, held = tables.SignIn, tables.Account, tables.Cohort, tables.CohortShare
    own = select(cohort.owner_id).where(cohort.id == cohort_id)
    shared = select(held.account_id).where(held.cohort_id == cohort_id)
    return frozenset(
        session.exec(
            select(signed_in.token_hash)
            .join(account)
            .where(
                signed_in.expires_at > now,
                col(account.disabled_at).is_(None),
                col(account.id).in_(own) | col(account.id).in_(shared),
            )
        )
    )


def share(session: Session, cohort_id: str, account_id: str, right: SharedRight) -> None:
    """Lets another facilitator run the cohort, or read it; its owner stays its owner. Raises GoneError."""
    if lock_cohort(session, cohort_id).owner_id == account_id:
        return
    held = session.get(tables.CohortShare, (cohort_id, account_id), populate_existing=True)
    held = held or tables.CohortShare(cohort_id=cohort_id, account_id=account_id, may=right)
    held.may = right
    session.add(held)
    session.flush()


def unshare(session: Session, cohort_id: str, account_id: str) -> None:
    """Takes the other facilitator's right back, where there is one. Raises GoneError."""
    lock_cohort(session, cohort_id)
    held = tables.CohortShare
    if is_id(account_id):
        session.exec(delete(held).where(col(held.cohort_id) == cohort_id, col(held.account_id) == account_id))


def shares_of(session: Session, cohort_id: str) -> list[tuple[Account, SharedRight]]:
    """With whom the cohort is shared, by address; the owner is not among them."""
    rows = session.exec(
        select(tables.Account, tables.CohortShare)
        .join(tables.CohortShare)
        .where(tables.CohortShare.cohort_id == cohort_id)
        .order_by(col(tables.Account.email))
    )
    return [(account_told(account), held.may) for account, held in rows]
