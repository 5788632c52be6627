"""What others would do with the same pilots: the usual tests, looked at every week."""

from __future__ import annotations

import numpy as np
import scipy.stats
import statsmodels.api as sm

from stats.metric import Kind
from stats.panel import Panel
from stats.plan import Plan

ALPHA = 0.025
HAC_LAGS = 3


def welch_says_scale(panel: Panel, plan: Plan) -> bool:
    """Welch's t-test on all the pilot's answers, at every planned review; scale at the first significant one."""
    return any(_welch(panel, plan, weeks) for weeks in _weeks_after(panel, plan))


def segmented_says_scale(panel: Panel, plan: Plan) -> bool:
    """Segmented regression (level and trend) with Newey-West errors, at every planned review."""
    return any(_segmented(panel, plan, weeks) for weeks in _weeks_after(panel, plan))


def _weeks_after(panel: Panel, plan: Plan) -> list[int]:
    sundays = panel.weeks + np.timedelta64(6, "D")
    return [int((sundays <= np.datetime64(review)).sum()) for review in plan.reviews]


def _pilot(panel: Panel, plan: Plan, weeks: int) -> tuple[np.ndarray, ...]:
    row = panel.units.index(plan.pilot_units[0])
    seen = panel.observed[row, :weeks]
    n, mean, sd = (grid[row, :weeks][seen] for grid in (panel.n, panel.mean, panel.sd))
    if panel.kind is Kind.PROPORTION:
        sd = np.sqrt(mean * (1 - mean) * n / np.maximum(n - 1, 1))
    if panel.kind is Kind.COUNT:
        sd = np.sqrt(mean)
    after = panel.weeks[:weeks][seen] >= np.datetime64(plan.start)
    return n, mean, sd, after, np.flatnonzero(seen).astype(float)


def _welch(panel: Panel, plan: Plan, weeks: int) -> bool:
    n, mean, sd, after, _ = _pilot(panel, plan, weeks)
    sides = []
    for side in (after, ~after):
        total = n[side].sum()
        centre = (n[side] * mean[side]).sum() / total
        squares = ((n[side] - 1) * sd[side] ** 2 + n[side] * (mean[side] - centre) ** 2).sum()
        if panel.kind is Kind.COUNT:
            squares = centre * max(total - 1, 1)
        sides += [centre, np.sqrt(squares / max(total - 1, 1)), total]
    test = scipy.stats.ttest_ind_from_stats(*sides, equal_var=False)
    return bool(test.statistic * plan.direction.sign > 0 and test.pvalue / 2 < ALPHA)


def _segmented(panel: Panel, plan: Plan, weeks: int) -> bool:
    _, mean, _, after, time = _pilot(panel, plan, weeks)
    first = time[after][0]
    columns = np.column_stack([after, np.ones(len(time)), time, np.where(after, time - first, 0.0)])
    fit = sm.OLS(mean, columns).fit(cov_type="HAC", cov_kwds={"maxlags": HAC_LAGS})
    return bool(fit.tvalues[0] * plan.direction.sign > scipy.stats.norm.isf(ALPHA))
