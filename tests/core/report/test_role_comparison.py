"""Everybody's own score, and roles side by side: nobody can be told from them."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, Answer, Respondent, Role
from app.core.report.compose import compose
from app.core.report.model import Report
from app.core.report.role_comparison import OwnScores, own_scores, roles
from app.core.scoring.scorecard import score
from tests.core.small import questionnaire, sitting

SMALL = questionnaire()
ASKED = ("plan.soil", "plan.trees", "care.soil", "care.trees")


Person = tuple[Role, Mapping[str, Answer]]


def team(*people: Person) -> AnswerDocument:
    return sitting({}).model_copy(
        update={"respondents": tuple(Respondent(role=role, answers=dict(answers)) for role, answers in people)}
    )


def everywhere(level: int) -> dict[str, Answer]:
    return dict.fromkeys(ASKED, level)


def alike(count: int, role: Role, level: int) -> list[Person]:
    return [(role, everywhere(level))] * count


def test_each_dimension_has_everybodys_own_score_sorted_and_only_of_those_who_have_one() -> None:
    document = sitting(
        {"plan.soil": 5, "plan.trees": 4, "care.soil": 2},
        {"plan.soil": 1, "plan.trees": 2},
        {"plan.soil": DONT_KNOW, "plan.trees": DONT_KNOW},
    )

    found = own_scores(SMALL, document)

    assert found["plan"] == OwnScores((Fraction(3, 2), Fraction(9, 2)), Fraction(3), Fraction(3, 2))
    assert found["care"] == OwnScores((Fraction(2),), None, None)
    assert found["trees"] == OwnScores((Fraction(2), Fraction(4)), Fraction(2), Fraction(1))


def test_agreed_levels_are_nobodys_own() -> None:
    document = sitting(everywhere(2), everywhere(4), agreed={"plan.soil": 5})

    assert own_scores(SMALL, document)["plan"].scores == (Fraction(2), Fraction(4))


def test_two_groups_of_three_stand_side_by_side() -> None:
    found = roles(
        SMALL,
        team(
            ("leadership", everywhere(4)),
            ("leadership", everywhere(5)),
            ("leadership", everywhere(4)),
            ("front_office", everywhere(2)),
            ("front_office", everywhere(1)),
            ("front_office", {**everywhere(2), "plan.soil": 5}),
        ),
    )

    assert found.why_not is None
    assert [(group.role, group.answered) for group in found.groups] == [("leadership", 3), ("front_office", 3)]
    assert dict(found.groups[0].scores) == dict.fromkeys(("plan", "care", "soil", "trees"), Fraction(13, 3))
    assert found.groups[1].scores["plan"] == Fraction(13, 6)
    assert found.groups[1].scores["care"] == Fraction(5, 3)


def test_fewer_than_three_in_a_role_or_fewer_than_two_roles_are_not_shown_and_it_says_so() -> None:
    two = alike(2, "front_office", 2)
    three = alike(3, "leadership", 4)

    found = roles(SMALL, team(*three, *two))
    assert (found.groups, found.why_not) == ((), "too_few")
    assert found.answered == {"leadership": 3, "front_office": 2}
    assert roles(SMALL, team(*three, *three)).why_not == "too_few"
    assert roles(SMALL, team(*three, *alike(3, "other", 3))).why_not == "too_few"


def test_who_gave_no_level_does_not_make_three() -> None:
    silent: list[Person] = [("front_office", {}), ("front_office", {"plan.soil": DONT_KNOW})]
    found = roles(SMALL, team(*alike(3, "leadership", 4), *alike(2, "front_office", 2), *silent))

    assert (found.groups, found.why_not, found.answered["front_office"]) == ((), "too_few", 2)


def test_one_or_two_in_no_group_could_be_worked_out_so_nothing_is_shown() -> None:
    six = alike(3, "leadership", 4) + alike(3, "front_office", 2)

    assert roles(SMALL, team(*six, ("other", everywhere(1)))).why_not == "rest_too_few"
    assert roles(SMALL, team(*six, *alike(2, "back_office", 1))).why_not == "rest_too_few"
    assert roles(SMALL, team(*six, *alike(3, "other", 1))).why_not is None
    assert roles(SMALL, team(*six, ("other", {}))).why_not is None


def test_where_a_part_was_answered_by_fewer_than_three_of_a_role_no_role_has_a_score_there() -> None:
    found = roles(
        SMALL,
        team(
            ("leadership", everywhere(4)),
            ("leadership", everywhere(4)),
            ("leadership", {"care.soil": 4, "care.trees": 4}),
            *alike(3, "front_office", 2),
        ),
    )

    assert [group.scores["plan"] for group in found.groups] == [None, None]
    assert [group.scores["care"] for group in found.groups] == [Fraction(4), Fraction(2)]


def test_who_would_not_be_scored_alone_neither_makes_a_third_nor_moves_the_groups_score() -> None:
    six = [f"plan.{letter}" for letter in "abcdef"]
    large = questionnaire({id_: ["plan", "soil"] for id_ in six} | {"care.trees": ["care", "trees"]})

    def plan(*gave: tuple[Role, int, int]) -> list[Fraction | None]:
        """The groups' scores where people of a role gave one level to so many of the six."""
        people = [(role, {**dict.fromkeys(six[:many], level), "care.trees": 1}) for role, level, many in gave]
        return [group.scores["plan"] for group in roles(large, team(*people)).groups]

    front: list[tuple[Role, int, int]] = [("front_office", 2, 3)] * 3
    leaders: list[tuple[Role, int, int]] = [("leadership", 4, 6)] * 3
    partial: list[tuple[Role, int, int]] = [("leadership", 1, 2)] * 3
    assert plan(*leaders, *front) == [4, 2]
    assert plan(*leaders[1:], ("leadership", 4, 2), *front) == [None, 2]
    assert plan(*leaders, *partial, *front) == [4, 2]
    # What one or two others gave could be worked out, whatever their role.
    assert plan(*leaders, partial[0], *front) == [None, None]


def told(people: Sequence[Respondent]) -> Report:
    """The report of these people, without what says itself how many of each role there are."""
    document = sitting({}).model_copy(update={"respondents": tuple(people)})
    report = compose(SMALL, document, score(SMALL, document), "en")
    return replace(report, roles=(), role_views=replace(report.role_views, answered={}))


def random_team(seed: int) -> list[Respondent]:
    chance = random.Random(seed)  # noqa: S311 - made-up answers
    some: tuple[Role, ...] = ("leadership", "leadership", "front_office", "back_office", "other")
    found = []
    for role in some:
        answers: dict[str, Answer] = {id_: chance.choice((1, 2, 3, 4, 5, DONT_KNOW)) for id_ in ASKED[1:]}
        found.append(Respondent(role=role, answers={ASKED[0]: 3, **answers}))
    return found


def tells_people_apart(tell: Callable[[Sequence[Respondent]], object]) -> bool:
    """Whether it can be seen who of a team without groups has which role, or which seat."""
    for seed in range(20):
        people = random_team(seed)
        names = [one.role for one in people]
        turned = [
            one.model_copy(update={"role": role}) for one, role in zip(people, names[2:] + names[:2], strict=True)
        ]
        if tell(turned) != tell(people) or tell(people[::-1]) != tell(people):
            return True
    return False


def test_a_report_is_the_same_whoever_has_which_role_or_seat() -> None:
    assert not tells_people_apart(told)


def test_a_level_beside_a_role_or_in_the_order_of_the_seats_is_noticed() -> None:
    assert tells_people_apart(lambda people: sorted((one.role, str(one.answers[ASKED[1]])) for one in people))
    assert tells_people_apart(lambda people: [one.answers[ASKED[1]] for one in people])
