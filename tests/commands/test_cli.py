"""The command `cxm` as somebody at a terminal meets it: from any folder, with exit codes, one line where it refuses."""

import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands import cli
from app.store import assessments
from app.store.assessments import Beginning
from app.store.database import open_database
from tests.content.conftest import SOUND
from tests.core.documents import contract
from tests.core.documents.engine import scorecard_of
from tests.server import CXM

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with the contract's answer document."""
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(contract.EXAMPLE["document"]), encoding="utf-8")
    return file


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


@pytest.fixture
def cxm(tmp_path: Path, elsewhere: Path) -> Say:
    """Runs `cxm` in a process of its own, in another folder, and gives back exit code, output and errors."""

    def say(*arguments: str | Path, **settings: str) -> tuple[int, str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CXM_")}
        database = {"CXM_DATABASE_URL": f"sqlite:///{tmp_path / 'cxm.db'}"}
        finished = subprocess.run(
            [CXM, *arguments],
            cwd=elsewhere,
            env=inherited | database | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        return finished.returncode, finished.stdout, finished.stderr

    return say


@pytest.fixture
def cxm_here(
    tmp_path: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Say:
    """The same in this process, which is quicker where there are many calls."""
    monkeypatch.chdir(elsewhere)
    monkeypatch.setenv("CXM_DATABASE_URL", f"sqlite:///{tmp_path / 'cxm.db'}")

    def say(*arguments: str | Path, **settings: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["cxm", *map(str, arguments)])
        with monkeypatch.context() as setting:
            for name, value in settings.items():
                setting.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        output = capsys.readouterr()
        return int(str(ended.value.code or 0)), output.out, output.err

    return say


def test_the_help_names_every_command(cxm: Say) -> None:
    code, output, errors = cxm("--help")

    assert (code, errors) == (0, "")
    commands = {
        command.name or command.callback.__name__ for command in cli.app.registered_commands if command.callback
    }
    assert {line.split()[0] for line in output.partition("Commands:\n")[2].splitlines() if line.strip()} >= commands
    assert commands >= {"serve", "check", "score", "report", "link", "backup", "restore", "compare"}


def test_a_command_that_is_not_there_is_refused(cxm_here: Say) -> None:
    code, output, errors = cxm_here("skore")

    assert (code, output) == (2, "")
    assert "No such command 'skore'" in errors


def test_the_scorecard_is_the_contracts_and_the_engines(cxm: Say, file: Path) -> None:
    code, output, errors = cxm("score", Path("..") / file.name)

    assert (code, errors) == (0, "")
    card = json.loads(output)
    expected = contract.EXAMPLE["expected"]
    assert card["overall"] == expected["overall"]
    assert {id_: card["dimensions"][id_] for id_ in expected["dimensions"]} == expected["dimensions"]
    assert {id_: card["grid"][id_] for id_ in expected["grid"]} == expected["grid"]
    lists = ["priorities", "tied", "by_gap", "find_out_first", "to_discuss", "agreed"]
    assert {name: card[name] for name in lists} == {name: expected[name] for name in lists}
    assert card == scorecard_of(contract.EXAMPLE["document"])


def test_a_faulty_document_is_one_line_on_standard_error(cxm: Say, file: Path) -> None:
    file.write_text('{"form": "full", "form": "full"}')

    assert cxm("score", file) == (2, "", f"cxm: {file}: form: this key stands twice\n")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (b"", "not JSON: Expecting value at line 1, column 1"),
        (b"[]", "an answer document must be a JSON object"),
        (b"\xff\xfe{}", "not UTF-8 text"),
        (b"[" * 100_000, "not an answer document: nested too deeply"),
        (b"NaN", "not JSON: NaN is no number"),
        (b'{"a\\nb": 1, "a\\nb": 1}', "a\\u000ab: this key stands twice"),
        (b'{"\\ud800": 1, "\\ud800": 1}', "\\ud800: this key stands twice"),
        (b'{"form": "full"}', "questionnaire: is missing"),
    ],
)
def test_whatever_is_in_a_file_there_is_one_line_and_no_scorecard(
    cxm_here: Say, file: Path, written: bytes, line: str
) -> None:
    file.write_bytes(written)

    assert cxm_here("score", file) == (2, "", f"cxm: {file}: {line}\n")


def test_a_file_that_is_none_is_one_line(cxm_here: Say, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.json"

    assert cxm_here("score", nowhere) == (2, "", f"cxm: {nowhere}: No such file or directory\n")
    assert cxm_here("score", tmp_path) == (2, "", f"cxm: {tmp_path}: Is a directory\n")


def test_a_byte_order_mark_is_no_fault(cxm_here: Say, file: Path) -> None:
    plain = cxm_here("score", file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())

    assert cxm_here("score", file) == plain
    assert plain[0] == 0


def test_built_in_questionnaires_are_checked_from_any_folder(cxm: Say) -> None:
    code, output, errors = cxm("check")

    assert (code, errors) == (0, "")
    assert ": cx-grid 2026-1 is sound (en" in output


def test_a_faulty_questionnaire_gives_its_lines_on_standard_output(cxm_here: Say, elsewhere: Path) -> None:
    (elsewhere / "questionnaire.yaml").write_text("id: [x, &y z]\n")

    assert cxm_here("check", ".") == (
        1,
        "questionnaire.yaml:line 1: an alias or anchor (&y, *y): not allowed; write it out\n",
        "",
    )


def test_a_path_that_cannot_be_read_is_one_line_on_standard_error(cxm_here: Say) -> None:
    assert cxm_here("check", "nowhere") == (2, "", "cxm: nowhere: No such file or directory\n")


def test_other_questionnaires_take_the_place_of_the_built_in_ones(cxm_here: Say, file: Path) -> None:
    orchard = str(SOUND)

    assert cxm_here("check", CXM_QUESTIONNAIRES=orchard)[:2] == (0, f"{orchard}: orchard 2026-1 is sound (en, sl)\n")
    assert cxm_here("score", file, CXM_QUESTIONNAIRES=orchard) == (
        2,
        "",
        f'cxm: {file}: questionnaire: no questionnaire "cx-grid" in edition "2026-1"\n',
    )


def test_faulty_or_missing_questionnaires_are_one_line_for_every_command(
    cxm_here: Say, file: Path, elsewhere: Path
) -> None:
    (elsewhere / "questionnaire.yaml").write_text("id: x\n")

    missing = cxm_here("score", file, CXM_QUESTIONNAIRES="nowhere")
    faulty = cxm_here("score", file, CXM_QUESTIONNAIRES=".")

    assert missing == (2, "", "cxm: nowhere:(file): No such file or directory\n")
    assert faulty == (2, "", "cxm: questionnaire.yaml:edition: missing\n")


def test_a_new_link_is_made_for_the_organisation_named(cxm: Say, tmp_path: Path) -> None:
    old = [begin(tmp_path, name) for name in ("Čebelnjak d.o.o.", "Mlin", "Mlinar")]

    code, output, errors = cxm("link", "čebelnjak D.O.O.", CXM_PUBLIC_URL="https://cx.example.org")

    assert (code, errors) == (0, "cxm: the new private link of Čebelnjak d.o.o.; the old one no longer works\n")
    address, _, token = output.strip().rpartition("/")
    assert address == "https://cx.example.org/r"
    assert [is_a_key(tmp_path, one) for one in (token, *old)] == [True, False, True, True]


def test_a_name_that_nobody_has_changes_nothing(cxm_here: Say, tmp_path: Path) -> None:
    old = begin(tmp_path, "Čebelnjak d.o.o.")

    assert cxm_here("link", "Sršen") == (2, "", "cxm: no assessment of 'Sršen'\n")
    assert is_a_key(tmp_path, old)


def test_a_part_of_a_name_that_several_have_is_told_and_changes_nothing(cxm_here: Say, tmp_path: Path) -> None:
    old = [begin(tmp_path, "Mlin"), begin(tmp_path, "Mlinar")]

    code, output, errors = cxm_here("link", "mli")

    assert (code, errors) == (2, "cxm: nothing was changed: give the whole name, or say which with --id\n")
    assert sorted(line.split()[-1] for line in output.splitlines()) == ["Mlin", "Mlinar"]
    assert [is_a_key(tmp_path, token) for token in old] == [True, True]
    chosen = next(line.split()[0] for line in output.splitlines() if line.endswith("Mlinar"))
    assert cxm_here("link", "mli", "--id", chosen)[0] == 0
    assert [is_a_key(tmp_path, token) for token in old] == [True, False]


def test_a_part_of_a_name_changes_nothing_even_where_only_one_has_it(cxm_here: Say, tmp_path: Path) -> None:
    old = begin(tmp_path, "Mlinar")

    code, output, _ = cxm_here("link", "mli")

    assert (code, output.split()[-1]) == (2, "Mlinar")
    assert is_a_key(tmp_path, old)


def test_a_mistyped_database_is_not_made(cxm: Say, tmp_path: Path) -> None:
    missing = tmp_path / "mistyped.db"

    code, _, errors = cxm("link", "Mlin", CXM_DATABASE_URL=f"sqlite:///{missing}")

    assert (code, errors) == (2, f"cxm: there is no database {missing}\n")
    assert not missing.exists()


def begin(folder: Path, organisation: str) -> str:
    """A new assessment in the database; the secret of its private link."""
    beginning = Beginning(
        questionnaire="cx-grid",
        edition="2026-1",
        form="pulse",
        organisation=organisation,
        language="sl",
        business_stage="growing",
        role="leadership",
    )
    database = open_database(f"sqlite:///{folder / 'cxm.db'}")
    try:
        database.migrate()
        with database.writing() as session:
            return assessments.start(session, beginning, NOW).token
    finally:
        database.close()


def is_a_key(folder: Path, token: str) -> bool:
    """Whether a private link with this secret leads anywhere."""
    database = open_database(f"sqlite:///{folder / 'cxm.db'}")
    try:
        with database.reading() as session:
            return assessments.place_of(session, token) is not None
    finally:
        database.close()


def test_the_readme_names_every_command_and_no_other(cxm: Say) -> None:
    _, output, _ = cxm("--help")
    offered = set(re.findall(r"^  ([a-z]+) +[A-Z]", output.split("Commands:")[1], re.MULTILINE))
    told = re.findall(r"`cxm ([a-z]+)", (Path(__file__).parents[2] / "README.md").read_text("utf-8"))
    assert set(told) == offered
