"""A line between the browser and the app that a test can break and mend, as on a phone in a lift."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from tests.browser.server import App


class Line:
    """Passes bytes on in both directions.

    Attributes:
        url: Where the browser finds the app.
    """

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._port: int | None = None
        self._open: set[socket.socket] = set()
        self._flows = threading.Event()
        self._flows.set()
        threading.Thread(target=self._answer, daemon=True).start()

    def lead_to(self, app: App) -> None:
        """Mend the line, to this app."""
        self._port = urlsplit(app.url).port

    def cut(self) -> None:
        """Break every connection, and let none through until the line leads somewhere again."""
        self._port = None
        for end in list(self._open):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hold(self) -> None:
        """Let nothing through, without breaking a connection."""
        self._flows.clear()

    def release(self) -> None:
        """Let through what was held back, and all that follows."""
        self._flows.set()

    def close(self) -> None:
        """Take the line down."""
        self.release()
        self.cut()
        self._door.close()

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                if self._port is None:
                    near.close()
                    continue
                try:
                    far = socket.create_connection(("127.0.0.1", self._port))
                except OSError:
                    near.close()
                    continue
                for source, target in ((near, far), (far, near)):
                    self._open.add(source)
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._flows.wait()
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()


@contextmanager
def line_to(app: App) -> Iterator[Line]:
    """A whole line to an app, taken down at the end."""
    line = Line()
    line.lead_to(app)
    try:
        yield line
    finally:
        line.close()
