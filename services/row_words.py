"""What one row of the portfolio or the meeting says of a pilot, field by field, in the reader's words."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from models.decisions import Choice, Verdict
from models.metrics import Metric
from models.pilots import Status
from services import pilot_words
from services.decisions import DecisionRow
from services.i18n import N_, Translator
from services.labels import group, label
from services.pilots import PilotRow
from services.portfolio import Pile, PortfolioRow, yearly_hours
from services.weekly_told import few_answers
from services.wording import amount
from stats.effect import EffectEstimate
from stats.evaluation import Evaluation

EMPTY = "–"
DOT, RING = "●", "○"
DECISIONS: dict[Choice, str] = {
    Choice.SCALE: N_("Scale up"),
    Choice.EXTEND: N_("Extend the follow-up"),
    Choice.ADAPT: N_("Adapt and retest"),
    Choice.STOP: N_("Stop the pilot"),
}


def verdict(t: Translator, row: PortfolioRow) -> str:
    """What the rules recommend."""
    if row.stored is None:
        return t("not evaluated yet")
    return label(t, Verdict(row.stored.row.verdict))


def chosen(t: Translator, made: DecisionRow) -> str:
    """What was decided."""
    return t(DECISIONS[Choice(made.decision.choice)])


def decision(t: Translator, row: PortfolioRow, *, today: dt.date) -> str:
    """The decision with its day, what it waits for, when its effect is checked."""
    if row.waiting is not None:
        return t.say("{choice}: waits for a second person", choice=chosen(t, row.waiting))
    if row.decision is None:
        return EMPTY
    found = row.decision.decision
    made = f"{chosen(t, row.decision)}, {t.value(found.at)}"
    if found.review_on is None or row.pile is not Pile.FOLLOW_UP:
        return made
    if row.row.status is Status.SCALING and found.review_on < today:
        return t.say("{decision}; the check was due {date}", decision=made, date=found.review_on)
    return t.say("{decision}; check {date}", decision=made, date=found.review_on)


def of_few(result: Evaluation, metric: Metric) -> bool:
    """Whether an effect rests on too few people to be shown."""
    return few_answers(metric, (result.answers_before, result.answers_after))


def effect(
    t: Translator, result: Evaluation | None, metric: Metric, smallest: float, *, name: str | None = None
) -> str:
    """The effect with its interval and the smallest change that matters.

    Args:
        t: The language.
        result: The evaluation.
        metric: The primary metric.
        smallest: The plan's smallest change that matters.
        name: The metric's name as the caller prints it; the plain name when left out.
    """
    if result is None or result.effect is None or result.interval is None:
        return t("no estimate yet")
    if of_few(result, metric):
        return t("not shown (too few respondents)")
    return t.say(
        "{metric}: {effect} ({low} to {high}); {smallest}",
        metric=t.local(metric.name) if name is None else name,
        effect=amount(t, result.effect, metric, signed=True),
        low=pilot_words.bare(t, result.interval.low, metric),
        high=pilot_words.bare(t, result.interval.high, metric),
        smallest=amount(t, smallest, metric),
    )


def with_others(t: Translator, own: str, found: EffectEstimate, metric: Metric) -> str:
    """The effect, and what it is in the light of the other pilots."""
    return t.say(
        "{own}. Together with the others: {effect} ({low} to {high})",
        own=own,
        effect=pilot_words.bare(t, found.effect, metric),
        low=pilot_words.bare(t, found.interval.low, metric),
        high=pilot_words.bare(t, found.interval.high, metric),
    )


def evidence(t: Translator, result: Evaluation | None) -> str:
    """The grade of the evidence."""
    return t(pilot_words.GRADES[result.evidence.grade]) if result else EMPTY


def dots(result: Evaluation | None) -> str:
    """The grade as filled dots of four; "" without an evaluation."""
    if result is None:
        return ""
    filled = list(pilot_words.GRADES).index(result.evidence.grade) + 1
    return DOT * filled + RING * (len(pilot_words.GRADES) - filled)


def guardrails(t: Translator, result: Evaluation | None) -> str:
    """How many guardrails held, got worse or are unclear."""
    if result is None or not result.guardrails:
        return EMPTY
    states = Counter(guard.status.value for guard in result.guardrails)
    return "; ".join(
        f"{t(pilot_words.GUARDS[state])}: {states[state]}" for state in ("harmed", "unclear", "held") if states[state]
    )


def groups(t: Translator, result: Evaluation | None) -> str:
    """Which groups of customers are worse off or unclear, and how many are not."""
    if result is None or not result.subgroups:
        return EMPTY
    said = []
    for state in ("harmed", "unclear"):
        names = ", ".join(group(t, one.name) for one in result.subgroups if one.status.value == state)
        if names:
            said.append(f"{t(pilot_words.GROUPS[state])}: {names}")
    fine = sum(one.status.value == "held" for one in result.subgroups)
    if fine:
        said.append(f"{t(pilot_words.GROUPS['held'])}: {fine}")
    return "; ".join(said)


def cost(t: Translator, row: PilotRow) -> str:
    """Hours and euros of the first year."""
    return t.say(
        "{hours} h, {euros} €",
        hours=t.number(yearly_hours(row), 0, signed=True),
        euros=t.number(row.pilot.setup_eur, 0),
    )


def staff(t: Translator, row: PortfolioRow) -> str:
    """How staff see it: how much was carried out, how their work went."""
    view = row.staff
    if view is None:
        return t("nothing logged")
    said = t.say("carried out {share} %", share=t.number(view.carried_out * 100, 0))
    if view.work_went is None:
        return said
    return said + "; " + t.say("work went {mean}/5", mean=t.number(view.work_went, 1))
