"""`cxm report`: the same PDF without a server, or one line and nothing written."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.printing.conftest import DOCUMENTS
from tests.printing.reading import pages


def _cxm(*arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.commands.cli", "report", *map(str, arguments)]
    environment = {"PYTHONPATH": str(DOCUMENTS.parent.parent), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_prints_what_the_web_prints(tmp_path: Path, pdf_of: Callable[[str], bytes]) -> None:
    done = _cxm(DOCUMENTS / "pulse.json", "-o", "report.pdf", folder=tmp_path)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pages((tmp_path / "report.pdf").read_bytes()) == pages(pdf_of("pulse"))
    assert [file.name for file in tmp_path.iterdir()] == ["report.pdf"]


def test_says_so_where_it_lacks_a_language(tmp_path: Path) -> None:
    done = _cxm(DOCUMENTS / "one_answer.json", "-o", "report.pdf", "--lang", "xx", folder=tmp_path)

    assert done.returncode == 0
    assert done.stderr == "cxm: 'xx' is not among the questionnaire's languages; in 'en'\n"
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("answers", "output", "said"),
    [
        ("missing.json", "report.pdf", "missing.json: No such file or directory"),
        ("faulty.json", "report.pdf", "faulty.json: "),
        (str(DOCUMENTS / "one_answer.json"), "folder", "folder: is a folder"),
        (str(DOCUMENTS / "one_answer.json"), "nowhere/report.pdf", "nowhere/report.pdf: No such file or directory"),
    ],
    ids=["no such document", "a faulty document", "a folder as output", "no such folder"],
)
def test_faulty_input_is_one_line_and_nothing_is_written(answers: str, output: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "faulty.json").write_text('{"questionnaire": "cx-grid", "edition": 3}', encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(b"an older report")
    (tmp_path / "folder").mkdir()

    done = _cxm(answers, "-o", output, folder=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith(f"cxm: {said}")
    assert done.stderr.count("\n") == 1
    assert (tmp_path / "report.pdf").read_bytes() == b"an older report"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["faulty.json", "folder", "report.pdf"]
