"""The real app in a process of its own, on a free port, with a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60


@dataclass(frozen=True)
class App:
    """A running app.

    Attributes:
        url: Where it answers, without a slash at the end.
        database_url: The database it uses.
        log: File with everything it said.
        pid: Its process.
    """

    url: str
    database_url: str
    log: Path
    pid: int

    def log_tail(self, characters: int = 4000) -> str:
        """The end of the log."""
        return self.log.read_text(encoding="utf-8", errors="replace")[-characters:]


@contextmanager
def serving(database_url: str, folder: Path, settings: Mapping[str, str]) -> Iterator[App]:
    """Serve the app until the block ends.

    Args:
        database_url: A migrated database; the app writes to it.
        folder: An existing folder for the log and the app's own files.
        settings: More environment variables.

    Raises:
        RuntimeError: If /healthz does not answer 200 in time; the message ends with the log.
    """
    port = free_port()
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("LUOTSI_", "STREAMLIT_"))}
    own = {
        "DATABASE_URL": database_url,
        "LUOTSI_DATA_DIR": str(folder),
        "LUOTSI_READ_COMMENTS": "off",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--server.address", "127.0.0.1"],
            cwd=ROOT,
            env=inherited | own | settings,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    app = App(url=f"http://127.0.0.1:{port}", database_url=database_url, log=log, pid=process.pid)
    try:
        _wait_until_healthy(app, process)
        yield app
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(app: App, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    answer = "no answer"
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The app ended with code {process.returncode} at start:\n{app.log_tail()}")
        try:
            with urllib.request.urlopen(f"{app.url}/healthz", timeout=5) as response:
                if response.status == 200:
                    return
                answer = str(response.status)
        except urllib.error.HTTPError as error:
            answer = f"{error.code} {error.read(500)!r}"
        except OSError as error:
            answer = str(error)
        time.sleep(0.2)
    raise RuntimeError(f"/healthz did not answer 200 in {START_SECONDS} s, but: {answer}\n{app.log_tail()}")
