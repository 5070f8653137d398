"""What an organisation may choose for its plan: the next step of each question."""

from math import floor

from app.core.questionnaire.model import HIGHEST_LEVEL, Questionnaire
from app.core.report.model import QuestionReport, Report, StepReport


def next_steps(questionnaire: Questionnaire, report: Report) -> dict[str, StepReport]:
    """Question to its next step, for every question with a level under the highest.

    Where a level was agreed, from that one.
    """
    steps = ((question.id, _next_step(questionnaire, report, question)) for question in report.questions)
    return {id_: step for id_, step in steps if step}


def _next_step(questionnaire: Questionnaire, report: Report, question: QuestionReport) -> StepReport | None:
    level = question.agreed or question.level
    if level is None or level >= HIGHEST_LEVEL:
        return None
    low = floor(level)
    step = questionnaire.question(question.id).steps[low - 1]
    text = questionnaire.wording(report.language).questions[question.id].recommendations[low - 1]
    return StepReport(question, low, low + 1, text, step.effort, step.way)
