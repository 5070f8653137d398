"""What is given away as files to work on: a cohort as XLSX, CSV and JSON, a plan as XLSX, CSV and as a calendar.

Data in, bytes out.
"""

from app.exporting.plans import NEXT_SITTING_AFTER, Plan, Planned, plan_csv, plan_ics, plan_xlsx, reminder_ics
from app.exporting.rows import CohortData, Facts, Organisation, ReleasedData
from app.exporting.texts import as_csv, as_json, released_csv, released_json
from app.exporting.workbook import as_xlsx, released_xlsx

__all__ = [
    "NEXT_SITTING_AFTER",
    "CohortData",
    "Facts",
    "Organisation",
    "Plan",
    "Planned",
    "ReleasedData",
    "as_csv",
    "as_json",
    "as_xlsx",
    "plan_csv",
    "plan_ics",
    "plan_xlsx",
    "released_csv",
    "released_json",
    "released_xlsx",
    "reminder_ics",
]
