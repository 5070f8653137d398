"""The child's side of printing: WeasyPrint behind a memory limit and a fetcher that knows our own files only."""

import resource
from collections.abc import Mapping
from email.message import EmailMessage
from multiprocessing.connection import Connection
from pathlib import Path

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app import settings

SCHEME = "report:"
"""How the report names its files, `report:print.css`: no path that a document says is ever opened."""


def own_files() -> Mapping[str, Path]:
    """The files that a report may use, by name: its style sheets and the fonts."""
    sheets = settings.resource("reports").glob("*.css")
    fonts = (settings.PACKAGE / "static" / "fonts").glob("*.ttf")
    return {file.name: file for file in (*sheets, *fonts)}


class RefusedAddressError(ValueError):
    """A document asked for something that is not the report's own; it prints without it."""


class OwnFilesFetcher(URLFetcher):
    """Gives the report's own files, and refuses every other address, whatever its scheme."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=())
        self._files = own_files()

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The file that `url` names. Raises RefusedAddressError, which WeasyPrint takes as "not there"."""
        file = self._files.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
        if file is None:
            raise RefusedAddressError(url)
        kind = EmailMessage()
        kind["Content-Type"] = "text/css; charset=utf-8" if file.suffix == ".css" else "font/ttf"
        return URLFetcherResponse(url, file.read_bytes(), kind)


def pdf(html: str) -> bytes:
    """The document as PDF/UA-1."""
    document = HTML(string=html, url_fetcher=OwnFilesFetcher())
    return document.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1")


def send(sender: Connection, html: str, megabytes: int) -> None:
    """Prints within `megabytes` of address space and sends the PDF; sends nothing where that fails."""
    limit = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with sender:
        sender.send_bytes(pdf(html))
