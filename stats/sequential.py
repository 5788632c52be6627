"""Planned looks: how large a z score must be at each review so that all reviews together err as one test would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.compiled.bounds import many_bounds
from stats.panel import Floats

PANEL_NODES = 10
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(PANEL_NODES)
_RULE = ((_NODES + 1.0) / 2.0, _WEIGHTS / 2.0)


def obrien_fleming_spending(fraction: float | Floats, *, alpha: float = 0.025) -> Floats:
    """One-sided alpha spent by information fraction t: 2 (1 - Phi(z_{alpha/2} / sqrt(t))).

    References:
        Lan & DeMets (1983), Biometrika 70:659.
    """
    t = np.asarray(fraction, dtype=np.float64)
    return np.asarray(2.0 * scipy.special.ndtr(scipy.special.ndtri(alpha / 2.0) / np.sqrt(t)))


def obrien_fleming_bounds(information_fractions: Sequence[float] | Floats, *, alpha: float = 0.025) -> Floats:
    """One-sided Lan-DeMets O'Brien-Fleming bounds for z scores at the given information fractions.

    Args:
        information_fractions: (K,) ascending, in (0, 1]; se_end^2 / se_k^2 of each look.
        alpha: One-sided error spent when the fraction reaches 1.

    Returns:
        (K,) upper bounds for z.

    Raises:
        ValueError: Fractions that do not ascend within (0, 1], or alpha outside (0, 0.5).

    Example:
        >>> obrien_fleming_bounds([0.2, 0.4, 0.6, 0.8, 1.0]).round(3).tolist()
        [4.877, 3.357, 2.68, 2.29, 2.031]

    References:
        Armitage, McPherson & Rowe (1969) for the recursive integration; Lan & DeMets (1983).
    """
    t = np.asarray(information_fractions, dtype=np.float64)
    if t.ndim != 1 or len(t) == 0:
        raise ValueError("information_fractions must be a sequence of at least one number.")
    if np.any(~np.isfinite(t)) or t[0] <= 0 or t[-1] > 1 or np.any(np.diff(t) <= 0):
        raise ValueError(f"information_fractions == {t.tolist()}, must ascend within (0, 1].")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha == {alpha}, must be within (0, 0.5).")
    return np.asarray(many_obrien_fleming_bounds(t[None], np.array([len(t)]), alpha=alpha)[0])


def many_obrien_fleming_bounds(fractions: Floats, looks: npt.NDArray[np.int64], *, alpha: float = 0.025) -> Floats:
    """The bounds of many pilots' looks.

    Args:
        fractions: (B, K) information fractions, each row ascending within (0, 1] in its first `looks` places.
        looks: (B,) looks of each pilot.
        alpha: One-sided error spent when the fraction reaches 1.

    Returns:
        (B, K) bounds; NaN in the places without a look.
    """
    held = np.arange(fractions.shape[1]) < looks[:, None]
    spent = obrien_fleming_spending(np.where(held, fractions, 1.0), alpha=alpha)
    out = np.full(fractions.shape, np.nan)
    many_bounds(np.ascontiguousarray(fractions), spent, looks, *_RULE, out)
    return out
