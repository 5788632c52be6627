"""Regression to the mean: a test that allows for it, and how much recovery to expect from nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.special
import scipy.stats

from stats.arguments import above, choice, number, numbers, probability, whole
from stats.effect import Interval, TestedEffect
from stats.errors import CannotEstimateError
from stats.messages import N_

LEAST_PAIRS = 4
ALONG_THE_NORMAL = 9.0
NODES = 200


@dataclass(frozen=True, kw_only=True)
class MeeChua(TestedEffect):
    """The change that regression to the mean does not explain: that of a person (or unit) at the population mean.

    Attributes:
        slope: Of after on before; how much of a person's distance from the population mean is still there afterwards.
        plain_change: Mean after less mean before, which takes the regression for an effect.
        regression: The part of the plain change that is regression to the mean: plain_change - effect.
    """

    slope: float
    plain_change: float
    regression: float


def mee_chua(
    before: Sequence[float] | npt.NDArray[np.generic],
    after: Sequence[float] | npt.NDArray[np.generic],
    *,
    population_mean: float,
    confidence_level: float = 0.95,
) -> MeeChua:
    """Test a before-after change of people who were picked because their first value was beyond a cut.

    The paired t-test finds a change in such a group when there is none. Here the second value is regressed on the
    first less the population mean, which picking by the first value does not disturb; the change at the population
    mean is the intercept less that mean, with t on n - 2 degrees of freedom.

    Args:
        before: (N,) first values.
        after: (N,) second values of the same people or units.
        population_mean: Mean of all those who might have been picked, before. Taken as known; the further the group is
            from it, the more the answer leans on it and on the straight line.
        confidence_level: Of the interval.

    Raises:
        ValueError: Unequal lengths, fewer than 4 pairs, something that is no finite number, or a confidence level
            outside (0, 1).
        CannotEstimateError: Every first value is the same, or the second follows the first exactly.

    References:
        Mee & Chua (1991), The American Statistician 45:39. Ostermann, Willich & Luedtke (2008), BMC Medical Research
        Methodology 8:52, when the population mean is not known well: try a range of them.

    Example:
        >>> before, after = [45, 52, 63, 68, 57, 55, 60, 59], [49, 50, 70, 71, 53, 61, 62, 67]
        >>> found = mee_chua(before, after, population_mean=75)
        >>> round(found.plain_change, 2), round(found.effect, 2), round(found.p_value, 2)
        (3.0, 4.96, 0.32)
    """
    first, second = numbers("before", before, least=LEAST_PAIRS), numbers("after", after, least=LEAST_PAIRS)
    if len(first) != len(second):
        raise ValueError(f"before has {len(first)} values and after {len(second)}, must be pairs.")
    middle = number("population_mean", population_mean)
    tail = (1.0 - probability("confidence_level", confidence_level)) / 2.0
    distance, value = first - middle, second - middle
    mean_distance, mean_value = float(distance.mean()), float(value.mean())
    squares = float(((distance - mean_distance) ** 2).sum())
    if np.ptp(first) == 0.0:
        raise CannotEstimateError(N_("Every value is the same; nothing can be estimated from them."))
    slope = float((distance - mean_distance) @ (value - mean_value)) / squares
    left = value - mean_value - slope * (distance - mean_distance)
    df = len(first) - 2
    if float(np.abs(left).max()) <= 1e-9 * float(np.abs(value - mean_value).max()):
        raise CannotEstimateError(N_("The second values follow from the first exactly; no error can be told."))
    error = float(np.sqrt(left @ left / df * (1.0 / len(first) + mean_distance**2 / squares)))
    effect = mean_value - slope * mean_distance
    reach = float(scipy.stats.t.isf(tail, df)) * error
    plain = mean_value - mean_distance
    return MeeChua(
        effect=effect, standard_error=error, interval=Interval(low=effect - reach, high=effect + reach),
        method="mee_chua", statistic=effect / error, df=df,
        p_value=float(2.0 * scipy.stats.t.sf(abs(effect / error), df)),
        slope=slope, plain_change=plain, regression=plain - effect,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Recovery:
    """What happens to a unit picked for its bad weeks when nothing is done, in the metric's unit.

    Attributes:
        change: Expected mean of the weeks after less mean of the weeks before. Take it off a plain before-after change.
        standard_deviation: Of that change, from unit to unit.
        picked: Expected distance of the picking weeks' mean from the population mean; what looked so bad.
        kept: Share of that distance expected to be still there afterwards.
    """

    change: float
    standard_deviation: float
    picked: float
    kept: float


def expected_recovery(
    *,
    weeks: int,
    follow_up: int,
    between_sd: float,
    shock_sd: float,
    correlation: float,
    noise_sd: float,
    worst_of: int | None = None,
    cutoff: float | None = None,
    observed: float | None = None,
    worst: str = "low",
    baseline: int | None = None,
    gap: int = 0,
) -> Recovery:
    """Return the recovery to expect without any effect from a unit that was picked on its last weeks.

    A week's mean is the population mean plus a lasting difference of the unit, plus a shock that fades by the
    correlation from week to week, plus the noise of a few answers. Means of weeks are then normal together, and

        E[after - before | picked] = (Cov(after, B) - Cov(before, B)) / Var(B) * E[B | picked],

    B being the mean of the picking weeks. The components are those the mixed model estimates (tau, sigma, rho).

    Args:
        weeks: Last weeks before the start, which the unit was picked on.
        follow_up: Weeks after the start.
        between_sd: SD of the units' lasting differences.
        shock_sd: SD of the weekly shocks.
        correlation: Of a unit's shock with the next week's, from 0 to below 1.
        noise_sd: SD of a week's mean from the answers alone: SD of an answer / sqrt(answers a week).
        worst_of: Picked as the worst of so many units; or
        cutoff: picked because the mean of the weeks, less the population mean, was beyond this; or
        observed: the mean of the weeks, less the population mean, as it was. One of the three.
        worst: Whether "low" or "high" values are bad.
        baseline: Weeks before the start that the weeks after are compared with; left out: the picking weeks.
        gap: Weeks left out between the start and the first week that counts.

    Raises:
        ValueError: An argument out of its bounds, none or several of worst_of, cutoff and observed, or nothing varying.

    References:
        Davis (1976), American Journal of Epidemiology 104:493; Gardner & Heady (1973), Journal of Chronic Diseases
        26:781, for several measurements.

    Example:
        >>> found = expected_recovery(weeks=4, follow_up=12, between_sd=0.3, shock_sd=0.2, correlation=0.6,
        ...                           noise_sd=0.25, worst_of=9, baseline=12)
        >>> round(found.picked, 2), round(found.kept, 2), round(found.change, 2)
        (-0.53, 0.72, 0.05)
    """
    window, after = whole("weeks", weeks, least=1), whole("follow_up", follow_up, least=1)
    before = window if baseline is None else whole("baseline", baseline, least=1)
    skipped = whole("gap", gap)
    sds = [number(name, value, least=0) for name, value in
           (("between_sd", between_sd), ("shock_sd", shock_sd), ("noise_sd", noise_sd))]  # fmt: skip
    rho = number("correlation", correlation, least=0)
    if rho >= 1.0:
        raise ValueError(f"correlation == {correlation}, must be < 1.")
    sign = 1.0 if choice("worst", worst, ("low", "high")) == "low" else -1.0
    length = max(window, before)
    week = np.arange(length + skipped + after)
    apart = np.abs(np.subtract.outer(week, week))
    covariance = sds[0] ** 2 + sds[1] ** 2 * rho**apart + np.where(apart == 0, sds[2] ** 2, 0.0)
    picking = np.where((week >= length - window) & (week < length), 1.0 / window, 0.0)
    change = np.where(week >= length + skipped, 1.0 / after, 0.0)
    kept_with = float(change @ covariance @ picking)
    change = change - np.where((week >= length - before) & (week < length), 1.0 / before, 0.0)
    variance = above("variance of the weeks", float(picking @ covariance @ picking), 0)
    picked, spread = _picked(float(np.sqrt(variance)), worst_of, cutoff, observed, sign)
    slope = float(change @ covariance @ picking) / variance
    rest = float(change @ covariance @ change) - slope**2 * variance
    return Recovery(
        change=slope * picked, standard_deviation=float(np.sqrt(max(rest, 0.0) + slope**2 * spread)), picked=picked,
        kept=kept_with / variance,
    )  # fmt: skip


def _picked(
    sd: float, worst_of: int | None, cutoff: float | None, observed: float | None, sign: float
) -> tuple[float, float]:
    """Mean and variance of the picking weeks' mean, about the population mean, given how the unit was picked."""
    if sum(given is not None for given in (worst_of, cutoff, observed)) != 1:
        raise ValueError(
            f"worst_of == {worst_of}, cutoff == {cutoff} and observed == {observed}, must be one of them and no other."
        )
    if observed is not None:
        return number("observed", observed), 0.0
    if cutoff is not None:
        z = sign * number("cutoff", cutoff) / sd
        ratio = float(np.exp(-0.5 * z**2 - 0.5 * np.log(2.0 * np.pi) - scipy.special.log_ndtr(z)))
        return -sign * sd * ratio, sd**2 * max(1.0 - z * ratio - ratio**2, 0.0)
    units = whole("worst_of", worst_of or 0, least=1)
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    x = ALONG_THE_NORMAL * nodes
    log_density = np.log(units) + scipy.stats.norm.logpdf(x) + (units - 1) * scipy.special.log_ndtr(x)
    density = ALONG_THE_NORMAL * weights * np.exp(log_density)
    mean = float(density @ x)
    return -sign * sd * mean, sd**2 * float(density @ (x - mean) ** 2)
