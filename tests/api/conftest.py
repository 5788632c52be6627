"""The interface on a small county of the test's own, on each engine in turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import database_at
from tests.api.interface import Interface, small_county


@pytest.fixture
def interface(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Interface]:
    """Two areas, four units, two measures, some answers; nobody has asked anything yet."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LUOTSI_TODAY", "2026-11-25")
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("LUOTSI_API_RATE", "1000000")
    monkeypatch.setenv("LUOTSI_API_RATE_ANONYMOUS", "1000000")
    small_county(database_url)
    yield Interface()
    database_at(database_url).dispose()
