"""Names on paper: of any length, in any script, and turning nobody else's words."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pymupdf
import pytest

from app import content, reporting
from app.core.answers.document import Action, read_document
from app.printing.press import pdf
from app.reporting import printables, printed_cohort
from app.reporting.journeys import printed_journey
from app.reporting.plans import printed_cards
from app.store.cohorts import Cohort
from tests.printing.conftest import DOCUMENTS
from tests.printing.reading import missing, pages
from tests.printing.test_cohort_report import open_report
from tests.printing.test_conformance import DOOR, NOW, cohort, newest, read
from tests.printing.test_journey import SHORT, journey

LONGEST = {"one word": "W" * 120, "words": ("Mednarodno združenje za celostno izkušnjo strank " * 3)[:120]}
SCRIPTS = ("Ελληνικά", "Кафе Київ", "قهوة", "קפה", "ქართული", "日本語カフェ", "한국어", "ไทย", "हिन्दी", "☕ 😀 🎉")


def report(name: str) -> str:
    told = json.loads((DOCUMENTS / "all_ones.json").read_text(encoding="utf-8")) | {"organisation": name}
    document, questionnaire = read_document(json.dumps(told), content.catalogue().edition)
    return reporting.printed(reporting.report_for(questionnaire, document, "en"))


def called(name: str) -> Cohort:
    return cohort().model_copy(update={"name": name})


def own_card(name: str) -> str:
    """A card of a step that belongs to no question: the organisation stands above it."""
    _, told = read("team_rich")
    own = Action(text=name, way="financial", status="planned", date=NOW.date(), owner=name, measure=name)
    return printed_cards(replace(told, organisation=name), [own])


PAPERS: dict[str, Callable[[str], str]] = {
    "report": report,
    "cohort": lambda name: printed_cohort(open_report(1, "pulse", name=name)),
    "form": lambda name: printables.paper_form(called(name), newest()),
    "join sheet": lambda name: printables.join_sheet(called(name), newest(), DOOR),
    "glossary": lambda name: printables.glossary(called(name), newest()),
    "cards": own_card,
    "journey": lambda name: printed_journey(journey(SHORT, 8, notes="-"), name, "en", NOW.date(), "a4"),
}


@cache
def printed(paper: str, name: str) -> bytes:
    return pdf(PAPERS[paper](name))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("name", LONGEST)
def test_a_name_of_120_letters_stands_whole_within_the_page(paper: str, name: str) -> None:
    content_ = printed(paper, LONGEST[name])

    assert missing([LONGEST[name]], pages(content_)[0]) == []
    with pymupdf.open(stream=content_, filetype="pdf") as document:  # type: ignore[no-untyped-call]  # no type hints
        beyond = [
            block[4]
            for sheet in document
            for block in sheet.get_text("blocks")
            if block[2] > sheet.rect.width - 20 or block[0] < 0
        ]
    assert beyond == []


def test_every_script_has_letters_and_none_is_printed_as_a_box() -> None:
    content_ = printed("report", " ".join(SCRIPTS))

    with pymupdf.open(stream=content_, filetype="pdf") as document:  # type: ignore[no-untyped-call]  # no type hints
        drawn = [(character[0], character[1]) for span in document[0].get_texttrace() for character in span["chars"]]
    boxes = [chr(letter) for letter, glyph in drawn if glyph == 0 and letter > ord(" ")]
    assert boxes == []
    assert len(drawn) > 500


def test_what_would_turn_the_words_that_follow_is_left_out() -> None:
    name = "Kavarna \u202egnp.exe\u202c \u2066ok\u2069"
    text = pages(printed("report", name))[0]

    assert missing(["Kavarna gnp.exe ok"], text) == []
    assert re.findall("[\u202a-\u202e\u2066-\u2069]", report(name)) == []
