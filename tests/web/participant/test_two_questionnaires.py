"""An operator who offers more than one questionnaire."""

import re
import shutil
from pathlib import Path

from app.main import create_app
from app.settings import Settings, resource
from tests.web.facilitator.cohorts import PLAN
from tests.web.facilitator.facilitating import facilitator
from tests.web.visiting import START, house_of, stranger


def test_whoever_starts_chooses_which_one(tmp_path: Path) -> None:
    folder = tmp_path / "questionnaires"
    shutil.copytree(resource("questionnaires"), folder)
    shutil.copytree(folder / "cx-grid", folder / "cx-other")
    for file in (folder / "cx-other").glob("*/questionnaire.yaml"):
        file.write_text(file.read_text().replace("id: cx-grid", "id: cx-other"))
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'cxm.db'}", questionnaires=folder))
    browser = stranger(app)

    page = browser.get("/start")
    started = browser.post("/assessments", data=START | {"questionnaire": "cx-other"})
    document = browser.get(f"{started.headers['location']}/answers.json").json()

    assert page.status_code == 200
    for id_ in ("cx-grid", "cx-other"):
        assert f'href="/start?questionnaire={id_}"' in page.text
        assert f'href="/start?questionnaire={id_}"' in browser.get("/").text
        assert f'name="questionnaire" value="{id_}"' in browser.get(f"/start?questionnaire={id_}").text
    assert document["questionnaire"] == "cx-other"
    house_of(app).database.close()


def test_where_there_is_no_pulse_none_is_offered_and_a_cohort_is_made_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "questionnaires"
    shutil.copytree(resource("questionnaires"), folder)
    for file in folder.glob("cx-grid/*/questionnaire.yaml"):
        text = file.read_text()
        file.write_text(re.sub(r"(?m)^  pulse:\n(?:    .*\n)+", "", text))
    for file in folder.glob("cx-grid/*/*/questionnaire.yaml"):
        text = file.read_text()
        file.write_text(re.sub(r"(?m)^  pulse:\n(?:    .*\n)+", "", text))
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'cxm.db'}", questionnaires=folder))
    owner = facilitator(app).browser

    assert "pulse" not in stranger(app).get("/").text
    assert 'name="form" value="full"' in stranger(app).get("/start").text
    assert 'name="form" value="full"' in owner.get("/cohorts/new").text
    made = owner.post("/cohorts/new", data=PLAN | {"form": "full"})
    assert made.status_code == 303
    for page in ("", "/edit", "/projector", "/results"):
        assert owner.get(f"{made.headers['location']}{page}").status_code == 200, page
    house_of(app).database.close()
