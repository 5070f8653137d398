"""What every response carries, a refusal and a crash too: headers, cookies, size; and HEAD."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.printing import Printer
from tests.web.shell.door_tables import EXPECTED
from tests.web.shell.doors import doors_of, insider
from tests.web.visiting import HERE, START, begin, house_of, stranger, web

PUBLIC = "https://cx.example.org"
MIB = 1024 * 1024
FORM = {"content-type": "application/x-www-form-urlencoded"}
TELLING = dict.fromkeys(
    ["GET /r/{token}", "404 link", "GET /shared/{token}", "404 shared"], "no-referrer"
) | dict.fromkeys(["GET /setup/{token}", "GET /reset/{token}", "404 one-time link"], "strict-origin")
"""Where the address is a secret; pages with a form must send an Origin."""
COOKIE = r"{name}=[A-Za-z0-9_-]{{27}}; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax{secure}"


@pytest.fixture(scope="module", params=[None, PUBLIC], ids=["plain", "https"])
def fragile_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The application with a page that crashes."""
    app = web(f"sqlite:///{tmp_path_factory.mktemp('fragile') / 'cxm.db'}", request.param)

    @app.get("/crash")
    def crash() -> None:
        msg = "planted"
        raise RuntimeError(msg)

    yield app
    house_of(app).database.close()


def chunks(size: int) -> Iterator[bytes]:
    """A body whose length is not told beforehand."""
    for _ in range(0, size, 64 * 1024):
        yield b"a" * 64 * 1024


def answers(app: FastAPI) -> dict[str, Response]:
    """Each kind of response by what brings it about."""
    address = house_of(app).settings.public_url or HERE
    holder = insider(app, address)
    browser = holder.browser
    shown = {
        str(door): browser.get(door.path(holder.keys))
        for door in doors_of(app)
        if door.method == "GET" and door.pattern != "/crash"
    }
    return shown | {
        "303 start": browser.post("/assessments", data=START),
        "400 host": browser.get("/", headers={"host": "evil.example"}),
        "400 form": browser.post(holder.path("aims"), content=b"x", headers={"content-type": "multipart/form-data"}),
        "403 cross-site": browser.post(holder.path("finish"), headers={"sec-fetch-site": "cross-site"}),
        "404 no page": browser.get("/no-such-page"),
        "404 stranger": stranger(app, address).get(holder.path("result")),
        "404 link": browser.get("/r/no-such-link"),
        "404 shared": browser.get("/shared/no-such-link"),
        "404 one-time link": browser.get("/setup/no-such-link"),
        "303 sign in": stranger(app, address).get("/account"),
        "404 file": browser.get("/static/no-such-file"),
        "405 method": browser.delete(holder.path("result")),
        "413 read": browser.post(holder.path("finish"), content=b"a" * (MIB + 1), headers=FORM),
        "413 not read": browser.post("/no-such-page", content=b"a" * (MIB + 1)),
        "413 chunked": browser.post(holder.path("finish"), content=chunks(2 * MIB), headers=FORM),
        "422 form": browser.post(holder.path("finish"), data={"x": "1"}),
        "422 query": browser.get(f"{holder.path('plan')}?each=banana"),
        "500 crash": browser.get("/crash"),
    }


def test_every_response_says_what_a_browser_may_do_with_it(fragile_app: FastAPI) -> None:
    secure = house_of(fragile_app).secure
    for name, response in answers(fragile_app).items():
        headers = response.headers
        expected = int(name[:3]) if name[:3].isdigit() else EXPECTED[name]
        assert (name, response.status_code) == (name, expected)
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy == {
            **dict.fromkeys(["script-src", "style-src", "font-src", "img-src", "connect-src", "form-action"], "'self'"),
            **dict.fromkeys(["default-src", "base-uri", "frame-ancestors"], "'none'"),
        }
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == TELLING.get(name, "same-origin")
        assert headers.get("strict-transport-security") == ("max-age=31536000" if secure else None)
        assert "server" not in headers


def test_only_files_named_by_their_content_are_kept_by_browsers(app: FastAPI) -> None:
    kept = {}
    for path in ("/static/cxm.css", "/static/cxm.css?v=1", "/static/fonts/SourceSans3-Regular.ttf.woff2"):
        kept[path] = stranger(app).get(path).headers["cache-control"]
    assert kept == {
        "/static/cxm.css": "no-cache",
        "/static/cxm.css?v=1": "public, max-age=31536000, immutable",
        "/static/fonts/SourceSans3-Regular.ttf.woff2": "public, max-age=31536000, immutable",
    }


def test_no_file_outside_the_static_folder_is_served(app: FastAPI) -> None:
    for path in (
        "../main.py",
        "%2e%2e/main.py",
        "..%2fmain.py",
        "fonts/../../main.py",
        "/etc/passwd",
        "",
        "fonts",
    ):
        assert (path, stranger(app).get(f"{HERE}/static/{path}").status_code) == (path, 404)


def test_a_body_of_exactly_the_largest_size_is_still_read(app: FastAPI) -> None:
    holder = begin(app)
    for size, status in ((MIB, 422), (MIB + 1, 413)):
        assert holder.browser.post(holder.path("finish"), content=b"a" * size, headers=FORM).status_code == status
    assert holder.browser.post(holder.path("finish"), content=chunks(MIB), headers=FORM).status_code == 422


@pytest.mark.parametrize(
    ("public_url", "prefix", "secure"),
    [(None, "", ""), ("http://workshop.local:8000", "", ""), (PUBLIC, "__Host-", "; Secure")],
)
def test_the_cookie_is_bound_to_this_host_and_hidden_from_scripts(
    tmp_path: Path, public_url: str | None, prefix: str, secure: str
) -> None:
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}", public_url)
    browser = stranger(app, public_url or HERE)
    started = browser.post("/assessments", data=START)
    path = started.headers["location"]
    name = f"{prefix}cxm-{path.rpartition('/')[2]}"
    token = browser.cookies[name]
    rotated = browser.post(f"{path}/link")
    resumed = browser.get(f"/r/{browser.cookies[name]}")
    for response in (started, rotated, resumed):
        assert re.fullmatch(COOKIE.format(name=name, secure=secure), response.headers["set-cookie"])
    assert browser.cookies[name] != token
    assert resumed.headers["location"] == path
    chosen = browser.post("/language", data={"language": "en"}).headers["set-cookie"]
    assert chosen == f"cxm-language=en; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax{secure}"
    for last in ("forget", "erase"):
        response = browser.post(f"{path}/{last}", data={"word": "erase"} if last == "erase" else {})
        assert response.headers["set-cookie"].startswith(f'{name}=""; ')
        assert response.headers["set-cookie"].endswith(f"; HttpOnly; Max-Age=0; Path=/; SameSite=lax{secure}")
        assert name not in browser.cookies
        browser.get(resumed.request.url)
    house_of(app).database.close()


def test_over_https_a_cookie_without_the_prefix_opens_nothing(secure_app: FastAPI) -> None:
    holder = begin(secure_app, PUBLIC)
    planted = stranger(secure_app, PUBLIC)
    planted.cookies.set(f"cxm-{holder.assessment}", holder.token)
    assert holder.browser.get(holder.path("result")).status_code == 200
    assert planted.get(holder.path("result")).status_code == 404


def test_head_is_get_without_the_body(app: FastAPI) -> None:
    holder = insider(app)
    assert holder.browser.get("/start").status_code == 200  # which brings a cookie that comes once
    for door in doors_of(app):
        if door.method == "GET" and not door.pattern.endswith((".pdf", ".xlsx")):
            path = door.path(holder.keys)
            get, head = (holder.browser.request(method, path) for method in ("GET", "HEAD"))
            assert (str(door), head.status_code, head.content) == (str(door), get.status_code, b"")
            # Ids that a page makes for its forms are packed into more bytes or fewer.
            told, also_told = ({**one.headers, "content-length": ""} for one in (get, head))
            assert (str(door), told) == (str(door), also_told)
    for path in ("/static/cxm.css", "/no-such-page"):
        get, head = (holder.browser.request(method, path) for method in ("GET", "HEAD"))
        assert (head.status_code, head.content) == (get.status_code, b"")


def test_a_refused_method_is_told_which_are_allowed(app: FastAPI) -> None:
    assert stranger(app).delete("/start").headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("printer", "status", "come_back"),
    [(Printer(workers=0, queue=0), 503, "5"), (Printer(seconds=0), 500, None)],
    ids=["full", "failing"],
)
def test_a_printer_that_cannot_says_so_and_stops_nothing_else(
    app: FastAPI, printer: Printer, status: int, come_back: str | None
) -> None:
    holder = begin(app)
    house = house_of(app)
    app.state.house = replace(house, printer=printer)
    try:
        response = holder.browser.get(holder.path("report.pdf"))
        saved = holder.answer("strategy.purpose", "3")
    finally:
        app.state.house = house
    assert (response.status_code, response.headers.get("retry-after")) == (status, come_back)
    assert response.headers["cache-control"] == "no-store"
    assert "The report is not ready" in response.text
    assert saved == 200
