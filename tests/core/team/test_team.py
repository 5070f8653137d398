"""What a team said at a question, and nobody's name beside it."""

from fractions import Fraction

from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Answer, Respondent
from app.core.report.compose import compose
from app.core.scoring.scorecard import score
from app.core.team.agreement import Agreement
from app.core.team.spread import Spread, spread, to_discuss, widest, widest_first
from tests.core.small import questionnaire, sitting

SMALL = questionnaire()


def saying(*answers: Answer | None) -> list[Respondent]:
    return [Respondent(role="other", answers={} if one is None else {"q": one}) for one in answers]


def test_levels_leave_sorted_and_the_rest_counted() -> None:
    assert spread("q", saying(5, DONT_KNOW, 2, None, NOT_APPLICABLE, 2, DONT_KNOW)) == Spread(
        (2, 2, 5), 2, 1, 1, Agreement(Fraction(3), Fraction(4, 3), None, "too_few", was_negative=False)
    )


def test_a_single_level_has_no_agreement() -> None:
    assert spread("q", saying(3, DONT_KNOW)) == Spread((3,), 1, 0, 0, None)


def test_who_said_what_cannot_be_told_from_the_order() -> None:
    assert spread("q", saying(1, 4, DONT_KNOW)) == spread("q", saying(DONT_KNOW, 4, 1))


PEOPLE = [
    Respondent(role="leadership", answers={"a": 1, "b": 5, "c": 2, "d": 3, "e": 1}),
    Respondent(role="front_office", answers={"a": 3, "b": 1, "c": 4, "d": 4, "e": 3}),
    Respondent(role="back_office", answers={"a": 1, "b": 1, "c": 3, "d": 3, "e": 3}),
]


def test_what_differs_by_two_levels_is_to_be_discussed_in_the_forms_order() -> None:
    assert to_discuss("abcde", PEOPLE) == ("a", "b", "c", "e")


def test_the_widest_range_comes_first_then_the_larger_deviation_then_the_forms_order() -> None:
    # ranges 2, 4, 2, 2; average deviations of a 8/9, of c 2/3, of e 8/9
    assert widest_first("abcde", PEOPLE) == ("b", "a", "e", "c")


def test_a_meeting_takes_up_five_at_most() -> None:
    people = [
        Respondent(role="other", answers={f"q{n}": 1 for n in range(7)}),
        Respondent(role="other", answers={f"q{n}": 3 + n % 2 for n in range(7)}),
    ]
    small = questionnaire(
        {f"q{n}": [f"d{n}", "one"] for n in range(7)},
        frameworks={"many": [f"d{n}" for n in range(7)], "few": ["one", "none"]},
    )
    document = sitting({}, {}).model_copy(update={"respondents": tuple(people)})
    report = compose(small, document, score(small, document), "en")

    assert [one.id for one in widest(report)] == ["q1", "q3", "q5", "q0", "q2"]
    assert [one.id for one in widest(report, most=2)] == ["q1", "q3"]
