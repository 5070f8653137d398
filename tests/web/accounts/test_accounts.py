"""Facilitators' accounts: the first one, signing in and out, other passwords, tokens; and what ends with each."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from pwdlib.hashers.argon2 import Argon2Hasher

from app.passwords import AT_ONCE, WAITING, Passwords
from app.store import accounts
from tests.server import running_server
from tests.web.facilitator.facilitating import (
    ANOTHER,
    PASSWORD,
    add_account,
    api_token,
    checked_by,
    facilitator,
    is_signed_in,
    new_email,
    now,
    one_time_link,
    sign_in,
)
from tests.web.shell.test_addresses import ELSEWHERE, HERE_ENOUGH
from tests.web.visiting import HERE, QUICK, begin, dump, house_of, stranger, web

PUBLIC = "https://cx.example.org"
NEW = {"password": ANOTHER, "again": ANOTHER}
CHANGE = {"current": PASSWORD, **NEW}


@pytest.fixture
def new_app(tmp_path: Path) -> Iterator[FastAPI]:
    """The application before anybody has an account."""
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}")
    yield app
    house_of(app).database.close()


def test_the_first_facilitator_makes_the_first_account_with_the_link(new_app: FastAPI) -> None:
    token = one_time_link(new_app, "setup", None)
    browser = stranger(new_app)
    assert 'name="email"' in browser.get(f"/setup/{token}").text
    response = browser.post(f"/setup/{token}", data={"email": " Ana@Example.org ", **NEW})
    assert (response.status_code, response.headers["location"]) == (303, "/cohorts")
    assert "ana@example.org" in browser.get("/account").text
    assert is_signed_in(sign_in(new_app, "ANA@example.org", ANOTHER))


def test_a_set_up_link_is_good_for_one_account(new_app: FastAPI) -> None:
    token, other = one_time_link(new_app, "setup", None), ""
    assert stranger(new_app).post(f"/setup/{token}", data={"email": "ana@example.org", **NEW}).status_code == 303
    other = one_time_link(new_app, "setup", None)
    before = dump(new_app)
    for used in (token, other):
        assert stranger(new_app).get(f"/setup/{used}").status_code == 404
        assert stranger(new_app).post(f"/setup/{used}", data={"email": "eve@example.org", **NEW}).status_code == 404
    assert dump(new_app) == before


def test_a_newer_set_up_link_ends_the_older(new_app: FastAPI) -> None:
    older, newer = one_time_link(new_app, "setup", None), one_time_link(new_app, "setup", None)
    statuses = [stranger(new_app).get(f"/setup/{token}").status_code for token in (older, newer)]
    assert statuses == [404, 200]


def test_a_set_up_link_ends_after_its_time(new_app: FastAPI) -> None:
    token = one_time_link(new_app, "setup", None, hours=48)
    with time_machine.travel(now() + timedelta(hours=47), tick=False):
        assert stranger(new_app).get(f"/setup/{token}").status_code == 200
    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        assert stranger(new_app).get(f"/setup/{token}").status_code == 404


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["email", "password"]),
        ({"email": "ana"}, ["email"]),
        ({"email": "ana@"}, ["email"]),
        ({"email": "a b@example.org"}, ["email"]),
        ({"email": "x" * 300 + "@example.org"}, ["email"]),
        ({"password": "too short", "again": "too short"}, ["password"]),
        ({"password": "x" * 201, "again": "x" * 201}, ["password"]),
        ({"email": "ana@example.org", "password": "Ana@example.org"}, ["password"]),
        ({"again": ANOTHER + "x"}, ["again"]),
        ({"again": ""}, ["again"]),
    ],
)
def test_what_is_wrong_is_told_by_field_and_the_link_stays_good(
    new_app: FastAPI, fields: dict[str, str], wrong: list[str]
) -> None:
    token = one_time_link(new_app, "setup", None)
    sent = {"email": "ana@example.org", **NEW, **fields} if fields else {}
    response = stranger(new_app).post(f"/setup/{token}", data=sent)
    assert response.status_code == 422
    assert re.findall('id="error-([a-z]+)"', response.text) == wrong
    assert re.findall('value="([^"]+)"', response.text) == ([sent["email"]] if sent.get("email") else [])
    assert stranger(new_app).post(f"/setup/{token}", data={"email": "ana@example.org", **NEW}).status_code == 303


def test_signing_in_needs_the_right_address_and_password(app: FastAPI) -> None:
    _, email = add_account(app)
    pages = set()
    for wrong in (
        {"email": email, "password": ANOTHER},
        {"email": email, "password": PASSWORD.upper()},
        {"email": email, "password": "x" * 300},
        {"email": new_email(), "password": PASSWORD},
        {"email": "no address", "password": PASSWORD},
        {"email": add_account(app, password=None)[1], "password": "!"},
    ):
        response = stranger(app).post("/sign-in", data=wrong)
        assert (response.status_code, list(response.cookies)) == (422, ["kept"])
        assert f'value="{wrong["email"]}"' in response.text  # what was typed is kept
        assert wrong["password"] not in response.text.replace(wrong["email"], "") or wrong["password"] == "!"
        pages.add(response.text.replace(wrong["email"], "…"))
    assert len(pages) == 1  # nothing tells an account from none
    for email_ in (email, email.upper(), f" {email}\t"):
        assert is_signed_in(sign_in(app, email_))


def test_a_disabled_account_looks_like_none(app: FastAPI) -> None:
    account, email = add_account(app)
    with house_of(app).database.writing() as session:
        accounts.disable(session, account, now())
    right = stranger(app).post("/sign-in", data={"email": email, "password": PASSWORD})
    none = stranger(app).post("/sign-in", data={"email": new_email(), "password": PASSWORD})
    assert right.status_code == none.status_code == 422
    assert len(right.text) == len(none.text)


@pytest.mark.parametrize("missing", [{"email": ""}, {"email": " "}, {"password": ""}])
def test_half_a_sign_in_is_no_try(app: FastAPI, missing: dict[str, str]) -> None:
    _, email = add_account(app)
    before = dump(app)
    response = stranger(app).post("/sign-in", data={"email": email, "password": PASSWORD} | missing)
    assert response.status_code == 422
    assert "Please check" in response.text
    assert dump(app) == before


@pytest.mark.parametrize("wanted", ELSEWHERE + HERE_ENOUGH, ids=ascii)
def test_signing_in_leads_nowhere_else(app: FastAPI, wanted: str) -> None:
    _, email = add_account(app)
    for known in (True, False):
        browser = stranger(app)
        sent = {"email": email, "password": PASSWORD, "next": wanted}
        if not known:  # what was wanted survives a wrong password, and is no more trusted for it
            page = browser.post("/sign-in", data=sent | {"password": ANOTHER}).text
            assert "evil.example" not in re.sub('<input type="hidden"[^>]*>', "", page)
        response = browser.post("/sign-in", data=sent)
        assert response.headers["location"] == ("/cohorts" if wanted in ELSEWHERE else wanted)


def test_whoever_is_not_signed_in_comes_back_to_the_page_they_asked_for(app: FastAPI) -> None:
    _, email = add_account(app)
    browser = stranger(app)
    sent_on = browser.get("/account?said=token_ended&x=%2F%26").headers["location"]
    assert sent_on == "/sign-in?next=%2Faccount%3Fsaid%3Dtoken_ended%26x%3D%252F%2526"
    page = browser.get(sent_on).text
    wanted = re.search('name="next" value="([^"]*)"', page)
    assert wanted
    assert wanted[1].replace("&amp;", "&") == "/account?said=token_ended&x=%2F%26"
    assert browser.post("/account/tokens", data={"name": "x"}).headers["location"] == "/sign-in"
    signed_in = sign_in(app, email, next="/account?said=token_ended&x=%2F%26")
    assert is_signed_in(signed_in)


def test_a_sign_in_that_was_there_before_is_never_the_one_after(app: FastAPI) -> None:
    _, email = add_account(app)
    attacker = facilitator(app)
    planted = attacker.token
    for name in (planted, "A" * 27):
        browser = stranger(app)
        browser.cookies.set("cxm-sign-in", name, domain="127.0.0.1", path="/")
        response = browser.post("/sign-in", data={"email": email, "password": PASSWORD})
        assert response.status_code == 303
        token = response.cookies["cxm-sign-in"]
        assert token not in (planted, "A" * 27)
        assert email in browser.get("/account").text
    assert not is_signed_in(attacker.browser)  # the one that was planted has ended


def test_every_sign_in_is_new_and_the_one_before_ends(app: FastAPI) -> None:
    person = facilitator(app)
    first = person.token
    assert person.browser.post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 303
    assert person.token != first
    old = stranger(app)
    old.cookies.set("cxm-sign-in", first)
    assert (is_signed_in(old), is_signed_in(person.browser)) == (False, True)


def test_signing_out_ends_it_on_the_server_too_and_only_here(app: FastAPI) -> None:
    person = facilitator(app)
    elsewhere = sign_in(app, person.email)
    old = stranger(app)
    old.cookies.set("cxm-sign-in", person.token)
    response = person.browser.post("/sign-out")
    assert (response.status_code, response.headers["location"]) == (303, "/?said=signed_out")
    assert [is_signed_in(one) for one in (person.browser, old, elsewhere)] == [False, False, True]


def test_a_sign_in_ends_by_itself_after_a_fortnight(app: FastAPI) -> None:
    person = facilitator(app)
    with time_machine.travel(now() + timedelta(days=13), tick=False):
        assert is_signed_in(person.browser)
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        assert not is_signed_in(person.browser)


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [
        (None, "cxm-sign-in", ""),
        ("http://workshop.local:8000", "cxm-sign-in", ""),
        (PUBLIC, "__Host-cxm-sign-in", "; Secure"),
    ],
)
def test_the_cookie_of_a_sign_in_is_bound_to_this_host_and_hidden_from_scripts(
    tmp_path: Path, public_url: str | None, name: str, secure: str
) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}", public_url)
    _, email = add_account(app)
    browser = stranger(app, public_url or HERE)
    response = browser.post("/sign-in", data={"email": email, "password": PASSWORD})
    given, mark = response.headers.get_list("set-cookie")
    day = 24 * 60 * 60
    assert re.fullmatch(
        f"{name}=[A-Za-z0-9_-]{{27}}; HttpOnly; Max-Age={14 * day}; Path=/; SameSite=lax{secure}", given
    )
    known = name.replace("cxm-sign-in", "known")
    assert re.fullmatch(f"{known}=[a-z0-9.]{{98}}; HttpOnly; Max-Age={400 * day}; Path=/; SameSite=lax{secure}", mark)
    taken = browser.post("/sign-out").headers["set-cookie"]
    assert taken.startswith(f'{name}=""; ')
    assert taken.endswith(f"; HttpOnly; Max-Age=0; Path=/; SameSite=lax{secure}")
    house_of(app).database.close()


def test_over_https_a_sign_in_without_the_prefix_opens_nothing(secure_app: FastAPI) -> None:
    person = facilitator(secure_app, PUBLIC)
    planted = stranger(secure_app, PUBLIC)
    planted.cookies.set("cxm-sign-in", person.token)
    assert (is_signed_in(person.browser), is_signed_in(planted)) == (True, False)


def test_another_password_signs_out_everywhere_else_and_ends_links_and_tokens(app: FastAPI) -> None:
    person = facilitator(app)
    before = person.token
    elsewhere = sign_in(app, person.email)
    bystander = facilitator(app)
    link = one_time_link(app, "reset", person.account)
    _, secret = api_token(app, person.account)
    response = person.browser.post("/account/password", data=CHANGE)
    assert (response.status_code, response.headers["location"]) == (303, "/account?said=password")
    old = stranger(app)
    old.cookies.set("cxm-sign-in", before)
    assert person.token != before
    signed_in = [is_signed_in(one) for one in (person.browser, old, elsewhere, bystander.browser)]
    assert signed_in == [True, False, False, True]
    assert stranger(app).get(f"/reset/{link}").status_code == 404
    with house_of(app).database.reading() as session:
        assert accounts.account_of_api_token(session, secret) is None
    assert "Your new password is set" in person.browser.get(response.headers["location"]).text
    assert stranger(app).post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422
    assert is_signed_in(sign_in(app, person.email, ANOTHER))


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"current": ANOTHER}, "current"),
        ({"current": ""}, "current"),
        ({"password": "short", "again": "short"}, "password"),
        ({"again": "another one"}, "again"),
    ],
)
def test_a_password_is_not_changed_by_halves(app: FastAPI, fields: dict[str, str], wrong: str) -> None:
    person = facilitator(app)
    response = person.browser.post("/account/password", data=CHANGE | fields)
    assert response.status_code == 422
    assert re.findall('id="error-([a-z]+)"', response.text) == [wrong]
    assert PASSWORD not in response.text
    assert ANOTHER not in response.text
    assert is_signed_in(person.browser)
    assert is_signed_in(sign_in(app, person.email))


def test_a_lost_password_is_replaced_by_a_link_once(app: FastAPI) -> None:
    person = facilitator(app)
    token = one_time_link(app, "reset", person.account)
    browser = stranger(app)
    assert person.email in browser.get(f"/reset/{token}").text
    assert is_signed_in(person.browser)  # the link alone ends nothing
    assert browser.post(f"/reset/{token}", data=NEW).headers["location"] == "/cohorts?said=password"
    assert [is_signed_in(one) for one in (browser, person.browser)] == [True, False]
    assert browser.post(f"/reset/{token}", data=NEW).status_code == 404
    assert is_signed_in(sign_in(app, person.email, ANOTHER))


def test_of_two_who_use_a_link_at_once_one_may(app: FastAPI) -> None:
    account, email = add_account(app)
    token = one_time_link(app, "reset", account)
    late = stranger(app)

    class Interrupted(Passwords):
        """While the first is being hashed, the second comes and goes."""

        def hash(self, password: str) -> str:
            if password == PASSWORD + "1":
                response = late.post(f"/reset/{token}", data={"password": ANOTHER, "again": ANOTHER})
                assert response.status_code == 303
            return super().hash(password)

    first = stranger(app)
    with checked_by(app, Interrupted(QUICK)):
        response = first.post(f"/reset/{token}", data={"password": PASSWORD + "1", "again": PASSWORD + "1"})
    assert response.status_code == 404
    assert [is_signed_in(one) for one in (first, late)] == [False, True]
    assert is_signed_in(sign_in(app, email, ANOTHER))


def test_whoever_is_added_with_a_link_chooses_only_a_password(app: FastAPI) -> None:
    account, email = add_account(app, password=None)
    token = one_time_link(app, "setup", account)
    assert 'name="email"' not in stranger(app).get(f"/setup/{token}").text
    taking_over = stranger(app).post(f"/setup/{token}", data={"email": "eve@example.org", **NEW})
    assert taking_over.status_code == 422
    assert stranger(app).post(f"/setup/{token}", data=NEW).status_code == 303
    assert is_signed_in(sign_in(app, email, ANOTHER))


def test_a_disabled_account_is_out_at_once_everywhere(app: FastAPI) -> None:
    person = facilitator(app)
    link = one_time_link(app, "reset", person.account)
    _, secret = api_token(app, person.account)
    with house_of(app).database.writing() as session:
        accounts.disable(session, person.account, now())
    assert not is_signed_in(person.browser)
    assert stranger(app).get(f"/reset/{link}").status_code == 404
    with house_of(app).database.reading() as session:
        assert accounts.account_of_api_token(session, secret) is None
    assert stranger(app).post("/sign-in", data={"email": person.email, "password": PASSWORD}).status_code == 422
    with house_of(app).database.writing() as session:
        accounts.enable(session, person.account)
    assert not is_signed_in(person.browser)
    assert is_signed_in(sign_in(app, person.email))


def test_a_token_is_shown_once_kept_as_a_hash_and_ended_by_its_owner_only(app: FastAPI) -> None:
    person, other = facilitator(app), facilitator(app)
    made = person.browser.post("/account/tokens", data={"name": "Our <b>data</b> sheet"})
    secret = re.search('id="made"[^>]*value="(cxm_[A-Za-z0-9_-]{27})"', made.text)
    assert secret
    page = person.browser.get("/account").text
    assert "Our &lt;b&gt;data&lt;/b&gt; sheet" in page
    assert secret[1] not in page
    assert secret[1] not in str(dump(app))
    assert "data&lt;/b&gt;" not in other.browser.get("/account").text
    revoke = re.search('action="(/account/tokens/[a-z2-7]{16}/revoke)"', page)
    assert revoke
    assert other.browser.post(revoke[1]).status_code == 404
    with house_of(app).database.reading() as session:
        account = accounts.account_of_api_token(session, secret[1])
    assert account
    assert account.id == person.account
    assert person.browser.post(revoke[1]).status_code == 303
    assert person.browser.post(revoke[1]).status_code == 404
    with house_of(app).database.reading() as session:
        assert accounts.account_of_api_token(session, secret[1]) is None


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\nb", "\0"])
def test_a_token_has_a_name_that_can_be_read(app: FastAPI, name: str) -> None:
    person = facilitator(app)
    before = dump(app)
    response = person.browser.post("/account/tokens", data={"name": name})
    assert response.status_code == 422
    assert 'id="error-token-name"' in response.text
    assert dump(app) == before


def test_nobody_piles_up_tokens(app: FastAPI) -> None:
    person = facilitator(app)
    statuses = [person.browser.post("/account/tokens", data={"name": str(n)}).status_code for n in range(22)]
    assert statuses == [200] * 20 + [422] * 2


def test_pages_for_everybody_ask_the_database_nothing_about_who_is_signed_in(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = facilitator(app)
    asked: list[str] = []
    monkeypatch.setattr(accounts, "signed_in", lambda *_: asked.append("asked"))
    for path in ("/", "/start", "/privacy", "/sign-in", "/no-such-page"):
        page = person.browser.get(path).text
        assert ('action="/sign-out"' in page, 'href="/account"' in page) == (True, True)
        assert 'action="/sign-out"' not in stranger(app).get(path).text
    assert asked == []


def test_a_sign_in_that_has_ended_is_forgotten_by_the_browser(app: FastAPI) -> None:
    person = facilitator(app)
    sign_out = stranger(app)
    sign_out.cookies.set("cxm-sign-in", person.token)
    assert sign_out.post("/sign-out").status_code == 303
    assert person.browser.get("/account").status_code == 303
    assert list(person.browser.cookies) == ["known"]  # which signs nobody in
    assert 'action="/sign-out"' not in person.browser.get("/").text


def test_a_weak_hash_is_made_stronger_when_its_owner_signs_in(app: FastAPI) -> None:
    person = facilitator(app)
    _, secret = api_token(app, person.account)

    def kept() -> str:
        with house_of(app).database.reading() as session:
            return accounts.password_hash_of(session, person.account)

    weak = kept()
    better = Passwords(Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1))
    with checked_by(app, better):
        stranger(app).post("/sign-in", data={"email": person.email, "password": ANOTHER})
        assert kept() == weak
        again = sign_in(app, person.email)
        strong = kept()
        assert ("m=8,t=1" in weak, "m=16,t=2" in strong) == (True, True)
        sign_in(app, person.email)
        assert kept() == strong
    assert is_signed_in(again)
    assert is_signed_in(person.browser)
    with house_of(app).database.reading() as session:
        assert accounts.account_of_api_token(session, secret) is not None


def test_more_sign_ins_than_can_be_checked_are_asked_to_come_again(app: FastAPI) -> None:
    person = facilitator(app)
    full = Passwords(QUICK)
    for _ in range(AT_ONCE + WAITING):
        assert full._room.acquire(blocking=False)
    for browser, path, data in (
        (stranger(app), "/sign-in", {"email": person.email, "password": PASSWORD}),
        (person.browser, "/account/password", CHANGE),
    ):
        with checked_by(app, full):
            response = browser.post(path, data=data)
        assert (response.status_code, response.headers["retry-after"]) == (503, "2")
    assert is_signed_in(person.browser)


def test_holding_an_assessment_and_being_signed_in_are_two_things(app: FastAPI) -> None:
    person = facilitator(app)
    holder = begin(app)
    assert person.browser.get(holder.path("result")).status_code == 404
    assert holder.browser.get("/account").status_code == 303


def test_the_server_prints_a_set_up_link_until_it_is_used_and_logs_nothing_of_it(tmp_path: Path) -> None:
    typed = {"email": "canary-4f1c@example.org", "password": "canary password 4f1c", "again": "canary password 4f1c"}
    with running_server(tmp_path) as server:
        first = re.search(rf"{server.url}/setup/(\S+)", server.output.read_text())
        assert first
    with running_server(tmp_path) as server:
        second = re.search(rf"{server.url}/setup/(\S+)", server.output.read_text())
        assert second
        with httpx2.Client(base_url=server.url, timeout=60) as browser:
            assert browser.get(f"/setup/{first[1]}").status_code == 404
            assert browser.get(f"/setup/{second[1]}").status_code == 200
            assert browser.post(f"/setup/{second[1]}", data=typed).status_code == 303
            cookie = browser.cookies["cxm-sign-in"]
            made = browser.post("/account/tokens", data={"name": "canary 4f1c"}).text
            token = re.search("cxm_[A-Za-z0-9_-]{27}", made)
            assert token
            browser.post("/sign-in", data={"email": "eve-4f1c@example.org", "password": "wrong 4f1c 4f1c"})
            browser.get("/sign-in?next=/4f1c")
            browser.post("/account/password", data={"current": "wrong 4f1c", **NEW})
            browser.post("/sign-out")
            assert browser.get(f"/setup/{second[1]}").status_code == 404
        log = server.output.read_text()
    assert "route=/setup/{token}" in log
    assert log.count(second[1]) == 1  # where it was printed
    for secret in ("4f1c", cookie, token[0]):
        assert secret not in log
    database = b"".join(file.read_bytes() for file in tmp_path.glob("cxm.db*"))
    assert b"canary-4f1c@example.org" in database
    for secret in ("canary password", cookie, token[0], second[1]):
        assert secret.encode() not in database
    with running_server(tmp_path) as server:
        assert "/setup/" not in server.output.read_text()
