"""Pilots of twelve weeks before and twelve after, built straight from grids: for tests of the checks."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from stats.metric import Direction, Kind
from stats.panel import Floats, Panel
from stats.panel_rows import from_weeks
from stats.pilot_data import PilotData, prepare
from stats.plan import Plan

FIRST = np.datetime64("2025-12-08")
START = date(2026, 3, 2)
END = date(2026, 5, 24)
WEEKS = 24
MONDAYS = FIRST + 7 * np.arange(WEEKS)
AFTER = np.arange(WEEKS) >= 12


def names(units: int) -> tuple[str, ...]:
    return tuple(f"U{j}" for j in range(units))


def plan(units: int, **changes: Any) -> Plan:
    fields: dict[str, Any] = {
        "kind": Kind.SCORE, "direction": Direction.INCREASE, "smallest_change": 0.3, "pilot_units": names(units)[:1],
        "comparison_units": names(units)[1:], "start": START, "end": END,
    }  # fmt: skip
    return Plan(**(fields | changes))


def panel(
    n: Floats, *, mean: Floats | None = None, sd: Floats | None = None, count: Floats | None = None,
    kind: Kind = Kind.SCORE, units: tuple[str, ...] = (),
) -> Panel:  # fmt: skip
    """A panel from (J, T) grids; a week with n = 0 is missing."""
    n = np.asarray(n, dtype=np.float64)
    there = n > 0
    pick = lambda grid: None if grid is None else np.broadcast_to(grid, n.shape)[there]  # noqa: E731
    return from_weeks(
        kind=kind, unit=np.repeat(units or names(len(n)), n.shape[1])[there.ravel()].tolist(),
        week=np.tile(FIRST + 7 * np.arange(n.shape[1]), len(n))[there.ravel()],
        n=n[there], mean=pick(mean), sd=pick(sd), count=pick(count),
    )  # fmt: skip


def pilot_data(
    n: Floats, *, mean: Floats | None = None, sd: Floats | None = None, count: Floats | None = None, **changes: Any
) -> PilotData:  # fmt: skip
    """The data of a pilot in the first unit against the others, at the plan's end."""
    promised = plan(len(n), **changes)
    return prepare(panel(n, mean=mean, sd=sd, count=count, kind=promised.kind), promised, END)


def ar1(random: np.random.Generator, shape: tuple[int, ...], *, sd: float = 1.0, rho: float = 0.6) -> Floats:
    """(..., T) stationary shocks that follow each other."""
    steps = random.normal(size=shape)
    for t in range(1, shape[-1]):
        steps[..., t] = rho * steps[..., t - 1] + np.sqrt(1 - rho**2) * steps[..., t]
    return sd * steps


def noisy(
    random: np.random.Generator, n: Floats, *, level: float = 3.5, sd: float = 1.0, shocks: float = 0.1
) -> Floats:
    """(J, T) weekly means of n answers each."""
    n = np.asarray(n, dtype=np.float64)
    return level + ar1(random, n.shape, sd=shocks) + sd * random.normal(size=n.shape) / np.sqrt(np.maximum(n, 1))
