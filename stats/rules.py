"""The decision rules, as data: conditions on facts, first match wins, and each rule says itself in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stats.messages import N_, Message


class Verdict(StrEnum):
    """What the rules recommend; a person decides."""

    SCALE = "scale"
    EXTEND = "extend"
    ADAPT = "adapt"
    STOP = "stop"
    NOT_ENOUGH_DATA = "not_enough_data"


FACTS = (
    "estimable",  # an effect could be estimated
    "reviewed",  # at least one planned review has been held
    "final",  # the plan's end has been reached
    "gain_shown",  # a planned review crossed its bound
    "harm_shown",  # a planned review crossed the bound on the bad side, or the final interval is wholly bad
    "reaches_change",  # the (shrunken) effect is at least the smallest change that matters
    "misses_change",  # even the good end of the interval is below the smallest change that matters
    "worth_its_cost",  # the expected net benefit is not negative (true when no cost was given)
    "design_may_scale",  # the design can carry a scale-up
    "check_failed",  # a check failed that keeps from scaling
    "guardrail_harmed",
    "subgroup_harmed",
    "more_weeks_help",  # more weeks settle it, or at least narrow the interval noticeably
)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One decision rule.

    Attributes:
        name: Stable name.
        verdict: What it recommends.
        all_of: Facts that must all be true.
        any_of: Facts of which at least one must be true (none given: no condition).
        none_of: Facts that must all be false.
        plain: The rule in plain words.
    """

    name: str
    verdict: Verdict
    plain: Message
    all_of: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for fact in (*self.all_of, *self.any_of, *self.none_of):
            if fact not in FACTS:
                raise ValueError(f"rule {self.name}: {fact} is not a known fact; known are {', '.join(FACTS)}.")

    def matches(self, facts: Mapping[str, bool]) -> bool:
        """True when the facts meet every condition."""
        return (
            all(facts[name] for name in self.all_of)
            and (not self.any_of or any(facts[name] for name in self.any_of))
            and not any(facts[name] for name in self.none_of)
        )


RULES: tuple[Rule, ...] = (
    Rule(
        name="not_estimable", verdict=Verdict.NOT_ENOUGH_DATA, none_of=("estimable",),
        plain=Message(N_("There are not enough data to estimate an effect.")),
    ),
    Rule(
        name="harm", verdict=Verdict.STOP, all_of=("harm_shown",),
        plain=Message(N_("The metric got worse, beyond what chance explains.")),
    ),
    Rule(
        name="gain_too_small", verdict=Verdict.ADAPT, all_of=("gain_shown", "misses_change"),
        plain=Message(N_("There is a gain, but it is smaller than the smallest change that matters.")),
    ),
    Rule(
        name="out_of_reach", verdict=Verdict.STOP, all_of=("misses_change",),
        plain=Message(N_("Even the hopeful end of the interval is below the smallest change that matters.")),
    ),
    Rule(
        name="guardrail_harmed", verdict=Verdict.ADAPT, all_of=("guardrail_harmed",),
        plain=Message(N_("A guardrail got worse by more than was agreed.")),
    ),
    Rule(
        name="subgroup_harmed", verdict=Verdict.ADAPT, all_of=("subgroup_harmed",),
        plain=Message(N_("A group of customers is worse off.")),
    ),
    Rule(
        name="gain_shown", verdict=Verdict.SCALE,
        all_of=("gain_shown", "reaches_change", "design_may_scale", "worth_its_cost"), none_of=("check_failed",),
        plain=Message(N_("A planned review showed a gain that matters, and nothing speaks against it.")),
    ),
    Rule(
        name="not_worth_its_cost", verdict=Verdict.ADAPT, all_of=("gain_shown", "reaches_change"),
        none_of=("worth_its_cost",),
        plain=Message(N_("There is a gain, but it costs more than it brings.")),
    ),
    Rule(
        name="design_cannot_carry_it", verdict=Verdict.EXTEND, all_of=("gain_shown", "reaches_change"),
        none_of=("design_may_scale",),
        plain=Message(N_("The gain looks real, but without more comparison units it cannot carry a scale-up; "
                         "take it into use unit by unit and compare.")),
    ),
    Rule(
        name="check_failed", verdict=Verdict.EXTEND, all_of=("gain_shown", "reaches_change", "check_failed"),
        plain=Message(N_("There is a gain, but a check failed; follow up before deciding.")),
    ),
    Rule(
        name="undecided_so_far", verdict=Verdict.EXTEND, none_of=("final",),
        plain=Message(N_("The planned reviews so far have not settled it; carry on as planned.")),
    ),
    Rule(
        name="more_weeks_needed", verdict=Verdict.EXTEND, all_of=("more_weeks_help",),
        plain=Message(N_("The interval still holds a change that matters; more weeks would narrow it.")),
    ),
    Rule(
        name="cannot_be_settled", verdict=Verdict.ADAPT,
        plain=Message(N_("No reasonable number of weeks would settle it as it is run now; "
                         "gather more answers, add units or change the metric.")),
    ),
)  # fmt: skip


def decide(facts: Mapping[str, bool], rules: Sequence[Rule] = RULES) -> Rule:
    """Return the first rule that matches.

    Raises:
        ValueError: A fact is missing, or no rule matches.

    Example:
        >>> facts = dict.fromkeys(FACTS, False)
        >>> decide(facts).name
        'not_estimable'
    """
    missing = [name for name in FACTS if name not in facts]
    if missing:
        raise ValueError(f"facts without {', '.join(missing)}.")
    for rule in rules:
        if rule.matches(facts):
            return rule
    raise ValueError("no rule matches these facts.")
