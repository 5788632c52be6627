"""Proportional odds: a regression for answers on an ordered scale, such as 0 to 10, whose steps need not be equal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.panel import Floats

MOST_STEPS, MOST_HALVINGS = 60, 30
SETTLED = 1e-10
LARGEST = 12.0
"""Log-odds beyond which a coefficient is running away: some level is never, or always, seen with its column."""


@dataclass(frozen=True, eq=False, kw_only=True)
class OrderedFit:
    """A fitted proportional-odds model.

    Attributes:
        coefficients: (C,) log odds ratios of a higher level for one more of the column.
        covariance: (C, C) of the coefficients, from the observed information.
        thresholds: (K - 1,) log odds of being at or below each level but the last, where all columns are 0.
        log_likelihood: At the maximum.
    """

    coefficients: Floats
    covariance: Floats
    thresholds: Floats
    log_likelihood: float


def fit_ordered(counts: Floats, columns: Floats) -> OrderedFit:
    """Fit log odds(level <= k) = threshold_k - columns @ coefficients by maximum likelihood.

    Args:
        counts: (R, K) how many answers of each row are at each of K >= 2 levels, from the lowest; every level is seen.
        columns: (R, C) of full rank beside a constant, which the thresholds stand for.

    Raises:
        ValueError: A level is never seen, or the likelihood has no maximum: a column foretells the level perfectly.

    References:
        McCullagh (1980), Regression Models for Ordinal Data, J Royal Statistical Society B 42:109.

    Example:
        >>> fit = fit_ordered(np.array([[10.0, 20.0, 30.0], [20.0, 20.0, 20.0]]), np.array([[0.0], [1.0]]))
        >>> fit.coefficients.round(3).tolist(), fit.thresholds.round(3).tolist()
        ([-0.774], [-1.517, -0.032])
    """
    counts, columns = np.asarray(counts, dtype=np.float64), np.asarray(columns, dtype=np.float64)
    seen = counts.sum(axis=0)
    if counts.shape[1] < 2 or (seen <= 0).any():
        raise ValueError(f"the levels are seen {[int(n) for n in seen]} times, must be at least 2 levels, each seen.")
    levels = counts.shape[1]
    below = np.cumsum(seen)[:-1] / seen.sum()
    found = np.concatenate([np.log(below / (1 - below)), np.zeros(columns.shape[1])])
    value, score, information = _likelihood(counts, columns, found)
    for _ in range(MOST_STEPS):
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        if step @ score <= SETTLED:
            break
        for _ in range(MOST_HALVINGS):
            better = _likelihood(counts, columns, found + step)
            if better[0] >= value:
                break
            step = step / 2.0
        else:
            break
        found = found + step
        value, score, information = better
        if np.abs(found[levels - 1 :]).max(initial=0.0) > LARGEST:
            raise ValueError("a column foretells the level perfectly, so that its odds have no largest likelihood.")
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return OrderedFit(
        coefficients=found[levels - 1 :], covariance=covariance[levels - 1 :, levels - 1 :],
        thresholds=found[: levels - 1], log_likelihood=value,
    )  # fmt: skip


def _likelihood(counts: Floats, columns: Floats, at: Floats) -> tuple[float, Floats, Floats]:
    """Log-likelihood, its gradient and the negative of its matrix of second derivatives; thresholds come first."""
    levels = counts.shape[1]
    cuts = at[: levels - 1]
    if (np.diff(cuts) <= 0).any():
        return -np.inf, np.zeros_like(at), np.eye(len(at))
    line = columns @ at[levels - 1 :]
    below = 1.0 / (1.0 + np.exp(-np.clip(cuts - line[:, None], -500, 500)))  # (R, K - 1)
    density = below * (1.0 - below)
    slope = density * (1.0 - 2.0 * below)
    edge = np.zeros((len(line), 1))
    up_to = np.concatenate([edge, below, edge + 1.0], axis=1)
    chance = np.maximum(np.diff(up_to, axis=1), 1e-300)
    share = counts / chance
    force = share / chance
    value = float((counts * np.log(chance)).sum())

    # Level k lies between cuts k - 1 and k; a column moves both, so what it does is the difference over the cuts.
    gap = share[:, :-1] - share[:, 1:]
    by_cut = density * gap  # (R, K - 1) score of each cut
    wide = np.concatenate([edge, density, edge], axis=1)
    change = np.diff(wide, axis=1)  # (R, K) how each chance falls when the line rises, with a minus sign
    by_line = -(share * change).sum(axis=1)

    diagonal = slope * gap - density**2 * (force[:, :-1] + force[:, 1:])
    beside = density[:, :-1] * density[:, 1:] * force[:, 1:-1]
    second_line = (slope * gap).sum(axis=1) - (force * change**2).sum(axis=1)
    mixed = -(slope * gap) + density * (force[:, :-1] * change[:, :-1] - force[:, 1:] * change[:, 1:])

    size = len(at)
    second = np.zeros((size, size))
    inside = np.arange(levels - 1)
    second[inside, inside] = diagonal.sum(axis=0)
    second[inside[:-1], inside[1:]] = second[inside[1:], inside[:-1]] = beside.sum(axis=0)
    second[: levels - 1, levels - 1 :] = mixed.T @ columns
    second[levels - 1 :, : levels - 1] = second[: levels - 1, levels - 1 :].T
    second[levels - 1 :, levels - 1 :] = columns.T @ (second_line[:, None] * columns)
    return value, np.concatenate([by_cut.sum(axis=0), columns.T @ by_line]), -second
