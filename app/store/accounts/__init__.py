"""Accounts of facilitators: added, signed in and out, shut out; one-time links and API tokens.

Every function takes a session and, where it needs the time, `now`. Of every secret only a hash is kept.
"""

from app.store.accounts.people import (
    account,
    account_by_email,
    add_account,
    all_accounts,
    disable,
    enable,
    end_sign_ins,
    password_hash_of,
    set_password,
    strengthen,
)
from app.store.accounts.sign_ins import (
    MOST_API_TOKENS,
    SIGNED_IN_FOR,
    account_of_api_token,
    api_tokens_of,
    make_api_token,
    make_one_time_link,
    one_time_link,
    revoke_api_token,
    sign_in,
    sign_out,
    signed_in,
    use_one_time_link,
)
from app.store.accounts.values import (
    Account,
    ApiToken,
    EmailTakenError,
    NoAccountError,
    OneTimeUse,
    TooManyTokensError,
)
from app.store.tables import Purpose

__all__ = [
    "MOST_API_TOKENS",
    "SIGNED_IN_FOR",
    "Account",
    "ApiToken",
    "EmailTakenError",
    "NoAccountError",
    "OneTimeUse",
    "Purpose",
    "TooManyTokensError",
    "account",
    "account_by_email",
    "account_of_api_token",
    "add_account",
    "all_accounts",
    "api_tokens_of",
    "disable",
    "enable",
    "end_sign_ins",
    "make_api_token",
    "make_one_time_link",
    "one_time_link",
    "password_hash_of",
    "revoke_api_token",
    "set_password",
    "sign_in",
    "sign_out",
    "signed_in",
    "strengthen",
    "use_one_time_link",
]
