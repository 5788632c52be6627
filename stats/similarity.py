"""Which units are like the pilot unit before the start, so that they show what going on as before would give."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stats import arguments
from stats.checks_time import FLAG_Z
from stats.messages import N_, Level, Message
from stats.panel import ONE_WEEK, Panel
from stats.unit_weeks import UnitWeeks, unit_weeks
from stats.working_scale import pooled_sd

LEFT_OUT_WEEKS = 6
"""The last weeks before the start, which may be the reason for the pilot, have no say."""
WINDOW_WEEKS = 52
LEAST_SHARED_WEEKS = 4
LEAST_SHARE = 0.5
LARGEST_GAP = 3.0
HALF, GAIN = 0.5, 0.25
KIN_CORRELATION = 0.3
NEAR_GAP, TOGETHER, APART, NEARLY_ALL = 0.5, 0.2, -0.2, 0.9
FEW, MANY = 0.67, 1.5


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A unit that could be compared with.

    Attributes:
        unit: The unit.
        proposed: Whether it is among the units to choose.
        suitable: Whether it has enough shared weeks, a level not too far away, and did not drift.
        unlikeness: Sum of the differences below; 0 for a twin.
        level: Its level in the metric's unit.
        level_gap: Its level less the pilot unit's, in SDs between units.
        spread_ratio: SD of its answers over that of the pilot unit's; NaN where unknown or of no meaning.
        answers_a_week: Mean number of its answers in a week that has any.
        correlation: Of the two units' weekly movements, the common week taken out, shrunk for short series.
        weeks: Weeks they share.
        drift_z: Standard normal deviate of a trend of the unit less the pilot unit; NaN below 8 shared weeks.
        reasons: Why, in plain sentences.
    """

    unit: str
    proposed: bool
    suitable: bool
    unlikeness: float
    level: float
    level_gap: float
    spread_ratio: float
    answers_a_week: float
    correlation: float
    weeks: int
    drift_z: float
    reasons: tuple[Message, ...]


def suggest_comparison_units(
    panel: Panel,
    pilot_unit: str,
    *,
    candidates: Sequence[str] | None = None,
    before: np.datetime64,
    most: int = 8,
    kin: Collection[str] = (),
) -> tuple[Suggestion, ...]:
    """Rank units by their likeness to a pilot unit over the year before, the last six weeks left out.

    Unlikeness adds up: one minus the correlation of the weekly movements; the share of the pilot unit's weeks that the
    other lacks; and half of each of the distance of the levels in SDs between units, the log ratio of the SDs of
    answers, and the log ratio of the numbers of answers (a quarter of it when the other unit has more, since more
    answers are a gain). Halves, because the evaluation allows for levels, spreads and numbers that differ; nothing
    makes up for weeks that go their own way. The correlation is taken after the common week is taken out of all units,
    and shrunk towards 0, for kin towards 0.3, as far as the shared weeks are few. A unit whose difference to the pilot
    unit already had a trend is not suitable, nor is one with less than half of the pilot unit's weeks or a level more
    than 3 SDs away.

    The last six weeks are left out because a unit picked to match bad weeks that were bad by chance would itself
    recover by chance, and the comparison would undo the cure for regression to the mean.

    Args:
        panel: The metric in at least these units.
        pilot_unit: The unit that will try something.
        candidates: Units to rank; left out: all others in the panel.
        before: The first week that is not past: the start, or today.
        most: How many to propose at most.
        kin: Units one would expect to move alike, such as those of the same area.

    Returns:
        Every candidate with data: suitable ones first, the most alike first.

    Raises:
        ValueError: `most` is below 1.
        DataError: A unit is not in the panel.
        CannotEstimateError: The pilot unit has no data in the year before, or all values are the same.

    Example:
        >>> from stats.metric import Kind
        >>> from stats.panel_rows import from_weeks
        >>> weeks = [np.datetime64("2026-01-05") + 7 * k for k in range(20)] * 3
        >>> means = [3.0, 3.2] * 10 + [3.1, 3.3] * 10 + [4.5, 4.3] * 10
        >>> panel = from_weeks(kind=Kind.SCORE, unit=["A"] * 20 + ["B"] * 20 + ["C"] * 20, week=weeks, n=[20] * 60,
        ...                    mean=means, sd=[1.0] * 60)
        >>> [one.unit for one in suggest_comparison_units(panel, "A", before=np.datetime64("2026-05-25"))]
        ['B', 'C']

    References:
        Stuart (2010), Statistical Science 25:1, on matching; Daw & Hatfield (2018), Health Services Research 53:4138,
        on why a match on an outcome just before the start brings regression to the mean back.
    """
    arguments.whole("most", most, least=1)
    others = [name for name in (panel.units if candidates is None else candidates) if name != pilot_unit]
    last = before - LEFT_OUT_WEEKS * ONE_WEEK
    data = unit_weeks(
        panel.restricted(
            units=(pilot_unit, *others), since=last - WINDOW_WEEKS * ONE_WEEK, until=last - np.timedelta64(1, "D")
        )
    )
    measured = [_measured(data, other, kin) for other in range(1, len(data.panel.units))]
    measured.sort(key=lambda one: (not one.suitable, one.unlikeness, one.unit))
    return tuple(replace(one, proposed=one.suitable and place < most) for place, one in enumerate(measured))


def _measured(data: UnitWeeks, other: int, kin: Collection[str]) -> Suggestion:
    panel, name = data.panel, data.panel.units[other]
    weeks, own_weeks = int(data.shared(other).sum()), int(panel.observed[0].sum())
    gap = float(data.levels[other] - data.levels[0]) / data.between
    spread = 1.0 if panel.kind.counted else _sd(panel, other) / _sd(panel, 0)
    own, theirs = (float(panel.n[unit][panel.observed[unit]].mean()) for unit in (0, other))
    moves = data.correlation(other, usual=KIN_CORRELATION if name in kin else 0.0)
    drift = data.drift_z(other)
    drifts = abs(drift) > FLAG_Z
    few = weeks < max(LEAST_SHARE * own_weeks, LEAST_SHARED_WEEKS)
    volume = np.log(theirs / own)
    spreads = abs(np.log(spread)) if np.isfinite(spread) and spread > 0 else 0.0
    volumes = GAIN * volume if volume > 0 else -volume
    unlikeness = HALF * (abs(gap) + spreads + volumes) + (1.0 - moves) + (1.0 - weeks / own_weeks)
    return Suggestion(
        unit=name,
        proposed=False,
        suitable=not (few or drifts or abs(gap) > LARGEST_GAP),
        unlikeness=float(unlikeness),
        level=_level(panel, other),
        level_gap=gap,
        spread_ratio=float("nan") if panel.kind.counted else spread,
        answers_a_week=theirs,
        correlation=moves,
        weeks=weeks,
        drift_z=drift,
        reasons=tuple(_reasons(data, other, gap=gap, volume=theirs / own, moves=moves, drifts=drifts)),
    )


def _reasons(
    data: UnitWeeks, other: int, *, gap: float, volume: float, moves: float, drifts: bool
) -> Iterator[Message]:
    panel = data.panel
    levels = {"level": Level(_level(panel, other)), "own": Level(_level(panel, 0))}
    if drifts:
        yield Message(N_("It was already drifting away from your unit, so it does not show what would have been."))
    if abs(gap) <= NEAR_GAP:
        yield Message(N_("Its level has been about the same as yours ({level}, yours {own})."), levels)
    elif abs(gap) <= LARGEST_GAP:
        yield Message(N_("Its level has differed from yours ({level}, yours {own})."), levels)
    else:
        yield Message(N_("Its level has been far from yours ({level}, yours {own})."), levels)
    if moves >= TOGETHER:
        yield Message(N_("Its good and bad weeks have come along with yours."))
    elif moves <= APART:
        yield Message(N_("Its good and bad weeks have come at other times than yours."))
    if volume < FEW:
        yield Message(N_("It gets fewer answers or cases than you."))
    elif volume > MANY:
        yield Message(N_("It gets more answers or cases than you."))
    weeks, own = int(data.shared(other).sum()), int(panel.observed[0].sum())
    if weeks < NEARLY_ALL * own:
        yield Message(N_("It has data in {weeks} of your {total} weeks."), {"weeks": weeks, "total": own})


def _level(panel: Panel, unit: int) -> float:
    seen = panel.observed[unit]
    n = panel.n[unit][seen]
    return float((panel.mean[unit][seen] * n).sum() / n.sum())


def _sd(panel: Panel, unit: int) -> float:
    return pooled_sd(panel.restricted(units=[panel.units[unit]]))
