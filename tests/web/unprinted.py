"""The application without a printer: what it would print can be read, and takes no time."""

from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI

from app.printing import Printer
from tests.web.visiting import house_of, web


class Unprinted(Printer):
    """Hands out what would be printed; printing itself is tested elsewhere."""

    def pdf(self, html: str) -> bytes:
        """The HTML."""
        return html.encode()


def unprinted(where: Path | str) -> FastAPI:
    """The application, which prints nothing, on a database of its own: an SQLite file in a folder, or that of a URL."""
    app = web(f"sqlite:///{where / 'cxm.db'}" if isinstance(where, Path) else where)
    app.state.house = replace(house_of(app), printer=Unprinted())
    return app
