"""The channels that answers come through: did their mix change with the start, and what if it had not?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.stats

from stats.panel import Floats, Panel, Weeks
from stats.pilot_data import SUNDAY, Mask, PilotData

BLOCK_WEEKS = 4
NEXT_BLOCK = 1.9
"""Neighbouring blocks are a little alike too: by how much that multiplies the over-dispersion of their sum. At a weekly
correlation of 0.6, blocks of four weeks correlate by 0.30, and (1 + 0.30) / (1 - 0.30) = 1.9."""
LEAST_EXPECTED = 5.0
LEAST_BLOCKS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class ChannelData:
    """How the answers reached the pilot units, week by week.

    Attributes:
        channels: C channel names, as English msgids (they are translated when shown).
        weeks: (T,) Mondays.
        counts: (T, C) answers of the pilot units; 0 where a channel had none.
        panels: The metric in each channel, all units of the plan, by the names in `channels`; empty where the
            metric's values do not come from answers with a known channel.

    Raises:
        ValueError: The shapes disagree, or a count is negative or no number.
    """

    channels: tuple[str, ...]
    weeks: Weeks
    counts: Floats
    panels: Mapping[str, Panel] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.counts.shape != (len(self.weeks), len(self.channels)):
            expected = (len(self.weeks), len(self.channels))
            raise ValueError(f"counts has the shape {self.counts.shape}, must be {expected} (weeks, channels).")
        wrong = ~np.isfinite(self.counts) | (self.counts < 0)
        if wrong.any():
            week, channel = np.argwhere(wrong)[0]
            raise ValueError(
                f"counts of {self.channels[channel]} in {self.weeks[week]} == {self.counts[week, channel]}, "
                "must be a number >= 0."
            )


@dataclass(frozen=True, eq=False, kw_only=True)
class MixShift:
    """How the channels' shares differ between before and after the start.

    Attributes:
        channels: C channel names.
        before, after: (C,) shares of the answers on each side.
        distance: Total variation distance of the two: the share of answers that would have to change channel for
            the mixes to agree, 0 to 1.
        p_value: Chance of so large a difference were the mix the same, the swings between months allowed for; 1 for a
            single channel.
    """

    channels: tuple[str, ...]
    before: Floats
    after: Floats
    distance: float
    p_value: float

    @property
    def most_changed(self) -> int:
        """Index of the channel whose share changed most."""
        return int(np.argmax(np.abs(self.after - self.before)))


def mix_shift(data: PilotData, channels: ChannelData) -> MixShift | None:
    """Test whether the mix of channels changed with the start.

    Pearson's chi-square of side by channel, divided by the over-dispersion of blocks of four weeks around their side's
    mix and referred to F: weeks that follow each other are alike, months less so. Channels with fewer than five
    expected answers on a side are taken together.

    Args:
        data: The pilot's weeks; their start and last week are used.
        channels: Answers by week and channel.

    Returns:
        The shift; None with fewer than three blocks of weeks, or a side without answers.

    References:
        McCullagh & Nelder (1989), Generalized Linear Models, 4.5 and 5.5, for the over-dispersed multinomial.
    """
    before, after = _sides(data, channels)
    totals = np.stack([channels.counts[before].sum(axis=0), channels.counts[after].sum(axis=0)])
    if (totals.sum(axis=1) == 0).any():
        return None
    shares = totals / totals.sum(axis=1, keepdims=True)
    p_value = _p_value(channels.counts[before][::-1], channels.counts[after])
    if p_value is None:
        return None
    return MixShift(
        channels=channels.channels, before=shares[0], after=shares[1],
        distance=float(np.abs(shares[1] - shares[0]).sum() / 2), p_value=p_value,
    )  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True)
class Standardised:
    """The metric as it would have been with the channels' earlier shares.

    Attributes:
        data: The pilot's weeks, those after the start re-weighted to each unit's own mix before it; comparison units
            without a channel in use on both sides are left out.
        covered: Share of the pilot's earlier answers whose channel was still in use after the start; the others have
            nothing to be re-weighted to.
    """

    data: PilotData
    covered: float


def standardised(data: PilotData, channels: ChannelData) -> Standardised | None:
    """Re-weight the answers after the start so that each channel has its earlier share (direct standardisation).

    A unit's answer from channel c after the start gets the weight share before / share after of c in that unit. A
    week's size becomes the effective number (sum w)^2 / sum w^2 (Kish 1965), so that stretched weeks count for less.

    Args:
        data: The pilot's weeks.
        channels: With the metric's panel by channel.

    Returns:
        The re-weighted data; None without panels by channel, or when a pilot unit had no channel in use on both sides.
    """
    names = [name for name in channels.channels if name in channels.panels]
    units = data.panel.units
    if not names or any(unit not in channels.panels[name].units for unit in units for name in names):
        return None
    weeks = data.panel.weeks
    parts = [channels.panels[name].restricted(units=units).extended(first=weeks[0], last=weeks[-1]) for name in names]
    seen = np.stack([part.observed for part in parts])
    n = np.where(seen, np.stack([part.n for part in parts]), 0.0)
    after = np.where(np.arange(len(units))[:, None] < data.pilots, data.treated > 0, data.after[None, :])
    weight, covered = _weights(n, after & data.panel.observed, ~after & data.panel.observed)
    if not covered[: data.pilots].min() > 0:
        return None
    total, squares = (weight * n).sum(axis=0), (weight**2 * n).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(seen, weight * n * np.stack([part.mean for part in parts]), 0.0).sum(axis=0) / total
        size = total**2 / squares
        gaps = np.where(seen, np.stack([part.mean for part in parts]) - mean, 0.0)
        sds = np.stack([part.sd for part in parts])
        inner = np.where(n > 1, sds**2, 0.0) * np.maximum(n - 1, 0.0) / np.maximum(n, 1.0) + gaps**2
        variance = np.where(seen, weight * n * inner, 0.0).sum(axis=0) / total
        spread = np.sqrt(variance * size / (size - 1))
    empty = (squares <= 0) | ~data.panel.observed
    n, mean = (np.where(empty, np.nan, grid) for grid in (size, mean))
    sd = np.where(empty | ~(size > 1) | data.panel.kind.counted, np.nan, spread)
    count = np.where(data.panel.kind.counted, mean * n, np.nan)
    panel = Panel(kind=data.panel.kind, units=units, weeks=weeks, n=n, mean=mean, sd=sd, count=count)
    kept = np.flatnonzero(covered > 0)
    again = replace(
        data, panel=panel.restricted(units=[units[j] for j in kept]), treated=data.treated[kept],
        left_out=data.left_out + tuple(unit for j, unit in enumerate(units) if j not in kept),
    )  # fmt: skip
    return Standardised(data=again, covered=float(covered[: data.pilots].mean()))


def _weights(n: Floats, after: Mask, before: Mask) -> tuple[Floats, Floats]:
    """(C, J, T) weights, and (J,) share of each unit's earlier answers in channels that are still in use."""
    earlier, later = (np.where(side, n, 0.0).sum(axis=2) for side in (before, after))
    kept = (earlier > 0) & (later > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        covered = np.where(kept, earlier, 0.0).sum(axis=0) / earlier.sum(axis=0)
        target = np.where(kept, earlier, 0.0) / np.where(kept, earlier, 0.0).sum(axis=0)
        ratio = target / (later / later.sum(axis=0))
    ratio = np.where(kept, np.nan_to_num(ratio), 0.0)
    # Before the start an answer counts once if its channel is still in use: both sides then speak of the same channels.
    weight = np.where(after, ratio[:, :, None], np.where(before, kept[:, :, None].astype(np.float64), 0.0))
    return weight, np.nan_to_num(covered)


def _sides(data: PilotData, channels: ChannelData) -> tuple[Mask, Mask]:
    """Weeks wholly before the start, and weeks from the start on, within the weeks of the pilot's data."""
    start = np.datetime64(data.plan.start, "D")
    inside = (channels.weeks >= data.panel.weeks[0]) & (channels.weeks <= data.panel.weeks[-1])
    return np.asarray(inside & (channels.weeks + SUNDAY < start)), np.asarray(inside & (channels.weeks >= start))


def _p_value(before: Floats, after: Floats) -> float | None:
    """P-value of no difference between the mixes of two sides, (T, C) counts each, the start's neighbours first."""
    rare = _rare(before, after)
    sides = [_blocks(np.hstack([side[:, ~rare], side[:, rare].sum(axis=1, keepdims=True)])) for side in (before, after)]
    totals = np.stack([side.sum(axis=0) for side in sides])
    used = totals.sum(axis=0) > 0
    if used.sum() < 2:
        return 1.0
    if sum(len(side) for side in sides) < LEAST_BLOCKS:
        return None
    totals = totals[:, used]
    pooled = totals.sum(axis=0) / totals.sum()
    expected = totals.sum(axis=1, keepdims=True) * pooled
    between = float(((totals - expected) ** 2 / expected).sum())
    within = 0.0
    for side, total in zip(sides, totals, strict=True):
        size = side.sum(axis=1, keepdims=True)
        within += float(((side[:, used] - size * total / total.sum()) ** 2 / (size * pooled)).sum())
    channels = int(used.sum()) - 1
    df = (sum(len(side) for side in sides) - 2) * channels
    dispersion = 1.0 + NEXT_BLOCK * max(within / df - 1.0, 0.0)
    return float(scipy.stats.f.sf(between / channels / dispersion, channels, df))


def _rare(before: Floats, after: Floats) -> Mask:
    """(C,) True for channels too rare on the smaller side for a chi-square of their own."""
    totals = np.stack([before.sum(axis=0), after.sum(axis=0)])
    pooled = totals.sum(axis=0) / totals.sum()
    return np.asarray(pooled * totals.sum(axis=1).min() < LEAST_EXPECTED)


def _blocks(side: Floats) -> Floats:
    """(B, C) sums of four weeks each; a last one of fewer weeks counts too, empty ones do not."""
    sums = [side[k : k + BLOCK_WEEKS].sum(axis=0) for k in range(0, len(side), BLOCK_WEEKS)]
    return np.array([block for block in sums if block.sum() > 0])
