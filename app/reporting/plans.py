"""A plan's actions as cards to cut apart, in the report's language."""

from collections.abc import Sequence

from app.core.answers.document import Action
from app.core.report.model import Report
from app.reporting.rendering import environment

BESIDE = 2
"""Cards in a row."""


def printed_cards(told: Report, actions: Sequence[Action]) -> str:
    """Cards that say what is decided, and leave room to write what is not."""
    rows = [actions[place : place + BESIDE] for place in range(0, len(actions), BESIDE)]
    questions = {question.id: question for question in told.questions}
    template = environment(told.language).get_template("printables/plan_cards.html")
    return template.render(report=told, words=told, whose=told.organisation, rows=rows, questions=questions)
