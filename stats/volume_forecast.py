"""How many answers the coming weeks bring: a level that may drift, counts that scatter around it, and a back-test.

The level of a week is known up to a gamma distribution. Each new count sharpens it, each week that passes blurs it a
little; how fast it is blurred and how much more than Poisson counts scatter is not estimated but averaged over, by how
well each pair has foretold the weeks so far. With two years of weeks a yearly wave is averaged in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.special

from stats.arguments import numbers, probability, whole
from stats.count_level import Level, follow_level
from stats.errors import CannotEstimateError
from stats.panel import Floats
from stats.poisson_regression import fit_poisson_regression

METHOD = "gamma-Poisson level with discounting, averaged over discount and dispersion"
LEAST_WEEKS = 26
LEAST_COUNT = 20
SEASON_WEEKS = 104
LEAST_ORIGINS = 8
SMALL = 60.0
"""Means up to which the shortest interval is sought."""
YEAR = 365.25 / 7


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A count to come: its mean, and the shortest interval of whole numbers that holds it as often as asked."""

    mean: float
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class BackTest:
    """What the method would have said in the past, week after week, of what came then.

    Attributes:
        origins: From how many weeks it was asked, each time with what was known then.
        coverage: Share of the totals over the horizon that fell into their interval.
        weekly_coverage: Share of the single weeks that did.
        error: Mean absolute error of the totals.
        recent_error: The same when the last weeks, as many as the horizon, are simply repeated.
        last_year_error: The same when the same weeks of the year before are repeated; None with less than a year.
    """

    origins: int
    coverage: float
    weekly_coverage: float
    error: float
    recent_error: float
    last_year_error: float | None


@dataclass(frozen=True, kw_only=True)
class VolumeForecast:
    """The coming weeks.

    Attributes:
        weeks: Each week.
        total: All of them together.
        level: What a week brings now.
        dispersion: How many times the Poisson variance counts have.
        seasonal: Weight of the yearly wave, from 0 to 1; 0 with less than two years.
        back_test: None when there are too few weeks to have asked in the past.
        confidence_level: Of the intervals.
        method: As a report prints it.
    """

    weeks: tuple[Expected, ...]
    total: Expected
    level: float
    dispersion: float
    seasonal: float
    back_test: BackTest | None
    confidence_level: float
    method: str = METHOD


def forecast_volume(
    counts: Sequence[float] | Floats, *, horizon: int = 8, confidence_level: float = 0.8, back_test: bool = True
) -> VolumeForecast:
    """Forecast weekly counts.

    Args:
        counts: (T,) answers a week without gaps, the newest last; weeks without answers are 0.
        horizon: How many weeks ahead, at most 26.
        confidence_level: Of the intervals. Counts are whole, so that an interval of few answers holds a little more.
        back_test: Whether to ask of the past, too.

    Raises:
        ValueError: A count is negative or not whole.
        CannotEstimateError: Fewer than 26 weeks, or fewer than 20 answers in all.

    References:
        Harvey & Fernandes (1989), Time Series Models for Count or Qualitative Observations, J Business & Economic
        Statistics 7:407. West & Harrison (1997), Bayesian Forecasting and Dynamic Models, 6.3 (discounting).

    Example:
        >>> found = forecast_volume([5, 3, 6, 4, 7, 5] * 6)
        >>> round(found.level, 1), found.total.low, found.total.high
        (5.0, 30, 50)
    """
    level = probability("confidence_level", confidence_level)
    ahead = whole("horizon", horizon, least=1, most=26)
    values = numbers("counts", counts)
    if (values < 0).any() or (values != np.round(values)).any():
        raise ValueError("counts must be whole numbers from 0 on.")
    if len(values) < LEAST_WEEKS:
        raise CannotEstimateError(
            "There are {weeks} weeks; a forecast needs at least {fewest}.", weeks=len(values), fewest=LEAST_WEEKS
        )
    if values.sum() < LEAST_COUNT:
        raise CannotEstimateError(
            "There are {answers} answers; a forecast needs at least {fewest}.",
            answers=int(values.sum()), fewest=LEAST_COUNT,
        )  # fmt: skip
    paths = _paths(values, ahead)
    weeks, total = _expected(paths, len(values), ahead, level)
    weights, whole_level, dispersion = _now(paths, len(values))
    return VolumeForecast(
        weeks=tuple(weeks), total=total, level=whole_level, dispersion=dispersion,
        seasonal=float(weights[1].sum()) if len(paths) > 1 else 0.0,
        back_test=_back_test(values, paths, ahead, level) if back_test else None, confidence_level=level,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class _Path:
    """One way to see the season: the level followed through all weeks, the factors to come, and the prior's log."""

    level: Level
    coming: Floats
    log_prior: float


def _paths(values: Floats, ahead: int) -> list[_Path]:
    plain = _Path(level=follow_level(values, np.ones(len(values))), coming=np.ones(ahead), log_prior=0.0)
    if len(values) < SEASON_WEEKS:
        return [plain]
    weeks = np.arange(len(values) + ahead)
    wave = np.column_stack([np.cos(2 * np.pi * weeks / YEAR), np.sin(2 * np.pi * weeks / YEAR)])
    known = len(values)
    columns = np.column_stack([np.ones(known), np.linspace(-1, 1, known), wave[:known]])
    fit = fit_poisson_regression(values, columns, np.ones(known))
    factors = np.exp(wave @ fit.coefficients[2:])
    seasonal = follow_level(values, factors[:known])
    # Two coefficients were fitted to the same weeks: half a log of their number is taken off for each (Schwarz 1978).
    return [plain, _Path(level=seasonal, coming=factors[known:], log_prior=-float(np.log(known)))]


def _weights(paths: Sequence[_Path], known: int) -> list[Floats]:
    logs = [path.level.log_likelihood[path.level.place(known)] + path.log_prior for path in paths]
    top = max(float(log.max()) for log in logs)
    raw = [np.exp(log - top) for log in logs]
    whole_weight = sum(float(one.sum()) for one in raw)
    return [one / whole_weight for one in raw]


def _now(paths: Sequence[_Path], known: int) -> tuple[list[Floats], float, float]:
    weights = _weights(paths, known)
    level = sum(
        float(weight @ path.level.mean(known)) * float(path.coming[0])
        for weight, path in zip(weights, paths, strict=True)
    )
    dispersion = sum(float(weight @ path.level.dispersion) for weight, path in zip(weights, paths, strict=True))
    return weights, level, dispersion


def _expected(paths: Sequence[_Path], known: int, ahead: int, level: float) -> tuple[list[Expected], Expected]:
    """The coming weeks and their total, as seen when `known` weeks were known."""
    weights = np.concatenate(_weights(paths, known))
    parts = [path.level.coming(known, path.coming[:ahead]) for path in paths]
    means = np.concatenate([part.means for part in parts])
    variances = np.concatenate([part.variances for part in parts])
    kept = weights > 1e-4
    weights, means, variances = weights[kept] / weights[kept].sum(), means[kept], variances[kept]
    found = [_mixture(weights, means[:, i], variances[:, i], level) for i in range(means.shape[1])]
    return found[:-1], found[-1]


def _mixture(weights: Floats, means: Floats, variances: Floats, level: float) -> Expected:
    """The mean of a mixture of negative binomials, and its shortest interval that holds at least `level`.

    Of large counts the equal-tailed interval is taken, which is hardly longer.
    """
    sizes = means**2 / (variances - means)
    chances = sizes / (sizes + means)
    mean = float(weights @ means)
    spread = float(np.sqrt(weights @ (variances + means**2) - mean**2))

    def at_most(count: npt.NDArray[np.int64]) -> Floats:
        found: Floats = weights @ scipy.special.betainc(sizes[:, None], count + 1.0, chances[:, None])
        return found

    if mean > SMALL:
        tails = ((1 - level) / 2, (1 + level) / 2)
        low, high = (_quantile(at_most, tail, int(mean + 40 * spread) + 2) for tail in tails)
        return Expected(mean=mean, low=low, high=high)
    below = at_most(np.arange(int(mean + 12 * spread) + 8))
    before = np.concatenate([[0.0], below[:-1]])
    ends = np.searchsorted(below, before + level)
    starts = np.flatnonzero(ends < len(below))
    ends = ends[starts]
    held = below[ends] - before[starts]
    best = int(np.lexsort((-held, ends - starts))[0])
    return Expected(mean=mean, low=int(starts[best]), high=int(ends[best]))


def _quantile(at_most: Callable[[npt.NDArray[np.int64]], Floats], tail: float, most: int) -> int:
    """The smallest count that so much lies at or below."""
    least = 0
    while least < most:
        middle = (least + most) // 2
        if at_most(np.array([middle]))[0] >= tail:
            most = middle
        else:
            least = middle + 1
    return least


def _back_test(values: Floats, paths: Sequence[_Path], ahead: int, level: float) -> BackTest | None:
    """Ask of every week from which the whole horizon is known by now; the season of each is fitted to its own past."""
    origins = range(LEAST_WEEKS, len(values) - ahead + 1)
    if len(origins) < LEAST_ORIGINS:
        return None
    inside, weekly, errors, recent, last_year = [], [], [], [], []
    for known in origins:
        then = [paths[0]] if known < SEASON_WEEKS else _paths(values[:known], ahead)
        weeks, total = _expected(then, known, ahead, level)
        came = values[known : known + ahead]
        inside.append(total.low <= came.sum() <= total.high)
        weekly += [week.low <= count <= week.high for week, count in zip(weeks, came, strict=True)]
        errors.append(abs(came.sum() - total.mean))
        recent.append(abs(came.sum() - values[known - ahead : known].sum()))
        if known >= 52:
            last_year.append(abs(came.sum() - values[known - 52 : known - 52 + ahead].sum()))
    return BackTest(
        origins=len(origins), coverage=float(np.mean(inside)), weekly_coverage=float(np.mean(weekly)),
        error=float(np.mean(errors)), recent_error=float(np.mean(recent)),
        last_year_error=float(np.mean(last_year)) if len(last_year) >= LEAST_ORIGINS else None,
    )  # fmt: skip
