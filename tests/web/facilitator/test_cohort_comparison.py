"""Cohorts beside each other: the page's figures are `cxm compare`'s, and what cannot be compared is refused."""

import json
import re
import subprocess
from collections.abc import Mapping
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import wording
from app.core.answers.document import AnswerDocument, as_document
from app.core.cohort.comparison import compare
from app.core.cohort.paired import compare_sittings
from app.core.scoring.scorecard import score
from app.store import cohorts
from tests.core.cohort.cohort_examples import questionnaire
from tests.server import CXM
from tests.web.facilitator.cohorts import Made, make_cohort
from tests.web.facilitator.facilitating import facilitator
from tests.web.facilitator.filled import answer_in, close, import_into, some_answers
from tests.web.reading import Page
from tests.web.visiting import house_of, stranger

Figures = Mapping[str, Any]

FIRST = [f"Early {number}" for number in range(12)]
SECOND = [f"Late {number}" for number in range(14)]


def address(*cohorts: Made) -> str:
    return "/compare?" + "&".join(f"cohort={one.id}" for one in cohorts)


def filters() -> Mapping[str, Any]:
    return wording.environment("en", []).filters


def one_decimal(value: float | None) -> str:
    """A figure as the page shows it, from the JSON's double."""
    return "–" if value is None else str(filters()["figure"](Fraction(value).limit_denominator(100_000)))


def p_as_shown(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.001" if value < 0.001 else str(filters()["chance"](value))


def compared_by_command(folder: Path, *documents: list[AnswerDocument]) -> Figures:
    """What `cxm compare` prints for the same documents."""
    files = []
    for number, cohort in enumerate(documents):
        file = folder / f"{number}.json"
        file.write_text(json.dumps([as_document(document) for document in cohort]), encoding="utf-8")
        files.append(str(file))
    done = subprocess.run([CXM, "compare", *files], capture_output=True, text=True, check=True, cwd=folder)
    told: Figures = json.loads(done.stdout)
    return told


def test_two_open_cohorts_show_the_commands_figures(app: FastAPI, tmp_path: Path) -> None:
    first = make_cohort(app, name="Autumn")
    second = make_cohort(app, first.owner, name="Spring")
    documents = import_into(app, first, FIRST, 1), import_into(app, second, SECOND, 2, levels=(2, 3, 4, 5, "dont_know"))
    told = compared_by_command(tmp_path, *documents)
    names = {id_: words.name for id_, words in questionnaire().wording("en").dimensions.items()}

    page = Page(first.owner.get(address(first, second)).text)

    strips, differences = page.tables
    rows = {}
    heading = ""
    for row in strips[1:]:
        name = row[0].strip()
        if name in {"Autumn", "Spring"}:
            rows[heading, name] = [cell.strip() for cell in row[2:]]
        else:
            heading = name
    for id_, name in {**names, "": "The whole"}.items():
        for cohort, figures in zip(("Autumn", "Spring"), told["cohorts"], strict=True):
            its = figures["dimensions"][id_] if id_ else figures["overall"]
            middle = f"{one_decimal(its['q1'])}–{one_decimal(its['q3'])}"
            expected = [one_decimal(its["median"]), middle, one_decimal(its["mean"]), str(its["n"])]
            assert rows[name, cohort] == expected
        difference = told["differences"][id_] if id_ else told["overall"]
        shown = page.row(name, 1)
        low, high = difference["interval"]
        assert shown == [
            filters()["signed"](difference["mean_difference"]),
            f"{filters()['signed'](low)} to {filters()['signed'](high)}",
            filters()["signed"](difference["hedges_g"], 2),
            p_as_shown(difference["p"]),
            p_as_shown(difference["p_holm"]),
        ]
    assert len(differences) == 15


def test_the_second_time_it_is_not_worked_out_anew(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make_cohort(app)
    second = make_cohort(app, first.owner)
    import_into(app, first, FIRST[:7], 3)
    import_into(app, second, SECOND[:7], 4)
    before = first.owner.get(address(first, second)).text

    def fail(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("app.reporting.cohorts.compare", fail)

    assert first.owner.get(address(first, second)).text == before


def aloud(browser: TestClient, path: str) -> str:
    """The sentence for the whole."""
    html = browser.get(path).text
    found = re.search(r'<h2 id="aloud">.*?<p class="lead">(.*?)</p>', html, re.DOTALL)
    assert found is not None
    return " ".join(unescape(found[1]).replace("\N{NO-BREAK SPACE}", " ").split())


def test_a_difference_is_said_in_words(app: FastAPI) -> None:
    low = make_cohort(app, name="Low")
    high = make_cohort(app, low.owner, name="High")
    documents = (
        import_into(app, low, FIRST, 5, levels=(1, 2, 2)),
        import_into(app, high, SECOND, 6, levels=(4, 4, 5)),
    )
    told = compare(questionnaire(), [[score(questionnaire(), one) for one in its] for its in documents])
    assert told.overall is not None
    assert told.overall.mean_difference is not None
    difference = filters()["tenth"](told.overall.mean_difference)

    assert aloud(low.owner, address(low, high)) == (
        f"On average “High” lies {difference} higher than “Low”. With 12 and 14 organisations chance alone would "
        "seldom make so much (p < 0.001)."
    )
    assert aloud(low.owner, address(high, low)) == aloud(low.owner, address(low, high))
    swapped = aloud(low.owner, address(low, high) + "&swapped=1")
    assert swapped.startswith(f"On average “Low” lies {difference} lower than “High”.")
    assert "This test takes everybody" not in low.owner.get(address(low, high)).text


def test_the_earlier_cohort_stands_first_however_they_were_chosen(app: FastAPI) -> None:
    later = make_cohort(app, name="Later", date="2027-05-01")
    earlier = make_cohort(app, later.owner, name="Earlier", date="2027-02-01")
    page = later.owner.get(address(later, earlier)).text
    assert page.index("The first:") < page.index("Earlier</a>") < page.index("The second:") < page.index("Later</a>")
    assert f"cohort={earlier.id}&amp;cohort={later.id}&amp;swapped=1" in page


def test_who_is_in_both_is_counted_and_leads_to_before_and_after(app: FastAPI) -> None:
    first = make_cohort(app)
    second = make_cohort(app, first.owner)
    import_into(app, first, FIRST[:6], 18)
    import_into(app, second, [FIRST[0].upper(), *SECOND[:6]], 19)
    page = first.owner.get(address(first, second)).text
    assert "1 organisation is in both:" in page
    assert f'<a href="{first.path("before-after", second.id)}">look at before and after instead</a>' in page


def test_nothing_ticked_is_said_and_what_released_nothing_cannot_be_ticked(app: FastAPI) -> None:
    few = confidential(app, facilitator(app).browser, 4)
    assert "It takes two" not in few.owner.get("/compare").text
    assert "It takes two" in refused(few.owner, "/compare?ticked=1")
    close(app, few)
    page = few.owner.get("/compare").text
    assert re.search(rf'value="{few.id}" disabled', page)
    assert "too few, so it has released nothing" in page


def test_too_few_for_a_test_is_said(app: FastAPI) -> None:
    first = make_cohort(app)
    second = make_cohort(app, first.owner)
    import_into(app, first, FIRST[:4], 7)
    import_into(app, second, SECOND[:4], 8)

    said = aloud(first.owner, address(first, second))
    page = Page(first.owner.get(address(first, second)).text)

    assert (
        "With 4 and 4 organisations there are too few for this test, so nobody can tell whether that is chance." in said
    )
    assert "so the whole is not tested either" in page.text
    assert "Unstable under 10 organisations" in said
    assert "No interval under 5 organisations." in page.text
    assert [row[-1].strip() for row in page.tables[1][1:]] == ["–"] * 14
    assert "A difference is no cause" in page.text


def confidential(app: FastAPI, owner: TestClient, organisations: int = 6) -> Made:
    cohort = make_cohort(app, owner, privacy="confidential", name="Kept to ourselves")
    for place in range(organisations):
        answer_in(app, cohort, f"Secret {place}", some_answers(60 + place, levels=(1, 2, 3, 4, 5)))
    return cohort


def test_a_confidential_cohort_is_a_mark_and_never_part_of_statistics(app: FastAPI) -> None:
    first = make_cohort(app)
    import_into(app, first, FIRST, 9)
    secret = confidential(app, first.owner)
    close(app, secret)
    with house_of(app).database.reading() as session:
        kept = cohorts.release_of(session, secret.id)
    assert kept is not None
    released = json.loads(kept)

    html = first.owner.get(address(first, secret)).text

    page = Page(html)
    assert len(page.tables) == 1
    assert "is never part of statistics" in page.text
    assert "Secret" not in html
    assert html.count("<circle") == sum(int(row[-1]) for row in page.tables[0] if row[0].strip() == "Spring intake")
    expected = [released["overall"]["value"], *(one["value"] for one in released["dimensions"].values())]
    marks = [[cell.strip() for cell in row[1:]] for row in page.tables[0] if row[0].strip() == "Kept to ourselves"]
    assert marks == [["", "–", "–", value, str(released["n"])] for value in expected]
    assert "before-after" not in html


def test_three_cohorts_stand_side_by_side_without_differences(app: FastAPI) -> None:
    made = [make_cohort(app)]
    made += [make_cohort(app, made[0].owner) for _ in range(2)]
    for seed, cohort in enumerate(made, start=10):
        import_into(app, cohort, FIRST[:6], seed)

    page = Page(made[0].owner.get(address(*made)).text)

    assert len(page.tables) == 1
    assert "Differences are worked out for exactly two open cohorts." in page.text


def test_an_empty_cohort_can_stand_beside_another(app: FastAPI) -> None:
    first = make_cohort(app)
    second = make_cohort(app, first.owner)
    import_into(app, second, FIRST[:6], 13)

    assert aloud(first.owner, address(first, second)).startswith("Nothing to compare")


def refused(browser: TestClient, path: str) -> str:
    """Why it is refused."""
    response = browser.get(path)
    assert response.status_code == 422
    return Page(response.text).text


def test_what_cannot_be_compared_is_refused_with_the_reason(app: FastAPI) -> None:
    pulse = make_cohort(app, name="The pulse")
    owner = pulse.owner
    full = make_cohort(app, owner, name="The full one", form="full")
    waiting = confidential(app, owner)
    few = confidential(app, owner, 4)
    close(app, few)
    many = [make_cohort(app, owner) for _ in range(7)]

    assert "another form than the first" in refused(owner, address(pulse, full))
    assert "The full one" in refused(owner, address(pulse, full))
    assert "not closed yet: Kept to ourselves" in refused(owner, address(pulse, waiting))
    assert "no means were released: Kept to ourselves" in refused(owner, address(pulse, few))
    assert "Six at the most" in refused(owner, address(*many))


def test_with_one_chosen_the_others_are_offered(app: FastAPI) -> None:
    first = make_cohort(app, name="Chosen")
    make_cohort(app, first.owner, name="On offer")
    foreign = make_cohort(app, name="Of somebody else")

    html = first.owner.get(address(first)).text

    assert re.search(rf'value="{first.id}" checked', html)
    assert "On offer" in html
    assert foreign.id not in html
    assert first.owner.get(address(first, first)).text == html


def test_nobody_compares_with_what_is_not_theirs(app: FastAPI) -> None:
    mine, foreign = make_cohort(app), make_cohort(app, name="Of somebody else")
    import_into(app, mine, FIRST[:6], 14)
    import_into(app, foreign, SECOND[:6], 15)

    for path in [
        address(mine, foreign),
        address(foreign, mine),
        address(foreign),
        mine.path("before-after", foreign.id),
        foreign.path("before-after", mine.id),
    ]:
        response = mine.owner.get(path)
        assert response.status_code == 404, path
        assert "Of somebody else" not in response.text
        assert stranger(app).get(path).status_code == 303


def test_a_shared_cohort_may_be_compared(app: FastAPI) -> None:
    theirs, person = make_cohort(app), facilitator(app)
    mine = make_cohort(app, person.browser)
    for cohort, seed in ((theirs, 16), (mine, 17)):
        import_into(app, cohort, FIRST[:6], seed)
    with house_of(app).database.writing() as session:
        cohorts.share(session, theirs.id, person.account, "read")

    assert mine.owner.get(address(mine, theirs)).status_code == 200


TWICE = ["Mlyn", "Hram", "Solar Bits", "Kavarna", "Žaga", "Pekarna", "Lekarna", "Tiskarna", "Kovačija"]


def both(app: FastAPI) -> tuple[Made, Made, list[AnswerDocument], list[AnswerDocument]]:
    """Two cohorts in which the same organisations sat, and one more in each."""
    before = make_cohort(app, name="Before", date="2027-01-10")
    after = make_cohort(app, before.owner, name="After", date="2027-04-10")
    first = import_into(app, before, [*TWICE, "Only before"], 20)
    second = import_into(app, after, ["Only after", *(name.upper() for name in reversed(TWICE))], 21)
    return before, after, first, second


def pairs_offered(html: str) -> list[str]:
    return re.findall(r'name="pair" value="([^"]+)"', html)


def test_before_and_after_first_shows_whom_it_takes_for_the_same(app: FastAPI) -> None:
    before, after, *_ = both(app)

    html = before.owner.get(after.path("before-after", before.id)).text

    page = Page(html)
    assert len(pairs_offered(html)) == len(TWICE)
    assert "Only before: Only before" in page.text
    assert "Only after: Only after" in page.text
    assert page.tables == []


def test_before_and_after_shows_the_cores_figures_of_the_confirmed_pairs(app: FastAPI) -> None:
    before, after, first, second = both(app)
    chosen = pairs_offered(before.owner.get(before.path("before-after", after.id)).text)[:-1]
    later = {document.organisation: document for document in second}
    cards = [
        (score(questionnaire(), document), score(questionnaire(), later[document.organisation.upper()]))
        for document in first[: len(chosen)]
    ]
    told = compare_sittings(questionnaire(), cards)

    query = "&".join(f"pair={id_}" for id_ in chosen)
    page = Page(before.owner.get(before.path("before-after", after.id) + "?" + query).text)

    words = questionnaire().wording("en").dimensions
    for name, change in [
        ("The whole", told.overall),
        *((words[id_].name, change) for id_, change in told.dimensions.items()),
    ]:
        assert change.mean_change is not None
        assert change.interval is not None
        low, high = change.interval
        assert page.row(name) == [
            str(change.n),
            filters()["figure"](change.before),
            filters()["figure"](change.after),
            filters()["signed"](change.mean_change),
            f"{filters()['signed'](low)} to {filters()['signed'](high)}",
            "–" if change.d_z is None else filters()["signed"](change.d_z, 2),
            p_as_shown(change.p),
            p_as_shown(change.p_holm),
        ]
    assert "Change is not proof of effect" in page.text


def test_a_full_sitting_counts_as_a_pulse_beside_one(app: FastAPI) -> None:
    before = make_cohort(app, name="Before", date="2027-01-10", form="full")
    after = make_cohort(app, before.owner, name="After", date="2027-04-10")
    import_into(app, before, TWICE, 22, "full")
    import_into(app, after, TWICE, 23)
    path = before.path("before-after", after.id)
    chosen = pairs_offered(before.owner.get(path).text)

    page = Page(before.owner.get(path + "?" + "&".join(f"pair={id_}" for id_ in chosen)).text)

    assert "counts here as if it had been the pulse" in page.text
    assert page.row("The whole")[0] == str(len(TWICE))


def test_nobody_is_followed_through_a_confidential_cohort(app: FastAPI) -> None:
    before = make_cohort(app)
    secret = confidential(app, before.owner)
    close(app, secret)

    said = refused(before.owner, before.path("before-after", secret.id))

    assert "nobody may follow single organisations: Kept to ourselves" in said
    assert "Secret" not in said
    assert "It takes two" in refused(before.owner, before.path("before-after", before.id))
