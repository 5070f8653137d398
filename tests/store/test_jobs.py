"""Work in the background: done once, by one process at a time, and not for whom nobody wants it any more."""

from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session

from app.store import assessments, cohorts
from app.store.accounts import Account
from app.store.assessments import Beginning, GoneError, Place
from app.store.cohorts import Cohort, CohortPlan
from app.store.database import Database
from app.store.exports import jobs
from app.store.exports.jobs import KEPT_FOR, MOST_CLAIMS, SILENCE, Job
from app.store.tables import JobKind
from tests.store.conftest import NOW, at_once, in_the_meantime

SECOND = timedelta(seconds=1)


@pytest.fixture
def member(database: Database, cohort: Cohort, beginning: Beginning) -> Place:
    with database.writing() as session:
        return cohorts.join(session, cohort.id, beginning, NOW)


def start(database: Database, cohort: Cohort, kind: JobKind = "reports", seconds: int = 0) -> Job:
    with database.writing() as session:
        return jobs.start(session, cohort.id, cohort.owner_id, kind, 3, NOW + seconds * SECOND)


def claim(database: Database, after: timedelta = timedelta()) -> Job | None:
    with database.writing() as session:
        return jobs.claim_next(session, "reports", NOW + after)


def claimed(database: Database, after: timedelta = timedelta()) -> Job:
    job = claim(database, after)
    assert job is not None
    return job


def job_of(database: Database, id_: str) -> Job | None:
    with database.reading() as session:
        return jobs.job(session, id_)


def test_a_job_is_started_claimed_advanced_and_finished(database: Database, cohort: Cohort) -> None:
    job = start(database, cohort)
    expected = Job(job.id, cohort.id, cohort.owner_id, "reports", "waiting", 0, 3, 0, None, None, NOW, NOW)
    assert job == expected == job_of(database, job.id)
    mine = claimed(database, SECOND)
    assert (mine.id, mine.state, mine.claims, mine.updated_at) == (job.id, "running", 1, NOW + SECOND)
    with database.writing() as session:
        jobs.advance(session, mine, 2, NOW + 2 * SECOND)
        assert jobs.files(session) == frozenset()
        found = jobs.job(session, job.id)
        assert found is not None
        assert (found.done, found.updated_at) == (2, NOW + 2 * SECOND)
        jobs.finish(session, mine, "reports.zip", NOW + 3 * SECOND)
        done = jobs.newest(session, cohort.id)
        assert done is not None
        assert (done.state, done.done, done.file, done.error) == ("done", 3, "reports.zip", None)
        assert jobs.files(session) == {"reports.zip"}
    assert claim(database, 10 * SILENCE) is None


def test_a_job_that_failed_says_why_and_may_be_started_anew(database: Database, cohort: Cohort) -> None:
    job = start(database, cohort)
    mine = claimed(database)
    with database.writing() as session:
        jobs.fail(session, mine, "no room", NOW)
    failed = job_of(database, job.id)
    assert failed is not None
    assert (failed.state, failed.error) == ("failed", "no room")
    assert claim(database, 10 * SILENCE) is None
    assert start(database, cohort).id != job.id


@pytest.mark.parametrize("id_", ["", "\x00", "\ud800", "aaaaaaaaaaaaaaaa"])
def test_there_is_no_job_that_nobody_started(database: Database, cohort: Cohort, id_: str) -> None:
    assert job_of(database, id_) is None
    with database.reading() as session:
        assert jobs.newest(session, cohort.id) is None


def test_asking_twice_starts_one_job(database: Database, cohort: Cohort, other_account: Account) -> None:
    outcomes = at_once(*[partial(start, database, cohort)] * 4, refused=GoneError)
    assert len({job.id for job in outcomes if isinstance(job, Job)}) == 1
    assert claimed(database) == start(database, cohort)
    with database.writing() as session:
        theirs = jobs.start(session, cohort.id, other_account.id, "reports", 3, NOW)
    assert theirs.account_id == other_account.id
    assert start(database, cohort, "release").kind == "release"


def several(database: Database, account: Account, plan: CohortPlan, count: int) -> list[Cohort]:
    with database.writing() as session:
        return [cohorts.create(session, account.id, plan, NOW) for _ in range(count)]


def test_who_has_waited_longest_comes_first(
    database: Database, account: Account, other_account: Account, plan: CohortPlan
) -> None:
    third, first, second = several(database, account, plan, 3)
    for seconds, cohort in ((3, third), (1, first), (2, second)):
        start(database, cohort, seconds=seconds)
    assert [claimed(database).cohort_id for _ in range(3)] == [first.id, second.id, third.id]
    with database.writing() as session:
        later = jobs.start(session, first.id, other_account.id, "reports", 3, NOW + 9 * SECOND)
    start(database, first, "release", 10)
    with database.reading() as session:
        assert jobs.newest(session, first.id) == later


def test_each_kind_is_claimed_by_who_does_it(database: Database, cohort: Cohort) -> None:
    start(database, cohort, "release")
    assert claim(database) is None
    with database.writing() as session:
        mine = jobs.claim_next(session, "release", NOW)
        assert mine is not None
        assert jobs.newest(session, cohort.id) is None
        jobs.drop(session, mine)
        assert jobs.job(session, mine.id) is None
        with pytest.raises(GoneError):
            jobs.drop(session, mine)


def test_a_release_is_owed_however_many_it_killed_and_a_claim_put_off_does_not_count(
    database: Database, cohort: Cohort
) -> None:
    start(database, cohort, "release")
    with database.writing() as session:
        last = jobs.claim_next(session, "release", NOW)
        assert last is not None
        for number in range(1, MOST_CLAIMS + 2):
            mine = jobs.claim_next(session, "release", NOW + number * SILENCE)
            assert mine is not None
            assert mine.claims == number + 1
            last = mine
        jobs.put_off(session, last, NOW + 10 * SILENCE)
        assert jobs.claim_next(session, "release", NOW + 11 * SILENCE - SECOND) is None
        again = jobs.claim_next(session, "release", NOW + 11 * SILENCE)
        assert again is not None
        assert again.claims == MOST_CLAIMS + 2


def test_each_job_is_claimed_by_one_of_many(database: Database, account: Account, plan: CohortPlan) -> None:
    made = several(database, account, plan, 4)
    for _ in range(5):
        started = {start(database, cohort).id for cohort in made}
        found = at_once(*[partial(claim, database)] * 8, refused=GoneError)
        # Of those who came at once each got another one, or none; what they left over is there for the next.
        got = [job.id for job in found if isinstance(job, Job)]
        while job := claim(database):
            got.append(job.id)
        assert sorted(got) == sorted(started)
        with database.writing() as session:
            session.connection().exec_driver_sql("DELETE FROM export_job")


def test_what_a_dead_process_left_is_claimed_anew_and_the_dead_one_has_no_say(
    database: Database, cohort: Cohort
) -> None:
    start(database, cohort)
    dead = claimed(database)
    assert claim(database, SILENCE - SECOND) is None
    heir = claimed(database, SILENCE)
    assert (heir.id, heir.claims, heir.done) == (dead.id, 2, 0)
    with database.writing() as session:
        with pytest.raises(GoneError):
            jobs.advance(session, dead, 1, NOW)
        with pytest.raises(GoneError):
            jobs.finish(session, dead, "old.zip", NOW)
        with pytest.raises(GoneError):
            jobs.fail(session, dead, "late", NOW)
        jobs.finish(session, heir, "new.zip", NOW)
        assert jobs.files(session) == {"new.zip"}


def test_who_advances_lives(database: Database, cohort: Cohort) -> None:
    start(database, cohort)
    mine = claimed(database)
    with database.writing() as session:
        jobs.advance(session, mine, 1, NOW + SILENCE)
    assert claim(database, SILENCE + SECOND) is None


def test_what_kills_every_process_is_given_up(database: Database, cohort: Cohort) -> None:
    job = start(database, cohort)
    for number in range(MOST_CLAIMS):
        assert claimed(database, number * SILENCE).claims == number + 1
    assert claim(database, MOST_CLAIMS * SILENCE) is None
    given_up = job_of(database, job.id)
    assert given_up is not None
    assert (given_up.state, given_up.error) == ("failed", "given up")


@pytest.mark.parametrize("leave", ["erase", "withdraw", "merge"])
@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_nothing_that_was_made_of_an_organisation_outlives_it(  # noqa: PLR0913 - fixtures
    database: Database, cohort: Cohort, beginning: Beginning, member: Place, leave: str, state: str
) -> None:
    job = start(database, cohort)
    mine = claimed(database) if state != "waiting" else None
    with database.writing() as session:
        if mine and state == "done":
            jobs.finish(session, mine, "reports.zip", NOW)
        other = cohorts.join(session, cohort.id, beginning, NOW)
        match leave:
            case "erase":
                assessments.erase(session, member.assessment)
            case "withdraw":
                cohorts.withdraw(session, member.assessment, NOW)
            case _:
                cohorts.merge(session, cohort.id, other.assessment, member.assessment, NOW)
        assert jobs.files(session) == frozenset()
        if mine:
            with pytest.raises(GoneError):
                jobs.finish(session, mine, "reports.zip", NOW)
    assert job_of(database, job.id) is None


def test_who_sits_alone_takes_no_job_along(database: Database, cohort: Cohort, place: Place) -> None:
    job = start(database, cohort)
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    assert job_of(database, job.id) == job


def test_a_job_that_is_given_back_is_claimed_at_once_and_the_claim_does_not_count(
    database: Database, cohort: Cohort
) -> None:
    job = start(database, cohort)
    for _ in range(MOST_CLAIMS + 1):
        mine = claimed(database)
        assert (mine.id, mine.claims) == (job.id, 1)
        with database.writing() as session:
            jobs.give_back(session, mine, NOW)
            with pytest.raises(GoneError):
                jobs.give_back(session, mine, NOW)


def test_what_ended_a_day_ago_is_forgotten_and_what_still_waits_is_not(database: Database, cohort: Cohort) -> None:
    start(database, cohort)
    mine = claimed(database)
    with database.writing() as session:
        jobs.finish(session, mine, "old.zip", NOW)
    waiting = start(database, cohort)
    with database.writing() as session:
        jobs.drop_old(session, NOW + KEPT_FOR - SECOND)
        assert jobs.files(session) == {"old.zip"}
        jobs.drop_old(session, NOW + KEPT_FOR)
        assert jobs.files(session) == frozenset()
    assert job_of(database, waiting.id) == waiting


@pytest.mark.parametrize("leave", ["erase", "withdraw", "remove"])
def test_nothing_is_begun_for_a_cohort_while_somebody_is_leaving_it(
    database: Database, cohort: Cohort, member: Place, leave: str
) -> None:
    with database.writing() as session:
        colleague = assessments.join_team(session, member.assessment, "other", NOW)
    waiting = start(database, cohort)

    def leaving(session: Session) -> None:
        match leave:
            case "erase":
                assessments.erase(session, member.assessment)
            case "withdraw":
                cohorts.withdraw(session, member.assessment, NOW)
            case _:
                assessments.remove_member(session, member.assessment, colleague.respondent)

    begun = in_the_meantime(database, leaving, partial(start, database, cohort))
    assert isinstance(begun, Job)
    assert begun.id != waiting.id
    with database.reading() as session:
        assert jobs.job(session, waiting.id) is None
        # What is gathered for the new one is gathered after the leaving.
        assert (member.assessment in {id_ for id_, _ in cohorts.documents(session, cohort.id)}) is False
