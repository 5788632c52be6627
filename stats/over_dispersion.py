"""Do counts or shares vary more from week to week than chance alone would make them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import scipy.stats

from stats.arguments import choice, numbers, whole
from stats.panel import Floats
from stats.spc.limits import MEAN_RANGE_OF_TWO, mean_moving_range


@dataclass(frozen=True, kw_only=True)
class Dispersion:
    """How much counts vary beyond chance, and a one-sided test of it.

    Attributes:
        ratio: Variance over what chance alone would make it; 1 is chance alone. For Cameron and Trivedi's quadratic
            form, the coefficient alpha of variance = mean + alpha mean^2 instead; 0 is chance alone.
        statistic: The test's statistic.
        df: Degrees of freedom of its chi-square distribution; infinite where it is normal.
        p_value: Of no more than chance, against more.
        method: The test.
    """

    ratio: float
    statistic: float
    df: float
    p_value: float
    method: str


def pearson_dispersion(counts: Floats, expected: Floats, *, parameters: int) -> Dispersion:
    """Return Pearson's chi-square over its degrees of freedom, with the chi-square test.

    With expected counts under about 1 the chi-square distribution is rough.

    Args:
        counts: (T,) counts.
        expected: (T,) what a Poisson model expects, above 0.
        parameters: How many were fitted to get the expected counts.

    References:
        McCullagh & Nelder (1989), Generalized Linear Models, 4.5.

    Example:
        >>> counts = np.array([4.0, 9.0, 2.0, 11.0, 6.0, 4.0])
        >>> found = pearson_dispersion(counts, np.full(6, 6.0), parameters=1)
        >>> round(found.ratio, 2), round(found.p_value, 3)
        (1.93, 0.085)
    """
    df = len(counts) - whole("parameters", parameters, most=len(counts) - 1)
    statistic = float(((counts - expected) ** 2 / expected).sum())
    return Dispersion(
        ratio=statistic / df, statistic=statistic, df=df, p_value=float(scipy.stats.chi2.sf(statistic, df)),
        method="pearson",
    )  # fmt: skip


def cameron_trivedi(counts: Floats, expected: Floats, *, form: str = "linear") -> Dispersion:
    """Return Cameron and Trivedi's regression test of over-dispersion in a fitted Poisson model.

    Args:
        counts: (T,) counts.
        expected: (T,) fitted expectations.
        form: What the variance is under the alternative: "linear", ratio times the mean (as quasi-Poisson), or
            "quadratic", mean + alpha mean^2 (as negative binomial).

    Raises:
        ValueError: Another form, or fewer than 3 counts.

    References:
        Cameron & Trivedi (1990), Journal of Econometrics 46:347. As `AER::dispersiontest` in R.

    Example:
        >>> counts = np.array([4.0, 9.0, 2.0, 11.0, 6.0, 4.0])
        >>> round(cameron_trivedi(counts, np.full(6, 6.0)).ratio, 2)
        1.61
    """
    choice("form", form, ("linear", "quadratic"))
    numbers("counts", counts, least=3)
    beyond = ((counts - expected) ** 2 - counts) / expected
    on = np.ones(len(counts)) if form == "linear" else expected
    slope = float(beyond @ on / (on @ on))
    left = beyond - slope * on
    error = float(np.sqrt(left @ left / (len(counts) - 1) / (on @ on)))
    statistic = slope / error if error > 0 else float("nan")
    return Dispersion(
        ratio=slope + (form == "linear"), statistic=statistic, df=float("inf"),
        p_value=float(scipy.stats.norm.sf(statistic)), method=f"cameron_trivedi_{form}",
    )  # fmt: skip


def sigma_z(
    counts: Sequence[float] | npt.NDArray[np.generic],
    totals: Sequence[float] | npt.NDArray[np.generic],
    *,
    split_at: Sequence[int] = (),
) -> float:
    """Return Laney's sigma of z for shares: how many times as far they vary as the binomial alone would make them.

    Each segment's z-scores are about its own share, and no moving range reaches from one into the next, so that a
    change at the start of a pilot does not count as dispersion. The square is comparable with `Dispersion.ratio`.

    Args:
        counts: (T,) successes a week, in order of time.
        totals: (T,) trials a week.
        split_at: Indices where a new segment begins; the start of the pilot, above all.

    Returns:
        About 1 when there is chance alone; NaN when every share of a segment is 0, or every one is 1.

    Raises:
        ValueError: A count that is no whole number from 0 to its total, a total under 1, arrays of unequal length, a
            split outside of them, or a segment of fewer than 2 weeks.

    References:
        Laney (2002), Quality Engineering 14:531; Mohammed & Laney (2006), Qual Saf Health Care 15:383.

    Example:
        >>> round(sigma_z([40, 52, 38, 55, 61, 70, 58, 73], [100] * 8, split_at=[4]), 2)
        2.39
    """
    successes = numbers("counts", counts, least=2)
    trials = numbers("totals", totals, least=2)
    if len(successes) != len(trials):
        raise ValueError(f"counts has {len(successes)} values and totals {len(trials)}, must have as many.")
    for place, (count, total) in enumerate(zip(successes, trials, strict=True)):
        whole(f"totals[{place}]", total, least=1)
        whole(f"counts[{place}]", count, most=total)
    edges = [0, *sorted(whole("split_at", place, least=1, most=len(trials) - 1) for place in split_at), len(trials)]
    scores = np.full(len(trials) + len(edges), np.nan)  # a gap between segments, which no range crosses
    for number, (low, high) in enumerate(pairwise(edges)):
        if high - low < 2:
            raise ValueError(f"counts has {high - low} weeks from index {low} to {high}, must have at least 2.")
        share = float(successes[low:high].sum() / trials[low:high].sum())
        if share in (0.0, 1.0):
            return float("nan")
        chance = np.sqrt(share * (1.0 - share) / trials[low:high])
        scores[low + number : high + number] = (successes[low:high] / trials[low:high] - share) / chance
    return mean_moving_range(scores, screened=False) / MEAN_RANGE_OF_TWO
