"""What a cohort gives away as files to work on: XLSX, CSV, JSON. Data in, bytes out."""

from app.exporting.rows import CohortData, Facts, Organisation, ReleasedData
from app.exporting.texts import as_csv, as_json, released_csv, released_json
from app.exporting.workbook import as_xlsx, released_xlsx

__all__ = [
    "CohortData",
    "Facts",
    "Organisation",
    "ReleasedData",
    "as_csv",
    "as_json",
    "as_xlsx",
    "released_csv",
    "released_json",
    "released_xlsx",
]
