"""Checks of the data: enough of them, room on the scale, volume, dispersion, gaps, events."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stats.check import Check, Event
from stats.estimate import Estimate
from stats.messages import N_, Amount, Level, Message
from stats.metric import Direction, Kind
from stats.panel import Floats
from stats.pilot_data import PilotData

LEAST_ANSWERS = 10
LEAST_BEFORE, LEAST_AFTER = 4, 3


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


def ceiling(data: PilotData) -> Check | None:
    """Is there room left for the smallest change that matters?"""
    before = np.mean([data.panel.mean[j][data.side(j, after=False)].mean() for j in range(data.pilots)])
    edge = _edge(data)
    if edge is None:
        return None
    room = abs(edge - float(before))
    values = {"mean": Level(before), "edge": Level(edge), "room": Amount(room)}
    if room < 2.0 * data.plan.smallest_change:
        text = N_("The level before the start was {mean}, close to the end of the scale ({edge}); little room is left.")
        return Check(name="ceiling", passed=False, detail=Message(text, values))
    text = N_("The level before the start was {mean}; the scale leaves room for a change of {room}.")
    return Check(name="ceiling", passed=True, detail=Message(text, values))


def volume_change(found: Estimate) -> Check | None:
    """Did the number of answers jump, so that other people may be answering?"""
    data = found.data
    if data.panel.kind is Kind.COUNT:
        return None
    shift = float(np.mean([_log_volume_change(data, j) for j in range(data.pilots)]))
    variance = float(np.mean([_log_volume_error(data, j) ** 2 for j in range(data.pilots)]))
    if data.comparisons:
        others = range(data.pilots, len(data.panel.units))
        shift -= float(np.mean([_log_volume_change(data, j) for j in others]))
        variance += float(np.mean([_log_volume_error(data, j) ** 2 for j in others])) / data.comparisons
    error = max(float(np.sqrt(variance)), 0.05)
    values = {"ratio": _rounded(float(np.exp(shift)))}
    jumped = abs(shift) > np.log(1.6) and abs(shift) > 3.0 * error
    if jumped:
        text = N_(
            "The pilot got {ratio} times the answers it used to get; different people may be answering than before."
        )
        people = data.panel.kind in (Kind.SCORE, Kind.NPS, Kind.PROPORTION)
        return Check(name="volume_change", passed=False, detail=Message(text, values), blocks_scale=people)
    text = N_("The number of answers stayed about the same ({ratio} times the earlier).")
    return Check(name="volume_change", passed=True, detail=Message(text, values))


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


def noted_events(data: PilotData, events: Sequence[Event]) -> Check | None:
    """What else happened during the pilot?"""
    last = data.panel.weeks[-1] + np.timedelta64(6, "D")
    near = [
        event
        for event in events
        if data.plan.start <= event.on
        and np.datetime64(event.on, "D") <= last
        and (not event.units or set(event.units) & set(data.panel.units[: data.pilots]))
    ]
    if not near:
        return None
    text = N_("Something else happened during the pilot: {events}.")
    return Check(
        name="events", passed=None, detail=Message(text, {"events": [f"{event.on} {event.name}" for event in near]})
    )


def _rounded(ratio: float) -> float:
    """A ratio with two figures, as a number: whoever shows it chooses the decimal mark."""
    return float(f"{ratio:.2g}")


def _edge(data: PilotData) -> float | None:
    """The end of the scale in the good direction, where the kind has one or the answers show it."""
    kind, better = data.panel.kind, data.plan.direction
    if kind is Kind.PROPORTION:
        return 1.0 if better is Direction.INCREASE else 0.0
    if kind is Kind.NPS:
        return 100.0 if better is Direction.INCREASE else -100.0
    if kind is Kind.SCORE and better is Direction.INCREASE:
        return _top_of_scale(data)
    if kind in (Kind.COUNT, Kind.DURATION, Kind.COST) and better is Direction.DECREASE:
        return 0.0
    return None


def _top_of_scale(data: PilotData) -> float | None:
    """The largest answer the means and SDs can come from, read as a 1-5 or a 0-10 scale; None when neither fits."""
    mean, sd = data.panel.mean, np.nan_to_num(data.panel.sd)
    reach = float(np.nanpercentile(mean + sd, 75))
    top = float(np.nanmax(mean))
    if top <= 5.0 and reach <= 6.0:
        return 5.0
    return 10.0 if top <= 10.0 and reach <= 13.0 else None


def _log_volume(data: PilotData, unit: int, *, after: bool) -> Floats:
    """Log answers a week of the unit's weeks with data on one side of the pilot's start."""
    side = data.panel.observed[unit] & (data.after == after)
    return np.asarray(np.log(data.panel.n[unit][side]))


def _log_volume_change(data: PilotData, unit: int) -> float:
    before, after = (np.exp(_log_volume(data, unit, after=side)).mean() for side in (False, True))
    return float(np.log(after / before))


def _log_volume_error(data: PilotData, unit: int) -> float:
    """Standard error of the change of the log volume."""
    return float(
        np.sqrt(
            sum(
                part.var() / max(len(part) - 1, 1) for part in (_log_volume(data, unit, after=s) for s in (False, True))
            )
        )
    )
