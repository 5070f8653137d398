"""Several respondents become one organisation: a question's level, its spread, and what nobody knew."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from app.core.given import DONT_KNOW, NOT_APPLICABLE, Respondent

WORTH_DISCUSSING = 2

# A mean level, nobody knew, applies to nobody, or nobody has answered yet.
QuestionLevel = Fraction | Literal["dont_know", "not_applicable"] | None


def question_level(question: str, respondents: Sequence[Respondent]) -> QuestionLevel:
    """The mean over those who gave a level; else don't know if anybody said so, else not applicable, else None."""
    levels = levels_given(question, respondents)
    if levels:
        return Fraction(sum(levels), len(levels))
    said = {respondent.answers.get(question) for respondent in respondents}
    if DONT_KNOW in said:
        return DONT_KNOW
    return NOT_APPLICABLE if NOT_APPLICABLE in said else None


def levels_given(question: str, respondents: Iterable[Respondent]) -> list[int]:
    """The levels 1-5 that respondents chose at a question, in their order."""
    answers = [respondent.answers.get(question) for respondent in respondents]
    return [answer for answer in answers if isinstance(answer, int)]


def blind_spots(questions: Iterable[str], respondents: Sequence[Respondent]) -> Fraction | None:
    """Don't-knows as a share of levels and don't-knows, over all respondents; None where there are neither."""
    answers = [respondent.answers.get(question) for question in questions for respondent in respondents]
    unknown = answers.count(DONT_KNOW)
    known = sum(isinstance(answer, int) for answer in answers)
    return Fraction(unknown, known + unknown) if known + unknown else None


def to_discuss(questions: Iterable[str], respondents: Sequence[Respondent]) -> tuple[str, ...]:
    """The questions whose levels range over two or more."""
    return tuple(
        question
        for question in questions
        if (levels := levels_given(question, respondents)) and max(levels) - min(levels) >= WORTH_DISCUSSING
    )
