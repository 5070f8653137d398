"""The agreement meeting: what is talked about, that nobody is exposed, and that no agreement is lost."""

import re

from fastapi import FastAPI
from httpx2 import Response

from tests.web.facilitator.cohorts import joined, make_cohort
from tests.web.participant.teams import Made, finish, invite, team
from tests.web.visiting import Holder, begin, house_of

PULSE = ("strategy.purpose", "strategy.promises", "culture.purpose", "culture.alignment")
"""Four questions of the pulse, in the questionnaire's order."""


def _answered(made: Made, **levels: str) -> Made:
    """Everybody answers what is said by question (with `__` for the dot): a letter each, "?" for don't know."""
    for question, said in levels.items():
        for letter, one in zip(said, made.everybody, strict=True):
            if letter != " ":
                answer = "dont_know" if letter == "?" else letter
                assert one.answer(question.replace("__", "."), answer) == 200
    made.finish()
    return made


def _talked_about(page: str) -> list[str]:
    return re.findall(r'<a href="[^"]*/meeting/([a-z.]+)">', page)


def _settle(owner: Holder, question: str, **fields: str) -> Response:
    """As the form's button does."""
    response: Response = owner.browser.post(owner.path("meeting", question), data=fields)
    return response


def _at_once(owner: Holder, question: str, **fields: str) -> Response:
    """As the page's script does."""
    headers = {"hx-request": "true"}
    response: Response = owner.browser.post(owner.path("meeting", question), data=fields, headers=headers)
    return response


def _agreed(owner: Holder) -> tuple[dict[str, int], dict[str, str]]:
    document = owner.browser.get(owner.path("answers.json")).json()
    return document.get("agreed", {}), document.get("modules", {}).get("evidence", {})


def test_the_widest_questions_come_first_and_the_others_can_be_reached(app: FastAPI) -> None:
    made = _answered(
        team(app, "front_office", "back_office"),
        strategy__purpose="113",
        strategy__promises="135",
        culture__purpose="334",
        culture__alignment="155",
    )
    page = made.owner.browser.get(made.owner.path("meeting")).text
    apart, others = page.split("All other questions")
    # Of two of the same range the one with the larger mean deviation stands first.
    assert _talked_about(apart) == ["culture.alignment", "strategy.promises", "strategy.purpose"]
    assert "culture.purpose" in _talked_about(others)
    assert len(_talked_about(others)) == 14 - 3
    assert made.owner.browser.get(made.owner.path("meeting", "culture.purpose")).status_code == 200


def test_the_meeting_is_found_once_two_have_answered(app: FastAPI) -> None:
    made = team(app)
    row = f'<a href="{made.owner.path("meeting")}">Agreement meeting</a>'
    assert row not in made.owner.browser.get(made.owner.path("more")).text
    _answered(made, strategy__purpose="15")
    assert row in made.owner.browser.get(made.owner.path("more")).text
    line = f'2 of you answered; <a href="{made.owner.path("meeting")}">1 question to discuss</a>'
    assert line in made.owner.browser.get(made.owner.path("result")).text
    [colleague] = made.colleagues
    assert "to discuss</a>" not in colleague.browser.get(colleague.path("result")).text
    assert "Agreement meeting" not in colleague.browser.get(colleague.path("more")).text


def test_more_than_five_are_for_another_day(app: FastAPI) -> None:
    made = team(app)
    pulse = [question.id for question in house_of(app).catalogue.newest()[0].in_form("pulse")]
    _answered(made, **{question.replace(".", "__"): "15" for question in pulse[:7]})
    page = made.owner.browser.get(made.owner.path("meeting")).text
    first, rest = page.split("2 more, for another day")
    assert _talked_about(first) == pulse[:5]
    assert _talked_about(rest.split("All other questions")[0]) == pulse[5:7]
    fifth, sixth = (made.owner.browser.get(made.owner.path("meeting", pulse[at])).text for at in (4, 5))
    assert ("That was five." in fifth, "That was five." in sixth) == (False, True)


def test_dots_stand_in_order_of_level_without_a_role_or_a_seat(app: FastAPI) -> None:
    made = _answered(team(app, "front_office", "back_office", "other"), strategy__purpose="51?3")
    same = _answered(team(app, "front_office", "back_office", "other"), strategy__purpose="3?15")
    pages = []
    for one in (made, same):
        page = one.owner.browser.get(one.owner.path("meeting", "strategy.purpose")).text
        pages.append(page.replace(one.owner.assessment, ""))
    assert pages[0] == pages[1]  # who said what makes no difference
    assert [len(re.findall("<i></i>", row)) for row in pages[0].split('class="row ')[0].split('class="row"')[1:]] == [
        1, 0, 1, 0, 1,
    ]  # fmt: skip
    assert "1 doesn’t know" in pages[0]
    for word in ("office", "Leadership", "Front", "Back office"):
        assert word not in pages[0].split("<main")[1].split("</main>")[0]


def test_what_is_agreed_stands_beside_the_answers_with_what_it_rests_on(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15", strategy__promises="24")
    owner = made.owner
    before = owner.browser.get(owner.path("answers.json")).json()["respondents"]
    sent = {"level": "3", "evidence": " Twelve complaints\r\nin October ", "then": "next"}
    onward = _settle(owner, "strategy.purpose", **sent)
    assert onward.headers["location"] == owner.path("meeting", "strategy.promises") + "?said=agreed"
    assert (
        _settle(owner, "strategy.promises", level="2", then="next").headers["location"]
        == owner.path("meeting") + "?said=agreed"
    )
    assert _agreed(owner) == (
        {"strategy.purpose": 3, "strategy.promises": 2},
        {"strategy.purpose": "Twelve complaints\nin October"},
    )
    assert owner.browser.get(owner.path("answers.json")).json()["respondents"] == before
    [colleague] = made.colleagues
    result = colleague.browser.get(colleague.path("result")).text
    assert "Twelve complaints" in result
    page = owner.browser.get(owner.path("meeting", "strategy.purpose")).text
    assert re.findall(r'name="level" value="(\d?)" checked', page) == ["3"]
    assert "Twelve complaints\nin October</textarea>" in page


def test_an_agreement_is_saved_at_once_and_taken_back(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15")
    owner = made.owner
    saved = _at_once(owner, "strategy.purpose", level="4")
    assert (saved.status_code, 'data-level="4"' in saved.text) == (200, True)
    # A retry whose confirmation got lost has no second effect, though it saw nothing agreed.
    assert _at_once(owner, "strategy.purpose", level="4").status_code == 200
    more = _at_once(owner, "strategy.purpose", level="4", evidence="A list", seen_level="4")
    assert more.status_code == 200
    assert _agreed(owner) == ({"strategy.purpose": 4}, {"strategy.purpose": "A list"})
    sent = {"level": "", "evidence": "A list", "seen_level": "4", "seen_evidence": "A list"}
    assert _at_once(owner, "strategy.purpose", **sent).status_code == 200
    assert _agreed(owner) == ({}, {})


def test_of_two_who_agree_at_once_neither_is_silently_overwritten(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15")
    owner = made.owner
    assert _at_once(owner, "strategy.purpose", level="4", evidence="Theirs").status_code == 200
    scripted = _at_once(owner, "strategy.purpose", level="2", evidence="Ours <b>")
    late = _settle(owner, "strategy.purpose", level="2", evidence="Ours <b>")
    for refused in (scripted, late):
        assert refused.status_code == 409
        assert "Somebody has agreed otherwise elsewhere." in refused.text
        assert "“Theirs”" in refused.text
        assert _agreed(owner)[0] == {"strategy.purpose": 4}
    # The whole page still has what was typed, and saving it again replaces the other knowingly.
    assert "Ours &lt;b&gt;</textarea>" in late.text
    assert re.findall(r'name="level" value="(\d?)" checked', late.text) == ["2"]
    seen = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', late.text))
    assert seen == {"seen_level": "4", "seen_evidence": "Theirs"}
    assert _settle(owner, "strategy.purpose", level="2", evidence="Ours <b>", **seen).status_code == 303
    assert _agreed(owner) == ({"strategy.purpose": 2}, {"strategy.purpose": "Ours <b>"})


def test_what_cannot_be_kept_is_said_and_not_lost(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15")
    owner = made.owner
    for fields, told in (
        ({"level": "3", "evidence": "x" * 1001}, "at most 1,000 characters, and yours has 1,001"),
        ({"level": "3", "evidence": "a\x00b"}, "a character that cannot be shown"),
        ({"level": "", "evidence": "Without a level"}, "please choose the level too"),
    ):
        scripted = _at_once(owner, "strategy.purpose", **fields)
        whole = _settle(owner, "strategy.purpose", **fields)
        for response in (scripted, whole):
            assert (response.status_code, told in response.text) == (422, True)
        if "\x00" not in fields["evidence"]:
            assert f"{fields['evidence']}</textarea>" in whole.text
    assert _agreed(owner) == ({}, {})


def test_only_a_level_of_a_question_that_was_asked_is_taken(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15")
    owner = made.owner
    for level in ("0", "6", "05", "3.0", "dont_know", "٣", "1" * 5000):
        assert _settle(owner, "strategy.purpose", level=level).status_code == 422
    assert _settle(owner, "strategy.purpose", level="3", then="elsewhere").status_code == 422
    assert _settle(owner, "strategy.purpose", level="3", more="1").status_code == 422
    for question in ("no.such", "strategy.alignment"):  # the second is not of the pulse
        assert _settle(owner, question, level="3").status_code == 404
        assert owner.browser.get(owner.path("meeting", question)).status_code == 404
    assert _agreed(owner) == ({}, {})


def test_who_answers_alone_is_given_the_lowest_and_the_unknown_to_talk_about(app: FastAPI) -> None:
    alone = begin(app, form="pulse")
    assert "You have not answered yet." in alone.browser.get(alone.path("meeting")).text
    for question, answer in zip(PULSE, ("4", "1", "dont_know", "5"), strict=True):
        assert alone.answer(question, answer) == 200
    page = alone.browser.get(alone.path("meeting")).text
    assert "You answer alone, so there is nothing to agree on." in page
    listed = re.findall(r'/answers/([a-z.]+)"', page)
    assert listed == ["strategy.promises", "strategy.purpose", "culture.purpose"]
    assert alone.browser.get(alone.path("meeting", PULSE[0])).headers["location"] == alone.path("meeting")
    assert _settle(alone, PULSE[0], level="3").headers["location"] == alone.path("meeting")
    assert _agreed(alone) == ({}, {})


def test_where_nothing_lies_apart_the_page_says_so(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="34", culture__purpose="4 ")
    page = made.owner.browser.get(made.owner.path("meeting")).text
    assert "Nowhere do your answers lie two levels apart" in page
    assert len(_talked_about(page)) == 14
    apart = _answered(team(app), strategy__purpose="3 ", culture__purpose=" 4")
    page = apart.owner.browser.get(apart.owner.path("meeting")).text
    assert "No question has levels from two of you who have finished" in page


def test_who_has_not_finished_is_counted_before_the_talk(app: FastAPI) -> None:
    made = team(app, "front_office", "other")
    for one in made.everybody:
        assert one.answer("strategy.purpose", "3") == 200
    for one in made.everybody[:2]:
        finish(one)
    assert "1 of you has not finished yet." in made.owner.browser.get(made.owner.path("meeting")).text


def test_what_was_agreed_can_be_taken_back_when_everybody_else_has_left(app: FastAPI) -> None:
    made = _answered(team(app), strategy__purpose="15")
    owner, [colleague] = made.owner, made.colleagues
    assert _settle(owner, "strategy.purpose", level="4").status_code == 303
    assert colleague.browser.post(colleague.path("team", "leave")).status_code == 200
    assert owner.browser.get(owner.path("meeting", "strategy.purpose")).status_code == 200
    assert _settle(owner, "strategy.promises", level="4").headers["location"] == owner.path("meeting")
    assert _settle(owner, "strategy.purpose", level="", seen_level="4").status_code == 303
    assert _agreed(owner) == ({}, {})


def test_after_the_closing_nothing_is_agreed_any_more(app: FastAPI) -> None:
    cohort = make_cohort(app)
    made = _answered(invite(app, joined(app, cohort)), strategy__purpose="15")
    owner = made.owner
    assert _settle(owner, "strategy.purpose", level="4").status_code == 303
    assert cohort.owner.post(cohort.path("close")).status_code == 303
    page = owner.browser.get(owner.path("meeting", "strategy.purpose")).text
    assert "what was agreed stays as it is" in page
    assert "<button" not in page.split("<main")[1]
    for settle in (_settle, _at_once):
        refused = settle(owner, "strategy.purpose", level="1", seen_level="4")
        assert (refused.status_code, "closed" in refused.text) == (409, True)
    assert _agreed(owner)[0] == {"strategy.purpose": 4}
    # A save that was confirmed too late is no change.
    assert _at_once(owner, "strategy.purpose", level="4").status_code == 200


def test_fifty_dots_stand_on_one_page(app: FastAPI) -> None:
    made = team(app, *["other"] * 49)
    _answered(made, strategy__purpose="1" + "5" * 49)
    page = made.owner.browser.get(made.owner.path("meeting", "strategy.purpose")).text
    assert page.count("<i></i>") == 50
    assert "49 answers here" in page
