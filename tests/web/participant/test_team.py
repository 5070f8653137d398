"""A team: what colleagues are told, how they come in, what each may see and do, and how they go again."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi import FastAPI
from pypdf import PdfReader

from app.store import assessments
from app.store.assessments import Place
from app.store.secrets.tokens import hashed
from app.web.shell import visits
from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.facilitator.facilitating import now
from tests.web.participant.teams import code_of, fill, finish, invite, join, team
from tests.web.visiting import begin, cookie_of, dump, house_of, stranger, web

QUESTION = "strategy.purpose"
OWNERS = (
    "aims",
    "facts",
    "meeting",
    f"meeting/{QUESTION}",
    "plan",
    "plan.csv",
    "plan.xlsx",
    "plan.ics",
    "journey",
    "sharing",
    "again",
    "reminder.ics",
    "answers.json",
    "more/profile",
    "more/stake",
)
"""Pages that are the owner's alone."""
MEMBERS = ("questions/strategy", "review", "link", "team", "more", "more/offices", "more/introduction", "result")
"""Pages that are everybody's."""


@pytest.fixture
def quiet_app(tmp_path: Path) -> Iterator[FastAPI]:
    """An application at which nobody has typed a wrong code yet."""
    app = web(f"sqlite:///{tmp_path / 'cxm.db'}")
    yield app
    house_of(app).database.close()


def _paths(html: str) -> set[str]:
    """Where a page's links and forms lead."""
    return set(re.findall(r'(?:href|action)="([^"#]*)', html))


def test_colleagues_are_told_who_sees_what_before_they_join(app: FastAPI) -> None:
    cohort = make_cohort(app, privacy="confidential")
    made = invite(app, joined(app, cohort, told="confidential"))
    page = stranger(app).get(f"/team/{made.code}").text
    for sentence in (
        "No page and no report tells which answers are yours.",
        "As long as only two of you answer, each can work out the other’s.",
        "Your answers count once you press “Finish”, and not before.",
        "Whoever looks at the result just before and just after one person finishes can work theirs out.",
        "can save all finished answers as a file, by role",
        "This cohort is confidential.",
        "Whoever runs this server can read its database.",
    ):
        assert sentence in page
    assert "checked" not in page  # nobody's role is proposed


def test_one_box_takes_a_cohorts_code_and_a_teams(app: FastAPI) -> None:
    cohort = make_cohort(app)
    made = team(app)
    for code, leads_to in ((cohort.code, f"/join/{cohort.code}"), (made.code, f"/team/{made.code}")):
        visitor = stranger(app)
        first = visitor.post("/join", data={"code": f"{code[:4].lower()} {code[4:]}"})
        at_the_door = visitor.get(first.headers["location"])
        assert at_the_door.headers.get("location", first.headers["location"]) == leads_to
    assert stranger(app).get(f"/team/{cohort.code}").headers["location"] == f"/join/{cohort.code}"


def test_who_comes_by_a_cohorts_code_is_asked_whether_the_organisation_is_new(app: FastAPI) -> None:
    cohort = make_cohort(app)
    made = invite(app, joined(app, cohort))
    visitor = stranger(app)
    page = visitor.get(f"/join/{cohort.code}").text
    assert "Is your organisation new here?" in page
    unanswered = visitor.post(f"/join/{cohort.code}", data={"organisation": "Kavarna", "told": "open"})
    assert (unanswered.status_code, unanswered.text.count("Please choose one.")) == (422, 2)  # summary, field
    sent = {"arriving": "team", "team_code": f" {made.code.lower()} ", "organisation": "", "told": "open"}
    assert visitor.post(f"/join/{cohort.code}", data=sent).headers["location"] == f"/team/{made.code}"
    without = visitor.post(f"/join/{cohort.code}", data=sent | {"team_code": " "})
    assert (without.status_code, "Please type the code." in without.text) == (422, True)
    assert visitor.post(f"/join/{cohort.code}", data=sent | {"more": "1"}).status_code == 422
    joining = visitor.post(f"/team/{made.code}", data={"role": "other"})
    assert joining.headers["location"] == f"/assessments/{made.owner.assessment}"
    assert "1</dd>" in cohort.owner.get(cohort.path()).text  # still one organisation


def test_a_single_use_invitation_is_not_used_up_by_who_goes_to_their_team(app: FastAPI) -> None:
    cohort = make_cohort(app)
    made = invite(app, joined(app, cohort))
    page = cohort.owner.post(cohort.path("invitations"), data={"count": "1"}).text
    [path] = re.findall(r"/invitation/[\w-]+", page)
    sent = {"arriving": "team", "team_code": made.code, "told": "open"}
    assert stranger(app).post(path, data=sent).headers["location"] == f"/team/{made.code}"
    assert stranger(app).get(path).status_code == 200


def test_a_role_is_chosen_and_nothing_else_is_taken(app: FastAPI) -> None:
    made = team(app)
    for fields in ({}, {"role": "owner"}, {"role": "other", "is_owner": "true"}, {"role": "other", "seat": "0"}):
        assert stranger(app).post(f"/team/{made.code}", data=fields).status_code == 422


def test_joining_twice_from_one_device_leads_to_the_place_that_is_held(app: FastAPI) -> None:
    made = team(app)
    for holder in made.everybody:
        for method in ("GET", "POST"):
            again = holder.browser.request(method, f"/team/{made.code}", data={"role": "other"})
            assert again.headers["location"] == holder.path()
    with house_of(app).database.reading() as session:
        assert assessments.team_size(session, made.owner.assessment) == (2, 2)


def test_a_colleague_sees_and_does_what_is_theirs_and_no_more(app: FastAPI) -> None:
    made = team(app)
    [colleague] = made.colleagues
    for one in made.everybody:
        assert one.answer(QUESTION, "3") == 200
    made.finish()
    for page in MEMBERS:
        assert (page, colleague.browser.get(colleague.path(page)).status_code) == (page, 200)
    for page in OWNERS:
        assert made.owner.browser.get(made.owner.path(page)).status_code in {200, 303}, page
        assert (page, colleague.browser.get(colleague.path(page)).status_code) == (page, 404)
    before = [row for row in dump(app) if made.owner.assessment in row]
    for page, fields in {
        "aims": {"target:strategy": "5"},
        "facts": {"organisation": "Mine", "business_stage": "growing"},
        "erase": {"word": "erase"},
        "withdraw": {},
        "team": {},
        "team/code": {},
        "team/remove": {"place": "x"},
        f"meeting/{QUESTION}": {"level": "5"},
        "plan": {"text": "x"},
        "journey": {"name": "x"},
        "sharing": {"what": "report"},
        "again": {"form": "pulse"},
    }.items():
        assert (page, colleague.browser.post(colleague.path(page), data=fields).status_code) == (page, 404)
    assert [row for row in dump(app) if made.owner.assessment in row] == before


def test_no_page_of_a_colleagues_leads_to_one_that_is_not_there_for_them(app: FastAPI) -> None:
    made = team(app)
    [colleague] = made.colleagues
    pages = ["", *MEMBERS]
    for finished in (False, True):
        if finished:
            for level, one in zip(("1", "4"), made.everybody, strict=True):
                assert one.answer(QUESTION, level) == 200
            made.finish()
        seen: set[str] = set()
        for page in pages:
            response = colleague.browser.get(colleague.path(page) if page else colleague.path(), follow_redirects=True)
            seen |= {path for path in _paths(response.text) if path.startswith(colleague.path())}
        forms = {path for path in seen if colleague.browser.get(path).status_code == 405}
        gone = {path for path in seen - forms if colleague.browser.get(path).status_code == 404}
        assert gone == set()
        allowed = {"finish", "forget", "leave", "strategy", "offices"}
        assert {path.rpartition("/")[2] for path in forms} <= allowed


def test_the_result_opens_after_ones_own_answers(app: FastAPI) -> None:
    made = team(app)
    owner, [colleague] = made.owner, made.colleagues
    for one in made.everybody:
        assert one.answer(QUESTION, "3") == 200
    finish(owner)
    assert "Where you stand" in owner.browser.get(owner.path("result")).text
    assert "Your own answers first" in colleague.browser.get(colleague.path("result")).text
    assert colleague.browser.get(colleague.path("report.pdf")).headers["location"] == colleague.path("result")
    assert colleague.browser.get(colleague.path()).headers["location"].startswith(colleague.path("questions"))
    finish(colleague)
    assert "Where you stand" in colleague.browser.get(colleague.path("result")).text
    assert colleague.browser.get(colleague.path()).headers["location"] == colleague.path("result")


def test_a_colleagues_answers_count_once_they_have_finished(app: FastAPI) -> None:
    made = team(app, "front_office", "back_office")
    owner, [first, second] = made.owner, made.colleagues
    for one, level in zip(made.everybody, ("1", "3", "5"), strict=True):
        assert one.answer(QUESTION, level) == 200
    finish(owner)
    finish(first)

    def told() -> tuple[list[int], bool, str]:
        people = owner.browser.get(owner.path("answers.json")).json()["respondents"]
        meeting = owner.browser.get(owner.path("meeting")).text
        result = first.browser.get(first.path("result")).text
        assert ("Their answers count once they have." in result) is ("Their answers join the dots" in meeting)
        levels = " ".join(re.findall(r"Levels ([\d, ]+)", meeting)[:1])
        return [one["answers"][QUESTION] for one in people], "has not finished yet" in meeting, levels

    assert told() == ([1, 3], True, "1, 3")
    assert second.answer(QUESTION, "4", seen="1") == 200
    assert told() == ([1, 3], True, "1, 3")
    finish(second)
    people, waits, levels = told()
    assert (sorted(people), waits, levels) == ([1, 3, 4], False, "1, 3, 4")


def test_in_a_team_finishing_takes_an_answer_to_every_question(app: FastAPI) -> None:
    made = team(app)
    for one in made.everybody:
        assert one.answer(QUESTION, "3") == 200
        refused = one.browser.post(one.path("finish"))
        assert (refused.status_code, "13 questions are still open" in refused.text) == (422, True)
        fill(one, "dont_know")
        assert one.browser.post(one.path("finish")).headers["location"] == one.path("result")


def test_what_is_at_stake_is_the_owners_alone(app: FastAPI) -> None:
    made = team(app)
    made.finish()
    with house_of(app).database.writing() as session:
        for name, value in (("revenue", 777_000), ("share", 10), ("currency", "EUR")):
            assessments.save_field(session, made.owner.assessment, f"at_stake.{name}", value, {None}, now())
    [colleague] = made.colleagues
    for holder, sees in ((made.owner, True), (colleague, False)):
        assert holder.answer(QUESTION, "3", seen="1") == 200
        assert ("777,000" in holder.browser.get(holder.path("result")).text) is sees
        pdf = PdfReader(BytesIO(holder.browser.get(holder.path("report.pdf")).content))
        assert any("777,000" in page.extract_text() for page in pdf.pages) is sees


def test_the_page_on_privacy_says_who_reads_what_a_team_tells(app: FastAPI) -> None:
    page = stranger(app).get("/privacy").text
    for told in (
        "your plan, with the names of those who take something on",
        "keeps that one’s answers, by role",
        "Whoever has a link that you shared",
        "not what is at stake, what you made of the report or who gets it, earlier sittings, nor a recommended step",
        "Answers count once their person has finished, those of whoever began too",
        "gone from the sittings that follow, too",
    ):
        assert told in page


def test_a_form_that_is_sent_twice_joins_the_team_once(app: FastAPI) -> None:
    made = invite(app, begin(app, form="pulse"), [])
    [once] = re.findall(r'name="once" value="([^"]+)"', stranger(app).get(f"/team/{made.code}").text)
    sent = {"role": "other", "once": once}
    for _ in range(2):  # as with a double click: the second form goes without the first one's cookie
        browser = stranger(app)
        assert browser.post(f"/team/{made.code}", data=sent).status_code == 303
        assert cookie_of(browser.cookies, made.owner.assessment) == once
    with house_of(app).database.reading() as session:
        assert assessments.team_size(session, made.owner.assessment) == (2, 2)
    owners = stranger(app)
    assert owners.post(f"/team/{made.code}", data=sent | {"once": made.owner.token}).status_code == 303
    assert cookie_of(owners.cookies, made.owner.assessment) != made.owner.token


def test_the_owner_too_answers_first(app: FastAPI) -> None:
    made = team(app)
    owner, [colleague] = made.owner, made.colleagues
    assert colleague.answer(QUESTION, "5") == 200
    finish(colleague)
    for page in ("result", "meeting"):
        assert "Your own answers first" in owner.browser.get(owner.path(page)).text
    for method in ("GET", "POST"):
        response = owner.browser.request(method, owner.path("meeting", QUESTION))
        assert response.headers["location"] == owner.path("meeting")
    for page in ("report.pdf", "answers.json"):
        assert owner.browser.get(owner.path(page)).headers["location"] == owner.path("result")


def test_finishing_ones_own_finishes_nobody_elses(app: FastAPI) -> None:
    made = team(app, "front_office", "back_office")
    owner, [first, second] = made.owner, made.colleagues
    assert first.answer(QUESTION, "2") == 200
    assert "count in the team’s result once you press “Finish”" in first.browser.get(first.path("review")).text
    finish(first)
    with house_of(app).database.reading() as session:
        found = assessments.team(session, owner.assessment, now())
        sitting = assessments.sitting(session, owner.assessment)
    assert [one.finished_at is not None for one in found.members] == [False, True, False]
    assert sitting is not None
    assert sitting.finished_at is None
    assert "not finished yet" in second.browser.get("/").text
    assert "not finished yet" not in first.browser.get("/").text


def test_the_team_page_tells_roles_and_counts_and_no_answers(app: FastAPI) -> None:
    made = team(app, "front_office", "leadership")
    owner, [first, _] = made.owner, made.colleagues
    assert first.answer(QUESTION, "4") == 200
    page = owner.browser.get(owner.path("team")).text
    assert " of 14" not in page
    assert "3 people so far, 0 finished." in page
    with house_of(app).database.reading() as session:
        members = assessments.team(session, owner.assessment, now()).members
    assert not any(one.respondent in page for one in members)  # files name people in the order of these
    assert made.code[:4] in page
    assert first.token not in page
    seen_by_colleague = first.browser.get(first.path("team")).text
    assert "3 people are in, 0 finished." in seen_by_colleague
    assert made.code not in seen_by_colleague.replace(" ", "")


def test_a_renewed_code_ends_the_old_one_and_keeps_who_is_in(app: FastAPI) -> None:
    made = team(app)
    [colleague] = made.colleagues
    assert made.owner.browser.post(made.owner.path("team", "code")).status_code == 303
    new = code_of(app, made.owner)
    assert new != made.code
    assert stranger(app).get(f"/team/{made.code}").status_code == 404
    assert stranger(app).post(f"/team/{made.code}", data={"role": "other"}).status_code == 404
    assert colleague.browser.get(colleague.path("review")).status_code == 200
    join(app, made.owner.assessment, new)


def test_a_code_that_is_renewed_while_somebody_reads_lets_them_in_no_more(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = team(app)

    def renewed_meanwhile(*_: object, **__: object) -> Place:
        raise assessments.GoneError

    monkeypatch.setattr(assessments, "join_team", renewed_meanwhile)
    response = stranger(app).post(f"/team/{made.code}", data={"role": "other"})
    assert (response.status_code, "no team has this code" in response.text) == (404, True)


def test_who_is_taken_out_is_out_at_once_and_leaves_nothing(app: FastAPI) -> None:
    made = team(app, "front_office", "back_office")
    owner, [first, second] = made.owner, made.colleagues
    assert first.answer(QUESTION, "1") == 200
    with house_of(app).database.reading() as session:
        member = assessments.team(session, owner.assessment, now()).members[1]
    sent = {"place": hashed(member.respondent)}
    assert owner.browser.post(owner.path("team", "remove"), data=sent).status_code == 303
    assert owner.browser.post(owner.path("team", "remove"), data=sent).status_code == 303  # twice is once
    for page in ("", "result", "questions/strategy", "team"):
        assert first.browser.get(first.path(page) if page else first.path()).status_code == 404
    assert first.answer(QUESTION, "5", seen="1") == 404
    assert first.browser.get(f"/r/{first.token}").status_code == 404
    assert [row[0] for row in dump(app) if member.respondent in row] == ["erasure"]
    assert second.browser.get(second.path("review")).status_code == 200


def test_nobody_takes_the_owner_out_nor_somebody_of_another_team(app: FastAPI) -> None:
    made, other = team(app), team(app)
    with house_of(app).database.reading() as session:
        owner = assessments.team(session, made.owner.assessment, now()).members[0]
        elsewhere = assessments.team(session, other.owner.assessment, now()).members[1]
    path = made.owner.path("team", "remove")
    assert made.owner.browser.post(path, data={"place": hashed(owner.respondent)}).status_code == 422
    assert made.owner.browser.post(path, data={"place": hashed(elsewhere.respondent)}).status_code == 303
    [colleague] = other.colleagues
    assert colleague.browser.get(colleague.path("review")).status_code == 200
    assert made.owner.browser.post(made.owner.path("team", "leave")).status_code == 404


def test_who_leaves_takes_the_answers_along_and_may_come_back_empty(app: FastAPI) -> None:
    made = team(app)
    owner, [colleague] = made.owner, made.colleagues
    assert colleague.answer(QUESTION, "1") == 200
    left = colleague.browser.post(colleague.path("team", "leave"))
    assert (left.status_code, "You have left the team" in left.text) == (200, True)
    assert colleague.browser.get(colleague.path()).status_code == 404
    with house_of(app).database.reading() as session:
        assert assessments.team_size(session, owner.assessment) == (1, 1)
    again = colleague.browser.post(f"/team/{made.code}", data={"role": "other"})
    assert again.headers["location"] == colleague.path()
    assert "0 of 14" in colleague.browser.get(colleague.path("review")).text


def test_fifty_answer_and_no_more(app: FastAPI) -> None:
    made = team(app)
    for _ in range(48):
        join(app, made.owner.assessment, made.code)
    full = stranger(app).post(f"/team/{made.code}", data={"role": "other"})
    assert (full.status_code, "This team is full" in full.text) == (409, True)
    page = made.owner.browser.get(made.owner.path("team")).text
    assert "50 people so far" in page


def test_a_closed_cohort_lets_nobody_into_a_team_nor_out(app: FastAPI) -> None:
    cohort = make_cohort(app)
    made = invite(app, joined(app, cohort))
    owner, [colleague] = made.owner, made.colleagues
    assert colleague.answer(QUESTION, "2") == 200
    with house_of(app).database.reading() as session:
        member = assessments.team(session, owner.assessment, now()).members[1]
    assert cohort.owner.post(cohort.path("close")).status_code == 303
    assert stranger(app).get(f"/team/{made.code}").status_code == 404
    assert stranger(app).post(f"/team/{made.code}", data={"role": "other"}).status_code == 404
    for holder, page, fields in (
        (owner, "team", {}),
        (owner, "team/code", {}),
        (owner, "team/remove", {"place": hashed(member.respondent)}),
        (owner, f"meeting/{QUESTION}", {"level": "2"}),
        (colleague, "team/leave", {}),
        (colleague, "finish", {}),
    ):
        assert (page, holder.browser.post(holder.path(page), data=fields).status_code) == (page, 409)
    assert "nobody joins the team any more" in owner.browser.get(owner.path("team")).text
    assert "Your own answers first" not in colleague.browser.get(colleague.path("result")).text
    assert "Yes, leave" not in colleague.browser.get(colleague.path("team")).text


def test_guessed_team_codes_wait_like_a_cohorts(quiet_app: FastAPI) -> None:
    made = team(quiet_app)
    guesser = stranger(quiet_app)
    answers = [guesser.get(f"/{'team' if number % 2 else 'join'}/{number:08}").status_code for number in range(100)]
    assert answers.count(404) < 40
    assert answers.count(404) + answers.count(429) == 100
    assert guesser.get(f"/team/{made.code}").status_code == 429
    [colleague] = made.colleagues
    assert colleague.browser.get(f"/team/{made.code}").headers["location"] == colleague.path()


def test_each_goes_on_in_the_language_in_which_they_joined(app: FastAPI) -> None:
    made = team(app)
    browser = stranger(app)
    assert browser.post(f"/team/{made.code}", data={"role": "other"}).status_code == 303
    assert browser.cookies[visits.LANGUAGE_COOKIE] == "en"


def test_a_team_of_one_sees_its_result_as_before(app: FastAPI) -> None:
    alone = begin(app, form="pulse")
    assert "Nothing to show yet" in alone.browser.get(alone.path("result")).text
    assert alone.browser.get(alone.path("answers.json")).status_code == 200


def test_the_owners_link_is_no_key_of_a_colleagues(app: FastAPI) -> None:
    made = team(app)
    [colleague] = made.colleagues
    assert colleague.answer(QUESTION, "4") == 200
    assert made.owner.token != colleague.token
    assert made.owner.answer(QUESTION, "1") == 200
    page = colleague.browser.get(colleague.path("questions", "strategy")).text
    checked = re.findall(rf'name="answer:{re.escape(QUESTION)}" value="(\d)" checked', page)
    assert checked == ["4"]


def test_a_colleague_who_finished_is_not_told_that_they_have_not_and_is_offered_no_erasing(app: FastAPI) -> None:
    made = team(app, "front_office")
    owner, (colleague,) = made.owner, made.colleagues
    fill(colleague, 3)
    finish(colleague)

    page = colleague.browser.get(colleague.path("result")).text
    assert "· not finished yet" not in page
    assert "1 of you has not finished yet." in page
    more = colleague.browser.get(colleague.path("more")).text
    assert "Come back on any device, or replace the link." in more
    assert "erase everything" not in more
    assert "erase everything" in owner.browser.get(owner.path("more")).text
