"""A cohort's life, whose it is, and its code."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.store import accounts, cohorts
from app.store.accounts import Account
from app.store.assessments import Beginning
from app.store.cohorts import (
    ClosedError,
    Cohort,
    CohortInHand,
    CohortPlan,
    FixedOnceJoinedError,
    GoneError,
    ReleasedError,
    Right,
    codes,
)
from app.store.database import Database
from app.time_zone import noon_of
from tests.store.conftest import NOW

LATER = NOW + timedelta(hours=2)
STRANGERS = ["", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 100_000]


def of(database: Database, cohort: Cohort) -> Cohort:
    with database.reading() as session:
        found = cohorts.cohort(session, cohort.id)
    assert found is not None
    return found


def change(database: Database, cohort: Cohort, plan: CohortPlan, **said: object) -> None:
    with database.writing() as session:
        cohorts.change(session, cohort.id, plan.model_copy(update=said))


def close(database: Database, cohort: Cohort, now: datetime = NOW) -> bool:
    with database.writing() as session:
        return cohorts.close(session, cohort.id, now)


def by_code(database: Database, code: str, now: datetime = NOW) -> Cohort | None:
    with database.reading() as session:
        return cohorts.cohort_by_code(session, code, now)


def join(database: Database, cohort: Cohort, beginning: Beginning) -> str:
    with database.writing() as session:
        return cohorts.join(session, cohort.id, beginning, NOW).assessment


def rights(database: Database, cohort: Cohort, account: Account) -> Right | None:
    with database.reading() as session:
        right = cohorts.right_of(session, cohort.id, account.id)
        listed = cohorts.cohorts_of(session, account.id)
    assert listed == ([CohortInHand(cohort, right)] if right else [])
    return right


def test_what_is_planned_is_kept_and_open_at_once(database: Database, plan: CohortPlan, account: Account) -> None:
    with database.writing() as session:
        cohort = cohorts.create(session, account.id, plan, NOW)
    assert of(database, cohort) == cohort
    assert cohort == Cohort(
        **plan.model_dump(),
        id=cohort.id,
        owner_id=account.id,
        join_code=cohort.join_code,
        code_expires_at=noon_of(date(2026, 12, 12)),
        is_demo=False,
        created_at=NOW,
        closed_at=None,
        archived_at=None,
        held_at=None,
    )
    assert (cohort.is_open, cohort.is_confidential) == (True, False)


@pytest.mark.parametrize("id_", STRANGERS)
def test_nobody_gets_a_cohort_that_is_not_there(database: Database, account: Account, id_: str) -> None:
    with database.reading() as session:
        assert cohorts.cohort(session, id_) is None
        assert cohorts.right_of(session, id_, account.id) is None
        assert cohorts.cohort_by_code(session, id_, NOW) is None
        assert cohorts.invited_to(session, id_) is None
        assert cohorts.release_of(session, id_) is None


WRITES: dict[str, Callable[[Session, str, CohortPlan, Beginning], object]] = {
    "change": lambda session, id_, plan, _: cohorts.change(session, id_, plan),
    "close": lambda session, id_, *_: cohorts.close(session, id_, NOW),
    "reopen": lambda session, id_, *_: cohorts.reopen(session, id_),
    "archive": lambda session, id_, *_: cohorts.archive(session, id_, NOW),
    "unarchive": lambda session, id_, *_: cohorts.unarchive(session, id_),
    "freeze": lambda session, id_, *_: cohorts.freeze(session, id_, "{}"),
    "release": lambda session, id_, *_: cohorts.keep_release(session, id_, "{}"),
    "hold": lambda session, id_, *_: cohorts.hold(session, id_, NOW),
    "lift": lambda session, id_, *_: cohorts.lift(session, id_),
    "code": lambda session, id_, *_: cohorts.renew_code(session, id_, NOW),
    "share": lambda session, id_, *_: cohorts.share(session, id_, "somebody", "read"),
    "unshare": lambda session, id_, *_: cohorts.unshare(session, id_, "somebody"),
    "invite": lambda session, id_, *_: cohorts.invite(session, id_, 1, NOW),
    "join": lambda session, id_, _, beginning: cohorts.join(session, id_, beginning, NOW),
    "merge": lambda session, id_, *_: cohorts.merge(session, id_, "one", "other", NOW),
}


@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("id_", ["\x00", "aaaaaaaaaaaaaaaa"])
def test_every_write_to_a_cohort_that_is_not_there_is_told(
    database: Database, plan: CohortPlan, beginning: Beginning, write: str, id_: str
) -> None:
    with pytest.raises(GoneError), database.writing() as session:
        WRITES[write](session, id_, plan, beginning)


def test_as_long_as_nobody_has_joined_everything_may_change(
    database: Database, cohort: Cohort, plan: CohortPlan
) -> None:
    wanted = CohortPlan(
        name="Druga",
        date=date(2026, 11, 29),
        questionnaire="cem-ladder",
        edition="2027-1",
        form="full",
        language="en",
        default_target=None,
        privacy="confidential",
    )
    change(database, cohort, wanted)
    assert CohortPlan(**of(database, cohort).model_dump(include=set(CohortPlan.model_fields))) == wanted


@pytest.mark.parametrize(
    ("key", "value"),
    [("privacy", "confidential"), ("form", "full"), ("edition", "2027-1"), ("questionnaire", "cem-ladder")],
)
@pytest.mark.parametrize("leave", [False, True])
def test_what_those_who_joined_were_told_is_fixed(  # noqa: PLR0913 - fixtures
    database: Database, cohort: Cohort, plan: CohortPlan, beginning: Beginning, key: str, value: str, leave: bool
) -> None:
    assessment = join(database, cohort, beginning)
    if leave:
        with database.writing() as session:
            cohorts.withdraw(session, assessment, NOW)
    with pytest.raises(FixedOnceJoinedError):
        change(database, cohort, plan, name="Druga", **{key: value})
    assert of(database, cohort) == cohort
    change(database, cohort, plan, name="Druga", language="en")
    assert (of(database, cohort).name, of(database, cohort).language) == ("Druga", "en")


def test_a_closed_cohort_keeps_all_but_its_name_and_date(database: Database, cohort: Cohort, plan: CohortPlan) -> None:
    close(database, cohort)
    for key, value in {"language": "en", "default_target": 2, "privacy": "confidential", "form": "full"}.items():
        with pytest.raises(ClosedError):
            change(database, cohort, plan, **{key: value})
    change(database, cohort, plan, name="Druga", date=date(2026, 11, 27))
    assert (of(database, cohort).name, of(database, cohort).date) == ("Druga", date(2026, 11, 27))


def test_a_workshop_that_is_put_off_keeps_its_code_for_longer(
    database: Database, cohort: Cohort, plan: CohortPlan
) -> None:
    change(database, cohort, plan, date=date(2027, 2, 1))
    assert by_code(database, cohort.join_code, datetime(2027, 2, 14, tzinfo=UTC)) == of(database, cohort)
    change(database, cohort, plan, date=date(2026, 11, 22))
    assert by_code(database, cohort.join_code, datetime(2027, 2, 14, tzinfo=UTC)) == of(database, cohort)


def test_it_is_closed_once_and_can_be_opened_again(database: Database, cohort: Cohort) -> None:
    assert close(database, cohort)
    assert not close(database, cohort, LATER)
    assert of(database, cohort).closed_at == NOW
    assert not of(database, cohort).is_open
    with database.writing() as session:
        cohorts.reopen(session, cohort.id)
        cohorts.reopen(session, cohort.id)
    assert of(database, cohort) == cohort


def test_a_confidential_cohort_that_was_closed_stays_closed(database: Database, confidential: Cohort) -> None:
    with database.writing() as session:
        cohorts.reopen(session, confidential.id)  # it is open
    close(database, confidential)
    with pytest.raises(ReleasedError), database.writing() as session:
        cohorts.reopen(session, confidential.id)
    assert not of(database, confidential).is_open


def test_a_release_is_kept_once_and_only_of_a_closed_confidential_cohort(
    database: Database, cohort: Cohort, confidential: Cohort
) -> None:
    def keep(which: Cohort, release: str) -> None:
        with database.writing() as session:
            cohorts.keep_release(session, which.id, release)

    def released(which: Cohort) -> str | None:
        with database.reading() as session:
            return cohorts.release_of(session, which.id)

    for which in (cohort, confidential):
        with pytest.raises(ValueError, match="only a confidential cohort that is closed"):
            keep(which, "too soon")
    close(database, cohort)
    close(database, confidential)
    with pytest.raises(ValueError, match="only a confidential cohort that is closed"):
        keep(cohort, "open")
    keep(confidential, "first")
    with pytest.raises(ReleasedError):
        keep(confidential, "second")
    assert (released(cohort), released(confidential)) == (None, "first")


def test_what_is_frozen_at_the_closing_stays_until_the_release_is_kept(
    database: Database, cohort: Cohort, confidential: Cohort
) -> None:
    def frozen() -> str | None:
        with database.reading() as session:
            return cohorts.frozen(session, confidential.id)

    close(database, cohort)
    for which in (cohort, confidential):
        with pytest.raises(ValueError, match="only a confidential"), database.writing() as session:
            cohorts.freeze(session, which.id, "{}")
    close(database, confidential)
    with database.writing() as session:
        cohorts.freeze(session, confidential.id, "scores")
    for again in (cohorts.freeze, lambda session, id_, _: cohorts.hold(session, id_, NOW)):
        with pytest.raises(ReleasedError), database.writing() as session:
            again(session, confidential.id, "others")
    with pytest.raises(ReleasedError), database.reading() as session:
        cohorts.documents_to_release(session, confidential.id)
    assert frozen() == "scores"
    with database.writing() as session:
        cohorts.keep_release(session, confidential.id, "means")
    assert frozen() is None
    with pytest.raises(ReleasedError), database.writing() as session:
        cohorts.freeze(session, confidential.id, "others")


def test_a_cohort_that_is_held_releases_nothing(database: Database, cohort: Cohort, confidential: Cohort) -> None:
    with pytest.raises(ReleasedError), database.writing() as session:
        cohorts.hold(session, cohort.id, NOW)
    with database.writing() as session:
        assert [one.id for one in cohorts.confidential_ones(session, held=False)] == [confidential.id]
        cohorts.hold(session, confidential.id, NOW)
        cohorts.hold(session, confidential.id, LATER)
        assert cohorts.confidential_ones(session, held=False) == []
    assert of(database, confidential).held_at == NOW
    close(database, confidential)
    for ask in (
        lambda session: cohorts.keep_release(session, confidential.id, "means"),
        lambda session: cohorts.freeze(session, confidential.id, "scores"),
        lambda session: cohorts.documents_to_release(session, confidential.id),
    ):
        with pytest.raises(ValueError, match="not held"), database.writing() as session:
            ask(session)
    with database.writing() as session:
        assert [one.id for one in cohorts.confidential_ones(session, held=True)] == [confidential.id]
        cohorts.lift(session, confidential.id)
        assert cohorts.documents_to_release(session, confidential.id) == []


def test_an_archived_cohort_is_listed_apart_and_nobody_joins_it(
    database: Database, cohort: Cohort, beginning: Beginning
) -> None:
    def listed(*, archived: bool) -> list[str]:
        with database.reading() as session:
            return [one.cohort.id for one in cohorts.cohorts_of(session, cohort.owner_id, archived=archived)]

    with database.writing() as session:
        [token] = cohorts.invite(session, cohort.id, 1, NOW)
        cohorts.archive(session, cohort.id, NOW)
        cohorts.archive(session, cohort.id, LATER)
        assert cohorts.invited_to(session, token) is None
    assert of(database, cohort).archived_at == NOW
    assert (listed(archived=False), listed(archived=True)) == ([], [cohort.id])
    assert by_code(database, cohort.join_code) is None
    with pytest.raises(ClosedError):
        join(database, cohort, beginning)
    with database.writing() as session:
        cohorts.unarchive(session, cohort.id)
    assert (listed(archived=False), listed(archived=True)) == ([cohort.id], [])
    assert by_code(database, cohort.join_code) == cohort


def test_the_latest_workshop_comes_first(database: Database, account: Account, plan: CohortPlan) -> None:
    with database.writing() as session:
        for day, name in ((3, "third"), (1, "first"), (2, "second")):
            told = plan.model_copy(update={"name": name, "date": date(2026, 12, day)})
            cohorts.create(session, account.id, told, NOW)
    with database.reading() as session:
        names = [one.cohort.name for one in cohorts.cohorts_of(session, account.id)]
    assert names == ["third", "second", "first"]


def test_a_cohort_is_its_owners_and_nobody_elses(database: Database, cohort: Cohort, other_account: Account) -> None:
    with database.reading() as session:
        owner = accounts.account(session, cohort.owner_id)
    assert owner is not None
    assert rights(database, cohort, owner) == "own"
    assert rights(database, cohort, other_account) is None


def test_it_can_be_shared_to_read_or_to_run_and_taken_back(
    database: Database, account: Account, cohort: Cohort, other_account: Account
) -> None:
    for right in ("read", "run", "read"):
        with database.writing() as session:
            cohorts.share(session, cohort.id, other_account.id, right)
            assert cohorts.shares_of(session, cohort.id) == [(other_account, right)]
        assert rights(database, cohort, other_account) == right
        assert rights(database, cohort, account) == "own"
    with database.writing() as session:
        cohorts.unshare(session, cohort.id, "\x00")
        cohorts.unshare(session, cohort.id, other_account.id)
        cohorts.unshare(session, cohort.id, other_account.id)
    assert rights(database, cohort, other_account) is None


def test_sharing_one_cohort_shares_no_other(
    database: Database, cohort: Cohort, confidential: Cohort, other_account: Account
) -> None:
    with database.writing() as session:
        cohorts.share(session, cohort.id, other_account.id, "run")
        assert cohorts.right_of(session, confidential.id, other_account.id) is None
        assert [one.cohort for one in cohorts.cohorts_of(session, other_account.id)] == [cohort]
        assert len(cohorts.cohorts_of(session, cohort.owner_id)) == 2


def test_an_owner_shares_nothing_with_themselves(database: Database, account: Account, cohort: Cohort) -> None:
    with database.writing() as session:
        cohorts.share(session, cohort.id, account.id, "read")
        assert cohorts.shares_of(session, cohort.id) == []
    assert rights(database, cohort, account) == "own"


def test_a_code_is_forty_random_bits_that_cannot_be_misread(cohort: Cohort) -> None:
    assert len(set(codes.ALPHABET)) ** codes.LENGTH == 2**40
    assert not set(codes.ALPHABET) & set("OIL")
    assert len(cohort.join_code) == 8
    assert set(cohort.join_code) <= set(codes.ALPHABET)
    assert cohort.shown_code == f"{cohort.join_code[:4]} {cohort.join_code[4:]}"


@pytest.mark.parametrize(
    "typed", ["A01B1CDE", "a01b1cde", "A01B 1CDE", " a01b-1cde ", "aoib lcde", "AOLB–ICDE", "A 0 1 B 1 C D E\u200b"]
)
def test_a_code_is_understood_however_it_is_typed(
    database: Database, cohort: Cohort, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr(codes, "new_code", lambda _: "A01B1CDE")
    with database.writing() as session:
        cohorts.renew_code(session, cohort.id, NOW)
    assert by_code(database, typed) == of(database, cohort)
    assert by_code(database, typed + "F") is None


def test_a_code_expires_and_can_be_renewed(database: Database, cohort: Cohort) -> None:
    moment = timedelta(microseconds=1)
    assert by_code(database, cohort.join_code, cohort.code_expires_at - moment) == cohort
    assert by_code(database, cohort.join_code, cohort.code_expires_at) is None
    with database.writing() as session:
        cohorts.renew_code(session, cohort.id, cohort.code_expires_at)
    renewed = of(database, cohort)
    assert renewed.join_code != cohort.join_code
    assert renewed.code_expires_at == cohort.code_expires_at + timedelta(days=14)
    assert by_code(database, renewed.join_code, cohort.code_expires_at) == renewed
    assert by_code(database, cohort.join_code) is None


def test_a_closed_cohorts_code_leads_nowhere_and_is_not_renewed(database: Database, cohort: Cohort) -> None:
    close(database, cohort)
    assert by_code(database, cohort.join_code) is None
    with pytest.raises(ClosedError), database.writing() as session:
        cohorts.renew_code(session, cohort.id, NOW)


def test_no_two_cohorts_have_one_code(
    database: Database, account: Account, plan: CohortPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "ALPHABET", "AB")
    monkeypatch.setattr(codes, "LENGTH", 3)
    with database.writing() as session:
        given = {cohorts.create(session, account.id, plan, NOW).join_code for _ in range(8)}
    assert len(given) == 8


@pytest.mark.parametrize(
    "change",
    [
        "cohort SET privacy = 'secret'",
        "cohort SET default_target = 6",
        "cohort SET release = '{}'",
        "cohort SET release = '{}', closed_at = created_at",
        "cohort SET owner_id = 'nobody'",
        "assessment SET joined_at = NULL",
        "assessment SET cohort_id = 'nothing'",
        "assessment SET cohort_id = NULL, joined_at = NULL, withdrawn_at = created_at",
        "cohort_share SET may = 'own'",
    ],
)
def test_the_database_itself_refuses_what_is_illegal(
    database: Database, cohort: Cohort, other_account: Account, beginning: Beginning, change: str
) -> None:
    join(database, cohort, beginning)
    with database.writing() as session:
        cohorts.share(session, cohort.id, other_account.id, "read")
    with pytest.raises(IntegrityError), database.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE {change}")


@pytest.mark.parametrize("table", ["cohort", "account"])
def test_no_cohort_and_no_owner_is_deleted_under_those_who_joined(
    database: Database, cohort: Cohort, beginning: Beginning, table: str
) -> None:
    join(database, cohort, beginning)
    with pytest.raises(IntegrityError), database.writing() as session:
        session.connection().exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - one of two names above
