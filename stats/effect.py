"""An estimated effect with its interval: what every estimator returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A two-sided interval in the metric's unit."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class EffectEstimate:
    """An estimated effect, with its uncertainty.

    Attributes:
        effect: Pilot minus its counterfactual, in the metric's own unit.
        standard_error: In the metric's own unit, nuisance parameters included; NaN for a method that has none.
        interval: Confidence interval of the effect.
        method: The method, as a report prints it.
    """

    effect: float
    standard_error: float
    interval: Interval
    method: str


@dataclass(frozen=True, kw_only=True)
class TestedEffect(EffectEstimate):
    """An estimate that comes with a test of no effect.

    Attributes:
        statistic: The test's statistic.
        df: Its degrees of freedom; infinite when its reference distribution is normal, NaN for an exact test.
        p_value: Two-sided, of no effect.
    """

    __test__ = False  # its name begins with Test, but it is none of pytest's

    statistic: float
    df: float
    p_value: float
