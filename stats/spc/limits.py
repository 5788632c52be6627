"""Centre and limits of each kind of chart, from the points of its baseline.

Every kind is three sigma about its centre; what differs is where sigma comes from. The formulas are those of the R
packages qicharts2 and qcc. A missing point (NaN) is in no mean, and no moving range reaches across it.

Moving ranges are screened once on the individuals charts (xmr, and t, which is one after its transform). Laney's sigma
of z is not screened, as in his papers. The geometric distribution of a g chart is so skewed that about 2 % of its
points lie above the upper limit by chance, and its lower limit is always 0.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from stats.panel import Floats
from stats.spc.kinds import ChartKind
from stats.spc.lines import Lines, centre_only, no_neighbours, no_values, no_variation, symmetric, transformed

XMR_FACTOR = 2.66
SCREEN_FACTOR = 3.267
MEAN_RANGE_OF_TWO = 1.128
NELSON_POWER = 3.6
ROUNDING = 1e-14

Mask = npt.NDArray[np.bool_]


def lines_of(kind: ChartKind, points: Floats, denominators: Floats | None, use: Mask) -> Lines:
    """Return the lines of one phase.

    Args:
        kind: The kind of chart.
        points: (T,) what is plotted: values, shares or rates; NaN where missing.
        denominators: (T,) trials or exposure, for shares and rates.
        use: (T,) True where a point belongs to the baseline.

    References:
        Nelson (1982), J Quality Technology 14:172 (individuals, screening); Nelson (1994), J Quality Technology 26:239
        (time between events); Montgomery, Introduction to Statistical Quality Control (p, c, u, g); Laney (2002),
        Quality Engineering 14:531, and Mohammed & Laney (2006), Qual Saf Health Care 15:383 (p', u').
    """
    length = len(points)
    base = np.where(use, points, np.nan)
    seen = base[np.isfinite(base)]
    if len(seen) == 0:
        return centre_only(np.nan, length, no_values())
    if kind is ChartKind.RUN:
        return centre_only(float(np.median(seen)), length)
    if kind is ChartKind.XMR:
        return _individuals(base)
    if kind is ChartKind.T:
        return transformed(_individuals(base ** (1.0 / NELSON_POWER)), NELSON_POWER)
    if kind in (ChartKind.C, ChartKind.G):
        return _counted(kind, seen, length)
    assert denominators is not None
    return _divided(kind, base, denominators)


def mean_moving_range(values: Floats, *, screened: bool) -> float:
    """Mean of |x_t - x_(t-1)| over neighbours that are both there; NaN when there are none.

    Args:
        values: (T,) values, NaN where missing.
        screened: Leave out, once, ranges above 3.267 times the first mean (Nelson 1982): a single outlier makes two
            large ranges and would hide itself behind wide limits.

    Example:
        >>> jump = np.array([1.0, 2, 1, 2, 1, 2, 1, 2, 1, 9])
        >>> mean_moving_range(jump, screened=False).__round__(3), mean_moving_range(jump, screened=True)
        (1.778, 1.0)
    """
    ranges = np.abs(np.diff(values))
    ranges = ranges[np.isfinite(ranges)]
    if len(ranges) == 0:
        return float("nan")
    mean = float(ranges.mean())
    return float(ranges[ranges <= SCREEN_FACTOR * mean].mean()) if screened else mean


def _individuals(base: Floats) -> Lines:
    """Mean +- 2.66 mean moving range."""
    seen = base[np.isfinite(base)]
    length = len(base)
    centre = float(seen[0] + np.mean(seen - seen[0]))  # around an offset: means of large values keep their digits
    spread = mean_moving_range(base, screened=True)
    if np.isnan(spread):
        return centre_only(centre, length, no_neighbours())
    if spread <= ROUNDING * float(np.abs(seen).max()):
        return centre_only(centre, length, no_variation())
    return symmetric(np.full(length, centre), np.full(length, spread * XMR_FACTOR / 3.0))


def _counted(kind: ChartKind, seen: Floats, length: int) -> Lines:
    """Poisson counts (c): sqrt(m); opportunities between events (g), geometric: sqrt(m (m + 1)), shown with the median.

    Most of a geometric distribution lies below its mean, so runs are counted about the median.
    """
    mean = float(seen.mean())
    if mean == 0.0:
        return centre_only(0.0, length, no_variation())
    middle = np.full(length, np.median(seen)) if kind is ChartKind.G else None
    variance = mean * (mean + 1.0) if kind is ChartKind.G else mean
    return symmetric(np.full(length, mean), np.full(length, np.sqrt(variance)), middle=middle, least=0.0)


def _divided(kind: ChartKind, base: Floats, denominators: Floats) -> Lines:
    """Shares, sqrt(p (1 - p) / n), and rates, sqrt(u / n); the primed kinds times Laney's sigma of z."""
    there = np.isfinite(base)
    total = denominators[there]
    centre = float(np.sum(base[there] * total) / np.sum(total))
    variance = centre * (1.0 - centre) if kind.share else centre
    if centre == 0.0 or (kind.share and variance <= ROUNDING):
        return centre_only(centre, len(base), no_variation())
    sigma = np.sqrt(variance / denominators)
    if kind in (ChartKind.P_PRIME, ChartKind.U_PRIME):
        sigma_z = mean_moving_range((base - centre) / sigma, screened=False) / MEAN_RANGE_OF_TWO
        if np.isnan(sigma_z):
            return centre_only(centre, len(base), no_neighbours())
        if sigma_z <= 1e-9:
            return centre_only(centre, len(base), no_variation())
        sigma = sigma * sigma_z
    line = np.full(len(base), centre)
    return symmetric(line, sigma, least=0.0, most=1.0 if kind.share else np.inf)
