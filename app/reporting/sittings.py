"""From an answer document to what the page shows and the paper prints: score, compose, and the report's HTML."""

from app.core import composing, scoring
from app.core.answers import AnswerDocument
from app.core.questionnaire import Questionnaire
from app.core.report import Report


def report_for(questionnaire: Questionnaire, document: AnswerDocument, language: str) -> Report:
    """What is said of one sitting in `language`, or in the edition's first language where it lacks that one."""
    return composing.compose(questionnaire, document, scoring.score(questionnaire, document), language)
