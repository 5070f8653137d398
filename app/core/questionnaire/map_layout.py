"""Where a questionnaire's questions stand on its map, and where a list says more than a map would."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from app.core.questionnaire.model import FormName, Questionnaire

MOST_COLUMNS = 8
"""More columns than these cannot be headed so that they are read; their framework then gives the rows."""
FILLED_FROM = Fraction(1, 2)
"""The share of crossings at which the full form must ask, for a map to be more than mostly empty."""


@dataclass(frozen=True)
class MapLayout:
    """Rows and columns by dimension, the form's questions at each crossing, and those that stand at none."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], tuple[str, ...]]
    beside: tuple[str, ...]


def map_layout(questionnaire: Questionnaire, form: FormName) -> MapLayout | None:
    """The map of a form; None where there are not two frameworks, or their map would be too wide or mostly empty.

    Rows are the first framework's dimensions, unless the second's are too many for columns.
    """
    if len(questionnaire.frameworks) != 2:
        return None
    rows, columns = (framework.dimensions for framework in questionnaire.frameworks)
    if len(columns) > MOST_COLUMNS:
        rows, columns = columns, rows
    if len(columns) > MOST_COLUMNS:
        return None
    whole = _crossed(questionnaire, "full", rows, columns)
    if len(whole) < FILLED_FROM * len(rows) * len(columns):
        return None
    cells = _crossed(questionnaire, form, rows, columns)
    placed = {id_ for ids in cells.values() for id_ in ids}
    beside = tuple(question.id for question in questionnaire.in_form(form) if question.id not in placed)
    return MapLayout(rows, columns, cells, beside)


def _crossed(
    questionnaire: Questionnaire, form: FormName, rows: tuple[str, ...], columns: tuple[str, ...]
) -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for question in questionnaire.in_form(form):
        row = next((id_ for id_ in question.counts_for if id_ in rows), None)
        column = next((id_ for id_ in question.counts_for if id_ in columns), None)
        if row is not None and column is not None:
            found[row, column] = (*found.get((row, column), ()), question.id)
    return found
