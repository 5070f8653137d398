"""How each part looks to different people: everybody's own score, anonymous, and groups of one role side by side.

Domain rules, section 4. No score of a group stands for fewer than three people, nor can one be had by taking the
groups from the whole: whoever is in no group shown is either nobody or three or more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.agreement import SPREAD_FROM, average_deviation
from app.core.answers import AnswerDocument
from app.core.given import Respondent, Role
from app.core.questionnaire import Questionnaire
from app.core.scoring import score

COMPARED_ROLES: tuple[Role, ...] = ("leadership", "front_office", "back_office")
EACH_FROM = 3
GROUPS_FROM = 2

NoRoles = Literal["too_few", "rest_too_few"]


@dataclass(frozen=True)
class OwnScores:
    """Every respondent's own score of a dimension, sorted, of those who have one; figures from two on."""

    scores: tuple[Fraction, ...]
    range: Fraction | None
    ad_m: Fraction | None


@dataclass(frozen=True)
class RoleGroup:
    """How many people of a role answered, and their score of each dimension; None where it must not be told."""

    role: Role
    answered: int
    scores: Mapping[str, Fraction | None]


@dataclass(frozen=True)
class Roles:
    """The groups side by side; empty where `why_not` says why.

    `too_few`: fewer than two of the three groups have three who answered. `rest_too_few`: what one or two others
    answered could be worked out from the groups and the whole. `answered` counts those who answered, by role.
    """

    groups: tuple[RoleGroup, ...]
    why_not: NoRoles | None
    answered: Mapping[Role, int]


def own_scores(questionnaire: Questionnaire, document: AnswerDocument) -> dict[str, OwnScores]:
    """Each dimension as each respondent alone would score it."""
    cards = [score(questionnaire, _by(document, [one])) for one in document.respondents]
    return {
        dimension: _own([card.dimensions[dimension].score for card in cards]) for dimension in questionnaire.dimensions
    }


def roles(questionnaire: Questionnaire, document: AnswerDocument) -> Roles:
    """Leadership, front office and back office side by side, where there are enough of at least two of them."""
    answered = {role: sum(_gave_a_level(one) for one in people) for role, people in _by_role(document).items()}
    shown = [role for role in COMPARED_ROLES if answered.get(role, 0) >= EACH_FROM]
    if len(shown) < GROUPS_FROM:
        return Roles((), "too_few", answered)
    if 0 < sum(answered.values()) - sum(answered[role] for role in shown) < EACH_FROM:
        return Roles((), "rest_too_few", answered)
    told = {dimension: _tellable(questionnaire, document, dimension, shown) for dimension in questionnaire.dimensions}
    cards = {role: score(questionnaire, _by(document, _by_role(document)[role])) for role in shown}
    return Roles(
        groups=tuple(
            RoleGroup(
                role,
                answered[role],
                {
                    dimension: cards[role].dimensions[dimension].score if role in told[dimension] else None
                    for dimension in questionnaire.dimensions
                },
            )
            for role in shown
        ),
        why_not=None,
        answered=answered,
    )


def _tellable(
    questionnaire: Questionnaire, document: AnswerDocument, dimension: str, shown: Sequence[Role]
) -> frozenset[Role]:
    """The groups whose score of a dimension stands for three or more, and gives nobody else away."""
    asked = [question.id for question in questionnaire.in_form(document.form) if dimension in question.counts_for]
    giving = {
        role: sum(any(isinstance(one.answers.get(id_), int) for id_ in asked) for one in people)
        for role, people in _by_role(document).items()
    }
    enough = frozenset(role for role in shown if giving[role] >= EACH_FROM)
    rest = sum(giving.values()) - sum(giving[role] for role in enough)
    return frozenset() if 0 < rest < EACH_FROM else enough


def _own(scores: Sequence[Fraction | None]) -> OwnScores:
    known = sorted(one for one in scores if one is not None)
    if len(known) < SPREAD_FROM:
        return OwnScores(tuple(known), None, None)
    return OwnScores(tuple(known), known[-1] - known[0], average_deviation(known))


def _by(document: AnswerDocument, respondents: Sequence[Respondent]) -> AnswerDocument:
    return document.model_copy(update={"respondents": tuple(respondents), "agreed": {}})


def _by_role(document: AnswerDocument) -> dict[Role, list[Respondent]]:
    found: dict[Role, list[Respondent]] = {}
    for one in document.respondents:
        found.setdefault(one.role, []).append(one)
    return found


def _gave_a_level(respondent: Respondent) -> bool:
    return any(isinstance(answer, int) for answer in respondent.answers.values())
