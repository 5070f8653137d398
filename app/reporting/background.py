"""Work that a thread of each process takes on while the server runs, one job of the database after the other."""

import datetime
from abc import ABC, abstractmethod
from threading import Event, Thread
from typing import ClassVar

import structlog

from app.store.errors import DatabaseUnavailableError

SECONDS_BETWEEN_LOOKS = 5.0
SECONDS_TO_STOP = 5.0

log = structlog.get_logger("cxm")


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)


class Background(ABC):
    """Looks for something to do every few seconds, and at once when it is told to hurry."""

    name: ClassVar[str]

    def __init__(self) -> None:
        self._stopping, self._wanted = Event(), Event()
        self._thread: Thread | None = None

    @abstractmethod
    def work(self) -> bool:
        """Does one job; False where there is none."""

    def start(self) -> None:
        """Work from now on."""
        self._thread = Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Leave off: another process, or this one when it is started again, goes on."""
        self._stopping.set()
        self._wanted.set()
        if self._thread:
            self._thread.join(SECONDS_TO_STOP)

    def hurry(self) -> None:
        """There is something to do: look now."""
        self._wanted.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            did = False
            try:
                did = self.work()
            except DatabaseUnavailableError as error:
                log.warning(self.name, reason=str(error))
            except Exception:
                # The thread outlives whatever one job does to it; the job is claimed anew, some minutes later.
                log.exception(self.name)
            if not did:
                self._wanted.wait(SECONDS_BETWEEN_LOOKS)
                self._wanted.clear()
