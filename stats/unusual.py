"""Were a unit's last weeks out of the ordinary, and how much of that will pass by itself?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from stats import arguments
from stats.errors import CannotEstimateError
from stats.estimate import LEAST_COMPARISONS, Components
from stats.messages import N_, Amount, Level, Message
from stats.metric import Direction
from stats.panel import ONE_WEEK, Floats, Panel
from stats.past import Past, fit_past, past_of
from stats.pilot_data import Mask

LAST_WEEKS = 6
LEAST_BEFORE = 8
UNUSUAL_Z = 1.64
"""One week in twenty is this bad by chance, and as many this good."""
AHEAD_WEEKS = 12
FLAT = 1e4
"""Prior variance, in those of one answer or log units, of a level that nothing is known of."""


class Standing(StrEnum):
    """How the last weeks stand beside those before."""

    USUAL = "usual"
    BAD = "bad"
    GOOD = "good"


@dataclass(frozen=True, kw_only=True)
class UnusualWeeks:
    """The last weeks of a unit beside its own history and its comparison units.

    Attributes:
        weeks: How many of the last weeks have data.
        level: The metric in them.
        expected: What the unit's own past, and its comparison units in the same weeks, let expect of them.
        z: Standard normal deviate of their distance from what was to be expected; positive means better.
        standing: Usual, unusually bad or unusually good.
        expected_return: By how much the coming twelve weeks are expected to differ from the last ones if nothing is
            done, in the metric's unit and relative to the comparison units: regression to the mean.
        message: The sentence.
    """

    weeks: int
    level: float
    expected: float
    z: float
    standing: Standing
    expected_return: float
    message: Message


def unusual_weeks(
    panel: Panel,
    unit: str,
    *,
    last: int = LAST_WEEKS,
    comparison_units: Sequence[str] = (),
    direction: Direction = Direction.INCREASE,
) -> UnusualWeeks:
    """Compare a unit's last weeks with what its own history and its comparison units would have let expect.

    The evaluation's own model is fitted as if something had changed in those weeks; the z score of that change is the
    test. What will pass by itself is the best linear prediction of the coming weeks less the last weeks: chance does
    not come back at all, weekly shocks die out by their correlation, the unit's level stays. With two comparison
    units or more the level is shrunk towards theirs, as in the evaluation.

    Args:
        panel: The metric up to the last week.
        unit: The unit.
        last: How many of the last weeks to look at.
        comparison_units: Units that share its weeks.
        direction: Which way is better.

    Raises:
        ValueError: `last` is below 2.
        DataError: A unit is not in the panel.
        CannotEstimateError: Fewer than 2 of the last weeks or 8 of those before have data, or all values are the same.

    Example:
        >>> from stats.metric import Kind
        >>> from stats.panel_rows import from_weeks
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(30)]
        >>> means = [3.9, 4.1] * 12 + [3.4] * 6
        >>> panel = from_weeks(kind=Kind.SCORE, unit=["A"] * 30, week=weeks, n=[25] * 30, mean=means, sd=[1.0] * 30)
        >>> found = unusual_weeks(panel, "A")
        >>> print(found.standing, found.expected_return > 0)
        bad True

    References:
        Robinson (1991), Statistical Science 6:15, for the prediction; Barnett, van der Pols & Dobson (2005),
        Int J Epidemiol 34:215, for regression to the mean.
    """
    arguments.whole("last", last, least=2)
    end = panel.weeks[-1] + ONE_WEEK
    past = past_of(panel, unit, comparison_units, before=end)
    late = past.panel.weeks >= end - last * ONE_WEEK
    if (past.seen & ~late).sum() < LEAST_BEFORE or (past.seen & late).sum() < 2:
        raise CannotEstimateError(
            N_("Too few weeks before the start to tell whether the last of them were unusually bad.")
        )
    change = fit_past(past, late.astype(np.float64)).posterior
    z = float(np.squeeze(change.z())) * direction.sign
    seen = np.flatnonzero(past.seen)
    split = np.arange(len(late)) >= seen[len(seen) // 2]
    parts = fit_past(past, split.astype(np.float64)).components
    returns = _expected_return(past, parts, late)
    level, expected = _mean(past, late), _without(past, late, float(np.squeeze(change.effect)))
    standing = Standing.USUAL
    if abs(z) > UNUSUAL_Z:
        standing = Standing.GOOD if z > 0 else Standing.BAD
    return UnusualWeeks(
        weeks=int((past.seen & late).sum()), level=level, expected=expected, z=z, standing=standing,
        expected_return=returns, message=_sentence(standing, last, level, expected, returns, direction),
    )  # fmt: skip


def _sentence(
    standing: Standing, last: int, level: float, expected: float, returns: float, direction: Direction
) -> Message:
    values: dict[str, object] = {
        "weeks": last, "level": Level(level), "expected": Level(expected), "amount": Amount(abs(returns))
    }  # fmt: skip
    if standing is Standing.USUAL:
        return Message(N_("The last {weeks} weeks were no different from the unit's usual weeks."), {"weeks": last})
    helps = returns * direction.sign > 0
    if standing is Standing.BAD and helps:
        text = N_(
            "The last {weeks} weeks were unusually bad ({level}, expected {expected}). "
            "Part of the improvement will come by itself (about {amount})."
        )
    elif standing is Standing.BAD:
        text = N_("The last {weeks} weeks were unusually bad ({level}, expected {expected}).")
    elif not helps:
        text = N_(
            "The last {weeks} weeks were unusually good ({level}, expected {expected}). "
            "They will worsen somewhat by themselves (by about {amount})."
        )
    else:
        text = N_("The last {weeks} weeks were unusually good ({level}, expected {expected}).")
    if "{amount}" not in text:
        del values["amount"]
    return Message(text, values)


def _mean(past: Past, weeks: Mask) -> float:
    """Mean of all answers in the unit's weeks, in the metric's unit."""
    chosen = past.seen & weeks
    return float(np.average(past.panel.mean[0][chosen], weights=past.panel.n[0][chosen]))


def _without(past: Past, weeks: Mask, change: float) -> float:
    """The same mean had there been no such change (working scale) in those weeks."""
    chosen = past.seen & weeks
    working = np.average(past.working.values[0][chosen], weights=past.panel.n[0][chosen])
    return float(past.working.back(np.asarray(working - change)))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Relative:
    """The unit's weeks less what its comparison units did in them, working scale.

    Attributes:
        values: (T,) NaN where there are none.
        noise: (T,) their sampling variance.
        share: Factor on one unit's variances, because others' shocks are in the difference.
        centre: Mean level of the comparison units; of the unit itself when there are none.
    """

    values: Floats
    noise: Floats
    share: float
    centre: float


def _expected_return(past: Past, parts: Components, late: Mask) -> float:
    """Predicted mean of the coming weeks less the mean of the late ones, in the metric's unit."""
    relative = _relative(past, parts)
    seen = np.flatnonzero(np.isfinite(relative.values))
    known = relative.values[seen]
    shrunk = past.comparisons >= LEAST_COMPARISONS
    level = relative.share * parts.tau**2 if shrunk else FLAT
    expected = relative.centre if shrunk else float(known.mean())
    shocks = relative.share * parts.sigma**2
    gap = np.abs(np.subtract.outer(seen, seen))
    covariance = level + shocks * parts.rho**gap + np.diag(relative.noise[seen])
    ahead = len(relative.values) + np.arange(AHEAD_WEEKS)
    to_come = level + shocks * (parts.rho ** (ahead[:, None] - seen[None, :])).mean(axis=0)
    predicted = expected + float(to_come @ np.linalg.solve(covariance, known - expected))
    recent = late[seen]
    weight = past.panel.n[0][seen][recent]
    return (predicted - float((known[recent] * weight).sum() / weight.sum())) * parts.slope


def _relative(past: Past, parts: Components) -> _Relative:
    working = past.working
    precision = working.precision / parts.scale
    with np.errstate(divide="ignore"):
        own = np.where(precision[0] > 0, 1.0 / precision[0], np.inf)
    values = np.where(precision[0] > 0, working.values[0], np.nan)
    if past.comparisons == 0:
        return _Relative(values=values, noise=own, share=1.0, centre=float(np.nanmean(values)))
    theirs, rows = precision[1:], np.nan_to_num(working.values[1:])
    chance = 1.0 / np.where(theirs > 0, theirs, 1.0)
    weight = np.where(theirs > 0, 1.0 / (parts.sigma**2 + chance), 0.0)
    levels = (weight * rows).sum(axis=1) / weight.sum(axis=1)
    both = np.isfinite(values) & (theirs > 0).any(axis=0)
    weight = np.where(both, weight / np.where(both, weight.sum(axis=0), 1.0), 0.0)
    shared = (weight * (rows - levels[:, None])).sum(axis=0)
    noise = np.where(both, own + (weight**2 * chance).sum(axis=0), np.inf)
    share = 1.0 + float((weight**2).sum(axis=0)[both].mean())
    return _Relative(
        values=np.where(both, values - shared, np.nan), noise=noise, share=share, centre=float(levels.mean())
    )
