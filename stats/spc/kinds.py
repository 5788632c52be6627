"""The words of statistical process control: kinds of chart, rule sets, single rules, sides."""

from __future__ import annotations

from enum import StrEnum

from stats.messages import N_, Message


class ChartKind(StrEnum):
    """What is plotted, and from what its limits follow."""

    RUN = "run"
    XMR = "xmr"
    P = "p"
    P_PRIME = "p_prime"
    C = "c"
    U = "u"
    U_PRIME = "u_prime"
    G = "g"
    T = "t"

    @property
    def limited(self) -> bool:
        """False for a run chart, which has a centre line only."""
        return self is not ChartKind.RUN

    @property
    def share(self) -> bool:
        """True where a point is a share: counts of `denominators` trials."""
        return self in (ChartKind.P, ChartKind.P_PRIME)

    @property
    def rate(self) -> bool:
        """True where a point is a rate: events by `denominators` of exposure."""
        return self in (ChartKind.U, ChartKind.U_PRIME)

    @property
    def between(self) -> bool:
        """True where a point is the time or the opportunities between two events: high means that events are rarer."""
        return self in (ChartKind.G, ChartKind.T)

    @property
    def median(self) -> bool:
        """True where the centre line is a median."""
        return self in (ChartKind.RUN, ChartKind.G)


class RuleSet(StrEnum):
    """A set of rules that belong together. Two sets on one chart would add up their false alarms."""

    NHS = "nhs"
    ANHOEJ = "anhoej"

    @property
    def label(self) -> Message:
        """The name a chart prints."""
        return Message(_RULE_SETS[self])


class Rule(StrEnum):
    """One rule of a set."""

    OUTSIDE = "outside_limits"
    SHIFT = "shift"
    TWO_OF_THREE = "two_of_three"
    TREND = "trend"
    LONG_RUN = "long_run"
    FEW_CROSSINGS = "few_crossings"

    @property
    def rule_set(self) -> RuleSet:
        """The set it belongs to."""
        return RuleSet.ANHOEJ if self in (Rule.LONG_RUN, Rule.FEW_CROSSINGS) else RuleSet.NHS

    @property
    def label(self) -> Message:
        """The name a table prints."""
        return Message(_RULES[self])


class Side(StrEnum):
    """Where a signal lies: above or below the centre line; for a trend, whether it rises or falls."""

    HIGH = "high"
    LOW = "low"


_RULE_SETS: dict[RuleSet, str] = {
    RuleSet.NHS: N_("Rules: NHS Making Data Count"),
    RuleSet.ANHOEJ: N_("Rules: Anhøj"),
}
_RULES: dict[Rule, str] = {
    Rule.OUTSIDE: N_("outside the limits"),
    Rule.SHIFT: N_("7 or more on one side"),
    Rule.TWO_OF_THREE: N_("2 of 3 near a limit"),
    Rule.TREND: N_("7 or more rising or falling"),
    Rule.LONG_RUN: N_("unusually long run"),
    Rule.FEW_CROSSINGS: N_("unusually few crossings"),
}
