"""Backups: made while people save, checked, refused when damaged; and what was erased stays erased."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app import content
from app.store import accounts, assessments, cohorts, sqlite
from app.store.assessments import Beginning, CountedElsewhereError, Place
from app.store.backup import Restored, backup, restore
from app.store.cohorts import CohortPlan
from app.store.database import Database, open_database
from app.store.errors import BackupError, DamagedBackupError, DatabaseInUseError
from tests.store.conftest import NOW

HOLDER = """
import sys
from app.store.database import open_database

database = open_database(sys.argv[1])
print("open", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "monday.cxm"


@pytest.fixture
def place(sqlite_database: Database, beginning: Beginning, copy: Path) -> Place:
    """An assessment that the backup `copy` holds."""
    copy.parent.mkdir()
    with sqlite_database.writing() as session:
        place = assessments.start(session, beginning, NOW)
        assessments.save_answer(session, place.respondent, "a.b", 4, seen=0, writer=None, sequence=0, now=NOW)
    backup(sqlite_database, copy)
    return place


def has(url: str, place: Place) -> bool:
    database = open_database(url)
    database.migrate()
    with database.reading() as session:
        found = assessments.place_of(session, place.token) is not None
        assert not found or assessments.answers_of(session, place.respondent)["a.b"].answer == 4
    database.close()
    return found


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_backup_can_be_restored_where_nothing_is(place: Place, copy: Path, tmp_path: Path) -> None:
    elsewhere = f"sqlite:///{tmp_path}/new/cxm.db"
    assert restore(elsewhere, copy) == Restored(former=None, erased_again=0, erasures_known=True)
    assert has(elsewhere, place)
    assert stat.S_IMODE((tmp_path / "new" / "cxm.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_a_backup_is_one_file_readable_by_its_owner_only(place: Place, copy: Path) -> None:
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_restoring_goes_back_and_keeps_what_was_there(
    sqlite_database: Database, sqlite_url: str, beginning: Beginning, place: Place, copy: Path
) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with sqlite_database.writing() as session:
        later = assessments.start(session, beginning, NOW)
        assessments.save_answer(session, later.respondent, "a.b", 4, seen=0, writer=None, sequence=0, now=NOW)
    sqlite_database.close()
    former = file.with_name("cxm.db.before-restore-1")
    assert restore(sqlite_url, copy) == Restored(former=former, erased_again=0, erasures_known=True)
    assert has(sqlite_url, place)
    assert not has(sqlite_url, later)
    assert has(f"sqlite:///{former}", later)
    assert restore(sqlite_url, copy).former == file.with_name("cxm.db.before-restore-2")


def test_the_database_keeps_its_owner(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    if os.geteuid() == 0:  # nobody else can give a file away
        os.chown(file, 4711, 4712)
    owner = file.stat().st_uid, file.stat().st_gid
    restore(sqlite_url, copy)
    assert (file.stat().st_uid, file.stat().st_gid) == owner


def test_what_was_erased_since_stays_erased(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    with sqlite_database.writing() as session:
        assessments.erase(session, place.assessment)
    sqlite_database.close()
    assert restore(sqlite_url, copy).erased_again == 1
    assert not has(sqlite_url, place)
    assert "Čebelnjak".encode() not in file.read_bytes()
    assert restore(sqlite_url, copy).erased_again == 1  # it is remembered


def test_whoever_was_removed_from_a_team_since_stays_away(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    with sqlite_database.writing() as session:
        colleague = assessments.join_team(session, place.assessment, "other", NOW)
        assessments.save_answer(session, colleague.respondent, "canary", 4, seen=0, writer=None, sequence=0, now=NOW)
    backup(sqlite_database, copy)
    assert b"canary" in copy.read_bytes()
    with sqlite_database.writing() as session:
        assessments.remove_member(session, place.assessment, colleague.respondent)
    sqlite_database.close()
    assert restore(sqlite_url, copy).erased_again == 0
    assert has(sqlite_url, place)
    assert not has(sqlite_url, colleague)
    assert b"canary" not in file.read_bytes()


def test_no_sitting_remembers_whom_it_lost_since_the_backup(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    with sqlite_database.writing() as session:
        colleague = assessments.join_team(session, place.assessment, "other", NOW)
        assessments.save_answer(session, colleague.respondent, "canary", 4, seen=0, writer=None, sequence=0, now=NOW)
        for one in (place, colleague):
            assessments.finish_own(session, one.respondent, NOW)
        second = assessments.sit_again(session, place.assessment, "pulse", grid, NOW)
    backup(sqlite_database, copy)

    def restored() -> list[int]:
        """How many people each sitting remembers of those before, with the backup restored."""
        sqlite_database.close()
        restore(sqlite_url, copy)
        with sqlite_database.reading() as session:
            earlier = assessments.document(session, second.assessment).modules.earlier
        return [len(one.respondents) for one in earlier]

    assert restored() == [2]
    with sqlite_database.writing() as session:
        assessments.remove_member(session, place.assessment, colleague.respondent)
    assert restored() == [1]
    assert b"canary" not in file.read_bytes()
    with sqlite_database.writing() as session:
        assessments.erase(session, place.assessment)
    assert restored() == []


def test_no_backup_lets_an_organisation_count_in_two_confidential_cohorts(  # noqa: PLR0913 - fixtures
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, beginning: Beginning, plan: CohortPlan
) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    confidential = plan.model_copy(update={"privacy": "confidential"})
    with sqlite_database.writing() as session:
        account = accounts.add_account(session, "ana@example.si", "a hash", NOW)
        first, second = (cohorts.create(session, account.id, confidential, NOW).id for _ in range(2))
        early = cohorts.join_again(session, first, place.assessment, grid, NOW)
        cohorts.withdraw(session, early.assessment, NOW)
    backup(sqlite_database, copy)
    with sqlite_database.writing() as session:
        cohorts.join_again(session, first, place.assessment, grid, NOW)
        cohorts.close(session, first, NOW)
    sqlite_database.close()
    assert [id_ for id_, _ in restore(sqlite_url, copy).held] == [first]
    with pytest.raises(CountedElsewhereError), sqlite_database.writing() as session:
        cohorts.join_again(session, second, place.assessment, grid, NOW)
    # Nor does leaving one that may have given its release before.
    with sqlite_database.writing() as session:
        new = cohorts.join(session, first, beginning, NOW)
        cohorts.withdraw(session, new.assessment, NOW)
    with pytest.raises(CountedElsewhereError), sqlite_database.writing() as session:
        cohorts.join_again(session, second, new.assessment, grid, NOW)


def test_no_shared_link_comes_back_with_a_backup(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path
) -> None:
    with sqlite_database.writing() as session:
        _, token = assessments.share(session, place.assessment, "report", 30, NOW)
    backup(sqlite_database, copy)
    sqlite_database.close()
    restore(sqlite_url, copy)
    with sqlite_database.reading() as session:
        assert assessments.shared(session, token, NOW) is None


def test_what_a_restored_sitting_follows_may_have_been_erased(
    sqlite_database: Database, sqlite_url: str, beginning: Beginning, place: Place, copy: Path
) -> None:
    grid = content.catalogue().edition("cx-grid", "2026-1")
    assert grid is not None
    with sqlite_database.writing() as session:
        second = assessments.sit_again(session, place.assessment, "pulse", grid, NOW)
        assessments.save_answer(session, second.respondent, "a.b", 4, seen=0, writer=None, sequence=0, now=NOW)
    backup(sqlite_database, copy)
    with sqlite_database.writing() as session:
        assessments.erase(session, place.assessment)
    sqlite_database.close()
    assert restore(sqlite_url, copy).erased_again == 1
    assert not has(sqlite_url, place)
    assert has(sqlite_url, second)


def test_a_backup_is_whole_while_people_save(
    sqlite_database: Database, beginning: Beginning, place: Place, copy: Path, tmp_path: Path
) -> None:
    stop = threading.Event()

    def save() -> None:
        while not stop.is_set():
            with sqlite_database.writing() as session:
                assessments.start(session, beginning, NOW)

    savers = [threading.Thread(target=save) for _ in range(4)]
    for saver in savers:
        saver.start()
    try:
        for number in range(5):
            backup(sqlite_database, copy)
            restore(f"sqlite:///{tmp_path}/{number}.db", copy)
            assert has(f"sqlite:///{tmp_path}/{number}.db", place)
    finally:
        stop.set()
        for saver in savers:
            saver.join()


@pytest.mark.parametrize("left", [0, 10, 4096, -1, -50, -4096])
def test_a_backup_that_is_cut_short_is_refused(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, left: int
) -> None:
    sqlite_database.close()
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    os.truncate(copy, left if left >= 0 else copy.stat().st_size + left)
    before = snapshot(folder)
    with pytest.raises(DamagedBackupError, match=copy.name):
        restore(sqlite_url, copy)
    assert snapshot(folder) == before


def test_a_flipped_bit_anywhere_is_refused(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    sound = copy.read_bytes()
    before = snapshot(file.parent)
    answered = sound.index("Čebelnjak".encode())
    for position in (*range(0, len(sound), 997), answered, len(sound) - 40, len(sound) - 1):
        damaged = bytearray(sound)
        damaged[position] ^= 1 << position % 8
        copy.write_bytes(damaged)
        with pytest.raises(DamagedBackupError):
            restore(sqlite_url, copy)
    assert snapshot(file.parent) == before
    copy.write_bytes(sound)
    restore(sqlite_url, copy)


def test_whatever_is_no_backup_is_refused(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    plain = Path(shutil.copy(file, copy.parent / "plain.db"))
    for other in (Path(__file__), plain, copy.parent / "nothing", copy.parent, Path("/dev/null"), file):
        with pytest.raises(BackupError, match=other.name):
            restore(sqlite_url, other)
    assert has(sqlite_url, place)


def test_a_backup_of_a_newer_version_is_refused(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path
) -> None:
    with sqlite_database.writing() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(BackupError, match="another version"):
        backup(sqlite_database, copy)
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_damaged_database_makes_no_backup(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    sound = copy.read_bytes()
    content = bytearray(file.read_bytes())
    content[4096 * 2 : 4096 * 4] = bytes(range(256)) * 32
    file.write_bytes(content)
    damaged = open_database(sqlite_url)
    with pytest.raises(DamagedBackupError):
        backup(damaged, copy)
    damaged.close()
    assert copy.read_bytes() == sound
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_damaged_database_can_be_restored(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    file.write_bytes(b"nothing that anybody could read" * 1000)
    restored = restore(sqlite_url, copy)
    assert not restored.erasures_known
    assert restored.former is not None
    assert restored.former.read_bytes().startswith(b"nothing that")
    assert has(sqlite_url, place)


def test_a_running_servers_database_is_not_replaced(
    sqlite_database: Database, sqlite_url: str, place: Place, copy: Path, file: Path
) -> None:
    sqlite_database.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, sqlite_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stdout.readline() == "open\n"
        inode = file.stat().st_ino
        with pytest.raises(DatabaseInUseError, match="stop the server first"):
            restore(sqlite_url, copy)
        assert file.stat().st_ino == inode
        assert not list(file.parent.glob("*before*"))
        server.communicate("end\n")
    restore(sqlite_url, copy)


def test_another_programs_database_is_not_replaced(place: Place, copy: Path, tmp_path: Path) -> None:
    connection = sqlite.connect(tmp_path / "theirs.db")
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    before = (tmp_path / "theirs.db").read_bytes()
    with pytest.raises(BackupError, match="another program's"):
        restore(f"sqlite:///{tmp_path}/theirs.db", copy)
    assert (tmp_path / "theirs.db").read_bytes() == before


def test_the_database_is_not_its_own_backup(sqlite_database: Database, place: Place, file: Path) -> None:
    for own in (file, file.with_name("cxm.db-wal"), file.parent / ".." / "data" / "cxm.db"):
        with pytest.raises(BackupError, match="the database itself"):
            backup(sqlite_database, own)


@pytest.mark.parametrize("target", ["nowhere/x.cxm", "."])
def test_a_place_where_no_backup_can_be_is_named(
    sqlite_database: Database, place: Place, tmp_path: Path, target: str
) -> None:
    with pytest.raises(BackupError, match=str(tmp_path)):
        backup(sqlite_database, tmp_path / target)


def test_postgresql_has_its_own_tools(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(postgres_url)
    with pytest.raises(BackupError, match="pg_dump"):
        backup(database, tmp_path / "x")
    database.close()
    with pytest.raises(BackupError, match="pg_restore"):
        restore(postgres_url, tmp_path / "x")
