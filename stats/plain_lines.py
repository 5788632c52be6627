"""Before against after in the pilot's own answers: what is left to say of tiny samples, and of single answers.

These lines know neither a comparison unit nor that weeks hang together, so they decide nothing. They are shown where
the answers are too few for more, and beside the estimate where single answers are at hand.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from stats.costs import difference_in_mean_costs
from stats.durations import difference_in_medians
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.means import difference_in_means_from_moments
from stats.metric import Kind
from stats.nps import difference_in_nps
from stats.ordinal import brunner_munzel
from stats.panel import Floats, Panel
from stats.pilot_data import SUNDAY, Mask
from stats.plan import Plan
from stats.proportions import boschloo_test, difference_in_proportions
from stats.rates import rate_ratio

TINY = 30.0
"""Answers (or events) on a side under which the plain lines are shown even beside an estimate."""
EXACT_TABLES = 60
RESAMPLES = 1_999


@dataclass(frozen=True, eq=False, kw_only=True)
class Answers:
    """Single answers, one row each.

    Attributes:
        unit: (R,) unit names.
        day: (R,) datetime64[D].
        value: (R,) in the metric's unit, as `stats.panel_rows.from_answers` takes them.
    """

    unit: np.ndarray[tuple[int], np.dtype[np.object_]]
    day: np.ndarray[tuple[int], np.dtype[np.datetime64]]
    value: Floats


def plain_lines(
    panel: Panel, plan: Plan, as_of: date, *, answers: Answers | None = None, estimated: bool,
    confidence_level: float = 0.95,
) -> list[EffectEstimate]:  # fmt: skip
    """Compare the pilot units' answers before and after the start.

    Args:
        panel: Weekly values.
        plan: The plan; a week that the start cuts in two is on neither side.
        as_of: Nothing after this day is used.
        answers: Single answers, where there are any.
        estimated: The primary estimate exists; then weekly sums are compared only when they are tiny.
        confidence_level: Of the intervals.

    Returns:
        The lines that the data allow, each in the metric's unit, except that `plain_brunner_munzel_probability` is the
        chance that an answer of the pilot is above one from before, a tie counting half.
    """
    lines: list[EffectEstimate] = []
    sides = _sums(panel, plan, as_of)
    if sides is not None and (not estimated or min(sides[0].size, sides[1].size) < TINY):
        lines += _of_sums(plan.kind, *sides, confidence_level)
    if answers is not None:
        lines += _of_answers(plan, answers, as_of, confidence_level)
    return lines


@dataclass(frozen=True, kw_only=True)
class _Side:
    """What one side's answers add up to."""

    n: float
    mean: float
    sd: float
    count: float
    size: float


def _sums(panel: Panel, plan: Plan, as_of: date) -> tuple[_Side, _Side] | None:
    """Both sides of the pilot units pooled exactly; None when a side has no answers."""
    rows = [unit for unit in plan.pilot_units if unit in panel.units]
    if not rows:
        return None
    until = np.datetime64(min(as_of, plan.end), "D") - SUNDAY
    sides = []
    for after in (False, True):
        parts = []
        for unit in rows:
            start = np.datetime64(plan.starts.get(unit, plan.start), "D")
            weeks = panel.weeks >= start if after else panel.weeks + SUNDAY < start
            j = panel.units.index(unit)
            keep = weeks & (panel.weeks <= until) & panel.observed[j]
            parts.append(np.stack([panel.n[j, keep], panel.mean[j, keep], panel.sd[j, keep], panel.count[j, keep]]))
        n, mean, sd, count = np.concatenate(parts, axis=1)
        if not n.sum() > 0:
            return None
        grand = float((n * mean).sum() / n.sum())
        squares = float((np.where(n > 1, (n - 1) * sd**2, 0.0) + n * (mean - grand) ** 2).sum())
        spread = float(np.sqrt(squares / (n.sum() - 1))) if n.sum() > 1 else float("nan")
        counted = float(count.sum()) if panel.kind.counted else float("nan")
        size = counted if panel.kind is Kind.COUNT else float(n.sum())
        sides.append(_Side(n=float(n.sum()), mean=grand, sd=spread, count=counted, size=size))
    return sides[0], sides[1]


def _of_sums(kind: Kind, before: _Side, after: _Side, level: float) -> list[EffectEstimate]:
    try:
        if kind is Kind.PROPORTION:
            table = (int(before.count), int(before.n), int(after.count), int(after.n))
            newcombe = difference_in_proportions(*table, confidence_level=level)
            score = difference_in_proportions(*table, confidence_level=level, method="miettinen-nurminen")
            lines = [replace(newcombe, method="plain_newcombe"), _named(score, "plain_miettinen_nurminen")]
            if before.n + after.n <= EXACT_TABLES:
                lines.append(_named(boschloo_test(*table, confidence_level=level), "plain_boschloo"))
            return lines
        if kind is Kind.COUNT:
            ratio = rate_ratio(int(before.count), before.n, int(after.count), after.n, confidence_level=level)
            rate = before.count / before.n
            if not rate > 0:
                return []
            ends = Interval(low=rate * (ratio.interval.low - 1), high=rate * (ratio.interval.high - 1))
            return [
                EffectEstimate(
                    effect=rate * (ratio.effect - 1), standard_error=float("nan"), interval=ends,
                    method="plain_exact_rate_ratio",
                )
            ]  # fmt: skip
        if not (np.isfinite(before.sd) and np.isfinite(after.sd)):
            return []
        welch = difference_in_means_from_moments(
            int(before.n), before.mean, before.sd, int(after.n), after.mean, after.sd, confidence_level=level
        )
        return [_named(welch, "plain_welch")]
    except CannotEstimateError:
        return []


def _of_answers(plan: Plan, answers: Answers, as_of: date, level: float) -> list[EffectEstimate]:
    before, after = (_values(plan, answers, as_of, after=side) for side in (False, True))
    if min(len(before), len(after)) < 2 or plan.kind.counted:
        return []
    lines: list[EffectEstimate] = []
    try:
        found = brunner_munzel(before, after, confidence_level=level)
        lines.append(_named(found, "plain_brunner_munzel_probability"))
        if plan.kind is Kind.NPS:
            coded = np.isin(np.concatenate([before, after]), (-100.0, 0.0, 100.0)).all()
            scale: Literal["0-10", "-100/0/100"] = "-100/0/100" if coded else "0-10"
            found = difference_in_nps(before, after, confidence_level=level, scale=scale)
            lines.append(_named(found, "plain_adjusted_wald"))
        if plan.kind is Kind.COST:
            cost = difference_in_mean_costs(before, after, confidence_level=level, resamples=RESAMPLES)
            lines.append(replace(_named(cost, "plain_bca_bootstrap"), interval=cost.bca))
        if plan.kind is Kind.DURATION and min(len(before), len(after)) >= 5:
            lines.append(_named(difference_in_medians(before, after, confidence_level=level), "plain_medians"))
    except CannotEstimateError:
        pass
    return lines


def _values(plan: Plan, answers: Answers, as_of: date, *, after: bool) -> Floats:
    starts = {unit: np.datetime64(plan.starts.get(unit, plan.start), "D") for unit in plan.pilot_units}
    keep: Mask = np.zeros(len(answers.value), dtype=bool)
    for unit, start in starts.items():
        days = answers.day >= start if after else answers.day < start
        keep |= (answers.unit == unit) & days
    keep &= answers.day <= np.datetime64(min(as_of, plan.end), "D")
    return answers.value[keep]


def _named(found: EffectEstimate, method: str) -> EffectEstimate:
    return EffectEstimate(
        effect=found.effect, standard_error=found.standard_error, interval=found.interval, method=method
    )
