"""Several units' weeks side by side: their levels, and what is left of each week when level and common week are out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.history import TYPICAL_RHO, TYPICAL_SIGMA
from stats.panel import Floats, Panel
from stats.pilot_data import Mask
from stats.single_series import solve_fixed
from stats.working_scale import WorkingData, to_working

ROUNDS = 20
LEAST_UNITS = 4
LEAST_MOVEMENTS = 8
LARGEST_RHO = 0.9
LEAST_SHOCK = 0.1
"""No unit's weeks are moved by chance alone, whatever their moments say."""
UNLIKELY_MOVES = 0.3
"""SD of true correlations between units' movements, on Fisher's scale."""
LEAST_BETWEEN = 0.25
"""Levels nearer than a quarter of one answer's SD are about the same, however alike all units are."""


@dataclass(frozen=True, eq=False, kw_only=True)
class UnitWeeks:
    """Units by weeks on the working scale; the unit of interest comes first.

    Attributes:
        panel: J units with data, T weeks.
        working: The same on its working scale.
        precision: (J, T) of the working values; where it is only relative, scaled so that chance explains all movement.
        levels: (J,) the units' levels.
        movements: (J, T) what level and common week leave, NaN where missing.
        between: SD between the levels, chance taken out.
        sigma: SD of the weekly shocks that chance does not explain, at least 0.1.
        rho: Their correlation from week to week, halfway between its moments and what is typical.
    """

    panel: Panel
    working: WorkingData
    precision: Floats
    levels: Floats
    movements: Floats
    between: float
    sigma: float
    rho: float

    def shared(self, other: int) -> Mask:
        """(T,) True in the weeks with data of both the first unit and another."""
        return np.asarray(self.panel.observed[0] & self.panel.observed[other])

    def correlation(self, other: int, *, usual: float) -> float:
        """Correlation of the first unit's movements with another's, shrunk towards the usual one.

        Taking the common week out of J independent units correlates them by -1 / (J - 1), which is added back. With
        fewer than four units the common week cannot be told from the movements, and the usual correlation is returned.
        """
        weeks = self.shared(other)
        count = int(weeks.sum())
        units = len(self.panel.units)
        if units < LEAST_UNITS or count < LEAST_MOVEMENTS:
            return usual
        one, two = self.movements[0, weeks], self.movements[other, weeks]
        one, two = one - one.mean(), two - two.mean()
        size = float(np.sqrt((one @ one) * (two @ two)))
        if size == 0:
            return usual
        found = float(np.clip((one @ two) / size + 1.0 / (units - 1), -0.95, 0.95))
        repeats = (1.0 + self.rho**2) / (1.0 - self.rho**2)  # correlated weeks tell less
        told, prior = (count - 3) / repeats, 1.0 / UNLIKELY_MOVES**2
        return float(np.tanh((told * np.arctanh(found) + prior * np.arctanh(usual)) / (told + prior)))

    def drift_z(self, other: int) -> float:
        """Standard normal deviate of a straight trend of another unit less the first; NaN below eight weeks."""
        weeks = self.shared(other)
        if weeks.sum() < LEAST_MOVEMENTS:
            return float("nan")
        difference = np.where(weeks, self.working.values[other] - self.working.values[0], 0.0)
        safe = np.where(self.precision > 0, self.precision, 1.0)
        precision = np.where(weeks, 1.0 / (1.0 / safe[0] + 1.0 / safe[other]), 0.0)
        time = np.arange(len(weeks), dtype=np.float64)
        columns = np.column_stack([time - time[weeks].mean(), np.ones(len(time))])
        columns = np.where(weeks[:, None], columns, 0.0)
        beta, covariance = solve_fixed(difference, precision, columns, rho=self.rho, sigma=np.sqrt(2.0) * self.sigma)
        return float(beta[0] / np.sqrt(covariance[0, 0]))


def unit_weeks(panel: Panel) -> UnitWeeks:
    """Take levels and common weeks apart; how the rest varies is found by its moments.

    Args:
        panel: The units, the one of interest first; units without any data are dropped.

    Raises:
        CannotEstimateError: All values are the same, or the first unit has no data.
    """
    has_data = np.asarray(panel.observed.any(axis=1))
    has_data[0] = True  # without data it is refused below
    panel = panel.restricted(units=[name for name, keep in zip(panel.units, has_data, strict=True) if keep])
    working = to_working(panel)
    seen = panel.observed
    values, precision = np.where(seen, working.values, 0.0), np.where(seen, working.precision, 0.0)
    weight = precision / (1.0 + TYPICAL_SIGMA**2 * precision)
    levels, common = np.zeros(len(values)), np.zeros(values.shape[1])
    per_week = np.maximum(weight.sum(axis=0), 1e-12)
    for _ in range(ROUNDS):
        levels = (weight * (values - common)).sum(axis=1) / weight.sum(axis=1)
        common = (weight * (values - levels[:, None])).sum(axis=0) / per_week
        common = common - common.mean()
    movements = np.where(seen, values - levels[:, None] - common, np.nan)
    kept = max(1.0 - 1.0 / len(values), 0.5)  # of a week's variance, when the common week is out
    told = weight**2  # a squared movement is known in inverse proportion to its own square
    total = float((told[seen] * movements[seen] ** 2).sum() / told[seen].sum()) / kept
    noise = float((told[seen] / precision[seen]).sum() / told[seen].sum())
    if not working.scale_known and total > 0:
        precision = precision * noise / total
        noise = total
    shocks = total - noise
    neighbours = seen[:, 1:] & seen[:, :-1]
    rho = TYPICAL_RHO
    if neighbours.any() and shocks > 0:
        pair = (weight[:, 1:] * weight[:, :-1])[neighbours]
        together = float((pair * (movements[:, 1:] * movements[:, :-1])[neighbours]).sum() / pair.sum()) / kept
        rho = (TYPICAL_RHO + float(np.clip(together / shocks, 0.0, LARGEST_RHO))) / 2.0  # the ratio is a rough one
    chance = float((1.0 / weight.sum(axis=1)).mean())
    spread = float(levels.var(ddof=1)) - chance if len(levels) > 1 else 0.0
    return UnitWeeks(
        panel=panel, working=working, precision=precision, levels=levels, movements=movements,
        between=max(np.sqrt(max(spread, 0.0)), LEAST_BETWEEN), sigma=max(np.sqrt(max(shocks, 0.0)), LEAST_SHOCK),
        rho=rho,
    )  # fmt: skip
