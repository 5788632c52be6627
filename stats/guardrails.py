"""What must not get worse: guardrails against their margins, and subgroups against harm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from stats.effect import EffectEstimate
from stats.errors import CannotEstimateError, PlanError
from stats.estimate import Estimate, estimate
from stats.messages import N_, Message
from stats.metric import Direction, Kind
from stats.panel import Panel
from stats.pilot_data import PilotData, prepare
from stats.plan import Plan

LEAST_ANSWERS = 10


class Guard(StrEnum):
    """What the data say of something that must not get worse."""

    HELD = "held"
    HARMED = "harmed"
    UNCLEAR = "unclear"


@dataclass(frozen=True, eq=False, kw_only=True)
class GuardrailData:
    """A guardrail metric with its panel.

    Attributes:
        name: As the plan calls it.
        kind: The metric's kind.
        direction: Which way is better.
        margin: How much worse is still acceptable, as a positive size in the metric's unit.
        panel: The same units' weeks.
    """

    name: str
    kind: Kind
    direction: Direction
    margin: float
    panel: Panel


@dataclass(frozen=True, eq=False, kw_only=True)
class SubgroupData:
    """The primary metric in one group of customers."""

    name: str
    panel: Panel


@dataclass(frozen=True, kw_only=True)
class GuardResult:
    """A guardrail or a subgroup after the estimate.

    Attributes:
        name: Guardrail or group.
        status: held, harmed or unclear.
        estimate: Effect and interval in its metric's unit; None when it cannot be estimated.
        margin: The guardrail's margin; 0 for a subgroup.
        detail: One sentence when there is no estimate, else None.
    """

    name: str
    status: Guard
    estimate: EffectEstimate | None
    margin: float
    detail: Message | None = None


def guard_rail(plan: Plan, guardrail: GuardrailData, as_of: date, *, confidence_level: float = 0.95) -> GuardResult:
    """Judge a guardrail for non-inferiority.

    Held: the bad end of the interval is within the margin. Harmed: the interval is wholly on the bad side and the
    estimate is beyond the margin. Unclear: anything else, a missing estimate included.

    Raises:
        PlanError: The margin is not above 0.
    """
    if not guardrail.margin > 0:
        raise PlanError(
            N_("The margin of the guardrail {name} is {value}; it must be above 0."),
            name=guardrail.name, value=guardrail.margin,
        )  # fmt: skip
    own = replace(
        _plan_for(plan, guardrail.panel), kind=guardrail.kind, direction=guardrail.direction,
        smallest_change=guardrail.margin if guardrail.direction is Direction.INCREASE else -guardrail.margin,
    )  # fmt: skip
    data = _data(own, guardrail.panel, as_of)
    found = data if isinstance(data, Message) else _estimate(data, confidence_level)
    if isinstance(found, Message):
        return GuardResult(
            name=guardrail.name, status=Guard.UNCLEAR, estimate=None, margin=guardrail.margin, detail=found
        )
    worst, best = oriented(found, guardrail.direction)
    status = Guard.UNCLEAR
    if worst > -guardrail.margin:
        status = Guard.HELD
    elif best < 0 and found.effect * guardrail.direction.sign <= -guardrail.margin:
        status = Guard.HARMED
    return GuardResult(name=guardrail.name, status=status, estimate=_plain(found), margin=guardrail.margin)


def subgroup(plan: Plan, group: SubgroupData, as_of: date, *, confidence_level: float = 0.95) -> GuardResult:
    """Estimate the effect in a group; harmed when the interval lies wholly on the bad side.

    A group with fewer than ten answers on either side of the start is not estimated.
    """
    unclear = GuardResult(name=group.name, status=Guard.UNCLEAR, estimate=None, margin=0.0)
    data = _data(_plan_for(plan, group.panel), group.panel, as_of)
    if isinstance(data, Message):
        return replace(unclear, detail=data)
    few = min(data.pilot_answers(after=False), data.pilot_answers(after=True))
    if few < LEAST_ANSWERS:
        text = N_("The group {name} has {few} answers on one side of the start; at least {least} are needed.")
        return replace(unclear, detail=Message(text, {"name": group.name, "few": int(few), "least": LEAST_ANSWERS}))
    found = _estimate(data, confidence_level)
    if isinstance(found, Message):
        return replace(unclear, detail=found)
    worst, best = oriented(found, plan.direction)
    status = Guard.HARMED if best < 0 else Guard.HELD if worst > -plan.smallest_change else Guard.UNCLEAR
    return replace(unclear, status=status, estimate=_plain(found))


def oriented(found: EffectEstimate, direction: Direction) -> tuple[float, float]:
    """The interval's bad and good end, turned so that positive is better."""
    ends = (found.interval.low * direction.sign, found.interval.high * direction.sign)
    return min(ends), max(ends)


def _plan_for(plan: Plan, panel: Panel) -> Plan:
    """The plan with the comparison units that the panel has."""
    present = tuple(unit for unit in plan.comparison_units if unit in panel.units)
    pilots = tuple(unit for unit in plan.pilot_units if unit in panel.units) or plan.pilot_units
    starts = {unit: day for unit, day in plan.starts.items() if unit in pilots}
    return replace(plan, comparison_units=present, pilot_units=pilots, starts=starts)


def _data(plan: Plan, panel: Panel, as_of: date) -> PilotData | Message:
    if not set(plan.pilot_units) & set(panel.units):
        return Message(N_("There are no data from the pilot's own unit."))
    try:
        return prepare(panel, plan, as_of)
    except CannotEstimateError as error:
        return error.message


def _estimate(data: PilotData, confidence_level: float) -> Estimate | Message:
    try:
        return estimate(data, confidence_level=confidence_level)
    except CannotEstimateError as error:
        return error.message


def _plain(found: Estimate) -> EffectEstimate:
    return EffectEstimate(
        effect=found.effect, standard_error=found.standard_error, interval=found.interval, method=found.method
    )
