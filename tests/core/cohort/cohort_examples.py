"""Cohorts for the tests of comparison: documents of made-up organisations, scored by the real engine."""

import json
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import NamedTuple

from app import content
from app.core.answers.document import AnswerDocument, read_document
from app.core.questionnaire.model import Questionnaire
from app.core.scoring.scorecard import DimensionScore, Floor, Overall, Scorecard, score
from tests.core.documents.forms import DIMENSIONS, FULL, PULSE

Cards = list[Scorecard]


class DataSet(NamedTuple):
    """Two cohorts."""

    name: str
    first: Cards
    second: Cards


@cache
def questionnaire() -> Questionnaire:
    found = content.catalogue().edition("cx-grid", "2026-1")
    assert found is not None
    return found


def raw(*answers: Mapping[str, int | str], form: str = "pulse", **more: object) -> dict[str, object]:
    """An answer document as JSON data, with the answers of each respondent."""
    return {
        "questionnaire": "cx-grid",
        "edition": "2026-1",
        "form": form,
        "organisation": "Example d.o.o.",
        "language": "en",
        "business_stage": "growing",
        "respondents": [{"role": "other", "answers": dict(its)} for its in answers],
    } | more


def accepted(document: dict[str, object]) -> AnswerDocument:
    return read_document(json.dumps(document), lambda _id, _edition: questionnaire())[0]


def scored(document: dict[str, object]) -> Scorecard:
    return score(questionnaire(), accepted(document))


def sitting(chance: random.Random, levels: Sequence[int | str], form: str = "pulse", team: int = 1) -> Scorecard:
    """A sitting in which each of a team chose any of these at every question."""
    asked = {"pulse": PULSE, "full": FULL}[form]
    return scored(raw(*({id_: chance.choice(levels) for id_ in asked} for _ in range(team)), form=form))


def sittings(count: int, seed: int, levels: Sequence[int | str], form: str = "pulse", team: int = 1) -> Cards:
    chance = random.Random(seed)  # noqa: S311 - made-up answers, the same every time
    return [sitting(chance, levels, form, team) for _ in range(count)]


def plain(level: int) -> Scorecard:
    """A sitting with the same level everywhere."""
    return scored(raw(dict.fromkeys(PULSE, level)))


def card(scores: Fraction | Mapping[str, Fraction | None] | None, overall: Fraction | None = None) -> Scorecard:
    """A scorecard with just these scores, for values that no single sitting would give."""
    its = scores if isinstance(scores, Mapping) else dict.fromkeys(DIMENSIONS, scores)
    floor = Floor(None, None)
    return Scorecard(
        overall=Overall(overall if isinstance(scores, Mapping) else scores, None, (), None, floor),
        dimensions={
            id_: DimensionScore(
                id_, value, None, (), None if value is not None else "unknown", 0, 0, 0, None, 4, None, 3, None, floor
            )
            for id_, value in its.items()
        },
        levels={},
        priorities=(),
        tied=(),
        by_gap=(),
        find_out_first=(),
        to_discuss=(),
        flags=(),
        recommendations=(),
        agreed=None,
    )


def cards(*values: int | str | Fraction) -> Cards:
    """One organisation for each value, which is its score everywhere."""
    return [card(Fraction(value)) for value in values]


def exact(*values: int | str | None) -> tuple[Fraction | None, ...]:
    return tuple(None if value is None else Fraction(value) for value in values)


def known(peers: Cards, dimension: str | None) -> list[Fraction]:
    """The scores of a dimension, or of the whole, that there are."""
    found = [one.overall.score if dimension is None else one.dimensions[dimension].score for one in peers]
    return [value for value in found if value is not None]


@cache
def data_sets() -> tuple[DataSet, ...]:
    """From 4 against 4 to 30 against 25: with ties, without variance, with dimensions that are not scored."""
    return (
        DataSet("ties", sittings(7, 1, (2, 3, 4)), sittings(8, 2, (3, 3, 4))),
        DataSet("four against four", sittings(4, 3, (1, 2, 3)), sittings(4, 4, (3, 4, 5))),
        DataSet("five against six", sittings(5, 5, (1, 2, 3, 4)), sittings(6, 6, (2, 3, 4, 5))),
        DataSet("six against six", sittings(6, 7, (1, 1, 2, 3)), sittings(6, 8, (3, 4, 5, 5), team=3)),
        DataSet(
            "thirty against twenty-five",
            *(sittings(30, 9, range(1, 6), "full", 2), sittings(25, 10, (2, 3, 4, 5), "full", 2)),
        ),
        DataSet("without variance", [plain(3)] * 6, [plain(4)] * 6),
        DataSet("all the same", [plain(3)] * 6, [plain(3)] * 7),
        DataSet(
            "not all scored",
            sittings(9, 11, (1, 2, 3, "dont_know", "dont_know")),
            sittings(8, 12, (2, 3, 4, 5, "not_applicable")),
        ),
    )
