"""A cohort's data as files: the same figures as the page's, text that stays text, and a release that stays one."""

import datetime
import json
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from openpyxl.worksheet.worksheet import Worksheet

from app import wording
from app.core.cohort.comparison import read_cohort
from app.core.cohort.overview import overview
from app.core.scoring import scorecard
from app.store import cohorts
from tests import tables
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.facilitating import facilitator, now
from tests.web.facilitator.taking_home import (
    PAYLOADS,
    add,
    card,
    confidential,
    document,
    pulse,
    questionnaire_of,
    shared_with,
)
from tests.web.visiting import house_of, stranger

FILES = ("data.xlsx", "data.csv", "data.json")


def sheets(browser: TestClient, cohort: Made) -> dict[str, list[dict[str, object]]]:
    """Each sheet's rows by the names in its first one."""
    response = browser.get(cohort.path("data.xlsx"))
    assert response.status_code == 200, response.text
    book = openpyxl.load_workbook(BytesIO(response.content))
    return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Worksheet) -> list[dict[str, object]]:
    heads, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip([str(head) for head in heads], row, strict=True)) for row in rows]


def table(browser: TestClient, cohort: Made) -> list[dict[str, str]]:
    """The CSV as it is read by a program."""
    content = browser.get(cohort.path("data.csv")).content
    assert content.startswith(b"\xef\xbb\xbf")
    return tables.read(content)


def _plain(value: Fraction | int | str | None) -> float | int | str | None:
    return float(value) if isinstance(value, Fraction) else value


@pytest.fixture
def full(app: FastAPI) -> Made:
    """An open cohort of the full form."""
    cohort = make_cohort(app, form="full", name="=Čebelarji & co")
    add(app, cohort, *(document(app, name) for name in ("full", "team", "accents", "partial", "all_dont_know")))
    return cohort


def test_the_workbook_has_the_scores_that_core_and_the_page_have(app: FastAPI, full: Made) -> None:
    found = sheets(full.owner, full)
    cards = [card(app, document(app, name)) for name in ("full", "team", "accents", "partial", "all_dont_know")]
    names = questionnaire_of(app).wording("en").dimensions

    for row, one in zip(found["Scores"], cards, strict=True):
        assert row["Score"] == _plain(one.overall.score)
        assert row["Stage"] == one.overall.stage
        assert row["Stage at worst"] == one.overall.floor.stage
        assert row["Blind spots"] == _plain(one.overall.blind_spots)
        for id_, dimension in one.dimensions.items():
            assert row[names[id_].name] == _plain(dimension.score)
    rows = iter(found["Dimensions"])
    for one in cards:
        for id_, dimension in one.dimensions.items():
            row = next(rows)
            assert row["Dimension"] == id_
            assert (row["Score"], row["Gap"], row["Priority"]) == tuple(
                _plain(value) for value in (dimension.score, dimension.gap, dimension.priority)
            )
            assert (row["Target"], row["Importance"]) == (dimension.target, dimension.importance)
            assert row["Not scored because"] == dimension.not_scored


def test_the_workbook_has_the_summary_that_core_and_the_page_have(app: FastAPI, full: Made) -> None:
    found = sheets(full.owner, full)
    cards = [card(app, document(app, name)) for name in ("full", "team", "accents", "partial", "all_dont_know")]
    told = overview(questionnaire_of(app), cards)

    summaries = {"overall": told.summary.overall, **told.summary.dimensions}
    assert [row["Id"] for row in found["Summary"]] == list(summaries)
    for row, one in zip(found["Summary"], summaries.values(), strict=True):
        expected = [one.n, *(_plain(value) for value in (one.mean, one.median, one.q1, one.q3)), one.sd, None]
        assert list(row.values())[2:] == expected
    for row, question in zip(found["Questions"], told.questions.values(), strict=True):
        spread = question.distribution
        rest = [spread.dont_know, spread.not_applicable, spread.open]
        assert list(row.values()) == [question.id, question.n, _plain(question.mean), *spread.levels, *rest]


def test_what_is_shown_of_a_figure_is_rounded_as_on_the_page(app: FastAPI) -> None:
    cohort = make_cohort(app)
    document_ = pulse(app, "Rob", 3, strategy__purpose=3, strategy__promises=2)  # 2.5 and 41/14 = 2.928…
    add(app, cohort, document_)
    book = openpyxl.load_workbook(BytesIO(cohort.owner.get(cohort.path("data.xlsx")).content))

    heads, values = book["Scores"][1], book["Scores"][2]
    shown = {str(head.value): (value.value, value.number_format) for head, value in zip(heads, values, strict=True)}

    page = wording.environment("en", []).filters["figure"]
    score = card(app, document_).overall.score
    assert score is not None
    assert shown["Score"] == (float(score), "0.0")
    assert page(score) == f"{float(score):.1f}"
    assert shown["CX strategy"] == (2.5, "0.0")


def test_a_figure_that_rounding_would_lift_over_a_stages_boundary_keeps_its_decimals(app: FastAPI) -> None:
    cohort = make_cohort(app, form="full")
    questions = [question.id for question in questionnaire_of(app).questions]
    answers = dict.fromkeys(questions, 3) | {questions[0]: 2}
    add(app, cohort, document(app, "full", respondents=[{"role": "other", "answers": answers}]))
    book = openpyxl.load_workbook(BytesIO(cohort.owner.get(cohort.path("data.xlsx")).content))

    cell = next(cell for head, cell in zip(book["Scores"][1], book["Scores"][2], strict=True) if head.value == "Score")

    assert cell.value == 125 / 42
    assert cell.number_format == "0.00"


def test_the_answers_of_every_respondent_stand_in_the_workbook(app: FastAPI, full: Made) -> None:
    rows = sheets(full.owner, full)["Answers"]
    told = [
        (one.organisation, respondent.role, respondent.answers)
        for one in (document(app, name) for name in ("full", "team", "accents", "partial", "all_dont_know"))
        for respondent in one.respondents
    ]

    questions = [question.id for question in questionnaire_of(app).questions]
    assert [
        (row["Organisation"], row["Role"], {id_: row[id_] for id_ in questions if row[id_] is not None}) for row in rows
    ] == told


def test_the_code_book_has_every_question_with_its_anchors(app: FastAPI, full: Made) -> None:
    words = questionnaire_of(app).wording("en")
    rows = sheets(full.owner, full)["Code book"]

    assert [row["Id"] for row in rows] == [question.id for question in questionnaire_of(app).questions]
    for row in rows:
        texts = words.questions[str(row["Id"])]
        assert row["Question"] == texts.question
        assert tuple(row[f"{n} {name}"] for n, name in enumerate(words.levels, 1)) == texts.levels
    assert sum(row["In the pulse"] == "yes" for row in rows) == 14


def test_the_table_has_the_same_figures_and_numbers_stay_numbers(app: FastAPI, full: Made) -> None:
    names = ("full", "team", "accents", "partial", "all_dont_know")
    for row, name in zip(table(full.owner, full), names, strict=True):
        one = document(app, name)
        of = card(app, one)
        assert row["organisation"] == one.organisation
        assert (tables.number(row["overall.score"]) if row["overall.score"] else None) == _plain(of.overall.score)
        for id_, dimension in of.dimensions.items():
            assert (tables.number(row[f"{id_}.score"]) if row[f"{id_}.score"] else None) == _plain(dimension.score)
            assert int(row[f"{id_}.target"]) == dimension.target
        for id_, level in of.levels.items():
            expected = "" if level is None else level if isinstance(level, str) else float(level)
            assert (tables.number(row[id_]) if isinstance(expected, float) else row[id_]) == expected
    text = full.owner.get(full.path("data.csv")).content.decode("utf-8-sig")
    assert ";3;" in text.splitlines()[1]  # not "3"


def test_the_list_is_a_cohort_file_and_scores_the_same(app: FastAPI, full: Made) -> None:
    content = full.owner.get(full.path("data.json")).content
    documents, questionnaire = read_cohort(content.decode(), house_of(app).catalogue.edition)

    assert [scorecard.score(questionnaire, one) for one in documents] == [
        card(app, document(app, name)) for name in ("full", "team", "accents", "partial", "all_dont_know")
    ]


def test_names_that_begin_like_formulas_are_no_formulas(app: FastAPI) -> None:
    cohort = make_cohort(app, name="=1+1")
    add(app, cohort, *(pulse(app, name) for name in PAYLOADS))

    book = openpyxl.load_workbook(BytesIO(cohort.owner.get(cohort.path("data.xlsx")).content))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}  # "f" is a formula
    assert all(cell.hyperlink is None for cell in cells)
    assert [row["Organisation"] for row in sheets(cohort.owner, cohort)["Scores"]] == list(PAYLOADS)

    names = [row["organisation"] for row in table(cohort.owner, cohort)]
    assert names == [name.replace("x;=", "x;'=") if name.startswith("x") else f"'{name}" for name in PAYLOADS]


def test_who_has_not_finished_or_has_left_is_in_no_file(app: FastAPI) -> None:
    cohort = make_cohort(app)
    add(app, cohort, pulse(app, "Ostane"))
    add(app, cohort, pulse(app, "Nedokončano"), finished=False)
    (gone,) = add(app, cohort, pulse(app, "Odšla"))
    joined(app, cohort, "Pridružena")
    with house_of(app).database.writing() as session:
        cohorts.withdraw(session, gone.assessment, now())

    assert [row["organisation"] for row in table(cohort.owner, cohort)] == ["Ostane"]
    assert [row["Organisation"] for row in sheets(cohort.owner, cohort)["Scores"]] == ["Ostane"]
    assert [one["organisation"] for one in cohort.owner.get(cohort.path("data.json")).json()] == ["Ostane"]


def test_a_demonstration_says_so_in_the_workbook(app: FastAPI) -> None:
    person = facilitator(app)
    plain = make_cohort(app, person.browser)
    with house_of(app).database.writing() as session:
        like = cohorts.cohort(session, plain.id)
        assert like is not None
        made = cohorts.create(session, person.account, like, now(), is_demo=True)
    demo = Made(person.browser, made.id, made.join_code)

    assert "Made up" not in sheets(plain.owner, plain)
    assert "Made up" in sheets(demo.owner, demo)


def test_the_files_of_a_cohort_of_nobody_open_too(app: FastAPI) -> None:
    cohort = make_cohort(app)

    assert sheets(cohort.owner, cohort)["Scores"] == []
    assert table(cohort.owner, cohort) == []
    assert cohort.owner.get(cohort.path("data.json")).json() == []


@pytest.mark.parametrize("file", FILES)
def test_a_confidential_cohort_gives_nothing_before_it_is_closed_or_with_too_few(app: FastAPI, file: str) -> None:
    for cohort, words in (
        (confidential(app, 6, closed=False), "worked out once, when it is closed"),
        (confidential(app, 4, closed=True), "fewer than five organisations"),
    ):
        response = cohort.owner.get(cohort.path(file))
        assert response.status_code == 404
        assert words in response.text
        assert "Skrivnost" not in response.text


def test_a_confidential_cohort_gives_its_release_and_nothing_else(app: FastAPI) -> None:
    cohort = confidential(app, 6, closed=True)
    with house_of(app).database.reading() as session:
        kept = json.loads(cohorts.release_of(session, cohort.id) or "")
    means = {"overall": kept["overall"]} | kept["dimensions"]

    book = sheets(cohort.owner, cohort)
    assert list(book) == ["Cohort", "Averages", "Rules"]
    assert [row["Mean"] for row in book["Averages"]] == [float(one["value"]) for one in means.values()]
    assert {row["Organisations"] for row in book["Averages"]} == {6}

    rows = table(cohort.owner, cohort)
    assert {row["dimension"]: (int(row["n"]), tables.number(row["mean"])) for row in rows} == {
        id_: (6, float(one["value"])) for id_, one in means.items()
    }

    told = cohort.owner.get(cohort.path("data.json")).json()
    assert set(told) == {"questionnaire", "edition", "form", "n", "overall", "dimensions"}
    assert {id_: one["mean"] for id_, one in told["dimensions"].items()} == {
        id_: float(one["value"]) for id_, one in kept["dimensions"].items()
    }
    for file in FILES:
        content = cohort.owner.get(cohort.path(file)).content
        assert b"Skrivnost" not in content
    assert "Skrivnost" not in str(book)


def test_a_mean_at_an_end_of_the_scale_is_a_bound_in_every_file(app: FastAPI) -> None:
    cohort = confidential(app, 5, closed=True, level=5)

    assert cohort.owner.get(cohort.path("data.json")).json()["dimensions"]["culture"] == {"mean": 3.8, "bound": "over"}
    assert {row["dimension"]: row["bound"] for row in table(cohort.owner, cohort)}["culture"] == "over"
    names = {row["Dimension"]: (row["Bound"], row["Mean"]) for row in sheets(cohort.owner, cohort)["Averages"]}
    assert names["Customer-centric culture"] == ("over", 3.8)


@pytest.mark.parametrize("file", FILES)
def test_the_files_are_for_those_who_may_look(app: FastAPI, file: str) -> None:
    cohort = make_cohort(app)
    add(app, cohort, pulse(app, "Naša"))

    assert shared_with(app, cohort, "read").get(cohort.path(file)).status_code == 200
    assert facilitator(app).browser.get(cohort.path(file)).status_code == 404
    assert stranger(app).get(cohort.path(file)).status_code == 303


def test_the_day_of_finishing_is_a_day_in_the_workbook(app: FastAPI) -> None:
    cohort = make_cohort(app)
    add(app, cohort, pulse(app, "Danes"))
    with house_of(app).database.reading() as session:
        (_, kept), *_ = cohorts.documents(session, cohort.id)

    day = sheets(cohort.owner, cohort)["Answers"][0]["Date"]
    assert isinstance(day, datetime.datetime)
    assert day.date() == kept.date


def test_a_day_that_a_workbook_cannot_tell_stands_there_as_text(app: FastAPI) -> None:
    cohort = make_cohort(app)
    days = ("0001-01-01", "1900-02-28", "1900-03-01", "2026-11-20")
    with house_of(app).database.writing() as session:
        for day in days:
            told = pulse(app, day).model_copy(update={"date": datetime.date.fromisoformat(day)})
            cohorts.join_with(session, cohort.id, told, now())
    found = [row["Date"] for row in sheets(cohort.owner, cohort)["Answers"]]
    assert found == [*days[:2], datetime.datetime(1900, 3, 1), datetime.datetime(2026, 11, 20)]  # noqa: DTZ001 - a workbook knows no zones
