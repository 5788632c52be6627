"""Displacement: does something next door get worse while the pilot gets better?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from stats.check import Check
from stats.effect import EffectEstimate
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.messages import N_, Amount, Message
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.pilot_data import SUNDAY, prepare
from stats.plan import Plan

FALSE_ALARM = 0.015
"""One-sided chance that any of the neighbours is named although none was harmed; shared out between them."""


@dataclass(frozen=True, eq=False, kw_only=True)
class NeighbourData:
    """A unit beside the pilot, or another metric of the pilot's own unit, that may pay for its gain.

    Attributes:
        name: The neighbour unit, or the metric next door, as people know it.
        kind: The metric's kind.
        direction: Which way is better.
        smallest_change: The smallest worsening that matters, as a size in the metric's unit.
        units: The units that may be harmed; they take the pilot units' place.
        panel: Those units' weeks and the comparison units'.
        same_metric: True for the pilot's own metric in another unit.

    Raises:
        ValueError: The smallest change is not above 0, or no unit is named.
    """

    name: str
    kind: Kind
    direction: Direction
    smallest_change: float
    units: tuple[str, ...]
    panel: Panel
    same_metric: bool = True

    def __post_init__(self) -> None:
        if not self.smallest_change > 0:
            raise ValueError(f"smallest_change of {self.name} == {self.smallest_change}, must be > 0.")
        if not self.units:
            raise ValueError(f"units of {self.name} is empty, must name at least one unit.")


def displacement(found: Estimate, neighbours: Sequence[NeighbourData]) -> Check | None:
    """Does a neighbour get worse beyond chance, by at least the smallest change, since the pilot started?

    Each neighbour takes the pilot's place against the same comparison units. It counts as harmed when its interval is
    wholly on the bad side and the estimate is at least the smallest change that matters. The intervals are widened by
    the number of neighbours (Bonferroni), so that looking at many does not find harm by chance.

    Args:
        found: The pilot's own estimate.
        neighbours: Units beside it, and metrics next door.

    Returns:
        The check; None without neighbours. Harm keeps from scaling; it only informs where the neighbour has no
        comparison unit, since a trend would look like harm.
    """
    if not neighbours:
        return None
    level = 1.0 - 2.0 * FALSE_ALARM / len(neighbours)
    judged = [(one, _estimated(found, one, level)) for one in neighbours]
    known = [(one, effect) for one, effect in judged if effect is not None]
    if not known:
        text = N_("Nothing is known of the units beside the pilot, so a problem that moved there would not show.")
        return Check(name="displacement", passed=None, detail=Message(text))
    harmed = [(one, effect) for one, effect in known if _is_harmed(one, effect)]
    if not harmed:
        text = N_("Nothing next door got worse beyond chance while the pilot ran; {count} looked at.")
        values: dict[str, object] = {"count": len(known)}
        return Check(name="displacement", passed=True, detail=Message(text, values), blocks_scale=True)
    worst, effect = min(harmed, key=lambda pair: pair[1].effect * pair[0].direction.sign / pair[0].smallest_change)
    values = {
        "effect": Amount(effect.effect), "low": Amount(effect.interval.low), "high": Amount(effect.interval.high),
    }  # fmt: skip
    if worst.same_metric:
        values["unit"] = worst.name
        text = N_(
            "While the pilot ran, its neighbour {unit} got worse: {effect} (from {low} to {high}). "
            "The problem may have moved there."
        )
    else:
        values["name"] = worst.name
        text = N_(
            "While the pilot ran, {name} next door got worse: {effect} (from {low} to {high}). "
            "The problem may have moved there."
        )
    passed = False if effect.data.comparisons else None
    return Check(name="displacement", passed=passed, detail=Message(text, values), blocks_scale=True)


def _estimated(found: Estimate, neighbour: NeighbourData, level: float) -> Estimate | None:
    """The neighbour's own effect of the pilot's start; None where its data cannot carry one."""
    plan = _plan_for(found.data.plan, neighbour)
    if plan is None:
        return None
    last = (found.data.panel.weeks[-1] + SUNDAY).astype(object)
    try:
        return estimate(prepare(neighbour.panel, plan, last), confidence_level=level)
    except CannotEstimateError:
        return None


def _plan_for(plan: Plan, neighbour: NeighbourData) -> Plan | None:
    units = tuple(unit for unit in neighbour.units if unit in neighbour.panel.units)
    if not units:
        return None
    present = tuple(u for u in plan.comparison_units if u in neighbour.panel.units and u not in units)
    return replace(
        plan, kind=neighbour.kind, direction=neighbour.direction, smallest_change=neighbour.smallest_change,
        pilot_units=units, comparison_units=present, trigger=None,
        starts={unit: day for unit, day in plan.starts.items() if unit in units},
    )  # fmt: skip


def _is_harmed(neighbour: NeighbourData, effect: EffectEstimate) -> bool:
    sign = neighbour.direction.sign
    best = max(effect.interval.low * sign, effect.interval.high * sign)
    return bool(np.isfinite(best) and best < 0 and effect.effect * sign <= -neighbour.smallest_change)
