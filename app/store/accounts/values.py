"""What goes into the keeping of accounts and comes out of it: frozen values, named refusals."""

from dataclasses import dataclass
from datetime import datetime


class EmailTakenError(Exception):
    """Somebody else has an account with this address. Nothing was changed."""


class NoAccountError(LookupError):
    """There is no such account, or it is disabled, or its password is no longer the one that was checked."""


class TooManyTokensError(Exception):
    """The account has as many API tokens as it may have. Nothing was changed."""


@dataclass(frozen=True)
class Account:
    """A facilitator; times are in UTC. A disabled one signs in nowhere, and keeps the cohorts."""

    id: str
    email: str
    created_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True)
class OneTimeUse:
    """Whose password a one-time link sets; None: the first facilitator makes an account."""

    account_id: str | None


@dataclass(frozen=True)
class ApiToken:
    """What a facilitator's program signs in with, without its secret, which is told once and kept as a hash."""

    id: str
    name: str
    created_at: datetime
