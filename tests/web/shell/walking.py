"""A walk through all that a page offers somebody: every link is followed, and every form sent, and undone again."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from app.store import sqlite
from tests.web.facilitator.facilitating import COOKIE
from tests.web.shell.posting import CHOSEN, TYPED, Form, Forms
from tests.web.visiting import HERE, file_of, stranger

BROWSER = {"accept": "text/html"}
MOST_OF_A_KIND = 8
"""How many addresses are opened that differ in their query alone, or in which thing of a kind they name."""
REFUSED = frozenset({400, 403, 404, 405, 409, 429})
"""What no form may come to that is shown. (422: something is to be filled in otherwise; that is its own business.)"""
NOT_KNOWN = frozenset({"code", "team_code"})
"""What nobody fills in who was given none."""
TYPICAL = {"date": "2027-02-19", "number": "5", "email": "ana@example.org"}


@dataclass(frozen=True)
class Walker:
    """Somebody with a browser, who begins at these addresses; `says_no`: which of them open nothing, and say so."""

    who: str
    browser: TestClient
    begins_at: Sequence[str]
    says_no: frozenset[str] = frozenset()

    @property
    def is_signed_in(self) -> bool:
        """Whether they are a facilitator, and nothing may ask them to sign in."""
        return COOKIE in self.browser.cookies


class Offered(Forms):
    """What a page offers: its forms, the buttons by which each can be sent, and its links."""

    def __init__(self, html: str, path: str) -> None:
        self.links: list[str] = []
        self.buttons: list[tuple[Form, str, str]] = []
        self.asking: list[tuple[str, dict[str, str]]] = []
        self._asks: dict[str, str] | None = None
        self._is_off = False
        super().__init__(html, path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "fieldset":
            self._is_off = "disabled" in told
        super().handle_starttag(tag, attrs)
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if told.get("data-hx-get"):
            self.links.append(told["data-hx-get"])
        if tag == "form" and told.get("method") != "post":
            self._asks = {}
            self.asking.append((told.get("action", self._path), self._asks))
        is_sent = told.get("type") not in {"checkbox", "radio"} or "checked" in told
        if tag == "input" and self._asks is not None and told.get("name") and is_sent:
            self._asks[told["name"]] = told.get("value", "")
        if tag == "button" and told.get("name"):
            owner = told.get("form")
            forms = [form for form in self.forms if form.id == owner] if owner else [self._open] if self._open else []
            self.buttons += [(form, told["name"], told.get("value", "")) for form in forms]

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        if tag == "form":
            self._asks = None
        if tag == "fieldset":
            self._is_off = False

    def _add(self, tag: str, told: Mapping[str, str]) -> None:
        if not self._is_off:  # what cannot be changed is not sent
            super()._add(tag, told)

    def sent(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each form as it goes out, once by each of its buttons: where to, and what."""
        for form in self.forms:
            named = [{name: value} for of, name, value in self.buttons if of is form]
            for button in named or [{}]:
                yield form.path, _filled(form) | button


def _filled(form: Form) -> dict[str, str]:
    values = form.values()
    for name, one in form.asked():
        if one.kind in CHOSEN and not values.get(name) and one.choices:
            values[name] = one.choices[-1]
        elif one.kind in TYPED and not values.get(name) and name not in NOT_KNOWN:
            values[name] = TYPICAL.get(one.kind, "12")
    return values


def faults(app: FastAPI, walker: Walker) -> list[str]:
    """Which links lead nowhere and which forms are refused, of all that is shown, one line each."""
    found: dict[str, None] = {}
    opened: Counter[str] = Counter()
    seen, ahead, posted = set[str](), [(address, "the way in") for address in walker.begins_at], set[str]()
    while ahead:
        address, shown_at = ahead.pop(0)
        kind = _kind(urlsplit(address).path)
        if address in seen or opened[kind] >= MOST_OF_A_KIND:
            continue
        seen.add(address)
        opened[kind] += 1
        response, there = _opened(walker.browser, address)
        if address in walker.says_no:
            assert response.status_code == 404, address
        elif response.status_code >= 400 or (walker.is_signed_in and _is_sign_in(there) > _is_sign_in(address)):
            found[f"{walker.who}: {address} at {shown_at}: {response.status_code} {there}"] = None
        if not response.headers.get("content-type", "").startswith("text/html"):
            continue
        offered = Offered(response.text, urlsplit(there).path)
        ahead += [(link, there) for one in offered.links if (link := _on_this_site(there, one))]
        for action, values in offered.asking:
            asked = walker.browser.build_request("GET", urljoin(there, action), params=values).url
            ahead.append((asked.raw_path.decode(), there))
        for action, values in offered.sent():
            said = [value for name, value in sorted(values.items()) if name in {"then", "to", "what"}]
            kind = f"{_kind(action)} {sorted(map(_kind, values))} {said}"
            if kind not in posted:
                posted.add(kind)
                found |= dict.fromkeys(_refused(app, walker, there, action, values))
    return list(found)


def _refused(app: FastAPI, walker: Walker, page: str, action: str, values: Mapping[str, str]) -> Iterator[str]:
    with undone(app):
        browser = stranger(app)
        browser.cookies.update(walker.browser.cookies)
        response = browser.post(action, data=dict(values), headers=BROWSER)
        if response.status_code in REFUSED or response.status_code >= 500:
            yield f"{walker.who}: {action} sent at {page}: {response.status_code}"
        elif response.status_code == 303:
            then, there = _opened(browser, response.headers["location"])
            if then.status_code >= 400 or _is_sign_in(there) > _is_sign_in(page):
                yield f"{walker.who}: {action} sent at {page} leads to {there}: {then.status_code}"


def _opened(browser: TestClient, address: str) -> tuple[Response, str]:
    """What an address leads to in the end, and where that is."""
    response = browser.get(address, headers=BROWSER)
    while response.status_code == 303:
        address = urljoin(address, response.headers["location"]).partition("#")[0]
        response = browser.get(address, headers=BROWSER)
    return response, address


def _on_this_site(page: str, link: str) -> str | None:
    parts = urlsplit(urljoin(HERE + page, link))
    if f"{parts.scheme}://{parts.netloc}" != HERE:
        return None
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _kind(name: str) -> str:
    """An address, or a field's name, without which one it is of its kind."""
    return re.sub(r"\b(?:[a-z2-7]{16}|[a-z_]+\.[a-z_]+(?!\w*\.))(?=/|$)", "*", name)


def _is_sign_in(address: str) -> bool:
    """Whether one is to sign in there; whoever is led there by a link that says so is not led astray."""
    return urlsplit(address).path in {"/sign-in", "/sign-out"}


@contextmanager
def undone(app: FastAPI) -> Iterator[None]:
    """Whatever is written to the SQLite file meanwhile was never written."""
    with closing(sqlite.connect(file_of(app))) as live, closing(sqlite.connect(Path(":memory:"))) as kept:
        live.backup(kept)
        try:
            yield
        finally:
            kept.backup(live)
