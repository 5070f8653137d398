"""Who is signed in: browsers by a cookie's token, programs by an API token, and once by a one-time link."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select, update

from app.store import tables
from app.store.accounts.people import lock_account, told
from app.store.accounts.values import Account, ApiToken, NoAccountError, OneTimeUse, TooManyTokensError
from app.store.idempotency import KeyUsedError, token_by, use
from app.store.secrets.tokens import hashed, is_id, new_id, new_token

SIGNED_IN_FOR = timedelta(days=14)
MOST_API_TOKENS = 20
# By which whoever finds one in a log or a repository knows what it is.
API_TOKEN_PREFIX = "cxm_"  # noqa: S105 - what every token begins with, and no secret


def sign_in(session: Session, account_id: str, now: datetime, *, checked: str) -> str:
    """Signs a browser in and returns its token; `checked` is the hash that the password was checked against.

    Raises NoAccountError, also where the password was changed since.
    """
    row = lock_account(session, account_id)
    if row.disabled_at is not None or row.password_hash != checked:
        raise NoAccountError
    session.exec(delete(tables.SignIn).where(col(tables.SignIn.expires_at) <= now))
    token = new_token()
    session.add(
        tables.SignIn(token_hash=hashed(token), account_id=row.id, created_at=now, expires_at=now + SIGNED_IN_FOR)
    )
    session.flush()
    return token


def signed_in(session: Session, token: str, now: datetime) -> Account | None:
    """Who is signed in with this token; None where it is nobody's, expired, or its account disabled."""
    row = session.exec(
        select(tables.Account)
        .join(tables.SignIn)
        .where(
            tables.SignIn.token_hash == hashed(token),
            tables.SignIn.expires_at > now,
            col(tables.Account.disabled_at).is_(None),
        )
    ).first()
    return told(row) if row else None


def sign_out(session: Session, token: str) -> None:
    """Ends this browser's sign-in, where there is one."""
    session.exec(delete(tables.SignIn).where(col(tables.SignIn.token_hash) == hashed(token)))


def make_one_time_link(
    session: Session, purpose: tables.Purpose, account_id: str | None, now: datetime, hours: float
) -> str:
    """The token of a link that works once, within these hours; it ends the account's earlier ones.

    For no account: the first facilitator's, which ends the earlier ones of that kind.

    Raises NoAccountError.
    """
    link = tables.OneTimeLink
    if account_id is not None:
        lock_account(session, account_id)
    session.exec(delete(link).where(col(link.account_id).is_not_distinct_from(account_id)))
    session.exec(delete(link).where(col(link.expires_at) <= now))
    token = new_token()
    session.add(
        link(token_hash=hashed(token), purpose=purpose, account_id=account_id, expires_at=now + timedelta(hours=hours))
    )
    session.flush()
    return token


def one_time_link(session: Session, token: str, purpose: tables.Purpose, now: datetime) -> OneTimeUse | None:
    """Whose password the link would set, without using it; None where it is unknown, used or too old.

    One for the first facilitator is of no use any more once there is an account.
    """
    link = tables.OneTimeLink
    row = session.exec(
        select(link).where(
            link.token_hash == hashed(token),
            link.purpose == purpose,
            col(link.used_at).is_(None),
            link.expires_at > now,
        )
    ).first()
    if row is None or (row.account_id is None and session.exec(select(tables.Account.id).limit(1)).first()):
        return None
    return OneTimeUse(row.account_id)


def use_one_time_link(session: Session, token: str, purpose: tables.Purpose, now: datetime) -> OneTimeUse | None:
    """Uses the link, and says whose password it sets; None where that cannot be any more. Of two at once one may."""
    found = one_time_link(session, token, purpose, now)
    if found is None:
        return None
    link = tables.OneTimeLink
    used = session.exec(
        update(link).where(col(link.token_hash) == hashed(token), col(link.used_at).is_(None)).values(used_at=now)
    )
    return found if used.rowcount == 1 else None


def make_api_token(
    session: Session, account_id: str, name: str, now: datetime, once: str | None = None
) -> tuple[str, str]:
    """A new API token: its id, and the secret, which is told only here.

    `once`: a secret of the page that sends, from which the token follows: what is sent twice makes one, and both are
    told it. Raises NoAccountError, TooManyTokensError, and KeyUsedError where the one that was made has ended since.
    """
    lock_account(session, account_id)
    secret = token_by(once, "api token", account_id, name) if once else new_token()
    id_, token, row = new_id(), API_TOKEN_PREFIX + secret, tables.ApiToken
    there = session.exec(select(row.id).where(row.token_hash == hashed(token))).first()
    if there:
        return there, token
    if len(api_tokens_of(session, account_id)) >= MOST_API_TOKENS:
        raise TooManyTokensError
    if once and not use(session, token, now):
        raise KeyUsedError
    session.add(tables.ApiToken(id=id_, account_id=account_id, name=name, token_hash=hashed(token), created_at=now))
    session.flush()
    return id_, token


def account_of_api_token(session: Session, token: str) -> Account | None:
    """Whose API token it is; None where it is nobody's, revoked, or its account disabled."""
    row = session.exec(
        select(tables.Account)
        .join(tables.ApiToken)
        .where(tables.ApiToken.token_hash == hashed(token), col(tables.Account.disabled_at).is_(None))
    ).first()
    return told(row) if row else None


def api_tokens_of(session: Session, account_id: str) -> list[ApiToken]:
    """The account's API tokens, the newest first."""
    rows = session.exec(
        select(tables.ApiToken)
        .where(tables.ApiToken.account_id == account_id)
        .order_by(col(tables.ApiToken.created_at).desc(), col(tables.ApiToken.id))
    )
    return [ApiToken(row.id, row.name, row.created_at) for row in rows]


def revoke_api_token(session: Session, account_id: str, id_: str) -> bool:
    """Ends an API token of the account for good; False where it has none of this id."""
    token = tables.ApiToken
    if not is_id(id_):
        return False
    gone = session.exec(delete(token).where(col(token.id) == id_, col(token.account_id) == account_id))
    return gone.rowcount == 1
