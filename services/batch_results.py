"""The results of many pilots as one table, and the table as a file that appears whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from services.batch_plans import BatchPlans
from services.batch_tasks import BatchFailed
from stats.batch import BatchResult, with_shrunken_effects
from stats.errors import CannotEstimateError, DataError
from stats.messages import N_
from stats.panel import Floats
from stats.portfolio import shrink

SCHEMA: dict[str, pl.DataType] = {
    "verdict": pl.String(),
    "rule": pl.String(),
    "effect": pl.Float64(),
    "standard_error": pl.Float64(),
    "interval_low": pl.Float64(),
    "interval_high": pl.Float64(),
    "z": pl.Float64(),
    "bound": pl.Float64(),
    "crossed": pl.Boolean(),
    "first_crossed_on": pl.Date(),
    "shrunken_effect": pl.Float64(),
    "method": pl.String(),
    "grade": pl.String(),
}
"""The columns of a results file, after `pilot`."""

OF_A_LOOK = ("effect", "standard_error", "interval_low", "interval_high", "z", "bound", "crossed")
LOOK_SCHEMA: dict[str, pl.DataType] = {
    "look": pl.Int64(),
    "on": pl.Date(),
    **{name: SCHEMA[name] for name in OF_A_LOOK},
}
"""What is said of a planned review; look and on come last in the file."""


def results_of(found: BatchResult, plans: BatchPlans, *, all_looks: bool = False) -> pl.DataFrame:
    """The table of a results file; what all pilots say of each decides whether the smallest change is reached.

    Args:
        found: What the tasks found of all pilots, in the order of the plans.
        plans: The plans.
        all_looks: A row a pilot and planned review instead of a row a pilot.
    """
    shrunken = shrunken_effects(found, plans)
    result = with_shrunken_effects(
        found, shrunken, smallest_change=plans.smallest_change, direction=plans.direction
    )  # fmt: skip
    return table(result, shrunken, plans, all_looks=all_looks)


def shrunken_effects(result: BatchResult, plans: BatchPlans) -> Floats:
    """(P,) Each effect in the light of all pilots', in its metric's unit.

    Effects are compared as multiples of the smallest change that matters, turned so that more is better, so that pilots
    with different metrics can learn from each other. NaN where there is no effect; everywhere when too few have one.
    """
    found = np.isfinite(result.effect)
    unit = plans.smallest_change * plans.direction
    shrunken = np.full(len(unit), np.nan)
    with suppress(CannotEstimateError):
        several = shrink((result.effect / unit)[found], (result.standard_error / np.abs(unit))[found])
        shrunken[found] = several.effects * unit[found]
    return shrunken


def table(result: BatchResult, shrunken: Floats, plans: BatchPlans, *, all_looks: bool = False) -> pl.DataFrame:
    """The table of a results file: a row a pilot, or a row a pilot and planned review.

    A pilot without a held review keeps one row among the reviews, in which the review is null.
    """
    rows = _frame(SCHEMA, {name: shrunken if name == "shrunken_effect" else getattr(result, name) for name in SCHEMA})
    rows = rows.with_columns(plans.table.frame["pilot"].alias("pilot")).select("pilot", *SCHEMA)
    if not all_looks:
        return rows
    looks = _frame(LOOK_SCHEMA, {name: getattr(result.looks, name) for name in LOOK_SCHEMA})
    looks = looks.with_columns(member=pl.Series(result.looks.pilot, dtype=pl.Int64))
    members = rows.drop(OF_A_LOOK).with_columns(member=pl.int_range(pl.len(), dtype=pl.Int64))
    joined = members.join(looks, on="member", how="left", maintain_order="left_right")
    return joined.select("pilot", *SCHEMA, "look", "on")


def check_target(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse a place for the results that is an input, or where nothing can be written, before any work is done.

    Raises:
        DataError: The place cannot be used.
    """
    for source in inputs:
        if out.exists() and source.exists() and out.samefile(source):
            raise DataError(N_("{file} is read by this command; write the results to another file."), file=str(out))
    why = None
    folder = out.resolve().parent
    if out.is_dir():
        why = "it is a folder"
    elif out.exists() and not out.is_file():
        why = "it is not a file"
    elif not folder.is_dir():
        why = f"there is no folder {folder}"
    elif not os.access(folder, os.W_OK):
        why = f"the folder {folder} cannot be written to"
    if why:
        raise DataError(N_("{file} cannot be written: {why}."), file=str(out), why=why)


def write_results(results: pl.DataFrame, out: Path) -> None:
    """Write the results beside their place and move them there when they are complete.

    Raises:
        BatchFailed: The file cannot be written; what was there before is still there.
    """
    place = out.resolve()  # a link stays a link
    part = place.with_name(f".{place.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            results.write_parquet(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    except (OSError, pl.exceptions.PolarsError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).splitlines()[0]
        raise BatchFailed(f"{out} cannot be written: {why.rstrip('.')}.") from error
    finally:
        part.unlink(missing_ok=True)


def _frame(schema: dict[str, pl.DataType], arrays: dict[str, npt.NDArray[np.generic]]) -> pl.DataFrame:
    """Arrays as columns; null for NaN, NaT and empty words, and nothing is crossed or not where there is no bound."""
    columns = []
    for name, dtype in schema.items():
        column = pl.Series(name, arrays[name].tolist() if dtype == pl.String else arrays[name], dtype=dtype)
        columns.append(column.fill_nan(None) if dtype == pl.Float64 else column)
    words = [name for name, dtype in schema.items() if dtype == pl.String]
    return pl.DataFrame(columns).with_columns(
        pl.col(words).replace("", None), crossed=pl.when(pl.col("bound").is_not_null()).then(pl.col("crossed"))
    )
