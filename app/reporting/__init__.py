"""Gather, score, compare, compose: what pages show, papers print and exports hold."""

from app.reporting.closing import close_cohort, let_release, would_count
from app.reporting.cohorts import before_after, cohort_report, comparison_of, facts_of, gather, gather_peers
from app.reporting.releases import Releases, standing_of
from app.reporting.rendering import printed, printed_cohort
from app.reporting.sittings import report_for

__all__ = [
    "Releases",
    "before_after",
    "close_cohort",
    "cohort_report",
    "comparison_of",
    "facts_of",
    "gather",
    "gather_peers",
    "let_release",
    "printed",
    "printed_cohort",
    "report_for",
    "standing_of",
    "would_count",
]
