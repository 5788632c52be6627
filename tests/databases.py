"""What tests of more than one room need to know about their databases."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ENGINES = ("sqlite", "postgresql")
DEMO_TODAY = dt.date(2026, 11, 23)
"""The day on which the demo county stands in tests: a Monday."""


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"


@contextmanager
def own_copy(request: pytest.FixtureRequest, path: Path, *, sqlite: str, postgres: str) -> Iterator[str]:
    """The address of a copy of a template on the engine that a fixture's parameter names.

    Args:
        request: The fixture's.
        path: Where the copy of an SQLite file goes.
        sqlite: The fixture that gives the template's file.
        postgres: The fixture that gives the template's database.
    """
    if request.param == "sqlite":
        shutil.copyfile(request.getfixturevalue(sqlite), path)
        yield sqlite_url(path)
        return
    template = request.getfixturevalue(postgres)
    with request.getfixturevalue("postgres").database(template=template) as (_, url):
        yield url
