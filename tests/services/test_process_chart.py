"""The control chart of a pilot's own weeks, from the series an evaluation has kept."""

from __future__ import annotations

import datetime as dt

import numpy as np

from models.metrics import Direction, Metric, MetricKind
from services.process_chart import FEWEST_BEFORE, own_weeks
from stats.curves import WeeklySeries
from stats.spc.kinds import ChartKind

METRIC = Metric(code="m", name={"fi": "m"}, kind=MetricKind.PROPORTION, direction=Direction.INCREASE)


def series(shares: list[float], *, before: int, n: float = 50, led: int = 0) -> WeeklySeries:
    """Weeks with these shares; the `led` last of the weeks before the start led to the pilot."""
    length = len(shares)
    nothing = np.full(length, np.nan)
    at = np.arange(length)
    return WeeklySeries(
        weeks=np.datetime64(dt.date(2026, 1, 5)) + 7 * at,
        pilot=np.array(shares),
        n=np.full(length, n),
        comparison=nothing,
        expected=nothing,
        expected_low=nothing,
        expected_high=nothing,
        after=at >= before,
        trigger=(at >= before - led) & (at < before),
    )


USUAL = [0.50, 0.54, 0.46, 0.52, 0.48, 0.50, 0.56, 0.44]


def test_a_week_far_above_the_usual_ones_is_a_signal_for_the_better() -> None:
    found = own_weeks(series([*USUAL, 0.90], before=8), METRIC)
    assert found is not None
    assert found.chart.kind is ChartKind.P_PRIME
    assert (found.better, found.worse, found.signals[0].points) == (True, False, (8,))


def test_the_weeks_that_led_to_the_pilot_do_not_make_the_limits() -> None:
    bad = [0.02, 0.04]
    without = own_weeks(series([*USUAL, *bad, 0.50], before=10, led=2), METRIC)
    with_them = own_weeks(series([*USUAL, *bad, 0.50], before=10), METRIC)
    assert without is not None
    assert with_them is not None
    assert np.isnan(without.chart.values[8:10]).all()
    assert without.chart.centre[0] > with_them.chart.centre[0]


def test_few_weeks_make_no_chart() -> None:
    assert own_weeks(series([*USUAL[: FEWEST_BEFORE - 1], 0.5], before=FEWEST_BEFORE - 1), METRIC) is None
    assert own_weeks(series(USUAL, before=8), METRIC) is None, "no week after the start"
    assert own_weeks(series([*USUAL, 0.5], before=8, n=0), METRIC) is None
