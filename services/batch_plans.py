"""The plans of many pilots, one row each, with every check a single plan passes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from services.batch_columns import Mask, choices, days, flags, names, numbers, refuse
from services.batch_files import BatchFile, read_table
from stats.messages import N_, Message
from stats.metric import Direction, Kind
from stats.panel import Floats, Weeks
from stats.plan import MOST_WEEKS

REQUIRED = ("pilot", "kind", "direction", "smallest_change", "start", "end")
OPTIONAL = ("trigger_from", "trigger_to", "randomised")


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchPlans:
    """Plans of P pilots, in the order of the file.

    Attributes:
        table: The file, for refusals that point into it.
        pilot: (P,) names, as categories.
        kind: (P,) Kind of each pilot's metric.
        direction: (P,) +1 when more is better, -1 when less is.
        smallest_change: (P,) the smallest change that matters, a positive size in the metric's unit.
        start, end: (P,) first and last day.
        trigger_from, trigger_to: (P,) the weeks that set the pilot off; NaT where none are stated.
        randomised: (P,) units were drawn by lot.
    """

    table: BatchFile
    pilot: pl.Series
    kind: npt.NDArray[np.object_]
    direction: npt.NDArray[np.int64]
    smallest_change: Floats
    start: Weeks
    end: Weeks
    trigger_from: Weeks
    trigger_to: Weeks
    randomised: Mask

    @property
    def counted(self) -> Mask:
        """(P,) True where a week is a count of n."""
        return np.isin(self.kind.astype(str), [kind.value for kind in Kind if kind.counted])

    def __len__(self) -> int:
        return len(self.kind)


def read_plans(path: Path) -> BatchPlans:
    """Read the plans.

    Raises:
        DataError: The file is missing, lacks a column, names a pilot twice, or a value is not allowed.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    pilot = names(table, "pilot", N_("a pilot's name"))
    refuse(table, (~pilot.is_first_distinct()).to_numpy(), "pilot", N_("each pilot once"))
    kind = choices(table, "kind", [kind.value for kind in Kind], N_("score, nps, proportion, count, duration or cost"))
    falls = choices(table, "direction", [way.value for way in Direction], N_("increase or decrease")) == 1
    size = numbers(table, "smallest_change")
    refuse(table, ~np.isfinite(size) | (size == 0), "smallest_change", N_("a number other than 0"))
    refuse(table, (size < 0) & ~falls, "smallest_change", N_("a positive size, since the metric should increase"))
    start, end = _day(table, "start"), _day(table, "end")
    refuse(table, end <= start, "end", N_("a day after the start"))
    _check_length(table, start, end)
    first, last = days(table, "trigger_from"), days(table, "trigger_to")
    for one, other, column in ((first, last, "trigger_from"), (last, first, "trigger_to")):
        _refuse_blank(table, np.isnat(one) & ~np.isnat(other), column)
    refuse(table, first > last, "trigger_from", N_("a day no later than trigger_to"))
    refuse(table, last >= start, "trigger_to", N_("a day before the start"))
    return BatchPlans(
        table=table,
        pilot=pilot,
        kind=np.array([*Kind], dtype=np.object_)[kind],
        direction=np.where(falls, Direction.DECREASE.sign, Direction.INCREASE.sign),
        smallest_change=np.abs(size),
        start=start,
        end=end,
        trigger_from=first,
        trigger_to=last,
        randomised=flags(table, "randomised", blank=False),
    )


def _day(table: BatchFile, column: str) -> Weeks:
    found = days(table, column)
    refuse(table, np.isnat(found), column, N_("a date, YYYY-MM-DD"))
    return found


def _refuse_blank(table: BatchFile, bad: Mask, column: str) -> None:
    """Half a window: the missing half may not even have a column."""
    if bad.any():
        raise table.refusal(
            N_("Row {row}, column '{column}': {value} is not allowed; allowed is {allowed}."),
            row=table.row(int(np.argmax(bad))), column=column, value="a blank",
            allowed=Message(N_("trigger_from and trigger_to together, or neither")),
        )  # fmt: skip


def _check_length(table: BatchFile, start: Weeks, end: Weeks) -> None:
    bad = (end - start).astype(np.int64) > 7 * MOST_WEEKS
    if bad.any():
        record = int(np.argmax(bad))
        raise table.refusal(
            N_("Row {row}, column 'end': {end} is not allowed; "
               "allowed are at most {most} weeks from the start {start}."),
            row=table.row(record), end=end[record], most=MOST_WEEKS, start=start[record],
        )  # fmt: skip
