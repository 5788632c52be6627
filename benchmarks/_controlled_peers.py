"""What others would do with the same pilots and their comparison units, looked at every week.

Without comparison units differences in differences and the mixed model have nothing to say, which is not "scale".
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats
import statsmodels.api as sm
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.tsa.statespace.structural import UnobservedComponents

from benchmarks._peers import ALPHA, weeks_at_reviews
from stats.panel import Floats, Panel
from stats.plan import Plan

LONGEST_SEARCH = 50


def causal_impact_says_scale(panel: Panel, plan: Plan) -> bool:
    """A structural time series fitted before the start; scale at the first review whose cumulative effect is beyond.

    The pilot's weekly mean is a local level plus a regression on the mean of the comparison units (a local level alone
    without any), fitted once by maximum likelihood on the weeks before the start. See `Forecast` for the interval.
    """
    forecast = forecast_without_change(panel, plan)
    bound = float(scipy.stats.norm.isf(ALPHA))
    return any(forecast.z(weeks) * plan.direction.sign > bound for weeks in weeks_at_reviews(panel, plan))


@dataclass(frozen=True, eq=False, kw_only=True)
class Forecast:
    """The pilot's weeks after the start as they would have been, from the weeks before it.

    The covariance of the forecast errors has the uncertainty of the last level and of the coefficient (both are
    states, with diffuse starts), the level's steps since, and each week's own noise. The two variances are plugged
    in at their maximum likelihood (CausalImpact samples them, under a prior that wants small steps).

    Attributes:
        first: Index of the first week after the start.
        error: (A,) observed less forecast; NaN where the pilot or every comparison unit has no data.
        covariance: (A, A) of the forecast errors.
    """

    first: int
    error: Floats
    covariance: Floats

    def z(self, weeks: int) -> float:
        """Cumulative effect over its standard error, from the start up to a number of weeks of the panel."""
        used = np.flatnonzero(np.isfinite(self.error[: weeks - self.first]))
        if len(used) == 0:
            return 0.0
        return float(self.error[used].sum() / np.sqrt(self.covariance[np.ix_(used, used)].sum()))


def forecast_without_change(panel: Panel, plan: Plan) -> Forecast:
    """Fit the structural model before the start and forecast all weeks after it."""
    pilots = [panel.units.index(unit) for unit in plan.pilot_units]
    others = [row for row in range(len(panel.units)) if row not in pilots]
    pilot, first = _mean_of(panel, pilots), int((panel.weeks < np.datetime64(plan.start)).sum())
    comparison = _mean_of(panel, others) if others else np.zeros(len(pilot))
    pilot = np.where(np.isfinite(comparison), pilot, np.nan)
    before = pilot[:first]
    centre, spread = float(np.nanmean(before)), float(np.nanstd(before))
    y = (pilot - centre) / spread
    z = np.ones((len(y), 1))  # what the level, and the coefficient, are multiplied by in a week
    if others:
        x = np.nan_to_num((comparison - np.nanmean(comparison[:first])) / np.nanstd(comparison[:first]))
        z = np.column_stack([z, x])
    exog = z[:first, 1:] if others else None
    model = UnobservedComponents(y[:first], level="local level", exog=exog, mle_regression=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a dozen weeks, and a search that is stopped early
        fit = model.fit(disp=False, maxiter=LONGEST_SEARCH, cov_type="none")
    noise, steps = (float(fit.params[model.param_names.index(name)]) for name in ("sigma2.irregular", "sigma2.level"))
    state, uncertainty = fit.predicted_state[:, -1], fit.predicted_state_cov[:, :, -1]
    ahead = z[first:]
    order = np.arange(len(ahead))
    covariance = (
        ahead @ uncertainty @ ahead.T + steps * np.minimum.outer(order, order) + noise * np.eye(len(ahead))
    )  # fmt: skip
    return Forecast(first=first, error=(y[first:] - ahead @ state) * spread, covariance=covariance * spread**2)


def did_says_scale(panel: Panel, plan: Plan) -> bool:
    """Difference in differences on weekly means with unit and week effects and plain errors, at every review."""
    return any(_did(panel, plan, weeks, clustered=False) for weeks in weeks_at_reviews(panel, plan))


def clustered_did_says_scale(panel: Panel, plan: Plan) -> bool:
    """The same with errors clustered by unit, of which one is treated, and t on the number of units less 1."""
    return any(_did(panel, plan, weeks, clustered=True) for weeks in weeks_at_reviews(panel, plan))


def mixed_says_scale(panel: Panel, plan: Plan) -> bool:
    """statsmodels' MixedLM, random units and fixed weeks, no shocks, at every planned review.

    A review at which its search fails says nothing.
    """
    return any(_mixed(panel, plan, weeks) for weeks in weeks_at_reviews(panel, plan))


def _mean_of(panel: Panel, rows: list[int]) -> Floats:
    """(T,) mean of some units' weekly means; NaN where none has data."""
    seen = panel.observed[rows]
    total = np.where(seen, panel.mean[rows], 0.0).sum(axis=0)
    return np.where(seen.any(axis=0), total / np.maximum(seen.sum(axis=0), 1), np.nan)


def _long(panel: Panel, plan: Plan, weeks: int) -> tuple[Floats, Floats, npt.NDArray[np.int64], Floats]:
    """Weekly means in one column, what is treated, which unit each belongs to, and columns for the weeks."""
    unit, week = np.nonzero(panel.observed[:, :weeks])
    pilot = np.isin(unit, [panel.units.index(name) for name in plan.pilot_units])
    treated = pilot & (panel.weeks[week] >= np.datetime64(plan.start))
    return (
        panel.mean[unit, week], treated.astype(np.float64), unit.astype(np.int64),
        (week[:, None] == np.unique(week)).astype(np.float64),
    )  # fmt: skip


def _did(panel: Panel, plan: Plan, weeks: int, *, clustered: bool) -> bool:
    if len(panel.units) == len(plan.pilot_units):
        return False
    mean, treated, unit, week = _long(panel, plan, weeks)
    units = (unit[:, None] == np.unique(unit)[1:]).astype(np.float64)
    model = sm.OLS(mean, np.column_stack([treated, week, units]))
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": unit}, use_t=True) if clustered else model.fit()
    return bool(fit.tvalues[0] * plan.direction.sign > 0 and fit.pvalues[0] / 2 < ALPHA)


def _mixed(panel: Panel, plan: Plan, weeks: int) -> bool:
    if len(panel.units) == len(plan.pilot_units):
        return False
    mean, treated, unit, week = _long(panel, plan, weeks)
    model = MixedLM(mean, np.column_stack([treated, week]), groups=unit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns when the units' variance is estimated as 0
        try:
            fit = model.fit()
        except np.linalg.LinAlgError:  # its search can end at a singular matrix with two comparison units
            return False
    return bool(fit.tvalues[0] * plan.direction.sign > scipy.stats.norm.isf(ALPHA))
