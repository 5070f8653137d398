"""From an answer document to what the page shows and the paper prints: score, compose, and the report's HTML."""

from app.core import composing, scoring
from app.core.answers import AnswerDocument
from app.core.modules import AfterReport, AtStake
from app.core.questionnaire import Questionnaire
from app.core.report import Report


def report_for(questionnaire: Questionnaire, document: AnswerDocument, language: str) -> Report:
    """What is said of one sitting in `language`, or in the edition's first language where it lacks that one."""
    return composing.compose(questionnaire, document, scoring.score(questionnaire, document), language)


def without_stake(document: AnswerDocument) -> AnswerDocument:
    """What an owner's colleagues are shown: all but the sum that is at stake."""
    return document.model_copy(update={"modules": document.modules.model_copy(update={"at_stake": AtStake()})})


def as_shared(document: AnswerDocument) -> AnswerDocument:
    """What those are shown to whom a report is given: neither what is at stake, nor what was said after the report."""
    less = {"at_stake": AtStake(), "after_report": AfterReport()}
    return document.model_copy(update={"modules": document.modules.model_copy(update=less)})
