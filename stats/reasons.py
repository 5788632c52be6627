"""Why the verdict is what it is, and what would change it, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stats.check import Check
from stats.estimate import Estimate
from stats.evidence import Design
from stats.guardrails import Guard, GuardResult
from stats.looks import Look
from stats.messages import N_, Amount, Message
from stats.plan import Plan
from stats.rules import Rule, Verdict

PASSED = N_("The review on {date} passed its bound (z {z}, bound {bound}).")
PASSED_WORSE = N_("At the review on {date} the metric was worse beyond its bound (z {z}, bound {bound}).")
NOT_PASSED = N_("None of the {count} reviews passed its bound; the last, on {date}, had z {z} against {bound}.")
"""What the reviews showed, with the numbers behind it."""
UNCLEAR_GAIN = N_(
    "A planned review showed a gain that matters, and nothing prevents scaling up, though not everything is clear."
)
"""Said of a gain instead of the rule's own sentence, when a guardrail has neither held nor got worse."""


def reasons_for(
    rule: Rule,
    plan: Plan,
    found: Estimate,
    looks: Sequence[Look],
    guards: Sequence[GuardResult],
    groups: Sequence[GuardResult],
    checks: Sequence[Check],
    needed: int | None,
) -> tuple[Message, ...]:
    """The deciding rule first, then the estimate, the reviews, and whatever spoke against."""
    values = {
        "effect": Amount(found.effect), "low": Amount(found.interval.low), "high": Amount(found.interval.high),
        "smallest": Amount(plan.smallest_change * plan.direction.sign),
    }  # fmt: skip
    unclear = rule.verdict is Verdict.SCALE and any(guard.status is Guard.UNCLEAR for guard in guards)
    told = [
        Message(UNCLEAR_GAIN) if unclear else rule.plain,
        Message(
            N_("The effect is {effect} (from {low} to {high}); the smallest change that matters is {smallest}."),
            values,
        ),
        _review_sentence(looks),
    ]
    told += [_guard_sentence(guard) for guard in guards if guard.status is not Guard.HELD]
    told += [_group_sentence(group) for group in groups if group.status is Guard.HARMED]
    told += [check.detail for check in checks if check.passed is False and check.blocks_scale]
    if rule.verdict is Verdict.EXTEND and needed:
        told.append(_weeks_sentence(plan, needed))
    return tuple(told)


def what_would_change(
    rule: Rule,
    plan: Plan,
    day: date,
    design: Design,
    guards: Sequence[GuardResult],
    groups: Sequence[GuardResult],
    checks: Sequence[Check],
    needed: int | None,
) -> tuple[Message, ...]:
    """What would change this verdict."""
    told: list[Message] = []
    coming = [review for review in plan.reviews if review > day]
    if coming:
        told.append(Message(N_("The next planned review is on {date}."), {"date": coming[0]}))
    if rule.verdict is Verdict.SCALE:
        told.append(Message(N_("A guardrail or a group of customers found to be harmed would change this.")))
    if rule.name == "undecided_so_far" or rule.name == "more_weeks_needed":
        smallest = Amount(plan.smallest_change * plan.direction.sign)
        told.append(
            Message(N_("An interval that leaves out no effect would speak for scaling; one that leaves out {smallest}, "
                       "for stopping."), {"smallest": smallest})
        )  # fmt: skip
        if needed:
            told.append(_weeks_sentence(plan, needed))
    if rule.verdict is Verdict.STOP:
        told.append(Message(N_("Only new data could: a changed pilot is a new pilot with its own plan.")))
    if rule.name == "cannot_be_settled":
        told.append(
            Message(N_("More answers a week, more units, or a larger smallest change would make it decidable."))
        )
    if not design.may_scale:
        told.append(Message(N_("With at least two comparison units the same result could carry a scale-up.")))
    told += [
        Message(N_("A changed pilot that does not harm {name} could show that."), {"name": harmed.name})
        for harmed in (*guards, *groups)
        if harmed.status is Guard.HARMED
    ]
    unclear = [guard.name for guard in guards if guard.status is Guard.UNCLEAR]
    told += [Message(N_("The guardrail {name} is still unclear."), {"name": name}) for name in unclear]
    told += [check.detail for check in checks if check.passed is False and check.blocks_scale]
    return tuple(told)


def _review_sentence(looks: Sequence[Look]) -> Message:
    if not looks:
        return Message(N_("No planned review has been held yet, so the number decides nothing."))
    crossed = [look for look in looks if look.crossed]
    if crossed:
        return Message(
            PASSED,
            {"date": crossed[0].on, "z": crossed[0].z, "bound": crossed[0].bound},
        )
    harmed = [look for look in looks if look.z <= -look.bound]
    if harmed:
        return Message(
            PASSED_WORSE,
            {"date": harmed[0].on, "z": harmed[0].z, "bound": -harmed[0].bound},
        )
    last = looks[-1]
    return Message(
        NOT_PASSED,
        {"count": len(looks), "date": last.on, "z": last.z, "bound": last.bound},
    )


def _guard_sentence(guard: GuardResult) -> Message:
    if guard.estimate is None:
        return Message(
            N_("The guardrail {name} could not be estimated: {why}"), {"name": guard.name, "why": guard.detail}
        )
    values = {
        "name": guard.name, "effect": Amount(guard.estimate.effect), "low": Amount(guard.estimate.interval.low),
        "high": Amount(guard.estimate.interval.high), "margin": Amount(guard.margin),
    }  # fmt: skip
    if guard.status is Guard.HARMED:
        text = N_("The guardrail {name} got worse: {effect} (from {low} to {high}), beyond the margin {margin}.")
    else:
        text = N_("The guardrail {name} is unclear: {effect} (from {low} to {high}), margin {margin}.")
    return Message(text, values)


def _group_sentence(group: GuardResult) -> Message:
    if group.estimate is None:
        raise ValueError(f"group {group.name} is harmed without an estimate.")
    values = {
        "name": group.name, "effect": Amount(group.estimate.effect), "low": Amount(group.estimate.interval.low),
        "high": Amount(group.estimate.interval.high),
    }  # fmt: skip
    return Message(N_("The group {name} is worse off: {effect} (from {low} to {high})."), values)


def _weeks_sentence(plan: Plan, needed: int) -> Message:
    smallest = Amount(plan.smallest_change * plan.direction.sign)
    if needed == 1:
        text = N_("About one more week would find a change of {smallest} with 80 % certainty.")
        return Message(text, {"smallest": smallest})
    text = N_("About {weeks} more weeks would find a change of {smallest} with 80 % certainty.")
    return Message(text, {"weeks": needed, "smallest": smallest})
