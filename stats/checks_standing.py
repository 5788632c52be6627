"""Does the result stand: against units that changed nothing, and without a week that stands far out?"""

from __future__ import annotations

import numpy as np

from stats.check import MANY_COMPARISONS, Check
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.messages import N_, Amount, Message
from stats.pilot_data import Mask, PilotData, emptied
from stats.sensitivity import unit_changes
from stats.working_scale import to_working

FAR_OUT = 12.0
"""Robust standard deviations from the unit's and the week's own level; chance does not reach that."""
NORMAL_MAD = 1.4826
LEAST_CELLS, LEAST_UNITS = 20, 5


def placebo_rank(data: PilotData) -> Check | None:
    """How many comparison units, in which nothing was changed, changed as much for the better as the pilot?

    Where the pilot was drawn by lot this is the permutation test of the drawing (Fisher 1935): one pilot first of
    twenty units has a one-sided chance of one in twenty. It informs; the mixed model weighs the weeks as well.

    Args:
        data: The pilot's weeks.

    Returns:
        The check; None with fewer than five comparison units (two where units were drawn by lot).
    """
    least = 2 if data.plan.randomised else MANY_COMPARISONS
    changes = unit_changes(data) if data.comparisons >= least else None
    if changes is None:
        return None
    better = changes * data.plan.direction.sign
    as_good = int((better[data.pilots :] >= better[: data.pilots].mean()).sum())
    text = N_("Of the {others} comparison units, in which nothing was changed, {better} got at least as much better as "
              "the pilot.")  # fmt: skip
    return Check(
        name="placebo_rank", passed=None, detail=Message(text, {"others": data.comparisons, "better": as_good})
    )


def extreme_weeks(found: Estimate, data: PilotData) -> Check | None:
    """Does the gain hang on a week that stands far out, such as a mistyped number?

    Args:
        found: The estimate.
        data: The same weeks, those left out of a single series included.

    Returns:
        The check; None when no week stands far out.
    """
    cells = extreme_cells(data)
    if not cells.any():
        return None
    sign = data.plan.direction.sign
    unit, week = (int(place[0]) for place in np.nonzero(cells))
    values = {"count": int(cells.sum()), "unit": data.panel.units[unit], "week": data.panel.weeks[week]}
    try:
        without = estimate(_without(data, cells)).effect
    except CannotEstimateError:
        text = N_("{count} weekly values stand far out (the first in unit {unit}, week of {week}); without them "
                  "nothing can be estimated.")  # fmt: skip
        return Check(name="extreme_weeks", passed=False, detail=Message(text, values), blocks_scale=True)
    text = N_("{count} weekly values stand far out (the first in unit {unit}, week of {week}); the effect is {effect} "
              "with them and {without} without them. Check the numbers.")  # fmt: skip
    values |= {"effect": Amount(found.effect), "without": Amount(without)}
    held = without * sign >= data.plan.smallest_change
    return Check(name="extreme_weeks", passed=held, detail=Message(text, values), blocks_scale=True)


def extreme_cells(data: PilotData) -> Mask:
    """(J, T) True where a weekly value is farther than FAR_OUT from its unit's and its week's level.

    Both levels are medians, before and after the start apart in the pilot units, so that neither the effect nor the
    value itself moves them much.
    """
    working = to_working(data.panel)
    seen = working.precision > 0
    none = np.zeros_like(seen)
    if seen.sum() < LEAST_CELLS:
        return none
    rest = np.where(seen, working.values, np.nan)
    for after in (False, True):
        for j in range(len(rest)):
            side = (data.treated[j] > 0) == after if j < data.pilots else data.after == after
            if seen[j, side].any():
                rest[j, side] -= np.nanmedian(rest[j, side])
    for t in range(rest.shape[1]):
        if seen[:, t].sum() >= LEAST_UNITS:  # with three units the median of a week is one of its own values
            rest[:, t] -= np.nanmedian(rest[:, t])
    spread = NORMAL_MAD * float(np.nanmedian(np.abs(rest)))
    return np.asarray(seen & (np.abs(np.nan_to_num(rest)) > FAR_OUT * spread)) if spread > 0 else none


def _without(data: PilotData, cells: Mask) -> PilotData:
    return PilotData(
        plan=data.plan, panel=emptied(data.panel, cells), pilots=data.pilots, treated=data.treated,
        trigger=data.trigger, left_out=data.left_out,
    )  # fmt: skip
