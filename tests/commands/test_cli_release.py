"""The command `cxm release`: what a restore holds, let go or refused by whoever runs the server."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.store import accounts, assessments, cohorts
from app.store.cohorts import Cohort, CohortPlan
from app.store.database import Database, open_database
from tests.commands.test_cli import Say, cxm_here, elsewhere
from tests.core.cohort.cohort_examples import accepted, raw
from tests.core.secretive import realistic

__all__ = ["cxm_here", "elsewhere"]

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    url = f"sqlite:///{tmp_path / 'cxm.db'}"
    monkeypatch.setenv("CXM_DATABASE_URL", url)
    database = open_database(url)
    database.migrate()
    return database


@pytest.fixture
def cohort(database: Database) -> Cohort:
    """A confidential one of six that have finished."""
    plan = CohortPlan(
        name="Jesen",
        date=date(2026, 11, 28),
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        language="en",
        privacy="confidential",
    )
    with database.writing() as session:
        account = accounts.add_account(session, "ana@example.si", "a hash", NOW)
        made = cohorts.create(session, account.id, plan, NOW)
        for answers in realistic("pulse", 6, 1):
            assessments.begin_from(session, accepted(raw(answers, date="2026-11-21")), NOW, made.id)
    return made


def closed(database: Database, cohort: Cohort) -> None:
    with database.writing() as session:
        cohorts.close(session, cohort.id, NOW)


def released(database: Database, cohort: Cohort) -> str | None:
    with database.reading() as session:
        return cohorts.release_of(session, cohort.id)


def test_a_restore_names_what_it_opens_again_and_how_to_decide(
    cxm_here: Say, database: Database, cohort: Cohort, tmp_path: Path
) -> None:
    copy = str(tmp_path / "monday.cxm")
    assert cxm_here("backup", copy)[0] == 0
    closed(database, cohort)
    database.close()
    code, output, _ = cxm_here("restore", copy)
    assert code == 0
    assert "Held: these confidential cohorts release nothing until you decide" in output
    assert f"  {cohort.id}  Jesen" in output
    assert "`cxm release list` says how to decide." in output
    code, output, _ = cxm_here("release", "list")
    assert f"{cohort.id}  2026-11-28  open    Jesen" in output
    assert "can be subtracted" in output


def test_what_is_allowed_once_closed_is_worked_out_at_once(cxm_here: Say, database: Database, cohort: Cohort) -> None:
    assert "Held:" in cxm_here("release", "hold")[1]
    closed(database, cohort)
    assert released(database, cohort) is None
    assert cxm_here("release", "allow", cohort.id) == (0, "Jesen: worked out; the facilitator sees what is told\n", "")
    assert '"n":6' in (released(database, cohort) or "")
    assert "no cohort is held" in cxm_here("release", "list")[1]


def test_what_is_allowed_while_open_waits_for_its_closing(cxm_here: Say, database: Database, cohort: Cohort) -> None:
    cxm_here("release", "hold", cohort.id)
    assert cxm_here("release", "allow", cohort.id)[1] == "Jesen: its averages are worked out when it is closed\n"
    assert released(database, cohort) is None


def test_what_is_refused_never_releases(cxm_here: Say, database: Database, cohort: Cohort) -> None:
    cxm_here("release", "hold")
    assert "still open, and held" in cxm_here("release", "refuse", cohort.id)[2]
    closed(database, cohort)
    assert cxm_here("release", "refuse", cohort.id)[:2] == (0, "Jesen: it releases nothing, for good\n")
    assert '"decided"' in (released(database, cohort) or "")
    assert cxm_here("release", "allow", cohort.id)[2] == "cxm: Jesen is not held\n"
    assert "has released already; nothing was changed" in cxm_here("release", "hold", cohort.id)[2]


@pytest.mark.parametrize("call", ["allow", "refuse", "hold"])
def test_a_cohort_that_is_not_there_is_named(cxm_here: Say, database: Database, call: str) -> None:
    code, output, errors = cxm_here("release", call, "nobody")
    assert (code, output) == (2, "")
    assert "no cohort has the id 'nobody'" in errors
