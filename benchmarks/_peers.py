"""What others would do with the same pilots: the usual tests on the pilot alone, looked at every week.

Methods that use the comparison units are in `_controlled_peers`.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy.special
import scipy.stats
import statsmodels.api as sm
import tea_tasting as tt

from stats.metric import Kind
from stats.panel import Panel
from stats.plan import Plan

ALPHA = 0.025
HAC_LAGS = 3


def welch_says_scale(panel: Panel, plan: Plan) -> bool:
    """Welch's t-test on all the pilot's answers, at every planned review; scale at the first significant one."""
    return any(_welch(panel, plan, weeks) for weeks in weeks_at_reviews(panel, plan))


def segmented_says_scale(panel: Panel, plan: Plan) -> bool:
    """Segmented regression (level and trend) with Newey-West errors, at every planned review."""
    return any(_segmented(panel, plan, weeks) for weeks in weeks_at_reviews(panel, plan))


def tea_tasting_says_scale(panel: Panel, plan: Plan) -> bool:
    """tea-tasting's Mean metric on single answers, before the start against after it, at every planned review.

    Both are what its users would have: one row an answer, two variants, Welch's test (its default).
    """
    better = "greater" if plan.direction.sign > 0 else "less"
    experiment = tt.Experiment(value=tt.Mean("value", alternative=better))
    for weeks in weeks_at_reviews(panel, plan):
        value, after = single_answers(panel, plan, weeks)
        data = pl.DataFrame({"variant": after.astype(np.int64), "value": value})
        if experiment.analyze(data, control=0)["value"].pvalue < ALPHA:
            return True
    return False


def single_answers(panel: Panel, plan: Plan, weeks: int) -> tuple[np.ndarray, np.ndarray]:
    """The pilot's single answers up to a week, and whether each was given after the start.

    The panel knows how many answers a week had, their mean and their SD. Answers are made that have exactly these (the
    shape of the normal distribution; 0 and 1 for a proportion), which is all that a test of means looks at. A week's
    count of events is one row, divided by its exposure.
    """
    n, mean, sd, after, _ = _pilot(panel, plan, weeks)
    if panel.kind is Kind.COUNT:
        return mean, after
    sizes = np.round(n).astype(int)
    if panel.kind is Kind.PROPORTION:
        rows = [np.arange(size) < round(size * share) for size, share in zip(sizes, mean, strict=True)]
    else:
        rows = [centre + spread * _pattern(size) for size, centre, spread in zip(sizes, mean, sd, strict=True)]
    return np.concatenate(rows).astype(np.float64), np.repeat(after, sizes)


def _pattern(size: int) -> np.ndarray:
    """Normal scores with mean 0 and SD 1; one answer is 0."""
    if size == 1:
        return np.zeros(1)
    scores = scipy.special.ndtri((np.arange(size) + 0.5) / size)
    return scores / scores.std(ddof=1)


def weeks_at_reviews(panel: Panel, plan: Plan) -> list[int]:
    """How many of the panel's weeks are complete at each planned review."""
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
