"""Before and after: the same organisations, two sittings of the same form (domain rules, section 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.core.answers.document import AnswerDocument, RefusedError
from app.core.cohort import statistics
from app.core.cohort.comparison import of_one_form
from app.core.cohort.statistics import INTERVAL_FROM, STABLE_FROM, Interval
from app.core.questionnaire.model import Questionnaire
from app.core.scoring.scorecard import Scorecard

ChangeNote = Literal["not_scored", "no_interval", "no_variation", "interval_undefined", "no_test", "unstable"]
SENTENCES: Mapping[ChangeNote, str] = {
    "not_scored": "Nothing to compare: no organisation is scored here in both sittings.",
    "no_interval": "No interval under 5 organisations.",
    "no_variation": "All changes are equal: d_z and interval are not defined.",
    "interval_undefined": "The interval is not defined for these scores.",
    "no_test": "No test: with so few organisations no change of a dimension could be significant after "
    "Holm's correction; the whole is not tested either.",
    "unstable": "Unstable under 10 organisations.",
}
NO_PROOF = "Change is not proof of effect."

Sittings = tuple[Scorecard, Scorecard]
"""One organisation's two sittings, the earlier first."""


@dataclass(frozen=True)
class Change:
    """A dimension, or the whole, over the `n` organisations that are scored in both sittings.

    `changes` has every pair in order, later minus earlier, None where one of them is not scored; `before` and `after`
    are means. `interval`: 95 % BCa of the mean change. `d_z`: mean change in standard deviations of the changes.
    `p`: sign-flip permutation test. `p_holm`: over those dimensions that have a p. What is None has its reason among
    `notes`.
    """

    changes: tuple[Fraction | None, ...]
    n: int
    before: Fraction | None
    after: Fraction | None
    mean_change: Fraction | None
    interval: Interval | None
    d_z: float | None
    p: float | None
    p_holm: float | None
    notes: tuple[ChangeNote, ...]


@dataclass(frozen=True)
class BeforeAfter:
    """`n` organisations that sat twice. To be shown with NO_PROOF beside it."""

    n: int
    overall: Change
    dimensions: Mapping[str, Change]


def compare_sittings(questionnaire: Questionnaire, pairs: Sequence[Sittings]) -> BeforeAfter:
    """What changed between two sittings. Raises UnlikeSittingsError where the forms differ: see `as_pulse`."""
    of_one_form(card for pair in pairs for card in pair)
    dimensions = {
        dimension: [(before.dimensions[dimension].score, after.dimensions[dimension].score) for before, after in pairs]
        for dimension in questionnaire.dimensions
    }
    overall = [(before.overall.score, after.overall.score) for before, after in pairs]
    family = len(dimensions)
    ps = _tested({dimension: _known(scores) for dimension, scores in dimensions.items()}, family)
    adjusted = statistics.holm(ps)
    return BeforeAfter(
        n=len(pairs),
        overall=_change(overall, _tested({"": _known(overall)}, family).get(""), None),
        dimensions={id_: _change(scores, ps.get(id_), adjusted.get(id_)) for id_, scores in dimensions.items()},
    )


def as_pulse(questionnaire: Questionnaire, document: AnswerDocument) -> AnswerDocument:
    """A full sitting as if it had been a pulse: only the pulse's questions keep answers and agreed levels.

    Actions stay, without their question where the pulse does not ask it. Raises RefusedError where there is no pulse.
    """
    if document.form == "pulse":
        return document
    if "pulse" not in questionnaire.forms:
        raise RefusedError("form", f"{questionnaire.id} has no form 'pulse'")
    asked = set(questionnaire.forms["pulse"].questions)
    return document.model_copy(
        update={
            "form": "pulse",
            "respondents": tuple(
                one.model_copy(update={"answers": {id_: answer for id_, answer in one.answers.items() if id_ in asked}})
                for one in document.respondents
            ),
            "agreed": {id_: level for id_, level in document.agreed.items() if id_ in asked},
            "actions": tuple(
                one if one.question in asked else one.model_copy(update={"question": None}) for one in document.actions
            ),
        }
    )


_Scores = Sequence[tuple[Fraction | None, Fraction | None]]


def _known(scores: _Scores) -> list[tuple[Fraction, Fraction]]:
    return [(before, after) for before, after in scores if before is not None and after is not None]


def _tested(dimensions: Mapping[str, Sequence[tuple[Fraction, Fraction]]], family: int) -> dict[str, float]:
    """A p for whatever has one."""
    changes = {
        id_: [after - before for before, after in known]
        for id_, known in dimensions.items()
        if statistics.can_be_tested(statistics.flips(len(known)), family)
    }
    return dict(zip(changes, statistics.sign_flip_tests(list(changes.values())), strict=True))


def _change(scores: _Scores, p: float | None, p_holm: float | None) -> Change:
    known = _known(scores)
    changes = [after - before for before, after in known]
    n, interval, d_z = len(changes), statistics.mean_interval(changes), statistics.standardised_change(changes)
    notes: dict[ChangeNote, bool] = {
        "not_scored": n == 0,
        "no_interval": 0 < n < INTERVAL_FROM,
        "no_variation": n > 0 and d_z is None,
        "interval_undefined": n >= INTERVAL_FROM and d_z is not None and interval is None,
        "no_test": n > 0 and p is None,
        "unstable": 0 < n < STABLE_FROM,
    }
    return Change(
        changes=tuple(None if before is None or after is None else after - before for before, after in scores),
        n=n,
        before=statistics.mean([before for before, _ in known]),
        after=statistics.mean([after for _, after in known]),
        mean_change=statistics.mean(changes),
        interval=interval,
        d_z=d_z,
        p=p,
        p_holm=p_holm,
        notes=tuple(note for note, holds in notes.items() if holds),
    )


def as_json(found: BeforeAfter) -> dict[str, object]:
    """Before and after as JSON, in the manner of a comparison."""
    return {
        "n": found.n,
        "overall": _change_json(found.overall),
        "dimensions": {id_: _change_json(change) for id_, change in found.dimensions.items()},
        "note": NO_PROOF,
    }


def _change_json(change: Change) -> dict[str, object]:
    return {
        "n": change.n,
        "before": _double(change.before),
        "after": _double(change.after),
        "mean_change": _double(change.mean_change),
        "interval": change.interval and list(change.interval),
        "d_z": change.d_z,
        "p": change.p,
        "p_holm": change.p_holm,
        "note": " ".join(SENTENCES[note] for note in change.notes) or None,
    }


def _double(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
