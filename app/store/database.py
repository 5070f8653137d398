"""The database: opened from its address, read and written in short sessions, migrated from code."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from app.store import sqlite
from app.store.errors import DatabaseUnavailableError, DatabaseUnusableError
from app.store.migrate import upgrade
from app.store.write_lock import Turns

# PostgreSQL ends what takes longer, in milliseconds: a statement, a wait for a lock, a transaction left open.
TIMEOUTS = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
CONNECTIONS = 10
# Any number that only our migrations use.
MIGRATION_LOCK = 0x43584D01

_HOW = "write it like sqlite:////folder/cxm.db or postgresql://user:password@host/name"
# Alembic works through module-wide proxies: one migration at a time in a process.
_one_at_a_time = threading.Lock()


class Database:
    """Sessions on one database, made by `open_database`; safe to share between threads.

    Keep sessions short: nothing slow (a report, a stream) belongs inside the `with`. Reading never blocks writing,
    nor the other way round. On SQLite writers take turns: a writing session inside another one is refused, and one
    ends in the thread in which it began.
    """

    def __init__(self, *, reader: Engine, writer: Engine, migrator: Engine, file: Path | None) -> None:
        self._reader, self._writer, self._migrator = reader, writer, migrator
        self.file = file
        # One SQLite file has one writer. PostgreSQL has many, who lock rows.
        self._turn: Callable[[], AbstractContextManager[None]] = Turns(sqlite.PATIENCE).turn if file else nullcontext

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One consistent state of the database, in which nothing can be written.

        Raises DatabaseUnavailableError.
        """
        with _named(DatabaseUnavailableError), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Commits at a clean end, and only then is anything kept; an exception takes everything back.

        Raises DatabaseUnavailableError, after which the same may be tried again.
        """
        with self._turn(), _named(DatabaseUnavailableError), Session(self._writer) as session, session.begin():
            yield session

    def forget(self) -> None:
        """To be called after erasing: no trace of what was erased stays in the SQLite file and its log.

        PostgreSQL overwrites dead rows in its own time and keeps its log as its operator configured.
        Raises DatabaseUnavailableError.
        """
        if self.file:
            with self._turn(), _named(DatabaseUnavailableError):
                sqlite.wipe(self._writer)

    def migrate(self) -> None:
        """Brings the tables up to date; several processes may do so at once. Raises DatabaseUnusableError."""
        with _named(DatabaseUnusableError), self.migrating() as connection:
            upgrade(connection)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction in which one may change tables, alone among all processes."""
        with _one_at_a_time, self._migrator.begin() as connection:
            if self.file:
                yield connection
                sqlite.refuse_broken_links(connection)
            else:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SET LOCAL lock_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
                yield connection

    def close(self) -> None:
        """Ends all connections."""
        for engine in (self._reader, self._writer, self._migrator):
            engine.dispose()


def open_database(url: str) -> Database:
    """The database at `url`; an SQLite file is made where there is none. Raises DatabaseUnusableError."""
    file = sqlite_file(url)
    return _open_sqlite(file) if file else _open_postgresql(_address(url))


def sqlite_file(url: str) -> Path | None:
    """The SQLite file that the address names; None for PostgreSQL's. Raises DatabaseUnusableError for any other."""
    address = _address(url)
    match address.get_backend_name():
        case "postgresql" | "postgres":
            return None
        case "sqlite" if address.database and not address.query and not address.database.startswith((":", "file:")):
            return _file(address.database)
        case "sqlite":
            msg = f"the database address must name a file, without options: {_HOW}"
            raise DatabaseUnusableError(msg)
        case other:
            msg = f"the database address begins with {other}, which is not supported: {_HOW}"
            raise DatabaseUnusableError(msg)


def _file(name: str) -> Path:
    file = Path(name).expanduser().absolute()
    # A folder or a device is not ours to change, not even its mode.
    if file.exists() and not file.is_file():
        msg = f"the database address must name a file, and {file} is none"
        raise DatabaseUnusableError(msg)
    return file


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except (ArgumentError, NoSuchModuleError, ValueError):
        msg = f"the database address is not understood: {_HOW}"
        raise DatabaseUnusableError(msg) from None


def _open_sqlite(file: Path) -> Database:
    sqlite.prepare(file)
    database = Database(
        reader=sqlite.reading_engine(file),
        writer=sqlite.writing_engine(file),
        migrator=sqlite.migrating_engine(file),
        file=file,
    )
    return _tried(database)


def _open_postgresql(url: URL) -> Database:
    if "@" in (url.host or ""):
        # A password with an @ of its own: its end would stand in the error as the host.
        msg = "the database address is not understood: write special characters in the password as %40 (@), %2F (/) …"
        raise DatabaseUnusableError(msg)
    asked = url.query.get("options", "")
    options = " ".join((TIMEOUTS, *((asked,) if isinstance(asked, str) else asked)))
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        connect_args={"connect_timeout": 10, "options": options},
    )
    # A reading session asks several times; all answers come from one state.
    reader = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return _tried(Database(reader=reader, writer=engine, migrator=engine, file=None))


def _tried(database: Database) -> Database:
    """Connects once, so that a wrong address is told at the start and not at the first visitor's page."""
    try:
        with database.reading() as session:
            session.connection()
    except DatabaseUnavailableError as error:
        database.close()
        raise DatabaseUnusableError(str(error)) from error
    return database


@contextmanager
def _named(refusal: Callable[[str], Exception]) -> Iterator[None]:
    """Turns the driver's own trouble into one plain line."""
    try:
        yield
    except PoolTimeoutError as error:
        raise refusal("the database is too busy") from error
    except OperationalError as error:
        raise refusal(f"the database cannot be used now: {_first_line(error)}") from error


def _first_line(error: DBAPIError) -> str:
    lines = str(error.orig).strip().splitlines()
    return lines[0] if lines else type(error.orig).__name__
