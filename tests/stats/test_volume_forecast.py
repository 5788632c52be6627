"""Forecasts of weekly counts: the closed form they rest on, coverage by simulation, the back-test, refusals."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stats.count_level import FIRST_WEEKS, follow_level
from stats.errors import CannotEstimateError
from stats.panel import Floats
from stats.volume_forecast import VolumeForecast, forecast_volume


def test_a_steady_poisson_level_is_the_gamma_poisson_of_the_textbooks() -> None:
    """Discount 1, dispersion 1: gamma(0.5 + sum, weeks) for the level, negative binomials for what is to come."""
    counts = np.random.default_rng(1).poisson(5, 30).astype(float)
    level = follow_level(counts, np.ones(30))
    steady = int(np.flatnonzero((level.discount == 1.0) & (level.dispersion == 1.0))[0])
    shape, rate = 0.5 + counts.sum(), 30.0
    assert level.mean(30)[steady] == pytest.approx(shape / rate)
    log = sum(
        scipy.stats.nbinom.logpmf(counts[t], 0.5 + counts[:t].sum(), t / (t + 1.0)) for t in range(FIRST_WEEKS, 30)
    )
    assert level.log_likelihood[-1][steady] == pytest.approx(float(log))
    coming = level.coming(30, np.ones(8))
    week, total = scipy.stats.nbinom(shape, rate / (rate + 1)), scipy.stats.nbinom(shape, rate / (rate + 8))
    np.testing.assert_allclose(coming.means[steady], [*[week.mean()] * 8, total.mean()])
    np.testing.assert_allclose(coming.variances[steady], [*[week.var()] * 8, total.var()])


def test_a_week_with_a_higher_season_counts_for_more_weeks() -> None:
    """Twice the season with twice the answers says the same of the level."""
    counts = np.full(20, 6.0)
    factors = np.ones(20)
    level = follow_level(counts, factors)
    counts[12], factors[12] = 12.0, 2.0
    doubled = follow_level(counts, factors)
    steady = (level.discount == 1.0) & (level.dispersion == 1.0)
    assert doubled.mean(20)[steady] == pytest.approx((0.5 + 21 * 6) / 21, rel=1e-12)


def world(kind: str, mean: float, weeks: int, rng: np.random.Generator) -> Floats:
    """Weekly counts with a steady, scattering, drifting or wavering level."""
    log = np.zeros(weeks)
    if kind == "scattering":
        log = np.log(rng.gamma(5, 1 / 5, weeks))
    elif kind == "drifting":
        log = np.cumsum(rng.normal(0, 0.04, weeks))
    elif kind == "wavering":
        for t in range(1, weeks):
            log[t] = 0.5 * log[t - 1] + rng.normal(0, 0.15)
    return rng.poisson(mean * np.exp(log)).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "least", "most", "ratio"),
    [
        ("steady", 0.76, 0.95, 0.9),
        ("scattering", 0.74, 0.93, 0.95),
        ("drifting", 0.71, 0.91, 1.1),
        ("wavering", 0.70, 0.90, 0.95),
    ],
)
def test_eighty_per_cent_intervals_hold_about_eighty_per_cent(
    kind: str, least: float, most: float, ratio: float
) -> None:
    """200 series a world, 5 to 20 a week, 60 weeks; the total of 8 further weeks. Monte Carlo SE 0.028.

    Repeating the last eight weeks is near the best for a level that drifts, and worse elsewhere.
    """
    rng = np.random.default_rng(12)
    held, errors, repeated = [], [], []
    for mean in np.tile([5.0, 10.0, 20.0, 8.0], 50):
        counts = world(kind, float(mean), 68, rng)
        found = forecast_volume(counts[:60], back_test=False)
        came = counts[60:].sum()
        held.append(found.total.low <= came <= found.total.high)
        errors.append(abs(came - found.total.mean))
        repeated.append(abs(came - counts[52:60].sum()))
    assert least <= np.mean(held) <= most, np.mean(held)
    assert np.mean(errors) < ratio * np.mean(repeated)


def test_the_back_test_is_what_one_would_have_said() -> None:
    """Each origin again by itself, from the weeks known then."""
    counts = world("scattering", 9.0, 50, np.random.default_rng(3))
    found = forecast_volume(counts)
    assert found.back_test is not None
    held, errors, repeated = [], [], []
    for known in range(26, 43):
        then = forecast_volume(counts[:known], back_test=False)
        came = counts[known : known + 8].sum()
        held.append(then.total.low <= came <= then.total.high)
        errors.append(abs(came - then.total.mean))
        repeated.append(abs(came - counts[known - 8 : known].sum()))
    assert found.back_test.origins == 17
    assert found.back_test.coverage == pytest.approx(np.mean(held))
    assert found.back_test.error == pytest.approx(np.mean(errors), rel=1e-3)
    assert found.back_test.recent_error == pytest.approx(np.mean(repeated))
    assert found.back_test.last_year_error is None


def test_two_years_show_the_season() -> None:
    weeks = np.arange(138)
    rng = np.random.default_rng(4)
    counts = rng.poisson(20 * np.exp(0.5 * np.cos(2 * np.pi * weeks / 52.18))).astype(float)
    found = forecast_volume(counts[:130], back_test=False)  # the 130th week lies in the trough
    assert found.seasonal > 0.95
    assert found.total.low <= counts[130:].sum() <= found.total.high
    flat = forecast_volume(rng.poisson(20, 130).astype(float), back_test=False)
    assert flat.seasonal < 0.5


def test_a_level_that_fell_is_forgotten() -> None:
    rng = np.random.default_rng(5)
    counts = np.concatenate([rng.poisson(20, 40), rng.poisson(8, 20)]).astype(float)
    found = forecast_volume(counts, back_test=False)
    assert found.level == pytest.approx(8, abs=1.5)


def test_scatter_beyond_poisson_widens_the_interval() -> None:
    rng = np.random.default_rng(6)
    narrow = forecast_volume(rng.poisson(20, 60).astype(float), back_test=False)
    wide = forecast_volume(world("scattering", 20.0, 60, rng), back_test=False)
    assert wide.dispersion > 1.5 * narrow.dispersion
    assert wide.weeks[0].high - wide.weeks[0].low > 1.3 * (narrow.weeks[0].high - narrow.weeks[0].low)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), mean=st.sampled_from([0.8, 4.0, 50.0, 2000.0]), horizon=st.sampled_from([1, 8, 16]))
def test_intervals_are_in_order_and_grow_with_the_horizon(seed: int, mean: float, horizon: int) -> None:
    counts = np.random.default_rng(seed).poisson(mean, 40).astype(float)
    assume(counts.sum() >= 20)
    found = forecast_volume(counts, horizon=horizon, back_test=False)
    assert len(found.weeks) == horizon
    for week in (*found.weeks, found.total):
        assert 0 <= week.low <= week.mean + 1 <= week.high + 2
    widths = [week.high - week.low for week in found.weeks]
    assert (np.array(widths) >= np.maximum.accumulate(widths) - 2).all(), "either end may fall a whole answer short"
    assert found.total.mean == pytest.approx(sum(week.mean for week in found.weeks), rel=1e-6)
    narrow = forecast_volume(counts, horizon=horizon, confidence_level=0.5, back_test=False)
    assert found.total.low <= narrow.total.low <= narrow.total.high <= found.total.high


def test_few_weeks_have_no_back_test_and_fewer_no_forecast() -> None:
    found: VolumeForecast = forecast_volume([4.0] * 36)
    assert found.back_test is None
    with pytest.raises(CannotEstimateError, match="There are 25 weeks; a forecast needs at least 26"):
        forecast_volume([4.0] * 25)
    with pytest.raises(CannotEstimateError, match="There are 3 answers; a forecast needs at least 20"):
        forecast_volume([0.0] * 40 + [3.0])


@pytest.mark.parametrize("counts", [[1.0] * 30 + [-1.0], [1.0] * 30 + [0.5]])
def test_what_is_no_count_is_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers from 0 on"):
        forecast_volume(counts)


def test_wrong_arguments_name_themselves() -> None:
    with pytest.raises(ValueError, match=r"counts\[1\] == nan"):
        forecast_volume([1.0, np.nan])
    with pytest.raises(ValueError, match="horizon == 0"):
        forecast_volume([4.0] * 40, horizon=0)
    with pytest.raises(ValueError, match="confidence_level == 1"):
        forecast_volume([4.0] * 40, confidence_level=1.0)
