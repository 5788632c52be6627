"""What coming weeks would bring: standard errors projected ahead, the effect they find, and how many it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.stats

from stats.estimate import CONTROLLED, Estimate, single_series
from stats.henderson import solve
from stats.panel import ONE_WEEK, Floats
from stats.single_series import design, solve_fixed

RECENT_WEEKS = 8
MOST_WEEKS = 104
WORTHWHILE_WEEKS, WORTHWHILE_RATIO = 26, 0.85


@dataclass(frozen=True, kw_only=True)
class Projection:
    """Standard errors of the effect if the pilot went on, in the metric's unit.

    Attributes:
        estimate: The estimate that is projected; its own standard error is the anchor.
        precision: (J, T) precision of the working data, or (1, T) of the single series.
        future: (J,) expected precision of a coming week, or (1,).
    """

    estimate: Estimate
    precision: Floats
    future: Floats

    def standard_error(self, further_weeks: int) -> float:
        """Standard error after `further_weeks` more weeks like the last ones; what weeks do not tell apart is kept."""
        ratio = self._plain(further_weeks) / self._plain(0)
        error, shared = self.estimate.standard_error, self.estimate.shared_variance
        if shared > 0:
            return float(np.sqrt(max(error**2 - shared, 0.0) * ratio + shared))
        return error * float(np.sqrt(ratio))

    def _plain(self, further: int) -> float:
        """Variance at the fixed components."""
        parts, data = self.estimate.components, self.estimate.data
        precision = np.concatenate([self.precision, np.repeat(self.future[:, None], further, axis=1)], axis=1)
        last = data.treated[:, -1:]
        treated = np.concatenate([data.treated, np.repeat(last, further, axis=1)], axis=1)
        if self.estimate.method == CONTROLLED:
            solution = solve(
                np.zeros_like(precision), precision / parts.scale, treated[None],
                rho=parts.rho, sigma=parts.sigma, tau=parts.tau,
            )  # fmt: skip
            return float(solution.coefficient_covariance[0, 0])
        columns = design(precision.shape[1], treated[: data.pilots].mean(axis=0), harmonics=self.estimate.harmonics)
        none = np.zeros(precision.shape[1])
        return float(solve_fixed(none, precision[0] / parts.scale, columns, rho=parts.rho, sigma=parts.sigma)[1][0, 0])


def project(estimate: Estimate) -> Projection:
    """Prepare the projection of an estimate: coming weeks look like each unit's last eight."""
    if estimate.method == CONTROLLED:
        precision = estimate.working.precision
    else:
        precision = single_series(estimate.data, estimate.working)[1][None]
    return Projection(estimate=estimate, precision=precision, future=precision[:, -RECENT_WEEKS:].mean(axis=1))


def weeks_between(estimate: Estimate, end: np.datetime64) -> int:
    """Full weeks from the estimate's last week to `end`."""
    return max(int((end - np.timedelta64(6, "D") - estimate.data.panel.weeks[-1]) // ONE_WEEK), 0)


def detectable_effect(standard_error: float, *, power: float = 0.8, alpha: float = 0.025) -> float:
    """Smallest true effect that a one-sided test finds with the given power.

    Args:
        standard_error: Of the effect at the end, in the metric's unit.
        power: Chance of finding it.
        alpha: One-sided error.

    Raises:
        ValueError: A negative or infinite standard error, or a power or alpha outside (0, 1).

    Example:
        >>> round(detectable_effect(0.125), 4)
        0.3502
    """
    if not (np.isfinite(standard_error) and standard_error >= 0):
        raise ValueError(f"standard_error == {standard_error}, must be a number >= 0.")
    if not (0 < power < 1 and 0 < alpha < 1):
        raise ValueError(f"power == {power} and alpha == {alpha}, must be within (0, 1).")
    return float((scipy.stats.norm.isf(alpha) + scipy.stats.norm.ppf(power)) * standard_error)


def weeks_needed(
    projection: Projection, smallest_change: float, *, power: float = 0.8, alpha: float = 0.025
) -> int | None:
    """Further weeks until the smallest change that matters is found with the given power; None when 104 do not do.

    Raises:
        ValueError: smallest_change is not above 0.
    """
    if not smallest_change > 0:
        raise ValueError(f"smallest_change == {smallest_change}, must be > 0.")

    def enough(weeks: int) -> bool:
        return detectable_effect(projection.standard_error(weeks), power=power, alpha=alpha) <= smallest_change

    if enough(0):
        return 0
    if not enough(MOST_WEEKS):
        return None
    low, high = 0, MOST_WEEKS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def more_weeks_help(projection: Projection, needed: int | None) -> bool:
    """True when more weeks settle it, or half a year of them would narrow the interval by 15 % or more."""
    if needed is not None:
        return True
    ahead = projection.standard_error(WORTHWHILE_WEEKS)
    return ahead <= WORTHWHILE_RATIO * projection.estimate.standard_error
