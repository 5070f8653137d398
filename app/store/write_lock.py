"""Writers take turns, in the order in which they came."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from app.store.errors import DatabaseUnavailableError


class Turns:
    """A lock that is handed to whoever has waited longest.

    Whoever ends a turn and wants the next at once would overtake all others at an ordinary lock or connection pool:
    of 64 who save without a pause, the unluckiest then waits until nearly all the rest are done.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._holder: int | None = None

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for the turn and holds it. Raises DatabaseUnavailableError where it does not come in time."""
        self._await()
        try:
            yield
        finally:
            self._pass_on()

    def _await(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._holder == me:
                msg = "a writing session inside another one would wait for itself"
                raise RuntimeError(msg)
            if self._holder is None:
                self._holder = me
                return
            called = threading.Lock()
            called.acquire()
            self._waiting.append(called)
        if not called.acquire(timeout=self._patience):
            with self._guard:
                if called in self._waiting:
                    self._waiting.remove(called)
                    msg = "the database is too busy: nothing was saved"
                    raise DatabaseUnavailableError(msg)
        self._holder = me

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                # Taken on behalf of the next one, lest somebody steps in before it wakes.
                self._holder = 0
                self._waiting.popleft().release()
            else:
                self._holder = None
