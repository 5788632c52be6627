"""Checks of who answers: the channels that answers come through, and how many of those served answer at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.channels import ChannelData, MixShift, mix_shift, standardised
from stats.check import Check
from stats.checks_data import ASKED
from stats.errors import CannotEstimateError
from stats.estimate import Estimate, estimate
from stats.messages import N_, Amount, Message
from stats.panel import Floats, Weeks
from stats.volume import rate_shift

MIX_P_VALUE = 0.005
LEAST_DISTANCE, LARGE_DISTANCE = 0.10, 0.25
"""Share of the answers that changed channel: what is told, and what alone keeps from scaling."""
LEAST_COVERED = 0.5
"""Share of the earlier answers whose channel must still be in use for a re-weighted effect to mean anything."""
FEWER_ANSWER = 1.5


@dataclass(frozen=True, eq=False, kw_only=True)
class ServedData:
    """How many people the pilot units served, week by week.

    Attributes:
        weeks: (T,) Mondays.
        served: (T,) people served (or visits made) in the week; NaN where it is not known.

    Raises:
        ValueError: The lengths disagree, or a number is negative.
    """

    weeks: Weeks
    served: Floats

    def __post_init__(self) -> None:
        if len(self.weeks) != len(self.served):
            raise ValueError(f"served has {len(self.served)} weeks, must have {len(self.weeks)}.")
        if (self.served < 0).any():
            week = int(np.nanargmin(self.served))
            raise ValueError(f"served in {self.weeks[week]} == {self.served[week]}, must be >= 0.")


def channel_mix(found: Estimate, channels: ChannelData | None) -> Check | None:
    """Do the answers come through other channels than before the start?

    People who answer on a screen at the door, by text message and on paper are different people, and the same person
    answers differently. When the mix changed, the effect is also estimated with the earlier mix (`standardised`).

    Args:
        found: The estimate.
        channels: Answers of the pilot units by channel, with the metric's panel by channel where answers feed it.

    Returns:
        The check; None without channels. A change keeps from scaling where people's answers are the metric and either
        a quarter of the answers changed channel or the effect with the earlier mix is below the smallest change.
    """
    if channels is None:
        return None
    shift = mix_shift(found.data, channels)
    if shift is None:
        text = N_("There are too few answers to tell whether the feedback channels changed.")
        return Check(name="channel_mix", passed=None, detail=Message(text))
    values = _shares(shift)
    if shift.p_value >= MIX_P_VALUE or shift.distance < LEAST_DISTANCE:
        if len(shift.channels) == 1:
            text = N_("Every answer came through the same channel, before and after the start: {channel}.")
        else:
            text = N_("The answers come through the same channels as before the start, in about the same shares.")
        return Check(name="channel_mix", passed=True, detail=Message(text, values))
    again = _with_earlier_mix(found, channels)
    large = shift.distance >= LARGE_DISTANCE
    asked = found.data.panel.kind in ASKED
    if again is None:
        text = N_(
            "The answers come through other channels than before: {channel} went from {before} % to {after} % of them. "
            "Other people may be answering, and in another way."
        )
        return Check(name="channel_mix", passed=False, detail=Message(text, values), blocks_scale=asked and large)
    sign, smallest = found.data.plan.direction.sign, found.data.plan.smallest_change
    lost = found.effect * sign >= smallest > again * sign
    values |= {"effect": Amount(found.effect), "earlier": Amount(again)}
    text = N_(
        "The answers come through other channels than before: {channel} went from {before} % to {after} % of them. "
        "With the channels' earlier shares the effect would be {earlier} rather than {effect}."
    )
    return Check(
        name="channel_mix", passed=False, detail=Message(text, values), blocks_scale=asked and (large or lost)
    )  # fmt: skip


def response_change(found: Estimate, served: ServedData | None) -> Check | None:
    """Did fewer of the people served answer than before?

    Args:
        found: The estimate.
        served: How many people the pilot units served.

    Returns:
        The check; None without numbers of people served, for metrics that do not come from answers, and with too few
        weeks. It keeps from scaling when the share of people who answer fell by a third or more.
    """
    data = found.data
    if served is None or data.panel.kind not in ASKED:
        return None
    pilots = slice(0, data.pilots)
    answers = np.where(data.panel.observed[pilots], data.panel.n[pilots], 0.0).sum(axis=0)
    answers = np.where(data.panel.observed[pilots].any(axis=0), answers, np.nan)
    size = np.full(len(data.panel.weeks), np.nan)
    _, mine, theirs = np.intersect1d(data.panel.weeks, served.weeks, return_indices=True)
    size[mine] = served.served[theirs]
    shift = rate_shift(answers, size, data.after)
    if shift is None:
        return None
    values = {"ratio": float(f"{shift.ratio:.2g}"), "percent": round(100 * shift.ratio)}
    if shift.ratio < 1 and shift.beyond(FEWER_ANSWER):
        text = N_(
            "The share of the people served who answer fell to {percent} % of what it was; those who still answer may "
            "be the more content ones."
        )
        return Check(name="response_change", passed=False, detail=Message(text, values), blocks_scale=True)
    text = N_("About as large a share of the people served answers as before the start ({ratio} times the earlier).")
    return Check(name="response_change", passed=True, detail=Message(text, values))


def _shares(shift: MixShift) -> dict[str, object]:
    most = shift.most_changed
    return {
        "channel": Message(shift.channels[most]), "before": round(100 * float(shift.before[most])),
        "after": round(100 * float(shift.after[most])),
    }  # fmt: skip


def _with_earlier_mix(found: Estimate, channels: ChannelData) -> float | None:
    """The effect with the earlier mix; None where it is not known by channel or too little of the mix is left."""
    again = standardised(found.data, channels)
    if again is None or again.covered < LEAST_COVERED:
        return None
    try:
        return estimate(again.data).effect
    except CannotEstimateError:
        return None
