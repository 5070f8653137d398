"""What is given away as files to work on: a cohort as XLSX, CSV and JSON, a plan as CSV and as a calendar.

Data in, bytes out.
"""

from app.exporting.plans import NEXT_SITTING_AFTER, Planned, plan_csv, plan_ics, reminder_ics
from app.exporting.rows import CohortData, Facts, Organisation, ReleasedData
from app.exporting.texts import as_csv, as_json, released_csv, released_json
from app.exporting.workbook import as_xlsx, released_xlsx

__all__ = [
    "NEXT_SITTING_AFTER",
    "CohortData",
    "Facts",
    "Organisation",
    "Planned",
    "ReleasedData",
    "as_csv",
    "as_json",
    "as_xlsx",
    "plan_csv",
    "plan_ics",
    "released_csv",
    "released_json",
    "released_xlsx",
    "reminder_ics",
]
