"""What a facilitator's page or program sends once more: the same links and tokens, and nothing made twice."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from httpx2 import Response

from app.store import accounts, assessments, cohorts
from app.store.assessments import GoneError
from app.store.exports import jobs
from tests.web.api.programs import API, ok, program, refused, with_cohort
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.facilitating import facilitator, now
from tests.web.participant.test_sent_twice import once, the_same_browser_before
from tests.web.shell.door_tables import DOCUMENT, FIELDS, SENT_AS_JSON
from tests.web.visiting import begin, dump, house_of, stranger

SHEET = dict(FIELDS["POST /cohorts/{cohort}/paper"])
KEY = {"Idempotency-Key": "monday-1"}


def links(response: Response) -> list[str]:
    """The private links, invitations and tokens that a page tells."""
    assert response.status_code == 200, response.text
    return re.findall(r"/r/[\w-]{27}|/invitation/[\w-]{27}|cxm_[\w-]{27}", response.text)


def key_of(cohort: Made, *page: str) -> str:
    """The key of the first form on a cohort's page that makes something."""
    return once(cohort.owner.get(cohort.path(*page)).text)


def joined_so_far(app: FastAPI, cohort: Made) -> int:
    """How many are in the cohort."""
    with house_of(app).database.reading() as session:
        return cohorts.progress(session, cohort.id).joined


def test_a_sheet_that_is_sent_twice_is_kept_once_and_its_link_is_the_same(app: FastAPI) -> None:
    cohort = make_cohort(app)
    sheet = SHEET | {"once": key_of(cohort, "paper")}
    with ThreadPoolExecutor(3) as pool:
        shown = list(pool.map(lambda _: links(cohort.owner.post(cohort.path("paper"), data=sheet)), range(3)))
    assert shown[0] == shown[1] == shown[2]
    assert joined_so_far(app, cohort) == 1
    assert stranger(app).get(shown[0][0]).status_code == 303


def test_another_sheet_typed_into_the_page_before_is_another_organisation(app: FastAPI) -> None:
    cohort = make_cohort(app)
    sheet = SHEET | {"once": key_of(cohort, "paper")}
    first = links(cohort.owner.post(cohort.path("paper"), data=sheet))
    assert links(cohort.owner.post(cohort.path("paper"), data=sheet | {"organisation": "Another"})) != first
    assert joined_so_far(app, cohort) == 2


def test_what_was_erased_since_is_not_kept_again_by_a_page_that_is_sent_again(app: FastAPI) -> None:
    cohort = make_cohort(app)
    sheet = SHEET | {"once": key_of(cohort, "paper")}
    [link] = links(cohort.owner.post(cohort.path("paper"), data=sheet))
    with house_of(app).database.writing() as session:
        place = assessments.place_of(session, link.removeprefix("/r/"))
        assert place
        assessments.erase(session, place.assessment)
    again = cohort.owner.post(cohort.path("paper"), data=sheet)
    assert (again.status_code, again.headers["location"]) == (303, cohort.path())
    assert joined_so_far(app, cohort) == 0


def test_files_that_are_sent_twice_are_taken_in_once_and_tell_the_same_links(app: FastAPI) -> None:
    cohort = make_cohort(app)
    files = [
        ("documents", ("a.json", json.dumps([DOCUMENT, DOCUMENT]))),
        ("documents", ("b.json", json.dumps(DOCUMENT | {"organisation": "Another"}))),
    ]
    sent = {"once": key_of(cohort, "import"), "again": "yes"}
    pages = [cohort.owner.post(cohort.path("import"), data=sent, files=files) for _ in range(2)]
    assert links(pages[0]) == links(pages[1])
    assert len(set(links(pages[0]))) == joined_so_far(app, cohort) == 3
    # Without the word that they are others, too: nobody is asked about what they have just sent.
    sent = {"once": key_of(cohort, "import")}
    files = [("documents", ("c.json", json.dumps(DOCUMENT | {"organisation": "A third"})))]
    pages = [cohort.owner.post(cohort.path("import"), data=sent, files=files) for _ in range(2)]
    assert links(pages[0]) == links(pages[1])
    assert joined_so_far(app, cohort) == 4
    assert cohort.owner.post(cohort.path("import"), data={"once": "x"}, files=files).status_code == 422


def test_invitations_that_are_asked_for_twice_are_the_same(app: FastAPI) -> None:
    cohort = make_cohort(app)
    sent = {"count": "7", "once": key_of(cohort)}
    with ThreadPoolExecutor(3) as pool:
        shown = list(pool.map(lambda _: links(cohort.owner.post(cohort.path("invitations"), data=sent)), range(3)))
    assert shown[0] == shown[1] == shown[2]
    assert len(set(shown[0])) == 7
    assert len([row for row in dump(app) if row[0] == "invitation" and cohort.id in row]) == 7
    more = links(cohort.owner.post(cohort.path("invitations"), data=sent | {"once": key_of(cohort)}))
    assert set(more).isdisjoint(shown[0])
    assert not any(link.rpartition("/")[2] in str(dump(app)) for link in shown[0])


def test_a_token_that_is_asked_for_twice_is_one_and_stays_ended(app: FastAPI) -> None:
    person = facilitator(app)
    sent = {"name": "Laptop", "once": once(person.browser.get("/account").text)}
    pages = [person.browser.post("/account/tokens", data=sent) for _ in range(2)]
    [token] = links(pages[0])
    assert links(pages[1]) == links(pages[0])
    assert pages[1].text.count(">Laptop<") == 1
    assert once(pages[1].text) != sent["once"]
    assert links(person.browser.post("/account/tokens", data=sent | {"name": "Server"})) != links(pages[0])
    [revoke] = re.findall(r'action="([^"]+/revoke)"[^>]*>[^>]*aria-labelledby="revoke-\w+ token-\w+"', pages[1].text)
    assert person.browser.post(revoke).status_code == 303
    again = person.browser.post("/account/tokens", data=sent)
    assert (again.status_code, again.headers["location"]) == (303, "/account#tokens")
    with house_of(app).database.reading() as session:
        assert accounts.account_of_api_token(session, token) is None


def test_a_zip_that_is_ordered_twice_is_made_once_also_where_the_first_is_done_by_then(app: FastAPI) -> None:
    _, cohort = with_cohort(app)
    cohort.owner.post(cohort.path("paper"), data=SHEET)
    sent = {"once": key_of(cohort, "reports")}
    assert cohort.owner.post(cohort.path("reports"), data=sent).status_code == 303
    with house_of(app).database.writing() as session:
        while claimed := jobs.claim_next(session, "reports", now()):
            jobs.fail(session, claimed, "not this time", now())
        job = jobs.newest(session, cohort.id)
    assert cohort.owner.post(cohort.path("reports"), data=sent).status_code == 303
    with house_of(app).database.reading() as session:
        assert jobs.newest(session, cohort.id) == job
    assert cohort.owner.post(cohort.path("reports"), data={"once": key_of(cohort, "reports")}).status_code == 303
    with house_of(app).database.reading() as session:
        assert jobs.newest(session, cohort.id) != job


def test_an_organisations_new_link_is_the_same_for_the_same_page_and_an_old_one_stays_dead(app: FastAPI) -> None:
    cohort = make_cohort(app)
    member = joined(app, cohort)
    path, sent = cohort.path("members", member.assessment, "link"), {"once": key_of(cohort)}
    shown = [links(cohort.owner.post(path, data=sent)) for _ in range(2)]
    assert shown[0] == shown[1]
    [link] = shown[0]
    assert stranger(app).get(link).status_code == 303
    assert links(cohort.owner.post(path, data={"once": key_of(cohort)})) != shown[0]
    assert cohort.owner.post(path, data=sent).headers["location"] == cohort.path() + "#members"
    assert stranger(app).get(link).status_code == 404


def test_whoever_replaces_their_link_and_hears_no_answer_is_not_locked_out(app: FastAPI) -> None:
    holder = begin(app)
    sent = {"once": once(holder.browser.get(holder.path("link")).text)}
    lost, again = the_same_browser_before(holder), the_same_browser_before(holder)
    assert lost.post(holder.path("link"), data=sent).status_code == 303
    assert again.get(holder.path("link")).status_code == 404
    assert again.post(holder.path("link"), data=sent).headers["location"] == holder.path("link") + "?said=link_replaced"
    assert again.get(holder.path("link")).status_code == 200
    # Nobody else's key opens it; and one that was replaced since does not come back.
    other = begin(app)
    assert stranger(app).post(holder.path("link"), data={"once": other.token}).status_code == 404
    assert again.post(holder.path("link"), data={"once": once(again.get(holder.path("link")).text)}).status_code == 303
    assert again.post(holder.path("link"), data=sent).status_code == 303
    assert again.get(holder.path("link")).status_code == 200
    assert stranger(app).get(f"/r/{sent['once']}").status_code == 404


def test_archiving_twice_does_not_fetch_the_cohort_back(app: FastAPI) -> None:
    cohort = make_cohort(app)
    for to, shown in (("away", "Fetch it back"), ("back", "Archive")):
        for _ in range(2):
            assert cohort.owner.post(cohort.path("archive"), data={"to": to}).status_code == 303
        assert f'value="{"back" if to == "away" else "away"}">{shown}<' in cohort.owner.get(cohort.path()).text
    assert cohort.owner.post(cohort.path("archive")).status_code == 422


def test_a_call_that_is_sent_again_is_answered_with_what_the_first_made(app: FastAPI) -> None:
    person = facilitator(app)
    api = program(app, person)
    new = SENT_AS_JSON["POST /api/v1/cohorts"]
    first, again = (api.post(f"{API}/cohorts", json=new, headers=KEY) for _ in range(2))
    assert ok(first, 201) == ok(again, 201)
    assert first.headers["location"] == again.headers["location"]
    path = f"{API}/cohorts/{first.json()['id']}/assessments"
    with ThreadPoolExecutor(3) as pool:
        calls = list(pool.map(lambda _: api.post(path, json=DOCUMENT, headers={"Idempotency-Key": "2"}), range(3)))
    told = [ok(call, 201) for call in calls]
    assert told[0] == told[1] == told[2]
    assert len(ok(api.get(path))["assessments"]) == 1
    assert stranger(app).get(f"/r/{told[0]['private_link'].rpartition('/')[2]}").status_code == 303
    assert len(ok(api.get(f"{API}/cohorts"))["cohorts"]) == 1


def test_a_key_says_what_it_was_for_and_belongs_to_one_token(app: FastAPI) -> None:
    person = facilitator(app)
    api, other = program(app, person), program(app, person)
    new = SENT_AS_JSON["POST /api/v1/cohorts"]
    made = ok(api.post(f"{API}/cohorts", json=new, headers=KEY), 201)
    refused(api.post(f"{API}/cohorts", json=new | {"name": "Autumn"}, headers=KEY), 422, "key_used")
    refused(api.post(f"{API}/cohorts/{made['id']}/assessments", json=DOCUMENT, headers=KEY), 422, "key_used")
    assert ok(other.post(f"{API}/cohorts", json=new, headers=KEY), 201)["id"] != made["id"]
    # A call that was refused has used nothing up, and without a key every call makes another one.
    for body, status in ((DOCUMENT | {"form": "full"}, 422), (DOCUMENT, 201)):
        call = api.post(f"{API}/cohorts/{made['id']}/assessments", json=body, headers={"Idempotency-Key": "2"})
        assert call.status_code == status
    assert ok(api.post(f"{API}/cohorts", json=new), 201)["id"] != ok(api.post(f"{API}/cohorts", json=new), 201)["id"]
    refused(api.post(f"{API}/cohorts", json=new, headers={"Idempotency-Key": "x" * 256}), 422, "invalid")


def test_what_a_key_made_and_was_erased_since_is_not_imported_again(app: FastAPI) -> None:
    api, cohort = with_cohort(app)
    path = f"{API}/cohorts/{cohort.id}/assessments"
    made = ok(api.post(path, json=DOCUMENT, headers=KEY), 201)["assessment"]["id"]
    with house_of(app).database.writing() as session:
        assessments.erase(session, made)
    refused(api.post(path, json=DOCUMENT, headers=KEY), 409, "key_used")
    with house_of(app).database.reading() as session, pytest.raises(GoneError):
        assessments.document(session, made)


def test_the_key_is_described_where_it_is_taken_and_nowhere_else(app: FastAPI) -> None:
    paths = stranger(app).get(f"{API}/openapi.json").json()["paths"]
    taking = {
        (method, path)
        for path, methods in paths.items()
        for method, call in methods.items()
        for one in call.get("parameters", ())
        if (one["in"], one["name"], one["required"]) == ("header", "Idempotency-Key", False)
    }
    assert taking == {("post", f"{API}/cohorts"), ("post", f"{API}/cohorts/{{cohort}}/assessments")}
    assert stranger(app).get(f"{API}/docs").text.count("<code>Idempotency-Key</code>") == 2
