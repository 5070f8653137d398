"""From an answer document to what the page shows and the paper prints: score, compose, and the report's HTML."""

from functools import cache

from jinja2 import Environment

from app import wording
from app.core import report, scoring
from app.core.answers import AnswerDocument
from app.core.questionnaire import Questionnaire
from app.core.report import Report
from app.settings import resource


def report_for(questionnaire: Questionnaire, document: AnswerDocument, language: str) -> Report:
    """What is said of one sitting in `language`, or in the edition's first language where it lacks that one."""
    return report.compose(questionnaire, document, scoring.score(questionnaire, document), language)


def printed(told: Report) -> str:
    """The gap report as HTML for the printer, in the report's own language."""
    return _environment(told.language).get_template("organisation.html").render(report=told)


@cache
def _environment(language: str) -> Environment:
    return wording.environment(language, [resource("reports"), resource("templates")])
