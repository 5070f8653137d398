"""Gather, score, compare, compose: what pages show, papers print and exports hold."""

from app.reporting.closing import close_cohort
from app.reporting.sittings import printed, report_for

__all__ = ["close_cohort", "printed", "report_for"]
