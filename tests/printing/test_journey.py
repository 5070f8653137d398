"""The journey map on paper: one sheet, every name on it, nothing cut off, nothing too small to read."""

import datetime
import time
from collections.abc import Sequence

import pymupdf
import pytest

from app.core.answers.modules import MOST_TOUCHPOINTS, Touchpoint
from app.core.journey.layout import STAGES
from app.printing import Printer
from app.reporting.journeys import SHEETS, PaperSize, printed_journey
from tests.printing.reading import labels, missing, pages

DAY = datetime.date(2026, 11, 21)
ORGANISATION = (
    "Międzynarodowe Towarzystwo Ubezpieczeń Wzajemnych Przedsiębiorców Rolnych i Leśnych Ziemi Pomorskiej, Szczecin"
)
LONG = "rozmowa z konsultantem Międzynarodowego Centrum Obsługi Przedsiębiorców o niezrozumiałych postanowieniach"
SHORT = "Rozmowa telefoniczna z konsultantem"
SMALLEST = 6.5
SIZES: tuple[PaperSize, ...] = ("a4", "a3")


def journey(name: str, count: int = MOST_TOUCHPOINTS, *, notes: str = "", stage: str = "") -> list[Touchpoint]:
    return [
        Touchpoint.model_validate(
            {
                "stage": stage or STAGES[number * len(STAGES) // count],
                "name": f"{number + 1}: {name}",
                "channel": "customer_service",
                "feeling": None if number % 9 == 0 else number * 7 % 5 - 2,
                "point": (None, "love", "pain")[number % 3],
                "moment_of_truth": number % 7 == 3,
                "ours": number % 4 != 2,
                "wants": notes or None,
                "thinks": notes or None,
            }
        )
        for number in range(count)
    ]


def smallest_type(pdf: bytes) -> float:
    with pymupdf.open(stream=pdf, filetype="pdf") as document:  # type: ignore[no-untyped-call]  # no type hints
        return min(
            float(span["size"])
            for sheet in document
            for block in sheet.get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
            if span["text"].strip()
        )


def printed(printer: Printer, touchpoints: Sequence[Touchpoint], size: PaperSize, organisation: str = "Café") -> bytes:
    return printer.pdf(printed_journey(touchpoints, organisation, "en", DAY, size))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "touchpoints",
    [
        pytest.param(journey(LONG), id="thirty long names"),
        pytest.param(journey(SHORT, notes="Jasna odpowiedź bez przełączania"), id="thirty with notes"),
        pytest.param(journey("Krok w panelu", stage="use"), id="thirty in one stage"),
        pytest.param(journey(SHORT, 8, notes="Jasna odpowiedź bez przełączania"), id="eight"),
        pytest.param(journey("W" * 110, 12), id="names of one long word"),
        pytest.param(journey(SHORT, 1), id="one"),
        pytest.param([], id="none"),
    ],
)
def test_a_journey_is_one_sheet_with_all_its_words(
    printer: Printer, touchpoints: list[Touchpoint], size: PaperSize
) -> None:
    pdf = printed(printer, touchpoints, size, ORGANISATION)
    [sheet] = pages(pdf)
    words = [text for one in touchpoints for text in (one.name, one.wants, one.thinks) if text]
    assert missing([ORGANISATION, *words], sheet) == []
    assert smallest_type(pdf) >= SMALLEST - 0.01


@pytest.mark.parametrize(("size", "width", "height"), [("a4", 842, 595), ("a3", 1191, 842)])
def test_nothing_lies_outside_the_margins_or_on_something_else(
    printer: Printer, size: PaperSize, width: int, height: int
) -> None:
    texts = labels(printed(printer, journey(LONG), size, ORGANISATION))
    edge = 9 / 25.4 * 72
    inside = [
        edge < one.left and edge < one.top and one.right < width - edge and one.bottom < height - edge for one in texts
    ]
    assert all(inside)
    assert [(one, other) for place, one in enumerate(texts) for other in texts[:place] if one.meets(other)] == []


def test_notes_that_have_no_room_follow_on_further_sheets(printer: Printer) -> None:
    touchpoints = journey(SHORT, notes="Dlaczego nikt nie oddzwania? " * 15)
    first, *later = pages(printed(printer, touchpoints, "a4"))
    assert missing([one.name for one in touchpoints], first) == []
    assert later != []
    notes = " ".join(later)
    assert notes.count("oddzwania") == 2 * 15 * MOST_TOUCHPOINTS


def test_a_list_of_five_hundred_words_a_line_takes_no_page_each(printer: Printer) -> None:
    hostile = [one.model_copy(update={"environment": "\n".join("x" * 500)}) for one in journey("W" * 110)]
    begun = time.process_time()
    html = printed_journey(hostile, ORGANISATION, "en", DAY, "a4")
    assert time.process_time() - begun < 2
    assert len(pages(printer.pdf(html))) <= 8


def test_every_size_of_type_on_offer_is_large_enough() -> None:
    assert {min(sheet.sizes) for sheet in SHEETS.values()} == {SMALLEST}


def test_what_is_typed_is_printed_as_text(printer: Printer) -> None:
    touchpoints = [Touchpoint(stage="buy", name="<b>Till</b> & {{ 7 }}", wants="<img src=file:///etc/passwd>")]
    [sheet] = pages(printed(printer, touchpoints, "a4"))
    assert missing(["<b>Till</b> & {{ 7 }}", "<img src=file:///etc/passwd>"], sheet) == []
