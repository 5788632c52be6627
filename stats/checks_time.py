"""Checks of time: bad weeks before the start, drift, trend, season, fading."""

from __future__ import annotations

import numpy as np

from stats.check import MANY_COMPARISONS, Check
from stats.contrast import contrast
from stats.errors import CannotEstimateError
from stats.estimate import CONTROLLED, Estimate, estimate
from stats.messages import N_, Amount, Message
from stats.pilot_data import PilotData, last_weeks_before

LEAST_TREND_WEEKS = 6
FLAG_Z = 2.24  # two-sided 2.5 %: a false flag keeps a good pilot from scaling
UNUSUAL_Z = 1.64
LEAST_DIFFERENCE = 0.2
WORTH = 0.5  # of the smallest change: less than that is left without the bad weeks


def regression_to_the_mean(found: Estimate) -> Check | None:
    """Were the weeks before the start unusually bad, and does the result depend on them?"""
    data = found.data
    stated = data.trigger.any()
    window = data.trigger if stated else last_weeks_before(data)
    source = data if not stated or found.method == CONTROLLED else None
    sign = data.plan.direction.sign
    if source is None:
        return Check(
            name="regression_to_the_mean", passed=True,
            detail=Message(N_("The weeks that triggered the pilot are left out of the comparison.")),
        )  # fmt: skip
    before = ~data.after
    if (before & ~window).sum() < LEAST_TREND_WEEKS // 2 or not (before & window).any():
        return Check(
            name="regression_to_the_mean", passed=None,
            detail=Message(N_("Too few weeks before the start to tell whether the last of them were unusually bad.")),
        )  # fmt: skip
    z = contrast(found, window.astype(np.float64)).z * sign
    if np.isnan(z):  # no comparison unit was seen in those weeks, or in the others
        return Check(
            name="regression_to_the_mean", passed=None,
            detail=Message(N_("Too few weeks before the start to tell whether the last of them were unusually bad.")),
        )  # fmt: skip
    if z > -UNUSUAL_Z:
        return Check(
            name="regression_to_the_mean", passed=True,
            detail=Message(N_("The weeks just before the start were not unusually bad.")),
        )  # fmt: skip
    try:
        again = estimate(data.without(window))
    except CannotEstimateError:
        text = N_("The weeks just before the start were unusually bad, and without them too few are left to compare.")
        return Check(name="regression_to_the_mean", passed=False, detail=Message(text), blocks_scale=True)
    values = {"effect": Amount(found.effect), "without": Amount(again.effect)}
    text = N_(
        "The weeks just before the start were unusually bad, so some recovery was to be expected; "
        "the effect is {effect} with them and {without} without them."
    )
    # The model has taken the expected recovery out; a gain that needs those weeks more than chance allows is in doubt.
    hangs = (found.effect - again.effect) * sign > FLAG_Z * _difference_error(found, again)
    doubtful = found.method != CONTROLLED or (hangs and again.effect * sign < WORTH * data.plan.smallest_change)
    passed = False if doubtful else None
    return Check(name="regression_to_the_mean", passed=passed, detail=Message(text, values), blocks_scale=True)


def drift(found: Estimate) -> Check | None:
    """Was the pilot unit already drifting away from the others (or at all) before the start?"""
    data = found.data
    window = data.trigger if data.trigger.any() else last_weeks_before(data)
    usable = ~data.after & ~window
    if (usable & data.panel.observed[: data.pilots].any(axis=0)).sum() < LEAST_TREND_WEEKS:
        return _drift_untold()
    weeks = np.arange(len(usable), dtype=np.float64)
    slope = np.where(usable, weeks - weeks[usable].mean(), 0.0)
    z = contrast(found, slope, leave_out=window).z
    if np.isnan(z):
        return _drift_untold()
    blocks = found.method == CONTROLLED and data.comparisons < MANY_COMPARISONS and not data.plan.randomised
    if abs(z) < FLAG_Z:
        text = N_("Before the start the pilot unit did not drift away from the comparison units.")
        if data.comparisons == 0:
            text = N_("Before the start the series was level.")
        return Check(name="drift", passed=True, detail=Message(text), blocks_scale=blocks)
    if z * data.plan.direction.sign > 0:
        text = N_("The pilot unit was already getting better before the start; the change may not be the reason.")
    else:
        text = N_("The pilot unit was getting worse before the start; the comparison may be off.")
    return Check(name="drift", passed=False, detail=Message(text), blocks_scale=blocks)


def _drift_untold() -> Check:
    text = N_("Too few weeks before the start to tell whether the unit was already changing.")
    return Check(name="drift", passed=None, detail=Message(text))


def secular_trend(found: Estimate) -> Check | None:
    """Did the comparison units change over the same time?"""
    data = found.data
    if data.comparisons == 0:
        text = N_("There is no comparison unit, so a change that happened everywhere would look like an effect.")
        return Check(name="secular_trend", passed=False, detail=Message(text))
    pilot = np.mean([_change(data, j) for j in range(data.pilots)])
    others = np.mean([_change(data, j) for j in range(data.pilots, len(data.panel.units))])
    text = N_("Over the same time the pilot changed by {pilot} and the comparison units by {others}.")
    values = {"pilot": Amount(pilot), "others": Amount(others)}
    return Check(name="secular_trend", passed=None, detail=Message(text, values))


def season(found: Estimate) -> Check:
    """How is the time of year handled?"""
    if found.data.comparisons:
        return Check(
            name="season", passed=True,
            detail=Message(N_("The comparison units lived through the same season, which is thereby taken out.")),
        )  # fmt: skip
    if found.harmonics:
        return Check(
            name="season", passed=None,
            detail=Message(N_("The season is estimated from more than a year of the unit's own history.")),
        )  # fmt: skip
    text = N_("Less than a year of history and no comparison unit: the season cannot be told from the effect.")
    return Check(name="season", passed=False, detail=Message(text))


def novelty_fade(found: Estimate) -> Check | None:
    """Is the effect of the later weeks smaller than that of the first?"""
    data = found.data
    after = np.flatnonzero(data.after)
    if len(after) < LEAST_TREND_WEEKS:
        return None
    late = np.zeros(len(data.after))
    late[after[len(after) // 2 :]] = 1.0
    halves = contrast(found, late)
    early_effect, late_effect, z = halves.effect, halves.effect + halves.extra, halves.z
    if np.isnan(z):  # the halves cannot be told apart
        return None
    sign = data.plan.direction.sign
    values = {"early": Amount(early_effect), "late": Amount(late_effect)}
    faded = z * sign < -FLAG_Z and late_effect * sign < data.plan.smallest_change
    if faded:
        text = N_("The effect has faded: {early} in the first half of the pilot, {late} in the second.")
    else:
        text = N_("The effect was {early} in the first half of the pilot and {late} in the second.")
    return Check(name="novelty_fade", passed=not faded, detail=Message(text, values), blocks_scale=True)


def _change(data: PilotData, unit: int) -> float:
    """A unit's plain before-after change; a comparison unit's after is the pilot's."""
    seen = data.panel.observed[unit]
    after = data.treated[unit] > 0 if unit < data.pilots else data.after
    return float(data.panel.mean[unit][seen & after].mean() - data.panel.mean[unit][seen & ~after].mean())


def _difference_error(found: Estimate, again: Estimate) -> float:
    """Standard error of the difference to an estimate from part of the same data (Hausman 1978)."""
    variance = again.standard_error**2 - found.standard_error**2
    return float(np.sqrt(max(variance, (LEAST_DIFFERENCE * found.standard_error) ** 2)))
