"""One file, and that file only: a connection to an SQLite record that was moved away or replaced is not used again.

SQLite makes an empty file where there is none, and goes on writing into one that has been moved or deleted. A service
that runs for months must do neither: what it said is saved would be nowhere.
"""

import os
import sqlite3
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_SEEN = "file"


def keep_to_it(engine: sa.Engine) -> None:
    """Let an engine connect to an existing file only, and drop its connections when another stands in its place."""
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        return

    @event.listens_for(engine, "do_connect")
    def _connecting(_dialect: Any, _record: Any, _arguments: Any, _named: Any) -> None:
        if _file(path) is None:
            raise sqlite3.OperationalError("unable to open database file: there is none")

    @event.listens_for(engine, "connect")
    def _connected(_connection: Any, record: Any) -> None:
        record.info[_SEEN] = _file(path)

    @event.listens_for(engine, "checkout")
    def _taken(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info.get(_SEEN) != _file(path):
            raise sa.exc.DisconnectionError("Another file stands in the record's place.")


def is_missing(engine: sa.Engine) -> bool:
    """Whether an engine's record is a file that does not exist."""
    path = engine.url.database
    return engine.dialect.name == "sqlite" and path not in (None, "", ":memory:") and _file(str(path)) is None


def _file(path: str) -> tuple[int, int] | None:
    """Which file it is: the device and its number there; None when there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
