"""The results of one cohort: the figures are the core's, and nobody sees what is not theirs."""

import re
from fractions import Fraction
from io import BytesIO

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app import wording
from app.core.cohort.overview import overview
from app.core.cohort.release import Release, complete, release
from app.core.scoring.scorecard import score
from app.store import assessments, cohorts
from tests.core.cohort.cohort_examples import questionnaire, raw, scored
from tests.core.documents.forms import DIMENSIONS, DISCIPLINES, PULSE
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.facilitating import facilitator, now
from tests.web.facilitator.filled import answer_in, close, import_into, some_answers
from tests.web.reading import Page
from tests.web.visiting import house_of, stranger

NAMES = ["Čebelnjak d.o.o.", "Three Rivers", "Žižkovská kavárna", "Mlyn", "Łukasz", "Hram", "Solar Bits"]


def figure(value: Fraction | None) -> str:
    return "–" if value is None else wording.environment("en", []).filters["figure"](value)


def shown(browser: TestClient, path: str) -> str:
    response = browser.get(path)
    assert response.status_code == 200, response.status_code
    return response.text


def test_every_figure_of_an_open_cohort_is_the_cores(app: FastAPI) -> None:
    cohort = make_cohort(app)
    documents = import_into(app, cohort, NAMES)
    told = overview(questionnaire(), [score(questionnaire(), document) for document in documents])
    words = questionnaire().wording("en")

    page = Page(shown(cohort.owner, cohort.path("results")))

    for id_, summary in told.summary.dimensions.items():
        quartiles = f"{figure(summary.q1)}–{figure(summary.q3)}"
        expected = ["", figure(summary.median), quartiles, figure(summary.mean), str(summary.n)]
        assert page.row(words.dimensions[id_].name) == expected
    map_ = page.tables[1]
    cells = {cell.strip() for row in map_[1:-1] for cell in row[1:-1] if cell.strip()}
    assert cells == {f"{figure(one.mean)} ({one.n} organisations)" for one in told.questions.values()}
    for one in told.priorities[:7]:
        assert f"{words.dimensions[one.id].name} {one.organisations} of {len(NAMES)}" in page.text
    for question in told.unknown[:5]:
        assert f"{words.questions[question.id].question} {question.organisations} of {len(NAMES)}" in page.text


def test_every_organisation_is_a_dot_without_a_name(app: FastAPI) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, NAMES, levels=(1, 2, 3))

    html = shown(cohort.owner, cohort.path("results"))

    strips = re.findall(r'<svg class="chart dots".*?</svg>', html, re.DOTALL)
    assert [strip.count("<circle") for strip in strips] == [len(NAMES)] * (1 + len(DIMENSIONS))
    assert not any(name in strip for name in NAMES for strip in strips)


def test_organisations_stand_in_order_of_joining_whatever_their_scores(app: FastAPI) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, ["Low"], seed=1, levels=(1,))
    import_into(app, cohort, ["High"], seed=2, levels=(5,))
    import_into(app, cohort, ["Middle"], seed=3, levels=(3,))

    page = Page(shown(cohort.owner, cohort.path("results")))

    assert [row[0] for row in page.tables[2][1:]] == ["Low", "High", "Middle"]
    assert page.row("High", 2) == ["5.0"] * 14


def test_the_questions_page_counts_organisations(app: FastAPI) -> None:
    cohort = make_cohort(app)
    documents = import_into(app, cohort, NAMES)
    told = overview(questionnaire(), [score(questionnaire(), document) for document in documents])

    html = shown(cohort.owner, cohort.path("results", "questions"))

    for question in PULSE:
        spread = told.questions[question].distribution
        levels = ", ".join(f"level {level}: {count}" for level, count in enumerate(spread.levels, start=1))
        rest = f"don’t know: {spread.dont_know}, does not apply: {spread.not_applicable}, open: {spread.open}."
        assert f"{levels}, {rest}" in html


@pytest.mark.parametrize("page", ["results", "results/questions"])
def test_a_cohort_in_which_nobody_has_finished_says_so(app: FastAPI, page: str) -> None:
    cohort = make_cohort(app)
    joined(app, cohort, "Not finished Ltd")

    html = shown(cohort.owner, cohort.path(page))

    assert "finished" in Page(html).text
    assert "Not finished Ltd" not in html
    assert "<circle" not in html


def test_one_organisation_alone_is_shown_as_one(app: FastAPI) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, ["Only one"], levels=(3,))

    html = shown(cohort.owner, cohort.path("results"))

    assert "One organisation, at 3.0." in html
    assert "its own result says more" in html


def test_a_members_result_is_the_organisations_own(app: FastAPI) -> None:
    cohort = make_cohort(app)
    holder = joined(app, cohort, "Kavarna")
    given = some_answers(7)
    for part in DISCIPLINES:
        fields = {f"answer:{question}": str(answer) for question, answer in given.items() if question.startswith(part)}
        assert holder.browser.post(holder.path("questions", part), data=fields).status_code == 303
    holder.browser.post(holder.path("finish"))

    seen = Page(shown(cohort.owner, cohort.path("members", holder.assessment, "result")))
    own = Page(shown(holder.browser, holder.path("result")))

    assert seen.tables == own.tables
    html = cohort.owner.get(cohort.path("members", holder.assessment, "result")).text
    assert holder.token not in html
    assert f"/assessments/{holder.assessment}" not in html


PAGES = ["results", "results/questions", "report.pdf", "members/{member}/result", "members/{member}/report.pdf"]


@pytest.mark.parametrize("page", PAGES)
def test_strangers_find_no_results(app: FastAPI, page: str) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, NAMES[:2])
    with house_of(app).database.reading() as session:
        member = cohorts.documents(session, cohort.id)[0][0]
    path = cohort.path(page.format(member=member))

    other = facilitator(app).browser.get(path)
    nobody = stranger(app).get(path)

    assert (other.status_code, nobody.status_code) == (404, 303)
    assert NAMES[0] not in other.text + nobody.text


def test_a_member_of_another_cohort_is_not_found(app: FastAPI) -> None:
    cohort, other = make_cohort(app), make_cohort(app)
    import_into(app, other, NAMES[:1])
    with house_of(app).database.reading() as session:
        member = cohorts.documents(session, other.id)[0][0]

    assert cohort.owner.get(cohort.path("members", member, "result")).status_code == 404
    assert cohort.owner.get(cohort.path("members", member, "report.pdf")).status_code == 404


def confidential(app: FastAPI, organisations: int, owner: TestClient | None = None) -> tuple[Made, list[str]]:
    """A confidential cohort of finished organisations, and their assessments."""
    cohort = make_cohort(app, owner, privacy="confidential", name="Kept to ourselves")
    members = [
        answer_in(app, cohort, NAMES[place], some_answers(40 + place, levels=(1, 2, 3, 4, 5)))
        for place in range(organisations)
    ]
    return cohort, members


def nothing_of_anybody(html: str) -> bool:
    """Whether a page names no organisation, draws no dot, and offers nothing that is for open cohorts."""
    told = ["<circle", "Median", "median", "Middle half", "Priorities", "Blind spots", "members/", "questions"]
    return not any(word in html for word in [*NAMES, *told])


def test_a_confidential_cohort_shows_three_counts_before_it_is_closed(app: FastAPI) -> None:
    cohort, members = confidential(app, 6)
    answer_in(app, cohort, "Half-way Ltd", {"strategy.purpose": 2}, finished=False)

    html = shown(cohort.owner, cohort.path("results"))

    page = Page(html)
    assert nothing_of_anybody(html)
    assert re.findall(r"\d+\.\d+", page.text) == []
    assert re.findall(r"<dd>(\d+)</dd>", html) == ["7", "7", "6"]
    assert cohort.owner.get(cohort.path("report.pdf")).status_code == 404
    assert cohort.owner.get(cohort.path("results", "questions")).status_code == 404
    assert cohort.owner.get(cohort.path("members", members[0], "result")).status_code == 404
    assert cohort.owner.get(cohort.path("members", members[0], "report.pdf")).status_code == 404


def test_a_closed_confidential_cohort_shows_its_release_and_nothing_else(app: FastAPI) -> None:
    cohort, members = confidential(app, 6)
    close(app, cohort)
    answers = [some_answers(40 + place, levels=(1, 2, 3, 4, 5)) for place in range(6)]
    expected = expected_release(answers)
    words = questionnaire().wording("en")

    html = shown(cohort.owner, cohort.path("results"))

    page = Page(html)
    assert nothing_of_anybody(html)
    for id_, average in expected.dimensions.items():
        assert page.row(words.dimensions[id_].name) == ["", f"{average.bound or ''} {average.value}".strip()]
    allowed = {str(one.value) for one in [expected.overall, *expected.dimensions.values()] if one}
    assert set(re.findall(r"\d+\.\d+", page.text)) <= allowed
    assert f"Mean over {expected.n} organisations." in page.text
    assert cohort.owner.get(cohort.path("results", "questions")).status_code == 404
    assert cohort.owner.get(cohort.path("members", members[0], "result")).status_code == 404
    assert cohort.owner.get(cohort.path("members", members[0], "report.pdf")).status_code == 404


def expected_release(answers: list[dict[str, int | str]]) -> Release:
    """The release of organisations that gave these answers."""
    found = release(questionnaire(), "pulse", complete([scored(raw(one)) for one in answers]))
    assert isinstance(found, Release)
    return found


def test_what_was_released_stays_whatever_happens_later(app: FastAPI) -> None:
    cohort, members = confidential(app, 6)
    close(app, cohort)
    before = re.findall(r"\d+\.\d+", Page(shown(cohort.owner, cohort.path("results"))).text)
    with house_of(app).database.writing() as session:
        cohorts.withdraw(session, members[0], now())
        assessments.erase(session, members[1])

    after = re.findall(r"\d+\.\d+", Page(shown(cohort.owner, cohort.path("results"))).text)

    assert after == before
    assert "joined 6 started 6 finished 6" in Page(shown(cohort.owner, cohort.path())).text


def test_fewer_than_five_release_nothing(app: FastAPI) -> None:
    cohort, _ = confidential(app, 4)
    close(app, cohort)

    html = shown(cohort.owner, cohort.path("results"))

    assert nothing_of_anybody(html)
    assert re.findall(r"\d+\.\d+", Page(html).text) == []
    assert "Fewer than 5 organisations" in html


def test_many_organisations_take_as_many_queries_as_one(app: FastAPI) -> None:
    small, large = make_cohort(app), make_cohort(app)
    import_into(app, small, NAMES[:1])
    import_into(app, large, [f"Organisation {number}" for number in range(20)])
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    counts = []
    event.listen(Engine, "before_cursor_execute", note)
    try:
        for cohort in (small, large):
            asked.clear()
            shown(cohort.owner, cohort.path("results"))
            counts.append(len(asked))
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert counts[0] == counts[1] <= 17


def test_from_thirty_organisations_on_alpha_is_told_on_the_page_and_in_the_workbook(app: FastAPI) -> None:
    cohort = make_cohort(app)
    documents = import_into(app, cohort, [f"O{number}" for number in range(30)], seed=3, levels=(1, 2, 3, 4, 5))
    alphas = {
        id_: one.alpha
        for id_, one in overview(questionnaire(), [score(questionnaire(), one) for one in documents]).coherence.items()
    }
    assert None not in alphas.values()
    html = shown(cohort.owner, cohort.path("results/questions"))
    filters = wording.environment("en", []).filters
    cells = [row[1] for row in Page(html).tables[-1][1:]]
    assert cells == [filters["tenth" if alpha and alpha >= 0 else "signed"](alpha, 2) for alpha in alphas.values()]
    book = openpyxl.load_workbook(BytesIO(cohort.owner.get(cohort.path("data.xlsx")).content))
    rows = list(book["Summary"].iter_rows(values_only=True))
    assert rows[0][-1] == "Cronbach’s alpha"
    assert [row[-1] for row in rows[2:]] == [float(alpha or 0) for alpha in alphas.values()]
