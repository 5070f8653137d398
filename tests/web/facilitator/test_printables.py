"""Papers for the room: conforming, complete, of the right size, and honest about what phones can reach."""

from io import BytesIO

import pymupdf
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pypdf import PdfReader

from tests.printing.reading import missing, pages
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.facilitator.taking_home import confidential, questionnaire_of
from tests.web.visiting import stranger

PAPERS = ("paper-form", "join-sheet", "glossary", "action-cards", "journey-sheet")
A4, A3_LANDSCAPE = (210, 297), (420, 297)
NETWORK = "http://192.168.7.20:8000"


def paper(cohort: Made, name: str, browser: TestClient | None = None) -> bytes:
    """The PDF."""
    response = (browser or cohort.owner).get(cohort.path(f"{name}.pdf"))
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/pdf"
    return response.content


def sizes(pdf: bytes) -> set[tuple[int, int]]:
    """The sheets' widths and heights in millimetres."""
    boxes = [sheet.mediabox for sheet in PdfReader(BytesIO(pdf)).pages]
    return {(round(float(box.width) / 72 * 25.4), round(float(box.height) / 72 * 25.4)) for box in boxes}


@pytest.fixture(scope="module")
def networked(app: FastAPI) -> Made:
    """A cohort whose facilitator opens the server by its address on the network, as phones do."""
    cohort = make_cohort(app, name="Delavnica <b>&amp; =1+1")
    token = dict(cohort.owner.cookies)
    browser = TestClient(app, base_url=NETWORK, follow_redirects=False)
    browser.cookies.update(token)
    return Made(browser, cohort.id, cohort.code)


@pytest.mark.parametrize("form", ["pulse", "full"])
@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_names_its_cohort_and_has_its_size(app: FastAPI, name: str, form: str) -> None:
    cohort = make_cohort(app, form=form, name="Čebelarji <b>")
    pdf = paper(cohort, name)

    assert sizes(pdf) == {A3_LANDSCAPE if name == "journey-sheet" else A4}
    told = PdfReader(BytesIO(pdf)).metadata
    assert told is not None
    assert str(told.title).endswith(": Čebelarji <b>")


@pytest.mark.parametrize(("form", "most"), [("pulse", 4), ("full", 10)])
def test_the_form_has_every_question_in_order_with_its_id_and_anchors(app: FastAPI, form: str, most: int) -> None:
    questionnaire = questionnaire_of(app)
    asked = questionnaire.forms["pulse" if form == "pulse" else "full"].questions
    words = questionnaire.wording("en").questions
    sheets = pages(paper(make_cohort(app, form=form), "paper-form"))
    whole = "".join("".join(sheets).split())

    assert len(sheets) <= most
    assert missing([text for id_ in asked for text in (id_, words[id_].question, *words[id_].levels)], whole) == []
    places = [whole.index("".join(words[id_].question.split())) for id_ in asked]
    assert places == sorted(places)
    names = [dimension.name for dimension in questionnaire.wording("en").dimensions.values()]
    wanted = ["before revenue", "I lead it", "most", "least", "Target", *names]
    assert missing(wanted, sheets[-1]) == []


def test_a_question_stands_on_one_page(app: FastAPI) -> None:
    words = questionnaire_of(app).wording("en").questions
    for sheet in pages(paper(make_cohort(app, form="full"), "paper-form")):
        for texts in words.values():
            if not missing([texts.question], sheet):
                assert missing(list(texts.levels), sheet) == []


def test_the_join_sheet_has_the_code_two_centimetres_high_and_what_joining_means(app: FastAPI, networked: Made) -> None:
    pdf = paper(networked, "join-sheet")
    (sheet,) = pages(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:  # type: ignore[no-untyped-call]  # no type hints
        spans = [
            span
            for block in document[0].get_text("dict")["blocks"]
            for line in block.get("lines", [])
            for span in line["spans"]
        ]

    assert missing([networked.code, f"{NETWORK}/join/{networked.code}", "This cohort is open."], sheet) == []
    assert "Scan the QR code" in sheet
    letters = "".join(span["text"].replace(" ", "") for span in spans if span["size"] > 80)
    assert letters == networked.code
    capital = 0.66  # of the size, in Source Sans
    assert all(span["size"] * capital / 72 * 25.4 >= 20 for span in spans if span["size"] > 80)


def test_without_an_address_that_phones_can_reach_the_sheet_says_so_and_shows_no_code(app: FastAPI) -> None:
    cohort = make_cohort(app)
    (sheet,) = pages(paper(cohort, "join-sheet"))

    assert "Phones cannot reach this address." in sheet
    assert "Scan the QR code" not in sheet
    assert missing([cohort.code], sheet) == []


def test_a_confidential_cohorts_sheet_says_what_is_shown_of_it(app: FastAPI) -> None:
    (sheet,) = pages(paper(confidential(app, 1, closed=False), "join-sheet"))

    assert "This cohort is confidential." in sheet
    assert "the operator of the server can read the database" in sheet
    assert "Skrivnost" not in sheet


def test_a_closed_cohort_has_no_join_sheet(app: FastAPI) -> None:
    cohort = make_cohort(app)
    cohort.owner.post(cohort.path("close"))

    response = cohort.owner.get(cohort.path("join-sheet.pdf"))
    assert response.status_code == 409
    assert "Nobody joins it any more" in response.text


def test_the_glossary_is_one_page_with_every_dimension_and_the_words_of_the_field(app: FastAPI) -> None:
    (sheet,) = pages(paper(make_cohort(app), "glossary"))
    words = questionnaire_of(app).wording("en")
    terms = [
        *("Customer experience (CX)", "User experience (UX)", "CXM", "CRM", "Touchpoint", "Moment of truth", "Level"),
        *("Stage", "Target, gap", "Blind spot", "Pulse", "Love point, pain point", "Front office, back office"),
    ]

    assert missing([*terms, *(one.name for one in words.dimensions.values())], sheet) == []


def test_four_cards_stand_on_a_page_and_six_stages_on_the_journey(app: FastAPI) -> None:
    cohort = make_cohort(app)
    (cards,) = pages(paper(cohort, "action-cards"))
    (journey,) = pages(paper(cohort, "journey-sheet"))

    assert [cards.count(words) for words in ("Next step", "Owner", "By when", "How we will see")] == [4, 4, 4, 4]
    assert missing(["Discover", "Choose", "Buy", "Use", "Get help", "Return", "+2", "−2"], journey) == []


def test_a_very_long_name_breaks_instead_of_running_off_the_paper(app: FastAPI) -> None:
    cohort = make_cohort(app, name="Ž" * 120)
    for name in PAPERS:
        with pymupdf.open(stream=paper(cohort, name), filetype="pdf") as document:  # type: ignore[no-untyped-call]  # no type hints
            width = document[0].rect.width
            right = [block[2] for block in document[0].get_text("blocks")]
        assert max(right) <= width, name


@pytest.mark.parametrize("name", PAPERS)
def test_papers_are_for_those_who_may_look(app: FastAPI, name: str) -> None:
    cohort = make_cohort(app)

    assert facilitator(app).browser.get(cohort.path(f"{name}.pdf")).status_code == 404
    assert stranger(app).get(cohort.path(f"{name}.pdf")).status_code == 303
