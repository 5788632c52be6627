"""What looking several times costs: by how much a change must be larger to be found as surely as with one look."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy.optimize
import scipy.stats

from stats import arguments
from stats.panel import Floats
from stats.sequential import obrien_fleming_bounds

NODES = 400
REACH = 8.0
MOST_LOOKS = 30
MOST_COST = 1.2


@lru_cache(maxsize=256)
def review_cost(reviews: int, *, power: float = 0.8, alpha: float = 0.025) -> float:
    """Return the factor on the effect for so many reviews with Lan-DeMets O'Brien-Fleming bounds.

    The reviews are taken as equally spaced in information. Where they really fall changes the factor by less than
    half a per cent, and so do reviews beyond thirty.

    Args:
        reviews: Planned reviews, the last at the end.
        power: Chance of passing a bound at one of them.
        alpha: One-sided error over all of them.

    Raises:
        ValueError: An argument is out of its bounds.

    Example:
        >>> [round(review_cost(k), 3) for k in (1, 5, 10)]
        [1.0, 1.012, 1.019]

    References:
        Jennison & Turnbull (2000), Group Sequential Methods, chapters 7 and 19.
    """
    looks = min(arguments.whole("reviews", reviews, least=1), MOST_LOOKS)
    once = float(scipy.stats.norm.isf(alpha) + scipy.stats.norm.ppf(power))
    if looks == 1:
        return 1.0
    fractions = np.arange(1, looks + 1) / looks
    bounds = obrien_fleming_bounds(fractions, alpha=alpha)

    def short(cost: float) -> float:
        return crossing_probability(bounds, fractions, once * cost) - power

    return float(scipy.optimize.brentq(short, 1.0, MOST_COST, xtol=1e-6))


def crossing_probability(bounds: Floats, fractions: Floats, effect: float) -> float:
    """Return the chance that the z score passes a bound at one review or another.

    Args:
        bounds: (K,) for the z score.
        fractions: (K,) information fractions, ascending to 1.
        effect: The true effect over its standard error at the end.

    References:
        Armitage, McPherson & Rowe (1969), JRSS A 132:235, for the recursive integration.
    """
    x, w = np.polynomial.legendre.leggauss(NODES)
    passed, earlier = 0.0, 0.0
    points, weights = np.zeros(1), np.ones(1)  # the score process starts at 0
    for bound, fraction in zip(bounds, fractions, strict=True):
        step = np.sqrt(fraction - earlier)
        moved = points + effect * (fraction - earlier)
        top = bound * np.sqrt(fraction)
        passed += float(weights @ scipy.stats.norm.sf((top - moved) / step))
        low = min(effect * fraction - REACH * np.sqrt(fraction), top)
        fresh = low + (x + 1.0) / 2.0 * (top - low)
        kernel = np.exp(-0.5 * ((fresh[:, None] - moved[None, :]) / step) ** 2) / (step * np.sqrt(2.0 * np.pi))
        points, weights, earlier = fresh, w / 2.0 * (top - low) * (kernel @ weights), float(fraction)
    return passed
