"""Made-up pilots by the dozen, as the two tables that evaluate-batch reads."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl

from services.batch_panel import BatchPanel, read_panel
from services.batch_plans import read_plans

MONDAY = dt.date(2026, 3, 2)
KINDS = ("score", "nps", "proportion", "count", "duration", "cost")


def plans_of(pilots: int, **columns: object) -> pl.DataFrame:
    """Plans of pilots of every kind in turn, twelve weeks from MONDAY on."""
    kinds = [KINDS[place % len(KINDS)] for place in range(pilots)]
    usual = {
        "direction": "increase", "smallest_change": 0.3, "start": MONDAY, "end": MONDAY + dt.timedelta(days=83),
    }  # fmt: skip
    return pl.DataFrame({"pilot": [f"P{place}" for place in range(pilots)], "kind": kinds}).with_columns(
        **{name: pl.lit(value) for name, value in (usual | columns).items()}
    )


def panel_of(plans: pl.DataFrame, *, units: int = 4, before: int = 12, after: int = 12, seed: int = 5) -> pl.DataFrame:
    """Weekly rows of the plans' pilots: in each the first unit carries out the change, some weeks are missing."""
    random = np.random.default_rng(seed)
    parts = []
    for pilot, kind, start in plans.select("pilot", "kind", "start").iter_rows():
        weeks = [start + dt.timedelta(days=7 * week) for week in range(-before, after)]
        rows = units * len(weeks)
        n = random.integers(8, 30, rows).astype(float)
        counts = kind in ("proportion", "count")
        count = random.binomial(n.astype(int), 0.4).astype(float)
        mean = (20.0 if kind == "nps" else 3.5) + random.normal(size=rows) / 3
        frame = pl.DataFrame({
            "pilot": [pilot] * rows,
            "unit": [f"U{unit}" for unit in range(units) for _ in weeks],
            "is_pilot": [unit == 0 for unit in range(units) for _ in weeks],
            "week": weeks * units,
            "n": n,
            "mean": pl.Series([None] * rows if counts else mean, dtype=pl.Float64),
            "sd": pl.Series([None] * rows if counts else [1.0] * rows, dtype=pl.Float64),
            "count": pl.Series(count if counts else [None] * rows, dtype=pl.Float64),
        })  # fmt: skip
        parts.append(frame.filter(pl.Series(random.random(rows) > 0.05)))
    return pl.concat(parts)


def read(folder: Path, panel: pl.DataFrame, plans: pl.DataFrame) -> BatchPanel:
    """Write both tables and read them back."""
    panel.write_parquet(folder / "panel.parquet")
    plans.write_parquet(folder / "plans.parquet")
    return read_panel(folder / "panel.parquet", read_plans(folder / "plans.parquet"))


def grids(panel: BatchPanel, member: int) -> dict[str, np.ndarray]:
    """n, mean, sd and count of one pilot, (units, weeks)."""
    own = panel.pilot == member
    found = {}
    for name in ("n", "mean", "sd", "count"):
        grid = np.full((panel.units[member], panel.weeks[member]), np.nan)
        grid[panel.unit[own], panel.week[own]] = getattr(panel.values, name)[own]
        found[name] = grid
    return found
