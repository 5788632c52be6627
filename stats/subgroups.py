"""Groups of customers judged together, so that looking at many does not find one worse off by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import scipy.optimize
import scipy.stats

from stats import arguments
from stats.effect import EffectEstimate
from stats.guardrails import Guard, GuardResult
from stats.messages import N_, Message
from stats.metric import Direction
from stats.panel import Floats

FEWEST_DF, MOST_DF = 1.0, 15.0
"""Bounds of the tail's degrees of freedom. An interval of 95 % does not show how heavy its tail is at 0.3 %, where the
worst of eight groups is judged: with the normal tail, 4.7 % of pilots had a group named falsely (hard cell of the
benchmarks, 8 comparison units, 3 to 12 answers a week), with at most 15 degrees of freedom 2.0 %."""


def judge_subgroups(
    results: Sequence[GuardResult], direction: Direction, *, confidence_level: float = 0.95
) -> tuple[GuardResult, ...]:
    """Keep "harmed" only for groups whose harm stands when all groups are looked at together.

    Each group's one-sided chance of so bad a result without harm is adjusted by Holm's method, so that a harmed group
    is named falsely in at most (1 - confidence_level) / 2 of pilots, however many groups there are and however they
    overlap. A group that was harmed only on its own becomes unclear and says so; other groups stay as they were.

    Args:
        results: The groups, each judged on its own.
        direction: Which way the metric is better.
        confidence_level: Of the groups' intervals.

    Returns:
        The groups in the order given.

    Raises:
        ValueError: The confidence level is not between 0 and 1.

    References:
        Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6:65.

    Example:
        >>> from stats.effect import Interval
        >>> def group(name, effect):
        ...     found = EffectEstimate(effect=effect, standard_error=0.1, method="x",
        ...                            interval=Interval(low=effect - 0.196, high=effect + 0.196))
        ...     return GuardResult(name=name, status=Guard.HARMED if effect < -0.196 else Guard.UNCLEAR,
        ...                        estimate=found, margin=0.0)
        >>> groups = [group("age:75+", -0.21), group("language:sv", -0.35), group("life:carer", 0.0)]
        >>> [str(one.status) for one in judge_subgroups(groups, Direction.INCREASE)]
        ['unclear', 'harmed', 'unclear']
    """
    alpha = (1.0 - arguments.probability("confidence_level", confidence_level)) / 2.0
    judged = [k for k, one in enumerate(results) if one.estimate is not None]
    chances = np.array([harm_p_value(results[k].estimate, direction, alpha) for k in judged])  # type: ignore[arg-type]
    adjusted = dict(zip(judged, holm(chances), strict=True))
    return tuple(
        one if one.status is not Guard.HARMED or adjusted[k] <= alpha else _unclear(one, len(judged))
        for k, one in enumerate(results)
    )


def harm_p_value(estimate: EffectEstimate, direction: Direction, alpha: float = 0.025) -> float:
    """One-sided chance of so bad an estimate were there no harm.

    The tail is a t distribution's, scaled so that it agrees with the estimate's own interval on the side of no harm:
    the interval excludes 0 exactly when the chance is below alpha. Its degrees of freedom follow from how much wider
    than a normal one the interval is, fifteen at most.

    Args:
        estimate: Effect, standard error and interval.
        direction: Which way is better.
        alpha: Tail left out of the interval on each side.
    """
    sign = direction.sign
    effect = estimate.effect * sign
    best = max(estimate.interval.low * sign, estimate.interval.high * sign)
    reach = best - effect
    error = estimate.standard_error
    if not (np.isfinite(reach) and reach > 0):
        return 1.0
    width = reach / error if np.isfinite(error) and error > 0 else float(scipy.stats.norm.isf(alpha))
    df = _df_of(width, alpha)
    # An interval narrower than the normal one, or wider than t's with one degree of freedom, is scaled to fit.
    return float(scipy.stats.t.cdf(effect / reach * scipy.stats.t.isf(alpha, df), df))


def holm(p_values: Floats) -> Floats:
    """Return p-values adjusted by Holm's step-down method.

    Args:
        p_values: (K,) p-values.

    Example:
        >>> holm(np.array([0.01, 0.04, 0.03])).round(3).tolist()
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    count = len(p_values)
    steps = np.maximum.accumulate(p_values[order] * (count - np.arange(count)))
    adjusted = np.empty(count)
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted


def _df_of(width: float, alpha: float) -> float:
    """Degrees of freedom of the t distribution whose upper alpha quantile is `width`, within bounds."""
    if width <= scipy.stats.t.isf(alpha, MOST_DF):
        return MOST_DF
    if width >= scipy.stats.t.isf(alpha, FEWEST_DF):
        return FEWEST_DF
    log_df = scipy.optimize.brentq(
        lambda x: float(scipy.stats.t.isf(alpha, np.exp(x))) - width, np.log(FEWEST_DF), np.log(MOST_DF)
    )
    return float(np.exp(log_df))


def _unclear(group: GuardResult, groups: int) -> GuardResult:
    text = N_(
        "The group looks worse off on its own, but with {groups} groups looked at one of them may do so by chance."
    )
    return replace(group, status=Guard.UNCLEAR, detail=Message(text, {"groups": groups}))
