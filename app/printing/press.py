"""The child's side of printing: WeasyPrint behind a memory limit and a fetcher that knows our own files only."""

import os
import resource
from collections.abc import Mapping
from email.message import EmailMessage
from multiprocessing.connection import Connection
from pathlib import Path

from pydyf import PDF, Dictionary, Object  # type: ignore[import-untyped]  # has no type hints
from weasyprint import HTML
from weasyprint.document import Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app import settings
from app.printing import OUT_OF_MEMORY

SCHEME = "report:"
"""How the report names its files, `report:organisation/report.css`: no path that a document says is ever opened."""


def own_files() -> Mapping[str, Path]:
    """The files that a report may use: its style sheets by where they stand in `reports`, and the fonts by name."""
    reports = settings.resource("reports")
    sheets = {file.relative_to(reports).as_posix(): file for file in reports.rglob("*.css")}
    fonts = {file.name: file for file in (settings.PACKAGE / "static" / "fonts").glob("*.ttf")}
    return sheets | fonts


class RefusedAddressError(ValueError):
    """A document asked for something that is not the report's own; it prints without it."""


class OwnFilesFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no type hints
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
    printed: bytes = document.write_pdf(font_config=FontConfiguration(), pdf_variant="pdf/ua-1", finisher=_finish_tags)
    return printed


def _finish_tags(_: Document, pdf: PDF) -> None:
    """Adds what WeasyPrint leaves out of a tagged PDF: which way header cells point, and what is a running head."""
    objects = {entry.reference: entry for entry in pdf.objects}
    _point_header_cells(objects)
    _set_running_heads_apart(objects, pdf.catalog["StructTreeRoot"])


def _point_header_cells(objects: Mapping[bytes, Object]) -> None:
    for cell in objects.values():
        if isinstance(cell, Dictionary) and cell.get("S") == "/TH":
            group = objects[objects[cell["P"]]["P"]]
            cell["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _set_running_heads_apart(objects: Mapping[bytes, Object], root: bytes) -> None:
    """Whatever stands on a page but not in the tree of tags is a running head or a page number: not to be read out."""
    told: set[tuple[bytes, int]] = set()
    pending = [objects[root]]
    while pending:
        element = pending.pop()
        for kid in element.get("K", ()):
            if isinstance(kid, int):
                told.add((element["Pg"], kid))
            else:
                pending.append(objects[kid])
    for reference, page in objects.items():
        if not isinstance(page, Dictionary) or page.get("Type") != "/Page":
            continue
        operations = objects[page["Contents"]].stream
        for position, properties in enumerate(operations):
            if isinstance(properties, Dictionary) and (reference, properties.get("MCID")) not in told:
                operations[position - 1 : position + 1] = ["/Artifact", Dictionary({"Type": "/Pagination"})]


def _address_space() -> int:
    """What this process has of it, in bytes; 0 where the system does not say (only Linux does)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
    except OSError:
        return 0
    return int(pages) * resource.getpagesize()


def send(sender: Connection, html: str, megabytes: int) -> None:
    """Prints within `megabytes` beyond what the loaded renderer has, and sends the PDF; nothing where that fails."""
    limit = _address_space() + megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        printed = pdf(html)
    except MemoryError:
        # At once: an orderly end would need memory too.
        os._exit(OUT_OF_MEMORY)
    with sender:
        sender.send_bytes(printed)
