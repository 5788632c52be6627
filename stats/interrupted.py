"""Interrupted time series: one series, before and after a known point, by segmented regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.arguments import choice, probability, whole
from stats.autocorrelation import Autocorrelation, ljung_box
from stats.effect import Interval, TestedEffect
from stats.newey_west import default_lags
from stats.panel import Floats
from stats.segmented_fits import (
    NEWEY_WEST,
    QUASI,
    REML,
    SegmentedFit,
    fit_least_squares,
    fit_poisson,
    fit_reml,
)
from stats.segments import check_identified, segments
from stats.single_series import WEEKS_A_YEAR

GAUSSIAN, POISSON = "gaussian", "poisson"
ERRORS = {GAUSSIAN: (REML, NEWEY_WEST), POISSON: (QUASI, NEWEY_WEST)}


@dataclass(frozen=True, eq=False, kw_only=True)
class Path:
    """Expected values over the whole series, with a pointwise interval of the expectation.

    Attributes:
        mean: (T,) in the series' unit (counts, not rates); NaN where the exposure is not known.
        low, high: (T,) ends of the interval. Single points scatter more widely than this.
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, eq=False, kw_only=True)
class Segmented(TestedEffect):
    """A segmented regression. As an effect it is its level change: the change at the first point after.

    For the Poisson family effects are ratios: 0.9 is ten per cent fewer, 1 is no change; the standard error is then
    the ratio times that of its logarithm.

    Attributes:
        slope_change: Change of the slope per point after the start (a ratio per point for Poisson); None unless asked.
        terms: C names of the coefficients.
        coefficients: (C,) estimates, on the log scale for Poisson.
        covariance: (C, C) their covariance.
        fitted: What the model expects.
        counterfactual: What it expects had nothing happened at the start; the same before it.
        dispersion: Poisson: Pearson's chi-square over its degrees of freedom, 1 when the counts scatter as chance alone
            makes them. Gaussian: the variance of a point about its expectation.
        autocorrelation: Ljung-Box test of what the errors' model leaves over: of one-step-ahead errors for "reml",
            of Pearson residuals else. Where it finds something, an interval by "quasi" is too narrow.
        rho: Correlation of the shocks from one point to the next; NaN unless errors == "reml".
        series, exposure, start: The input.
    """

    slope_change: TestedEffect | None
    terms: tuple[str, ...]
    coefficients: Floats
    covariance: Floats
    fitted: Path
    counterfactual: Path
    dispersion: float
    autocorrelation: Autocorrelation
    rho: float
    series: Floats
    exposure: Floats | None
    start: int

    @property
    def level_change(self) -> TestedEffect:
        """The change of level at the first point after the start."""
        return self


def segmented(
    series: Sequence[float] | npt.NDArray[np.generic],
    *,
    start: int,
    family: str = "gaussian",
    exposure: Sequence[float] | npt.NDArray[np.generic] | None = None,
    harmonics: int = 0,
    slope_change: bool = False,
    trend: bool = True,
    period: float = WEEKS_A_YEAR,
    errors: str | None = None,
    lags: int | None = None,
    confidence_level: float = 0.95,
) -> Segmented:
    """Estimate the change of level (and of slope) of a series at a known point.

        expectation_t = constant + trend t + level after_t [+ slope after_t t] + season_t,   t = 0 at the start

    on the series' own scale (Gaussian), or for the logarithm of the rate of counts (Poisson, with log exposure as
    offset and dispersion estimated).

    Args:
        series: (T,) equally spaced values or counts, weekly or monthly; NaN where missing.
        start: Index of the first point after the interruption.
        family: "gaussian" or "poisson".
        exposure: (T,) what the counts are out of (people, visits, days), above 0. Poisson only; left out: equal.
        harmonics: Pairs of sine and cosine for the season; 1 or 2 with two years of data or more.
        slope_change: Whether the trend may change as well.
        trend: Whether there is one at all.
        period: Points in a year: 365.25 / 7 for weeks, 12 for months.
        errors: How neighbouring points are allowed to hang together. "reml" (default for Gaussian): AR(1) shocks plus
            noise, their parameters integrated out. "quasi" (default for Poisson): not at all, only over-dispersion.
            "newey-west": a sandwich, for comparison; too narrow in short series.
        lags: Of "newey-west"; left out: a rule of thumb from the number of points.
        confidence_level: Of every interval.

    Returns:
        The regression; `.effect`, `.interval` and `.p_value` are those of the level change.

    Raises:
        ValueError: An argument out of its bounds, too few points for the terms, or no events at all on one side.
        CannotEstimateError: The points follow the design exactly, so that there is no error to go by.

    References:
        Lopez Bernal, Cummins & Gasparrini (2017), International Journal of Epidemiology 46:348, for the Poisson model.
        Wagner, Soumerai, Zhang & Ross-Degnan (2002), Journal of Clinical Pharmacy and Therapeutics 27:299.

    Example:
        >>> counts = [52, 41, 60, 50, 44, 63, 51, 39, 40, 28, 47, 37, 31, 49, 42, 26]
        >>> change = segmented(counts, start=8, family="poisson", trend=False)
        >>> round(change.effect, 3), round(change.interval.low, 3), round(change.interval.high, 3)
        (0.75, 0.605, 0.929)
    """
    choice("family", family, tuple(ERRORS))
    errors = choice("errors", ERRORS[family][0] if errors is None else errors, ERRORS[family])
    probability("confidence_level", confidence_level)
    values = _values("series", series)
    size = _exposure(exposure, values, family)
    design = segments(
        len(values), start=start, trend=trend, slope_change=slope_change, harmonics=harmonics, period=period
    )
    seen = np.isfinite(values)
    check_identified(design, seen)
    if family == POISSON:
        _check_events(values, start)
    lags = default_lags(int(seen.sum())) if lags is None else whole("lags", lags)
    if family == POISSON:
        fit = fit_poisson(values, size, design, lags if errors == NEWEY_WEST else None)
    else:
        fit = fit_reml(values, design) if errors == REML else fit_least_squares(values, design, lags)
    ratio = family == POISSON
    level = _told(fit, "level", confidence_level, ratio=ratio)
    return Segmented(
        effect=level.effect, standard_error=level.standard_error, interval=level.interval, method=level.method,
        statistic=level.statistic, df=level.df, p_value=level.p_value,
        slope_change=_told(fit, "slope", confidence_level, ratio=ratio) if slope_change else None,
        terms=design.terms, coefficients=fit.coefficients, covariance=fit.covariance,
        fitted=_path(fit, design.columns, confidence_level, size if ratio else None),
        counterfactual=_path(fit, design.untreated, confidence_level, size if ratio else None),
        dispersion=fit.dispersion, autocorrelation=ljung_box(fit.residuals),
        rho=fit.integrated.rho if fit.integrated is not None else float("nan"),
        series=values, exposure=None if exposure is None else size, start=start,
    )  # fmt: skip


def _told(fit: SegmentedFit, term: str, level: float, *, ratio: bool) -> TestedEffect:
    """A coefficient as an effect; on the log scale, as a ratio."""
    found = fit.effect(term, level)
    if not ratio:
        return found
    return TestedEffect(
        effect=float(np.exp(found.effect)), standard_error=float(np.exp(found.effect)) * found.standard_error,
        interval=Interval(low=float(np.exp(found.interval.low)), high=float(np.exp(found.interval.high))),
        method=found.method, statistic=found.statistic, df=found.df, p_value=found.p_value,
    )  # fmt: skip


def _path(fit: SegmentedFit, columns: Floats, level: float, exposure: Floats | None) -> Path:
    mean, low, high = fit.line(columns, level)
    if exposure is not None:
        mean, low, high = (exposure * np.exp(line) for line in (mean, low, high))
    return Path(mean=mean, low=low, high=high)


def _values(name: str, values: Sequence[float] | npt.NDArray[np.generic]) -> Floats:
    """A one-dimensional array in which NaN is allowed."""
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number.") from error
    if found.ndim != 1:
        raise ValueError(f"{name} has {found.ndim} dimensions, must have 1.")
    if np.isinf(found).any():
        raise ValueError(
            f"{name}[{int(np.argmax(np.isinf(found)))}] is infinite, must be a number, or NaN where missing."
        )
    return found


def _exposure(exposure: Sequence[float] | npt.NDArray[np.generic] | None, counts: Floats, family: str) -> Floats:
    """The exposure of every point; what is wrong with it or with the counts is said here."""
    if family != POISSON:
        if exposure is not None:
            raise ValueError(f"exposure belongs to family == 'poisson', but family == {family!r}.")
        return np.ones(len(counts))
    if (counts < 0).any():
        place = int(np.argmax(counts < 0))
        raise ValueError(f"series[{place}] == {counts[place]}, must be a count >= 0.")
    if exposure is None:
        return np.ones(len(counts))
    size = _values("exposure", exposure)
    if len(size) != len(counts):
        raise ValueError(f"exposure has {len(size)} values, must have {len(counts)} as series has.")
    wrong = (~(size > 0) & np.isfinite(counts)) | (size < 0)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise ValueError(f"exposure[{place}] == {size[place]}, must be > 0.")
    return size


def _check_events(counts: Floats, start: int) -> None:
    for side, where in (("before", slice(None, start)), ("after", slice(start, None))):
        if np.nansum(counts[where]) == 0:
            raise ValueError(
                f"series has no events {side} start == {start}, so that a ratio cannot be estimated by regression; "
                "stats.rates.rate_ratio gives its exact one-sided interval."
            )
