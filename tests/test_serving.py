"""What the operator is told when the server starts."""

import pytest

from app.commands import serve
from app.settings import Settings


@pytest.mark.parametrize(
    ("public_url", "told"),
    [(None, True), ("http://192.168.7.2:8000", True), ("https://cx.example.org", False)],
)
def test_an_address_at_which_nothing_would_work_is_not_told(
    public_url: str | None, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "network_addresses", lambda: ["192.168.7.2"])

    serve._greet(Settings(public_url=public_url), "0.0.0.0", 8000, None)  # noqa: S104 - an address to talk about
    output = capsys.readouterr().out
    assert ("on the local network   http://192.168.7.2:8000" in output) is told
    assert (public_url or "127.0.0.1:8000") in output
