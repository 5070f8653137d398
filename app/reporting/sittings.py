"""From an answer document to what the page shows and the paper prints: score, compose, and the report's HTML."""

from app.core.answers.document import AnswerDocument
from app.core.questionnaire.model import Questionnaire
from app.core.report import compose
from app.core.report.model import Report
from app.core.scoring import scorecard


def report_for(questionnaire: Questionnaire, document: AnswerDocument, language: str) -> Report:
    """What is said of one sitting in `language`, or in the edition's first language where it lacks that one."""
    return compose.compose(questionnaire, document, scorecard.score(questionnaire, document), language)
