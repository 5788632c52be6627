"""Many pilots in tasks of like size: each a batch of padded arrays, worth sending to another core or machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from services.batch_panel import BatchPanel, Index
from services.batch_plans import BatchPlans
from stats.batch import PilotBatch
from stats.panel import Floats

LEAST_PILOTS, MOST_PILOTS = 25, 250
TASKS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class Chunk:
    """One task.

    Attributes:
        members: (B,) its pilots, indices into the plans.
        batch: Their data.
    """

    members: Index
    batch: PilotBatch


def chunks(plans: BatchPlans, panel: BatchPanel, *, size: int | None = None) -> list[Chunk]:
    """Split the pilots into tasks of pilots with about as many weeks and units, so that padding is small.

    The split depends on the data alone, never on the machine.

    Args:
        plans: The plans.
        panel: The rows.
        size: Pilots a task; about a 64th of all, at least 25 and at most 250, when left out.
    """
    aim = size or int(np.clip(len(plans) / TASKS, LEAST_PILOTS, MOST_PILOTS))
    order = np.lexsort((panel.units, panel.weeks))
    parts = np.array_split(order, max(len(plans) // aim, 1))
    return [
        Chunk(members=members, batch=_batch(plans, panel, members, grids))
        for members, grids in zip(parts, _grids(panel, parts), strict=True)
    ]


def _grids(panel: BatchPanel, parts: Sequence[Index]) -> list[tuple[Floats, ...]]:
    """For every part n, mean, sd and count as (B, J, T), cut from one array a column that each row is put into once."""
    shapes = [(len(part), max(1, panel.units[part].max()), max(1, panel.weeks[part].max())) for part in parts]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    corner, stride = np.empty(len(panel.units), dtype=np.int64), np.empty(len(panel.units), dtype=np.int64)
    for part, (pilots, units, weeks), end in zip(parts, shapes, ends, strict=True):
        corner[part] = end - np.arange(pilots, 0, -1) * units * weeks
        stride[part] = weeks
    cell = corner[panel.pilot] + panel.unit * stride[panel.pilot] + panel.week
    columns = []
    for values in (panel.values.n, panel.values.mean, panel.values.sd, panel.values.count):
        whole = np.full(int(ends[-1]), np.nan)
        whole[cell] = values
        columns.append(np.split(whole, ends[:-1]))
    return [
        tuple(column[place].reshape(shape) for column in columns) for place, shape in enumerate(shapes)
    ]  # fmt: skip


def _batch(plans: BatchPlans, panel: BatchPanel, members: Index, grids: tuple[Floats, ...]) -> PilotBatch:
    n, mean, sd, count = grids
    return PilotBatch(
        kind=plans.kind[members],
        direction=plans.direction[members],
        smallest_change=plans.smallest_change[members],
        n=n,
        mean=mean,
        sd=sd,
        count=count,
        units=panel.units[members],
        pilots=panel.pilots[members],
        first_week=panel.first_week[members],
        weeks=panel.weeks[members],
        start=plans.start[members],
        end=plans.end[members],
        as_of=panel.as_of[members],
        trigger_from=plans.trigger_from[members],
        trigger_to=plans.trigger_to[members],
        randomised=plans.randomised[members],
    )
