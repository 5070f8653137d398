"""What a report tells of the modules beside the grid."""

from fractions import Fraction

from app.core.answers.modules import AfterReport, AtStake, OfficeView, Profile, TouchpointCheck
from app.core.report.compose import compose
from app.core.report.model import CheckReport, OfficesReport, StakeReport
from app.core.report.modules import at_stake, check, offices, told_anything
from app.core.scoring.scorecard import score
from tests.core.small import questionnaire, sitting


def test_what_was_not_told_is_not_in_the_report() -> None:
    small, document = questionnaire(), sitting({"plan.soil": 3})
    report = compose(small, document, score(small, document), "en")

    assert (report.profile, report.check, report.offices, report.at_stake, report.after_report) == (None,) * 5
    assert (report.journey, report.stop_doing, report.trend, report.is_team) == ((), None, None, False)
    assert told_anything(Profile(size="2-9")) == Profile(size="2-9")
    assert told_anything(AfterReport()) is None


def test_service_basics_need_four_of_the_seven() -> None:
    four = TouchpointCheck(basics={"quality": 5, "waiting": 2, "honesty": 4, "attitude": 4}, places={"buying": 3})
    three = TouchpointCheck(basics={"waiting": 2, "honesty": 4, "attitude": 4})

    assert check(four) == CheckReport(
        {"buying": 3}, {"waiting": 2, "attitude": 4, "honesty": 4, "quality": 5}, Fraction(15, 4)
    )
    told = check(three)
    assert told is not None
    assert told.service_basics is None
    assert check(TouchpointCheck()) is None


def test_front_and_back_office_are_means_of_two_or_more() -> None:
    views = [
        OfficeView(front_office=5, back_office=2, channels=("shop",), took_for_cxm="cxm"),
        OfficeView(front_office=4, channels=("website",), took_for_cxm="crm"),
    ]

    assert offices(views, 5) == OfficesReport(
        asked=2,
        front_office=Fraction(9, 2),
        front_office_by=2,
        back_office=None,
        back_office_by=1,
        channels=("website", "shop"),
        took_for_cxm={"crm": 1, "cxm": 1, "dont_know": 0},
    )


def test_a_single_view_of_a_team_is_nobody_elses_business() -> None:
    view = OfficeView(front_office=5, back_office=2, channels=("shop",), took_for_cxm="crm")

    assert offices([view], 3) == OfficesReport(1, None, 1, None, 1, (), {})
    assert offices([view], 1) == OfficesReport(
        1, Fraction(5), 1, Fraction(2), 1, ("shop",), {"crm": 1, "cxm": 0, "dont_know": 0}
    )
    assert offices([], 3) is None


def test_one_persons_barrier_is_flagged_and_not_printed_in_a_team() -> None:
    def flags(people: int, *views: OfficeView) -> tuple[tuple[str, ...], list[str]]:
        """What the scorecard flags, and what the report prints."""
        small = questionnaire(modules=["offices"])
        document = sitting(*[{"plan.soil": 3}] * people, modules={"front_back_office": views})
        card = score(small, document)
        return card.flags, [flag.id for flag in compose(small, document, card, "en").flags]

    barrier, half = OfficeView(front_office=5, back_office=2), OfficeView(front_office=5)
    assert flags(1, barrier) == (("back_office_barrier",), ["back_office_barrier"])
    assert flags(3, barrier, half) == (("back_office_barrier",), [])
    assert flags(3, barrier, barrier) == (("back_office_barrier",), ["back_office_barrier"])


def test_what_is_at_stake_is_a_sum_in_whole_units_and_hidden_before_revenue() -> None:
    told = AtStake(revenue=1_850_001, currency="EUR", share=6)

    assert at_stake(told, "growing") == StakeReport(1_850_001, Fraction(3, 50), "EUR", 111_000, Fraction(21, 100))
    assert at_stake(told, "pre_revenue") is None
    assert at_stake(AtStake(revenue=10), "growing") is None
    half = at_stake(AtStake(revenue=50, share=1), "growing")
    assert half is not None
    assert half.amount == 1
