"""How a series moves: shared trend and season, weekly shocks, the effect of a pilot."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from services.demo.county import County
from services.demo.pilot_facts import DemoPilot, Process

Weeks = NDArray[np.float64]
"""One value a week, shape (T,)."""

YEAR = 52


def stream(seed: int, *name: object) -> np.random.Generator:
    """Random numbers of one named part of the county: the same whatever else is simulated beside it."""
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, name)).encode())])


def shared(process: Process, weeks: int) -> Weeks:
    """The trend and season that a pilot states; they belong to every unit its metric links."""
    t = np.arange(weeks, dtype=float)
    curve: Weeks = process.trend_per_week * np.clip(t - process.trend_from_week + 1, 0, None)
    if process.season_peak_week is not None:
        curve = curve + process.season_amp * np.cos(2 * np.pi * (t - process.season_peak_week) / YEAR)
    return curve


def ramp(weeks: int, *, start: int, ramp_weeks: int, half_life: float | None = None, stop: int | None = None) -> Weeks:
    """The share of the full effect in force each week: a straight rise, then a fade when a half-life is given.

    The first week has 1 / ramp_weeks of the effect; from the week `stop` on there is none.
    """
    k = np.arange(weeks, dtype=float) - start
    curve = np.clip((k + 1) / max(ramp_weeks, 1), 0, 1)
    if half_life is not None:
        curve = curve * 0.5 ** (np.clip(k, 0, None) / half_life)
    curve[k < 0] = 0
    if stop is not None:
        curve[stop:] = 0
    return curve


def shocks(rng: np.random.Generator, weeks: int, *, sd: float, ar1: float) -> Weeks:
    """Weekly shocks of a stationary first-order autoregression with the given SD."""
    values = np.empty(weeks)
    values[0] = rng.normal(0, sd)
    for t, step in enumerate(rng.normal(0, sd * np.sqrt(1 - ar1**2), weeks - 1), start=1):
        values[t] = ar1 * values[t - 1] + step
    return values


def ends(pilot: DemoPilot) -> int | None:
    """The first week without the change: after the plan's end for a stopped pilot, never for the others."""
    if pilot.status != "stopped" or pilot.start_week is None:
        return None
    return pilot.start_week + pilot.planned_weeks


def in_force(county: County, pilot: DemoPilot) -> Weeks:
    """The share of the pilot's effect in force in its own unit each week."""
    if pilot.start_week is None:
        return np.zeros(county.meta.weeks)
    return ramp(
        county.meta.weeks,
        start=pilot.start_week,
        ramp_weeks=pilot.process.ramp_weeks,
        half_life=pilot.process.fade_half_life_weeks,
        stop=ends(pilot),
    )


def passing(pilot: DemoPilot, weeks: int) -> Weeks:
    """What only looks like an effect: the bad weeks that set the pilot off, and passing shocks."""
    curve = np.zeros(weeks)
    if pilot.start_week is not None:
        curve[max(pilot.start_week - pilot.trigger_weeks, 0) : pilot.start_week] += pilot.process.selection_dip
    for shock in pilot.process.shocks:
        curve[shock.week : shock.week + shock.weeks] += shock.delta
    return curve


def components(links: Iterable[tuple[str, Iterable[str]]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Units that pilots link through a measure, as (measure, unit) -> one name for the whole component."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for measure, units in links:
        first, *others = [(measure, unit) for unit in units]
        for other in others:
            parent[root(other)] = root(first)
        root(first)
    return {node: root(node) for node in parent}
