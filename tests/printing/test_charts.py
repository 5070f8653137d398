"""The charts: every figure in words, nothing that a strict CSP forbids, and no label on another."""

from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import combinations

import pytest

from app import wording
from app.core.report.model import DimensionReport, Report
from app.printing import Printer
from app.settings import resource
from tests.printing.reading import labels

WIDTH = 595.3  # of A4, in points
MARGIN = 50.0
SHEET = """<html lang="{language}"><head><title>Charts</title>
<link rel="stylesheet" href="report:organisation/report.css"></head>
<body>{charts}</body></html>"""


def _macro(name: str) -> Callable[..., str]:
    macros = wording.environment("en", [resource("templates")]).get_template("charts/_organisation.html").make_module()
    macro: Callable[..., str] = getattr(macros, name)
    return macro


def _charts(report: Report, *, paper: bool) -> dict[str, str]:
    assert report.grid is not None
    charts = {f"radar-{one.id}": _macro("radar")(one, f"radar-{one.id}", paper) for one in report.frameworks}
    charts["map"] = _macro("grid_map")(report.grid, "map", paper)
    charts["gaps"] = _macro("gap_bars")(report.frameworks, "gaps", paper)
    charts["scale"] = _macro("level_scale")(report.level_names, report.overall.stage, "scale", paper)
    return charts


class _Markup(HTMLParser):
    """Collects ids, attributes, elements, and the text of each element that has an id."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self._open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._open = dict(attrs).get("id")

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open] = self.texts.get(self._open, "") + data


@pytest.mark.parametrize("name", ["full", "partial", "pulse", "all_dont_know"])
def test_each_chart_says_all_its_figures_in_words(name: str, report_of: Callable[[str], Report]) -> None:
    report = report_of(name)
    for paper in (False, True):
        charts = _charts(report, paper=paper)
        for chart, html in charts.items():
            markup = _Markup(html)
            _, svg = markup.elements[0]
            assert svg["role"] == "img"
            named = (svg["aria-labelledby"] or "").split()
            assert named == [f"{chart}-title"] + ([] if paper else [f"{chart}-desc"])
            words = " ".join(markup.texts[id_] for id_ in named)
            if chart.startswith("radar") or chart == "gaps":
                shown = [one for one in report.dimensions if chart in {"gaps", f"radar-{_framework(report, one)}"}]
                for dimension in shown:
                    assert _said(dimension) in words
        if report.grid:
            words = _Markup(charts["map"]).texts["map-title" if paper else "map-desc"]
            first = [
                _answer(question.status, question.level) if question else "not asked"
                for question in report.grid.rows[0].cells
            ]
            said = "; ".join(
                f"{column.short} {answer}" for column, answer in zip(report.grid.columns, first, strict=True)
            )
            assert said in words


def _framework(report: Report, dimension: DimensionReport) -> str:
    return next(one.id for one in report.frameworks if dimension in one.dimensions)


def _answer(status: str, level: object) -> str:
    words = {"dont_know": "don’t know", "not_applicable": "does not apply", "open": "open"}
    return words.get(status, str(level))


def _said(dimension: DimensionReport) -> str:
    if dimension.score is None:
        return f"{dimension.name}: not scored, target {dimension.target}."
    figure = wording.environment("en", []).from_string("{{ value|figure }}").render(value=dimension.score)
    return f"{dimension.name}: score {figure}, target {dimension.target}."


def test_charts_need_no_style_and_share_no_id(report_of: Callable[[str], Report]) -> None:
    markup = _Markup("".join(_charts(report_of("full"), paper=False).values()))
    ids = [attributes["id"] for _, attributes in markup.elements if "id" in attributes]

    assert len(ids) == len(set(ids))
    for tag, attributes in markup.elements:
        assert tag not in {"style", "script", "foreignobject"}
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_the_map_has_a_number_or_a_mark_in_every_cell(report_of: Callable[[str], Report]) -> None:
    report = report_of("full")
    table = _Markup(_macro("map_table")(report.grid, "The map"))
    classes = [str(attributes.get("class")).split()[0] for tag, attributes in table.elements if tag == "td"]
    kinds = {kind: classes.count(kind) for kind in set(classes)}

    assert kinds["dont-know"] == 3
    assert kinds["not-applicable"] == 1
    assert sum(count for kind, count in kinds.items() if kind.startswith("level-")) == 38
    assert kinds["mean"] == 13


def _renamed(report: Report, short: str, name: str) -> Report:
    """The same report with other names; single words of full length are hardest to place."""

    def one(dimension: DimensionReport) -> DimensionReport:
        return replace(dimension, short=short, name=name)

    assert report.grid is not None
    return replace(
        report,
        frameworks=tuple(replace(two, dimensions=tuple(map(one, two.dimensions))) for two in report.frameworks),
        grid=replace(
            report.grid,
            columns=tuple(map(one, report.grid.columns)),
            rows=tuple(replace(row, dimension=one(row.dimension)) for row in report.grid.rows),
        ),
    )


@pytest.mark.parametrize(
    ("short", "name"),
    [
        (None, None),
        ("Odpowiedzialność", "Odpowiedzialność i współtworzenie doświadczeń klientów w firmie"[:60]),
        ("Wspólne obietnice", "Společná tvorba"),
    ],
    ids=["as they are", "one long word", "two words"],
)
@pytest.mark.parametrize("document", ["full", "partial"])
def test_no_label_lies_on_another_or_leaves_the_sheet(
    document: str, short: str | None, name: str | None, report_of: Callable[[str], Report], printer: Printer
) -> None:
    report = report_of(document) if short is None or name is None else _renamed(report_of(document), short[:16], name)
    charts = _charts(report, paper=True)
    radars = "".join(f"<div>{html}</div>" for chart, html in charts.items() if chart.startswith("radar"))
    html = f'<div class="radars">{radars}</div>{charts["map"]}{charts["scale"]}{charts["gaps"]}'

    found = labels(printer.pdf(SHEET.format(language="en", charts=html)))

    assert len(found) > 60
    assert [label for label in found if label.left < MARGIN or label.right > WIDTH - MARGIN] == []
    assert [(one.text, other.text) for one, other in combinations(found, 2) if one.meets(other)] == []
