"""A cohort as CSV and as JSON."""

import csv
import datetime
import json
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from io import StringIO

from app.core.answers.document import as_document
from app.core.cohort.release import Average
from app.exporting.rows import Cell, CohortData, ReleasedData, released, wide, wide_columns

SEPARATOR = ";"
"""What a double click expects where numbers have a decimal comma, as in Slovenia, Poland, Czechia and Slovakia."""

_FORMULA = re.compile(r"(^|[,;])([\s\"'\u200b-\u200f\u2060\ufeff]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a formula could begin, whichever of comma and semicolon separates: what is skipped before it, and its sign
comes next; the last four signs are those of full width. Tabs and line breaks are gone by then."""


HELD_BACK = "held_back"


def as_csv(data: CohortData) -> bytes:
    """One row for each organisation."""
    columns = wide_columns(data)
    return as_table(columns, ([row[column] for column in columns] for row in wide(data)))


def as_json(data: CohortData) -> bytes:
    """The list of answer documents: a cohort file, as `cxm compare` reads it."""
    return _json([as_document(one.document) for one in data.organisations])


def released_csv(data: ReleasedData) -> bytes:
    """A row for the whole and for each dimension of a release; the `bound` says so where the mean is held back."""
    rows = (
        [id_, data.release.n, float(one.value), one.bound] if one else [id_, data.release.n, None, HELD_BACK]
        for id_, one in released(data).items()
    )
    return as_table(("dimension", "n", "mean", "bound"), rows)


def released_json(data: ReleasedData) -> bytes:
    """The release: n, and the means that are told. `held_back` is left out where that are all."""
    release = data.release
    return _json(
        {
            "questionnaire": data.questionnaire.id,
            "edition": data.questionnaire.edition,
            "form": data.facts.form,
            "n": release.n,
            "overall": _mean(release.overall) if release.overall else None,
            "dimensions": {id_: _mean(one) for id_, one in release.dimensions.items()},
        }
        | ({HELD_BACK: release.held_back} if release.held_back else {})
    )


def _mean(average: Average) -> dict[str, object]:
    """`bound` says that the mean is "under" or "over" its figure, and is left out where it is the mean itself."""
    return {"mean": float(average.value)} | ({"bound": average.bound} if average.bound else {})


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def as_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Rows under their columns' names, one line each, as a double click opens them.

    UTF-8 with its mark, semicolons between cells, decimal commas. No text begins a formula, nor does any part of one
    where something else is taken for the separator.
    """
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=SEPARATOR, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str | float:
    match cell:
        case None:
            return ""
        case Fraction():
            return cell.numerator if cell.denominator == 1 else _DecimalComma(cell)
        case float():
            return _DecimalComma(cell)
        case datetime.date():
            return cell.isoformat()
        case str():
            return _FORMULA.sub(r"\1\2'", _one_line(cell))
        case _:
            return cell


def _one_line(text: str) -> str:
    """Read with another separator, a line break would begin a row, and a tab a cell."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return " / ".join(line for line in lines if line)


class _DecimalComma(float):
    """A number that the writer writes with a comma, and without quotes."""

    def __repr__(self) -> str:
        return super().__repr__().replace(".", ",")

    __str__ = __repr__
