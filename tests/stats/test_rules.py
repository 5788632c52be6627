"""The decision rules: which wins, and that the data of the rules are sound."""

from __future__ import annotations

import itertools

import pytest

from stats.messages import Message
from stats.rules import FACTS, RULES, Rule, Verdict, decide

BASE = dict.fromkeys(FACTS, False) | {"estimable": True, "reviewed": True, "worth_its_cost": True}
GAIN = {"gain_shown": True, "reaches_change": True}


@pytest.mark.parametrize(
    ("facts", "rule", "verdict"),
    [
        ({"estimable": False}, "not_estimable", Verdict.NOT_ENOUGH_DATA),
        ({"harm_shown": True} | GAIN, "harm", Verdict.STOP),
        ({"gain_shown": True, "misses_change": True}, "gain_too_small", Verdict.ADAPT),
        ({"misses_change": True}, "out_of_reach", Verdict.STOP),
        ({"guardrail_harmed": True, "design_may_scale": True} | GAIN, "guardrail_harmed", Verdict.ADAPT),
        ({"subgroup_harmed": True, "design_may_scale": True} | GAIN, "subgroup_harmed", Verdict.ADAPT),
        ({"design_may_scale": True} | GAIN, "gain_shown", Verdict.SCALE),
        ({"design_may_scale": True, "worth_its_cost": False} | GAIN, "not_worth_its_cost", Verdict.ADAPT),
        (GAIN, "design_cannot_carry_it", Verdict.EXTEND),
        ({"design_may_scale": True, "check_failed": True} | GAIN, "check_failed", Verdict.EXTEND),
        ({"gain_shown": True, "design_may_scale": True}, "undecided_so_far", Verdict.EXTEND),
        ({}, "undecided_so_far", Verdict.EXTEND),
        ({"final": True, "more_weeks_help": True}, "more_weeks_needed", Verdict.EXTEND),
        ({"final": True}, "cannot_be_settled", Verdict.ADAPT),
    ],
)
def test_the_deciding_rule(facts: dict[str, bool], rule: str, verdict: Verdict) -> None:
    decided = decide(BASE | facts)
    assert (decided.name, decided.verdict) == (rule, verdict)


def test_some_rule_always_decides_and_scale_needs_every_condition() -> None:
    for values in itertools.product((False, True), repeat=len(FACTS)):
        facts = dict(zip(FACTS, values, strict=True))
        if decide(facts).verdict is Verdict.SCALE:
            assert all(
                facts[name]
                for name in ("estimable", "gain_shown", "reaches_change", "design_may_scale", "worth_its_cost")
            )
            assert not any(
                facts[name]
                for name in ("harm_shown", "misses_change", "check_failed", "guardrail_harmed", "subgroup_harmed")
            )


def test_every_rule_can_decide() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    reached = {
        decide(dict(zip(FACTS, values, strict=True))).name
        for values in itertools.product((False, True), repeat=len(FACTS))
    }
    assert reached == {rule.name for rule in RULES}


def test_a_rule_on_an_unknown_fact_is_refused() -> None:
    with pytest.raises(ValueError, match="profit is not a known fact"):
        Rule(name="new", verdict=Verdict.SCALE, plain=Message(""), all_of=("profit",))


def test_missing_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="facts without estimable"):
        decide({})
