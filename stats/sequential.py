"""Planned looks: how large a z score must be at each review so that all reviews together err as one test would."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import scipy.optimize
import scipy.special
import scipy.stats

from stats.panel import Floats

PANEL_NODES, LEAST_PANELS, MOST_PANELS = 10, 20, 300
REACH = 9.0
LARGEST_BOUND = 40.0


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
    spent = obrien_fleming_spending(t, alpha=alpha)
    # The score process S(t) = z sqrt(t) has independent normal increments; carry its density below the bounds.
    bounds = np.empty_like(t)
    bounds[0] = min(-scipy.special.ndtri(spent[0]), LARGEST_BOUND)
    points, density = _start(bounds[0], t[0], float(np.sqrt(t[1] - t[0])) if len(t) > 1 else 1.0)
    for k in range(1, len(t)):
        step = np.sqrt(t[k] - t[k - 1])
        target = np.log(max(spent[k] - spent[k - 1], 1e-300))
        bounds[k] = _bound(points, density, step, float(np.sqrt(t[k])), float(target))
        following = float(np.sqrt(t[k + 1] - t[k])) if k + 1 < len(t) else 1.0
        points, density = _carried(points, density, (step, following), bounds[k], float(np.sqrt(t[k])))
    return bounds


def _bound(points: Floats, density: Floats, step: float, root: float, target: float) -> float:
    """The z bound at which the density crosses with log probability `target`."""
    with np.errstate(divide="ignore"):
        log_density = np.log(density)

    def excess(bound: float) -> float:
        tail = scipy.special.log_ndtr((points - bound * root) / step)
        return float(scipy.special.logsumexp(log_density + tail)) - target

    if excess(LARGEST_BOUND) > 0:
        return LARGEST_BOUND
    return float(scipy.optimize.brentq(excess, -1.0, LARGEST_BOUND, xtol=1e-10))


def _start(bound: float, t: float, following: float) -> tuple[Floats, Floats]:
    root = float(np.sqrt(t))
    points, weights = _rule(bound, root, following)
    return points, weights * scipy.stats.norm.pdf(points, scale=root)


def _carried(
    points: Floats, density: Floats, steps: tuple[float, float], bound: float, root: float
) -> tuple[Floats, Floats]:
    """Density of the score below the bound after a normal step; `steps` are this step's SD and the next one's."""
    step, following = steps
    fresh, weights = _rule(bound, root, min(step, following))
    kernel = scipy.stats.norm.pdf((fresh[:, None] - points[None, :]) / step) / step
    return fresh, weights * (kernel @ density)


def _rule(bound: float, root: float, finest: float) -> tuple[Floats, Floats]:
    """Composite Gauss-Legendre rule on [-REACH sqrt(t), bound sqrt(t)], fine enough for a step of SD `finest`."""
    low, high = -REACH * root, min(bound, REACH) * root
    panels = int(np.clip((high - low) / (2.0 * finest), LEAST_PANELS, MOST_PANELS))
    x, w = np.polynomial.legendre.leggauss(PANEL_NODES)
    width = (high - low) / panels
    lefts = low + width * np.arange(panels)
    points = (lefts[:, None] + (x + 1.0) / 2.0 * width).ravel()
    return points, np.tile(w / 2.0 * width, panels)
