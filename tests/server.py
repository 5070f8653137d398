"""The product as an operator starts it: `cxm serve`, in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CXM = Path(sys.executable).with_name("cxm")
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the file that has what it printed."""

    url: str
    process: subprocess.Popen[bytes]
    output: Path


@contextmanager
def running_server(folder: Path, program: Sequence[str | Path] = (CXM,), **settings: str) -> Iterator[Server]:
    """Serves on a free port, from a new SQLite database in `folder` unless `settings` (`CXM_…`) say otherwise.

    `program`: what is run in place of `cxm`.
    """
    port = _free_port()
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CXM_")}
    environment = {**inherited, "CXM_DATABASE_URL": f"sqlite:///{folder / 'cxm.db'}", **settings}
    output = folder / "server.log"
    with output.open("wb") as log:
        process = subprocess.Popen(
            [*program, "serve", "--host", "127.0.0.1", "--port", str(port)],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    server = Server(url=f"http://127.0.0.1:{port}", process=process, output=output)
    try:
        _wait_until_healthy(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=5) as answer:  # noqa: S310  # our own http address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    message = f"cxm serve did not become healthy; it printed:\n{server.output.read_text(errors='replace')}"
    raise RuntimeError(message)
