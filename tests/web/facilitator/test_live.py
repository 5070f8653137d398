"""The projector's live counts end with the right to see them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.store import accounts, cohorts
from app.store.cohorts import CohortProgress
from app.store.errors import DatabaseUnavailableError
from app.web.facilitator import projector
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import ANOTHER, PASSWORD, Person, facilitator, now
from tests.web.visiting import house_of

ENDINGS: dict[str, Callable[[FastAPI, str, Person], object]] = {
    "a lost share": lambda app, cohort, person: _written(
        app, lambda session: cohorts.unshare(session, cohort, person.account)
    ),
    "a disabled account": lambda app, _, person: _written(
        app, lambda session: accounts.disable(session, person.account, now())
    ),
    "a changed password": lambda _app, _, person: person.browser.post(
        "/account/password", data={"current": PASSWORD, "password": ANOTHER, "again": ANOTHER}
    ),
    "signing out": lambda _app, _, person: person.browser.post("/sign-out"),
}


def _written(app: FastAPI, write: Callable[..., object]) -> None:
    with house_of(app).database.writing() as session:
        write(session)


async def _next(events: AsyncIterator[str]) -> str | None:
    """The next event; None where the stream has ended. Raises TimeoutError where it goes on and tells nothing new."""
    return await asyncio.wait_for(anext(events, None), 3)


@pytest.mark.parametrize("ending", list(ENDINGS))
def test_the_counts_end_with_the_right_to_see_them(app: FastAPI, ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projector, "LONGEST", 60.0)
    monkeypatch.setattr(projector, "EVERY", 0.02)
    monkeypatch.setattr(projector, "ASKED_AGAIN", 0.1)
    owner, person = facilitator(app), facilitator(app)
    cohort = make_cohort(app, owner.browser)
    _written(app, lambda session: cohorts.share(session, cohort.id, person.account, "read"))
    watch = projector.Watch(house_of(app).database)

    async def watched() -> None:
        theirs, owners = (projector._events(watch, cohort.id, "en", token) for token in (person.token, owner.token))
        assert await _next(theirs)
        assert await _next(owners)
        await asyncio.to_thread(ENDINGS[ending], app, cohort.id, person)
        assert await _next(theirs) is None
        await asyncio.to_thread(joined, app, cohort)
        assert "1" in (await _next(owners) or "")

    asyncio.run(watched())


def test_however_many_watch_it_is_asked_once_who_may(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = facilitator(app)
    cohort = make_cohort(app, owner.browser)
    asked: list[str] = []
    look = cohorts.browsers_with_right

    def noted(session: Session, cohort_id: str, at: datetime) -> frozenset[str]:
        asked.append(cohort_id)
        return look(session, cohort_id, at)

    monkeypatch.setattr(cohorts, "browsers_with_right", noted)
    watch = projector.Watch(house_of(app).database)
    assert [watch.admits(cohort.id, owner.token) for _ in range(20)] == [True] * 20
    assert asked == [cohort.id]
    assert not watch.admits(cohort.id, "nobody's")


def test_a_line_on_which_nothing_changes_says_that_it_is_up_to_date_while_it_is(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "LONGEST", 60.0)
    monkeypatch.setattr(projector, "EVERY", 0.02)
    monkeypatch.setattr(projector, "BEAT", 0.05)
    owner = facilitator(app)
    cohort = make_cohort(app, owner.browser)
    watch = projector.Watch(house_of(app).database)

    def unavailable(_self: projector.Watch, _cohort: str) -> CohortProgress:
        raise DatabaseUnavailableError

    async def watched() -> None:
        events = projector._events(watch, cohort.id, "en", owner.token)
        assert "data: <dl" in (await _next(events) or "")
        assert [await _next(events) for _ in range(2)] == ["event: beat\ndata: \u2713\n\n"] * 2
        monkeypatch.setattr(projector.Watch, "progress", unavailable)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(events), 0.5)

    asyncio.run(watched())
