"""What is peculiar to SQLite: which library, a private file, how a connection is set up, pages wiped at erasing."""

import sqlite3
import time
from pathlib import Path
from typing import cast

from pysqlite3 import dbapi2 as pysqlite3  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from app.store.errors import DatabaseUnavailableError, DatabaseUnusableError

# Two connections of an older one can corrupt the file: sqlite.org/wal.html#walresetbug.
SOUND_SINCE = (3, 51, 3)
# "CXM" and a format number, in the file's header: what `file` shows and what tells our file from another program's.
APPLICATION_ID = 0x43584D01
# How long a writer waits for others, in seconds.
PATIENCE = 15.0
# More readers than this at once gain nothing: they share one interpreter.
READERS = 4
PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF", "secure_delete = ON")

DatabaseError: type[Exception] = pysqlite3.DatabaseError
OperationalError: type[Exception] = pysqlite3.OperationalError


def check_version(version: tuple[int, ...] = pysqlite3.sqlite_version_info) -> None:
    """Refuses an SQLite that can corrupt the file. Raises DatabaseUnusableError."""
    if version < SOUND_SINCE:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, SOUND_SINCE))
        msg = f"SQLite {found} can corrupt the database (sqlite.org/wal.html#walresetbug): {needed} or newer is needed"
        raise DatabaseUnusableError(msg)


def connect(file: Path, patience: float = PATIENCE) -> sqlite3.Connection:
    """A plain connection that leaves transactions to us. pysqlite3's has the shape of the standard library's."""
    connection = pysqlite3.connect(str(file), timeout=patience, isolation_level=None, check_same_thread=False)
    return cast("sqlite3.Connection", connection)


def prepare(file: Path) -> None:
    """Makes the file where there is none, readable by its owner only, and claims it. Raises DatabaseUnusableError."""
    check_version()
    try:
        if not file.parent.exists():
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            # -wal and -shm take their mode from it.
            file.touch(mode=0o600)
        _claim(file)
    except OSError as error:
        msg = f"the database {file} cannot be used: {error.strerror}"
        raise DatabaseUnusableError(msg) from None
    except DatabaseError as error:
        msg = f"the database {file} cannot be used: {error}"
        raise DatabaseUnusableError(msg) from None


def _claim(file: Path) -> None:
    connection = connect(file)
    try:
        # One transaction, so that another process that is just making its tables is not half seen.
        connection.execute("BEGIN")
        ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
        connection.execute("COMMIT")
        if not (ours or empty):
            msg = f"{file} is another program's database"
            raise DatabaseUnusableError(msg)
        for path in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if path.exists() and path.stat().st_mode & 0o077:
                path.chmod(0o600)
        _write_ahead(connection, file)
        if not ours:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    finally:
        connection.close()


def _write_ahead(connection: sqlite3.Connection, file: Path) -> None:
    """Switches the file to its write-ahead log, for which SQLite does not wait by itself while others have it open."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        except OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
            continue
        if mode != "wal":
            msg = f"the file system of {file} cannot hold the database (no write-ahead log)"
            raise DatabaseUnusableError(msg)
        return


def reading_engine(file: Path) -> Engine:
    """Readers, who see one consistent state, cannot write, and never wait for the writer."""
    return _engine(file, begin="BEGIN", size=READERS, pragmas=("query_only = ON",))


def writing_engine(file: Path) -> Engine:
    """The one writer. Within the process writers take turns; BEGIN IMMEDIATE is the lock between processes."""
    return _engine(file, begin="BEGIN IMMEDIATE", size=1)


def migrating_engine(file: Path) -> Engine:
    """Like the writer, without foreign keys: SQLite alters a table by making it anew, and dropping one cascades."""
    return _engine(file, begin="BEGIN IMMEDIATE", size=None, pragmas=("foreign_keys = OFF",), patience=4 * PATIENCE)


def _engine(
    file: Path, *, begin: str, size: int | None, pragmas: tuple[str, ...] = (), patience: float = PATIENCE
) -> Engine:
    url = URL.create("sqlite+pysqlite", database=str(file))

    def creator() -> DBAPIConnection:
        return cast("DBAPIConnection", connect(file, patience))

    if size is None:
        engine = create_engine(url, module=pysqlite3, creator=creator, poolclass=NullPool)
    else:
        engine = create_engine(url, module=pysqlite3, creator=creator, pool_size=size, max_overflow=0)

    def set_up(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (*PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", start)
    return engine


def refuse_broken_links(connection: Connection) -> None:
    """Refuses a migration that left a row pointing to nothing. Raises DatabaseUnusableError."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        msg = f"migrating would leave rows of {broken[0]} that point to nothing: nothing was changed"
        raise DatabaseUnusableError(msg)


def wipe(engine: Engine) -> None:
    """Makes the file anew from what is alive, and empties the write-ahead log.

    secure_delete overwrites what is deleted; but where SQLite has moved rows to another page before, it leaves their
    old copies in the first one's unused part, and the log holds all of it. Takes some 10 ms a megabyte, while others
    may read; waits for readers, and raises DatabaseUnavailableError if one does not end.
    """
    # Raw, because this cannot be in a transaction.
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = cursor.fetchone()
        cursor.close()
    finally:
        connection.close()
    if row is None or row[0]:
        msg = "what was erased is not yet overwritten: somebody else has the database open; try again"
        raise DatabaseUnavailableError(msg)
