"""The engine against answer documents whose scorecards were worked out by hand from the law."""

from collections.abc import Iterator
from itertools import pairwise

import pytest

from tests.core.documents import CASES, contract
from tests.core.documents.engine import scorecard_of
from tests.core.documents.forms import DIMENSIONS, FULL, PULSE, Case

EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


def differences(expected: object, actual: object, where: str = "scorecard") -> Iterator[str]:
    """Say where `actual` lacks or contradicts something that `expected` holds; lists and numbers must be equal."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key, value in expected.items():
            if key in actual:
                yield from differences(value, actual[key], f"{where}.{key}")
            else:
                yield f"{where}.{key}: missing, expected {value!r}"
    elif expected != actual:
        yield f"{where}: {actual!r}, expected {expected!r}"


@EVERY_CASE
def test_the_scorecard_is_what_the_law_says(case: Case) -> None:
    assert list(differences(case.expected, scorecard_of(case.document))) == []


@EVERY_CASE
def test_all_dimensions_and_the_questions_of_the_form_stand_in_the_scorecard(case: Case) -> None:
    card = scorecard_of(case.document)
    dimensions, grid = card["dimensions"], card["grid"]
    assert isinstance(dimensions, dict)
    assert isinstance(grid, dict)
    assert tuple(dimensions) == DIMENSIONS
    assert tuple(grid) == {"full": FULL, "pulse": PULSE}[str(case.document["form"])]
    for name, dimension in dimensions.items():
        assert ("not_scored" in dimension) == (dimension["score"] is None), name


def test_the_lists_that_the_contract_abridges_keep_its_entries_in_its_order() -> None:
    card = scorecard_of(contract.EXAMPLE["document"])
    for name, printed in contract.ABRIDGED.items():
        entries = card[name]
        assert isinstance(entries, list)
        places = [entries.index(entry) for entry in printed]
        assert all(earlier < later for earlier, later in pairwise(places))


def test_there_is_at_most_one_case_of_a_name() -> None:
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names)
