"""Papers for the room: paper form, join sheet, glossary, action cards, journey sheet; each as HTML for the printer."""

from dataclasses import dataclass

from app.core.questionnaire import flow
from app.core.questionnaire.model import HIGHEST_LEVEL, LOWEST_LEVEL, Questionnaire
from app.reporting.rendering import environment
from app.store.cohorts import Cohort

LEVELS = tuple(range(LOWEST_LEVEL, HIGHEST_LEVEL + 1))
CARDS_ON_A_PAGE = 4


@dataclass(frozen=True)
class Door:
    """Where one joins. `qr`: side and path of the code, None where phones cannot reach the address."""

    link: str
    short: str
    qr: tuple[int, str] | None


def paper_form(cohort: Cohort, questionnaire: Questionnaire) -> str:
    """Every question of the cohort's form with the ids that the page for typing them in has, in the same order."""
    parts = flow.parts(questionnaire, cohort.form)
    return _rendered("form", cohort, questionnaire, parts=parts)


def join_sheet(cohort: Cohort, questionnaire: Questionnaire, door: Door) -> str:
    """How one joins, to be put on the wall and on the tables."""
    return _rendered("join", cohort, questionnaire, door=door)


def glossary(cohort: Cohort, questionnaire: Questionnaire) -> str:
    """What the words mean, on one page."""
    return _rendered("glossary", cohort, questionnaire)


def action_cards(cohort: Cohort, questionnaire: Questionnaire) -> str:
    """Cards for next steps, four to a page, to be filled in by hand."""
    return _rendered("cards", cohort, questionnaire, cards=CARDS_ON_A_PAGE)


def journey_sheet(cohort: Cohort, questionnaire: Questionnaire) -> str:
    """A journey in six stages on A3, to be filled in by hand."""
    return _rendered("journey", cohort, questionnaire)


def _rendered(name: str, cohort: Cohort, questionnaire: Questionnaire, **told: object) -> str:
    language = cohort.language if cohort.language in questionnaire.wordings else questionnaire.languages[0]
    words = questionnaire.wording(language)
    context = {"cohort": cohort, "questionnaire": questionnaire, "words": words, "levels": LEVELS, **told}
    return environment(language).get_template(f"printables/{name}.html").render(context)
