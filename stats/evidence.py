"""What a design may say: the strongest verdict it can carry, and an evidence grade with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stats.check import MANY_COMPARISONS, Check
from stats.effect import EffectEstimate
from stats.messages import N_, Message
from stats.plan import Plan

GRADES = ("very_low", "low", "moderate", "high")


@dataclass(frozen=True, kw_only=True)
class Design:
    """A row of the design table.

    Attributes:
        name: Stable name.
        plain: The design in words.
        may_scale: It can carry a scale-up.
        drift_blocks: It can do so only without a drift flag.
        start: Index into GRADES from which the grade is lowered.
        maryland: Level on the Maryland Scientific Methods Scale (1-5).
        nesta: Level of the Nesta Standards of Evidence (1-5).
    """

    name: str
    plain: Message
    may_scale: bool
    drift_blocks: bool
    start: int
    maryland: int
    nesta: int


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A GRADE-style grade: our own, after the GRADE working group's habit of naming each reason.

    Attributes:
        grade: very_low, low, moderate or high.
        maryland: Maryland Scientific Methods Scale.
        nesta: Nesta Standards of Evidence.
        reasons: Why it starts where it starts, and each step down.
    """

    grade: str
    maryland: int
    nesta: int
    reasons: tuple[Message, ...]


def _row(name: str, plain: str, may_scale: bool, drift_blocks: bool, levels: tuple[int, int, int]) -> Design:
    start, maryland, nesta = levels
    return Design(
        name=name, plain=Message(plain), may_scale=may_scale, drift_blocks=drift_blocks, start=start,
        maryland=maryland, nesta=nesta,
    )  # fmt: skip


RANDOMISED = _row("randomised", N_("Units or their order were drawn by lot."), True, False, (3, 5, 3))
MANY = _row("many_comparisons", N_("Five comparison units or more."), True, False, (2, 3, 3))
FEW = _row("few_comparisons", N_("Two to four comparison units."), True, True, (2, 3, 3))
ONE = _row("one_comparison", N_("One comparison unit."), False, True, (1, 3, 3))
HISTORY = _row(
    "own_history", N_("No comparison unit, but a year or more of the unit's own history."), False, True, (1, 2, 2)
)
SHORT = _row("short_history", N_("No comparison unit and less than a year of history."), False, True, (0, 1, 2))


def design_of(plan: Plan, *, comparisons: int, weeks_before: int) -> Design:
    """Return the row of the design table.

    Args:
        plan: The plan.
        comparisons: Comparison units with data.
        weeks_before: Weeks with data before the start.
    """
    if plan.randomised and comparisons >= 2:
        return RANDOMISED
    if comparisons >= MANY_COMPARISONS:
        return MANY
    if comparisons >= 2:
        return FEW
    if comparisons == 1:
        return ONE
    return HISTORY if weeks_before >= 52 else SHORT


def grade(design: Design, plan: Plan, estimate: EffectEstimate, checks: Sequence[Check]) -> Evidence:
    """Start from the design and go one step down for each serious doubt."""
    reasons = [design.plain]
    level = design.start
    doubts = {
        "enough_data": N_("One step down: few answers or weeks."),
        "drift": N_("One step down: the unit was already changing before the start."),
        "regression_to_the_mean": N_("One step down: the result depends on unusually bad weeks before the start."),
        "volume_change": N_("One step down: the number of answers jumped."),
        "novelty_fade": N_("One step down: the effect faded."),
        "channel_mix": N_("One step down: the answers come through other channels than before."),
        "displacement": N_("One step down: a neighbour got worse at the same time."),
        "response_change": N_("One step down: fewer of those served answer."),
    }
    for check in checks:
        if check.passed is False and check.name in doubts:
            level -= 1
            reasons.append(Message(doubts[check.name]))
    low, high = estimate.interval.low, estimate.interval.high
    sign = plan.direction.sign
    worst, best = (low, high) if sign > 0 else (-high, -low)
    if worst <= 0 and best >= plan.smallest_change:
        level -= 1
        reasons.append(Message(N_("One step down: the interval holds both no effect and a change that matters.")))
    return Evidence(grade=GRADES[max(level, 0)], maryland=design.maryland, nesta=design.nesta, reasons=tuple(reasons))


def ungraded(design: Design) -> Evidence:
    """The lowest grade, for a pilot without an estimate."""
    return Evidence(
        grade=GRADES[0],
        maryland=design.maryland,
        nesta=design.nesta,
        reasons=(design.plain, Message(N_("There is no estimate yet."))),
    )
