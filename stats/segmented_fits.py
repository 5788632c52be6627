"""The fits behind a segmented regression: integrated REML, least squares, quasi-Poisson."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import scipy.stats

from stats.ar1_regression import EXACT, Ar1Fit, fit_ar1
from stats.effect import Interval, TestedEffect
from stats.errors import CannotEstimateError
from stats.messages import N_
from stats.newey_west import newey_west_covariance
from stats.panel import Floats
from stats.poisson_regression import fit_poisson_regression
from stats.segments import Segments

REML, NEWEY_WEST, QUASI = "reml", "newey-west", "quasi"


@dataclass(frozen=True, eq=False, kw_only=True)
class SegmentedFit:
    """A fitted segmented regression, on the linear scale: the series' own, or the logarithm of the rate.

    Attributes:
        method: As a report prints it.
        design: The columns.
        coefficients: (C,) estimates.
        covariance: (C, C) their covariance; with `df`, that of t distributions.
        df: Degrees of freedom.
        dispersion: Variance of a point (Gaussian), or Pearson's chi-square over df (Poisson).
        residuals: (T,) what should not hang together any more; NaN where missing.
        integrated: The integrated fit, where there is one.
    """

    method: str
    design: Segments
    coefficients: Floats
    covariance: Floats
    df: float
    dispersion: float
    residuals: Floats
    integrated: Ar1Fit | None = field(default=None)

    def effect(self, term: str, level: float) -> TestedEffect:
        """Return a coefficient as a tested effect on the linear scale."""
        unit = self.design.unit(term)
        if self.integrated is not None:
            posterior = self.integrated.posterior(unit)
            low, high = posterior.interval(level)
            z = float(posterior.z())
            return TestedEffect(
                effect=float(posterior.effect), standard_error=float(posterior.standard_error),
                interval=Interval(low=float(low), high=float(high)), method=self.method,
                statistic=z, df=float("inf"), p_value=float(2.0 * scipy.stats.norm.sf(abs(z))),
            )  # fmt: skip
        estimate = float(unit @ self.coefficients)
        error = float(np.sqrt(unit @ self.covariance @ unit))
        reach = float(scipy.stats.t.isf((1.0 - level) / 2.0, self.df)) * error
        return TestedEffect(
            effect=estimate, standard_error=error, interval=Interval(low=estimate - reach, high=estimate + reach),
            method=self.method, statistic=estimate / error, df=self.df,
            p_value=float(2.0 * scipy.stats.t.sf(abs(estimate / error), self.df)),
        )  # fmt: skip

    def line(self, columns: Floats, level: float) -> tuple[Floats, Floats, Floats]:
        """(T,) expectation on the linear scale, and the ends of its pointwise interval."""
        error = np.sqrt(np.einsum("tc,cd,td->t", columns, self.covariance, columns))
        reach = float(scipy.stats.t.isf((1.0 - level) / 2.0, self.df)) * error
        if self.integrated is not None:  # its covariance has the tails of the t in it already
            reach = reach * np.sqrt((self.df - 2.0) / self.df)
        middle = columns @ self.coefficients
        return middle, middle - reach, middle + reach


def fit_reml(values: Floats, design: Segments) -> SegmentedFit:
    """AR(1) shocks plus noise, integrated.

    Raises:
        CannotEstimateError: The design explains every value exactly.
    """
    fit = fit_ar1(values, design.columns)
    return SegmentedFit(
        method="segmented_regression_reml", design=design, coefficients=fit.coefficients, covariance=fit.covariance,
        df=fit.df, dispersion=fit.variance, residuals=fit.innovations, integrated=fit,
    )  # fmt: skip


def fit_least_squares(values: Floats, design: Segments, lags: int) -> SegmentedFit:
    """Least squares with Newey-West errors.

    Raises:
        CannotEstimateError: The design explains every value exactly.
    """
    seen = np.isfinite(values)
    x = design.columns[seen]
    df = float(seen.sum() - x.shape[1])
    centre = float(values[seen].mean())
    basis, triangle = np.linalg.qr(x)
    inverse = np.linalg.inv(triangle)
    coefficients = inverse @ (basis.T @ (values[seen] - centre))
    coefficients[design.terms.index("constant")] += centre
    residuals = values - design.columns @ coefficients
    _check_scatter(residuals[seen], values[seen])
    covariance = newey_west_covariance(design.columns * residuals[:, None], inverse @ inverse.T, lags=lags)
    return SegmentedFit(
        method="segmented_regression_newey_west", design=design, coefficients=coefficients, covariance=covariance,
        df=df, dispersion=float(residuals[seen] @ residuals[seen]) / df, residuals=residuals,
    )  # fmt: skip


def fit_poisson(counts: Floats, exposure: Floats, design: Segments, lags: int | None) -> SegmentedFit:
    """Poisson regression with log exposure as offset; dispersion estimated, or (with lags) Newey-West errors.

    Raises:
        CannotEstimateError: The design explains every count exactly.
        ValueError: Too few events for these columns.
    """
    seen = np.isfinite(counts)
    fit = fit_poisson_regression(counts[seen], design.columns[seen], exposure[seen])
    _check_scatter(fit.pearson, counts[seen])
    residuals, covariance = np.full(len(counts), np.nan), fit.dispersion * fit.bread
    residuals[seen] = fit.pearson
    if lags is not None:
        scores = np.full(design.columns.shape, np.nan)
        scores[seen] = design.columns[seen] * (counts[seen] - fit.expected)[:, None]
        covariance = newey_west_covariance(scores, fit.bread, lags=lags)
    return SegmentedFit(
        method="segmented_quasi_poisson" if lags is None else "segmented_poisson_newey_west", design=design,
        coefficients=fit.coefficients, covariance=covariance, df=fit.df, dispersion=fit.dispersion,
        residuals=residuals,
    )  # fmt: skip


def _check_scatter(residuals: Floats, values: Floats) -> None:
    rounding = 8.0 * np.finfo(np.float64).eps * float(np.abs(values).max())
    if float(np.abs(residuals).max()) <= max(np.sqrt(EXACT) * float(values.std()), rounding):
        raise CannotEstimateError(N_("The weeks vary in nothing but the change itself; no error can be told."))
