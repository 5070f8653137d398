"""Whose address the server answers to, where it sends people on to, and which address it tells."""

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from app.web.shell.visits import is_on_this_site
from tests.web.visiting import HERE, begin, house_of, stranger, web

FOREIGN_HOSTS = [
    "evil.example",
    "evil.example:8000",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "cx.example.org.evil.example",
    "evilcx.example.org",
    "evil.example@127.0.0.1",
    "127.0.0.1@evil.example",
    "127.0.0.1/evil.example",
    "127.0.0.1?evil.example",
    "127.0.0.1#evil.example",
    "127.0.0.1\\evil.example",
    "127.0.0.1 evil.example",
    "127.0.0.1,evil.example",
    "127.0.0.1:port",
    "127.0.0.1:8000:8000",
    "10.0.0.1",
    "2130706433",
    "[::1",
    "::1",
    "",
]
OWN_HOSTS = ["127.0.0.1", "127.0.0.1:8000", "localhost", "LocalHost:9", "[::1]", "[::1]:8000"]


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
def test_a_foreign_host_is_refused_on_every_page(app: FastAPI, secure_app: FastAPI, host: str) -> None:
    holder = begin(app)
    asked = {"host": host}
    answers = [
        holder.browser.get("/", headers=asked),
        holder.browser.get(holder.path("link"), headers=asked),
        holder.browser.post(holder.path("finish"), headers=asked),
        holder.browser.get("/static/cxm.css", headers=asked),
        holder.browser.get("/no-such-page", headers=asked),
        stranger(secure_app, "https://cx.example.org").get("/", headers=asked),
    ]
    assert [answer.status_code for answer in answers] == [400] * 6
    assert all(holder.token not in answer.text for answer in answers)


@pytest.mark.parametrize("host", OWN_HOSTS)
def test_a_loopback_name_is_ours(app: FastAPI, host: str) -> None:
    assert stranger(app).get("/", headers={"host": host}).status_code == 200


def test_the_address_at_which_one_arrives_is_ours_and_its_neighbour_is_not(app: FastAPI) -> None:
    for own, neighbour in (("192.168.7.20", "192.168.7.21"), ("[fd00::20]", "[fd00::21]")):
        browser = stranger(app, f"http://{own}:8000")
        assert browser.get("/").status_code == 200
        assert browser.get("/", headers={"host": f"{neighbour}:8000"}).status_code == 400


@pytest.mark.parametrize(
    ("public_url", "host"),
    [
        ("https://cx.example.org", "cx.example.org"),
        ("https://cx.example.org", "CX.Example.ORG:443"),
        ("http://workshop.local:8000", "workshop.local:8000"),
        ("https://čebela.example", "xn--ebela-gya.example"),
    ],
)
def test_the_public_address_is_ours(tmp_path: Path, public_url: str, host: str) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}", public_url)
    assert stranger(app, public_url).get("/", headers={"host": host}).status_code == 200
    house_of(app).database.close()


def test_health_is_told_under_any_name(app: FastAPI) -> None:
    for host in FOREIGN_HOSTS + OWN_HOSTS:
        response = stranger(app).get("/healthz", headers={"host": host})
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_a_private_link_carries_the_public_address_or_the_one_in_use(app: FastAPI, secure_app: FastAPI) -> None:
    told = {}
    for app_, address in ((app, HERE), (app, "http://192.168.7.20:8000"), (secure_app, "https://cx.example.org")):
        holder = begin(app_, address)
        headers = {"host": "127.0.0.1:8000"} if app_ is secure_app else {}
        page = holder.browser.get(holder.path("link"), headers=headers).text
        found = re.search(r'value="([^"]*)/r/', page)
        assert found
        told[address] = found[1]
    assert told == {address: address for address in told}


ELSEWHERE = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    "/\n/evil.example",
    " //evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS:/evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "evil.example",
    "@evil.example",
    "?//evil.example",
    "",
    "/\r\nSet-Cookie: planted=1",
    "/\u2028/evil.example",
    "/\x00",
    "/\ud7ff\\x",
]
HERE_ENOUGH = [
    "/%0d%0aSet-Cookie:planted=1",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/privacy",
    "/start?form=pulse",
    "/.//x",
]


@pytest.mark.parametrize("wanted", ELSEWHERE + HERE_ENOUGH, ids=ascii)
def test_choosing_a_language_leads_nowhere_else(app: FastAPI, wanted: str) -> None:
    response = stranger(app).post("/language", data={"language": "en", "next": wanted})
    assert response.status_code == 303
    assert response.headers["location"] == ("/" if wanted in ELSEWHERE else wanted)
    assert list(response.cookies) == ["cxm-language"]


@given(st.text(alphabet=st.sampled_from("/\\ \t\n\r:@?#.%2f5cevil-é\u2028\x00")) | st.text())
def test_a_path_on_this_site_stays_on_this_site(wanted: str) -> None:
    if is_on_this_site(wanted):
        assert urlsplit(urljoin(HERE, wanted)).netloc == urlsplit(HERE).netloc
        assert not wanted.startswith(("//", "/\\", "/\t", "/\n", "/\r"))


def test_a_slash_too_many_leads_to_the_same_site(app: FastAPI) -> None:
    for path in ("/start/", "//evil.example/", "/r//evil.example/", "/start//", "/\\evil.example/"):
        response = stranger(app).get(f"{HERE}{path}")
        assert (path, response.status_code) in {(path, 307), (path, 404)}
        assert urlsplit(response.headers.get("location", HERE)).netloc == urlsplit(HERE).netloc


def test_a_browser_at_an_address_that_is_not_ours_is_led_on_and_the_log_says_what_cures_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}", public_url="https://cx.example.org")
    refused = stranger(app).get("/start", headers={"host": "evil.example", "accept": "text/html"})

    assert refused.status_code == 400
    assert "<h1>This page cannot be shown here</h1>" in refused.text
    assert 'href="https://cx.example.org">To https://cx.example.org</a>' in refused.text
    assert "evil.example" not in refused.text
    assert "CXM_PUBLIC_URL" in "".join(capsys.readouterr())
    assert stranger(app).get("/start", headers={"host": "evil.example"}).text.startswith("This server does not answer")
    house_of(app).database.close()
