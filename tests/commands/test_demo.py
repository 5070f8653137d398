"""`cxm demo`: three cohorts of made-up organisations, a login that works, and nothing overwritten."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import reporting
from app.commands import cli, demo
from app.commands.terminal import Refusal
from app.content import catalogue
from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE
from app.core.questionnaire.model import Questionnaire
from app.core.scoring.scorecard import score
from app.store import accounts, cohorts
from app.store.cohorts import Cohort, CohortProgress
from app.store.database import Database, open_database
from tests.web.visiting import stranger, web

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def new_database(folder: Path) -> Database:
    return open_database(f"sqlite:///{folder / 'cxm.db'}")


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    found = catalogue().edition("cx-grid", "2026-1")
    assert found is not None
    return found


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, questionnaire: Questionnaire) -> Iterator[Database]:
    """A demonstration."""
    database = new_database(tmp_path_factory.mktemp("demo"))
    demo.fill(database, questionnaire, NOW)
    yield database
    database.close()


def cohorts_in(database: Database) -> dict[str, Cohort]:
    with database.reading() as session:
        [account] = accounts.all_accounts(session)
        return {one.cohort.name: one.cohort for one in cohorts.cohorts_of(session, account.id)}


def finished_in(database: Database, name: str) -> list[AnswerDocument]:
    with database.reading() as session:
        return [document for _, document in cohorts.documents(session, cohorts_in(database)[name].id)]


def test_two_cohorts_are_closed_and_one_is_open(database: Database) -> None:
    found = cohorts_in(database)
    with database.reading() as session:
        progress = {name: cohorts.progress(session, cohort.id) for name, cohort in found.items()}

    assert {name: cohort.is_open for name, cohort in found.items()} == {
        demo.FIRST: False,
        demo.SECOND: False,
        demo.OPEN: True,
    }
    assert progress == {
        demo.FIRST: CohortProgress(14, 14, 14),
        demo.SECOND: CohortProgress(12, 12, 12),
        demo.OPEN: CohortProgress(9, 7, 5),
    }
    assert found[demo.SECOND].date - found[demo.FIRST].date == timedelta(days=90)


def test_all_of_it_is_marked_as_a_demonstration_and_open_to_the_facilitator(database: Database) -> None:
    for name, cohort in cohorts_in(database).items():
        assert name.startswith("Demonstration: ")
        assert cohort.is_demo
        assert not cohort.is_confidential


def test_a_newcomer_can_join_the_open_one(database: Database) -> None:
    code = cohorts_in(database)[demo.OPEN].join_code
    with database.reading() as session:
        found = cohorts.cohort_by_code(session, code, NOW)

    assert found is not None
    assert found.name == demo.OPEN


def test_eight_organisations_sat_twice(database: Database, questionnaire: Questionnaire) -> None:
    found = cohorts_in(database)
    with database.reading() as session:
        told = reporting.before_after(session, questionnaire, found[demo.FIRST], found[demo.SECOND], [], "en")

    assert [pair.before.organisation for pair in told.matching.pairs] == list(demo.BOTH)
    assert (len(told.matching.before_only), len(told.matching.after_only), told.rescored) == (6, 4, False)


def test_the_answers_look_like_answers(database: Database, questionnaire: Questionnaire) -> None:
    for name in (demo.FIRST, demo.SECOND, demo.OPEN):
        documents = finished_in(database, name)
        given = [answer for one in documents for seat in one.respondents for answer in seat.answers.values()]
        scores = [score(questionnaire, document).overall.score for document in documents]

        assert {1, 2, 3, 4, 5, DONT_KNOW, NOT_APPLICABLE} == set(given)
        assert 0.02 < given.count(DONT_KNOW) / len(given) < 0.12
        assert len(set(scores)) > len(scores) - 2
        assert any(len(document.respondents) > 1 for document in documents)


def test_the_two_that_are_closed_can_be_compared(database: Database, questionnaire: Questionnaire) -> None:
    found = cohorts_in(database)
    with database.reading() as session:
        peers = reporting.gather_peers(session, questionnaire, [found[demo.FIRST], found[demo.SECOND]])

    assert [peer.cohort.is_demo for peer in peers] == [True, True]


def test_the_answers_are_the_same_every_time_and_on_either_database(
    database: Database, questionnaire: Questionnaire, postgres_url: str
) -> None:
    other = open_database(postgres_url)
    demo.fill(other, questionnaire, NOW)

    for name in (demo.FIRST, demo.SECOND, demo.OPEN):
        assert finished_in(other, name) == finished_in(database, name)
    other.close()


def test_a_database_in_which_there_is_anything_is_left_alone(
    database: Database, questionnaire: Questionnaire, tmp_path: Path
) -> None:
    before = cohorts_in(database)
    with pytest.raises(Refusal, match=r"cxm\.db is in use already"):
        demo.fill(database, questionnaire, NOW)
    assert cohorts_in(database) == before

    other = new_database(tmp_path)
    other.migrate()
    with other.writing() as session:
        accounts.add_account(session, "ana@example.si", "a hash", NOW)
    with pytest.raises(Refusal):
        demo.fill(other, questionnaire, NOW)
    assert cohorts_in(other) == {}
    other.close()


@pytest.mark.parametrize("named", [True, False])
def test_who_runs_it_can_sign_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], named: bool
) -> None:
    file = tmp_path / "demo.db"
    wanted = f"sqlite:///{file}"
    monkeypatch.setenv("CXM_DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}" if named else wanted)
    monkeypatch.setattr("sys.argv", ["cxm", "demo", *(["--database", str(file)] if named else [])])

    with pytest.raises(SystemExit) as ended:
        cli.main()
    output = capsys.readouterr().out
    assert not ended.value.code
    assert "made up" in output
    assert (f"CXM_DATABASE_URL={wanted} cxm serve" in output) == named
    assert not (tmp_path / "other.db").exists()

    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, capsys.readouterr().err.count("\n")) == (2, 1)

    app = web(wanted)
    browser = stranger(app)
    password = re.search(r"^password +(\S+)", output, re.MULTILINE)
    assert password is not None
    signed_in = browser.post("/sign-in", data={"email": demo.FACILITATOR, "password": password[1]})
    assert signed_in.status_code == 303, signed_in.text
    listed = browser.get("/cohorts").text
    assert all(name in listed for name in (demo.FIRST, demo.SECOND, demo.OPEN))
    assert password[1].encode() not in file.read_bytes()
    app.state.house.database.close()
