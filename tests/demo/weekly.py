"""Weekly means of a pilot's metric, computed here from the drawn rows and not by the product's own statistics."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from services.demo.pilot_facts import DemoPilot
from services.demo.simulate import DemoData
from services.demo.truth import measure_of

COLUMN = {"language": "language", "age": "age_group", "life": "life_situation"}


def answers_of(data: DemoData, pilot: DemoPilot, unit: str, population: str) -> pl.DataFrame:
    """Scores of the pilot's item in a unit, by week, of one population."""
    item = measure_of(data.county, pilot.metric)
    rows = data.scores.filter((pl.col("item") == item) & (pl.col("unit") == unit))
    rows = rows.with_columns(week=(pl.col("given_on") - pl.lit(data.first_monday)).dt.total_days() // 7)
    if population:
        name, value = population.split(":", 1)
        rows = rows.join(data.feedback.select("key", COLUMN[name]), on="key").filter(pl.col(COLUMN[name]) == value)
    return rows


def weekly_means(data: DemoData, pilot: DemoPilot) -> dict[str, NDArray[np.float64]]:
    """Weekly means, shares or counts of the pilot's metric in its units; NaN where nobody answered."""
    found = {}
    for unit in (pilot.unit, *pilot.comparison_units):
        means = np.full(data.county.meta.weeks, np.nan)
        if data.county.metric(pilot.metric).item is not None:
            rows = answers_of(data, pilot, unit, pilot.population)
            weekly = rows.group_by("week").agg(pl.col("value").mean())
            means[weekly["week"].to_numpy()] = weekly["value"].to_numpy()
        else:
            rows = data.measurements.filter((pl.col("metric") == pilot.metric) & (pl.col("unit") == unit))
            week = ((rows["on_date"] - data.first_monday).dt.total_days() // 7).to_numpy()
            means[week] = rows.select(pl.coalesce("mean", pl.col("count") / pl.col("n"))).to_series().to_numpy()
        found[unit] = means
    return found


def windows(pilot: DemoPilot) -> tuple[slice, slice]:
    """The weeks before and after that the stated figures are about."""
    assert pilot.start_week is not None
    assert pilot.sim_check is not None
    start = pilot.start_week
    return slice(start - pilot.sim_check.weeks_pre, start), slice(start, start + pilot.sim_check.weeks_post)


def before_after(means: Mapping[str, NDArray[np.float64]], pilot: DemoPilot) -> tuple[float, float]:
    """After minus before in the pilot unit, and that minus the same in the comparison units."""
    before, after = windows(pilot)
    change = {unit: float(np.nanmean(m[after]) - np.nanmean(m[before])) for unit, m in means.items()}
    others = [change[unit] for unit in pilot.comparison_units]
    return change[pilot.unit], change[pilot.unit] - float(np.mean(others))


def standard_error(pilot: DemoPilot, *, compared: bool) -> float:
    """Standard error of `before_after` under the stated process, from week shocks and single answers alone."""
    process, check = pilot.process, pilot.sim_check
    assert check is not None
    if process.family == "binomial":
        single = process.mu * (1 - process.mu) / process.n_week
    elif process.family == "poisson":
        single = process.mu
    else:
        single = process.sd**2 / process.n_week
    inflation = (1 + process.ar1) / (1 - process.ar1)
    week = process.between_week_sd**2 * inflation + single
    units = 1 + 1 / len(pilot.comparison_units) if compared else 1
    return float(np.sqrt(week * (1 / check.weeks_pre + 1 / check.weeks_post) * units))


def group_difference(data: DemoData, pilot: DemoPilot, population: str) -> tuple[float, float]:
    """After (from the third week on) minus before in a group of the pilot unit, and its standard error."""
    assert pilot.start_week is not None
    rows = answers_of(data, pilot, pilot.unit, population)
    before = rows.filter(pl.col("week") < pilot.start_week)["value"].to_numpy()
    after = rows.filter(pl.col("week") >= pilot.start_week + pilot.process.ramp_weeks)["value"].to_numpy()
    se = np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after) + 2 * 0.05**2 / 20)
    return float(after.mean() - before.mean()), float(se)
