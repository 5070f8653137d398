"""A cohort as CSV and as JSON."""

import csv
import datetime
import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import StringIO

from app.core.answers import as_document
from app.core.release import Average
from app.exporting.rows import Cell, CohortData, ReleasedData, released, wide, wide_columns

FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet takes for the beginning of a formula, or skips before one; the last four in full width."""


def as_csv(data: CohortData) -> bytes:
    """One row for each organisation, in UTF-8 with its mark, as spreadsheets want it; no text begins a formula."""
    columns = wide_columns(data)
    return as_table(columns, ([row[column] for column in columns] for row in wide(data)))


def as_json(data: CohortData) -> bytes:
    """The list of answer documents: a cohort file, as `cxm compare` reads it."""
    return _json([as_document(one.document) for one in data.organisations])


def released_csv(data: ReleasedData) -> bytes:
    """A row for the whole and for each dimension of a release."""
    rows = ([id_, data.release.n, float(one.value), one.bound] for id_, one in released(data).items())
    return as_table(("dimension", "n", "mean", "bound"), rows)


def released_json(data: ReleasedData) -> bytes:
    """The release: n, and the means."""
    dimensions = {id_: _mean(one) for id_, one in data.release.dimensions.items()}
    return _json(
        {
            "questionnaire": data.questionnaire.id,
            "edition": data.questionnaire.edition,
            "form": data.facts.form,
            "n": data.release.n,
            "overall": _mean(data.release.overall),
            "dimensions": dimensions,
        }
    )


def _mean(average: Average) -> dict[str, object]:
    """`bound` says that the mean is "under" or "over" its figure, and is left out where it is the mean itself."""
    return {"mean": float(average.value)} | ({"bound": average.bound} if average.bound else {})


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows under their columns' names, in UTF-8 with its mark, as spreadsheets want it; no text begins a formula."""
    text = StringIO(newline="")
    # All texts in quotes: a semicolon in a name begins no cell where the semicolon separates cells.
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case Fraction():
            return cell.numerator if cell.denominator == 1 else float(cell)
        case datetime.date():
            return cell.isoformat()
        case str() if cell.startswith(FORMULA_BEGINS):
            return f"'{cell}"
        case _:
            return cell
