"""The same question by other methods, shown beside the primary estimate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import scipy.stats

from stats.check import MANY_COMPARISONS
from stats.effect import EffectEstimate, Interval
from stats.errors import CannotEstimateError
from stats.estimate import CONTROLLED, Estimate, estimate
from stats.misclassification import difference_in_checked_shares
from stats.misread import Misclassification
from stats.panel import Floats, Panel
from stats.pilot_data import Mask, PilotData, last_weeks_before, prepare
from stats.plan import Plan


def sensitivity_lines(found: Estimate, data: PilotData, *, confidence_level: float = 0.95) -> list[EffectEstimate]:
    """Return the sensitivity lines of the design.

    Args:
        found: The primary estimate.
        data: The data with every week, the trigger window included.
        confidence_level: Of the intervals.
    """
    window = data.trigger if data.trigger.any() else last_weeks_before(data)
    lines: list[EffectEstimate] = []
    if found.method == CONTROLLED:
        lines += _again(data.without(window), f"{CONTROLLED}_without_trigger_weeks", confidence_level)
        lines += difference_in_differences(data.without(window), confidence_level)
        if data.comparisons >= MANY_COMPARISONS:
            lines += unit_ancova(data, confidence_level)
        return lines
    if not data.trigger.any():
        lines += _again(data.without(window), f"{found.method}_without_last_weeks", confidence_level)
    if data.comparisons:
        alone = PilotData(
            plan=data.plan, panel=data.panel.restricted(units=data.panel.units[: data.pilots]), pilots=data.pilots,
            treated=data.treated[: data.pilots], trigger=data.trigger, left_out=data.left_out,
        )  # fmt: skip
        lines += _again(alone, "single_series_reml_pilot_alone", confidence_level)
    return lines


def difference_in_differences(data: PilotData, confidence_level: float = 0.95) -> list[EffectEstimate]:
    """Change of the pilot units less that of the comparison units, each unit one value; t over the units.

    The spread between comparison units stands for that of the pilot, since one pilot unit has none of its own.
    """
    changes = unit_changes(data)
    if changes is None:
        return []
    pilots, others = changes[: data.pilots], changes[data.pilots :]
    df = len(others) - 1
    error = float(others.std(ddof=1) * np.sqrt(1 / len(pilots) + 1 / len(others)))
    error = float(np.hypot(error, _shared_error(data)))
    effect = float(pilots.mean() - others.mean())
    return [_t_line("difference_in_differences_without_trigger_weeks", effect, error, df, confidence_level)]


def unit_ancova(data: PilotData, confidence_level: float = 0.95) -> list[EffectEstimate]:
    """After-mean of each unit regressed on its before-mean and on being a pilot unit; not of corrected shares."""
    if data.panel.shared is not None:
        return []
    sides = [_side_mean(data, j, after=side) for side in (False, True) for j in range(len(data.panel.units))]
    before, after = np.array(sides).reshape(2, -1)
    pilot = (np.arange(len(before)) < data.pilots).astype(np.float64)
    columns = np.column_stack([pilot, np.ones(len(before)), before - before.mean()])
    df = len(before) - 3
    if df < 1 or not np.isfinite(columns).all() or np.linalg.matrix_rank(columns) < 3:
        return []
    inverse = np.linalg.inv(columns.T @ columns)
    coefficients = inverse @ columns.T @ after
    residual = after - columns @ coefficients
    error = float(np.sqrt(residual @ residual / df * inverse[0, 0]))
    return [_t_line("unit_ancova", float(coefficients[0]), error, df, confidence_level)]


def unit_changes(data: PilotData) -> Floats | None:
    """(J,) plain before-after change of every unit; None when a unit lacks a side."""
    changes = np.array(
        [_side_mean(data, j, after=True) - _side_mean(data, j, after=False) for j in range(len(data.panel.units))]
    )
    return changes if np.isfinite(changes).all() and len(changes) - data.pilots >= 2 else None


def uncorrected_lines(
    counted: Panel, plan: Plan, as_of: date, found: Misclassification, *, confidence_level: float = 0.95
) -> list[EffectEstimate]:
    """Beside a corrected share: what the model counted, taken as it is, and the two periods compared as a whole.

    Args:
        counted: The panel as the model counted it.
        plan: The plan.
        as_of: Nothing after this day is used.
        found: What people's checks say.
        confidence_level: Of the intervals.
    """
    data = prepare(counted, plan, min(as_of, plan.end))
    plain = difference_in_checked_shares(found.before, found.after, confidence_level=confidence_level)
    return [*_again(data, "uncorrected", confidence_level), replace(plain, method="plain_checked_shares")]


def _shared_error(data: PilotData) -> float:
    """SD of the difference in differences that comes from errors which weeks share."""
    if data.panel.shared is None:
        return 0.0
    moved = [unit_changes(replace(data, panel=replace(data.panel, mean=np.where(data.panel.observed, one, np.nan))))
             for one in data.panel.shared.directions[data.panel.shared.signs > 0]]  # fmt: skip
    gaps = [float(one[: data.pilots].mean() - one[data.pilots :].mean()) for one in moved if one is not None]
    return float(np.sqrt(np.square(gaps).sum()))


def _side_mean(data: PilotData, unit: int, *, after: bool) -> float:
    own: Mask = data.treated[unit] > 0 if unit < data.pilots else data.after
    weeks = data.panel.observed[unit] & (own == after)
    return float(data.panel.mean[unit][weeks].mean()) if weeks.any() else float("nan")


def _again(data: PilotData, method: str, confidence_level: float) -> list[EffectEstimate]:
    """The primary model on other weeks or units; no line when those do not identify the effect."""
    if any(data.side(j, after=False).sum() < 2 for j in range(data.pilots)):
        return []
    try:
        found = estimate(data, confidence_level=confidence_level)
    except CannotEstimateError:
        return []
    return [
        EffectEstimate(
            effect=found.effect, standard_error=found.standard_error, interval=found.interval, method=method
        )
    ]  # fmt: skip


def _t_line(method: str, effect: float, error: float, df: int, level: float) -> EffectEstimate:
    reach = float(scipy.stats.t.isf((1 - level) / 2, df)) * error
    return EffectEstimate(
        effect=effect, standard_error=error, interval=Interval(low=effect - reach, high=effect + reach), method=method
    )
