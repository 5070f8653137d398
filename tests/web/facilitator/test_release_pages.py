"""What every way out says of a confidential cohort between its closing and its release, and of what is held back."""

import io
import json
from collections.abc import Mapping
from decimal import Decimal

import openpyxl
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.core.cohort.release import Average, Nothing, Outcome, Release
from app.store import cohorts
from tests import tables
from tests.core.documents.forms import DISCIPLINES, PILLARS
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import api_token, facilitator, now
from tests.web.facilitator.filled import answer_in, import_into, some_answers
from tests.web.reading import Page
from tests.web.visiting import house_of

FILES = ("data.xlsx", "data.csv", "data.json", "report.pdf")
MEAN = Average(value=Decimal("2.4"))
PARTLY = Release(
    n=7,
    dimensions=dict.fromkeys(DISCIPLINES, MEAN) | {"strategy": Average(value=Decimal("1.9"), bound="under")},
    held_back="overlapping",
    rule=2,
)
COUNT = Release(n=7, held_back="everything", rule=2)
WHY = "put together, they would let somebody work out how a single organisation scored"


def secret(app: FastAPI, owner: TestClient) -> Made:
    return make_cohort(app, owner, privacy="confidential", name="Kept to ourselves")


def with_outcome(app: FastAPI, owner: TestClient, outcome: Outcome) -> Made:
    """A closed one that releases just this."""
    made = secret(app, owner)
    with house_of(app).database.writing() as session:
        cohorts.close(session, made.id, now())
        cohorts.keep_release(session, made.id, outcome.model_dump_json())
    return made


def texts(made: Made, beside: Made) -> Mapping[str, str]:
    """The pages that tell of results."""
    addresses = {
        "desk": made.path(),
        "results": made.path("results"),
        "wall": made.path("projector?slide=dots"),
        "choice": "/compare",
        "comparison": f"/compare?cohort={beside.id}&cohort={made.id}",
    }
    return {name: Page(made.owner.get(address).text).text for name, address in addresses.items()}


def calls(app: FastAPI, made: Made, account: str) -> list[tuple[int, dict[str, object]]]:
    """What the API answers about it."""
    made.owner.headers["authorization"] = f"Bearer {api_token(app, account)[1]}"
    answers = [made.owner.get(f"/api/v1/cohorts/{made.id}/{call}") for call in ("summary", "export.json")]
    return [(one.status_code, one.json()) for one in answers]


def test_until_it_is_worked_out_every_way_out_says_so(app: FastAPI) -> None:
    person = facilitator(app)
    beside = make_cohort(app, person.browser)
    import_into(app, beside, ["A", "B"])
    made = secret(app, person.browser)
    for place in range(6):
        answer_in(app, made, f"Secret {place}", some_answers(60 + place, levels=(1, 2, 3, 4, 5)))
    assert made.owner.post(made.path("close")).headers["location"] == f"{made.path()}?said=closed"
    before = texts(made, beside)
    assert "The means are being worked out." in before["desk"]
    assert "The means are being worked out." in before["results"]
    assert "The averages are being worked out" in before["wall"]
    assert "its means are being worked out" in before["choice"]
    assert "the means are still being worked out: Kept to ourselves" in before["comparison"]
    piece = made.owner.get(made.path("results"), headers={"hx-request": "true"}).text
    assert piece.lstrip().startswith('<div id="release"')
    assert f'data-hx-get="{made.path("results")}" data-hx-trigger="every 2s"' in piece
    for file in FILES:
        response = made.owner.get(made.path(file))
        assert (response.status_code, "being worked out" in response.text) == (404, True)
    for status, told in calls(app, made, person.account):
        assert (status, told["error"]) == (
            409,
            {"code": "being_worked_out", "message": "The release is being worked out. Please ask again in a while."},
        )
    app.state.releases.finish()
    after = texts(made, beside)
    assert [name for name, text in after.items() if "worked out." in text and "being" in text] == []
    assert "Mean over 6 organisations." in after["results"]
    assert "hx-get" not in made.owner.get(made.path("results"), headers={"hx-request": "true"}).text
    assert [made.owner.get(made.path(file)).status_code for file in FILES] == [200] * 4
    assert [status for status, _ in calls(app, made, person.account)] == [200, 200]


def test_what_is_held_back_is_nowhere_and_it_is_said_why(app: FastAPI) -> None:
    person = facilitator(app)
    beside = make_cohort(app, person.browser)
    import_into(app, beside, ["A", "B"])
    made = with_outcome(app, person.browser, PARTLY)
    told = texts(made, beside)
    assert "Not all of its means are shown" in told["desk"]
    for name in ("results", "wall"):
        assert "Only these means are shown: Disciplines." in told[name]
        assert WHY in told[name]
        assert "under 1.9" in told[name]
        assert "Brand purpose" not in told[name]
    assert WHY in told["comparison"]
    rows = Page(made.owner.get(f"/compare?cohort={beside.id}&cohort={made.id}").text).tables[0]
    its = [[cell.strip() for cell in row[1:]] for row in rows if row[0].strip() == "Kept to ourselves"]
    assert [row[-2] for row in its] == ["–", "under 1.9", *["2.4"] * 5, *["–"] * 7]
    table = tables.read(made.owner.get(made.path("data.csv")).content)
    assert [(row["mean"].replace(",", "."), row["bound"]) for row in table] == [
        ("", "held_back"),
        ("1.9", "under"),
        *[("2.4", "")] * 5,
        *[("", "held_back")] * 7,
    ]
    book = openpyxl.load_workbook(io.BytesIO(made.owner.get(made.path("data.xlsx")).content))
    sheet = list(book["Averages"].iter_rows(values_only=True))
    assert [row[-2:] for row in sheet[1:]] == [
        ("held back", None),
        ("under", 1.9),
        *[(None, 2.4)] * 5,
        *[("held back", None)] * 7,
    ]
    assert WHY in json.dumps([row[0] for row in book["Rules"].iter_rows(values_only=True)])
    means = {"strategy": {"mean": 1.9, "bound": "under"}} | {id_: {"mean": 2.4} for id_ in DISCIPLINES[1:]}
    expected = {"n": 7, "overall": None, "dimensions": means, "held_back": "overlapping"}
    for status, answer in calls(app, made, person.account):
        assert (status, {key: answer[key] for key in expected}) == (200, expected)
        assert set(PILLARS).isdisjoint(json.dumps(answer))


def test_where_only_their_number_is_told_it_cannot_be_compared(app: FastAPI) -> None:
    person = facilitator(app)
    beside = make_cohort(app, person.browser)
    import_into(app, beside, ["A", "B"])
    made = with_outcome(app, person.browser, COUNT)
    told = texts(made, beside)
    for name in ("results", "wall"):
        assert "7 organisations are scored in every part." in told[name]
        assert "The means are held back: from them somebody could work out how a single organisation" in told[name]
    assert "its means are held back" in told["choice"]
    assert "no means were released: Kept to ourselves" in told["comparison"]
    expected: dict[str, object] = {"n": 7, "overall": None, "dimensions": {}, "held_back": "everything"}
    for status, answer in calls(app, made, person.account):
        assert (status, {key: answer[key] for key in expected}) == (200, expected)
    assert [made.owner.get(made.path(file)).status_code for file in FILES] == [200] * 4


@pytest.mark.parametrize("closed", [False, True])
def test_a_held_cohort_says_so_open_and_closed(app: FastAPI, closed: bool) -> None:
    person = facilitator(app)
    beside = make_cohort(app, person.browser)
    made = secret(app, person.browser)
    with house_of(app).database.writing() as session:
        cohorts.hold(session, made.id, now())
    if closed:
        made.owner.post(made.path("close"))
        app.state.releases.finish()
    told = texts(made, beside)
    for name in ("desk", "results"):
        assert "nothing is shown until whoever runs the server decides" in told[name]
    assert "cxm release list" in told["desk"]
    for status, answer in calls(app, made, person.account):
        assert status == 409
        assert answer["error"] == {
            "code": "held",
            "message": "A backup was restored: nothing is released until whoever runs the server decides.",
        }
    assert [made.owner.get(made.path(file)).status_code for file in FILES] == [404] * 4
    if closed:
        assert "nothing is shown until whoever runs the server decides" in told["wall"]


def test_what_the_operator_refused_is_said_to_be_refused(app: FastAPI) -> None:
    person = facilitator(app)
    made = with_outcome(app, person.browser, Nothing(nothing="decided"))
    told = texts(made, make_cohort(app, person.browser))
    assert "Whoever runs the server decided that nothing more is shown." in told["results"]
    assert "nothing more is shown" in told["wall"]
    for status, answer in calls(app, made, person.account):
        assert status == 409
        assert answer["error"] == {
            "code": "not_released",
            "message": "Whoever runs the server decided that nothing is released.",
        }
