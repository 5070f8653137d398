"""Shared links: they show one thing until they expire or are revoked, and only to whoever holds the token."""

from datetime import timedelta

import pytest

from app.store import assessments, cohorts
from app.store.assessments import Beginning, FullError, GoneError, Place, Share, Shared, Shown
from app.store.cohorts import Cohort
from app.store.database import Database
from app.store.secrets.tokens import new_token
from tests.store.conftest import NOW, at_once, everything_in, in_the_meantime

DAY = timedelta(days=1)


def share(database: Database, place: Place, what: Shown = "report", days: int = 30) -> tuple[Share, str]:
    with database.writing() as session:
        return assessments.share(session, place.assessment, what, days, NOW)


def revoke(database: Database, place: Place, share_id: str) -> None:
    with database.writing() as session:
        assessments.revoke(session, place.assessment, share_id, NOW + DAY)


def test_a_link_shows_one_thing_until_it_expires(database: Database, place: Place) -> None:
    held, token = share(database, place, "journey", 7)
    assert held == Share(held.id, "journey", NOW, NOW + 7 * DAY, None)
    shown = Shared(held.id, place.assessment, "journey")
    with database.reading() as session:
        assert assessments.shared(session, token, NOW) == shown
        assert assessments.still_shared(session, held.id, token, NOW + 7 * DAY - timedelta(seconds=1)) == shown
        assert assessments.shared(session, token, NOW + 7 * DAY) is None
        assert assessments.still_shared(session, held.id, token, NOW + 7 * DAY) is None
        assert assessments.shares_of(session, place.assessment, NOW) == (held,)
        assert assessments.shares_of(session, place.assessment, NOW + 7 * DAY) == ()


def test_a_revoked_link_shows_nothing_at_once(database: Database, place: Place) -> None:
    (held, token), (other, still) = share(database, place), share(database, place)
    revoke(database, place, held.id)
    with database.writing() as session:
        assert assessments.shared(session, token, NOW + DAY) is None
        assert assessments.still_shared(session, held.id, token, NOW + DAY) is None
        assert assessments.shared(session, still, NOW + DAY) is not None
        assessments.revoke(session, place.assessment, held.id, NOW + 2 * DAY)
        revoked = {one.id: one.revoked_at for one in assessments.shares_of(session, place.assessment, NOW + DAY)}
    assert revoked == {held.id: NOW + DAY, other.id: None}


def test_a_link_opens_no_other_and_an_id_alone_opens_nothing(database: Database, place: Place) -> None:
    (one, token), (other, _) = share(database, place), share(database, place, "journey")
    with database.reading() as session:
        for share_id, secret in ((other.id, token), (one.id, one.id), (one.id, ""), ("", token), (one.id, place.token)):
            assert assessments.still_shared(session, share_id, secret, NOW) is None
        assert assessments.place_of(session, token) is None


def test_another_organisations_link_is_not_revoked(database: Database, beginning: Beginning, place: Place) -> None:
    with database.writing() as session:
        other = assessments.start(session, beginning, NOW)
    held, token = share(database, other)
    for share_id in (held.id, "", "nothing"):
        with pytest.raises(GoneError):
            revoke(database, place, share_id)
    with database.reading() as session:
        assert assessments.shared(session, token, NOW) is not None


def test_there_are_at_most_fifty_links_and_expired_ones_make_room(database: Database, place: Place) -> None:
    with database.writing() as session:
        for _ in range(49):
            assessments.share(session, place.assessment, "report", 7, NOW)
    refusal = in_the_meantime(
        database,
        lambda session: assessments.share(session, place.assessment, "report", 30, NOW),
        lambda: share(database, place),
    )
    assert isinstance(refusal, FullError)
    with database.writing() as session:
        assessments.share(session, place.assessment, "report", 7, NOW + 7 * DAY)
        assert len(assessments.shares_of(session, place.assessment, NOW + 7 * DAY)) == 2


def test_those_that_were_revoked_make_room_too(database: Database, place: Place) -> None:
    with database.writing() as session:
        made = [assessments.share(session, place.assessment, "report", 7, NOW) for _ in range(50)]
    with pytest.raises(FullError):
        share(database, place)
    revoke(database, place, made[0][0].id)
    share(database, place)


def test_a_page_that_is_sent_twice_makes_one_link_of_a_kind(database: Database, place: Place) -> None:
    once = new_token()

    def make(what: Shown = "report", days: int = 30) -> tuple[Share, str]:
        with database.writing() as session:
            return assessments.share(session, place.assessment, what, days, NOW, once)

    first, same = at_once(make, make, refused=GoneError)
    assert first == same
    assert isinstance(first, tuple)
    assert len({first, make(), make("journey"), make(days=7)}) == 3
    with database.reading() as session:
        assert len(assessments.shares_of(session, place.assessment, NOW)) == 3
        assert assessments.shared(session, first[1], NOW) == Shared(first[0].id, place.assessment, "report")
        assert assessments.shared(session, once, NOW) is None
    revoke(database, place, first[0].id)
    with pytest.raises(GoneError):
        make()


def test_a_closed_cohorts_members_still_share(database: Database, cohort: Cohort, beginning: Beginning) -> None:
    with database.writing() as session:
        place = cohorts.join(session, cohort.id, beginning, NOW)
        cohorts.close(session, cohort.id, NOW)
    held, _ = share(database, place)
    revoke(database, place, held.id)


def test_a_shared_links_token_is_nowhere_in_the_database(sqlite_database: Database, beginning: Beginning) -> None:
    assert sqlite_database.file is not None
    with sqlite_database.writing() as session:
        place = assessments.start(session, beginning, NOW)
    held, token = share(sqlite_database, place)
    written = everything_in(sqlite_database.file.parent)
    assert held.id.encode() in written
    assert token.encode() not in written


def test_nothing_of_an_erased_assessment_is_shared(database: Database, place: Place) -> None:
    held, token = share(database, place)
    with database.writing() as session:
        assessments.erase(session, place.assessment)
    with database.reading() as session:
        assert assessments.shared(session, token, NOW) is None
    with pytest.raises(GoneError):
        share(database, place)
    with pytest.raises(GoneError):
        revoke(database, place, held.id)
