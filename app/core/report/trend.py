"""How an organisation's scores went from sitting to sitting, on the form that all of them share (section 4)."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.core.answers.document import AnswerDocument
from app.core.answers.modules import EarlierSitting, Modules
from app.core.cohort.paired import as_pulse
from app.core.questionnaire.model import FormName, Questionnaire
from app.core.scoring.scorecard import score


@dataclass(frozen=True)
class Line:
    """The whole's or a dimension's exact score at each sitting, the oldest first; None where not scored.

    `since_last` and `since_first`: this sitting's score minus that of the one before, and of the first; None where
    either is not scored.
    """

    scores: tuple[Fraction | None, ...]
    since_last: Fraction | None
    since_first: Fraction | None


@dataclass(frozen=True)
class Trend:
    """Two sittings or more. `form` is that of all scores here; `rescored` tells that a full one counts as a pulse.

    `on_form` counts the sittings that were of that form from the start. The last date
    is this sitting's, None where it has none.
    """

    form: FormName
    rescored: bool
    on_form: int
    dates: tuple[datetime.date | None, ...]
    overall: Line
    dimensions: Mapping[str, Line]


def trend(questionnaire: Questionnaire, document: AnswerDocument) -> Trend | None:
    """The trend over the earlier sittings and this one, from individual answers; None where this is the first."""
    earlier = document.modules.earlier
    if not earlier:
        return None
    sittings = [*(_as_document(document, sitting) for sitting in earlier), document.model_copy(update={"agreed": {}})]
    forms = [sitting.form for sitting in sittings]
    if len(set(forms)) > 1:
        sittings = [as_pulse(questionnaire, sitting) for sitting in sittings]
    cards = [score(questionnaire, sitting) for sitting in sittings]
    return Trend(
        form=sittings[0].form,
        rescored=len(set(forms)) > 1,
        on_form=forms.count(sittings[0].form),
        dates=tuple(sitting.date for sitting in sittings),
        overall=_line([card.overall.score for card in cards]),
        dimensions={
            dimension: _line([card.dimensions[dimension].score for card in cards])
            for dimension in questionnaire.dimensions
        },
    )


def _as_document(document: AnswerDocument, sitting: EarlierSitting) -> AnswerDocument:
    """An earlier sitting as a document of its own; aims and stage of business don't enter a score."""
    return document.model_copy(
        update={
            "form": sitting.form,
            "date": sitting.date,
            "respondents": sitting.respondents,
            "agreed": {},
            "actions": (),
            "modules": Modules(),
        }
    )


def _line(scores: Sequence[Fraction | None]) -> Line:
    return Line(tuple(scores), _change(scores[-2], scores[-1]), _change(scores[0], scores[-1]))


def _change(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before
