"""Units and metrics of the fictional county, as files name them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from models.metrics import MetricKind
from services.intake.columns import KnownUnit
from services.intake.measurement_file import KnownMetric
from tests.data.make_exports import OID, UNITS

TODAY = dt.date(2026, 11, 23)
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def units() -> list[KnownUnit]:
    """The units the export files name."""
    return [KnownUnit(code, f"{OID}{number}", [name]) for code, (number, name) in UNITS.items()]


@pytest.fixture
def metrics() -> list[KnownMetric]:
    """The metrics the weekly file names, and a score on a scale."""
    return [
        KnownMetric("cb2h", MetricKind.PROPORTION, ["Takaisinsoitto 2 tunnissa"]),
        KnownMetric("wait", MetricKind.DURATION, [], low=0),
        KnownMetric("contacts", MetricKind.COUNT),
        KnownMetric("thl1", MetricKind.SCORE, [], low=1, high=5),
    ]
