"""Facilitators in this process: who has which account, which link, which token, and is signed in where."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.passwords import NO_PASSWORD, Passwords
from app.store import accounts
from tests.web.visiting import HERE, house_of, stranger

PASSWORD = "correct horse battery staple"
ANOTHER = "seven green paper lanterns"
COOKIE = "cxm-sign-in"


@dataclass(frozen=True)
class Person:
    """A facilitator with an account, and a browser that is signed in."""

    browser: TestClient
    account: str
    email: str

    @property
    def token(self) -> str:
        """What the browser's cookie says."""
        return next(value for name, value in self.browser.cookies.items() if name.endswith(COOKIE))


def now() -> datetime:
    """The time, as the application has it."""
    return datetime.now(UTC)


def new_email() -> str:
    """Nobody's address yet."""
    return f"{secrets.token_hex(8)}@example.org"


def add_account(app: FastAPI, email: str = "", password: str | None = PASSWORD) -> tuple[str, str]:
    """Adds an account; its id and its address. Without a password nobody can sign in."""
    house = house_of(app)
    kept = NO_PASSWORD if password is None else house.passwords.hash(password)
    with house.database.writing() as session:
        account = accounts.add_account(session, email or new_email(), kept, now())
    return account.id, account.email


def one_time_link(app: FastAPI, purpose: accounts.Purpose, account: str | None, hours: float = 48) -> str:
    """The token of a new link."""
    with house_of(app).database.writing() as session:
        return accounts.make_one_time_link(session, purpose, account, now(), hours)


def api_token(app: FastAPI, account: str) -> tuple[str, str]:
    """A new API token: its id and its secret."""
    with house_of(app).database.writing() as session:
        return accounts.make_api_token(session, account, "a program", now())


def sign_in(app: FastAPI, email: str, password: str = PASSWORD, address: str = HERE, **fields: str) -> TestClient:
    """A new browser in which somebody has signed in."""
    browser = stranger(app, address)
    response = browser.post("/sign-in", data={"email": email, "password": password, **fields})
    assert response.status_code == 303, response.text
    return browser


def facilitator(app: FastAPI, address: str = HERE) -> Person:
    """Somebody new who is signed in."""
    account, email = add_account(app)
    return Person(sign_in(app, email, address=address), account, email)


def is_signed_in(browser: TestClient) -> bool:
    """Whether the browser gets its account's page, and not the one to sign in at."""
    response = browser.get("/account")
    assert response.status_code == 200 or response.headers["location"] == "/sign-in?next=%2Faccount"
    return response.status_code == 200


@contextmanager
def checked_by(app: FastAPI, passwords: Passwords) -> Iterator[None]:
    """The application with another way to check passwords, for a while."""
    house = house_of(app)
    app.state.house = replace(house, passwords=passwords)
    try:
        yield
    finally:
        app.state.house = house
