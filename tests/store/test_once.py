"""Keys of forms and calls: of two at once one is the first, and what was sent with a key is known for a while."""

import pytest
from sqlmodel import Session, select

from app.store.database import Database
from app.store.idempotency import KEPT_FOR, KeyUsedError, id_by, token_by, use
from app.store.secrets.tokens import hashed, is_id, is_token, new_token
from app.store.tables import UsedKey
from tests.store.conftest import NOW, at_once


def test_of_three_who_use_a_key_at_once_one_is_the_first(database: Database) -> None:
    key = new_token()

    def make() -> bool:
        with database.writing() as session:
            return use(session, key, NOW, "a sheet")

    assert sorted(str(one) for one in at_once(make, make, make, refused=KeyUsedError)) == ["False", "False", "True"]


def test_a_key_is_known_by_its_hash_for_what_it_was_used_for_and_for_a_month(database: Database) -> None:
    key = new_token()

    def used(session: Session) -> list[str]:
        return [one for one in session.exec(select(UsedKey.key_hash)).all() if one == hashed(key)]

    with database.writing() as session:
        assert use(session, key, NOW, "a sheet")
        with pytest.raises(KeyUsedError):
            use(session, key, NOW, "another sheet")
        assert used(session) == [hashed(key)]
        assert use(session, new_token(), NOW + KEPT_FOR, "something else")
        assert used(session) == []


def test_what_follows_from_a_key_is_one_of_ours_and_its_own_for_everything_told() -> None:
    key = new_token()
    told = [(), ("a",), ("ab",), ("a", "b"), ("b", "a"), ("a1:b",), ("\ud800",)]
    ids, tokens = [id_by(key, *one) for one in told], [token_by(key, *one) for one in told]
    assert len({*ids, *tokens, id_by(new_token()), token_by(new_token())}) == 2 * len(told) + 2
    assert all(map(is_id, ids))
    assert all(map(is_token, tokens))
    assert (id_by(key, "a", "b"), token_by(key, "a", "b")) == (ids[3], tokens[3])
