"""Which answer documents are legal, how the others are refused, and that nothing of a legal one is lost."""

import copy
import json
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import content
from app.core.answers.document import AnswerDocument, RefusedError, accept_document, as_document, read_document
from app.core.answers.values import DONT_KNOW, NOT_APPLICABLE, accept
from tests.core.documents import contract
from tests.core.legal import documents

ONE_ANSWER = "respondents[0].answers.strategy.purpose"
AN_ANSWER = f'{ONE_ANSWER}: must be a whole number from 1 to 5, "dont_know" or "not_applicable", not '
A_LEVEL = "must be a whole number from 1 to 5, not "
A_DATE = "date: must be a date like 2026-11-21, not "
HIDDEN = "has a character that cannot be shown"
PLACEHOLDER = '"the answer"'


class Refused(NamedTuple):
    """An illegal document, and the one line that says why."""

    name: str
    text: str
    line: str


def example() -> dict[str, object]:
    """The contract's own document, to be changed at will."""
    document: dict[str, object] = copy.deepcopy(contract.EXAMPLE["document"])
    return document


def read(text: str) -> AnswerDocument:
    return read_document(text, _catalogue().edition)[0]


@cache
def _catalogue() -> content.Catalogue:
    return content.catalogue()


def refusal(text: str) -> str:
    """The reason for which a text is refused."""
    with pytest.raises(RefusedError) as refused:
        read(text)
    return str(refused.value)


def with_keys(line: str, **keys: object) -> Refused:
    """The example with other values."""
    return Refused(f"{keys}"[:60], json.dumps(example() | keys), line)


def without(key: str) -> Refused:
    return Refused(
        f"no {key}", json.dumps({name: value for name, value in example().items() if name != key}), f"{key}: is missing"
    )


def with_answer(raw: str, line: str) -> Refused:
    """The example with that JSON as an answer."""
    respondents = [{"role": "leadership", "answers": {"strategy.purpose": "the answer"}}]
    text = json.dumps(example() | {"respondents": respondents})
    return Refused(f"the answer {raw[:40]}", text.replace(PLACEHOLDER, raw), line)


def with_respondent(line: str, **respondent: object) -> Refused:
    return with_keys(line, respondents=[respondent])


def with_action(line: str, **more: object) -> Refused:
    return with_keys(line, actions=[{"text": "Ring ten customers", "way": "emotional"} | more])


ANSWERS = [
    with_answer("true", AN_ANSWER + "true"),
    with_answer("false", AN_ANSWER + "false"),
    with_answer('"3"', AN_ANSWER + '"3"'),
    with_answer("3.0", AN_ANSWER + "3.0"),
    with_answer("3e0", AN_ANSWER + "3.0"),
    with_answer("0", AN_ANSWER + "0"),
    with_answer("6", AN_ANSWER + "6"),
    with_answer("-1", AN_ANSWER + "-1"),
    with_answer("2.5", AN_ANSWER + "2.5"),
    with_answer("1e400", AN_ANSWER + "Infinity"),
    with_answer("[]", AN_ANSWER + "[]"),
    with_answer("{}", AN_ANSWER + "{}"),
    with_answer('""', AN_ANSWER + '""'),
    with_answer('"DONT_KNOW"', AN_ANSWER + '"DONT_KNOW"'),
    with_answer('"a\\nb"', AN_ANSWER + '"a\\nb"'),
    with_answer(f'"{"x" * 500}"', AN_ANSWER + f'"{"x" * 119}…'),
    with_answer("null", AN_ANSWER + "null"),
    with_answer('"\\ud800"', f"{ONE_ANSWER}: {HIDDEN}"),
    with_answer("[" * 500 + "]" * 500, f"{ONE_ANSWER}{'[0]' * 17}: nested too deeply"),
    with_answer("9" * 5000, "not an answer document: a number with too many digits"),
    with_answer("NaN", "not JSON: NaN is no number"),
    with_answer("-Infinity", "not JSON: -Infinity is no number"),
    with_answer('3, "strategy.purpose": 3', "strategy.purpose: this key stands twice"),
    with_answer(
        '3, "strategy.journey": 3',
        'respondents[0].answers.strategy.journey: "strategy.journey" is no question of the pulse form',
    ),
    with_answer('3, "strategy": 3', 'respondents[0].answers.strategy: "strategy" is no question of the pulse form'),
    with_answer('3, "": 3', 'respondents[0].answers.: "" is no question of the pulse form'),
    with_answer('3, "a\\u2028b": 3', r'respondents[0].answers.a\u2028b: "a\u2028b" is no question of the pulse form'),
]
KEYS = [
    *map(without, ["questionnaire", "edition", "form", "organisation", "language", "business_stage", "respondents"]),
    with_keys("colour: unknown key", colour="green"),
    with_keys('"": unknown key', **{"": 1}),
    with_keys(r"a\u000ab: unknown key", **{"a\nb": 1}),
    with_keys(f"{'x' * 120}…: unknown key", **{"x" * 500: 1}),
    with_keys(rf"\ud800: {HIDDEN}", **{"\ud800": 1}),
    with_keys('questionnaire: no questionnaire "cx" in edition "2026-1"', questionnaire="cx"),
    with_keys('questionnaire: no questionnaire "cx-grid" in edition "2025-1"', edition="2025-1"),
    with_keys("edition: must be text, not 2026", edition=2026),
    with_keys("form: must be 'full' or 'pulse', not \"short\"", form="short"),
    with_keys(
        "business_stage: must be 'pre_revenue', 'first_customers', 'growing' or 'established', not \"grown\"",
        business_stage="grown",
    ),
    with_keys('language: must be the code of a language, like "sl", not "sl-SI"', language="sl-SI"),
    with_keys('language: must be the code of a language, like "sl", not "sl\\n"', language="sl\n"),
]
NAMES = [
    with_keys("organisation: must not be empty", organisation=""),
    with_keys("organisation: must not be empty", organisation=" \t "),
    with_keys("organisation: must not be empty", organisation="\u200b\ufeff"),
    with_keys("organisation: must have at most 120 characters", organisation="x" * 121),
    with_keys("organisation: must be on one line", organisation="Čebelnjak\nd.o.o."),
    with_keys("organisation: must be on one line", organisation="Čebelnjak\u2028d.o.o."),
    with_keys(f"organisation: {HIDDEN}", organisation="Čebelnjak\0"),
    with_keys(f"organisation: {HIDDEN}", organisation="Čebelnjak\x1b[31m"),
    with_keys(f"organisation: {HIDDEN}", organisation="Čebelnjak\x85d.o.o."),
    with_keys(f"organisation: {HIDDEN}", organisation="Čebelnjak\ud83d"),
    with_keys(f"organisation: {HIDDEN}", organisation="Čebelnjak\uffff"),
    with_keys("organisation: must be text, not 3", organisation=3),
]
RESPONDENTS = [
    with_keys("respondents: must not be empty", respondents=[]),
    with_keys("respondents: must be a list, not {}", respondents={}),
    with_keys("respondents[0]: must be an object, not 3", respondents=[3]),
    with_respondent("respondents[0].answers: is missing", role="other"),
    with_respondent("respondents[0].role: is missing", answers={}),
    with_respondent("respondents[0].name: unknown key", role="other", answers={}, name="Ana"),
    with_respondent("respondents[0].answers: must be an object, not []", role="other", answers=[]),
    with_respondent(
        "respondents[0].role: must be 'leadership', 'front_office', 'back_office' or 'other', not \"founder\"",
        role="founder",
        answers={},
    ),
]
AIMS = [
    with_keys('targets.growth: "growth" is no dimension of cx-grid', targets={"growth": 3}),
    with_keys(
        'targets.strategy.purpose: "strategy.purpose" is no dimension of cx-grid', targets={"strategy.purpose": 3}
    ),
    with_keys(f"targets.strategy: {A_LEVEL}6", targets={"strategy": 6}),
    with_keys(f"targets.strategy: {A_LEVEL}true", targets={"strategy": True}),
    with_keys(f"targets.strategy: {A_LEVEL}3.0", targets={"strategy": 3.0}),
    with_keys("targets: must be an object, not []", targets=[]),
    with_keys('importance.growth: "growth" is no dimension of cx-grid', importance={"growth": 3}),
    with_keys(f"importance.strategy: {A_LEVEL}0", importance={"strategy": 0}),
    with_keys(f"default_target: {A_LEVEL}0", default_target=0),
    with_keys(f'default_target: {A_LEVEL}"3"', default_target="3"),
    with_keys("default_target: must not be null: leave out a key that has no value", default_target=None),
    with_keys("targets: must be an object, not null", targets=None),
    with_keys(f'agreed.strategy.purpose: {A_LEVEL}"dont_know"', agreed={"strategy.purpose": "dont_know"}),
    with_keys(
        'agreed.strategy.journey: "strategy.journey" is no question of the pulse form', agreed={"strategy.journey": 3}
    ),
]
DATES = [
    with_keys(f"{A_DATE}{json.dumps(date)}", date=date)
    for date in (
        "2026-13-01",
        "2026-02-30",
        "20261121",
        "2026-W47-6",
        "2026-1-1",
        "2026-11-21T00:00",
        "",
        20261121,
        True,
    )
]
BESIDE = [
    with_keys("modules.journeys: unknown key", modules={"journeys": []}),
    with_keys(
        f"modules.front_back_office[0].front_office: {A_LEVEL}6",
        modules={"front_back_office": [{"front_office": 6, "back_office": 1}]},
    ),
    with_keys("modules.journey[0].name: is missing", modules={"journey": [{"stage": "buy"}]}),
    with_keys(
        "modules.journey: must have at most 30 entries", modules={"journey": [{"stage": "buy", "name": "Till"}] * 31}
    ),
    with_keys("modules.touchpoint_check.basics.foo: unknown key", modules={"touchpoint_check": {"basics": {"foo": 3}}}),
    with_keys(
        r"modules.touchpoint_check.places.a\u000ab: unknown key",
        modules={"touchpoint_check": {"places": {"a\nb": 3, "buying": 3}}},
    ),
    with_keys(
        'modules.at_stake.currency: must be the three capital letters of a currency, like "EUR", not "eur"',
        modules={"at_stake": {"currency": "eur"}},
    ),
    with_keys("modules.profile.model: must not name anything twice", modules={"profile": {"model": ["sale", "sale"]}}),
    with_keys(
        "modules.after_report.results_to: must not name anything twice",
        modules={"after_report": {"results_to": ["outside"] * 2}},
    ),
    with_keys(
        "modules.earlier: must have at most 40 entries",
        modules={
            "earlier": [{"form": "pulse", "date": "2026-08-20", "respondents": [{"role": "other", "answers": {}}]}] * 41
        },
    ),
    with_keys(
        "actions: must have at most 60 entries", actions=[{"text": "Ring ten customers", "way": "emotional"}] * 61
    ),
    with_action("actions[0].text: must not be empty", text=" "),
    with_action("actions[0].text: must have at most 1000 characters", text="x" * 1001),
    with_action(
        "actions[0].way: must be 'transaction', 'financial', 'emotional' or 'groundwork', not \"free\"", way="free"
    ),
    with_action(
        'actions[0].question: "strategy.journey" is no question of the pulse form', question="strategy.journey"
    ),
    with_action('actions[0].question: "" is no question of the pulse form', question=""),
    with_action('actions[0].date: must be a date like 2026-11-21, not "soon"', date="soon"),
    with_action("actions[0].owner: must not be null: leave out a key that has no value", owner=None),
    with_action("actions[0].cost: unknown key", cost=3),
]
NO_DOCUMENTS = [
    Refused("nothing", "", "not JSON: Expecting value at line 1, column 1"),
    Refused("a word", "cx-grid", "not JSON: Expecting value at line 1, column 1"),
    Refused(
        "half a document",
        json.dumps(example())[:-1],
        f"not JSON: Expecting ',' delimiter at line 1, column {len(json.dumps(example()))}",
    ),
    Refused("two documents", "{}\n{}", "not JSON: Extra data at line 2, column 1"),
    Refused("a list", "[]", "an answer document must be a JSON object"),
    Refused("null", "null", "an answer document must be a JSON object"),
    Refused("something else", '{"overall": {"score": null}}', "questionnaire: is missing"),
    Refused("a key twice", '{"form": "full", "form": "full"}', "form: this key stands twice"),
    Refused("a key twice, once spelled out", r'{"form": "full", "\u0066orm": "full"}', "form: this key stands twice"),
    Refused("depth without an end", "[" * 100_000, "not an answer document: nested too deeply"),
    Refused("objects without an end", '{"a":' * 100_000, "not an answer document: nested too deeply"),
]
EVERY_REFUSAL = [*ANSWERS, *KEYS, *NAMES, *RESPONDENTS, *AIMS, *DATES, *BESIDE, *NO_DOCUMENTS]


def test_the_contracts_example_is_legal() -> None:
    assert as_document(read(json.dumps(example()))) == example()


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in EVERY_REFUSAL])
def test_an_illegal_document_is_refused_by_name_in_one_line(case: Refused) -> None:
    said = refusal(case.text)

    assert said == case.line
    assert len(said.splitlines()) == 1


def test_a_refusal_keeps_the_key_apart_from_the_reason() -> None:
    with pytest.raises(RefusedError) as refused:
        accept_document({"form": 3}, _catalogue().edition, where="[4].")

    assert (refused.value.where, refused.value.reason) == ("[4].questionnaire", "is missing")


def test_only_levels_and_the_two_words_are_answers() -> None:
    assert [accept(answer) for answer in (1, 2, 3, 4, 5)] == [1, 2, 3, 4, 5]
    assert (accept("dont_know"), accept("not_applicable")) == (DONT_KNOW, NOT_APPLICABLE)
    for answer in (0, 6, True, 3.0, "3", None, "", "open", 2**70, [3]):
        with pytest.raises(ValueError, match="must be a whole number from 1 to 5, "):
            accept(answer)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("  Čebelnjak d.o.o. ", "Čebelnjak d.o.o."),
        ("Čebelnjak\td.o.o.", "Čebelnjak d.o.o."),
        ("x" * 120 + " ", "x" * 120),
        ("😀" * 120, "😀" * 120),
        ("👩‍🌾 in sin", "👩‍🌾 in sin"),
        ("<script>", "<script>"),
    ],
)
def test_a_name_is_kept_without_the_spaces_around_it(given_name: str, kept: str) -> None:
    assert read(json.dumps(example() | {"organisation": given_name})).organisation == kept


def test_lines_of_a_text_end_in_one_way() -> None:
    action = {"text": " one\r\ntwo\u2028three\tfour\n", "way": "emotional"}

    assert read(json.dumps(example() | {"actions": [action]})).actions[0].text == "one\ntwo\nthree four"


def test_a_respondent_may_have_answered_nothing() -> None:
    document = example() | {"respondents": [{"role": "other", "answers": {}}]}

    assert as_document(read(json.dumps(document))) == document


def test_empty_choices_say_nothing_and_are_left_out() -> None:
    nothing: dict[str, object] = {"targets": {}, "importance": {}, "agreed": {}, "actions": [], "modules": {}}
    document = example()
    del document["targets"], document["importance"]

    assert as_document(read(json.dumps(document | nothing))) == document


@given(documents())
def test_a_legal_document_comes_back_as_it_was(document: dict[str, object]) -> None:
    accepted = read(json.dumps(document))

    assert as_document(accepted) == document
    assert read(json.dumps(as_document(accepted), ensure_ascii=False)) == accepted


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=[])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def outcome(text: str) -> AnswerDocument | str:
    """The document, or why it is refused; any other error fails the test."""
    try:
        return read(text)
    except RefusedError as refused:
        return str(refused)


@given(documents(), st.data())
def test_whatever_stands_in_a_document_is_accepted_or_refused_in_one_line(
    document: dict[str, object], data: st.DataObject
) -> None:
    keys = [*AnswerDocument.model_fields, "colour"]

    came_of_it = outcome(json.dumps(document | {data.draw(st.sampled_from(keys)): data.draw(JSON)}))

    if isinstance(came_of_it, str):
        assert len(came_of_it.splitlines()) == 1
        assert came_of_it.encode()
    else:
        assert read(json.dumps(as_document(came_of_it))) == came_of_it


@given(st.text() | JSON.map(json.dumps))
def test_whatever_is_sent_instead_of_a_document_is_refused_in_one_line(text: str) -> None:
    came_of_it = outcome(text)

    assert isinstance(came_of_it, str)
    assert len(came_of_it.splitlines()) == 1
