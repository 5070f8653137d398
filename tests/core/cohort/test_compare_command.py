"""`cxm compare`: the comparison as JSON, or one line and exit code 2."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.commands import cli
from app.core.cohort import comparison
from tests.core.cohort.cohort_examples import questionnaire, raw, scored
from tests.core.documents.forms import DIMENSIONS, FULL, PULSE

FULL_SITTING = raw(dict.fromkeys(FULL, 3), form="full")
ROOT = Path(__file__).parents[3]
Documents = list[dict[str, object]]


Refused = Callable[[], str]


def _python(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Refused:
    """`cxm compare first.json second.json` in this process: exit code 2, and the one line that it said."""

    def run() -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["cxm", "compare", "first.json", "second.json"])
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        assert (end.value.code, said.out, said.err.count("\n")) == (2, "", 1)
        return said.err

    return run


def documents(count: int, seed: int, levels: tuple[int | str, ...]) -> Documents:
    chance = random.Random(seed)  # noqa: S311 - made-up answers, the same every time
    return [raw({id_: chance.choice(levels) for id_ in PULSE}) for _ in range(count)]


def written(folder: Path, **cohorts: object) -> None:
    for name, peers in cohorts.items():
        (folder / f"{name}.json").write_text(json.dumps(peers), encoding="utf-8")


def test_prints_the_comparison_of_the_scorecards(tmp_path: Path) -> None:
    first, second = documents(6, 1, (1, 2, 3, "dont_know")), documents(7, 2, (2, 3, 4, 5))
    written(tmp_path, first=first, second=second)

    done = _python("-m", "app.commands.cli", "compare", "first.json", "second.json", folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    found = json.loads(done.stdout)
    peers = [[scored(document) for document in one] for one in (first, second)]
    assert found == comparison.as_json(comparison.compare(questionnaire(), peers))
    assert "NaN" not in done.stdout
    assert (set(found), list(found["differences"])) == ({"cohorts", "differences", "overall"}, list(DIMENSIONS))


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ([], "second.json: no answer document in the list: a cohort of nobody cannot be compared"),
        (raw({}), "second.json: a cohort must be a JSON list of answer documents"),
        ([raw({}), 3], "second.json: [1]: an answer document must be a JSON object"),
        ([raw({}), raw({"strategy.purpose": 6})], "second.json: [1].respondents[0].answers.strategy.purpose: "),
        (
            [raw({}), FULL_SITTING],
            "second.json: [1].form: 'full' cannot be compared with 'pulse'",
        ),
        ([FULL_SITTING], "second.json: [0].form: 'full' cannot be compared with 'pulse'"),
        ([raw({}, edition="2025-1")], "second.json: [0]."),
    ],
    ids=["nobody", "no list", "no document", "a faulty answer", "mixed forms", "another form", "an unknown edition"],
)
def test_faulty_input_is_one_line_that_names_file_and_place(
    second: object, said: str, tmp_path: Path, refused: Refused
) -> None:
    written(tmp_path, first=documents(2, 1, (1, 2)), second=second)

    assert refused().startswith(f"cxm: {said}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "first.json: No such file or directory"),
        ("[", "first.json: not JSON: "),
        ("[NaN]", "first.json: not JSON: "),
    ],
    ids=["no such file", "no JSON", "no number"],
)
def test_a_file_that_cannot_be_read_is_one_line(text: str | None, said: str, tmp_path: Path, refused: Refused) -> None:
    written(tmp_path, second=documents(2, 1, (1, 2)))
    if text is not None:
        (tmp_path / "first.json").write_text(text, encoding="utf-8")

    assert refused().startswith(f"cxm: {said}")


def test_an_edition_of_a_cohort_is_that_of_its_first_document() -> None:
    """Two known editions, which the built-in questionnaires do not have yet."""
    editions = {"2026-1": questionnaire(), "2026-2": questionnaire().model_copy(update={"edition": "2026-2"})}
    text = json.dumps([raw({}), raw({}, edition="2026-2")])

    with pytest.raises(ValueError, match=r"^\[1\]\.edition: '2026-2' cannot be compared with '2026-1'$"):
        comparison.read_cohort(text, lambda _id, edition: editions.get(edition))


def test_only_a_comparison_loads_scipy(tmp_path: Path) -> None:
    program = "import sys, app.commands.cli; sys.exit('scipy' in sys.modules or 'numpy' in sys.modules)"

    assert _python("-c", program, folder=tmp_path).returncode == 0
