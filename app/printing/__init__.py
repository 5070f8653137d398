"""HTML becomes a PDF in a child process, within limits of time, memory and queue."""

import importlib
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from threading import BoundedSemaphore, Event, Timer

RETRY_AFTER = 5
"""Seconds after which it is worth asking again: about as long as a full queue takes."""

OUT_OF_MEMORY = 12
"""The exit code of a child that reached its limit: the number of the system's own error ENOMEM."""

GIVEN_WAY = 10
"""How much a process that gives way is nicer: it gets a tenth of a busy processor, and is not starved."""

_PRESS = "app.printing.press"
_LAST_WORDS = 2.0
"""Seconds in which a child that has nothing more to send may end by itself, and so say why."""

# A fork of a server that has loaded the renderer once is ready at once, and inherits neither threads nor sockets.
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["__main__", _PRESS])


class PrinterBusyError(Exception):
    """The queue is full; `retry_after` says in how many seconds to try again."""

    def __init__(self, retry_after: int = RETRY_AFTER) -> None:
        super().__init__(f"the printer is busy, try again in {retry_after} seconds")
        self.retry_after = retry_after


class PrintingFailedError(Exception):
    """A document could not be printed: it took too long, too much memory, or the renderer failed."""


class Printer:
    """Prints `workers` documents at once while `queue` more wait, each within `seconds` and `megabytes`.

    One that `gives_way` prints while nothing else wants the processor.

    Every document has a process of its own: whatever happens to one does not touch the next.
    """

    def __init__(
        self, workers: int = 1, queue: int = 8, seconds: float = 30, megabytes: int = 512, *, gives_way: bool = False
    ) -> None:
        self._gives_way = gives_way
        self._seconds = seconds
        self._megabytes = megabytes
        self._admitted = BoundedSemaphore(workers + queue)
        self._working = BoundedSemaphore(workers)

    def pdf(self, html: str) -> bytes:
        """The document as a tagged PDF (PDF/UA-1). Raises PrinterBusyError and PrintingFailedError."""
        with self._turn():
            return self._printed(html)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._admitted.acquire(blocking=False):
            raise PrinterBusyError
        try:
            if not self._working.acquire(timeout=self._seconds):
                raise PrinterBusyError
            try:
                yield
            finally:
                self._working.release()
        finally:
            self._admitted.release()

    def _printed(self, html: str) -> bytes:
        receiver, sender = _PROCESSES.Pipe(duplex=False)
        child = _PROCESSES.Process(target=_print, args=(sender, html, self._megabytes, self._gives_way), daemon=True)
        late = Event()

        def stop() -> None:
            late.set()
            child.kill()

        with receiver:
            with sender:
                child.start()
            # Killing the child ends the wait below, wherever it hangs: its end of the pipe closes.
            limit = Timer(self._seconds, stop)
            limit.daemon = True
            limit.start()
            try:
                pdf = receiver.recv_bytes()
            except (EOFError, OSError):  # nothing came, or only a part
                pdf = b""
            finally:
                limit.cancel()
                limit.join()
                child.join(_LAST_WORDS)
                child.kill()
                child.join()
                exit_code = child.exitcode
                child.close()
        if pdf:
            return pdf
        if late.is_set():
            raise PrintingFailedError(f"printing took more than {self._seconds:g} seconds")
        if exit_code == OUT_OF_MEMORY:
            raise PrintingFailedError(f"printing took more than {self._megabytes} MB")
        raise PrintingFailedError(f"the renderer ended with {exit_code}")


def _print(sender: Connection, html: str, megabytes: int, gives_way: bool) -> None:
    """What the child does. The renderer is loaded here: the server needs neither its half second nor its memory."""
    if gives_way:
        os.nice(GIVEN_WAY)
    importlib.import_module(_PRESS).send(sender, html, megabytes)
