"""The projector carries a workshop: what each slide tells, in how many words, in which order."""

from typing import get_args

import pytest
from fastapi import FastAPI

from app.web.facilitator.projector import MINUTES, RESULTS, Slide
from tests.web.facilitator.cohorts import Made, joined, make_cohort
from tests.web.facilitator.filled import answer_in, import_into
from tests.web.reading import Page

SLIDES: tuple[Slide, ...] = get_args(Slide)
MOST_WORDS = 40
MORE_BY_SCRIPT = 1
"""“10 min” becomes “10:00” and “Not started”, or “Time is up.”"""


def shown(cohort: Made, slide: str) -> str:
    """What stands on the wall, without the line of slides and keys below it."""
    response = cohort.owner.get(cohort.path("projector"), params={"slide": slide})
    assert response.status_code == 200
    return Page(response.text[response.text.index("<main") : response.text.index("</main>")]).text


@pytest.mark.parametrize("privacy", ["open", "confidential"])
def test_what_the_teams_are_told_is_read_at_a_glance(app: FastAPI, privacy: str) -> None:
    cohort = make_cohort(app, privacy=privacy)
    words = {slide: len(shown(cohort, slide).split()) + MORE_BY_SCRIPT for slide in MINUTES}
    assert {slide: count for slide, count in words.items() if count > MOST_WORDS} == {}


def test_the_slides_follow_the_workshop(app: FastAPI) -> None:
    cohort = make_cohort(app)
    page = cohort.owner.get(cohort.path("projector")).text
    places = [page.index(f'href="?slide={slide}"') for slide in SLIDES]
    assert places == sorted(places)
    assert SLIDES[0] == "join"
    assert max(SLIDES.index(slide) for slide in RESULTS) < SLIDES.index("end")


def test_the_minutes_are_those_of_the_workshop(app: FastAPI) -> None:
    cohort = make_cohort(app)
    answering, looking_at_the_cohort = 15, 10
    assert sum(MINUTES.values()) + answering + looking_at_the_cohort == 120
    for slide, minutes in MINUTES.items():
        assert f"{minutes} min" in shown(cohort, slide)
    assert "min" not in shown(cohort, "live").split()


def test_the_privacy_is_said_before_anybody_answers(app: FastAPI) -> None:
    for slide in ("join", "about"):
        assert "your facilitator sees your result" in shown(make_cohort(app), slide)
        assert "only averages of five or more" in shown(make_cohort(app, privacy="confidential"), slide)


def test_the_next_sitting_is_ninety_days_after_the_workshop(app: FastAPI) -> None:
    assert "30 May 2027" in shown(make_cohort(app, date="2027-03-01"), "end")


def test_the_code_on_the_wall_leads_whoever_has_joined_to_their_own_screen(app: FastAPI) -> None:
    cohort = make_cohort(app)
    team = joined(app, cohort)
    assert team.browser.get(f"/join/{cohort.code}").headers["location"] == team.path()


def test_a_closed_cohort_shows_no_code(app: FastAPI) -> None:
    cohort = make_cohort(app)
    code = f"{cohort.code[:4]} {cohort.code[4:]}"
    assert code in shown(cohort, "about")
    cohort.owner.post(cohort.path("close"))
    assert not any(code in shown(cohort, slide) for slide in SLIDES)


def test_two_organisations_are_not_put_on_the_wall(app: FastAPI) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, ["One", "Two"])
    for slide in RESULTS:
        assert "everybody would know whose figures these are" in shown(cohort, slide)
    import_into(app, cohort, ["Three"], seed=2)
    assert "3 organisations" in shown(cohort, "dots")


def test_what_is_not_known_is_told_with_how_many_there_are(app: FastAPI) -> None:
    cohort = make_cohort(app)
    import_into(app, cohort, ["One", "Two", "Three"], levels=("dont_know",))
    assert "3 of 3 Do your mission" in shown(cohort, "blind")
    quiet = make_cohort(app)
    import_into(app, quiet, ["One", "Two"], levels=(3,))
    answer_in(app, quiet, "Three", {"strategy.purpose": "dont_know"})
    assert "Nothing stands out" in shown(quiet, "blind")


def test_a_closed_cohort_opens_on_what_came_out(app: FastAPI) -> None:
    for privacy, slides in (("open", {"dots", "map", "blind"}), ("confidential", {"dots"})):
        cohort = make_cohort(app, privacy=privacy)
        assert 'data-slide="join"' in cohort.owner.get(cohort.path("projector")).text
        cohort.owner.post(cohort.path("close"))
        page = cohort.owner.get(cohort.path("projector")).text
        assert 'data-slide="dots"' in page
        assert {slide for slide in RESULTS if f'href="?slide={slide}"' in page} == slides
