"""What a pilot costs for what it gains, and what it costs to be wrong about it, either way."""

from __future__ import annotations

import math

from services.briefs import Brief
from services.i18n import Translator
from services.labels import group
from services.wording import amount
from stats.evaluation import Evaluation
from stats.guardrails import Guard


def cost(t: Translator, brief: Brief) -> str:
    """Hours and euros of the first year, and hours for a gain that matters where a gain is shown."""
    spent = brief.value
    if spent.saves_time:
        told = t.say("Saves {hours} h of working time", hours=t.number(-spent.hours, 0))
    else:
        told = t.say("Takes {hours} h of working time", hours=t.number(spent.hours, 0))
    told = t.say("{hours} and {euros} €.", hours=told, euros=t.number(spent.euros, 0)) if spent.euros else f"{told}."
    per = spent.hours_per_change
    if brief.few_answers or per is None:
        return told
    if not spent.shows_a_gain or per.interval is None:
        return f"{told} " + t("The price of a gain cannot be told yet: the interval leaves room for no gain at all.")
    values = {
        "change": amount(t, spent.smallest_change, brief.whole.metric),
        "hours": t.number(per.value, 0),
        "low": t.number(per.interval.low, 0),
    }
    if math.isinf(per.interval.high):
        return f"{told} " + t.say("For each gain of {change} that is {hours} h, at least {low} h.", **values)
    values["high"] = t.number(per.interval.high, 0)
    return f"{told} " + t.say(
        "For each gain of {change} that is {hours} h, somewhere from {low} to {high} h.", **values
    )


def if_wrong(t: Translator, brief: Brief) -> tuple[str, ...]:
    """A scale-up without a real effect, a stop despite one, and first who got worse. Nothing before an evaluation."""
    if brief.result is None:
        return ()
    return (*_harm(t, brief, brief.result), _scaled_for_nothing(t, brief), _stopped_too_early(t, brief))


def _harm(t: Translator, brief: Brief, result: Evaluation) -> tuple[str, ...]:
    guards = {metric.code: t.local(metric.name) for metric, _ in brief.whole.guardrails}
    worse = [guards.get(one.name, one.name) for one in result.guardrails if one.status is Guard.HARMED]
    worse += [group(t, one.name) for one in result.subgroups if one.status is Guard.HARMED]
    if not worse:
        return ()
    return (t.say("If we scale up, this may get worse in every unit that takes it up: {who}.", who=", ".join(worse)),)


def _scaled_for_nothing(t: Translator, brief: Brief) -> str:
    hours, euros = brief.value.hours, brief.value.euros
    values = {"hours": t.number(abs(hours), 0), "euros": t.number(euros, 0)}
    if hours > 0 and euros > 0:
        return t.say(
            "If we scale up and the effect is not real, each unit spends {hours} h of working time and {euros} € "
            "in the first year for nothing.",
            **values,
        )
    if hours > 0:
        return t.say(
            "If we scale up and the effect is not real, each unit spends {hours} h of working time in the first year "
            "for nothing.",
            **values,
        )
    if euros > 0:
        return t.say(
            "If we scale up and the effect is not real, each unit spends {euros} € for nothing, but still saves "
            "{hours} h of working time in the first year.",
            **values,
        )
    return t.say(
        "If we scale up and the effect is not real, nothing gets better, but each unit still saves {hours} h of "
        "working time in the first year.",
        **values,
    )


def _stopped_too_early(t: Translator, brief: Brief) -> str:
    result, metric = brief.result, brief.whole.metric
    if result is None or result.interval is None:
        return t("There is no estimate yet, so nobody can say what would be lost by stopping.")
    if brief.few_answers:
        return t("Too few people have answered to say what would be lost by stopping.")
    sign = result.plan.direction.sign
    best = max(result.interval.low * sign, result.interval.high * sign)
    if best <= 0:
        return t("If we stop, nothing is lost: even the better end of the interval is no improvement.")
    return t.say(
        "If we stop and the effect is real, an improvement of up to {best} is lost "
        "({metric}; the better end of the interval).",
        best=amount(t, best, metric),
        metric=t.local(metric.name),
    )
