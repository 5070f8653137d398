"""Facilitators: who has an account, who is signed in and until when, and that no secret is kept."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from app.store import accounts
from app.store.accounts import SIGNED_IN_FOR, Account, ApiToken, EmailTakenError, NoAccountError, OneTimeUse
from app.store.database import Database
from tests.store.conftest import NOW, at_once, everything_in, in_the_meantime

LATER = NOW + timedelta(hours=1)
STRANGERS = ["", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 100_000]


def sign_in(database: Database, account: Account, checked: str = "a hash") -> str:
    with database.writing() as session:
        return accounts.sign_in(session, account.id, NOW, checked=checked)


def signed_in(database: Database, token: str, after: timedelta = timedelta()) -> Account | None:
    with database.reading() as session:
        return accounts.signed_in(session, token, NOW + after)


def link(database: Database, account_id: str | None, hours: float = 24) -> str:
    with database.writing() as session:
        return accounts.make_one_time_link(session, "reset" if account_id else "setup", account_id, NOW, hours)


def api_token(database: Database, account: Account, name: str = "laptop") -> tuple[str, str]:
    with database.writing() as session:
        return accounts.make_api_token(session, account.id, name, NOW)


def of_api_token(database: Database, token: str) -> Account | None:
    with database.reading() as session:
        return accounts.account_of_api_token(session, token)


def test_an_account_is_found_by_its_address_however_it_is_written(database: Database, account: Account) -> None:
    with database.reading() as session:
        for email in ("ana@example.si", "Ana@EXAMPLE.si", " ana@example.si "):
            assert accounts.account_by_email(session, email) == account
        assert accounts.account(session, account.id) == account
        assert accounts.password_hash_of(session, account.id) == "a hash"


def test_nobody_has_an_account_that_is_not_there(database: Database, account: Account) -> None:
    with database.reading() as session:
        for stranger in STRANGERS:
            assert accounts.account_by_email(session, stranger) is None
            assert accounts.account(session, stranger) is None
        with pytest.raises(NoAccountError):
            accounts.password_hash_of(session, "nobody")


def test_an_address_has_one_account(database: Database, account: Account) -> None:
    with database.writing() as session:
        with pytest.raises(EmailTakenError):
            accounts.add_account(session, "ANA@example.si", "x", NOW)
        # The refusal takes nothing else back.
        accounts.add_account(session, "cene@example.si", "x", NOW)
    with database.reading() as session:
        assert [one.email for one in accounts.all_accounts(session)] == ["ana@example.si", "cene@example.si"]


def test_of_two_who_add_one_address_at_once_one_is_told(database: Database) -> None:
    def add() -> Account:
        with database.writing() as session:
            return accounts.add_account(session, "dana@example.si", "x", NOW)

    outcomes = at_once(add, add, refused=EmailTakenError)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Account", "EmailTakenError"]


def test_who_signs_in_is_signed_in_until_it_expires(database: Database, account: Account) -> None:
    token = sign_in(database, account)
    assert re.fullmatch("[A-Za-z0-9_-]{27}", token)  # 160 bits
    assert signed_in(database, token) == account
    assert signed_in(database, token, SIGNED_IN_FOR - timedelta(seconds=1)) == account
    assert signed_in(database, token, SIGNED_IN_FOR) is None


@pytest.mark.parametrize("token", STRANGERS)
def test_a_strangers_token_signs_nobody_in(database: Database, account: Account, token: str) -> None:
    sign_in(database, account)
    api_token(database, account)
    assert signed_in(database, token) is None
    assert of_api_token(database, token) is None
    with database.writing() as session:
        accounts.sign_out(session, token)
        assert accounts.use_one_time_link(session, token, "reset", NOW) is None
        assert not accounts.revoke_api_token(session, account.id, token)


def test_every_sign_in_has_its_own_token_and_signing_out_ends_one(database: Database, account: Account) -> None:
    first, second = sign_in(database, account), sign_in(database, account)
    assert first != second
    with database.writing() as session:
        accounts.sign_out(session, first)
    assert (signed_in(database, first), signed_in(database, second)) == (None, account)


def test_expired_sign_ins_are_swept(database: Database, account: Account) -> None:
    sign_in(database, account)
    with database.writing() as session:
        accounts.sign_in(session, account.id, NOW + SIGNED_IN_FOR, checked="a hash")
        assert session.connection().exec_driver_sql("SELECT count(*) FROM sign_in").scalar_one() == 1


def test_a_new_password_ends_all_that_the_old_one_opened(
    database: Database, account: Account, other_account: Account
) -> None:
    tokens = [sign_in(database, account), sign_in(database, account)]
    others = sign_in(database, other_account, "another hash")
    reset, (_, program) = link(database, account.id), api_token(database, account)
    with database.writing() as session:
        accounts.set_password(session, account.id, "a new hash")
    assert [signed_in(database, token) for token in tokens] == [None, None]
    assert signed_in(database, others) == other_account
    assert of_api_token(database, program) is None
    with database.writing() as session:
        assert accounts.use_one_time_link(session, reset, "reset", NOW) is None
        assert accounts.password_hash_of(session, account.id) == "a new hash"


def test_nobody_signs_in_with_a_password_that_was_changed_meanwhile(database: Database, account: Account) -> None:
    with database.writing() as session:
        accounts.set_password(session, account.id, "a new hash")
    with pytest.raises(NoAccountError):
        sign_in(database, account, checked="a hash")


def test_signing_in_while_the_password_is_changed_leaves_nobody_signed_in_by_the_old_one(
    database: Database, account: Account
) -> None:
    def change(number: int) -> None:
        with database.writing() as session:
            accounts.set_password(session, account.id, f"hash {number}")

    for number in range(10):
        change(number)
        tokens = at_once(
            *(partial(sign_in, database, account, f"hash {number}") for _ in range(3)),
            partial(change, number + 1),
            refused=NoAccountError,
        )
        assert [token for token in tokens if isinstance(token, str) and signed_in(database, token)] == []


def test_a_disabled_account_is_shut_out_everywhere_until_it_is_enabled(database: Database, account: Account) -> None:
    token, reset, (_, program) = sign_in(database, account), link(database, account.id), api_token(database, account)
    with database.writing() as session:
        accounts.disable(session, account.id, NOW)
        accounts.disable(session, account.id, LATER)
    assert (signed_in(database, token), of_api_token(database, program)) == (None, None)
    with pytest.raises(NoAccountError):
        sign_in(database, account)
    with database.writing() as session:
        assert accounts.use_one_time_link(session, reset, "reset", NOW) is None
        found = accounts.account(session, account.id)
        assert found is not None
        assert found.disabled_at == NOW
        accounts.enable(session, account.id)
    assert signed_in(database, token) is None
    assert of_api_token(database, program) == account
    assert signed_in(database, sign_in(database, account)) == account


@pytest.mark.parametrize("write", ["password", "disable", "enable", "link", "token", "sign in"])
def test_every_write_to_an_account_that_is_not_there_is_told(database: Database, write: str) -> None:
    calls: dict[str, Callable[[Session], object]] = {
        "password": lambda session: accounts.set_password(session, "nobody", "x"),
        "disable": lambda session: accounts.disable(session, "nobody", NOW),
        "enable": lambda session: accounts.enable(session, "nobody"),
        "link": lambda session: accounts.make_one_time_link(session, "reset", "nobody", NOW, 1),
        "token": lambda session: accounts.make_api_token(session, "nobody", "x", NOW),
        "sign in": lambda session: accounts.sign_in(session, "nobody", NOW, checked="x"),
    }
    with pytest.raises(NoAccountError), database.writing() as session:
        calls[write](session)


def test_a_one_time_link_is_looked_at_often_and_used_once(database: Database, account: Account) -> None:
    token = link(database, account.id)
    with database.writing() as session:
        for _ in range(3):
            assert accounts.one_time_link(session, token, "reset", LATER) == OneTimeUse(account.id)
        assert accounts.use_one_time_link(session, token, "setup", LATER) is None
        assert accounts.use_one_time_link(session, token, "reset", LATER) == OneTimeUse(account.id)
        assert accounts.use_one_time_link(session, token, "reset", LATER) is None
        assert accounts.one_time_link(session, token, "reset", LATER) is None


def test_a_one_time_link_expires(database: Database, account: Account) -> None:
    token = link(database, account.id, hours=1)
    with database.writing() as session:
        assert accounts.one_time_link(session, token, "reset", NOW + timedelta(minutes=59)) == OneTimeUse(account.id)
        assert accounts.use_one_time_link(session, token, "reset", LATER) is None


def test_a_new_one_time_link_ends_the_earlier_one(database: Database, account: Account) -> None:
    first, second = link(database, account.id), link(database, account.id)
    with database.reading() as session:
        assert accounts.one_time_link(session, first, "reset", NOW) is None
        assert accounts.one_time_link(session, second, "reset", NOW) == OneTimeUse(account.id)


def use(database: Database, token: str) -> OneTimeUse | None:
    with database.writing() as session:
        return accounts.use_one_time_link(session, token, "reset", NOW)


def test_of_two_who_use_a_one_time_link_at_once_one_may(database: Database, account: Account) -> None:
    for _ in range(10):
        outcomes = at_once(*[partial(use, database, link(database, account.id))] * 2, refused=NoAccountError)
        assert sorted(outcomes, key=str) == [None, OneTimeUse(account.id)]


def test_who_uses_a_one_time_link_while_it_is_being_used_may_not(database: Database, account: Account) -> None:
    token = link(database, account.id)
    outcome = in_the_meantime(
        database,
        lambda session: accounts.use_one_time_link(session, token, "reset", NOW),
        partial(use, database, token),
    )
    assert outcome is None


def test_the_first_facilitators_link_is_dead_once_there_is_an_account(database: Database) -> None:
    token = link(database, None)
    with database.writing() as session:
        assert accounts.one_time_link(session, token, "setup", NOW) == OneTimeUse(None)
        accounts.add_account(session, "ana@example.si", "x", NOW)
        assert accounts.one_time_link(session, token, "setup", NOW) is None
        assert accounts.use_one_time_link(session, token, "setup", NOW) is None


def test_a_program_signs_in_with_its_token_until_it_is_revoked(
    database: Database, account: Account, other_account: Account
) -> None:
    first, token = api_token(database, account)
    second, _ = api_token(database, account, "server")
    assert token.startswith("cxm_")
    assert of_api_token(database, token) == account
    assert signed_in(database, token) is None
    with database.writing() as session:
        assert accounts.api_tokens_of(session, other_account.id) == []
        assert not accounts.revoke_api_token(session, other_account.id, first)
        assert accounts.revoke_api_token(session, account.id, first)
        assert accounts.api_tokens_of(session, account.id) == [ApiToken(second, "server", NOW)]
    assert of_api_token(database, token) is None


def test_no_token_is_in_the_database(sqlite_database: Database, file: Path) -> None:
    with sqlite_database.writing() as session:
        setup = accounts.make_one_time_link(session, "setup", None, NOW, 1)
        account = accounts.add_account(session, "canary@example.si", "x", NOW)
        reset = accounts.make_one_time_link(session, "reset", account.id, NOW, 1)
        token = accounts.sign_in(session, account.id, NOW, checked="x")
        _, program = accounts.make_api_token(session, account.id, "laptop", NOW)
    written = everything_in(file.parent)
    assert b"canary@example.si" in written
    assert [secret for secret in (setup, reset, token, program) if secret.encode() in written] == []
