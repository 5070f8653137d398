"""A PostgreSQL server of the suite's own: a new cluster in a temporary folder, on a Unix socket, gone at the end."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

INSTALL = "sudo apt-get install --no-install-recommends postgresql"
NOT_FOR_CARE_BUT_SPEED = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"


@dataclass(frozen=True)
class Cluster:
    """A running server; `socket` is the folder of its socket."""

    socket: Path

    @contextmanager
    def database(self, like: str = "template1") -> Iterator[str]:
        """The URL of a new database, empty or a copy of the one named `like`; dropped at the end."""
        name = f"cxm_{uuid.uuid4().hex}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self._run(create.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            yield f"postgresql+psycopg://cxm@/{name}?host={self.socket}"
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self.socket), user="cxm", dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """Makes a cluster, starts it, and stops and removes it at the end."""
    # Not pytest's own temporary folder: only its owner may enter that, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="cxm-postgresql-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = folder / "cluster"
    try:
        _run("initdb", f"--pgdata={cluster}", "--auth=trust", "--username=cxm", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {NOT_FOR_CARE_BUT_SPEED}"
        log = folder / "log"
        _run("pg_ctl", "start", "--wait", f"--pgdata={cluster}", f"--log={log}", f"--options={options}")
        try:
            yield Cluster(socket=folder)
        finally:
            _run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={cluster}")
    finally:
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    """Runs a program of the server, as the user postgres where we are root: it refuses to run as root."""
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    # A file and not a pipe: the server that pg_ctl leaves running would hold a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        finished = subprocess.run(
            [*as_postgres, _program(program), *arguments],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
        if finished.returncode != 0:
            output.seek(0)
            message = f"{program} failed:\n{output.read()}"
            raise RuntimeError(message)


def _program(name: str) -> str:
    """The path of the newest installed server's program; Debian keeps it outside PATH."""
    versions = [path for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}") if path.parts[4].isdigit()]
    if versions:
        return str(max(versions, key=lambda path: int(path.parts[4])))
    found = shutil.which(name)
    if found is None:
        message = f"The tests need PostgreSQL's server ({name} is missing): {INSTALL}"
        raise RuntimeError(message)
    return found
