"""Where a private link's token and what people typed must never stand: the log, the database, pages, the report.

On the real server, which is asked for everything, rightly and wrongly, and made to crash.
"""

import io
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pikepdf
import pytest
from pypdf import PdfReader

from app.store import sqlite
from tests.server import Server, running_server
from tests.web.visiting import START

NAME = "Canary 9c2d"
WRITER = "writer-9c2d"
TYPED = "typed-9c2d"
CRASHES = {
    "assessment": "CREATE TRIGGER crash BEFORE INSERT ON assessment BEGIN SELECT RAISE(ABORT, 'planted'); END",
    "answer": "CREATE TRIGGER crash BEFORE INSERT ON answer BEGIN SELECT RAISE(ABORT, 'planted'); END",
    "link": "CREATE TRIGGER crash BEFORE UPDATE ON respondent BEGIN SELECT RAISE(ABORT, 'planted'); END",
}
MAY_SHOW_THE_LINK = ("/link", "/link.txt", "/result", "/erase")


@dataclass
class Visitor:
    """Somebody at the real server, who keeps every response."""

    server: Server
    browser: httpx2.Client
    path: str
    token: str
    responses: list[httpx2.Response]

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Asks for a page, and keeps the answer."""
        self.responses.append(self.browser.get(path, headers=headers))
        return self.responses[-1]

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> httpx2.Response:
        """Sends a form, and keeps the answer."""
        self.responses.append(self.browser.post(path, data=fields, headers=headers))
        return self.responses[-1]

    def raw(self, request: bytes) -> bytes:
        """Sends bytes as they are; the first of the answer."""
        address = urlsplit(self.server.url)
        with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
            connection.sendall(request)
            return connection.recv(4096)


def visiting(server: Server) -> Visitor:
    """Starts an assessment whose name is a canary."""
    browser = httpx2.Client(base_url=server.url, timeout=60)
    response = browser.post("/assessments", data=START | {"organisation": NAME})
    path = response.headers["location"]
    return Visitor(server, browser, path, browser.cookies[f"cxm-{path.rpartition('/')[2]}"], [response])


def use_rightly(visitor: Visitor) -> None:
    """Everything that the pages offer, but erasing."""
    path, token = visitor.path, visitor.token
    assert visitor.get(f"/r/{token}").headers["location"] == path
    for page in ("/", "/start", "/privacy", path, f"{path}/questions/strategy", f"{path}/aims", f"{path}/review"):
        assert visitor.get(page).status_code in {200, 303}
    save = {"answer": "3", "seen": "0", "writer": WRITER, "sequence": "1"}
    assert visitor.post(f"{path}/answers/strategy.purpose", save).status_code == 303
    assert visitor.post(f"{path}/questions/strategy", {"answer:strategy.purpose": "3"}).status_code == 303
    assert visitor.post(f"{path}/finish").status_code == 303
    for page in ("link", "link.txt", "result", "report.pdf", "answers.json"):
        assert visitor.get(f"{path}/{page}").status_code == 200


def use_wrongly(visitor: Visitor) -> None:
    """Whatever goes wrong with a token in it."""
    path, token = visitor.path, visitor.token
    statuses = [
        visitor.get(f"/r/{token}/").status_code,
        visitor.get(f"/r/{token}/more").status_code,
        visitor.get(f"/{token}").status_code,
        visitor.get(f"/r/{token}x").status_code,
        visitor.get(f"{path}/aims?each={token}").status_code,
        visitor.get(f"/static/{token}").status_code,
        visitor.get(f"/r/{token}", host="evil.example").status_code,
        visitor.post(f"/r/{token}").status_code,
        visitor.post(f"{path}/finish", {token: token}).status_code,
        visitor.post(f"{path}/erase", {"word": TYPED[:30]}).status_code,
        visitor.post(f"{path}/finish", origin=f"https://{TYPED}.example").status_code,
        visitor.post("/assessments", START | {"organisation": TYPED * 20}).status_code,
    ]
    assert statuses == [303, 303, 404, 404, 422, 404, 400, 405, 422, 422, 403, 422]
    host = b"Host: 127.0.0.1\r\n"
    asked = f"GET /r/{token} HTTP/1.1\r\n".encode()
    upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n"
    for request in (
        asked + host + upgrade + b"\r\n",
        asked + host + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA\r\n\r\n",
        asked.replace(b"HTTP/1.1", b"HTTP/9") + host + b"\r\n",
        asked.replace(b"GET", b"BREW") + host + b"\r\n",
        asked + b"broken header\r\n\r\n",
        asked + b"\r\n",
        asked + host + b"Content-Length: -1\r\n\r\n",
        asked.replace(b"GET", b"POST") + host + b"Content-Length: 2000000\r\n\r\n",
        b"GET /\xff" + asked[4:] + host + b"\r\n",
        b"GET /?\xff=" + asked[4:] + host + b"\r\n",
        f"{token}\r\n\r\n".encode(),
    ):
        assert not visitor.raw(request).startswith(b"HTTP/1.1 500"), request


def crash(visitor: Visitor, file: Path) -> None:
    """Errors of the database, which quotes what it was given."""
    attempts = {
        "assessment": ("/assessments", START | {"organisation": NAME}),
        "answer": (f"{visitor.path}/answers/culture.purpose", {"answer": "3", "writer": WRITER}),
        "link": (f"{visitor.path}/link", {}),
    }
    with closing(sqlite.connect(file)) as connection:
        for table, trigger in CRASHES.items():
            connection.execute(trigger)
            # The server closes a connection on which it crashed.
            assert visitor.post(*attempts[table], connection="close").status_code == 500
            connection.execute("DROP TRIGGER crash")
        connection.execute("ALTER TABLE answer RENAME TO elsewhere")
        assert visitor.post(*attempts["answer"]).status_code == 503
        connection.execute("ALTER TABLE elsewhere RENAME TO answer")


@dataclass(frozen=True)
class Used:
    """What is left to look at after the server was used, and stopped."""

    visitor: Visitor
    log: str
    database: bytes


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Used]:
    """A server that was used rightly, wrongly, and made to crash."""
    folder = tmp_path_factory.mktemp("secrets")
    file = folder / "cxm.db"
    with running_server(folder) as server:
        visitor = visiting(server)
        use_rightly(visitor)
        use_wrongly(visitor)
        crash(visitor, file)
        database = b"".join(Path(f"{file}{end}").read_bytes() for end in ("", "-wal", "-shm"))
        visitor.browser.close()
        log = server.output.read_text()
        yield Used(visitor, log, database)


def test_the_log_tells_what_happened_and_of_nobody(used: Used) -> None:
    for told in ("route=/r/{token} status=303", "status=400", "status=403", "status=404", "status=413", "status=500"):
        assert told in used.log
    assert used.log.count("Exception in ASGI application") == len(CRASHES)
    assert used.log.count("IntegrityError") >= len(CRASHES)
    assert "no such table" in used.log
    assessment = used.visitor.path.rpartition("/")[2]
    hashed = re.findall(rb"[0-9a-f]{64}", used.database)
    assert hashed
    for secret in (used.visitor.token, assessment, NAME, "9c2d", WRITER, TYPED, *map(bytes.decode, hashed)):
        assert secret not in used.log


def test_the_database_does_not_know_the_token(used: Used) -> None:
    assert NAME.encode() in used.database
    assert used.visitor.token.encode() not in used.database


def test_only_the_pages_that_hand_out_the_link_show_it(used: Used) -> None:
    shown = set()
    for response in used.visitor.responses:
        if used.visitor.token in response.text:
            shown.add(urlsplit(str(response.request.url)).path.removeprefix(used.visitor.path))
    assert shown == set(MAY_SHOW_THE_LINK)


def test_the_link_leads_to_an_address_that_gives_nothing_away(used: Used) -> None:
    token = used.visitor.token
    for response in used.visitor.responses:
        asked = urlsplit(str(response.request.url)).path
        if asked != f"/r/{token}/":  # a slash too many leads to the link itself
            assert token not in response.headers.get("location", "")
        is_link = response.request.method == "GET" and re.fullmatch("/r/.+", asked) and response.status_code != 400
        assert response.headers["referrer-policy"] == ("no-referrer" if is_link else "same-origin")
        others = {key: value for key, value in response.headers.items() if key not in {"set-cookie", "location"}}
        assert token not in str(others)


def test_the_report_has_the_name_and_not_the_link(used: Used) -> None:
    pdf = next(one for one in used.visitor.responses if str(one.request.url).endswith("report.pdf")).content
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        streams = [part.read_bytes() for part in opened.objects if isinstance(part, pikepdf.Stream)]
        inside = b"".join(streams) + str([*opened.objects]).encode()
    assert NAME in text
    for secret in (used.visitor.token, used.visitor.path.rpartition("/")[2], "127.0.0.1", "/r/"):
        assert secret.encode() not in pdf + inside + text.encode()


def test_an_operator_is_warned_where_links_travel_unencrypted(tmp_path: Path) -> None:
    told = {}
    for public_url in ("http://workshop.local:8000", "https://cx.example.org"):
        folder = tmp_path / urlsplit(public_url).scheme
        folder.mkdir()
        with running_server(folder, CXM_PUBLIC_URL=public_url) as server:
            told[public_url] = "Warning:" in server.output.read_text()
        assert "route" not in server.output.read_text()  # not yet asked for anything but its health
    assert told == {"http://workshop.local:8000": True, "https://cx.example.org": False}
