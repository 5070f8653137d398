"""The printer's limits: time, memory, queue, and addresses that no document may reach."""

import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from time import sleep

import pikepdf
import pytest
import weasyprint

from app.printing import RETRY_AFTER, Printer, PrinterBusyError, PrintingFailedError

ENDLESS = '<html lang="en"><title>Endless</title><table>' + ("<tr>" + "<td>x" * 20) * 20_000
SHORT = '<html lang="en"><title>Short</title><p>Short'


@pytest.mark.usefixtures("printer")
def test_what_takes_too_long_is_stopped_and_the_next_is_printed() -> None:
    printer = Printer(seconds=1)

    with pytest.raises(PrintingFailedError, match="more than 1 seconds"):
        printer.pdf(ENDLESS)

    assert Printer().pdf(SHORT).startswith(b"%PDF")


@pytest.mark.usefixtures("printer")
def test_what_takes_too_much_memory_is_stopped_and_the_next_is_printed() -> None:
    printer = Printer(megabytes=200)

    with pytest.raises(PrintingFailedError, match=r"more than 200 MB|ended with"):
        printer.pdf("x" * 20_000_000)

    assert printer.pdf(SHORT).startswith(b"%PDF")


@pytest.mark.usefixtures("printer")
def test_a_full_queue_says_when_to_come_back_and_a_killed_child_makes_room() -> None:
    printer = Printer(workers=1, queue=0)
    failures: list[PrintingFailedError] = []

    def occupy() -> None:
        try:
            printer.pdf(ENDLESS)
        except PrintingFailedError as failure:
            failures.append(failure)

    before = set(multiprocessing.active_children())
    occupant = threading.Thread(target=occupy)
    occupant.start()
    while not (children := set(multiprocessing.active_children()) - before):
        sleep(0.01)

    with pytest.raises(PrinterBusyError) as busy:
        printer.pdf(SHORT)
    for child in children:
        assert child.pid is not None
        os.kill(child.pid, signal.SIGKILL)
    occupant.join()

    assert busy.value.retry_after == RETRY_AFTER
    assert len(failures) == 1
    assert printer.pdf(SHORT).startswith(b"%PDF")


def test_a_stampede_prints_what_fits_the_queue_and_refuses_the_rest(printer: Printer) -> None:
    narrow = Printer(workers=1, queue=2)
    printed: list[bytes] = []
    refused: list[PrinterBusyError] = []
    start = threading.Barrier(12)

    def ask() -> None:
        start.wait()
        try:
            printed.append(narrow.pdf(SHORT + "<p>more" * 500))
        except PrinterBusyError as busy:
            refused.append(busy)

    crowd = [threading.Thread(target=ask) for _ in range(12)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert len(printed) + len(refused) == 12
    assert len(printed) >= 3
    assert refused
    assert printer.pdf(SHORT).startswith(b"%PDF")


@pytest.fixture
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a local listener, and what it has heard."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(4096))
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _hostile(address: str, canary: Path) -> str:
    """HTML and CSS that ask for an address and a file in every way that WeasyPrint knows."""
    file = canary.as_uri()
    return f"""<html lang="en"><head><title>Hostile</title><base href="{address}/base/">
      <link rel="stylesheet" href="{address}/sheet.css"><link rel="stylesheet" href="{file}">
      <link rel="stylesheet" href="relative.css"><link rel="attachment" href="{file}">
      <link rel="attachment" href="report:../../../etc/passwd"><meta http-equiv="refresh" content="0;url={address}">
      <style>@import "{address}/import.css"; @import url({file});
        @font-face {{ font-family: f; src: url({address}/font.ttf), url({file}) }}
        @page {{ background: url({address}/page.png) }}
        body {{ font-family: f; background: url({address}/back.png), url("{file}"); }}
        li {{ list-style-image: url({address}/list.png) }} p::before {{ content: url({address}/content.png) }}
        a::after {{ content: target-text(attr(href)) }}</style></head>
      <body><p style="background-image: url({address}/style.png)">Hostile</p><ul><li>x</ul>
      <img src="{file}" alt="a"><img src="{address}/image.png" alt="b"><img srcset="{address}/set.png 2x" alt="c">
      <embed src="{address}/embed"><object data="{file}"></object><object data="{address}/object"></object>
      <iframe src="{file}"></iframe><input type="image" src="{address}/input.png" alt="d"><a href="{file}">link</a>
      <svg viewBox="0 0 9 9"><title>e</title><image href="{address}/in.svg" width="9" height="9"/>
        <image href="{file}" width="9" height="9"/><use href="{address}/use.svg#a"/><use href="{file}#a"/>
        <style>@import url({address}/svg.css);</style></svg>
      <a rel="attachment" href="{file}">attached</a></body></html>"""


def _everything_in(pdf: bytes) -> bytes:
    """All streams of a PDF, unpacked: text is drawn with font subsets, but a file that was embedded shows."""
    with pikepdf.open(BytesIO(pdf)) as document:
        streams = [entry.read_bytes() for entry in document.objects if isinstance(entry, pikepdf.Stream)]
    return b"\n".join(streams)


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "canary.txt"
    file.write_text("canary-7f3a91", encoding="utf-8")
    return file


def test_no_document_reaches_an_address_or_a_file(
    printer: Printer, trap: tuple[str, list[bytes]], canary: Path
) -> None:
    address, heard = trap

    pdf = printer.pdf(_hostile(address, canary))

    assert heard == []
    assert b"canary-7f3a91" not in _everything_in(pdf)
    with pikepdf.open(BytesIO(pdf)) as document:
        assert len(document.attachments) == 0


def test_the_trap_catches_a_renderer_without_our_fetcher(trap: tuple[str, list[bytes]], canary: Path) -> None:
    address, heard = trap

    pdf = weasyprint.HTML(string=_hostile(address, canary)).write_pdf()

    assert len(heard) > 5
    assert b"canary-7f3a91" in _everything_in(pdf)


def test_the_same_document_prints_the_same(printer: Printer) -> None:
    assert printer.pdf(SHORT) == printer.pdf(SHORT)
