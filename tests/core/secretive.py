"""Confidential cohorts of every kind that is hard to keep secret, by name: each organisation's answers."""

import random
from collections.abc import Callable, Mapping, Sequence

from app.core.cohort.release import Sitting, complete
from app.core.questionnaire.model import FormName
from tests.core.cohort.cohort_examples import questionnaire, raw, scored

Answers = Mapping[str, int | str]
LOW = "metrics"
"""The dimension that is low where one is."""


def _of(form: FormName, n: int, seed: int, choose: Callable[[random.Random, int, bool], int | str]) -> list[Answers]:
    """`choose` a level from chance, the organisation's number, and whether the question counts for `LOW`."""
    chance = random.Random(seed)  # noqa: S311 - made-up answers
    asked = questionnaire().in_form(form)
    return [{one.id: choose(chance, number, LOW in one.counts_for) for one in asked} for number in range(n)]


def _mostly(low: int) -> Callable[[random.Random, int, bool], int]:
    return lambda chance, _number, _low: low if chance.random() < 0.9 else low + (1 if low == 1 else -1)


def realistic(form: FormName, n: int, seed: int, unknown: float = 0.0) -> list[Answers]:
    """Organisations around 2.4, each with a standing of its own; some do not know, at so large a share of questions."""
    standing = [random.Random(f"{seed} {number}").gauss(2.4, 0.7) for number in range(n)]  # noqa: S311 - made up

    def choose(chance: random.Random, number: int, _: bool) -> int | str:
        if chance.random() < unknown:
            return "dont_know"
        return min(5, max(1, round(chance.gauss(standing[number], 0.9))))

    return _of(form, n, seed, choose)


KINDS: Mapping[str, Callable[[FormName, int, int], list[Answers]]] = {
    "mixed": lambda form, n, seed: _of(form, n, seed, lambda chance, *_: chance.randint(1, 5)),
    "all low": lambda form, n, seed: _of(form, n, seed, _mostly(1)),
    "all at 1": lambda form, n, seed: _of(form, n, seed, lambda *_: 1),
    "all high": lambda form, n, seed: _of(form, n, seed, _mostly(5)),
    "one dimension low": lambda form, n, seed: _of(
        form, n, seed, lambda chance, _, low: 1 if low else chance.choice((2, 3, 3, 4))
    ),
    "one high among low": lambda form, n, seed: _of(
        form, n, seed, lambda chance, number, _: 5 if number == 0 else 1 + (chance.random() < 0.1)
    ),
    "one low among high": lambda form, n, seed: _of(
        form, n, seed, lambda chance, number, _: 1 if number == 0 else 5 - (chance.random() < 0.1)
    ),
    "realistic": realistic,
}


def constructed() -> list[Answers]:
    """Full form, ten: strategy at 1, and the other disciplines rounded down and the whole up as far as it goes.

    What is told of these says that nobody's strategy is over 8/7, though it is told itself as a bound only.
    """
    sums = {"strategy": 70, "culture": 207, "accountability": 207, "metrics": 207, "design": 207, "understanding": 214}
    asked = questionnaire().in_form("full")
    answers: list[dict[str, int | str]] = [{} for _ in range(10)]
    for discipline, total in sums.items():
        its = [one.id for one in asked if discipline in one.counts_for]
        level, more = divmod(total, 10 * len(its))
        for place in range(10 * len(its)):
            answers[place % 10][its[place // 10]] = level + (place < more)
    return list(answers)


def sittings(answers: Sequence[Answers], form: FormName) -> tuple[Sitting, ...]:
    """Those of them that count."""
    return complete([scored(raw(one, form=form)) for one in answers])
