"""Effects on shares and rates cannot pass what shares and rates can be."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from stats.evaluation import evaluate
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.plan import Plan

WEEKS, CHANGED = 24, 12
N = 30


def evaluated(kind: Kind, before: float, after: float, *, n: int):
    """Twelve weeks before and after in one pilot unit and three others, with a ripple of one event a week."""
    random = np.random.default_rng(1)
    monday = np.datetime64("2025-12-08")
    rows = []
    for unit in "ABCD":
        for week in range(WEEKS):
            expected = n * (after if unit == "A" and week >= CHANGED else before)
            ripple = random.integers(-1, 2) if expected > 0 else 0
            count = max(round(expected) + ripple, 0)
            rows.append((unit, monday + 7 * week, n, min(count, n) if kind is Kind.PROPORTION else count))
    units, weeks, sizes, counts = zip(*rows, strict=True)
    up = after > before
    plan = Plan(
        kind=kind,
        direction=Direction.INCREASE if up else Direction.DECREASE,
        smallest_change=0.05 if up else -0.05,
        pilot_units=("A",),
        comparison_units=("B", "C", "D"),
        start=date(2026, 3, 2),
        end=date(2026, 5, 24),
    )
    return evaluate(from_weeks(kind=kind, unit=units, week=weeks, n=sizes, count=counts), plan)


@pytest.mark.parametrize(
    ("before", "after"), [(0.0, 1.0), (0.02, 0.98), (0.05, 0.9), (0.46, 0.64), (0.12, 0.06), (1.0, 0.0)]
)
def test_a_shares_effect_is_the_difference_of_the_shares_and_its_interval_one_of_shares(
    before: float, after: float
) -> None:
    result = evaluated(Kind.PROPORTION, before, after, n=N)
    assert result.effect == pytest.approx(after - before, abs=0.06)
    assert result.interval is not None
    assert -1.0 <= result.interval.low < result.effect < result.interval.high <= 1.0


@pytest.mark.parametrize(("before", "after"), [(5.0, 0.0), (9.5, 5.6)])
def test_a_rate_cannot_fall_by_more_than_there_was(before: float, after: float) -> None:
    result = evaluated(Kind.COUNT, before, after, n=1)
    assert result.effect == pytest.approx(after - before, abs=0.5)
    assert result.interval is not None
    assert result.interval.low > -before - 0.5
