"""An operator who offers more than one questionnaire."""

import shutil
from pathlib import Path

from app.main import create_app
from app.settings import Settings, resource
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
        assert f'name="questionnaire" value="{id_}"' in page.text
    assert document["questionnaire"] == "cx-other"
    house_of(app).database.close()
