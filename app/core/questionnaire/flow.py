"""The survey's flow: which questions stand together, how far one has come, and what comes next."""

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from app.core.questionnaire.model import FormName, Question, Questionnaire

REST = "_more"
"""The part of questions that count for no dimension of the first framework; no dimension's id begins so."""


@dataclass(frozen=True)
class Part:
    """The questions of one page: a dimension of the first framework, or `REST`."""

    id: str
    number: int
    questions: tuple[Question, ...]

    def open(self, answered: Collection[str]) -> tuple[Question, ...]:
        """Its questions without an answer."""
        return tuple(question for question in self.questions if question.id not in answered)


@dataclass(frozen=True)
class Progress:
    """How many of the form's questions have an answer, and about how many minutes the rest takes."""

    answered: int
    questions: int
    minutes_left: int

    @property
    def is_complete(self) -> bool:
        """Whether every question has an answer."""
        return self.answered == self.questions


def parts(questionnaire: Questionnaire, form: FormName) -> tuple[Part, ...]:
    """The form's pages, in the order of the first framework's dimensions; none is empty."""
    asked = questionnaire.in_form(form)
    dimensions = questionnaire.frameworks[0].dimensions
    groups = [(id_, tuple(question for question in asked if id_ in question.counts_for)) for id_ in dimensions]
    groups.append((REST, tuple(question for question in asked if not set(question.counts_for) & set(dimensions))))
    filled = [(id_, questions) for id_, questions in groups if questions]
    return tuple(Part(id_, number, questions) for number, (id_, questions) in enumerate(filled, start=1))


def progress(questionnaire: Questionnaire, form: FormName, answered: Collection[str]) -> Progress:
    """How far the form is filled in; `answered` may name questions of another form, which do not count."""
    asked = [question.id for question in questionnaire.in_form(form)]
    done = sum(id_ in answered for id_ in asked)
    minutes = ceil((len(asked) - done) * questionnaire.forms[form].minutes / len(asked))
    return Progress(done, len(asked), minutes)


def first_open(pages: tuple[Part, ...], answered: Collection[str]) -> Part | None:
    """Where to go on: the first part that has an open question, or None."""
    return next((part for part in pages if part.open(answered)), None)
