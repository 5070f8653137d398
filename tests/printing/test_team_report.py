"""A team's report on paper: how far apart it stands, its trend, its plan, and what stands beside the grid."""

import json
import re
from collections.abc import Callable, Mapping
from itertools import combinations

import pytest

from app import content, reporting, wording
from app.core.answers.document import read_document
from app.core.report.model import Report
from app.printing import Printer
from app.settings import resource
from tests.printing.conftest import DOCUMENTS
from tests.printing.reading import labels, missing, pages
from tests.printing.test_charts import MARGIN, SHEET, WIDTH

RICH = json.loads((DOCUMENTS / "team_rich.json").read_text(encoding="utf-8"))
# The levels that five people gave at one question, sorted; so they stand nowhere else.
DOTS = "2 2 3 4 5"


def told(document: Mapping[str, object]) -> Report:
    accepted, questionnaire = read_document(json.dumps(document), content.catalogue().edition)
    return reporting.report_for(questionnaire, accepted, "en")


def one_line(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def everywhere(level: int) -> dict[str, int]:
    return dict.fromkeys(RICH["respondents"][0]["answers"], level)


def test_a_rich_report_has_every_part(pdf_of: Callable[[str], bytes]) -> None:
    text = " ".join(pages(pdf_of("team_rich")))

    expected = [
        "A customer is in trouble: who helps? 2 2 3 4 5 3 1.0 0.15 3.2 3",
        "Every dot is one person’s own score, and nobody can see whose.",
        "Customer-centric culture 2.9 0.7 0.2 5",
        "So far: Leadership 2, Front office 2, Back office 1.",
        "Your answers and what you agreed on",
        "Experience design 3.0 2 1.0 2.9 2 1.1",
        "Agreed level: 3 For each usual trouble, invoices included, it is settled who helps. Last month the office",
        "Since the last sitting the whole rose by 0.6. A change is no proof that what you did brought it about",
        "1 of the 3 sittings was a Pulse, so all of them count here with its questions only",
        "CX strategy 3.2 2.6 3.6 +1.0 +0.4",
        "CX metrics – 1.6 2.3 +0.7 –",
        "Send a confirmation within a minute of paying, with the pier on a map.",
        "What you stop doing We stop printing a new leaflet for every tour.",
        "What became of your actions",
        "A loyalty card with its own tours.",
        "dropped",
        "Service basics: 3.7 of 5, the mean of the 6 that you rated.",
        "The back office is seen 1.5 lower than the front office. Means of what 4 of you said.",
        "1 took CRM for it, 2 found the right one, 1 didn’t know.",
        "If 6% of a year’s revenue of 1,850,000 EUR were lost to poor experience, that would be 111,000 EUR.",
        "This is no forecast: the share is your own guess. 21% is the upper end of what corporate managers estimated.",
        "Line of business: Culture and tourism",
        "Who gets the results Leadership, Front office, Everyone here",
        "A friend tells of the harbour tour",
    ]
    assert missing(expected, text) == []


def test_where_two_rated_the_offices_each_can_work_out_the_others_rating_and_is_told() -> None:
    views = [{"front_office": 5, "back_office": 2}, {"front_office": 4, "back_office": 3}]

    def page(*told_by: object) -> str:
        modules = RICH["modules"] | {"front_back_office": told_by}
        return one_line(reporting.printed(told(RICH | {"modules": modules})))

    worked_out = "Of two, each can work out what the other said."
    assert f"Means of what 2 of you said. {worked_out}" in page(*views)
    assert worked_out not in page(*views, *views)
    assert "what one alone has said does not stand here" in page(views[0])


def test_no_role_stands_beside_a_level(pdf_of: Callable[[str], bytes]) -> None:
    roles = ("Leadership", "Front office", "Back office", "Other roles")
    beside_answers = " ".join(pages(pdf_of("team_rich"))).partition("All answers Here stands")[2]

    assert beside_answers
    assert [role for role in roles if role in beside_answers] == []


def test_a_report_that_is_shared_keeps_what_each_one_said() -> None:
    report = told(RICH)
    own, shared = one_line(reporting.printed(report)), one_line(reporting.printed(report, is_shared=True))

    assert DOTS in own
    assert "Given" in own
    assert DOTS not in shared
    assert "Given" not in shared
    assert "How you see it" not in shared
    assert "Your answers and what you agreed on" in shared
    assert "Last month the office let two delayed guests wait" in shared


def test_one_person_is_no_team(pdf_of: Callable[[str], bytes]) -> None:
    text = " ".join(pages(pdf_of("full")))
    parts = ("How you see it", "Side by side, by role", "Since you began", "Beside the questions", "Given")

    assert [part for part in parts if part in text] == []


def test_roles_stand_side_by_side_from_three_on(printer: Printer) -> None:
    people = [{"role": "leadership", "answers": everywhere(4)}] * 3
    people += [{"role": "back_office", "answers": everywhere(2)}] * 3
    html = reporting.printed(told({**RICH, "respondents": people, "agreed": {}, "modules": {}}))
    text = " ".join(pages(printer.pdf(html)))

    assert "What leadership, front office and back office see, wherever three or more of each have answered." in text
    assert "Leadership (3) Back office (3)" in text
    assert "Keeping promises 4.0 2.0" in text


def test_page_one_says_that_equal_priorities_are_equal(printer: Printer) -> None:
    equal = {**RICH, "respondents": [{"role": "other", "answers": everywhere(3)}], "targets": {}, "importance": {}}
    first = pages(printer.pdf(reporting.printed(told({**equal, "agreed": {}, "modules": {}}))))[0]

    assert "13 parts are equally urgent: their scores and priorities are the same." in first
    assert "= CX strategy" in first
    assert "1 CX strategy" not in first


def test_page_one_names_the_answers_that_hold_the_whole_down(printer: Printer) -> None:
    held = {**everywhere(5), "strategy.purpose": 1}
    document = {**RICH, "respondents": [{"role": "other", "answers": held}], "agreed": {}, "modules": {}}
    first = pages(printer.pdf(reporting.printed(told(document))))[0]

    assert "One answer at level 1 limits the whole" in first
    assert (
        "Do your mission, vision, values and brand message agree with each other? "
        "It holds down: CX strategy, Brand purpose. Stage 2, Emerging." in first
    )


def test_before_revenue_nothing_is_at_stake() -> None:
    assert told({**RICH, "business_stage": "pre_revenue"}).at_stake is None
    assert "at stake" not in reporting.printed(told({**RICH, "business_stage": "pre_revenue"}))


@pytest.mark.parametrize("sittings", [1, 2])
def test_no_label_of_the_trend_lies_on_another(sittings: int, printer: Printer) -> None:
    earlier = RICH["modules"]["earlier"][-sittings:]
    trend = told({**RICH, "modules": {"earlier": earlier}, "agreed": {}}).trend
    assert trend is not None
    macros = wording.environment("en", [resource("templates")]).get_template("charts/_team.html").make_module()
    slopes = [macros.slope(line, "name", f"s{n}", True) for n, line in enumerate(trend.dimensions)]  # type: ignore[attr-defined]  # a macro
    html = (
        '<div class="besides"><div class="panels">'
        + "".join(f"<div>{slope}</div>" for slope in slopes)
        + "</div></div>"
    )

    found = labels(printer.pdf(SHEET.format(language="en", charts=html)))

    assert len(found) >= 13 * 3
    assert [label for label in found if label.left < MARGIN or label.right > WIDTH - MARGIN] == []
    assert [(one.text, other.text) for one, other in combinations(found, 2) if one.meets(other)] == []


def test_the_card_of_a_step_that_was_taken_is_filled_from_the_plan() -> None:
    step = told(RICH).priorities[0].steps[0]
    action = {"text": step.text, "way": step.way, "owner": "Ana", "date": "2027-02-19", "measure": "No calls"}
    taken, dropped = (
        one_line(reporting.printed(told(RICH | {"actions": [action | {"status": status}]})).split('class="by-hand"')[1])
        for status in ("planned", "dropped")
    )
    filled = "Who Ana By when 19 February 2027 How you will see that it worked No calls"
    assert filled in taken
    assert filled not in dropped
