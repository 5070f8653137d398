"""`cxm check`: each fault of a questionnaire is one line with file, key and reason."""

import tracemalloc
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import content
from app.commands import cli
from tests.content import faulty
from tests.content.breaking import PLAN, STRUCTURE, WORDS, Broken, add, copy, put

EDITION = "orchard/2026-1"
SOUND = "orchard 2026-1 is sound (en, sl)"


def checked(*paths: Path) -> tuple[int, list[str]]:
    """What `cxm check` says: its exit code and its lines on standard output."""
    finished = CliRunner().invoke(cli.app, ["check", *(str(path) for path in paths)])
    return finished.exit_code, finished.stdout.splitlines()


def test_a_sound_questionnaire_gives_no_fault(shelf: Path) -> None:
    assert content.read(shelf)[1] == []
    assert checked(shelf) == (0, [f"{shelf}: {SOUND}"])


def test_the_built_in_questionnaires_are_sound() -> None:
    code, lines = checked()

    assert (code, [line for line in lines if "is sound" not in line]) == (0, [])


@pytest.mark.parametrize("broken", faulty.EVERY)
def test_a_fault_is_one_line_with_file_key_and_reason(shelf: Path, broken: Broken) -> None:
    broken.breaks(shelf / EDITION)

    assert checked(shelf) == (1, [f"{shelf / EDITION}/{line}" for line in broken.lines])


def test_faults_in_several_files_are_told_at_once(shelf: Path) -> None:
    faults = [
        (put(WORDS, '"The orchard"', '""'), "en/questionnaire.yaml:title: is empty"),
        (put("en/care.yaml", '"Rusty."', ""), "en/care.yaml:care.tools.levels.1: is empty"),
        (put(PLAN, '"Nothing yet."', ""), "en/plan.yaml:plan.soil.levels.1: is empty"),
        (put("sl/questionnaire.yaml", "word:", "wrd:"), "sl/questionnaire.yaml:dimensions.soil.wrd: unknown key"),
    ]
    for breaks, _ in faults:
        breaks(shelf / EDITION)

    assert checked(shelf) == (1, [f"{shelf / EDITION}/{line}" for _, line in faults])


def test_faults_of_the_structure_are_told_at_once(shelf: Path) -> None:
    put(STRUCTURE, faulty.PULSE, "[plan.soil, care.birds]")(shelf / EDITION)
    put(STRUCTURE, "{plan.trees: 4}", "{plan.birds: 4}")(shelf / EDITION)
    put(STRUCTURE, "counts_for: [care]", "counts_for: [cares]")(shelf / EDITION)
    file = shelf / EDITION / STRUCTURE

    assert checked(shelf) == (
        1,
        [
            f"{file}:questions.care.tools.counts_for: unknown dimension 'cares'",
            f"{file}:forms.pulse.questions: 'care.birds' is no question of the full form",
            f"{file}:flags.planted_in_sand.at_least: unknown question 'plan.birds'",
        ],
    )


@pytest.mark.parametrize(
    "path", [".", "orchard", EDITION, f"{EDITION}/{STRUCTURE}", f"{EDITION}/en", f"{EDITION}/{PLAN}"]
)
def test_any_path_of_a_questionnaire_checks_all_of_it(shelf: Path, path: str) -> None:
    put("sl/questions.yaml", '"Še nič."', '""')(shelf / EDITION)

    assert checked(shelf / path) == (1, [f"{shelf / EDITION}/sl/questions.yaml:plan.soil.levels.1: is empty"])


@pytest.mark.parametrize(
    ("here", "path", "named"),
    [
        (EDITION, ".", "sl"),
        (EDITION, "en", "sl"),
        (EDITION, "en/plan.yaml", "sl"),
        (f"{EDITION}/en", ".", "../sl"),
        (f"{EDITION}/en", "plan.yaml", "../sl"),
        (f"{EDITION}/en", "..", "../sl"),
        ("orchard", ".", "2026-1/sl"),
    ],
)
def test_a_path_may_be_named_from_inside_the_questionnaire(
    shelf: Path, monkeypatch: pytest.MonkeyPatch, here: str, path: str, named: str
) -> None:
    put("sl/questions.yaml", '"Še nič."', '""')(shelf / EDITION)
    monkeypatch.chdir(shelf / here)

    assert checked(Path(path)) == (1, [f"{named}/questions.yaml:plan.soil.levels.1: is empty"])


def test_several_paths_are_checked_one_by_one(shelf: Path, tmp_path: Path) -> None:
    copy("..", str(tmp_path / "other"))(shelf / EDITION)
    put(STRUCTURE, "id: orchard", "id: Orchard")(tmp_path / "other/2026-1")

    code, lines = checked(shelf, tmp_path / "other")

    assert (code, lines[0], len(lines)) == (1, f"{shelf}: {SOUND}", 2)
    assert lines[1].startswith(f"{tmp_path}/other/2026-1/questionnaire.yaml:id: ")


def test_an_edition_that_stands_twice_is_named_with_both_places(shelf: Path) -> None:
    copy(".", "../copy")(shelf / EDITION)

    assert checked(shelf) == (
        1,
        [
            f"{shelf}/orchard/copy/questionnaire.yaml:edition: "
            f"orchard '2026-1' stands in {shelf / EDITION} too: change id or edition"
        ],
    )


@pytest.mark.parametrize("path", ["empty", "empty/notes.txt"])
def test_a_place_without_a_questionnaire_is_a_fault(shelf: Path, path: str) -> None:
    (shelf / "empty").mkdir()
    (shelf / "empty/notes.txt").write_text("none here")

    assert checked(shelf / path) == (1, [f"{shelf / path}:questionnaire.yaml: missing: no questionnaire here"])


@pytest.mark.parametrize("text", [faulty.BOMB, "[" * 200_000])
def test_a_bomb_is_refused_before_anything_is_built(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bomb.yaml"
    file.write_text(text)
    tracemalloc.start()
    try:
        data, faults = content.load(file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (data, len(faults)) == (None, 1)
    assert peak < 16 * len(text) + 4_000_000


def test_a_faulty_questionnaire_keeps_the_program_from_starting(shelf: Path) -> None:
    put(STRUCTURE, "effort: L", "effort: XL")(shelf / EDITION)

    with pytest.raises(content.FaultyQuestionnaireError) as refusal:
        content.catalogue(shelf)

    assert [str(fault) for fault in refusal.value.faults] == checked(shelf)[1]


def test_a_folder_that_cannot_be_read_keeps_the_program_from_starting(tmp_path: Path) -> None:
    with pytest.raises(content.FaultyQuestionnaireError) as refusal:
        content.catalogue(tmp_path / "nowhere")

    assert str(refusal.value) == f"{tmp_path}/nowhere:(file): No such file or directory"


def test_what_an_editors_program_adds_is_no_fault(shelf: Path) -> None:
    edition = shelf / EDITION
    for file in edition.rglob("*.yaml"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    (edition / PLAN).write_bytes(b"\xef\xbb\xbf" + (edition / PLAN).read_bytes())
    (edition / ".backup").mkdir()
    add(PLAN, "#" * (256 * 1024 - (edition / PLAN).stat().st_size))(edition)

    assert checked(shelf) == (0, [f"{shelf}: {SOUND}"])


def test_a_level_of_15_words_is_not_too_long(shelf: Path) -> None:
    put(PLAN, faulty.LAST_LEVEL, faulty.SIXTEEN_WORDS.replace(" 16", ""))(shelf / EDITION)

    assert checked(shelf) == (0, [f"{shelf}: {SOUND}"])


def test_what_looks_like_a_date_or_a_no_is_the_text_that_was_written(shelf: Path) -> None:
    put(STRUCTURE, '"2026-1"', "2026-10-01")(shelf / EDITION)
    put(PLAN, '"Nothing yet."', "No")(shelf / EDITION)

    (orchard,) = content.catalogue(shelf).newest()

    assert orchard.edition == "2026-10-01"
    assert orchard.wording("en").questions["plan.soil"].levels[0] == "No"


def test_the_newest_edition_is_the_one_with_the_highest_numbers(shelf: Path) -> None:
    for edition in ("2026-2", "2026-10", "2025-11"):
        copy(".", f"../{edition}")(shelf / EDITION)
        put(STRUCTURE, "2026-1", edition)(shelf / "orchard" / edition)

    catalogue = content.catalogue(shelf)

    assert [one.edition for one in catalogue.newest()] == ["2026-10"]
    assert len(catalogue.editions) == 4
    assert catalogue.edition("orchard", "2026-3") is None
