"""One pilot, evaluated: estimate, planned looks, checks, guardrails, and what the rules make of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np

from stats.check import Check
from stats.checks import run_checks
from stats.checks_reading import check_of
from stats.curves import weekly_series
from stats.effect import EffectEstimate
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.evidence import Design, design_of, grade, ungraded
from stats.guardrails import Guard, GuardrailData, GuardResult, SubgroupData, guard_rail, oriented, subgroup
from stats.looks import Look, planned_looks
from stats.messages import Message
from stats.misread import Misclassification, corrected
from stats.panel import Panel
from stats.pilot_data import SUNDAY, PilotData, prepare
from stats.plain_lines import Answers, plain_lines
from stats.plan import Plan
from stats.projection import detectable_effect, more_weeks_help, project, weeks_between, weeks_needed
from stats.reasons import reasons_for, what_would_change
from stats.results import Evaluation
from stats.rules import decide
from stats.sensitivity import sensitivity_lines, uncorrected_lines
from stats.subgroups import judge_subgroups
from stats.surroundings import NOTHING_KNOWN, Surroundings

__all__ = ["Answers", "Evaluation", "GuardrailData", "Misclassification", "SubgroupData", "Surroundings", "evaluate"]

CONFIDENCE_LEVEL = 0.95


def evaluate(
    panel: Panel,
    plan: Plan,
    *,
    as_of: date | None = None,
    guardrails: Sequence[GuardrailData] = (),
    subgroups: Sequence[SubgroupData] = (),
    around: Surroundings = NOTHING_KNOWN,
    answers: Answers | None = None,
    misclassification: Misclassification | None = None,
    shrunken_effect: float | None = None,
    net_benefit: float | None = None,
) -> Evaluation:
    """Evaluate a pilot as of a day.

    Args:
        panel: The primary metric of the plan's units (others are ignored).
        plan: The plan.
        as_of: Nothing after this day is used, nor a week whose Sunday is after it. Left out: the last week's Sunday.
        guardrails: What must not get worse.
        subgroups: The primary metric in groups of customers.
        around: What is known around the pilot: other events, channels, neighbours, the staff's log; checked, not
            adjusted for.
        answers: Single answers behind the panel, where there are any; they add lines of their own.
        misclassification: How often the model that counted the panel's shares is wrong, by comments people checked;
            the estimate, the looks and every interval are then those of the corrected shares.
        shrunken_effect: The effect shrunken towards the portfolio, when there is one; it then has to reach the
            smallest change in the estimate's place.
        net_benefit: Expected benefit less cost, when both are known; a negative one speaks against scaling.

    Raises:
        DataError: The panel lacks a unit of the plan or is of another kind.

    Example:
        >>> from stats.panel_rows import from_weeks
        >>> from stats.metric import Direction, Kind
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(4)]
        >>> panel = from_weeks(kind=Kind.SCORE, unit=["A"] * 4, week=weeks, n=[9] * 4, mean=[3, 4, 3, 4], sd=[1] * 4)
        >>> plan = Plan(kind=Kind.SCORE, direction=Direction.INCREASE, smallest_change=0.3, pilot_units=("A",),
        ...             start=date(2026, 1, 26), end=date(2026, 4, 19))
        >>> result = evaluate(panel, plan)
        >>> print(result.verdict, result.effect)
        not_enough_data None
    """
    day = as_of or (panel.weeks[-1] + SUNDAY).astype(object)

    read = () if misclassification is None else (check_of(misclassification),)
    counted = panel

    @cache
    def estimate_on(on: date) -> Estimate:
        return estimate(prepare(panel, plan, on), confidence_level=CONFIDENCE_LEVEL)

    try:
        if misclassification is not None:
            panel = corrected(panel, plan, misclassification)
            subgroups = [replace(one, panel=corrected(one.panel, plan, misclassification)) for one in subgroups]
        data = prepare(panel, plan, day)
        found = estimate_on(min(day, plan.end))
    except CannotEstimateError as error:
        plain = [] if read else _plain(panel, plan, day, answers, estimated=False)
        return _not_estimable(plan, day, error.message, tuple(plain), read)
    looked = planned_looks(plan, day, estimate_on)
    looks = tuple(look for look, _ in looked)
    decided_on = looks[-1].on if looks else None
    guards = tuple(guard_rail(plan, one, decided_on or day) for one in guardrails)
    groups = judge_subgroups([subgroup(plan, one, decided_on or day) for one in subgroups], plan.direction)
    design = _design(plan, data)
    checks = (*run_checks(found, around), *read)
    projection = project(found)
    ahead = weeks_between(found, np.datetime64(plan.end, "D")) if day < plan.end else 0
    needed = weeks_needed(projection, plan.smallest_change)
    facts = _facts(
        plan, looked, final=day >= plan.end, design=design, checks=checks, guards=guards, groups=groups,
        shrunken_effect=shrunken_effect, net_benefit=net_benefit, weeks_help=more_weeks_help(projection, needed),
    )  # fmt: skip
    rule = decide(facts)
    return Evaluation(
        plan=plan,
        as_of=day,
        verdict=rule.verdict,
        rule=rule,
        reasons=reasons_for(rule, plan, found, looks, guards, groups, checks, needed),
        effect=found.effect,
        standard_error=found.standard_error,
        interval=found.interval,
        confidence_level=CONFIDENCE_LEVEL,
        method=found.method,
        design=design,
        evidence=grade(design, plan, found, checks),
        looks=looks,
        decided_on=decided_on,
        checks=checks,
        sensitivity=(
            *sensitivity_lines(found, data, confidence_level=CONFIDENCE_LEVEL),
            *(
                _plain(panel, plan, day, answers, estimated=True)
                if misclassification is None
                else uncorrected_lines(counted, plan, day, misclassification, confidence_level=CONFIDENCE_LEVEL)
            ),
        ),
        guardrails=guards,
        subgroups=groups,
        minimum_detectable_effect=detectable_effect(projection.standard_error(ahead)),
        weeks_needed=needed,
        what_would_change=what_would_change(rule, plan, day, design, guards, groups, checks, needed),
        series=weekly_series(data, found, confidence_level=CONFIDENCE_LEVEL),
        facts=facts,
        answers_before=data.pilot_answers(after=False),
        answers_after=data.pilot_answers(after=True),
    )


def _design(plan: Plan, data: PilotData) -> Design:
    before = int(max(data.side(j, after=False).sum() for j in range(data.pilots)))
    return design_of(plan, comparisons=data.comparisons, weeks_before=before)


def _facts(
    plan: Plan,
    looked: Sequence[tuple[Look, Estimate]],
    *,
    final: bool,
    design: Design,
    checks: Sequence[Check],
    guards: Sequence[GuardResult],
    groups: Sequence[GuardResult],
    shrunken_effect: float | None,
    net_benefit: float | None,
    weeks_help: bool,
) -> dict[str, bool]:
    """What the rules may ask. Everything about the effect is read at the last planned review, not between reviews."""
    reviewed = bool(looked)
    reaches = misses = harm = False
    if reviewed:
        look, found = looked[-1]
        best = oriented(found, plan.direction)[1]
        effect = found.effect if shrunken_effect is None else shrunken_effect
        reaches = effect * plan.direction.sign >= plan.smallest_change
        cautious = look.effect * plan.direction.sign + look.bound * look.standard_error
        misses = (best if final else max(best, cautious)) < plan.smallest_change
        harm = any(one.z <= -one.bound for one, _ in looked) or (final and best < 0)
    return {
        "estimable": True,
        "reviewed": reviewed,
        "final": final,
        "gain_shown": any(look.crossed for look, _ in looked),
        "harm_shown": harm,
        "reaches_change": reaches,
        "misses_change": misses,
        "worth_its_cost": net_benefit is None or net_benefit >= 0,
        "design_may_scale": design.may_scale,
        "check_failed": any(check.passed is False and check.blocks_scale for check in checks),
        "guardrail_harmed": reviewed and any(guard.status is Guard.HARMED for guard in guards),
        "subgroup_harmed": reviewed and any(group.status is Guard.HARMED for group in groups),
        "more_weeks_help": weeks_help,
    }


def _plain(
    panel: Panel, plan: Plan, day: date, answers: Answers | None, *, estimated: bool
) -> list[EffectEstimate]:  # fmt: skip
    return plain_lines(panel, plan, day, answers=answers, estimated=estimated, confidence_level=CONFIDENCE_LEVEL)


def _not_estimable(
    plan: Plan, day: date, why: Message, plain: tuple[EffectEstimate, ...], checks: tuple[Check, ...]
) -> Evaluation:
    facts = dict.fromkeys(_facts(
        plan, (), final=False, design=design_of(plan, comparisons=len(plan.comparison_units), weeks_before=0),
        checks=(), guards=(), groups=(), shrunken_effect=None, net_benefit=None, weeks_help=False,
    ), False)  # fmt: skip
    rule = decide(facts)
    design = design_of(plan, comparisons=len(plan.comparison_units), weeks_before=0)
    return Evaluation(
        plan=plan, as_of=day, verdict=rule.verdict, rule=rule, reasons=(rule.plain, why), effect=None,
        standard_error=None, interval=None, confidence_level=CONFIDENCE_LEVEL, method=None, design=design,
        evidence=ungraded(design), looks=(), decided_on=None, checks=checks, sensitivity=plain, guardrails=(),
        subgroups=(),
        minimum_detectable_effect=None, weeks_needed=None, what_would_change=(why,), series=None, facts=facts,
        answers_before=0.0,
        answers_after=0.0,
    )  # fmt: skip
