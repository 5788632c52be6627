"""The compiled loops against plain computations of the same quantities: scipy, Henderson's equations, to_working."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.optimize
import scipy.special
import scipy.stats

from stats.compiled.counted import counted_working
from stats.compiled.gls import contrasts, projected_variances
from stats.compiled.mixture import log_tail, summaries
from stats.henderson import solve
from stats.metric import Kind
from stats.panel import Floats
from stats.panel_rows import from_weeks
from stats.sequential import obrien_fleming_bounds, obrien_fleming_spending
from stats.working_scale import to_working

FIRST = np.datetime64("2026-01-05")
PARTS = np.array([[0.6, 0.3, 0.4, 1.0], [0.1, 0.02, 2.0, 2.5], [0.95, 0.8, 0.01, 0.3]])
"""rho, sigma, tau and scale."""
UNITS, WEEKS = np.array([5, 4, 5]), np.array([14, 14, 11])


def pilots() -> tuple[Floats, Floats, Floats]:
    """Values, precision and treated of three pilots padded to 5 units by 14 weeks; some weeks are missing."""
    random = np.random.default_rng(7)
    shape = (3, 5, 14)
    values, precision = random.normal(size=shape), random.uniform(4, 30, shape)
    precision[:, 1, 3] = precision[:, 0, 0] = precision[0, :, 6] = 0.0
    treated = np.zeros(shape)
    treated[:, 0, 7:] = 1.0
    treated[2, 1, 8:] = 1.0
    return np.where(precision > 0, values, 0.0), precision, treated * (precision > 0)


@pytest.mark.parametrize("seed", [None, 1])
def test_the_bounds_of_twenty_looks_spend_their_shares(seed: int | None) -> None:
    """Even and uneven looks; what has been crossed by look k, by scipy's quasi-Monte Carlo, is what was to be spent."""
    even = np.arange(1, 21) / 20
    t = even if seed is None else np.sort(np.random.default_rng(seed).uniform(0.1, 1.0, 20))
    bounds = obrien_fleming_bounds(t)
    correlation = np.sqrt(np.minimum.outer(t, t) / np.maximum.outer(t, t))
    for k in (8, 14, 20):
        looks = scipy.stats.multivariate_normal(
            cov=correlation[:k, :k], allow_singular=True, abseps=2e-5, releps=0.0, maxpts=400_000, seed=3
        )
        assert 1 - looks.cdf(bounds[:k]) == pytest.approx(float(obrien_fleming_spending(t[k - 1])), abs=6e-5)


def test_a_bound_does_not_depend_on_looks_to_come() -> None:
    t = np.arange(1, 21) / 20
    np.testing.assert_allclose(obrien_fleming_bounds(t[:12]), obrien_fleming_bounds(t)[:12], rtol=1e-9)


def test_260_looks_have_ascending_spending_and_finite_bounds() -> None:
    bounds = obrien_fleming_bounds(np.arange(1, 261) / 260)
    assert np.isfinite(bounds).all()
    assert (np.diff(bounds[10:]) < 0).all()


def test_contrasts_are_hendersons_equations_with_two_columns() -> None:
    values, precision, treated = pilots()
    seen = precision > 0
    extra = np.zeros_like(treated)
    extra[:, 0] = np.linspace(-1, 1, 14) ** 3
    extra *= seen
    out = np.empty((3, 3))
    contrasts(values, precision, treated, extra, UNITS, WEEKS, PARTS, out)
    for i, (j, t) in enumerate(zip(UNITS, WEEKS, strict=True)):
        rho, sigma, tau, scale = PARTS[i]
        columns = np.stack([extra[i, :j, :t], treated[i, :j, :t]])
        found = solve(values[i, :j, :t], precision[i, :j, :t] / scale, columns, rho=rho, sigma=sigma, tau=tau)
        np.testing.assert_allclose(out[i, :2], found.coefficients, rtol=1e-7)
        z = found.coefficients[0] / np.sqrt(found.coefficient_covariance[0, 0])
        assert out[i, 2] == pytest.approx(z, rel=1e-7)


def test_a_column_that_weeks_or_the_effect_explain_has_no_contrast() -> None:
    """The same column twice; and one that is only there when no comparison unit is."""
    values, precision, treated = pilots()
    out = np.empty((3, 3))
    contrasts(values, precision, treated, treated.copy(), UNITS, WEEKS, PARTS, out)
    assert np.isnan(out).all()

    alone = np.zeros_like(treated)
    alone[:, 0, 10:] = 1.0
    precision[:, 1:, 10:] = 0.0
    keep = precision > 0
    contrasts(values * keep, precision, treated * keep, alone * keep, UNITS, WEEKS, PARTS, out)
    assert np.isnan(out).all()


def test_projected_variances_are_hendersons_with_further_weeks() -> None:
    """A coming week is like the last eight on average, a missing week of them counting as one without answers."""
    _, precision, treated = pilots()
    further = np.array([0, 9, 30])
    out = np.empty(3)
    projected_variances(precision, treated, UNITS, WEEKS, further, 8, PARTS, out)
    for i, (j, t, more) in enumerate(zip(UNITS, WEEKS, further, strict=True)):
        rho, sigma, tau, scale = PARTS[i]
        now = precision[i, :j, :t]
        coming = np.repeat(now[:, -8:].mean(axis=1)[:, None], more, axis=1)
        long = np.concatenate([now, coming], axis=1) / scale
        last = np.repeat(treated[i, :j, t - 1 : t], more, axis=1)
        columns = np.concatenate([treated[i, :j, :t], last], axis=1)[None]
        found = solve(np.zeros_like(long), long, columns, rho=rho, sigma=sigma, tau=tau)
        assert out[i] == pytest.approx(found.coefficient_covariance[0, 0], rel=1e-7)


@pytest.mark.parametrize("kind", [Kind.PROPORTION, Kind.COUNT])
@pytest.mark.parametrize("change", [0.0, -0.7, 2.0])
def test_counted_working_is_to_working(kind: Kind, change: float) -> None:
    """Levels, slopes, values and precisions at a given effect; the third unit never had a success or an event."""
    random = np.random.default_rng(2)
    n = random.integers(5, 40, (4, 12)).astype(np.float64)
    rates = np.array([0.3, 0.8, 0.0, 0.05])[:, None]
    count = random.binomial(n.astype(int), rates).astype(np.float64)
    gone = random.uniform(size=n.shape) < 0.15
    panel = from_weeks(
        kind=kind, unit=np.repeat(["A", "B", "C", "D"], 12)[~gone.ravel()].tolist(),
        week=np.tile(FIRST + 7 * np.arange(12), 4)[~gone.ravel()], n=n[~gone], count=count[~gone],
    )  # fmt: skip
    treated = np.zeros((4, 12))
    treated[:2, 6:] = 1.0
    plain = to_working(panel, change * treated)

    values, precision, base, slope = np.empty((1, 4, 12)), np.empty((1, 4, 12)), np.empty((1, 4)), np.empty((1, 4))
    counted_working(
        np.where(gone, 0.0, n)[None], np.where(gone, 0.0, count)[None], treated[None], np.array([4]), np.array([12]),
        np.array([kind is Kind.COUNT]), np.array([change]), values, precision, base, slope,
    )  # fmt: skip
    np.testing.assert_allclose(base[0], plain.base, rtol=1e-9)
    np.testing.assert_allclose(slope[0], plain.slope, rtol=1e-8)
    np.testing.assert_allclose(precision[0], plain.precision, rtol=1e-8)
    np.testing.assert_allclose(values[0][~gone], plain.values[~gone], rtol=1e-8)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.8])
def test_a_level_is_found_whatever_the_effect(share: float) -> None:
    """An effect of 8 that the data do not show: the level at which the expected total is the observed, by brentq."""
    n, treated = np.full((1, 1, 12), 20.0), np.zeros((1, 1, 12))
    treated[0, 0, 6:] = 1.0
    values, precision, base, slope = np.empty((1, 1, 12)), np.empty((1, 1, 12)), np.empty((1, 1)), np.empty((1, 1))
    counted_working(
        n, n * share, treated, np.array([1]), np.array([12]), np.array([False]), np.array([30.0]), values, precision,
        base, slope,
    )  # fmt: skip
    total, size = 240.0 * share + 0.5, 241.0

    def short(at: float) -> float:
        return float(size * scipy.special.expit(at + 8.0 * treated[0, 0]).mean()) - total

    assert base[0, 0] == pytest.approx(scipy.optimize.brentq(short, -30, 30, xtol=1e-12), abs=1e-9)
    assert np.isfinite(values).all()


def mixture(shift: float) -> tuple[Floats, Floats, Floats]:
    random = np.random.default_rng(11)
    weight = random.dirichlet(np.ones(30))
    return weight[None], (shift + 0.3 * random.normal(size=30))[None], random.uniform(0.5, 1.5, 30)[None] ** 2


@pytest.mark.parametrize("level", [0.95, 0.8])
@pytest.mark.parametrize("shift", [0.0, -2.0, 12.0])
def test_a_mixture_is_what_scipy_says(shift: float, level: float) -> None:
    weight, estimate, variance = mixture(shift)
    sd = np.sqrt(variance[0])
    out = np.empty((1, 5))
    summaries(weight, estimate, variance, (1 - level) / 2, out)
    mean = float(weight[0] @ estimate[0])
    assert out[0, 0] == pytest.approx(mean, rel=1e-12)
    assert out[0, 1] == pytest.approx(np.sqrt(weight[0] @ (variance[0] + (estimate[0] - mean) ** 2)), rel=1e-12)
    tail = weight[0] @ scipy.stats.norm.cdf(-np.sign(mean) * estimate[0] / sd)
    assert out[0, 2] == pytest.approx(np.log(tail), rel=1e-9)
    for place, probability in ((3, (1 - level) / 2), (4, (1 + level) / 2)):

        def excess(at: float, probability: float = probability) -> float:
            return float(weight[0] @ scipy.stats.norm.cdf(at, estimate[0], sd)) - probability

        assert out[0, place] == pytest.approx(scipy.optimize.brentq(excess, -60, 60, xtol=1e-13), abs=1e-7)


@pytest.mark.parametrize("z", [12.0, 40.0])
def test_far_tails_do_not_underflow(z: float) -> None:
    """At z = 40 the tail is 10^-350, below the smallest number there is; its logarithm is scipy's."""
    out = np.empty((2, 5))
    estimate = np.array([[z, z], [-z, -z]])
    summaries(np.full((2, 2), 0.5), estimate, np.ones((2, 2)), 0.025, out)
    np.testing.assert_allclose(out[:, 2], scipy.stats.norm.logsf(z), rtol=1e-7)


def test_log_tail_is_scipys_where_its_formula_changes() -> None:
    for z in (0.0, -1.0, -8.0, -29.999, -30.001, -37.0, -200.0):
        assert log_tail(z) == pytest.approx(scipy.stats.norm.logcdf(z), rel=1e-7)
