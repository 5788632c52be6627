"""What tests of more than one room need to know about their databases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

ENGINES = ("sqlite", "postgresql")
DEMO_TODAY = dt.date(2026, 11, 23)
"""The day on which the demo county stands in tests: a Monday."""


def sqlite_url(path: Path) -> str:
    """The address of an SQLite file."""
    return f"sqlite:///{path}"
