"""Working scales: what goes in comes back, and counted kinds are the generalised linear models they stand for."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from stats.errors import CannotEstimateError
from stats.metric import Kind
from stats.metric_scale import MetricScale
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.single_series import design, solve_fixed
from stats.working_scale import pooled_sd, to_working

FIRST = np.datetime64("2026-01-05")
WEEKS = 20
AFTER = (np.arange(WEEKS) >= 10).astype(float)


def counted(kind: Kind, seed: int = 0) -> Panel:
    random = np.random.default_rng(seed)
    n = random.integers(10, 40, WEEKS)
    count = (
        random.binomial(n, 0.7 - 0.3 * AFTER) if kind is Kind.PROPORTION else random.poisson(n * (0.3 + 0.3 * AFTER))
    )
    return from_weeks(kind=kind, unit=["A"] * WEEKS, week=FIRST + 7 * np.arange(WEEKS), n=n, count=count)


@pytest.mark.parametrize(
    ("kind", "family"), [(Kind.COUNT, sm.families.Poisson()), (Kind.PROPORTION, sm.families.Binomial())]
)
def test_without_shocks_the_iterated_working_scale_is_the_glm(kind: Kind, family: sm.families.Family) -> None:
    """The fixed point of the working response is the maximum likelihood fit of statsmodels' GLM."""
    panel = counted(kind)
    columns = design(WEEKS, AFTER)
    change = 0.0
    for _ in range(30):
        working = to_working(panel, change * AFTER[None])
        coefficients, covariance = solve_fixed(working.values[0], working.precision[0], columns, rho=0.0, sigma=1e-8)
        change = float(coefficients[0])
    n, count = panel.n[0], panel.count[0]
    if kind is Kind.COUNT:
        peer = sm.GLM(count, columns, family=family, offset=np.log(n)).fit()
    else:
        peer = sm.GLM(np.column_stack([count, n - count]), columns, family=family).fit()
    # The unit's total is smoothed by half an event, hence not closer.
    assert change == pytest.approx(peer.params[0], rel=5e-3)
    assert np.sqrt(covariance[0, 0]) == pytest.approx(peer.bse[0], rel=5e-3)


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.PROPORTION])
def test_there_and_back(kind: Kind) -> None:
    working = to_working(counted(kind))
    middle = working.back(np.array([0.3]))
    step = 1e-6
    slope = (working.back(np.array([0.3 + step])) - middle) / step
    np.testing.assert_allclose(working.derivative(np.array([0.3])), slope, rtol=1e-4)


def test_a_unit_without_events_still_has_a_scale() -> None:
    panel = from_weeks(
        kind=Kind.COUNT, unit=["A"] * 4 + ["B"] * 4, week=np.tile(FIRST + 7 * np.arange(4), 2), n=[5] * 8,
        count=[0, 0, 0, 0, 1, 2, 0, 1],
    )  # fmt: skip
    working = to_working(panel)
    assert np.isfinite(working.values).all()
    assert (working.precision > 0).all()


def test_the_pooled_sd_weighs_by_degrees_of_freedom() -> None:
    """sqrt((4 * 1 + 9 * 4) / 13); a week with one answer and one with an unknown SD do not count."""
    panel = from_weeks(
        kind=Kind.SCORE, unit=["A"] * 4, week=FIRST + 7 * np.arange(4), n=[5, 10, 1, 8], mean=[3, 4, 3, 4],
        sd=[1.0, 2.0, np.nan, np.nan],
    )  # fmt: skip
    assert pooled_sd(panel) == pytest.approx(np.sqrt(40 / 13))


def test_nothing_to_estimate_from_is_said() -> None:
    weeks = FIRST + 7 * np.arange(4)
    none = from_weeks(kind=Kind.COUNT, unit=["A"] * 4, week=weeks, n=[5] * 4, count=[0] * 4)
    with pytest.raises(CannotEstimateError, match="Every value is the same"):
        to_working(none)


def waits(level: float, *, n: int, weeks: int = 10) -> Panel:
    """Waiting times whose spread goes with their level: coefficient of variation 0.5 in every week."""
    mean = level * np.exp(0.1 * np.sin(np.arange(weeks)))
    return from_weeks(
        kind=Kind.DURATION, unit=["A"] * weeks, week=FIRST + 7 * np.arange(weeks), n=[n] * weeks, mean=mean,
        sd=0.5 * mean,
    )  # fmt: skip


def test_durations_are_compared_as_ratios() -> None:
    """Values ten times as long give the same working values, and come back ten times as long."""
    short, long = to_working(waits(3.0, n=9)), to_working(waits(30.0, n=9))
    np.testing.assert_allclose(short.values, long.values, atol=1e-12)
    assert short.spread == pytest.approx(0.5)
    np.testing.assert_allclose(long.back(long.values), 10 * short.back(short.values), rtol=1e-12)
    shorter = [
        MetricScale(working=working, change=-0.4, base=working.base, noise=np.zeros(1), weights=np.ones(1)).effect(-0.4)
        for working in (short, long)
    ]
    assert shorter[1] == pytest.approx(10 * shorter[0])
    assert shorter[0] < 0


def test_the_logarithm_of_a_mean_of_few_is_made_up_for() -> None:
    """E log(mean of n) is log(true) - cv^2 / 2n + ..., so the working values add it back: simulated lognormal waits."""
    random = np.random.default_rng(8)
    answers = random.lognormal(0.0, 0.6, (40_000, 5))
    true = float(np.exp(0.18))
    plain = np.log(answers.mean(axis=1)).mean() - np.log(true)
    cv = np.sqrt(np.exp(0.36) - 1)
    assert plain < -0.03
    assert abs(plain + cv**2 / 10) < 0.01


def test_a_week_without_waiting_keeps_the_plain_scale() -> None:
    panel = from_weeks(
        kind=Kind.DURATION, unit=["A"] * 3, week=FIRST + 7 * np.arange(3), n=[4, 4, 4], mean=[0.0, 1.0, 2.0],
        sd=[0.0, 1.0, 1.0],
    )  # fmt: skip
    working = to_working(panel)
    scale = MetricScale(working=working, change=1.0, base=np.zeros(1), noise=np.zeros(1), weights=np.ones(1))
    assert scale.effect(1.0) == pytest.approx(working.spread)
