"""Series that vary in nothing: the answer is that nothing can be told, never an effect with an invented error."""

from __future__ import annotations

import warnings
from datetime import date

import numpy as np
import pytest

from stats.evaluation import evaluate
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.plan import Plan


@pytest.mark.parametrize("step", [1.0, 0.0])
@pytest.mark.parametrize("comparisons", [(), ("B",), ("B", "C")])
def test_a_change_without_any_noise_is_not_estimated(comparisons: tuple[str, ...], step: float) -> None:
    """Weeks that differ by the change (or, with comparisons, by nothing) only: any standard error would be invented."""
    monday, units = np.datetime64("2026-01-05"), ("A", *comparisons)
    wave = 0.1 if comparisons else 0.0
    rows = [
        (unit, monday + 7 * k, 3.0 + wave * (k % 3) + (step if unit == "A" and k >= 8 else 0.0))
        for unit in units
        for k in range(20)
    ]
    data = from_weeks(
        kind=Kind.SCORE, unit=[row[0] for row in rows], week=[row[1] for row in rows], n=[10] * len(rows),
        mean=[row[2] for row in rows],
    )  # fmt: skip
    promised = Plan(
        kind=Kind.SCORE, direction=Direction.INCREASE, smallest_change=0.3, pilot_units=("A",),
        comparison_units=comparisons, start=date(2026, 3, 2), end=date(2026, 5, 24),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = evaluate(data, promised)
    assert (result.verdict.value, result.effect, result.interval) == ("not_enough_data", None, None)
