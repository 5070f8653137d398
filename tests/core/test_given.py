"""What people type or paste: what nobody sees in it is left out, and no script loses a letter."""

import pytest
from pydantic import TypeAdapter, ValidationError

from app.core.answers.values import Name, SaidText, Text

UNSEEN = [0x00AD, 0x180E, 0x200B, *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF]
HONEST = (
    "קפה (בע״מ)\u200f",
    "\u200eعلي \u200fقهوة",  # noqa: RUF001  # Arabic letters are meant
    "می\u200cخواهم",  # noqa: RUF001  # likewise
    "👩\u200d👩\u200d👧 ❤\ufe0f",
    "हिन्\u200dदी",
    "Čeh & Šimić, d.o.o.",
    "日本語カフェ",
)


@pytest.mark.parametrize("letter", UNSEEN, ids=hex)
def test_what_turns_or_has_no_width_is_left_out_of_every_text(letter: int) -> None:
    typed = f"{chr(letter)}Ka{chr(letter)}fe gnp.exe{chr(letter)}"

    kinds = (TypeAdapter(Name), TypeAdapter(Text), TypeAdapter(SaidText))
    assert [kind.validate_python(typed) for kind in kinds] == ["Kafe gnp.exe"] * 3


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_name_of_any_script_is_kept_letter_by_letter(name: str) -> None:
    assert TypeAdapter(Name).validate_python(name) == name


@pytest.mark.parametrize("letter", ["\uf8ff", "\ue000", "\U000f0000", "\x07"])
def test_a_character_that_no_font_has_is_refused(letter: str) -> None:
    with pytest.raises(ValidationError, match="cannot be shown"):
        TypeAdapter(Name).validate_python(f"Kafe {letter}")
