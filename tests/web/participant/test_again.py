"""Sitting again: what is carried over, the three sittings' trend, the day to remember, and who is the same."""

import datetime
import html
import json
from fractions import Fraction
from pathlib import Path

import icalendar
import pytest
from fastapi import FastAPI

from app.core.answers.document import read_document
from app.core.report.change import match
from app.core.report.cohort import Sitting
from app.reporting import report_for
from app.store import assessments, cohorts
from tests.web.facilitator.cohorts import make_cohort
from tests.web.visiting import Holder, begin, cookie_of, dump, house_of

FULL = tuple(
    json.loads((Path(__file__).parents[2] / "documents" / "full.json").read_text(encoding="utf-8"))["respondents"][0][
        "answers"
    ]
)
NOW = datetime.datetime(2027, 3, 1, 9, tzinfo=datetime.UTC)


def sit(holder: Holder, level: str) -> Holder:
    """Answers every question of the form with one level, and finishes."""
    asked = set(FULL)
    for question in asked:
        assert holder.answer(question, level) in {200, 404}
    assert holder.browser.post(holder.path("finish")).status_code == 303
    return holder


def again(holder: Holder, form: str = "full", **fields: str) -> Holder:
    """Begins the next sitting in the same browser."""
    response = holder.browser.post(holder.path("again"), data={"form": form} | fields)
    assert response.status_code == 303, response.text
    assessment = response.headers["location"].rpartition("/")[2]
    return Holder(holder.browser, assessment, cookie_of(holder.browser.cookies, assessment))


def document(holder: Holder) -> dict[str, object]:
    """The answer document as a file."""
    told: dict[str, object] = holder.browser.get(holder.path("answers.json")).json()
    return told


def test_what_stays_true_is_carried_over_and_everything_is_asked_anew(app: FastAPI) -> None:
    first = begin(app)
    first.browser.post(first.path("aims", "target", "culture"), data={"aim": "5"})
    first.browser.post(first.path("aims", "importance", "journey"), data={"aim": "5"})
    for preset in ("delivery", "discount", "good_deed"):
        first.browser.post(first.path("plan", "recommended"), data={"preset": preset})
    sit(first, "2")
    actions = first.browser.get(first.path("answers.json")).json()["actions"]
    with house_of(app).database.reading() as session:
        [_, discount, _] = assessments.actions_of(session, first.assessment)
    done = {"text": actions[1]["text"], "way": "financial", "status": "done", "seen": "1"}
    assert first.browser.post(first.path("plan", discount.id), data=done).status_code == 303
    page = html.unescape(first.browser.get(first.path("again")).text)
    assert "2 actions that are not done yet" in page
    assert "What matters most, and your targets." in page

    second = again(first, "pulse")

    told = document(second)
    assert (told["organisation"], told["form"], told["business_stage"]) == ("Čebelnjak d.o.o.", "pulse", "growing")
    assert (told["targets"], told["importance"]) == ({"culture": 5}, {"journey": 5})
    assert told["respondents"] == [{"role": "leadership", "answers": {}}]
    assert told["actions"] == [one | {"carried": True} for one in (actions[0], actions[2])]
    plan = html.unescape(second.browser.get(second.path("plan")).text)
    assert plan.count("What became of it?") == 2
    assert "From the sitting before" in plan


def test_three_sittings_one_of_them_a_pulse_show_their_trend_as_pulses(app: FastAPI) -> None:
    holders = [sit(begin(app), "2")]
    holders.append(sit(again(holders[-1], "pulse"), "3"))
    holders.append(sit(again(holders[-1], "full"), "5"))
    page = html.unescape(holders[-1].browser.get(holders[-1].path("result")).text)
    told, questionnaire = read_document(json.dumps(document(holders[-1])), house_of(app).catalogue.edition)
    trend = report_for(questionnaire, told, "en").trend
    assert trend is not None
    assert trend.rescored
    assert [int(score or 0) for score in trend.overall.scores] == [2, 3, 5]
    assert [trend.overall.since_last, trend.overall.since_first] == [Fraction(2), Fraction(3)]
    assert 'id="trend"' in page
    first, second, third = holders
    assert [one.browser.get(one.path("again")).text.count("The sitting before") for one in holders] == [0, 1, 1]
    assert third.path("").rstrip("/") in second.browser.get(second.path("again")).text
    assert first.path("result") in second.browser.get(second.path("again")).text


def test_sittings_of_one_organisation_stand_together_at_home(app: FastAPI) -> None:
    first = sit(begin(app, organisation="Mlyn"), "2")
    second = again(first)
    second.browser.post(second.path("facts"), data={"organisation": "Mlyn a syn", "business_stage": "growing"})
    other = first.browser.post("/assessments", data=_start("Elsewhere")).headers["location"]
    home = first.browser.get("/").text
    both, alone = home.index("Mlyn a syn</strong>"), home.index(">Elsewhere</a>")
    assert home.count('class="sittings"') == 1
    inside = home[both : home.index("</ul>", both)]
    assert (first.path() in inside, second.path() in inside, other in inside) == (True, True, False)
    assert alone


def _start(organisation: str) -> dict[str, str]:
    told = {"questionnaire": "cx-grid", "business_stage": "growing", "role": "leadership", "form": "full"}
    return told | {"organisation": organisation, "language": "en"}


def test_whoever_has_sat_before_sits_again_in_a_cohort(app: FastAPI) -> None:
    first = sit(begin(app, organisation="Mlyn"), "2")
    cohort = make_cohort(app)
    door = first.browser.get(f"/join/{cohort.code}").text
    assert "Sit again as Mlyn" in door
    assert "Sit again as" not in begin(app).browser.get(f"/join/{cohort.code}").text
    sent = {"code": cohort.code, "told": "open", "known": ""}
    for wrong in ({"told": "secret"}, {"told": ""}, {"form": "pulse"}):
        assert first.browser.post(first.path("again"), data=sent | wrong).status_code == 422
    assert first.browser.post(first.path("again"), data=sent | {"code": "00000000"}).status_code == 404
    told_otherwise = first.browser.post(first.path("again"), data=sent | {"told": "confidential"})
    assert told_otherwise.headers["location"] == f"/join/{cohort.code}"
    joined = first.browser.post(first.path("again"), data=sent)
    assert joined.status_code == 303
    with house_of(app).database.reading() as session:
        [second] = assessments.followed_by(session, first.assessment)
        its = cohorts.cohort_of_assessment(session, second)
    assert joined.headers["location"] == f"/assessments/{second}"
    assert its is not None
    assert its.id == cohort.id
    # Once more leads there too, and so does the code.
    for again_ in (first.browser.post(first.path("again"), data=sent), first.browser.get(f"/join/{cohort.code}")):
        assert again_.headers["location"] == f"/assessments/{second}"


def test_an_unfinished_sitting_is_finished_first(app: FastAPI) -> None:
    holder = begin(app)
    before = dump(app)
    assert "Finish this sitting first" in holder.browser.get(holder.path("again")).text
    assert holder.browser.post(holder.path("again"), data={"form": "full"}).status_code == 409
    assert dump(app) == before


def test_a_form_that_is_sent_twice_begins_one_sitting(app: FastAPI) -> None:
    first = sit(begin(app), "2")
    second = again(first, known="")
    twice = first.browser.post(first.path("again"), data={"form": "full", "known": ""})
    assert twice.status_code == 409
    assert "begun already" in twice.text
    assert second.path() in twice.text
    third = again(first, known=second.assessment)
    assert third.assessment != second.assessment


@pytest.mark.parametrize("sent", [{}, {"form": "tiny"}, {"form": ""}, {"form": "full", "previous_id": "x"}])
def test_only_a_form_of_the_questionnaire_begins(app: FastAPI, sent: dict[str, str]) -> None:
    holder = sit(begin(app), "2")
    assert holder.browser.post(holder.path("again"), data=sent).status_code == 422


def test_the_day_to_remember_is_90_days_later_unless_one_says_otherwise(app: FastAPI) -> None:
    holder = sit(begin(app), "2")

    def day(query: str = "") -> object:
        file = holder.browser.get(holder.path("reminder.ics") + query)
        assert file.headers["content-type"].startswith("text/calendar")
        assert holder.assessment.encode() not in file.content
        assert holder.token.encode() not in file.content
        [event] = icalendar.Calendar.from_ical(file.content).events
        return event.DTSTART

    finished = datetime.datetime.now(datetime.UTC).date()
    assert day() == finished + datetime.timedelta(days=90)
    assert day("?date=2031-01-31") == datetime.date(2031, 1, 31)
    for wrong in ("0000-00-00", "2027-02-30", "10000-01-01", "x", "20270101", "1999-12-31", "2101-01-01"):
        refused = holder.browser.get(holder.path("reminder.ics") + f"?date={wrong}")
        assert refused.status_code == 422
        assert "Please give the day" in refused.text
        assert f'value="{wrong}"' in refused.text


def test_whoever_has_sat_again_is_the_same_organisation_whatever_it_is_called(app: FastAPI) -> None:
    database = house_of(app).database
    spring, autumn = make_cohort(app, form="full"), make_cohort(app, form="full")
    names = ("Mlyn", "Twice", "Twice", "Only by name", "Followed by two")
    told, edition = read_document(json.dumps(_told()), house_of(app).catalogue.edition)
    with database.writing() as session:
        before = [
            assessments.begin_from(session, told.model_copy(update={"organisation": name}), NOW, spring.id)
            for name in names
        ]
        after = [
            cohorts.join_again(session, autumn.id, before[place].assessment, edition, NOW) for place in (0, 1, 4, 4)
        ]
        between = assessments.sit_again(session, before[2].assessment, "full", edition, NOW)
        after.append(cohorts.join_again(session, autumn.id, between.assessment, edition, NOW))
        by_name = assessments.begin_from(session, told, NOW, autumn.id)
    with database.reading() as session:
        chains = assessments.sittings_before(session, [one.assessment for one in after])
    assert chains[after[4].assessment] == (between.assessment, before[2].assessment)
    everybody = [_sitting(one.assessment, name) for one, name in zip(after, "ABCDE", strict=True)]
    everybody.append(_sitting(by_name.assessment, "ONLY by  name"))
    ids = [one.assessment for one in before]
    named = [_sitting(id_, name) for id_, name in zip(ids, names, strict=True)]
    found = match(named, everybody, chains)
    assert [(pair.before.assessment, pair.after.assessment) for pair in found.pairs] == [
        (ids[0], after[0].assessment),
        (ids[1], after[1].assessment),
        (ids[2], after[4].assessment),
        (ids[3], by_name.assessment),
    ]
    assert found.ambiguous == ()


def _told() -> dict[str, object]:
    told: dict[str, object] = json.loads(
        (Path(__file__).parents[2] / "documents" / "full.json").read_text(encoding="utf-8")
    )
    return told


def _sitting(assessment: str, organisation: str) -> Sitting:
    return Sitting(assessment, organisation, None)  # type: ignore[arg-type]  # no score is looked at
