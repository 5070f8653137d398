"""Several respondents become one organisation: a question's level, its spread, and what nobody knew.

Nothing here tells who gave which level: levels leave sorted, and no role stands beside one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol, TypeVar

from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, Respondent
from app.core.team.agreement import Agreement, agreement

WORTH_DISCUSSING = 2
MOST_IN_A_MEETING = 5

# A mean level, nobody knew, applies to nobody, or nobody has answered yet.
QuestionLevel = Fraction | Literal["dont_know", "not_applicable"] | None

_Q = TypeVar("_Q", covariant=True)


@dataclass(frozen=True)
class Spread:
    """What respondents said at one question, without telling who: the levels sorted, and how many gave none.

    `agreement` is None where fewer than two gave a level.
    """

    levels: tuple[int, ...]
    dont_know: int
    not_applicable: int
    open: int
    agreement: Agreement | None


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


def spread(question: str, respondents: Sequence[Respondent]) -> Spread:
    """What respondents said at a question, anonymous."""
    answers = [respondent.answers.get(question) for respondent in respondents]
    levels = sorted(levels_given(question, respondents))
    return Spread(
        levels=tuple(levels),
        dont_know=answers.count(DONT_KNOW),
        not_applicable=answers.count(NOT_APPLICABLE),
        open=answers.count(None),
        agreement=agreement(levels),
    )


def blind_spots(questions: Iterable[str], respondents: Sequence[Respondent]) -> Fraction | None:
    """Don't-knows as a share of levels and don't-knows, over all respondents; None where there are neither."""
    answers = [respondent.answers.get(question) for question in questions for respondent in respondents]
    unknown = answers.count(DONT_KNOW)
    known = sum(isinstance(answer, int) for answer in answers)
    return Fraction(unknown, known + unknown) if known + unknown else None


def to_discuss(questions: Iterable[str], respondents: Sequence[Respondent]) -> tuple[str, ...]:
    """The questions whose levels range over two or more, in the order given."""
    return tuple(
        question
        for question in questions
        if (levels := levels_given(question, respondents)) and max(levels) - min(levels) >= WORTH_DISCUSSING
    )


def widest_first(questions: Iterable[str], respondents: Sequence[Respondent]) -> tuple[str, ...]:
    """The questions to discuss, the widest range first, then the larger average deviation, then in the order given."""

    def width(question: str) -> tuple[Fraction, Fraction]:
        found = agreement(levels_given(question, respondents))
        return (found.range, found.ad_m) if found else (Fraction(0), Fraction(0))

    return tuple(sorted(to_discuss(questions, respondents), key=width, reverse=True))


class Discussed(Protocol[_Q]):
    """Something that lists what is to be discussed, the widest first: a `Report`."""

    @property
    def to_discuss(self) -> Sequence[_Q]:
        """The questions, or their ids."""


def widest(told: Discussed[_Q], most: int = MOST_IN_A_MEETING) -> tuple[_Q, ...]:
    """What a meeting takes up: the `most` questions on which the answers lie furthest apart."""
    return tuple(told.to_discuss[:most])
