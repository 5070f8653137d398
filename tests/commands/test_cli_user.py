"""`cxm user`: accounts by whoever runs the server, on a terminal and off it."""

import os
import pty
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.passwords import NO_PASSWORD, Passwords
from app.store import accounts
from app.store.database import open_database

CXM = Path(sys.executable).with_name("cxm")
EMAIL = "ana@example.org"
PASSWORD = "correct horse battery"
LINK = r"http://127\.0\.0\.1:8000/{purpose}/[A-Za-z0-9_-]{{27}}\n"


@dataclass(frozen=True)
class Finished:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Operator:
    """Somebody at the server's command line."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """No setting but the database."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CXM_")}
        return {**inherited, "CXM_DATABASE_URL": f"sqlite:///{self.folder / 'cxm.db'}"}

    def user(self, *arguments: str, **settings: str) -> Finished:
        """`cxm user …` without a terminal."""
        done = subprocess.run(
            [CXM, "user", *arguments],
            env=self.environment | settings,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Finished(done.returncode, done.stdout, done.stderr)

    def user_at_a_terminal(self, *arguments: str, typing: str) -> Finished:
        """`cxm user …` with a person at the keyboard; what they see is `out`."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(
            [CXM, "user", *arguments],
            env=self.environment,
            cwd=self.folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        seen = b""
        lines = typing.splitlines(keepends=True)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                piece = os.read(ours, 1024)
            except OSError:  # the other end has gone
                break
            if not piece:
                break
            seen += piece
            if lines and seen.rstrip(b" ").endswith(b":"):
                os.write(ours, lines.pop(0).encode())
                seen += b"\n"
        os.close(ours)
        return Finished(process.wait(timeout=60), seen.decode(), "")

    def kept(self, email: str = EMAIL) -> str | None:
        """The hash of the account's password; None where there is no account."""
        database = open_database(self.environment["CXM_DATABASE_URL"])
        database.migrate()
        try:
            with database.reading() as session:
                account = accounts.account_by_email(session, email)
                return accounts.password_hash_of(session, account.id) if account else None
        finally:
            database.close()


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Somebody with a new database."""
    return Operator(tmp_path)


def test_without_a_terminal_a_one_time_link_is_printed(operator: Operator) -> None:
    done = operator.user("add", "Ana@Example.org")
    assert done.code == 0
    assert re.fullmatch(LINK.format(purpose="setup"), done.out)
    assert done.err.splitlines()[-1] + "\n" == f"cxm: by this link {EMAIL} chooses a password, once, within 48 hours\n"
    assert operator.kept() == NO_PASSWORD


def test_the_link_has_the_public_address(operator: Operator) -> None:
    done = operator.user("add", EMAIL, CXM_PUBLIC_URL="https://cx.example.org")
    assert done.out.startswith("https://cx.example.org/setup/")
    done = operator.user("reset", EMAIL, CXM_PUBLIC_URL="https://cx.example.org")
    assert done.out.startswith("https://cx.example.org/reset/")


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(operator: Operator) -> None:
    done = operator.user_at_a_terminal("add", EMAIL, typing=f"{PASSWORD}\n{PASSWORD}\n")
    assert (done.code, "can sign in" in done.out) == (0, True)
    assert PASSWORD not in done.out
    kept = operator.kept()
    assert kept is not None
    assert Passwords().verify(PASSWORD, kept)


@pytest.mark.parametrize(
    ("typing", "told"),
    [
        ("short\nshort\n", "cxm: a password has at least 10 characters"),
        (f"{PASSWORD}\n{PASSWORD}x\n", "cxm: the two passwords are not the same"),
        (f"{EMAIL}\n{EMAIL}\n", "cxm: a password is something else than the address"),
        ("x" * 201 + "\n" + "x" * 201 + "\n", "cxm: a password has at most 200 characters"),
        ("\x04", "cxm: no password was typed"),
    ],
)
def test_a_password_that_will_not_do_makes_no_account(operator: Operator, typing: str, told: str) -> None:
    done = operator.user_at_a_terminal("add", EMAIL, typing=typing)
    assert (done.code, told in done.out, "Traceback" in done.out) == (2, True, False)
    assert operator.kept() is None


def test_at_a_terminal_a_link_can_be_had_too(operator: Operator) -> None:
    done = operator.user_at_a_terminal("add", EMAIL, "--link", typing="")
    assert (done.code, "/setup/" in done.out, operator.kept()) == (0, True, NO_PASSWORD)


def test_a_password_is_no_argument(operator: Operator) -> None:
    for arguments in (("add", EMAIL, PASSWORD), ("add", EMAIL, "--password", PASSWORD)):
        assert operator.user(*arguments).code == 2
    assert operator.kept() is None


REFUSED = {
    ("add", "ana"): "'ana' is not an e-mail address",
    ("add", "ana@exam ple.org"): "'ana@exam ple.org' is not an e-mail address",
    ("add", "ana@example.org\nx"): "'ana@example.org\\nx' is not an e-mail address",
    ("add", EMAIL.upper()): "ANA@EXAMPLE.ORG has an account already",
    ("disable", "eve@example.org"): "'eve@example.org' has no account",
    ("enable", "eve@example.org"): "'eve@example.org' has no account",
    ("reset", ""): "'' has no account",
    ("reset", "off@example.org"): "off@example.org is disabled: enable the account first",
}


def test_what_cannot_be_done_is_one_clear_line_and_changes_nothing(operator: Operator) -> None:
    operator.user("add", EMAIL)
    operator.user("add", "off@example.org")
    operator.user("disable", "off@example.org")
    before = operator.user("list").out
    told = {arguments: operator.user(*arguments) for arguments in REFUSED}
    assert told == {arguments: Finished(2, "", f"cxm: {line}\n") for arguments, line in REFUSED.items()}
    assert operator.user("list").out == before


def test_a_database_that_cannot_be_used_is_one_clear_line(operator: Operator) -> None:
    done = operator.user("list", CXM_DATABASE_URL="mysql://x")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("cxm: the database address")


def test_everybody_is_listed_disabled_ones_too(operator: Operator) -> None:
    assert operator.user("list") == Finished(0, "", "")
    for email in ("eva@example.org", EMAIL):
        operator.user("add", email)
    assert operator.user("disable", "EVA@example.org").out == "eva@example.org is disabled and signed out everywhere\n"
    listed = operator.user("list").out
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\d  enabled   ana@example\.org\n\d{4}-\d\d-\d\d  disabled  eva@example\.org\n", listed
    )
    assert operator.user("enable", "eva@example.org").out == "eva@example.org can sign in again\n"
    assert operator.user("list").out.count("enabled") == 2


def test_a_reset_prints_a_link_and_changes_nothing_yet(operator: Operator) -> None:
    operator.user_at_a_terminal("add", EMAIL, typing=f"{PASSWORD}\n{PASSWORD}\n")
    before = operator.kept()
    done = operator.user("reset", EMAIL)
    assert (done.code, operator.kept()) == (0, before)
    assert re.fullmatch(LINK.format(purpose="reset"), done.out)
