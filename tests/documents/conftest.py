"""The demo county, read once for every document test of a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session, create_engine

import models.tables  # noqa: F401
from tests.databases import sqlite_url


@pytest.fixture(scope="session")
def county(demo_template: Path) -> Iterator[Session]:
    """A session that only reads the demo county."""
    engine = create_engine(sqlite_url(demo_template))
    with Session(engine) as session:
        yield session
    engine.dispose()
