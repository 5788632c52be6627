"""Poisson regression with an offset: a Newton iteration that sparse counts do not throw off."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.panel import Floats

MOST_STEPS, MOST_HALVINGS = 100, 40
SETTLED = 1e-16
LARGEST_LOG = 600.0
MOST_LOG_ERROR = 5.0
"""Standard error of a point's log expectation beyond which nothing is known of it, or the likelihood has no maximum."""


@dataclass(frozen=True, eq=False, kw_only=True)
class PoissonFit:
    """A fitted Poisson regression.

    Attributes:
        coefficients: (C,) on the log scale.
        bread: (C, C) inverse of the information: their covariance were the dispersion 1.
        expected: (T,) expected counts.
        pearson: (T,) Pearson residuals.
        df: Counts less coefficients.
    """

    coefficients: Floats
    bread: Floats
    expected: Floats
    pearson: Floats
    df: float

    @property
    def dispersion(self) -> float:
        """Pearson's chi-square over its degrees of freedom."""
        return float(self.pearson @ self.pearson) / self.df


def fit_poisson_regression(counts: Floats, columns: Floats, exposure: Floats) -> PoissonFit:
    """Fit log(expected / exposure) = columns @ coefficients by maximum likelihood.

    Args:
        counts: (T,) counts, not all 0.
        columns: (T, C) of full rank, with the constant among what they span.
        exposure: (T,) above 0.

    Raises:
        ValueError: The events are too few for these columns: the likelihood has no maximum, or hardly one.

    References:
        McCullagh & Nelder (1989), Generalized Linear Models, 6.2 and 9.2.

    Example:
        >>> fit = fit_poisson_regression(np.array([3.0, 5.0, 4.0, 9.0, 12.0]), np.array(
        ...     [[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]), np.ones(5))
        >>> np.exp(fit.coefficients).round(3).tolist()
        [4.0, 2.625]
    """
    basis, triangle = np.linalg.qr(columns)
    offset = np.log(exposure)
    level = float(np.log(counts.sum() / exposure.sum()))
    found = basis.T @ np.full(len(counts), level)
    value, expected = _likelihood(counts, basis @ found + offset)
    for _ in range(MOST_STEPS):
        score = basis.T @ (counts - expected)
        information = basis.T @ (expected[:, None] * basis)
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        gain = float(step @ score)
        if gain <= SETTLED * counts.sum():
            break
        for _ in range(MOST_HALVINGS):
            better, fitted = _likelihood(counts, basis @ (found + step) + offset)
            if better >= value:
                break
            step = step / 2.0
        else:
            break
        found, value, expected = found + step, better, fitted
    root = np.sqrt(expected)[:, None] * basis
    _, sizes, directions = np.linalg.svd(root, full_matrices=False)
    halves = directions.T / np.maximum(sizes, np.finfo(np.float64).tiny ** 0.25)
    if np.linalg.norm(basis @ halves, axis=1).max() > MOST_LOG_ERROR:
        raise ValueError(
            f"{counts.sum():g} events are too few for {columns.shape[1]} terms here; ask for fewer of them."
        )
    back = np.linalg.inv(triangle)
    half = back @ halves
    return PoissonFit(
        coefficients=back @ found, bread=np.asarray(half @ half.T), expected=expected,
        pearson=(counts - expected) / np.sqrt(expected), df=float(len(counts) - columns.shape[1]),
    )  # fmt: skip


def _likelihood(counts: Floats, log_expected: Floats) -> tuple[float, Floats]:
    """Log-likelihood up to a constant, and the expected counts; minus infinity where they overflow."""
    if log_expected.max() > LARGEST_LOG:
        return -np.inf, np.exp(np.minimum(log_expected, LARGEST_LOG))
    expected = np.exp(log_expected)
    return float(counts @ log_expected - expected.sum()), expected
