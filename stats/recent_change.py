"""Did an event become more or less frequent in the latest weeks? Asked of many places at once, so few alarms are false.

For each place the latest 1, 2, 4, 8 and 13 weeks are compared with all weeks before them, by the exact test that given
the events of both times the later ones are binomial. The least of the five p-values of both directions, times ten,
holds whichever window and direction made it (Bonferroni); the exact test is conservative for rare events and windows
overlap, so the true rate of false alarms is lower still. Over all places the false discovery rate is kept (Benjamini &
Hochberg 1995).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.arguments import probability
from stats.multiplicity import discoveries
from stats.panel import Floats

WINDOWS = (1, 2, 4, 8, 13)
"""Lengths of the latest time that are tried, in weeks."""
LEAST_BEFORE = 13
"""Weeks that must lie before a window for a comparison."""


@dataclass(frozen=True, eq=False, kw_only=True)
class RecentChanges:
    """What the latest weeks show in every place.

    Attributes:
        p_values: (K,) of no change, for the window and direction that speak loudest, adjusted for trying them all; 1
            where there is nothing to compare.
        weeks: (K,) how many of the latest weeks that window has; 0 where there is nothing to compare.
        rise: (K,) True where the latest weeks have more events for their exposure than the weeks before.
        recent: (K,) events in that window.
        expected: (K,) events expected in it at the rate before.
        found: (K,) True where it is called a change when all places are judged at once.
    """

    p_values: Floats
    weeks: npt.NDArray[np.int64]
    rise: npt.NDArray[np.bool_]
    recent: Floats
    expected: Floats
    found: npt.NDArray[np.bool_]


def recent_changes(
    counts: npt.ArrayLike, exposures: npt.ArrayLike, *, dispersion: npt.ArrayLike = 1.0, rate: float = 0.05
) -> RecentChanges:
    """Compare the latest weeks of many series of counts with the weeks before them.

    Args:
        counts: (K, T) events of K places in T weeks, the newest last.
        exposures: (K, T) what they could have happened in: answers, visits; 0 for a week without any.
        dispersion: (K,) or one number >= 1: variance of a week's count over its Poisson variance. Counts and
            exposures are divided by it, which makes them worth as many independent events as they are.
        rate: The share of called changes that may be chance. When nothing changed anywhere it bounds the chance that
            anything at all is called.

    Returns:
        One comparison a place.

    Raises:
        ValueError: Arrays of different or wrong shape, a negative count or exposure, a number that is not finite,
            a dispersion below 1, or a rate outside (0, 1).

    Example:
        >>> steady = [3, 2, 4, 3, 3, 2, 4, 3] * 4
        >>> found = recent_changes([steady + [3, 4, 2, 3], steady + [9, 11, 8, 12]], np.full((2, 36), 50.0))
        >>> found.found.tolist(), found.weeks.tolist()[1], float(found.recent[1]), float(found.expected[1])
        ([False, True], 4, 40.0, 12.0)

    References:
        Przyborowski & Wilenski (1940), Homogeneity of results in testing samples from Poisson series, Biometrika
        31:313. Benjamini & Hochberg (1995), Journal of the Royal Statistical Society B 57:289. McCullagh & Nelder
        (1989), Generalized Linear Models, 6.2 (dispersion).
    """
    events, exposed = _table("counts", counts), _table("exposures", exposures)
    if events.shape != exposed.shape:
        raise ValueError(f"counts has shape {events.shape}, exposures {exposed.shape}; they must be the same.")
    spread = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), len(events))
    if not (np.isfinite(spread) & (spread >= 1.0)).all():
        raise ValueError("dispersion must be a number >= 1 everywhere.")
    probability("rate", rate)
    places, weeks = events.shape
    p_values, window = np.ones(places), np.zeros(places, dtype=np.int64)
    rise, recent, expected = np.zeros(places, dtype=np.bool_), np.zeros(places), np.zeros(places)
    tried = [length for length in WINDOWS if weeks - length >= LEAST_BEFORE]
    for length in tried:
        after, before = events[:, -length:].sum(axis=1), events[:, :-length].sum(axis=1)
        exposed_after, exposed_before = exposed[:, -length:].sum(axis=1), exposed[:, :-length].sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            part = exposed_after / (exposed_after + exposed_before)
            awaited = before * exposed_after / exposed_before
        there = (exposed_after > 0) & (exposed_before > 0) & (after + before > 0)
        more, less = _tails(after / spread, before / spread, np.where(there, part, 0.5))
        least = np.where(there, np.minimum(more, less), 1.0)
        better = least < p_values
        p_values[better], window[better] = least[better], length
        rise[better], recent[better], expected[better] = (more < less)[better], after[better], awaited[better]
    adjusted = np.minimum(p_values * 2 * max(len(tried), 1), 1.0)
    return RecentChanges(
        p_values=adjusted,
        weeks=window,
        rise=rise,
        recent=recent,
        expected=expected,
        found=discoveries(adjusted, rate=rate) if places else np.zeros(0, dtype=np.bool_),
    )


def pooled_dispersion(counts: npt.ArrayLike, exposures: npt.ArrayLike) -> float:
    """How much more the weekly counts of several places vary than Poisson counts would, at least 1.

    Each place is compared with its own rate; a week counts for as much as it has expected events, up to 1, so that
    places with next to no events neither hide nor make a spread.

    Args:
        counts: (K, T) events.
        exposures: (K, T) exposure.

    Returns:
        Pearson's chi-square over its degrees of freedom, over the places with at least one event; 1 when none has.

    Raises:
        ValueError: Arrays of different or wrong shape, a negative or infinite number.

    Example:
        >>> pooled_dispersion([[4, 5, 3, 4, 4, 5]], np.full((1, 6), 20.0))
        1.0
        >>> round(pooled_dispersion([[0, 9, 0, 8, 0, 7]], np.full((1, 6), 20.0)), 3)
        4.9

    References:
        McCullagh & Nelder (1989), Generalized Linear Models, 4.5 and 6.2.
    """
    events, exposed = _table("counts", counts), _table("exposures", exposures)
    if events.shape != exposed.shape:
        raise ValueError(f"counts has shape {events.shape}, exposures {exposed.shape}; they must be the same.")
    total = exposed.sum(axis=1, keepdims=True)
    rate = np.divide(events.sum(axis=1, keepdims=True), total, out=np.zeros_like(total), where=total > 0)
    mean = rate * exposed
    seen = mean > 0
    weight = np.minimum(mean, 1.0)
    pearson = np.divide((events - mean) ** 2, mean, out=np.zeros_like(mean), where=seen)
    freedom = np.where(seen, weight, 0.0).sum() - np.where(seen, weight, 0.0).max(axis=1, initial=0.0).sum()
    return max(1.0, float((weight * pearson).sum() / freedom)) if freedom > 0 else 1.0


def _tails(after: Floats, before: Floats, part: Floats) -> tuple[Floats, Floats]:
    """P(as many or more) and P(as few or fewer) of binomial(after + before, part), continued to fractions."""
    more = np.where(after > 0, scipy.special.betainc(np.maximum(after, 1e-300), before + 1.0, part), 1.0)
    less = np.where(before > 0, scipy.special.betaincc(after + 1.0, np.maximum(before, 1e-300), part), 1.0)
    return more, less


def _table(name: str, values: npt.ArrayLike) -> Floats:
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 2 or found.shape[1] == 0:
        raise ValueError(f"{name} has shape {found.shape}, must be (places, weeks) with at least one week.")
    if not (np.isfinite(found) & (found >= 0)).all():
        raise ValueError(f"{name} must be finite numbers >= 0.")
    return found
