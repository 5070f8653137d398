"""A line between a browser and a server that can go dead while it stays open, as lines in full rooms do."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Line:
    """Forwards to `port` while it is `alive`. What was connected when it died stays dead; what comes later is not."""

    port: int
    alive: bool = True
    _listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _ends: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the browser connects."""
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def die(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self.alive = False

    def live(self) -> None:
        """New connections come through again."""
        self.alive = True

    def run(self) -> None:
        """Accepts until it is closed."""
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self.port))
            self._ends += [near, far]
            dead = threading.Event()
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self._forward, args=(one, other, dead), daemon=True).start()

    def close(self) -> None:
        """Ends everything."""
        for end in (self._listening, *self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _forward(self, one: socket.socket, other: socket.socket, dead: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while told := one.recv(65536):
                if not self.alive:
                    dead.set()
                if not dead.is_set():
                    other.sendall(told)
            if not dead.is_set():
                other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def line_to(url: str) -> Iterator[Line]:
    """A line to the server at `url`."""
    line = Line(int(url.rpartition(":")[2]))
    threading.Thread(target=line.run, daemon=True).start()
    try:
        yield line
    finally:
        line.close()
