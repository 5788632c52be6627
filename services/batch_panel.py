"""The weekly rows of many pilots: checked, and each put into its place among its pilot's units and weeks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from services.batch_columns import Mask, days, flags, names, refuse, shown
from services.batch_files import BatchFile, read_table
from services.batch_plans import BatchPlans
from services.batch_values import BatchValues, read_values
from stats.messages import N_
from stats.panel import MAX_WEEKS, Weeks
from stats.panel_rows import LATEST
from stats.pilot_data import HISTORY_WEEKS, SINGLE_HISTORY_WEEKS

REQUIRED = ("pilot", "unit", "is_pilot", "week", "n")
OPTIONAL = ("mean", "sd", "count")
WEEK = 7
EARLIEST = np.datetime64("0001-01-01", "D")

Index = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchPanel:
    """R rows of P pilots, in their places. Only the weeks that may be used are kept.

    Attributes:
        units: (P,) units of each pilot.
        pilots: (P,) how many of them are pilot units; those have the first places.
        first_week: (P,) Monday of the pilot's week 0.
        weeks: (P,) weeks from the first to the last that may be used; 0 when there is none.
        as_of: (P,) Sunday of the last week in the file: the day the pilot is evaluated on.
        pilot: (R,) whose row it is, an index into the plans.
        unit: (R,) the unit's place among its pilot's units.
        week: (R,) the week's place among its pilot's weeks.
        values: (R,) what the rows say.
    """

    units: Index
    pilots: Index
    first_week: Weeks
    weeks: Index
    as_of: Weeks
    pilot: Index
    unit: Index
    week: Index
    values: BatchValues


@dataclass(frozen=True, kw_only=True, eq=False)
class _Units:
    """The Q units of all pilots; a unit that serves two pilots counts twice.

    Attributes:
        of_row: (R,) unit of each row.
        plan: (Q,) its pilot, ascending.
        is_pilot: (Q,) carries out the change.
        place: (Q,) place among its pilot's units: pilot units first, then by name.
        runs: First row of every stretch of rows of one unit.
    """

    of_row: Index
    plan: Index
    is_pilot: Mask
    place: Index
    runs: Index


def read_panel(path: Path, plans: BatchPlans) -> BatchPanel:
    """Read the weekly rows of the plans' pilots.

    Raises:
        DataError: The file is missing or lacks a column, a value is not allowed, a week comes twice, or the pilots
            are not those of the plans.
    """
    table = read_table(path, required=REQUIRED, optional=OPTIONAL)
    plan = _plans_of(table, plans)
    units = _units(table, plan)
    mondays = _mondays(table)
    values = read_values(table, plans, plan)
    _check_once(table, units, mondays)
    counts = np.bincount(units.plan, minlength=len(plans))
    pilots = np.bincount(units.plan[units.is_pilot], minlength=len(plans))
    _check_pilot_units(table, plans, plan, pilots)
    earliest, latest = _spans(table, plans, units, mondays)
    history = WEEK * np.where(counts - pilots > 1, HISTORY_WEEKS, SINGLE_HISTORY_WEEKS)
    first = np.maximum(earliest, _monday_from(plans.start.astype(np.int64) - history))
    last = np.minimum(latest, _monday_from(plans.end.astype(np.int64) - 2 * (WEEK - 1)))
    column = mondays - first[plan]
    usable = (column >= 0) & (mondays <= last[plan])
    kept: Mask | slice = slice(None) if usable.all() else usable
    return BatchPanel(
        units=counts,
        pilots=pilots,
        first_week=first.astype("datetime64[D]"),
        weeks=np.maximum((last - first) // WEEK + 1, 0),
        as_of=(latest + WEEK - 1).astype("datetime64[D]"),
        pilot=plan[kept],
        unit=units.place[units.of_row[kept]],
        week=column[kept] // WEEK,
        values=values.taken(kept),
    )


def _plans_of(table: BatchFile, plans: BatchPlans) -> Index:
    """(R,) the plan of each row; every row must have one, and every plan a row."""
    codes = names(table, "pilot", N_("a pilot's name")).to_physical().to_numpy()
    planned = plans.pilot.to_physical().to_numpy()
    lookup = np.full(int(max(codes.max(), planned.max())) + 1, -1)
    lookup[planned] = np.arange(len(planned))
    found = lookup[codes]
    missing = found < 0
    if missing.any():
        record = int(np.argmax(missing))
        raise table.refusal(
            N_("Row {row}, column 'pilot': {value} has no plan in {plans}."),
            row=table.row(record), value=shown(table, record, "pilot"), plans=plans.table.path.name,
        )  # fmt: skip
    unused = np.bincount(found, minlength=len(planned)) == 0
    if unused.any():
        record = int(np.argmax(unused))
        raise plans.table.refusal(
            N_("Row {row}, column 'pilot': {value} has no rows in {panel}."),
            row=plans.table.row(record), value=shown(plans.table, record, "pilot"), panel=table.path.name,
        )  # fmt: skip
    return np.asarray(found)


def _units(table: BatchFile, plan: Index) -> _Units:
    """Find the units by stretches of rows, which are few when the file is in order."""
    unit = names(table, "unit", N_("a unit's name"))
    distinct = unit.unique()
    in_order = distinct.to_physical().to_numpy()[distinct.cast(str).arg_sort().to_numpy()]
    rank = np.zeros(int(in_order.max()) + 1, dtype=np.int64)
    rank[in_order] = np.arange(len(in_order))
    key = plan * len(in_order) + rank[unit.to_physical().to_numpy()]
    runs = np.concatenate([[0], np.flatnonzero(np.diff(key)) + 1])
    keys, first, of_run = np.unique(key[runs], return_index=True, return_inverse=True)
    of_row = np.repeat(of_run, np.diff(np.append(runs, len(key))))
    flag = flags(table, "is_pilot")
    is_pilot = flag[runs[first]]
    _check_one_role(table, flag != is_pilot[of_row], runs[first][of_row])
    of_plan = keys // len(in_order)
    order = np.lexsort((~is_pilot, of_plan))
    place = np.empty(len(keys), dtype=np.int64)
    place[order] = np.arange(len(keys)) - np.searchsorted(of_plan, of_plan)[order]
    return _Units(of_row=of_row, plan=of_plan, is_pilot=is_pilot, place=place, runs=runs)


def _mondays(table: BatchFile) -> Index:
    """(R,) the Monday of each row, in days since 1970."""
    found = days(table, "week")
    refuse(table, np.isnat(found), "week", N_("a date, YYYY-MM-DD"))
    refuse(table, found > LATEST, "week", N_("a day before 2200"))
    refuse(table, found < EARLIEST, "week", N_("a date, YYYY-MM-DD"))
    days_since = found.astype(np.int64)
    refuse(table, (days_since + 3) % WEEK != 0, "week", N_("a Monday, YYYY-MM-DD"))
    return days_since


def _monday_from(day: Index) -> Index:
    """The first Monday on a day or after it."""
    return np.asarray(day + -(day + 3) % WEEK)


def _spans(table: BatchFile, plans: BatchPlans, units: _Units, mondays: Index) -> tuple[Index, Index]:
    """The first and the last Monday of every pilot."""
    plan = units.plan[units.of_row[units.runs]]
    earliest = np.full(len(plans), np.iinfo(np.int64).max)
    latest = np.full(len(plans), np.iinfo(np.int64).min)
    np.minimum.at(earliest, plan, np.minimum.reduceat(mondays, units.runs))
    np.maximum.at(latest, plan, np.maximum.reduceat(mondays, units.runs))
    length = (latest - earliest) // WEEK + 1
    if (length > MAX_WEEKS).any():
        worst = int(np.argmax(length > MAX_WEEKS))
        raise table.refusal(
            N_("The weeks of pilot {pilot} run from {first} to {last}, {length} weeks; at most {most} are allowed."),
            pilot=shown(plans.table, worst, "pilot"), first=earliest[worst].astype("datetime64[D]"),
            last=latest[worst].astype("datetime64[D]"), length=length[worst], most=MAX_WEEKS,
        )  # fmt: skip
    return earliest, latest


def _check_once(table: BatchFile, units: _Units, mondays: Index) -> None:
    """Refuse the second row of a unit and week; a file in order is seen to be right without sorting it."""
    key = units.of_row * (int(mondays.max()) + 1 - int(mondays.min())) + mondays
    if (np.diff(key) > 0).all():
        return
    repeated = np.ones(len(key), dtype=np.bool_)
    repeated[np.unique(key, return_index=True)[1]] = False
    refuse(table, repeated, "week", N_("each unit and week once"))


def _check_one_role(table: BatchFile, differs: Mask, first: Index) -> None:
    if differs.any():
        record = int(np.argmax(differs))
        raise table.refusal(
            N_("Row {row}, column 'is_pilot': {value} is not allowed; "
               "allowed is {other}, as in row {first} of the same pilot and unit."),
            row=table.row(record), value=shown(table, record, "is_pilot"), first=table.row(int(first[record])),
            other=shown(table, int(first[record]), "is_pilot"),
        )  # fmt: skip


def _check_pilot_units(table: BatchFile, plans: BatchPlans, plan: Index, pilots: Index) -> None:
    if (pilots == 0).any():
        without = int(np.argmax(pilots == 0))
        raise table.refusal(
            N_("Row {row}, column 'is_pilot': pilot {pilot} has no unit that carries out the change; "
               "allowed is true for at least one."),
            row=table.row(int(np.argmax(plan == without))), pilot=shown(plans.table, without, "pilot"),
        )  # fmt: skip
