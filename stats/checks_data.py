"""Checks of the data: enough of them, room on the scale, volume, dispersion, gaps."""

from __future__ import annotations

import numpy as np

from stats.check import Check
from stats.checks_events import noted_events
from stats.estimate import Estimate
from stats.messages import N_, Amount, Level, Message
from stats.metric import Direction, Kind
from stats.pilot_data import PilotData
from stats.scale_ends import Scale, scale_of
from stats.volume import volume_shift

__all__ = [
    "ceiling", "data_gaps", "enough_data", "exposure_change", "floor", "noted_events", "over_dispersion",
    "volume_change",
]  # fmt: skip

LEAST_ANSWERS = 10
LEAST_BEFORE, LEAST_AFTER = 4, 3
LEAST_ROOM = 4.0
"""How many times the smallest change must fit between the level and the end of the scale."""
MUCH_MORE_ANSWERS, MUCH_MORE_EXPOSURE = 1.6, 1.3
ASKED = (Kind.SCORE, Kind.NPS, Kind.PROPORTION)
"""Kinds whose values people give when asked: who answers may change them."""


def enough_data(data: PilotData) -> Check:
    """Fewer than ten answers a side, or very few weeks, cannot carry a scale-up."""
    weeks_before = int(max(data.side(j, after=False).sum() for j in range(data.pilots)))
    weeks_after = int(max(data.side(j, after=True).sum() for j in range(data.pilots)))
    before, after = data.pilot_answers(after=False), data.pilot_answers(after=True)
    values = {"before": weeks_before, "after": weeks_after, "n_before": before, "n_after": after}
    enough = weeks_before >= LEAST_BEFORE and weeks_after >= LEAST_AFTER
    if data.panel.kind is Kind.COUNT:
        detail = N_("{before} weeks before and {after} weeks after the start (exposure {n_before} and {n_after}).")
    else:
        enough = enough and min(before, after) >= LEAST_ANSWERS
        detail = N_("{before} weeks before and {after} weeks after the start ({n_before} and {n_after} answers).")
    return Check(name="enough_data", passed=enough, detail=Message(detail, values), blocks_scale=True)


def ceiling(data: PilotData, scale: Scale | None = None) -> Check | None:
    """Is there room to get better by the smallest change that matters?

    The smallest change has to fit into the room left several times over: a gain that would need a quarter of everything
    not yet at its best is squeezed against the end of the scale, and a null result says little.

    Args:
        data: The pilot's weeks.
        scale: The ends of the scale that the metric's definition states (scores); read from the values when left out.

    Returns:
        The check; None for a metric without an end on its good side.
    """
    return _room(
        data, scale, name="ceiling", better=True,
        full=N_("The level before the start was {mean}, close to the best end of the scale ({edge}): the smallest "
                "change that matters would take {share} % of the room left, so even a real gain may not show."),
        open_=N_("The level before the start was {mean}; the scale leaves room for a change of {room}."),
    )  # fmt: skip


def floor(data: PilotData, scale: Scale | None = None) -> Check | None:
    """Is there room for a worsening to be seen? At the bad end of the scale bad weeks can only be followed by better.

    Args:
        data: The pilot's weeks.
        scale: As in `ceiling`.

    Returns:
        The check; None for a metric without an end on its bad side.
    """
    return _room(
        data, scale, name="floor", better=False,
        full=N_("The level before the start was {mean}, close to the worst end of the scale ({edge}): it could hardly "
                "get worse, so some gain was to be expected and harm would not show."),
        open_=N_("The level before the start was {mean}; a worsening of up to {room} could be seen."),
    )  # fmt: skip


def volume_change(found: Estimate) -> Check | None:
    """Did the number of answers jump, so that other people may be answering?"""
    data = found.data
    if data.panel.kind is Kind.COUNT:
        return None
    shift = volume_shift(data)
    if shift is None:
        return None
    values = {"ratio": _rounded(shift.ratio)}
    if shift.beyond(MUCH_MORE_ANSWERS):
        text = N_(
            "The pilot got {ratio} times the answers it used to get; different people may be answering than before."
        )
        people = data.panel.kind in ASKED
        return Check(name="volume_change", passed=False, detail=Message(text, values), blocks_scale=people)
    text = N_("The number of answers stayed about the same ({ratio} times the earlier).")
    return Check(name="volume_change", passed=True, detail=Message(text, values))


def exposure_change(found: Estimate) -> Check | None:
    """Did what events are counted over - customers, visits, days - change a lot with the start?

    The rate allows for it as long as events go up in step with the exposure; a busier unit may well be another unit.
    """
    if found.data.panel.kind is not Kind.COUNT:
        return None
    shift = volume_shift(found.data)
    if shift is None:
        return None
    values = {"ratio": _rounded(shift.ratio)}
    if shift.beyond(MUCH_MORE_EXPOSURE):
        text = N_(
            "The amount behind the counts (customers, visits or days) became {ratio} times what it was. The rate "
            "allows for that, but a unit much busier or quieter than before may differ for that reason alone."
        )
        return Check(name="exposure_change", passed=False, detail=Message(text, values))
    text = N_(
        "The amount behind the counts (customers, visits or days) stayed about the same ({ratio} times the earlier)."
    )
    return Check(name="exposure_change", passed=True, detail=Message(text, values))


def over_dispersion(found: Estimate) -> Check | None:
    """How much do the weeks vary beyond chance?"""
    working, data = found.working, found.data
    if not working.scale_known:
        text = N_("The spread of single answers is not known; the weeks' own variation is used instead.")
        return Check(name="over_dispersion", passed=None, detail=Message(text))
    precision = working.precision[: data.pilots]
    noise = float((1.0 / precision[precision > 0]).mean())
    ratio = 1.0 + found.components.sigma**2 / noise
    text = N_("Weeks vary {ratio} times as much as chance alone would make them; the interval takes this into account.")
    return Check(name="over_dispersion", passed=None, detail=Message(text, {"ratio": _rounded(ratio)}))


def data_gaps(data: PilotData) -> Check:
    """Are weeks or units missing?"""
    seen = data.panel.observed[: data.pilots]
    first = int(np.flatnonzero(seen.any(axis=0))[0])
    missing = int((~seen[:, first:]).sum())
    share = missing / seen[:, first:].size
    values = {"missing": missing, "weeks": seen[:, first:].size, "units": data.left_out}
    if data.left_out:
        text = N_("{missing} of {weeks} pilot weeks have no data; left out for lack of data: {units}.")
        return Check(name="data_gaps", passed=False, detail=Message(text, values))
    text = N_("{missing} of {weeks} pilot weeks have no data.")
    return Check(name="data_gaps", passed=share <= 0.25, detail=Message(text, values))


def _rounded(ratio: float) -> float:
    """A ratio with two figures, as a number: whoever shows it chooses the decimal mark."""
    return float(f"{ratio:.2g}")


def _room(
    data: PilotData, scale: Scale | None, *, name: str, better: bool, full: str, open_: str
) -> Check | None:  # fmt: skip
    ends = scale_of(data.panel, scale)
    up = (data.plan.direction is Direction.INCREASE) == better
    edge = ends.high if up else ends.low
    if not np.isfinite(edge):
        return None
    before = float(np.mean([_level_before(data, j) for j in range(data.pilots)]))
    room = max(edge - before if up else before - edge, 0.0)
    smallest = data.plan.smallest_change
    tight = room < LEAST_ROOM * smallest
    share = round(100.0 * min(smallest / room, 1.0)) if room > 0 else 100
    values = {"mean": Level(before), "edge": Level(edge), "room": Amount(room), "share": share}
    return Check(name=name, passed=not tight, detail=Message(full if tight else open_, values))


def _level_before(data: PilotData, unit: int) -> float:
    """Mean of the unit's answers before the start."""
    side = data.side(unit, after=False)
    return float(np.average(data.panel.mean[unit][side], weights=data.panel.n[unit][side]))
