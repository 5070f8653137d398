"""Scoring: an answer document becomes a scorecard, in exact fractions (domain rules, section 2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal, assert_never

from app.core.answers.document import AnswerDocument
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, FlagRule, Framework, Questionnaire
from app.core.team import spread
from app.core.team.spread import QuestionLevel

DEFAULT_IMPORTANCE = 3
NAMED_PRIORITIES = 3
BLIND_SPOT_LIMIT = Fraction(1, 3)

NotScored = Literal["not_applicable", "unknown", "too_few"]


@dataclass(frozen=True)
class Floor:
    """Score and stage if every `dont_know` and every open question were a level 1; None where not scored."""

    score: Fraction | None
    stage: int | None


@dataclass(frozen=True)
class DimensionScore:
    """One discipline or pillar. `score`, `stage`, `gap` and `priority` are None where `not_scored` says why.

    `held_down_by` names the questions that keep the stage below the score; `answered`, `applicable` and
    `dont_know` count questions, `blind_spots` is a share of answers (None where nobody answered or said don't know).
    """

    id: str
    score: Fraction | None
    stage: int | None
    held_down_by: tuple[str, ...]
    not_scored: NotScored | None
    answered: int
    applicable: int
    dont_know: int
    blind_spots: Fraction | None
    target: int
    gap: Fraction | None
    importance: int
    priority: Fraction | None
    floor: Floor


@dataclass(frozen=True)
class Overall:
    """The whole: mean of all levels. `held_down_by` names the dimensions that keep the stage below the score."""

    score: Fraction | None
    stage: int | None
    held_down_by: tuple[str, ...]
    blind_spots: Fraction | None
    floor: Floor


@dataclass(frozen=True)
class Recommendation:
    """The step to take next at a question, under the priority it serves."""

    question: str
    dimension: str
    from_level: int
    to_level: int


@dataclass(frozen=True)
class Scorecard:
    """Everything that follows from one answer document. `levels` holds the form's questions in order."""

    overall: Overall
    dimensions: Mapping[str, DimensionScore]
    levels: Mapping[str, QuestionLevel]
    priorities: tuple[str, ...]
    tied: tuple[str, ...]
    by_gap: tuple[str, ...]
    find_out_first: tuple[str, ...]
    to_discuss: tuple[str, ...]
    flags: tuple[str, ...]
    recommendations: tuple[Recommendation, ...]
    agreed: "Scorecard | None"


def score(questionnaire: Questionnaire, document: AnswerDocument) -> Scorecard:
    """The scorecard of a document that has been accepted for this questionnaire."""
    sheet = _sheet(questionnaire, document)
    levels = {
        question.id: spread.question_level(question.id, document.respondents)
        for question in questionnaire.in_form(document.form)
    }
    if not document.agreed:
        return _card(sheet, levels)
    agreed = levels | {id_: Fraction(level) for id_, level in document.agreed.items()}
    return _card(sheet, levels, _card(sheet, agreed))


def index(mean: Fraction) -> Fraction:
    """A score 1-5 on the scale 0-100."""
    return (mean - LOWEST_LEVEL) / (HIGHEST_LEVEL - LOWEST_LEVEL) * 100


def target_of(questionnaire: Questionnaire, document: AnswerDocument, dimension: str) -> int:
    """The level 1-5 aimed at: set for the dimension, else for the document, else by the questionnaire."""
    default = document.default_target or questionnaire.target(document.business_stage)
    return document.targets.get(dimension, default)


@dataclass(frozen=True)
class _Sheet:
    """What a sitting is scored by: each dimension's questions in the form, and how many levels a score needs."""

    questionnaire: Questionnaire
    document: AnswerDocument
    questions: Mapping[str, tuple[str, ...]]
    scored_from: int


def _sheet(questionnaire: Questionnaire, document: AnswerDocument) -> _Sheet:
    asked = questionnaire.in_form(document.form)
    return _Sheet(
        questionnaire,
        document,
        {
            dimension: tuple(question.id for question in asked if dimension in question.counts_for)
            for dimension in questionnaire.dimensions
        },
        questionnaire.forms[document.form].scored_from,
    )


def _card(sheet: _Sheet, levels: Mapping[str, QuestionLevel], agreed: Scorecard | None = None) -> Scorecard:
    respondents = sheet.document.respondents
    dimensions = {dimension: _dimension(sheet, dimension, levels) for dimension in sheet.questionnaire.dimensions}
    priorities, tied = _priorities(dimensions)
    return Scorecard(
        overall=_overall(sheet, dimensions, levels),
        dimensions=dimensions,
        levels=levels,
        priorities=priorities,
        tied=tied,
        by_gap=_by_gap(dimensions),
        find_out_first=tuple(id_ for id_, card in dimensions.items() if card.not_scored == "unknown"),
        to_discuss=spread.to_discuss(levels, respondents),
        flags=_flags(sheet, dimensions, levels),
        recommendations=_recommendations(sheet, priorities, levels),
        agreed=agreed,
    )


def _overall(sheet: _Sheet, dimensions: Mapping[str, DimensionScore], levels: Mapping[str, QuestionLevel]) -> Overall:
    frameworks = sheet.questionnaire.frameworks
    scores = {id_: card.score for id_, card in dimensions.items()}
    mean = _overall_score(frameworks, scores, levels)
    stage, held_down_by = _overall_stage(mean, {id_: card.stage for id_, card in dimensions.items()})
    floors = {id_: card.floor.score for id_, card in dimensions.items()}
    floor_mean = _overall_score(frameworks, floors, _at_worst(levels))
    floor_stage, _ = _overall_stage(floor_mean, {id_: card.floor.stage for id_, card in dimensions.items()})
    return Overall(
        score=mean,
        stage=stage,
        held_down_by=held_down_by,
        blind_spots=spread.blind_spots(levels, sheet.document.respondents),
        floor=Floor(floor_mean, floor_stage),
    )


def _dimension(sheet: _Sheet, dimension: str, levels: Mapping[str, QuestionLevel]) -> DimensionScore:
    document = sheet.document
    its = {id_: levels[id_] for id_ in sheet.questions[dimension]}
    known = _known(its)
    applicable = sum(level != NOT_APPLICABLE for level in its.values())
    dont_know = sum(level == DONT_KNOW for level in its.values())
    mean, stage = _scored(its, sheet.scored_from)
    target = target_of(sheet.questionnaire, document, dimension)
    importance = document.importance.get(dimension, DEFAULT_IMPORTANCE)
    gap = None if mean is None else max(Fraction(0), target - mean)
    return DimensionScore(
        id=dimension,
        score=mean,
        stage=stage,
        held_down_by=() if mean is None else _lowest(known, mean),
        not_scored=_reason(applicable, len(known) + dont_know, sheet.scored_from) if mean is None else None,
        answered=len(known),
        applicable=applicable,
        dont_know=dont_know,
        blind_spots=spread.blind_spots(its, document.respondents),
        target=target,
        gap=gap,
        importance=importance,
        priority=None if gap is None else gap * importance,
        floor=Floor(*_scored(_at_worst(its), sheet.scored_from)),
    )


def _at_worst(levels: Mapping[str, QuestionLevel]) -> dict[str, QuestionLevel]:
    """The same levels, were every `dont_know` and every open question a level 1."""
    lowest = Fraction(LOWEST_LEVEL)
    return {id_: lowest if level is None or level == DONT_KNOW else level for id_, level in levels.items()}


def _known(levels: Mapping[str, QuestionLevel]) -> dict[str, Fraction]:
    return {id_: level for id_, level in levels.items() if isinstance(level, Fraction)}


def _enough(answered: int, applicable: int, scored_from: int) -> bool:
    return answered * 2 >= applicable and answered >= scored_from


def _reason(applicable: int, answered_if_known: int, scored_from: int) -> NotScored:
    if applicable == 0:
        return "not_applicable"
    return "unknown" if _enough(answered_if_known, applicable, scored_from) else "too_few"


def _mean(levels: Sequence[Fraction]) -> Fraction:
    return sum(levels, Fraction(0)) / len(levels)


def _scored(levels: Mapping[str, QuestionLevel], scored_from: int) -> tuple[Fraction | None, int | None]:
    """Score and stage of a dimension: one weak question holds the stage down to one above itself."""
    known = list(_known(levels).values())
    applicable = sum(level != NOT_APPLICABLE for level in levels.values())
    if not _enough(len(known), applicable, scored_from):
        return None, None
    mean = _mean(known)
    return mean, min(floor(mean), floor(min(known)) + 1)


def _lowest(levels: Mapping[str, Fraction | int], mean: Fraction) -> tuple[str, ...]:
    """Whatever has the lowest whole level, if that holds the stage below the score."""
    lowest = min(floor(level) for level in levels.values())
    if lowest + 1 >= floor(mean):
        return ()
    return tuple(id_ for id_, level in levels.items() if floor(level) == lowest)


def _overall_score(
    frameworks: Sequence[Framework], scores: Mapping[str, Fraction | None], levels: Mapping[str, QuestionLevel]
) -> Fraction | None:
    """The mean of all levels, if all but one dimension of each framework are scored."""
    for framework in frameworks:
        scored = sum(scores[dimension] is not None for dimension in framework.dimensions)
        if scored < len(framework.dimensions) - 1:
            return None
    known = list(_known(levels).values())
    return _mean(known) if known else None


def _overall_stage(mean: Fraction | None, stages: Mapping[str, int | None]) -> tuple[int | None, tuple[str, ...]]:
    known = {id_: stage for id_, stage in stages.items() if stage is not None}
    if mean is None or not known:
        return None, ()
    return min(floor(mean), min(known.values()) + 1), _lowest(known, mean)


def _priorities(dimensions: Mapping[str, DimensionScore]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The named priorities, and those tied with the third; `sorted` is stable, so order breaks what is left."""
    ranked = sorted(
        ((card.priority, card.score, id_) for id_, card in dimensions.items() if card.priority and card.score),
        key=lambda entry: (-entry[0], entry[1]),
    )
    named, rest = ranked[:NAMED_PRIORITIES], ranked[NAMED_PRIORITIES:]
    tied = [id_ for priority, mean, id_ in rest if (priority, mean) == named[-1][:2]]
    return tuple(id_ for _, _, id_ in named), tuple(tied)


def _by_gap(dimensions: Mapping[str, DimensionScore]) -> tuple[str, ...]:
    ranked = sorted(
        ((card.gap, card.score, id_) for id_, card in dimensions.items() if card.gap and card.score),
        key=lambda entry: (-entry[0], entry[1]),
    )
    return tuple(id_ for _, _, id_ in ranked)


def _recommendations(
    sheet: _Sheet, priorities: tuple[str, ...], levels: Mapping[str, QuestionLevel]
) -> tuple[Recommendation, ...]:
    found: dict[str, Recommendation] = {}
    for dimension in priorities:
        its = _known({id_: levels[id_] for id_ in sheet.questions[dimension]})
        for id_, level in sorted(its.items(), key=lambda entry: entry[1]):
            if level < HIGHEST_LEVEL and id_ not in found:
                found[id_] = Recommendation(id_, dimension, floor(level), floor(level) + 1)
    return tuple(found.values())


def _flags(
    sheet: _Sheet, dimensions: Mapping[str, DimensionScore], levels: Mapping[str, QuestionLevel]
) -> tuple[str, ...]:
    """The flags of domain rules, section 2. For `discounts_only` an action that was dropped is none."""
    document = sheet.document
    flags = [flag.id for flag in sheet.questionnaire.flags if _contradicts(flag, levels)]
    if _back_office_barrier(document):
        flags.append("back_office_barrier")
    actions = [action for action in document.actions if action.status != "dropped"]
    if len(actions) > 1 and all(action.way == "financial" for action in actions):
        flags.append("discounts_only")
    flags += [
        f"blind_spot:{id_}"
        for id_, card in dimensions.items()
        if card.blind_spots is not None and card.blind_spots > BLIND_SPOT_LIMIT
    ]
    return tuple(flag for flag in flags if flag.partition(":")[0] in sheet.questionnaire.flags_raised)


def _contradicts(flag: FlagRule, levels: Mapping[str, QuestionLevel]) -> bool:
    def at(id_: str) -> Fraction | None:
        level = levels.get(id_)
        return level if isinstance(level, Fraction) else None

    reached = all((level := at(id_)) is not None and level >= least for id_, least in flag.at_least.items())
    return reached and any((level := at(id_)) is not None and level <= most for id_, most in flag.any_at_most.items())


def _back_office_barrier(document: AnswerDocument) -> bool:
    """The front office is rated clearly above the back office; means of three or more need a smaller distance."""
    distances = [
        Fraction(view.front_office - view.back_office)
        for view in document.modules.front_back_office
        if view.front_office is not None and view.back_office is not None
    ]
    return bool(distances) and _mean(distances) >= (1 if len(distances) >= 3 else 2)


def as_json(card: Scorecard) -> dict[str, object]:
    """The scorecard as the contract's JSON: numbers are the nearest double of the exact value."""
    overall = card.overall
    return {
        "overall": {
            "score": _double(overall.score),
            "index": _index(overall.score),
            "stage": overall.stage,
            "held_down_by": list(overall.held_down_by),
            "blind_spots": _double(overall.blind_spots),
            "floor": {"score": _double(overall.floor.score), "stage": overall.floor.stage},
        },
        "dimensions": {id_: _dimension_json(dimension) for id_, dimension in card.dimensions.items()},
        "grid": {id_: _level_json(level) for id_, level in card.levels.items()},
        "priorities": list(card.priorities),
        "tied": list(card.tied),
        "by_gap": list(card.by_gap),
        "find_out_first": list(card.find_out_first),
        "to_discuss": list(card.to_discuss),
        "flags": list(card.flags),
        "recommendations": [
            {"question": step.question, "dimension": step.dimension, "from": step.from_level, "to": step.to_level}
            for step in card.recommendations
        ],
        "agreed": None if card.agreed is None else as_json(card.agreed),
    }


def _dimension_json(card: DimensionScore) -> dict[str, object]:
    found: dict[str, object] = {
        "score": _double(card.score),
        "index": _index(card.score),
        "stage": card.stage,
        "held_down_by": list(card.held_down_by),
        "answered": card.answered,
        "applicable": card.applicable,
        "dont_know": card.dont_know,
        "blind_spots": _double(card.blind_spots),
        "target": card.target,
        "gap": _double(card.gap),
        "importance": card.importance,
        "priority": _double(card.priority),
        "floor": {"score": _double(card.floor.score), "stage": card.floor.stage},
    }
    return found if card.not_scored is None else found | {"not_scored": card.not_scored}


def _level_json(level: QuestionLevel) -> float | None:
    match level:
        case Fraction():
            return float(level)
        case None | "dont_know" | "not_applicable":
            return None
        case _:
            assert_never(level)


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _index(mean: Fraction | None) -> float | None:
    return None if mean is None else float(index(mean))
