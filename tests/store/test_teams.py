"""Colleagues: they join by a code while it holds, answer alone, finish their own part, and leave without a trace."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session

from app.core.answers.document import AnswerDocument
from app.core.answers.values import Respondent
from app.store import assessments, cohorts
from app.store.assessments import Beginning, ClosedError, FullError, GoneError, Member, Membership, Place, Team
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.secrets.codes import ALPHABET
from tests.store.conftest import NOW, at_once, everything_in, in_the_meantime

LATER = NOW + timedelta(hours=2)
TWO_WEEKS = timedelta(days=14)


def team_of(database: Database, place: Place) -> Team:
    with database.reading() as session:
        return assessments.team(session, place.assessment, NOW)


def open_team(database: Database, place: Place) -> str:
    with database.writing() as session:
        return assessments.open_team(session, place.assessment, NOW)


def join(database: Database, place: Place, code: str | None = None) -> Place:
    with database.writing() as session:
        return assessments.join_team(session, place.assessment, "front_office", LATER, code)


def remove(database: Database, place: Place, respondent: str) -> None:
    with database.writing() as session:
        assessments.remove_member(session, place.assessment, respondent)


def close(database: Database, cohort: Cohort) -> None:
    with database.writing() as session:
        cohorts.close(session, cohort.id, LATER)


@pytest.fixture
def member(database: Database, cohort: Cohort, beginning: Beginning) -> Place:
    with database.writing() as session:
        return cohorts.join(session, cohort.id, beginning, NOW)


def test_a_team_begins_with_its_owner_and_no_code(database: Database, place: Place) -> None:
    owner = Member(place.respondent, 0, True, "leadership", None)
    assert team_of(database, place) == Team(None, None, (owner,))
    with pytest.raises(GoneError), database.reading() as session:
        assessments.team(session, "nothing", NOW)


def test_a_colleague_joins_by_the_code_and_has_a_link_of_their_own(database: Database, place: Place) -> None:
    code = open_team(database, place)
    colleague = join(database, place, f" {code[:4].lower()}-{code[4:].replace('0', 'o').replace('1', 'l')}")
    with database.reading() as session:
        assert assessments.place_of(session, colleague.token) == Membership(
            place.assessment, colleague.respondent, False, "front_office", None
        )
        found = assessments.team_by_code(session, code.lower(), NOW)
        assert found == assessments.sitting(session, place.assessment)
        assert assessments.team_size(session, place.assessment) == (2, 2)
        owner = Respondent(role="leadership", answers={})
        assert assessments.document(session, place.assessment).respondents == (owner,)
    assert team_of(database, place).code == code
    assert team_of(database, place).shown_code == f"{code[:4]} {code[4:]}"
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)


def test_members_tell_how_far_each_is(database: Database, place: Place) -> None:
    colleague = join(database, place)
    with database.writing() as session:
        for question in ("a", "b"):
            assessments.save_answer(
                session, colleague.respondent, question, 3, seen=0, writer=None, sequence=0, now=NOW
            )
        assessments.save_answer(session, colleague.respondent, "b", None, seen=1, writer=None, sequence=0, now=NOW)
        assessments.finish_own(session, colleague.respondent, LATER)
        assessments.finish_own(session, colleague.respondent, LATER + TWO_WEEKS)
    assert team_of(database, place).members == (
        Member(place.respondent, 0, True, "leadership", None),
        Member(colleague.respondent, 1, False, "front_office", LATER),
    )


def test_finishing_the_assessment_is_the_owners_and_only_theirs(database: Database, place: Place) -> None:
    colleague = join(database, place)

    def finished() -> list[bool]:
        with database.reading() as session:
            sitting = assessments.sitting(session, place.assessment)
            assert sitting is not None
            members = assessments.team(session, place.assessment, NOW).members
            return [sitting.finished_at is not None, *(one.finished_at is not None for one in members)]

    with database.writing() as session:
        assessments.finish_own(session, colleague.respondent, NOW)
    assert finished() == [False, False, True]
    with database.writing() as session:
        assessments.finish_own(session, place.respondent, NOW)
    assert finished() == [True, True, True]


def test_finishing_the_assessment_finishes_its_owners_answers(database: Database, place: Place) -> None:
    join(database, place)
    with database.writing() as session:
        assessments.finish(session, place.assessment, NOW)
        assessments.finish(session, place.assessment, LATER)
    assert [one.finished_at for one in team_of(database, place).members] == [NOW, None]


def test_the_code_stays_until_it_is_renewed_or_too_old(database: Database, place: Place) -> None:
    code = open_team(database, place)
    assert open_team(database, place) == code
    with database.writing() as session:
        renewed = assessments.renew_team_code(session, place.assessment, NOW)
        assert renewed != code
        assert assessments.team_by_code(session, code, NOW) is None
        assert assessments.team_by_code(session, renewed, NOW + TWO_WEEKS - timedelta(seconds=1)) is not None
        assert assessments.team_by_code(session, renewed, NOW + TWO_WEEKS) is None
        assert assessments.team(session, place.assessment, NOW + TWO_WEEKS).code is None
        assert assessments.open_team(session, place.assessment, NOW + TWO_WEEKS) not in {code, renewed}


@pytest.mark.parametrize("stale", ["renewed", "too old", "wrong", "of another team", ""])
def test_a_code_that_no_longer_holds_lets_nobody_in(
    database: Database, beginning: Beginning, place: Place, stale: str
) -> None:
    code, now = open_team(database, place), NOW
    with database.writing() as session:
        if stale == "renewed":
            assessments.renew_team_code(session, place.assessment, NOW)
        elif stale == "too old":
            now += TWO_WEEKS
        elif stale == "of another team":
            other = assessments.start(session, beginning, NOW)
            code = assessments.open_team(session, other.assessment, NOW)
        else:
            code = stale
    with pytest.raises(GoneError), database.writing() as session:
        assessments.join_team(session, place.assessment, "other", now, code)
    assert len(team_of(database, place).members) == 1


def test_no_code_is_both_a_teams_and_a_cohorts(
    database: Database, cohort: Cohort, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = open_team(database, place)
    letters = iter(f"{cohort.join_code}{mine}FRESHEST{cohort.join_code}{mine}NEWEST00")
    monkeypatch.setattr("app.store.secrets.codes.secrets.choice", lambda _: next(letters))
    with database.writing() as session:
        assert assessments.renew_team_code(session, place.assessment, NOW) == "FRESHEST"
        letters = iter(f"{cohort.join_code}FRESHESTNEWEST00")
        cohorts.renew_code(session, cohort.id, NOW)
        renewed = cohorts.cohort(session, cohort.id)
        assert renewed is not None
        assert renewed.join_code == "NEWEST00"


def test_the_fifty_first_has_no_seat(database: Database, place: Place) -> None:
    with database.writing() as session:
        for _ in range(49):
            assessments.join_team(session, place.assessment, "other", NOW)
    with pytest.raises(FullError):
        join(database, place)
    remove(database, place, team_of(database, place).members[7].respondent)
    join(database, place)
    assert len(team_of(database, place).members) == 50


def test_of_several_who_come_at_once_as_many_join_as_there_are_seats(database: Database, place: Place) -> None:
    with database.writing() as session:
        for _ in range(47):
            assessments.join_team(session, place.assessment, "other", NOW)
    code = open_team(database, place)
    found = at_once(*[partial(join, database, place, code)] * 5, refused=FullError)
    assert sorted(type(one).__name__ for one in found) == ["FullError"] * 3 + ["Place"] * 2
    seats = [one.seat for one in team_of(database, place).members]
    assert seats == list(range(50))


def test_whoever_joins_while_the_code_is_renewed_is_refused(database: Database, place: Place) -> None:
    code = open_team(database, place)
    refusal = in_the_meantime(
        database,
        lambda session: assessments.renew_team_code(session, place.assessment, NOW),
        lambda: join(database, place, code),
    )
    assert isinstance(refusal, GoneError)
    assert len(team_of(database, place).members) == 1


def test_whoever_joins_a_team_while_the_cohort_closes_is_refused(
    database: Database, cohort: Cohort, member: Place
) -> None:
    code = open_team(database, member)
    refusal = in_the_meantime(
        database,
        lambda session: cohorts.close(session, cohort.id, LATER),
        lambda: join(database, member, code),
    )
    assert isinstance(refusal, ClosedError)
    assert len(team_of(database, member).members) == 1


def test_closing_waits_for_whoever_is_joining_a_team(database: Database, cohort: Cohort, member: Place) -> None:
    code = open_team(database, member)

    def close_and_count() -> int:
        with database.writing() as session:
            cohorts.close(session, cohort.id, LATER)
            return assessments.team_size(session, member.assessment)[0]

    joining = partial(assessments.join_team, assessment=member.assessment, role="other", now=NOW, code=code)
    assert in_the_meantime(database, lambda session: joining(session), close_and_count) == 2


def test_in_a_closed_cohort_nobody_joins_leaves_or_finishes(database: Database, cohort: Cohort, member: Place) -> None:
    code, colleague = open_team(database, member), join(database, member)
    close(database, cohort)
    writes: list[Callable[[Session], object]] = [
        lambda session: assessments.open_team(session, member.assessment, NOW),
        lambda session: assessments.renew_team_code(session, member.assessment, NOW),
        lambda session: assessments.join_team(session, member.assessment, "other", NOW, code),
        lambda session: assessments.remove_member(session, member.assessment, colleague.respondent),
        lambda session: assessments.finish_own(session, colleague.respondent, NOW),
    ]
    for write in writes:
        with pytest.raises(ClosedError), database.writing() as session:
            write(session)
    with database.writing() as session:
        assert assessments.team_by_code(session, code, NOW) is None
        cohorts.withdraw(session, member.assessment, LATER)
        assert assessments.team_by_code(session, code, NOW) is not None


def test_whoever_is_removed_leaves_nothing_behind(database: Database, place: Place) -> None:
    leaves, stays = join(database, place), join(database, place)
    with database.writing() as session:
        for one in (place, leaves, stays):
            assessments.save_answer(session, one.respondent, "a", 3, seen=0, writer=None, sequence=0, now=NOW)
            assessments.save_own_field(session, one.respondent, "front_office", 3, {None}, NOW)
    remove(database, place, leaves.respondent)
    remove(database, place, leaves.respondent)
    database.forget()
    with database.reading() as session:
        assert assessments.place_of(session, leaves.token) is None
        for table, left in (("respondent", 2), ("answer", 2), ("respondent_field", 2)):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == left  # noqa: S608
    assert [one.respondent for one in team_of(database, place).members] == [place.respondent, stays.respondent]


def test_the_owner_and_strangers_are_not_removed(database: Database, beginning: Beginning, place: Place) -> None:
    with database.writing() as session:
        other = assessments.start(session, beginning, NOW)
    strangers = join(database, other)
    with pytest.raises(ValueError, match="owner"):
        remove(database, place, place.respondent)
    for one in (strangers.respondent, other.respondent, "", "\x00" * 0):
        remove(database, place, one)
    assert len(team_of(database, other).members) == 2


def test_nobody_is_found_by_what_removing_leaves_in_the_file(sqlite_database: Database, beginning: Beginning) -> None:
    assert sqlite_database.file is not None
    with sqlite_database.writing() as session:
        place = assessments.start(session, beginning, NOW)
        leaves = assessments.join_team(session, place.assessment, "other", NOW)
        for number in range(200):
            assessments.save_answer(
                session, leaves.respondent, f"canary.{number}", 3, seen=0, writer=None, sequence=0, now=NOW
            )
    assert b"canary" in everything_in(sqlite_database.file.parent)
    with sqlite_database.writing() as session:
        assessments.remove_member(session, place.assessment, leaves.respondent)
    sqlite_database.forget()
    assert b"canary" not in everything_in(sqlite_database.file.parent)


def test_every_write_to_a_team_that_is_gone_is_told(database: Database, place: Place) -> None:
    colleague = join(database, place)
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    writes: list[Callable[[Session], object]] = [
        lambda session: assessments.open_team(session, place.assessment, NOW),
        lambda session: assessments.renew_team_code(session, place.assessment, NOW),
        lambda session: assessments.join_team(session, place.assessment, "other", NOW),
        lambda session: assessments.remove_member(session, place.assessment, colleague.respondent),
        lambda session: assessments.finish_own(session, colleague.respondent, NOW),
    ]
    for write in writes:
        with pytest.raises(GoneError), database.writing() as session:
            write(session)


def test_a_document_names_the_owner_first_whatever_their_seat(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    def answered(level: int) -> Respondent:
        return Respondent(role="other", answers={"a": level})

    document = AnswerDocument(**beginning.model_dump(exclude={"role"}), respondents=(answered(1), answered(2)))
    with database.writing() as session:
        place = cohorts.join_with(session, cohort.id, document, NOW)
        session.connection().exec_driver_sql("UPDATE respondent SET seat = 7 WHERE seat = 0")
    with database.reading() as session:
        assert assessments.document(session, place.assessment).respondents == document.respondents
        assert [one.seat for one in assessments.team(session, place.assessment, NOW).members] == [7, 1]
