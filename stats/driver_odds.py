"""The size of a driver on an ordered scale: odds of a higher answer, where steps of the scale need not be equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats.effect import Interval
from stats.ordered_model import fit_ordered
from stats.panel import Floats
from stats.partialled import Codes, pooled

MOST_LEVELS = 11
"""Different values up to which an outcome is taken as an ordered scale."""
FEWEST_OF_LEVEL = 20
"""Answers below which levels of a factor are put together in this model."""


@dataclass(frozen=True, kw_only=True)
class Odds:
    """An odds ratio of a higher answer: below 1 when naming the subject goes with lower answers."""

    ratio: float
    interval: Interval


def driver_odds(
    named: npt.NDArray[np.bool_], outcome: Floats, factors: Sequence[Codes], *, level: float
) -> list[Odds] | None:
    """Odds ratios of a higher answer by a proportional-odds model with the subjects and the factors in it.

    Answers that are alike in everything are counted together first.

    Args:
        named: (N, P) whether an answer names a subject.
        outcome: (N,) the outcome.
        factors: Each (N,) codes of what is allowed for.
        level: Of the intervals.

    Returns:
        One a subject; None when the outcome has more than 11 values, or the model has no largest likelihood.
    """
    levels, place = np.unique(outcome, return_inverse=True)
    if len(levels) > MOST_LEVELS:
        return None
    used = [pooled(codes, fewest=FEWEST_OF_LEVEL) for codes in factors]
    key = np.zeros(len(outcome), dtype=np.int64)
    for codes in used:
        key = key * (int(codes.max()) + 1) + codes
    key = (key << named.shape[1]) | (named.astype(np.int64) @ (1 << np.arange(named.shape[1])))
    _, first, row = np.unique(key, return_index=True, return_inverse=True)
    counts = np.bincount(row * len(levels) + place, minlength=len(first) * len(levels)).astype(np.float64)
    dummies = [codes[first, None] == np.arange(1, int(codes.max()) + 1) for codes in used]
    columns = np.column_stack([named[first], *dummies]).astype(np.float64)
    own = _independent(columns)
    if not own[: named.shape[1]].all():
        return None
    try:
        fit = fit_ordered(counts.reshape(len(first), len(levels)), columns[:, own])
    except (ValueError, np.linalg.LinAlgError):
        return None
    half = float(scipy.stats.norm.ppf((1 + level) / 2)) * np.sqrt(np.diag(fit.covariance))
    return [
        Odds(
            ratio=float(np.exp(fit.coefficients[i])),
            interval=Interval(
                low=float(np.exp(fit.coefficients[i] - half[i])), high=float(np.exp(fit.coefficients[i] + half[i]))
            ),
        )
        for i in range(named.shape[1])
    ]


def _independent(columns: Floats) -> npt.NDArray[np.bool_]:
    """Columns that are no combination of a constant and the columns before them."""
    with_one = np.column_stack([np.ones(len(columns)), columns])
    diagonal = np.abs(np.diag(np.linalg.qr(with_one, mode="r")))
    found: npt.NDArray[np.bool_] = diagonal[1:] > 1e-9 * np.linalg.norm(with_one, axis=0)[1:].clip(1e-300)
    return found
