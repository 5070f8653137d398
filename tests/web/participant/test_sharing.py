"""Sharing: a link that is read-only, ends, and tells of nobody; and who gets the results."""

import datetime
import html
import io
import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader

from app.core.answers.modules import Touchpoint
from app.printing import Printer, PrinterBusyError
from app.store import assessments
from tests.server import running_server
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import now
from tests.web.facilitator.taking_home import PAYLOADS
from tests.web.participant.teams import fill, finish, invite
from tests.web.visiting import START, Holder, begin, dump, house_of, stranger

NAME = "Škrlatni kanarček"


def share(holder: Holder, what: str = "report", days: str = "30") -> str:
    """Makes a link on the page; its path."""
    response = holder.browser.post(holder.path("sharing"), data={"what": what, "days": days})
    assert response.status_code == 200, response.text
    [link] = re.findall(r'value="http://127.0.0.1:8000(/shared/[A-Za-z0-9_-]{27})"', response.text)
    return str(link)


def test_a_page_sent_twice_makes_one_link_and_shows_it_both_times(app: FastAPI) -> None:
    holder = filled(app)
    [once] = re.findall(r'name="once" value="([^"]+)"', holder.browser.get(holder.path("sharing")).text)
    sent = {"what": "report", "days": "7", "once": once}
    pages = [holder.browser.post(holder.path("sharing"), data=sent).text for _ in range(2)]
    links = {re.findall(r"/shared/[A-Za-z0-9_-]{27}", page)[0] for page in pages}
    assert len(links) == 1
    page = holder.browser.get(holder.path("sharing")).text
    [revoke] = re.findall(r'action="([^"]+/revoke)"', page)
    reader(app, links.pop())
    holder.browser.post(revoke)
    again = holder.browser.post(holder.path("sharing"), data=sent)
    assert (again.status_code, again.headers["location"]) == (303, holder.path("sharing") + "#links")
    assert holder.browser.post(holder.path("sharing"), data=sent | {"once": "x"}).status_code == 422


def reader(app: FastAPI, link: str) -> tuple[TestClient, str]:
    """Somebody else's browser that has opened the link, and where it leads."""
    browser = stranger(app)
    response = browser.get(link)
    assert response.status_code == 303, response.text
    return browser, response.headers["location"]


def filled(app: FastAPI, **fields: str) -> Holder:
    """A finished assessment with an action and a touchpoint."""
    holder = begin(app, organisation=NAME, **fields)
    for place, question in enumerate(("strategy.purpose", "culture.purpose", "metrics.promises")):
        holder.answer(question, str(1 + place))
    holder.browser.post(holder.path("plan"), data={"text": "Answer every complaint", "way": "emotional"})
    with house_of(app).database.writing() as session:
        till = Touchpoint(stage="buy", name="At the till", feeling=-1, point="pain")
        assessments.add_touchpoint(session, holder.assessment, till, now())
    assert holder.browser.post(holder.path("finish")).status_code == 303
    return holder


def test_a_shared_report_is_read_as_a_page_and_as_a_pdf(app: FastAPI) -> None:
    holder = filled(app)
    browser, path = reader(app, share(holder))
    page = browser.get(path)
    assert page.status_code == 200
    for told in (NAME, "Answer every complaint", "At the till"):
        assert told in page.text
    pdf = browser.get(path + "/report.pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf.content)).pages)
    assert NAME in text
    assert browser.get(path + "/journey.pdf").status_code == 200


def test_a_journey_on_which_nothing_is_drawn_is_not_shared(app: FastAPI) -> None:
    holder = begin(app)
    assert 'value="journey"' not in holder.browser.get(holder.path("sharing")).text
    refused = holder.browser.post(holder.path("sharing"), data={"what": "journey", "days": "7"})
    assert refused.status_code == 422
    assert "The journey map is still empty." in refused.text


def test_a_shared_journey_shows_the_journey_and_nothing_else(app: FastAPI) -> None:
    holder = filled(app)
    browser, path = reader(app, share(holder, "journey"))
    page = browser.get(path).text
    assert "At the till" in page
    assert "Answer every complaint" not in page
    assert browser.get(path + "/report.pdf").status_code == 404
    for size in ("a4", "a3"):
        assert browser.get(f"{path}/journey.pdf?size={size}").status_code == 200
    assert browser.get(f"{path}/journey.pdf?size=poster").status_code == 422


def test_nothing_on_a_shared_page_leads_to_what_can_be_changed(app: FastAPI) -> None:
    holder = filled(app)
    for what in ("report", "journey"):
        browser, path = reader(app, share(holder, what))
        page = browser.get(path).text
        assert "<form" not in page
        links = {link for link in re.findall(r'(?:href|src|action)="([^"#]+)"', page) if "/static/" not in link}
        own = {f"{path}/report.pdf"} if what == "report" else {f"{path}/journey.pdf", f"{path}/journey.pdf?size=a3"}
        assert links == own | {"/", "/privacy", "/sign-in"}
        assert holder.assessment not in page
        for there in ("", "/result", "/plan", "/answers.json", "/report.pdf", "/sharing", "/link"):
            assert browser.get(holder.path() + there).status_code == 404
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert browser.request(method, path).status_code == 405


def test_who_answered_what_is_not_told(app: FastAPI) -> None:
    holder = filled(app)
    with house_of(app).database.writing() as session:
        for level in (1, 5):
            place = assessments.join_team(session, holder.assessment, "back_office", now())
            assessments.save_answer(
                session, place.respondent, "strategy.purpose", level, seen=0, writer=None, sequence=0, now=now()
            )
            assessments.finish_own(session, place.respondent, now())
    assert "Given:" in holder.browser.get(holder.path("result")).text
    browser, path = reader(app, share(holder))
    page = browser.get(path).text
    assert "Given:" not in page
    assert "Your own" not in page


def test_a_link_ends_when_it_is_revoked_and_when_its_time_is_up(app: FastAPI) -> None:
    holder = filled(app)
    revoked, late = share(holder), share(holder, days="7")
    [(first, first_path), (second, second_path)] = [reader(app, link) for link in (revoked, late)]
    made = re.findall(r'action="([^"]+/revoke)"', holder.browser.get(holder.path("sharing")).text)
    assert len(made) == 2
    [own] = [path for path in made if first_path.rpartition("/")[2] in path]
    assert holder.browser.post(own).status_code == 303
    assert [first.get(first_path).status_code, second.get(second_path).status_code] == [404, 200]
    shown = holder.browser.get(holder.path("sharing")).text
    assert ("ended" in shown, shown.count("open until"), shown.count("End it now")) == (True, 1, 1)
    after = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=7, seconds=1)
    with time_machine.travel(after, tick=False):
        for browser, path, link in ((first, first_path, revoked), (second, second_path, late)):
            for address in (link, path, path + "/report.pdf"):
                ended = browser.get(address)
                assert ended.status_code == 404
                assert "This link shows nothing any more" in ended.text
                assert NAME not in html.unescape(ended.text)
                assert ended.headers["x-robots-tag"].startswith("noindex")


def test_what_is_erased_is_shared_no_more(app: FastAPI) -> None:
    holder = filled(app)
    link = share(holder)
    browser, path = reader(app, link)
    assert holder.browser.post(holder.path("erase"), data={"word": "erase"}).status_code == 200
    told = [browser.get(link).text, browser.get(path).text, stranger(app).get("/shared/" + "x" * 27).text]
    assert len(set(told)) == 1
    assert "This link shows nothing any more" in told[0]


def test_the_links_address_is_kept_from_referers_and_from_search_engines(app: FastAPI, secure_app: FastAPI) -> None:
    holder = filled(app)
    link = share(holder)
    response = stranger(app).get(link)
    assert response.headers["referrer-policy"] == "no-referrer"
    assert link.rpartition("/")[2] not in response.headers["location"]
    browser, path = reader(app, link)
    for address in (link, path, path + "/report.pdf"):
        assert browser.get(address).headers["x-robots-tag"] == "noindex, nofollow, noarchive"
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    there = begin(secure_app, "https://cx.example.org")
    page = there.browser.post(there.path("sharing"), data={"what": "report", "days": "7"}).text
    [address] = re.findall(r'value="https://cx.example.org(/shared/[^"]+)"', page)
    secure = stranger(secure_app, "https://cx.example.org").get(address).headers["set-cookie"]
    assert secure.startswith("__Host-cxm-shared-")
    assert "Secure" in secure


def test_only_what_the_page_offers_can_be_made(app: FastAPI) -> None:
    holder = filled(app)
    before = dump(app)
    for wrong in (
        {"what": "answers"},
        {"days": "8"},
        {"days": "100000"},
        {"days": "-1"},
        {"what": ""},
        {"days": "30 "},
    ):
        sent = {"what": "report", "days": "30"} | wrong
        response = holder.browser.post(holder.path("sharing"), data=sent)
        assert (response.status_code, "Please choose one." in response.text) == (422, True)
    assert dump(app) == before


def test_the_fifty_first_link_is_refused_in_words(app: FastAPI) -> None:
    holder = begin(app)
    with house_of(app).database.writing() as session:
        for _ in range(50):
            assessments.share(session, holder.assessment, "report", 7, now())
    full = holder.browser.post(holder.path("sharing"), data={"what": "report", "days": "7"})
    assert (full.status_code, "too many links" in full.text) == (422, True)


def test_who_gets_the_results_is_kept_as_it_is_ticked(app: FastAPI) -> None:
    holder = filled(app)
    path = holder.path("sharing", "recipients")

    def kept() -> object:
        told = holder.browser.get(holder.path("answers.json")).json()["modules"]
        return told.get("after_report", {}).get("results_to", [])

    assert holder.browser.post(path, data={"everyone": "yes", "outside": "yes", "seen": ""}).status_code == 303
    assert kept() == ["everyone", "outside"]
    # A page that shows less takes nothing away that it has not seen.
    assert holder.browser.post(path, data={"leadership": "yes", "seen": ""}).status_code == 303
    assert kept() == ["leadership", "everyone", "outside"]
    quick = holder.browser.post(
        path, data={"everyone": "yes", "seen": "everyone,outside"}, headers={"hx-request": "true"}
    )
    assert ('value="leadership,everyone"' in quick.text, kept()) == (True, ["leadership", "everyone"])
    for wrong in ({"seen": "nobody"}, {"seen": "", "everyone": "maybe", "nobody": "yes"}):
        assert holder.browser.post(path, data=wrong).status_code == 422


def test_a_confidential_cohorts_member_may_share_its_own_report(app: FastAPI) -> None:
    holder = joined(app, make_cohort(app, privacy="confidential"), told="confidential")
    page = holder.browser.get(holder.path("sharing")).text
    assert "This report is your own" in page
    browser, path = reader(app, share(holder))
    assert browser.get(path).status_code == 200


def test_a_shared_report_leaves_out_what_is_at_stake_and_what_was_said_after_it(app: FastAPI) -> None:
    holder = filled(app)
    told: dict[str, int | str | bool] = {
        "at_stake.revenue": 777_000,
        "at_stake.share": 10,
        "at_stake.currency": "EUR",
        "after_report.results_to.everyone": True,
    }
    with house_of(app).database.writing() as session:
        for name, value in told.items():
            assessments.save_field(session, holder.assessment, name, value, {None}, now())
    own = holder.browser.get(holder.path("result")).text
    browser, path = reader(app, share(holder))
    page, pdf = browser.get(path).text, PdfReader(io.BytesIO(browser.get(path + "/report.pdf").content))
    for secret in ("777,000", "Who gets the results"):
        assert secret in own
        assert secret not in page
        assert not any(secret in sheet.extract_text() for sheet in pdf.pages)
    assert "What is at stake, and what you said after the report, are left out." in (
        holder.browser.get(holder.path("sharing")).text
    )


def test_a_shared_report_waits_for_the_owner_of_a_team(app: FastAPI) -> None:
    holder = begin(app, form="pulse")
    browser, path = reader(app, share(holder))
    made = invite(app, holder)
    for one in made.everybody:
        fill(one, 3)
    finish(made.colleagues[0])
    waits = browser.get(path)
    assert (waits.status_code, "Not ready yet" in waits.text, "Where you stand" in waits.text) == (200, True, False)
    assert browser.get(path + "/report.pdf").headers["location"] == path
    finish(holder)
    assert "Where you stand" in browser.get(path).text


def test_in_a_team_nobody_reads_the_result_by_a_link_before_the_owner_has_finished(app: FastAPI) -> None:
    holder = begin(app)
    holder.answer("strategy.purpose", "1")
    with house_of(app).database.writing() as session:
        assessments.join_team(session, holder.assessment, "back_office", now())
    before = [row for row in dump(app) if row[0] == "share"]
    for path, data in (("sharing", {"what": "report", "days": "7"}), ("plan/recommended", {"preset": "delivery"})):
        answer = holder.browser.post(holder.path(path), data=data)
        assert "shared/" not in answer.text
    assert [row for row in dump(app) if row[0] == "share"] == before
    assert "Choose from your next steps" not in holder.browser.get(holder.path("plan")).text


@pytest.mark.parametrize("payload", [*PAYLOADS, "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_a_name_stays_text_on_what_is_shared(app: FastAPI, payload: str) -> None:
    holder = begin(app, organisation=payload)
    holder.answer("strategy.purpose", "1")
    assert holder.browser.post(holder.path("journey"), data={"stage": "buy", "name": payload}).status_code == 303
    for what in ("report", "journey"):
        browser, path = reader(app, share(holder, what))
        page = browser.get(path).text
        assert payload in html.unescape(page)
        assert "<script>alert" not in page
        assert "<img" not in page


def test_readers_wait_for_the_printer_like_everybody(app: FastAPI) -> None:
    class Busy(Printer):
        def pdf(self, html: str) -> bytes:
            raise PrinterBusyError

    browser, path = reader(app, share(filled(app)))
    house = house_of(app)
    app.state.house = replace(house, printer=Busy())
    busy = browser.get(path + "/report.pdf")
    app.state.house = house
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "5")
    assert f'href="{path}"' in busy.text


def test_a_links_token_is_nowhere_but_on_the_page_that_hands_it_out(tmp_path: Path) -> None:
    file = tmp_path / "cxm.db"
    with running_server(tmp_path) as server:
        owner = httpx2.Client(base_url=server.url, timeout=60)
        path = owner.post("/assessments", data=START | {"organisation": NAME}).headers["location"]
        owner.post(f"{path}/answers/strategy.purpose", data={"answer": "2", "seen": "0"})
        made = owner.post(f"{path}/sharing", data={"what": "report", "days": "7"})
        [token] = re.findall(r"/shared/([A-Za-z0-9_-]{27})", made.text)
        other = httpx2.Client(base_url=server.url, timeout=60)
        opened = other.get(f"/shared/{token}")
        there = opened.headers["location"]
        seen = [other.get(there), other.get(f"{there}/report.pdf"), owner.get(f"{path}/sharing"), owner.get(path)]
        seen += [other.get(f"/more/{token}"), other.get(f"/shared/{token}x"), other.post(f"/shared/{token}")]
        assert [one.status_code for one in seen] == [200, 200, 200, 303, 404, 404, 405]
        database = b"".join(Path(f"{file}{end}").read_bytes() for end in ("", "-wal", "-shm"))
        for client in (owner, other):
            client.close()
        log = server.output.read_text()
    assert "route=/shared/{token} status=303" in log
    assert "route=/shared-with/{share} status=200" in log
    for place in (log.encode(), database, *(one.content for one in seen), str([one.headers for one in seen]).encode()):
        assert token.encode() not in place
    for secret in (NAME, there.rpartition("/")[2], path.rpartition("/")[2]):
        assert secret not in log
