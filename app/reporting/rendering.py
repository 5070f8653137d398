"""Reports as HTML for the printer, each in its own language."""

from functools import cache

from jinja2 import Environment

from app import wording
from app.core.report.cohort import ConfidentialReport, OpenReport
from app.core.report.model import Report
from app.settings import resource


def printed(told: Report, *, is_shared: bool = False, unfinished: int = 0) -> str:
    """The gap report of one organisation; without anybody's own levels where it is shared with others.

    `unfinished`: how many of a team have not finished yet, and may see it differently.
    """
    template = environment(told.language).get_template("organisation/report.html")
    return template.render(report=told, is_shared=is_shared, unfinished=unfinished)


def printed_cohort(told: OpenReport | ConfidentialReport) -> str:
    """The report of a cohort: all about an open one, of a confidential one what is released."""
    name = "cohort/open.html" if isinstance(told, OpenReport) else "cohort/release.html"
    return environment(told.frame.language).get_template(name).render(report=told)


@cache
def environment(language: str) -> Environment:
    """What turns a paper's template into HTML in `language`."""
    return wording.environment(language, [resource("reports"), resource("templates")])
