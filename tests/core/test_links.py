"""A link forgives what cannot belong to it, and keeps every secret as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.links import CODES, SECRETS, link_in, mended

SECRET = "Ab3-_xYz09" * 4
JUNK = [
    ".",
    ",",
    ")",
    ">",
    "<",
    "!",
    ";",
    ":",
    "?",
    '"',
    "'",
    "»",
    "*",
    " ",
    "\u200b",
    "\u00a0",
    "\u00ad",
    "/",
    "…",
    "\n",
]
KINDS = st.sampled_from(SECRETS)


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize("junk", JUNK)
def test_one_character_more_kills_no_link(kind: str, junk: str) -> None:
    assert mended(f"/{kind}/{SECRET}{junk}") == f"/{kind}/{SECRET}"
    assert mended(f"/{kind}/{junk}{SECRET}") == f"/{kind}/{SECRET}"


@given(KINDS, st.text("ABCdef019-_", min_size=1, max_size=60), st.text(st.sampled_from(JUNK), max_size=4))
def test_a_secret_is_never_changed(kind: str, secret: str, junk: str) -> None:
    assert mended(f"/{kind}/{secret}") == f"/{kind}/{secret}"
    assert mended(f"/{kind}/{junk}{secret}{junk}") == f"/{kind}/{secret}"


@given(st.text(max_size=40))
def test_other_paths_stay_as_they_are(text: str) -> None:
    assert mended(f"/assessments/{text}") == f"/assessments/{text}"
    assert mended(mended(f"/r/{text}")) == mended(f"/r/{text}")


@pytest.mark.parametrize("kind", CODES)
def test_a_code_is_its_letters_and_figures(kind: str) -> None:
    assert mended(f"/{kind}/ab3d\u00a0ef9g.") == f"/{kind}/ab3def9g"
    assert mended(f"/{kind}/…") == f"/{kind}/…"


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://cx.example.org/join/AB3DEF9G.", ("cx.example.org", "/join/AB3DEF9G")),
        ("cx.example.org/team/ab3d-ef9g", ("cx.example.org", "/team/ab3def9g")),
        ("<http://192.168.7.2:8000/r/Ab3-_x>", ("192.168.7.2", "/r/Ab3-_x")),
        ("/invitation/Ab3-_x", (None, "/invitation/Ab3-_x")),
        ("AB3D EF9G", None),
        ("", None),
    ],
)
def test_a_link_where_a_code_belongs_is_known(typed: str, found: tuple[str | None, str] | None) -> None:
    assert link_in(typed) == found


@pytest.mark.parametrize("before", ["a", "a:", "a@", "https://a/"])
def test_a_link_behind_a_long_text_is_found_at_once(before: str) -> None:
    # Searched for from every letter on, the host before it kept the whole server waiting for minutes.
    assert link_in(before * 200_000 + " /r/" + SECRET) == (None, f"/r/{SECRET}")
    assert link_in(before * 200_000 + " https://cx.example:8443/r/" + SECRET) == ("cx.example", f"/r/{SECRET}")


def test_a_link_that_was_written_in_percents_names_its_host() -> None:
    assert link_in(f"https%3A%2F%2Fcx.example%2Fr%2F{SECRET}") == ("cx.example", f"/r/{SECRET}")
