"""The result page, the PDF and the file of answers say the same."""

import io
import json
import re
import subprocess
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from httpx2 import Response
from pypdf import PdfReader

from app.core.answers.document import read_document
from app.core.scoring import scorecard
from app.reporting import report_for
from app.store import assessments
from app.web.shell.render import page
from tests.server import CXM
from tests.web.visiting import Holder, house_of, stranger

DOCUMENTS = Path(__file__).parents[2] / "documents"
ONLY_ON_THE_WEB = {"Keep your private link", "Nothing to show yet"}


class _Page(HTMLParser):
    """A page's headings and its figures, those of the folded parts included."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.append(tag)
        if tag in {"h2", "h3"}:
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" not in self._open or {"svg", "script"} & set(self._open):
            return
        self.text.append(data)
        if self._open[-1] in {"h2", "h3"}:
            self.headings[-1] += data.strip()


def _figures(text: str) -> set[str]:
    """Every number with a decimal, every share, and every large sum."""
    return set(re.findall(r"\d+(?:,\d{3})+|\d+\.\d+|\d+%", text))


def _holder(app: FastAPI, name: str) -> Holder:
    house = house_of(app)
    text = (DOCUMENTS / f"{name}.json").read_text(encoding="utf-8")
    document, _ = read_document(text, house.catalogue.edition)
    with house.database.writing() as session:
        place = assessments.begin_from(session, document, datetime(2026, 11, 21, tzinfo=UTC))
    browser = stranger(app)
    browser.get(f"/r/{place.token}")
    return Holder(browser, place.assessment, place.token)


@pytest.mark.parametrize("name", ["full", "partial", "all_dont_know", "team", "team_rich", "pulse"])
def test_the_paper_has_every_heading_and_every_figure_of_the_page(app: FastAPI, name: str) -> None:
    holder = _holder(app, name)
    web = _Page()
    web.feed(holder.browser.get(holder.path("result")).text)
    pdf = PdfReader(io.BytesIO(holder.browser.get(holder.path("report.pdf")).content))
    paper = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    missing = [heading for heading in web.headings if heading not in paper and heading not in ONLY_ON_THE_WEB]
    assert missing == []
    assert _figures(" ".join(web.text)) - _figures(paper) == set()


def test_the_page_leads_by_what_was_agreed_and_names_what_anybody_does_not_know(app: FastAPI) -> None:
    holder = _holder(app, "team_rich")
    text = (DOCUMENTS / "team_rich.json").read_text(encoding="utf-8")
    document, questionnaire = read_document(text, house_of(app).catalogue.edition)
    report = report_for(questionnaire, document, "en")
    html = " ".join(unescape(holder.browser.get(holder.path("result")).text).split())

    by_gap = (
        html.split("By the gap of the agreed scores alone, whatever its importance:")[1].split("</p>")[0].strip(" .")
    )
    assert by_gap == ", ".join(f"{one.name} {float(one.agreed_gap or 0):.1f}" for one in report.by_gap)
    first = next(one.dimension for one in report.priorities if one.dimension.agreed_working)
    assert f'href="#agreed-working-{first.id}"' in html
    assert f'id="agreed-working-{first.id}"' in html
    blind = html.split("Find out about:")[1].split("</ul>")[0]
    assert [one.text in blind for one in report.unknown] == [True] * 3
    assert "1 doesn’t know" in blind
    assert html.index('id="trend"') < html.index('id="priorities"')
    assert "With the levels that you agreed on as a team:" in html.split('id="trend"')[0]


def test_a_figure_that_only_the_page_has_is_noticed() -> None:
    assert _figures("Score 2.98, 14% and 3.0") - _figures("2.98 is 3.0") == {"14%"}
    assert _figures("1,850,000 EUR") - _figures("1,850") == {"1,850,000"}


def test_the_file_of_answers_scores_as_the_page_does(app: FastAPI, tmp_path: Path) -> None:
    holder = _holder(app, "full")
    file = tmp_path / "answers.json"
    file.write_text(holder.browser.get(holder.path("answers.json")).text, encoding="utf-8")
    printed = subprocess.run([CXM, "score", file], capture_output=True, text=True, check=True).stdout
    document, questionnaire = read_document(
        (DOCUMENTS / "full.json").read_text("utf-8"), house_of(app).catalogue.edition
    )
    expected = scorecard.score(questionnaire, document)
    assert json.loads(printed)["dimensions"] == scorecard.as_json(expected)["dimensions"]
    assert json.loads(printed)["overall"] == scorecard.as_json(expected)["overall"]


def test_what_is_shared_has_no_own_levels_and_nothing_to_change(app: FastAPI) -> None:
    house = house_of(app)
    text = (DOCUMENTS / "team_rich.json").read_text(encoding="utf-8")
    document, questionnaire = read_document(text, house.catalogue.edition)
    told = report_for(questionnaire, document, "en")
    request = Request({"type": "http", "path": "/", "headers": [], "app": app, "query_string": b""})

    shared = _as_page(
        page(request, "en", "participant/result/page.html", {"report": told, "shared": True, "may_edit": False})
    )
    own = _as_page(_result_of(app, "team_rich"))

    assert "Given: 2 2 3 4 5; range 3, AD 1.0" in own
    assert 'id="own-strategy-title"' in own
    assert "Keep your private link" in own
    for kept in (
        "Given:",
        'id="own-strategy-title"',
        'id="spread-',
        "AD 1.0",
        "/assessments/",
        "Keep your private link",
    ):
        assert kept not in shared
    assert "Your answers and what you agreed on" in shared
    assert "5 people answered, each alone." in shared


def _result_of(app: FastAPI, name: str) -> Response:
    holder = _holder(app, name)
    return holder.browser.get(holder.path("result"))


def _as_page(response: Response | HTMLResponse) -> str:
    body = response.body if isinstance(response, HTMLResponse) else response.content
    return " ".join(re.sub(r"</?sub>", "", bytes(body).decode()).split())
