"""Weekly measurements of everything that no answer carries: waiting times, shares of calls, costs, the staff pulse."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from services.demo.county import County
from services.demo.curves import stream
from services.demo.truth import Key, Truth

STAFF_STEPS = 4
"""Steps on the staff pulse's 1-5 scale."""
MOST, LEAST = 0.995, 0.005


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One unit and week of a metric: a count of n, or the mean and SD of n."""

    metric: str
    unit: str
    week: int
    n: float
    mean: float | None = None
    sd: float | None = None
    count: float | None = None


def draw(county: County, truths: dict[Key, Truth], seed: int) -> list[Measured]:
    """Draw every measurement of the series that answers do not feed."""
    items = {metric.item for metric in county.metrics if metric.item}
    rows: list[Measured] = []
    for key, series in sorted(truths.items()):
        if series.measure not in items:
            rows += _series(county, series, stream(seed, "measured", *key))
    return rows


def _series(county: County, series: Truth, rng: np.random.Generator) -> list[Measured]:
    weeks = range(series.every_weeks - 1, county.meta.weeks, series.every_weeks)
    rows = []
    for week in weeks:
        level = float(series.total[week])
        row = partial(Measured, metric=series.measure, unit=series.unit, week=week)
        if series.family == "poisson":
            rows.append(row(n=1.0, count=float(rng.poisson(max(level, 0.1)))))
            continue
        n = max(int(rng.poisson(series.n_week)), 1)
        if series.family == "binomial":
            rows.append(row(n=float(n), count=float(rng.binomial(n, np.clip(level, LEAST, MOST)))))
        else:
            values = _values(county, series, level, n, rng)
            spread = round(float(values.std(ddof=1)), 4) if n > 1 else None
            rows.append(row(n=float(n), mean=round(float(values.mean()), 4), sd=spread))
    return rows


def _values(county: County, series: Truth, level: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Single values behind a week's mean, with the stated mean and SD: whole steps of the pulse, -100/0/100 for
    eNPS, and a gamma distribution for days, minutes and euros, which cannot be negative."""
    kind = county.metric(series.measure).kind
    if kind == "nps":
        return _nps(level / 100, series.sd / 100, n, rng)
    if kind == "score":
        share = np.clip((level - 1) / STAFF_STEPS, 0.03, 0.97)
        ratio = (series.sd / STAFF_STEPS) ** 2 * STAFF_STEPS / (share * (1 - share))
        size = 1 / np.clip((ratio - 1) / (STAFF_STEPS - 1), 0.01, 0.95) - 1
        return 1 + rng.binomial(STAFF_STEPS, rng.beta(share * size, (1 - share) * size, n)).astype(float)
    shape = (max(level, 0.1) / series.sd) ** 2
    return rng.gamma(shape, max(level, 0.1) / shape, n)


def _nps(mean: float, sd: float, n: int, rng: np.random.Generator) -> NDArray[np.float64]:
    extremes = min(sd**2 + mean**2, 0.98)
    promoters = np.clip((extremes + mean) / 2, 0.01, 0.98)
    detractors = np.clip((extremes - mean) / 2, 0.01, 0.99 - promoters)
    return rng.choice([100.0, 0.0, -100.0], size=n, p=[promoters, 1 - promoters - detractors, detractors])
