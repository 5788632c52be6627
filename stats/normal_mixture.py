"""Averages of normal distributions: tails and quantiles."""

from __future__ import annotations

import numpy as np
import scipy.special

from stats.panel import Floats

STEPS = 100


def tail_below(at: float | Floats, weights: Floats, means: Floats, sds: Floats) -> Floats:
    """Probability that a mixture of normal distributions is below a value.

    Args:
        at: The value, or one for each mixture: shape (...).
        weights: (G,) weights that sum to 1.
        means: (..., G) means.
        sds: (..., G) standard deviations, above 0.

    Returns:
        (...) probabilities.

    Example:
        >>> float(tail_below(0.0, np.array([0.5, 0.5]), np.array([-1.0, 1.0]), np.array([1.0, 1.0])))
        0.5
    """
    z = (np.asarray(at, dtype=np.float64)[..., None] - means) / sds
    return np.asarray(scipy.special.ndtr(z) @ weights)


def quantile(probability: float, weights: Floats, means: Floats, sds: Floats) -> Floats:
    """The value below which a mixture of normal distributions lies with a probability.

    Args:
        probability: Within (0, 1).
        weights: (G,) weights that sum to 1.
        means: (..., G) means.
        sds: (..., G) standard deviations, above 0.

    Returns:
        (...) quantiles.

    Example:
        >>> halves = np.array([0.5, 0.5])
        >>> round(float(quantile(0.975, halves, np.array([0.0, 0.0]), np.array([1.0, 1.0]))), 6)
        1.959964
    """
    # A mixture's quantile lies between those of its parts; it is found between those that carry any weight.
    parts = means + scipy.special.ndtri(probability) * sds
    carried = weights > 0
    low, high = parts[..., carried].min(axis=-1), parts[..., carried].max(axis=-1)
    middle = parts[..., int(np.argmax(weights))]
    close = 1e-8 * sds.min(axis=-1)  # Newton's next step would be about the square of that
    for _ in range(STEPS):
        excess = tail_below(middle, weights, means, sds) - probability
        low, high = np.where(excess <= 0, middle, low), np.where(excess >= 0, middle, high)
        z = (middle[..., None] - means) / sds
        slope = (np.exp(-0.5 * z**2) / sds) @ weights / np.sqrt(2.0 * np.pi)
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = middle - excess / slope
        inside = np.isfinite(newton) & (newton > low) & (newton < high)
        following = np.where(inside, newton, (low + high) / 2.0)
        if np.all(np.abs(following - middle) <= close + 1e-15 * np.abs(middle)):
            return np.asarray(following)
        middle = following
    return np.asarray(middle)
