"""A sound questionnaire, small and with everything in it, that a test may break."""

import shutil
from pathlib import Path

import pytest

SOUND = Path(__file__).parent / "questionnaires"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A folder of questionnaires with one in it: `orchard/2026-1`."""
    return Path(shutil.copytree(SOUND, tmp_path / "shelf"))
