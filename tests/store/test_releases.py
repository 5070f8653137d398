"""Releases in the background: of what stood at the closing, once, whoever dies over it; and held until one may."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

import pytest
from sqlmodel import col, update

from app import content
from app.core.cohort import release
from app.core.cohort.release import Average, Outcome, Release, Standing, complete, read_outcome
from app.core.questionnaire.model import Questionnaire
from app.reporting import Releases, close_cohort, let_release, releases, standing_of, would_count
from app.store import assessments, cohorts, tables
from app.store.assessments import Place
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.exports import jobs
from app.store.exports.jobs import MOST_CLAIMS, SILENCE
from app.store.migrate import downgrade, upgrade
from tests.core.cohort.cohort_examples import accepted, questionnaire, raw, scored
from tests.core.secretive import Answers, realistic
from tests.store.conftest import NOW, at_once

catalogue = cache(content.catalogue)
LATER = NOW + timedelta(hours=2)
SIX = realistic("pulse", 6, 1)


def fill(database: Database, cohort: Cohort, answers: Sequence[Answers] = SIX) -> list[Place]:
    """Organisations that have finished."""
    with database.writing() as session:
        return [
            assessments.begin_from(session, accepted(raw(one, date="2026-11-21")), NOW, cohort.id) for one in answers
        ]


def close(database: Database, cohort: Cohort) -> None:
    with database.writing() as session:
        close_cohort(session, questionnaire(), cohort.id, LATER)


def at_work(database: Database, after: timedelta = timedelta()) -> Releases:
    """What a process of its own would work with, so long after the closing."""
    return Releases(database, catalogue(), lambda: LATER + after)


def standing(database: Database, cohort: Cohort) -> Standing:
    with database.reading() as session:
        found = cohorts.cohort(session, cohort.id)
        assert found is not None
        return standing_of(session, questionnaire(), found)


def of(answers: Sequence[Answers]) -> Outcome:
    """What is to come out of these."""
    return release.release(questionnaire(), "pulse", complete([scored(raw(one)) for one in answers]))


def kept(database: Database, cohort: Cohort) -> Outcome | None:
    """What did, but for how far the cohort was."""
    with database.reading() as session:
        text = cohorts.release_of(session, cohort.id)
    return read_outcome(text).model_copy(update={"counted": None}) if text else None


def leave(database: Database, places: Sequence[Place]) -> None:
    """One withdraws, one erases."""
    with database.writing() as session:
        cohorts.withdraw(session, places[0].assessment, LATER)
        assessments.erase(session, places[1].assessment)


def test_what_stood_at_the_closing_is_released_whoever_leaves_meanwhile(
    database: Database, confidential: Cohort
) -> None:
    places = fill(database, confidential)
    assert standing(database, confidential) == Standing("not_closed")
    close(database, confidential)
    assert standing(database, confidential) == Standing("working")
    leave(database, places)
    with database.reading() as session:
        assert cohorts.progress(session, confidential.id).finished == 6
    at_work(database).finish()
    assert kept(database, confidential) == of(SIX)
    assert standing(database, confidential).state == "released"
    with database.reading() as session:
        assert cohorts.frozen(session, confidential.id) is None
        assert cohorts.progress(session, confidential.id).finished == 6
    assert not at_work(database, 9 * SILENCE).work()


def test_fewer_than_five_are_told_at_once_that_nothing_comes(database: Database, confidential: Cohort) -> None:
    fill(database, confidential, [*SIX[:4], dict.fromkeys(SIX[0], "dont_know")])
    with database.reading() as session:
        assert would_count(session, questionnaire(), confidential) == 4
    close(database, confidential)
    assert standing(database, confidential) == Standing("too_few")
    assert not at_work(database).work()


def test_whatever_process_dies_over_it_another_takes_it_on(database: Database, confidential: Cohort) -> None:
    fill(database, confidential)
    close(database, confidential)
    with database.writing() as session:
        dead = jobs.claim_next(session, "release", LATER)
    assert dead is not None
    assert not at_work(database).work()
    assert standing(database, confidential) == Standing("working")
    assert at_work(database, SILENCE).work()
    assert kept(database, confidential) == of(SIX)


def test_whatever_becomes_of_its_job_what_is_frozen_is_owed(database: Database, confidential: Cohort) -> None:
    fill(database, confidential)
    close(database, confidential)
    with database.writing() as session:
        mine = jobs.claim_next(session, "release", LATER)
        assert mine is not None
        jobs.fail(session, mine, "as an earlier version does with what it does not know", LATER)
    at_work(database).finish()
    assert kept(database, confidential) == of(SIX)
    with database.writing() as session:
        jobs.start(session, confidential.id, confidential.owner_id, "release", 1, LATER)
    assert not at_work(database, SILENCE).work()


def counting(monkeypatch: pytest.MonkeyPatch, within: Callable[[], object] = lambda: None) -> list[object]:
    """How often a release is worked out; `within` happens meanwhile."""
    done: list[object] = []
    real = release.release

    def work_out(*given: object) -> Outcome:
        done.append(None)
        within()
        return real(*given)  # type: ignore[arg-type]  # whatever it is given

    monkeypatch.setattr(release, "release", work_out)
    return done


def test_however_many_processes_look_it_is_worked_out_once(
    database: Database, confidential: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, confidential)
    close(database, confidential)
    done = counting(monkeypatch)
    at_once(*[at_work(database).finish] * 4, refused=RuntimeError)
    assert len(done) == 1
    assert kept(database, confidential) is not None


def test_who_was_taken_for_dead_keeps_nothing(
    database: Database, confidential: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, confidential)
    close(database, confidential)
    others: list[bool] = []

    def meanwhile() -> None:
        if not others:
            others.append(True)
            others.append(at_work(database, SILENCE).work())

    done = counting(monkeypatch, meanwhile)
    assert at_work(database).work()
    assert (others, len(done)) == ([True, True], 2)
    assert kept(database, confidential) == of(SIX)


def test_a_server_that_stops_leaves_it_to_the_next(
    database: Database, confidential: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, confidential)
    close(database, confidential)
    stopping = at_work(database)
    counting(monkeypatch, stopping.stop)
    stopping.work()
    assert standing(database, confidential) == Standing("working")
    monkeypatch.undo()
    at_work(database).finish()
    assert kept(database, confidential) == of(SIX)


def test_who_works_long_says_that_they_live(
    database: Database, confidential: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "_SAY_SO", timedelta())
    fill(database, confidential)
    close(database, confidential)
    ticks = iter(range(10_000))

    def clock() -> datetime:
        return LATER + next(ticks) * SILENCE / 2

    assert Releases(database, catalogue(), clock).work()
    assert kept(database, confidential) == of(SIX)


def test_what_kills_every_process_is_released_without_a_mean(database: Database, confidential: Cohort) -> None:
    fill(database, confidential)
    close(database, confidential)
    with database.writing() as session:
        for number in range(MOST_CLAIMS):
            assert jobs.claim_next(session, "release", LATER + number * SILENCE) is not None
    at_work(database, MOST_CLAIMS * SILENCE).finish()
    assert kept(database, confidential) == Release(n=6, held_back="everything", rule=2)


def test_without_its_questionnaire_a_release_waits(
    database: Database, confidential: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, confidential)
    close(database, confidential)

    def nothing(*_: object) -> Questionnaire | None:
        return None

    with monkeypatch.context() as missing:
        missing.setattr(content.Catalogue, "edition", nothing)
        for number in range(2 * MOST_CLAIMS):
            assert at_work(database, number * SILENCE).work()
    assert standing(database, confidential) == Standing("working")
    at_work(database, 2 * MOST_CLAIMS * SILENCE).finish()
    assert kept(database, confidential) == of(SIX)


# Held after a restore


def test_a_held_cohort_releases_nothing_until_the_operator_lets_it(database: Database, confidential: Cohort) -> None:
    places = fill(database, confidential, realistic("pulse", 7, 1))
    with database.writing() as session:
        cohorts.hold(session, confidential.id, NOW)
    assert standing(database, confidential) == Standing("held")
    close(database, confidential)
    assert standing(database, confidential) == Standing("held")
    assert not at_work(database, 9 * SILENCE).work()
    leave(database, places)
    with database.writing() as session:
        found = cohorts.cohort(session, confidential.id)
        assert found is not None
        let_release(session, questionnaire(), found, LATER)
    assert standing(database, confidential) == Standing("working")
    at_work(database).finish()
    # Nobody's scores lay frozen meanwhile: who left before the decision is not in it.
    assert kept(database, confidential) == of(realistic("pulse", 7, 1)[2:])


def test_one_that_is_let_while_open_releases_when_it_is_closed(database: Database, confidential: Cohort) -> None:
    fill(database, confidential)
    with database.writing() as session:
        cohorts.hold(session, confidential.id, NOW)
        let_release(session, questionnaire(), confidential, LATER)
    assert standing(database, confidential) == Standing("not_closed")
    close(database, confidential)
    at_work(database).finish()
    assert kept(database, confidential) == of(SIX)


def test_what_was_closed_by_an_earlier_version_keeps_what_it_released(
    database: Database, confidential: Cohort, cohort: Cohort
) -> None:
    told = Release(n=5, overall=Average(value=Decimal("2.5")))
    texts: dict[str | None, Standing] = {None: Standing("too_few"), told.model_dump_json(): Standing("released", told)}
    for before, after in texts.items():
        with database.writing() as session:
            session.exec(
                update(tables.Cohort)
                .where(col(tables.Cohort.id) == confidential.id)
                .values(closed_at=NOW, release=before)
            )
        with database.migrating() as connection:
            downgrade(connection, "0006")
            upgrade(connection)
        assert standing(database, confidential) == after
        assert not at_work(database).work()
    with database.reading() as session:
        assert cohorts.release_of(session, cohort.id) is None
