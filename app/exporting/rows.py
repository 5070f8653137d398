"""What the files hold, as rows of plain values: texts and numbers, as exact as a double is."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.answers.document import AnswerDocument
from app.core.cohort.overview import overview
from app.core.cohort.release import Average, Release
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.scoring import scorecard
from app.core.scoring.scorecard import Scorecard

Cell = str | int | float | Fraction | datetime.date | None
"""A fraction is a score or a share, exact until it is written; None is an empty cell."""


@dataclass(frozen=True)
class Facts:
    """What is said of a cohort itself. `language` is that of the files' words."""

    name: str
    date: datetime.date
    form: FormName
    language: str
    is_confidential: bool
    is_open: bool
    is_demo: bool
    default_target: int | None


@dataclass(frozen=True)
class Organisation:
    """What one organisation answered, and what follows from it."""

    document: AnswerDocument
    card: Scorecard


@dataclass(frozen=True)
class CohortData:
    """An open cohort: the organisations that count, in order of joining."""

    facts: Facts
    questionnaire: Questionnaire
    organisations: tuple[Organisation, ...]


@dataclass(frozen=True)
class ReleasedData:
    """A confidential cohort: its release, and nothing else."""

    facts: Facts
    questionnaire: Questionnaire
    release: Release


def answers(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for each respondent of each organisation; an open question is an empty cell."""
    questions = [question.id for question in data.questionnaire.in_form(data.facts.form)]
    for number, one in enumerate(data.organisations, 1):
        document = one.document
        for seat, respondent in enumerate(document.respondents, 1):
            yield {
                "number": number,
                "organisation": document.organisation,
                "business_stage": document.business_stage,
                "date": document.date,
                "respondent": seat,
                "role": respondent.role,
                **{id_: respondent.answers.get(id_) for id_ in questions},
            }


def scores(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for each organisation: the whole, and the score of every dimension."""
    for number, one in enumerate(data.organisations, 1):
        yield {
            "number": number,
            "organisation": one.document.organisation,
            "business_stage": one.document.business_stage,
            "respondents": len(one.document.respondents),
            **_whole(one.card),
            **{id_: dimension.score for id_, dimension in one.card.dimensions.items()},
        }


def dimensions(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for each dimension of each organisation: everything that a scorecard says of it."""
    for number, one in enumerate(data.organisations, 1):
        for id_ in one.card.dimensions:
            facts: dict[str, Cell] = {"number": number, "organisation": one.document.organisation, "dimension": id_}
            yield {**facts, **_dimension(one.card, id_)}


def summary(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for the whole (`overall`) and each dimension, as the API's summary has them, with Cronbach's alpha."""
    found = overview(data.questionnaire, [one.card for one in data.organisations])
    told = found.summary
    for id_, one in {"overall": told.overall, **told.dimensions}.items():
        coherence = found.coherence.get(id_)
        yield {
            "id": id_,
            "n": one.n,
            "mean": one.mean,
            "median": one.median,
            "q1": one.q1,
            "q3": one.q3,
            "sd": one.sd,
            "alpha": coherence.alpha if coherence else None,
        }


def questions(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for each question: how many organisations stand at which level."""
    for id_, one in overview(data.questionnaire, [one.card for one in data.organisations]).questions.items():
        spread = one.distribution
        yield {
            "id": id_,
            "n": one.n,
            "mean": one.mean,
            **{f"level_{level}": count for level, count in enumerate(spread.levels, 1)},
            "dont_know": spread.dont_know,
            "not_applicable": spread.not_applicable,
            "open": spread.open,
        }


def wide(data: CohortData) -> Iterator[dict[str, Cell]]:
    """A row for each organisation: its levels (the mean over its respondents), the whole, and every dimension.

    The organisation's name stands first: it is the only text that somebody typed.
    """
    for one in data.organisations:
        yield {
            "organisation": one.document.organisation,
            "business_stage": one.document.business_stage,
            "date": one.document.date,
            "respondents": len(one.document.respondents),
            **one.card.levels,
            **{f"overall.{key}": value for key, value in _whole(one.card).items()},
            **{
                f"{id_}.{key}": value for id_ in one.card.dimensions for key, value in _dimension(one.card, id_).items()
            },
        }


def wide_columns(data: CohortData) -> tuple[str, ...]:
    """The columns of `wide`, also where nobody is in it."""
    questionnaire = data.questionnaire
    return (
        *("organisation", "business_stage", "date", "respondents"),
        *(question.id for question in questionnaire.in_form(data.facts.form)),
        *(f"overall.{key}" for key in WHOLE),
        *(f"{id_}.{key}" for id_ in questionnaire.dimensions for key in DIMENSION),
    )


WHOLE = ("score", "index", "stage", "floor_score", "floor_stage", "blind_spots", "held_down_by")
DIMENSION = (
    *("score", "index", "stage", "not_scored", "floor_score", "floor_stage"),
    *("answered", "applicable", "dont_know", "blind_spots", "target", "gap", "importance", "priority", "held_down_by"),
)


def released(data: ReleasedData) -> Mapping[str, Average | None]:
    """The whole (`overall`) and every dimension of a release; None where the mean is held back."""
    means = {id_: data.release.dimensions.get(id_) for id_ in data.questionnaire.dimensions}
    return {"overall": data.release.overall, **means}


def _whole(card: Scorecard) -> dict[str, Cell]:
    whole = card.overall
    values: tuple[Cell, ...] = (
        whole.score,
        None if whole.score is None else scorecard.index(whole.score),
        whole.stage,
        whole.floor.score,
        whole.floor.stage,
        whole.blind_spots,
        " ".join(whole.held_down_by) or None,
    )
    return dict(zip(WHOLE, values, strict=True))


def _dimension(card: Scorecard, id_: str) -> dict[str, Cell]:
    one = card.dimensions[id_]
    values: tuple[Cell, ...] = (
        one.score,
        None if one.score is None else scorecard.index(one.score),
        one.stage,
        one.not_scored,
        one.floor.score,
        one.floor.stage,
        one.answered,
        one.applicable,
        one.dont_know,
        one.blind_spots,
        one.target,
        one.gap,
        one.importance,
        one.priority,
        " ".join(one.held_down_by) or None,
    )
    return dict(zip(DIMENSION, values, strict=True))
