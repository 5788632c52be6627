"""Traps: how a pilot's numbers could mislead, a few words each, from the checks that failed and from its design."""

from __future__ import annotations

from dataclasses import dataclass

from services.i18n import N_
from stats.evidence import HISTORY, ONE, SHORT
from stats.results import Evaluation

PEEKING = "peeking"
ONE_COMPARISON = "one_comparison"
NO_COMPARISON = "no_comparison"

WORDS: dict[str, str] = {
    "regression_to_the_mean": N_("May be a return to the usual level"),
    "drift": N_("Was changing before the start"),
    "secular_trend": N_("Others changed too"),
    "season": N_("May be the season"),
    "novelty_fade": N_("The novelty fades"),
    "displacement": N_("A neighbour got worse"),
    "enough_data": N_("Few answers"),
    "data_gaps": N_("Weeks are missing"),
    "extreme_weeks": N_("A few weeks decide it"),
    "volume_change": N_("The number of answers jumped"),
    "exposure_change": N_("The amount of work changed"),
    "response_change": N_("Fewer people answer"),
    "channel_mix": N_("Answers come another way"),
    "ceiling": N_("Little room left on the scale"),
    "floor": N_("Little room to get worse"),
    "fidelity": N_("Was not really carried out"),
    "duplicated_values": N_("The same numbers repeat"),
    "implausible_spread": N_("Impossible numbers"),
    "digit_preference": N_("Rounded numbers"),
    "misclassification": N_("The theme model errs"),
    ONE_COMPARISON: N_("Only one comparison unit"),
    NO_COMPARISON: N_("No comparison unit"),
    PEEKING: N_("Between reviews: decides nothing yet"),
}
"""By the stable name of the check or of the design's weakness, in the order in which a row shows them."""


@dataclass(frozen=True, kw_only=True)
class Trap:
    """One way in which the numbers could mislead.

    Attributes:
        name: Stable name.
        words: A few words, a msgid.
        serious: Whether it keeps the rules from recommending a scale-up.
    """

    name: str
    words: str
    serious: bool


def traps_of(result: Evaluation) -> tuple[Trap, ...]:
    """The traps of an evaluation, the serious ones first."""
    found = {check.name: check.blocks_scale for check in result.checks if check.passed is False}
    if result.design.name == ONE.name:
        found[ONE_COMPARISON] = True
    if result.design.name in (HISTORY.name, SHORT.name):
        found[NO_COMPARISON] = True
    if result.as_of < result.plan.end and result.as_of not in result.plan.reviews:
        found[PEEKING] = False
    order = list(WORDS)
    names = sorted(found, key=lambda name: (not found[name], order.index(name)))
    return tuple(Trap(name=name, words=WORDS[name], serious=found[name]) for name in names)
