"""From sitting to sitting: exact scores on the form that all share."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from app.core.answers.document import Action, AnswerDocument
from app.core.answers.modules import EarlierSitting
from app.core.answers.values import DONT_KNOW, Answer, Respondent
from app.core.questionnaire.model import FormName
from app.core.report.compose import compose
from app.core.report.trend import Line, trend
from app.core.scoring.scorecard import score
from tests.core.small import questionnaire, sitting

SMALL = questionnaire(pulse=["plan.soil", "care.trees"])


def earlier(form: FormName, day: date, *answers: Mapping[str, Answer]) -> EarlierSitting:
    return EarlierSitting(
        form=form, date=day, respondents=tuple(Respondent(role="other", answers=dict(one)) for one in answers)
    )


def following(
    *sittings: EarlierSitting, agreed: Mapping[str, int] = {}, actions: tuple[Action, ...] = ()
) -> AnswerDocument:
    now = {"plan.soil": 4, "plan.trees": 4, "care.soil": 3, "care.trees": 5}
    return sitting(now, date=date(2026, 11, 21), modules={"earlier": sittings}, agreed=dict(agreed), actions=actions)


SPRING = earlier(
    "full", date(2026, 3, 2), {"plan.soil": 1, "plan.trees": 2}, {"plan.soil": 2, "plan.trees": 2, "care.soil": 2}
)
SUMMER = earlier("full", date(2026, 8, 20), {"plan.soil": 3, "plan.trees": 2, "care.soil": 3, "care.trees": 5})


def test_the_first_sitting_has_no_trend() -> None:
    assert trend(SMALL, following()) is None


def test_every_sitting_has_its_exact_score_and_the_changes_are_from_the_last_and_from_the_first() -> None:
    found = trend(SMALL, following(SPRING, SUMMER))

    assert found is not None
    assert (found.form, found.rescored) == ("full", False)
    assert found.dates == (date(2026, 3, 2), date(2026, 8, 20), date(2026, 11, 21))
    assert found.dimensions["plan"] == Line(
        (Fraction(7, 4), Fraction(5, 2), Fraction(4)), Fraction(3, 2), Fraction(9, 4)
    )
    assert found.overall == Line((Fraction(11, 6), Fraction(13, 4), Fraction(4)), Fraction(3, 4), Fraction(13, 6))


def test_what_was_not_scored_stays_so_and_has_no_change() -> None:
    blank = earlier("full", date(2026, 9, 1), {"plan.soil": DONT_KNOW, "care.trees": 2})
    found = trend(SMALL, following(SUMMER, blank))

    assert found is not None
    assert found.dimensions["plan"] == Line((Fraction(5, 2), None, Fraction(4)), None, Fraction(3, 2))


def test_where_any_was_a_pulse_all_count_as_one() -> None:
    pulse = earlier("pulse", date(2026, 3, 2), {"plan.soil": 1, "care.trees": 2})
    found = trend(SMALL, following(pulse, SUMMER))

    assert found is not None
    assert (found.form, found.rescored) == ("pulse", True)
    assert found.dimensions["care"] == Line((Fraction(2), Fraction(5), Fraction(5)), Fraction(0), Fraction(3))
    assert found.overall == Line((Fraction(3, 2), Fraction(4), Fraction(9, 2)), Fraction(1, 2), Fraction(3))


def test_agreed_levels_are_no_part_of_a_trend() -> None:
    plain = trend(SMALL, following(SUMMER))

    assert trend(SMALL, following(SUMMER, agreed={"plan.soil": 1})) == plain


def test_the_report_tells_the_trend_and_what_became_of_the_actions() -> None:
    done = Action(text="Ring ten customers", way="emotional", status="done", carried=True)
    new = Action(text="Mend the gate", way="transaction")
    document = following(SUMMER, actions=(new, done))
    report = compose(SMALL, document, score(SMALL, document), "en")

    assert report.trend is not None
    assert report.trend.form_name == "The full form"
    assert [line.dimension.id for line in report.trend.dimensions if line.dimension] == [
        "plan",
        "care",
        "soil",
        "trees",
    ]
    assert report.trend.overall.since_last == Fraction(3, 4)
    assert (report.carried_actions, report.new_actions) == ((done,), (new,))
