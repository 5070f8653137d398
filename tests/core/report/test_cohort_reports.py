"""What is composed of cohorts: never more than may be shown, and every word from the questionnaire."""

import dataclasses
import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from app.core.cohort.comparison import Comparison, compare
from app.core.cohort.release import Average, Release, Standing
from app.core.report.change import Slope, compose_before_after, match
from app.core.report.cohort import (
    CohortFacts,
    ConfidentialReport,
    Released,
    Sitting,
    compose_confidential,
    compose_open,
)
from app.core.report.comparison import (
    CannotCompareError,
    ConfidentialPeer,
    OpenPeer,
    Peer,
    compose_comparison,
    left_out,
    verdict,
)
from tests.core.cohort.cohort_examples import Cards, plain, questionnaire, sittings
from tests.core.documents.forms import DIMENSIONS, PULSE

LEVELS = (1, 2, 3, 4, 5, "dont_know")
RELEASE = Release(
    n=6,
    overall=Average(value=Decimal("2.5")),
    dimensions=dict.fromkeys(DIMENSIONS, Average(value=Decimal("1.5"), bound="under")),
)


def facts(id_: str = "a", *, is_confidential: bool = False) -> CohortFacts:
    return CohortFacts(
        id=id_,
        name=f"Cohort {id_}",
        date=datetime.date(2027, 3, 1),
        is_confidential=is_confidential,
        is_closed=True,
        is_demo=False,
        joined=9,
        answered=8,
        finished=7,
    )


def named(cards: Cards, *names: str) -> list[Sitting]:
    names = names or tuple(f"Organisation {place}" for place in range(len(cards)))
    return [Sitting(f"id-{name}", name, card) for name, card in zip(names, cards, strict=True)]


def open_peer(id_: str, cards: Cards) -> OpenPeer:
    return OpenPeer(facts(id_), tuple(cards))


def secret_peer(id_: str) -> ConfidentialPeer:
    return ConfidentialPeer(facts(id_, is_confidential=True), RELEASE)


def test_an_open_cohort_has_every_dimension_question_and_crossing_in_words() -> None:
    words = questionnaire().wording("en")

    told = compose_open(questionnaire(), "pulse", facts(), named(sittings(5, 1, LEVELS)), "en")

    assert [one.id for one in told.dimensions] == list(DIMENSIONS)
    assert [one.name for one in told.dimensions] == [words.dimensions[id_].name for id_ in DIMENSIONS]
    assert [one.id for one in told.questions] == list(PULSE)
    assert told.grid is not None
    crossings = [question.id for row in told.grid.rows for cell in row.cells if cell for question in cell.questions]
    assert sorted(crossings) == sorted(PULSE)
    assert [one.name for one in told.organisations] == [f"Organisation {place}" for place in range(5)]


def test_a_language_that_the_edition_lacks_becomes_its_first() -> None:
    told = compose_open(questionnaire(), "pulse", facts(), [], "xx")

    assert told.frame.language == questionnaire().languages[0]


def test_a_confidential_report_has_no_place_for_more_than_the_release() -> None:
    told = compose_confidential(
        questionnaire(), "pulse", facts(is_confidential=True), Standing("released", RELEASE), "en"
    )

    assert {field.name for field in dataclasses.fields(ConfidentialReport)} == {
        "cohort",
        "frame",
        "released_from",
        "state",
        "released",
    }
    assert {field.name for field in dataclasses.fields(Released)} == {"n", "overall", "frameworks", "held_back"}
    assert told.released is not None
    averages = [dimension.average for framework in told.released.frameworks for dimension in framework.dimensions]
    assert averages == list(RELEASE.dimensions.values())


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        ([open_peer("a", []), open_peer("b", [])], None),
        ([open_peer("a", []), secret_peer("b")], "confidential"),
        ([secret_peer("a"), secret_peer("b")], "confidential"),
        ([open_peer("a", []), open_peer("b", []), secret_peer("c")], "not_two"),
        ([open_peer("a", []), open_peer("b", []), open_peer("c", [])], "not_two"),
    ],
)
def test_only_two_open_cohorts_have_differences(peers: list[Peer], expected: str | None) -> None:
    assert left_out(peers) == expected


def compared(*cards: Cards) -> Comparison:
    return compare(questionnaire(), cards)


def test_differences_carry_their_sizes_looks_and_verdict() -> None:
    low, high = [plain(2)] * 3 + [plain(3)] * 4, [plain(4)] * 4 + [plain(5)] * 4
    told = compose_comparison(
        questionnaire(), "pulse", [open_peer("a", low), open_peer("b", high)], compared(low, high), "en"
    )

    assert told.overall.difference is not None
    assert (told.overall.difference.looks, told.overall.difference.verdict) == (None, "unlikely")
    for dimension in told.dimensions:
        assert dimension.difference is not None
        assert (dimension.difference.first_n, dimension.difference.second_n) == (7, 8)
        assert dimension.difference.looks == 13
        assert dimension.difference.p == dimension.difference.difference.p_holm


def test_a_confidential_cohort_stands_as_its_released_means_alone() -> None:
    told = compose_comparison(
        questionnaire(), "pulse", [open_peer("a", sittings(5, 2, LEVELS)), secret_peer("b")], None, "en"
    )

    assert [one.n for one in told.cohorts] == [5, 6]
    for dimension in (told.overall, *told.dimensions):
        mine, secret = dimension.places
        assert mine.strip is not None
        assert mine.average is None
        assert secret.strip is None
        assert secret.average is not None
        assert dimension.difference is None


@pytest.mark.parametrize(("count", "reason"), [(0, "one_only"), (1, "one_only"), (7, "too_many")])
def test_fewer_than_two_and_more_than_six_are_refused(count: int, reason: str) -> None:
    with pytest.raises(CannotCompareError) as refusal:
        compose_comparison(questionnaire(), "pulse", [open_peer(str(one), []) for one in range(count)], None, "en")

    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    ("difference", "p", "expected"),
    [
        (None, None, "nothing"),
        (Fraction(0), 1.0, "same"),
        (Fraction(0), None, "same"),
        (Fraction(1, 3), None, "untested"),
        (Fraction(-1, 3), 0.0501, "chance"),
        (Fraction(1, 3), 0.05, "unlikely"),
        (Fraction(-1, 3), 0.0001, "unlikely"),
    ],
)
def test_a_verdict_says_no_more_than_the_p(difference: Fraction | None, p: float | None, expected: str) -> None:
    assert verdict(difference, p) == expected


def test_pairs_are_found_by_name_in_any_capitals_spacing_and_encoding() -> None:
    before = named([plain(1)] * 6, "Mlyn", "Straße", "Twice", "twice", "Cafe\u0301", "Only before")
    after = named([plain(2)] * 6, "Only after", "STRASSE", " mlyn ", "Twice", "\uff23\uff21\uff26\u00c9", "Also after")

    found = match(before, after)

    assert [(pair.before.organisation, pair.after.organisation) for pair in found.pairs] == [
        ("Mlyn", " mlyn "),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "\uff23\uff21\uff26\u00c9"),
    ]
    assert found.before_only == ("Only before",)
    assert found.after_only == ("Only after", "Also after")
    assert found.ambiguous == ("Twice", "twice")


def test_only_confirmed_pairs_count_and_equal_slopes_are_one_line() -> None:
    names = [f"Organisation {place}" for place in range(4)]
    before, after = named([plain(2)] * 4, *names), named([plain(3), plain(3), plain(1), plain(2)], *names)
    matching = match(before, after)

    told = compose_before_after(
        questionnaire(),
        "pulse",
        (facts("a"), facts("b")),
        matching,
        ["id-Organisation 0", "id-Organisation 1", "id-Organisation 2", "id-of nobody"],
        "en",
        rescored=False,
    )

    assert told.n == 3
    assert told.overall is not None
    one, two, three = Fraction(1), Fraction(2), Fraction(3)
    assert told.overall.slopes == (Slope(two, one, 1), Slope(two, three, 2))
    assert (told.overall.higher, told.overall.lower, told.overall.same) == (2, 1, 0)


def test_without_a_confirmed_pair_there_are_no_figures() -> None:
    both = named([plain(2)] * 6)

    told = compose_before_after(
        questionnaire(), "pulse", (facts("a"), facts("b")), match(both, both), [], "en", rescored=False
    )

    assert (told.n, told.overall, told.frameworks) == (0, None, ())
    assert len(told.matching.pairs) == 6
