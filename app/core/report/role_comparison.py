"""How each part looks to different people: everybody's own score, anonymous, and groups of one role side by side.

Domain rules, section 4. A group's score of a dimension is that of its members who would be scored there by themselves,
of at least three of them: one who gave a single level does not stand for a third. Nor can anybody's answers be had by
taking the groups from the whole: whoever gave a level and is in no group shown is either nobody or three or more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers.document import AnswerDocument
from app.core.answers.values import Respondent, Role
from app.core.questionnaire.model import Questionnaire
from app.core.scoring.scorecard import score
from app.core.team.agreement import SPREAD_FROM, average_deviation

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
    scored = _scored(questionnaire, document)
    told = {
        dimension: _scores(
            questionnaire, document, dimension, {role: scored[dimension].get(role, []) for role in shown}
        )
        for dimension in questionnaire.dimensions
    }
    return Roles(
        groups=tuple(
            RoleGroup(
                role,
                answered[role],
                {dimension: told[dimension].get(role) for dimension in questionnaire.dimensions},
            )
            for role in shown
        ),
        why_not=None,
        answered=answered,
    )


def _scored(questionnaire: Questionnaire, document: AnswerDocument) -> dict[str, dict[Role, list[Respondent]]]:
    """For each dimension those whom it would score by themselves, by role."""
    found: dict[str, dict[Role, list[Respondent]]] = {dimension: {} for dimension in questionnaire.dimensions}
    for one in document.respondents:
        for dimension, own in score(questionnaire, _by(document, [one])).dimensions.items():
            if own.score is not None:
                found[dimension].setdefault(one.role, []).append(one)
    return found


def _scores(
    questionnaire: Questionnaire, document: AnswerDocument, dimension: str, scored: Mapping[Role, Sequence[Respondent]]
) -> dict[Role, Fraction | None]:
    """The score of each group that has three or more who are `scored`, where that gives nobody else away."""
    asked = [question.id for question in questionnaire.in_form(document.form) if dimension in question.counts_for]
    giving = sum(any(isinstance(one.answers.get(id_), int) for id_ in asked) for one in document.respondents)
    enough = {role: people for role, people in scored.items() if len(people) >= EACH_FROM}
    if 0 < giving - sum(map(len, enough.values())) < EACH_FROM:
        return {}
    return {
        role: score(questionnaire, _by(document, people)).dimensions[dimension].score for role, people in enough.items()
    }


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
