"""The estimators of two samples hold the truth about as often as they say: the benchmark, with fewer draws."""

from __future__ import annotations

import pytest

from benchmarks._two_samples import CELLS
from benchmarks.coverage import coverage

SHORT = {"costs, BCa": 80.0, "costs": 86.0, "costs, Welch": 86.0}
"""The least per cent where skewed costs make an interval too short; the docstrings of stats.costs say by how much."""


@pytest.mark.slow
@pytest.mark.parametrize("row", range(len(CELLS)), ids=lambda row: f"{CELLS[row].name}: {CELLS[row].truth}")
def test_an_interval_holds_the_truth(row: int) -> None:
    """300 draws of 20 a side: the standard error is 1.3 points at 95 %."""
    held, none = coverage(row, 20, draws=300, seed=11)
    assert held >= SHORT.get(CELLS[row].name, 90.0)
    assert none < 1.0
