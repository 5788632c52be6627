"""One simulated county for the tests that only look at it."""

from __future__ import annotations

import datetime as dt

import pytest

from services.demo.county import County, load_county
from services.demo.simulate import DemoData, simulate

TODAY = dt.date(2026, 11, 23)


@pytest.fixture(scope="session")
def county() -> County:
    """The stated facts."""
    return load_county()


@pytest.fixture(scope="session")
def data(county: County) -> DemoData:
    """The county everyone sees, as it stands on TODAY."""
    return simulate(county, today=TODAY)


@pytest.fixture(scope="session")
def other(county: County) -> DemoData:
    """The same truths with luck that nobody chose."""
    return simulate(county, today=TODAY, seed=7)
