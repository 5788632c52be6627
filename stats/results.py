"""The result of evaluating one pilot on one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stats.check import Check
from stats.curves import WeeklySeries
from stats.effect import EffectEstimate, Interval
from stats.evidence import Design, Evidence
from stats.guardrails import GuardResult
from stats.looks import Look
from stats.messages import Message
from stats.plan import Plan
from stats.report import as_dict
from stats.rules import Rule, Verdict


@dataclass(frozen=True, eq=False, kw_only=True)
class Evaluation:
    """The result of evaluating one pilot on one day.

    Attributes:
        plan: The plan it was judged against.
        as_of: The day; nothing later was used.
        verdict: What the rules recommend.
        rule: The deciding rule.
        reasons: Why, in sentences; the rule's own words first.
        effect: Pilot minus counterfactual in the metric's unit; None when it cannot be estimated.
        standard_error: Of the effect.
        interval: Of the effect.
        confidence_level: Of every interval here.
        method: The method's name; None without an effect.
        design: The row of the design table.
        evidence: Grade, with reasons.
        looks: The planned reviews held so far; z is positive for better, whatever the direction.
        decided_on: The review the verdict rests on; None before the first.
        checks: Named checks.
        sensitivity: The same question by other methods.
        guardrails: What must not get worse.
        subgroups: Groups of customers.
        minimum_detectable_effect: Smallest true effect found with 80 % power at the plan's end.
        weeks_needed: Further weeks for 80 % power at the smallest change; None when none would do.
        what_would_change: What would change this verdict.
        series: The weekly series for a picture; None without usable data.
        facts: What the rules were asked, by name (`stats.rules.FACTS`).
        answers_before, answers_after: Answers (or exposure) of the pilot units.
    """

    plan: Plan
    as_of: date
    verdict: Verdict
    rule: Rule
    reasons: tuple[Message, ...]
    effect: float | None
    standard_error: float | None
    interval: Interval | None
    confidence_level: float
    method: str | None
    design: Design
    evidence: Evidence
    looks: tuple[Look, ...]
    decided_on: date | None
    checks: tuple[Check, ...]
    sensitivity: tuple[EffectEstimate, ...]
    guardrails: tuple[GuardResult, ...]
    subgroups: tuple[GuardResult, ...]
    minimum_detectable_effect: float | None
    weeks_needed: int | None
    what_would_change: tuple[Message, ...]
    series: WeeklySeries | None
    facts: Mapping[str, bool]
    answers_before: float
    answers_after: float

    def to_dict(self) -> dict[str, object]:
        """Return the JSON form."""
        return as_dict(self)
