"""Migrated, empty databases of one's own on both engines, for benchmarks that write; thrown away at their end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from models.migrate import upgrade
from tests.databases import ENGINES, sqlite_url
from tests.postgres import running_postgres


@contextmanager
def empty_database(engine: str) -> Iterator[str]:
    """The address of a migrated database on SQLite or PostgreSQL.

    Args:
        engine: One of `tests.databases.ENGINES`.
    """
    if engine == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            url = sqlite_url(Path(folder) / "luotsi.db")
            upgrade(url)
            yield url
    else:
        with running_postgres() as server, server.database() as (_, url):
            upgrade(url)
            yield url


__all__ = ["ENGINES", "empty_database"]
