"""The command `cxm user`: facilitators' accounts, by whoever runs the server."""

import datetime
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlmodel import Session

from app import passwords
from app.commands.terminal import Refusal, read_settings, say, say_link
from app.core.email import NotAnAddressError, read_address
from app.passwords import NO_PASSWORD, Passwords
from app.settings import Settings
from app.store import accounts
from app.store.accounts import Account, EmailTakenError, Purpose
from app.store.database import Database, open_database

LINK_HOURS = 48

app = typer.Typer(help="Facilitators' accounts.", no_args_is_help=True)

Email = Annotated[str, typer.Argument(metavar="EMAIL", help="The address with which the facilitator signs in.")]


@app.command()
def add(
    email: Email,
    link: Annotated[
        bool, typer.Option("--link", help="Print a one-time link instead of asking for a password.")
    ] = False,
) -> None:
    """Add a facilitator: asks for a password, or prints a one-time link where nobody is there to ask."""
    address = _address(email)
    settings = read_settings()
    with _database(settings) as database:
        with database.reading() as session:
            if accounts.account_by_email(session, address):
                raise Refusal(f"{address} has an account already")
        asked = not link and sys.stdin.isatty()
        kept = Passwords().hash(_chosen_password(address)) if asked else NO_PASSWORD
        try:
            with database.writing() as session:
                account = accounts.add_account(session, address, kept, _now())
                token = None if asked else _link(session, "setup", account)
        except EmailTakenError:
            raise Refusal(f"{address} has an account already") from None
    if token is None:
        say(f"{account.email} can sign in")
    else:
        _tell_link(settings, account, "setup", token)


@app.command("list")
def list_() -> None:
    """List the facilitators, disabled ones too."""
    with _database(read_settings()) as database, database.reading() as session:
        everybody = accounts.all_accounts(session)
    for one in everybody:
        say(f"{one.created_at:%Y-%m-%d}  {'disabled' if one.disabled_at else 'enabled ':<8}  {one.email}")


@app.command()
def disable(email: Email) -> None:
    """Shut a facilitator out at once, everywhere; their cohorts stay."""
    with _database(read_settings()) as database, database.writing() as session:
        account = _account(session, email)
        accounts.disable(session, account.id, _now())
    say(f"{account.email} is disabled and signed out everywhere")


@app.command()
def enable(email: Email) -> None:
    """Let a disabled facilitator sign in again."""
    with _database(read_settings()) as database, database.writing() as session:
        account = _account(session, email)
        accounts.enable(session, account.id)
    say(f"{account.email} can sign in again")


@app.command()
def reset(email: Email) -> None:
    """Print a one-time link by which a facilitator chooses a new password; the old one works until then."""
    settings = read_settings()
    with _database(settings) as database, database.writing() as session:
        account = _account(session, email)
        if account.disabled_at:
            raise Refusal(f"{account.email} is disabled: enable the account first")
        token = _link(session, "reset", account)
    _tell_link(settings, account, "reset", token)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = open_database(settings.database_url)
    try:
        database.migrate()
        yield database
    finally:
        database.close()


def _address(email: str) -> str:
    try:
        return read_address(email)
    except NotAnAddressError:
        raise Refusal(f"{email!r} is not an e-mail address") from None


def _account(session: Session, email: str) -> Account:
    account = accounts.account_by_email(session, email)
    if account is None:
        raise Refusal(f"{email!r} has no account")
    return account


def _chosen_password(email: str) -> str:
    """Asked for twice, on the terminal and unseen; never an argument, which other programs could read."""
    try:
        password, again = getpass.getpass("Password: "), getpass.getpass("The same once more: ")
    except EOFError:
        raise Refusal("no password was typed") from None
    match passwords.fault_of(password, email):
        case "too_short":
            raise Refusal(f"a password has at least {passwords.SHORTEST} characters")
        case "too_long":
            raise Refusal(f"a password has at most {passwords.LONGEST} characters")
        case "address":
            raise Refusal("a password is something else than the address")
        case None if password != again:
            raise Refusal("the two passwords are not the same")
    return password


def _link(session: Session, purpose: Purpose, account: Account) -> str:
    return accounts.make_one_time_link(session, purpose, account.id, _now(), LINK_HOURS)


def _tell_link(settings: Settings, account: Account, purpose: Purpose, token: str) -> None:
    say_link(settings, f"/{purpose}/{token}")
    told = f"cxm: by this link {account.email} chooses a password, once, within {LINK_HOURS} hours"
    print(told, file=sys.stderr)  # noqa: T201 - the command's own output, apart from the link, which others may read in
