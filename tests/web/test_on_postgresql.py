"""What the web does on PostgreSQL, some of each kind; `make drill` does all of it there."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

from app.store import cohorts
from tests.web.api.programs import API, ok, program, with_cohort
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.facilitator.filled import import_into
from tests.web.participant.test_sent_twice import once
from tests.web.shell.door_tables import DOCUMENT, FIELDS, IN_ADDRESSES, SENT_AS_JSON
from tests.web.shell.doors import doors_of
from tests.web.shell.scenes import scene
from tests.web.visiting import house_of, stranger


def test_no_address_is_a_crash_whatever_stands_in_it(postgresql_app: FastAPI) -> None:
    person = scene(postgresql_app, "open").people["own"]
    asked, crashed = 0, []
    for door in doors_of(postgresql_app):
        words = re.findall(r"{(\w+)}", door.pattern)
        for word in words:
            key = door.pattern.split("/")[1] if word == "token" else word
            path = door.path({**dict.fromkeys(words, "a" * 16), **IN_ADDRESSES, **person.keys, key: "%00"})
            status = person.browser.request(door.method, path).status_code
            asked += "%00" in path
            crashed += [(str(door), word, status)] if status >= 500 else []
    assert crashed == []
    assert asked > 50


def test_a_cohort_by_the_api(postgresql_app: FastAPI) -> None:
    api = program(postgresql_app, facilitator(postgresql_app))
    made = ok(api.post(f"{API}/cohorts", json=SENT_AS_JSON["POST /api/v1/cohorts"]), 201)
    path = f"{API}/cohorts/{made['id']}"
    ok(api.post(f"{path}/assessments", json=DOCUMENT), 201)
    assert ok(api.get(f"{path}/progress")) == {"joined": 1, "answered": 1, "finished": 1}
    assert ok(api.get(f"{path}/summary"))["n"] == 1
    assert ok(api.post(f"{path}/close"))["closed_at"] is not None


def test_joining_by_code_and_by_invitation(postgresql_app: FastAPI) -> None:
    cohort = make_cohort(postgresql_app)
    member = joined(postgresql_app, cohort)
    assert member.answer("strategy.purpose", "3") == 200
    [path] = re.findall(r"/invitation/[\w-]+", cohort.owner.post(cohort.path("invitations"), data={"count": "1"}).text)
    assert stranger(postgresql_app).get(path).status_code == 200
    assert member.browser.get(path).headers["location"] == member.path()
    assert stranger(postgresql_app).get("/join/00000000").status_code == 404
    assert member.browser.post(member.path("withdraw")).status_code == 303
    with house_of(postgresql_app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 0


def test_everything_that_is_taken_home(postgresql_app: FastAPI) -> None:
    _, cohort = with_cohort(postgresql_app)
    import_into(postgresql_app, cohort, ["Ena", "Dve", "Tri"], seed=3)
    for name in ("data.xlsx", "data.csv", "data.json", "report.pdf", "results", "results/questions", "reports"):
        response = cohort.owner.get(cohort.path(name))
        assert (name, response.status_code) == (name, 200)
    assert [one["organisation"] for one in cohort.owner.get(cohort.path("data.json")).json()] == ["Ena", "Dve", "Tri"]


def test_what_is_sent_at_the_same_time_is_made_once(postgresql_app: FastAPI) -> None:
    person = facilitator(postgresql_app)
    cohort, api = make_cohort(postgresql_app, person.browser), program(postgresql_app, person)
    new = SENT_AS_JSON["POST /api/v1/cohorts"]

    def sent(path: str, fields: Mapping[str, str]) -> str:
        """The secrets on the page."""
        key = once(person.browser.get(path.replace("/tokens", "").replace("/invitations", "")).text)
        secret = r"/r/[\w-]{27}|/invitation/[\w-]{27}|cxm_[\w-]{27}"

        def post(_: int) -> str:
            return str(re.findall(secret, person.browser.post(path, data={**fields, "once": key}).text))

        with ThreadPoolExecutor(4) as pool:
            [told] = set(pool.map(post, range(4)))
        return told

    assert sent("/account/tokens", {"name": "Laptop"}).count("cxm_") == 1
    assert sent(cohort.path("invitations"), {"count": "3"}).count("/invitation/") == 3
    assert sent(cohort.path("paper"), FIELDS["POST /cohorts/{cohort}/paper"]).count("/r/") == 1
    with ThreadPoolExecutor(4) as pool:
        headers = {"Idempotency-Key": "1"}
        made = list(pool.map(lambda _: ok(api.post(f"{API}/cohorts", json=new, headers=headers), 201), range(4)))
    assert made == [made[0]] * 4
    assert len(ok(api.get(f"{API}/cohorts"))["cohorts"]) == 2
    with house_of(postgresql_app).database.reading() as session:
        assert cohorts.progress(session, cohort.id).joined == 1
