"""Facilitators: added, found, given a password, disabled. A write locks the account's row first."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from app.core.email import comparable
from app.store import tables
from app.store.accounts.values import Account, EmailTakenError, NoAccountError
from app.store.secrets.tokens import is_id, new_id


def add_account(session: Session, email: str, password_hash: str, now: datetime) -> Account:
    """A new facilitator. Raises EmailTakenError."""
    row = tables.Account(id=new_id(), email=comparable(email), password_hash=password_hash, created_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise EmailTakenError from None
    return told(row)


def account(session: Session, account_id: str) -> Account | None:
    """The account, disabled ones too; None where there is none."""
    row = session.get(tables.Account, account_id) if is_id(account_id) else None
    return told(row) if row else None


def account_by_email(session: Session, email: str) -> Account | None:
    """Whose address it is, whatever its capitals, disabled ones too; None where it is nobody's."""
    if not email.isprintable():
        return None
    row = session.exec(select(tables.Account).where(tables.Account.email == comparable(email))).first()
    return told(row) if row else None


def all_accounts(session: Session) -> list[Account]:
    """Everybody, disabled ones too, by address."""
    return [told(row) for row in session.exec(select(tables.Account).order_by(col(tables.Account.email)))]


def password_hash_of(session: Session, account_id: str) -> str:
    """What is kept of the password. Raises NoAccountError."""
    kept = session.exec(select(tables.Account.password_hash).where(tables.Account.id == account_id)).first()
    if kept is None:
        raise NoAccountError
    return kept


def set_password(session: Session, account_id: str, password_hash: str) -> None:
    """A new password, which ends every sign-in, one-time link and API token of the account. Raises NoAccountError."""
    lock_account(session, account_id).password_hash = password_hash
    session.exec(delete(tables.ApiToken).where(col(tables.ApiToken.account_id) == account_id))
    _end_all(session, account_id)


def strengthen(session: Session, account_id: str, password_hash: str) -> None:
    """A better hash of the same password: nothing ends. Raises NoAccountError."""
    lock_account(session, account_id).password_hash = password_hash
    session.flush()


def disable(session: Session, account_id: str, now: datetime) -> None:
    """Shuts the account out everywhere at once; its API tokens rest until it is enabled. Raises NoAccountError."""
    row = lock_account(session, account_id)
    row.disabled_at = row.disabled_at or now
    _end_all(session, account_id)


def enable(session: Session, account_id: str) -> None:
    """Lets a disabled account sign in again. Raises NoAccountError."""
    lock_account(session, account_id).disabled_at = None
    session.flush()


def end_sign_ins(session: Session, account_id: str) -> None:
    """Signs the account out of every browser."""
    session.exec(delete(tables.SignIn).where(col(tables.SignIn.account_id) == account_id))


def lock_account(session: Session, account_id: str) -> tables.Account:
    """Locks the account until the session ends. Raises NoAccountError."""
    statement = select(tables.Account).where(tables.Account.id == account_id).with_for_update(key_share=True)
    row = session.exec(statement, execution_options={"populate_existing": True}).first()
    if row is None:
        raise NoAccountError
    return row


def told(row: tables.Account) -> Account:
    """The account as others may see it: without its password's hash."""
    return Account(row.id, row.email, row.created_at, row.disabled_at)


def _end_all(session: Session, account_id: str) -> None:
    end_sign_ins(session, account_id)
    session.exec(delete(tables.OneTimeLink).where(col(tables.OneTimeLink.account_id) == account_id))
    session.flush()
