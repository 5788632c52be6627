"""A batch as the two files that `python cli.py evaluate-batch` reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from stats.batch import PilotBatch


def write_files(batch: PilotBatch, *, panel: Path, plans: Path) -> None:
    """Write the weekly rows and the plans of a batch as Parquet; missing weeks are absent."""
    seen = np.isfinite(batch.mean) & (np.nan_to_num(batch.n) > 0)
    pilot, unit, week = np.nonzero(seen)
    names = np.array([f"P{i:06d}" for i in range(len(batch))])
    values = {name: getattr(batch, name)[seen] for name in ("mean", "sd", "count")}
    pl.DataFrame({
        "pilot": names[pilot],
        "unit": np.array([f"U{j:03d}" for j in range(batch.n.shape[1])])[unit],
        "is_pilot": unit < batch.pilots[pilot],
        "week": batch.mondays[pilot, week],
        "n": batch.n[seen],
        **values,
    }).with_columns(pl.col(tuple(values)).fill_nan(None)).write_parquet(panel)  # fmt: skip
    pl.DataFrame({
        "pilot": names,
        "kind": [str(kind) for kind in batch.kind],
        "direction": np.where(batch.direction > 0, "increase", "decrease"),
        "smallest_change": batch.smallest_change,
        "start": batch.start.astype("datetime64[D]"),
        "end": batch.end.astype("datetime64[D]"),
        "trigger_from": batch.trigger_from,
        "trigger_to": batch.trigger_to,
        "randomised": batch.randomised,
    }).write_parquet(plans)  # fmt: skip
