"""Backups of an SQLite database: made while the server runs, checked before they count, sealed against damage.

A backup is an SQLite file with its own SHA-256 as the last line, which SQLite overlooks: its own checks see broken
pages, but not an answer whose bit has flipped.
"""

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import BinaryIO

from app.store import sqlite
from app.store.assessments.earlier import without
from app.store.database import Database, open_database, sqlite_file
from app.store.errors import BackupError, DamagedBackupError, DatabaseInUseError
from app.store.migrate import known_revisions

_SEAL = b"\ncxm backup, SHA-256 "
_SEAL_LENGTH = len(_SEAL) + 64 + 1
_BLOCK = 1 << 20
# Those of the first migration: every database of ours has them.
_TABLES = {"assessment", "respondent", "answer", "dimension_choice", "erasure"}
_USE_PG_DUMP = "this database is on PostgreSQL: back it up with pg_dump and restore it with pg_restore"


@dataclass(frozen=True)
class Restored:
    """What restoring did: where the former database lies now, and whether what it knew as erased stayed erased.

    `held`: the confidential cohorts that release nothing until the operator decides, by id and name.
    """

    former: Path | None
    erased_again: int
    erasures_known: bool
    held: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Former:
    """What the present database knew: what was erased, and which confidential cohorts had released nothing.

    `seats`: in which confidential cohort each chain of sittings counts.
    """

    erased: frozenset[str] = frozenset()
    unreleased: frozenset[str] = frozenset()
    seats: tuple[tuple[str, str], ...] = ()


def backup(database: Database, file: Path) -> None:
    """Copies the database, as it is at one moment, to `file`, which is replaced once the copy is checked.

    Raises BackupError.
    """
    if database.file is None:
        raise BackupError(_USE_PG_DUMP)
    _refuse_own(database.file, file)
    with _in_words(file), _new_file_beside(file) as copy:
        with closing(sqlite.connect(database.file)) as source, closing(sqlite.connect(copy)) as target:
            source.backup(target)
            # The copy is one file, without a log of its own.
            target.execute("PRAGMA journal_mode = DELETE")
            _verify(target, file)
        _seal(copy)
        _put_in_place(copy, file)


def restore(url: str, file: Path) -> Restored:
    """Puts the backup `file` in the place of the database at `url`, which is kept beside it.

    What was erased since the backup was made is erased again, and no link that was shared shows anything any more. A
    confidential cohort that it would open again gives no second release: it is held, unless the present database says
    that it was never closed. The backup is checked before anything is touched. Raises DamagedBackupError,
    DatabaseInUseError, BackupError, and DatabaseUnusableError for the address.
    """
    database = sqlite_file(url)
    if database is None:
        raise BackupError(_USE_PG_DUMP)
    _refuse_own(database, file)
    with _in_words(file):
        database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _new_file_beside(database) as copy:
            _unseal(file, copy)
            with closing(sqlite.connect(copy)) as connection:
                _verify(connection, file)
            present = _closed_down(database) if database.exists() else _Former()
            # A backup of an earlier version has no place for a hold.
            _bring_up_to_date(copy)
            with closing(sqlite.connect(copy)) as connection:
                erased = _erase_again(connection, present.erased if present else frozenset())
                _revoke_shares(connection)
                _seat_again(connection, present.seats if present else ())
                held = _hold(connection, present.unreleased if present else frozenset())
            former = None
            if database.exists():
                if os.geteuid() == 0:  # restored by root, it still belongs to whom the server runs as
                    shutil.chown(copy, database.stat().st_uid, database.stat().st_gid)
                former = _keep(database)
            _put_in_place(copy, database)
    return Restored(former=former, erased_again=erased, erasures_known=present is not None, held=held)


def _refuse_own(database: Path, file: Path) -> None:
    own = {database.resolve(), *(Path(f"{database.resolve()}{end}") for end in ("-wal", "-shm", "-journal"))}
    if file.resolve() in own:
        msg = f"{file} is the database itself: name another file"
        raise BackupError(msg)


@contextmanager
def _in_words(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"{file}: {error.strerror}"
        raise BackupError(msg) from None
    except sqlite.DatabaseError as error:
        msg = f"{file}: {error}"
        raise DamagedBackupError(msg) from None


@contextmanager
def _new_file_beside(file: Path) -> Iterator[Path]:
    """A temporary file, readable by its owner only, on the same file system; removed if it is still there."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        msg = f"{file.parent}: {error.strerror}"
        raise BackupError(msg) from None
    os.close(descriptor)
    path = Path(name)
    try:
        yield path
    finally:
        for leftover in (path, Path(f"{name}-journal")):
            leftover.unlink(missing_ok=True)


def _verify(connection: sqlite3.Connection, file: Path) -> None:
    """Raises DamagedBackupError or BackupError unless it is a sound database of this program, of a known version."""
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if connection.execute("PRAGMA application_id").fetchone()[0] != sqlite.APPLICATION_ID or not tables >= _TABLES:
        msg = f"{file} is not a database of this program"
        raise BackupError(msg)
    faults = [text for (text,) in connection.execute("PRAGMA integrity_check(1)") if text != "ok"]
    faults += [f"a row of {row[0]} points to nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    if faults:
        msg = f"{file} is damaged: {faults[0]}"
        raise DamagedBackupError(msg)
    revisions = {revision for (revision,) in connection.execute("SELECT version_num FROM alembic_version")}
    if not revisions or not revisions <= known_revisions():
        msg = f"{file} was made by another version of this program: use that one"
        raise BackupError(msg)


def _seal(copy: Path) -> None:
    with copy.open("r+b") as stream:
        digest = _digest(stream, copy.stat().st_size)
        stream.write(_SEAL + digest + b"\n")


def _unseal(file: Path, copy: Path) -> None:
    """Copies the backup without its seal. Raises DamagedBackupError where the two do not match."""
    with file.open("rb") as stream, copy.open("wb") as target:
        length = stream.seek(0, os.SEEK_END) - _SEAL_LENGTH
        stream.seek(max(length, 0))
        seal = stream.read()
        if length < 0 or not seal.startswith(_SEAL):
            msg = f"{file} is not a backup made by this program, or its end is missing"
            raise DamagedBackupError(msg)
        stream.seek(0)
        if seal != _SEAL + _digest(stream, length, target) + b"\n":
            msg = f"{file} is damaged: it is not as it was when the backup was made"
            raise DamagedBackupError(msg)


def _digest(stream: BinaryIO, length: int, copy: BinaryIO | None = None) -> bytes:
    digest = hashlib.sha256()
    while block := stream.read(min(_BLOCK, length)):
        length -= len(block)
        digest.update(block)
        if copy:
            copy.write(block)
    return digest.hexdigest().encode()


def _bring_up_to_date(copy: Path) -> None:
    database = open_database(f"sqlite:///{copy}")
    try:
        database.migrate()
    finally:
        database.close()
    with closing(sqlite.connect(copy)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _closed_down(database: Path) -> _Former | None:
    """What the present database knows, or None if it is too damaged to say; its log is folded into it.

    Raises DatabaseInUseError, and BackupError where the file is another program's.
    """
    with closing(sqlite.connect(database, patience=1)) as connection:
        try:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0:
                return _Former()
            if connection.execute("PRAGMA application_id").fetchone()[0] != sqlite.APPLICATION_ID:
                msg = f"{database} is another program's database"
                raise BackupError(msg)
            # Only whoever has it open alone can end the write-ahead log.
            connection.execute("PRAGMA journal_mode = DELETE")
            erased = frozenset(id_ for (id_,) in connection.execute("SELECT assessment_id FROM erasure"))
            return _Former(erased, _unreleased(connection), _seats(connection))
        except sqlite.DatabaseError as error:
            if "locked" in str(error):
                msg = f"{database} is in use: stop the server first"
                raise DatabaseInUseError(msg) from None
            return None


def _erase_again(connection: sqlite3.Connection, erasures: frozenset[str]) -> int:
    """How many assessments were erased again; colleagues who were removed are removed again, uncounted.

    Neither is remembered by the sittings that follow.
    """
    for pragma in ("foreign_keys", "secure_delete"):
        connection.execute(f"PRAGMA {pragma} = ON")
    connection.execute("BEGIN")
    erased, removed = 0, 0
    remembers = _has_table(connection, "earlier_sitting")
    for id_ in sorted(erasures):
        erased += connection.execute("DELETE FROM assessment WHERE id = ?", (id_,)).rowcount
        removed += connection.execute("DELETE FROM respondent WHERE id = ?", (id_,)).rowcount
        removed += _forget_again(connection, id_) if remembers else 0
        connection.execute("INSERT OR IGNORE INTO erasure (assessment_id) VALUES (?)", (id_,))
    connection.execute("COMMIT")
    if erased or removed:
        connection.execute("VACUUM")
    return erased


def _forget_again(connection: sqlite3.Connection, id_: str) -> int:
    """In how many earlier sittings the assessment or colleague was still remembered."""
    forgotten = connection.execute("DELETE FROM earlier_sitting WHERE sitting_id = ?", (id_,)).rowcount
    kept = "SELECT rowid, body FROM earlier_sitting WHERE sitting_id IS NOT NULL AND instr(body, ?)"
    for row, body in connection.execute(kept, (id_,)).fetchall():
        left = without(body, id_)
        if left is None:
            connection.execute("DELETE FROM earlier_sitting WHERE rowid = ?", (row,))
        else:
            connection.execute("UPDATE earlier_sitting SET body = ? WHERE rowid = ?", (left, row))
        forgotten += 1
    return forgotten


def _unreleased(connection: sqlite3.Connection) -> frozenset[str]:
    """The confidential cohorts that this database never closed, and for which nothing else says that one did."""
    if not _has_table(connection, "cohort"):
        return frozenset()
    columns = {column[1] for column in connection.execute("PRAGMA table_info(cohort)")}
    told = "SELECT id FROM cohort WHERE privacy = 'confidential' AND closed_at IS NULL"
    if "held_at" in columns:
        told += " AND held_at IS NULL"
    return frozenset(id_ for (id_,) in connection.execute(told))


def _seats(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
    if not _has_table(connection, "confidential_seat"):
        return ()
    return tuple(connection.execute("SELECT chain, cohort_id FROM confidential_seat"))


def _seat_again(connection: sqlite3.Connection, seats: Iterable[tuple[str, str]]) -> None:
    """Lets no organisation into a second confidential cohort because the backup knows nothing of the first."""
    known = "SELECT :chain, id FROM cohort WHERE id = :cohort AND :chain IN (SELECT chain FROM assessment)"
    for chain, cohort in seats:
        values = {"chain": chain, "cohort": cohort}
        connection.execute(f"INSERT OR IGNORE INTO confidential_seat (chain, cohort_id) {known}", values)
    connection.execute("DELETE FROM confidential_seat WHERE chain NOT IN (SELECT chain FROM assessment)")
    connection.commit()


def _hold(connection: sqlite3.Connection, unreleased: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Holds every confidential cohort that is open again, but for these; by id and name all that are held."""
    opened = "SELECT id FROM cohort WHERE privacy = 'confidential' AND closed_at IS NULL AND held_at IS NULL"
    for (id_,) in connection.execute(opened).fetchall():
        if id_ not in unreleased:
            connection.execute("UPDATE cohort SET held_at = CURRENT_TIMESTAMP WHERE id = ?", (id_,))
    connection.commit()
    held = connection.execute("SELECT id, name FROM cohort WHERE held_at IS NOT NULL ORDER BY date, id")
    return tuple((id_, name) for id_, name in held)


def _revoke_shares(connection: sqlite3.Connection) -> None:
    """Ends every shared link: some may have been revoked since, and a former database may be too damaged to say."""
    if _has_table(connection, "share"):
        connection.execute("UPDATE share SET revoked_at = created_at WHERE revoked_at IS NULL")


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether a backup, which may be older, has the table."""
    found = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?", (name,))
    return bool(found.fetchone()[0])


def _keep(database: Path) -> Path:
    """Gives the present database a second name, under which it stays; a log that a damaged one left goes with it."""
    names = (database.with_name(f"{database.name}.before-restore-{number}") for number in count(1))
    former = next(name for name in names if not name.exists())
    os.link(database, former)
    for end in ("-wal", "-shm", "-journal"):
        left = Path(f"{database}{end}")
        if left.exists():
            left.rename(f"{former}{end}")
    return former


def _put_in_place(copy: Path, file: Path) -> None:
    """Replaces `file` at one stroke, and sees to it that a power failure afterwards finds it there."""
    with copy.open("r+b") as stream:
        os.fsync(stream.fileno())
    copy.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
