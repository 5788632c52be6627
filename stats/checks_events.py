"""Other events as rival explanations: what else could have moved the numbers at the same time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stats.check import Check, Event
from stats.messages import N_, Message
from stats.pilot_data import SUNDAY, PilotData

NEAR = np.timedelta64(21, "D")
"""An event this close to the start cannot be told from it by the calendar."""


def noted_events(data: PilotData, events: Sequence[Event]) -> Check | None:
    """What else happened that could explain the change?

    A rival explanation is an event within three weeks of the start that concerned the pilot or its comparison units,
    and any later event that did not concern both sides: comparison units cannot take that one out. What concerned the
    pilot and the comparison units alike during the pilot is told, but is no rival.

    Args:
        data: The pilot's weeks.
        events: What was noted; one without units concerned everyone.

    Returns:
        The check, which only informs; None when nothing happened near the pilot.
    """
    start = np.datetime64(data.plan.start, "D")
    last = data.panel.weeks[-1] + SUNDAY
    rivals, others = [], []
    for event in sorted(events, key=lambda event: (event.on, event.name)):
        day = np.datetime64(event.on, "D")
        pilots, comparisons = _concerned(data, event)
        if not (pilots or comparisons) or day > last:
            continue
        if abs(day - start) <= NEAR or (day >= start and pilots != comparisons):
            rivals.append(event)
        elif day >= start:
            others.append(event)
    if not rivals and not others:
        return None
    values = {"rivals": _told(rivals), "events": _told(others)}
    if not rivals:
        text = N_("Something else happened during the pilot: {events}.")
    elif not others:
        text = N_("Something else happened that could explain a change as well: {rivals}.")
    else:
        text = N_(
            "Something else happened that could explain a change as well: {rivals}. "
            "Also during the pilot, for all alike: {events}."
        )
    return Check(name="events", passed=None, detail=Message(text, values))


def _concerned(data: PilotData, event: Event) -> tuple[bool, bool]:
    """Whether it concerned pilot units, and comparison units."""
    if not event.units:
        return True, data.comparisons > 0
    named = set(event.units)
    return bool(named & set(data.plan.pilot_units)), bool(named & set(data.plan.comparison_units))


def _told(events: Sequence[Event]) -> tuple[Message, ...]:
    return tuple(Message("{date} {event}", {"date": event.on, "event": event.name}) for event in events)
