"""Did the process of a pilot unit change after the start, by its own history alone? The chart says that, not why."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np

from stats.arguments import whole
from stats.errors import CannotEstimateError
from stats.messages import N_, Message
from stats.metric import Direction, Kind
from stats.panel import Floats
from stats.spc.chart import ControlChart, control_chart, find_signals
from stats.spc.events import EventDays, Gaps, gaps
from stats.spc.kinds import ChartKind, Side
from stats.spc.points import Series
from stats.spc.signals import Signal

RARE = 2.0
"""Below so many events a week a chart of weekly counts has hardly anything to tell."""
LEAST_GAPS = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class SinceStart:
    """The chart of a pilot unit and what it shows since the start.

    Attributes:
        chart: Its lines come from before the start; what is before and what is after it are judged apart.
        start: Index of its first point after the start.
        signals: Signals among the points after the start alone.
        better: One of them is in the good direction.
        worse: One of them is in the bad direction.
        notes: What to keep in mind when reading the chart.
        ended: For a chart of times between events, the day at which each point stands; None for weeks.
    """

    chart: ControlChart
    start: int
    signals: tuple[Signal, ...]
    better: bool
    worse: bool
    notes: tuple[Message, ...]
    ended: tuple[dt.date, ...] | None = None

    @property
    def message(self) -> Message:
        """What the chart shows since the start, as a sentence."""
        if self.start == len(self.chart.values):
            return Message(N_("No event has happened since the start, and the time without one is not unusual yet."))
        return Message(_MESSAGES[self.better, self.worse])


def signal_since_start(
    values: Series,
    n: Series,
    *,
    kind: Kind,
    direction: Direction,
    start: int,
    events: EventDays | None = None,
) -> SinceStart:
    """Judge the weeks after the start by the unit's own weeks before it, with the rules of NHS Making Data Count.

    Scores, NPS, durations and costs: XmR chart of the weekly values. Proportions: P' chart (a P chart when the weeks
    vary no more than chance). Counts: U' chart; with fewer than 2 events a week before the start a T chart of the days
    between events (a G chart when two fell on one day), or without their days a C chart (U when the exposure varies).

    A signal never triggers a decision to scale: regression to the mean, season and trend make signals too. Weeks that
    led to the pilot can be left out as NaN. When nothing changed, 12 weeks after 12 before still show some signal in
    29 % of series of independent weeks (16 % after 52 before; simulated in the tests), half of them for the better;
    more when neighbouring weeks resemble each other.

    Args:
        values: (T,) weekly values; counts for proportions and counts. NaN where the week is missing.
        n: (T,) answers in the week, trials, or exposure. A week with 0 or NaN is missing.
        kind: The metric's kind.
        direction: Which way is better.
        start: Index of the first week after the start.
        events: The days of the events, for counts.

    Raises:
        ValueError: Another shape, a count that is not whole, a start outside the series.
        CannotEstimateError: No week with data before the start, or none after it.

    Example:
        >>> week = [3.4, 3.6, 3.5, 3.3, 3.6, 3.4, 3.5, 3.4, 3.6, 3.5, 3.3, 3.5]
        >>> found = signal_since_start(week + [3.7, 4.1], [20] * 14, kind=Kind.SCORE, direction=Direction.INCREASE,
        ...                            start=12)
        >>> found.better, found.worse, found.signals[0].points
        (True, False, (13,))
    """
    weekly, size = _weeks(values, n)
    start = whole("start", start, least=1, most=len(weekly) - 1)
    there = np.isfinite(weekly)
    if not there[:start].any() or not there[start:].any():
        raise CannotEstimateError(N_("A control chart needs weeks with data both before the start and after it."))
    if kind is Kind.COUNT and float(weekly[:start][there[:start]].mean()) < RARE:
        found = None if events is None else gaps(events)
        if found is not None and found.start >= LEAST_GAPS:
            return _between_events(found, direction)
        equal = np.unique(size[there]).size == 1
        chart = control_chart(
            weekly, kind="c" if equal else "u", denominators=None if equal else size, rules="nhs", baseline=start
        )
        note = N_("Fewer than two events a week before the start: a chart of weekly counts notices only large changes.")
        return _judged(chart, start, direction.sign, (Message(note),))
    chart_kind = {Kind.PROPORTION: ChartKind.P_PRIME, Kind.COUNT: ChartKind.U_PRIME}.get(kind, ChartKind.XMR)
    below = size if kind.counted else None
    chart = control_chart(weekly, kind=chart_kind, denominators=below, rules="nhs", baseline=start)
    return _judged(chart, start, direction.sign, ())


def _weeks(values: Series, n: Series) -> tuple[Floats, Floats]:
    """Values and sizes, both NaN in missing weeks."""
    weekly, size = np.array(values, dtype=np.float64), np.array(n, dtype=np.float64)
    if weekly.ndim != 1 or weekly.shape != size.shape:
        raise ValueError(f"values has shape {weekly.shape} and n {size.shape}, must be series of the same length.")
    if len(weekly) < 2:
        raise ValueError(f"values has {len(weekly)} weeks, must have at least 2.")
    if (wrong := np.isinf(size) | (size < 0)).any():
        place = int(np.argmax(wrong))
        raise ValueError(f"n[{place}] == {size[place]}, must be a number >= 0, or NaN where the week is missing.")
    missing = np.isnan(weekly) | np.isnan(size) | (size == 0)
    weekly[missing] = size[missing] = np.nan
    return weekly, size


def _between_events(found: Gaps, direction: Direction) -> SinceStart:
    """Longer waits mean fewer events. The wait that still runs counts once it is above the centre: it only grows."""
    kind = ChartKind.G if found.same_day else ChartKind.T
    days, ended = found.days, found.ended
    centre = control_chart(days[: found.start], kind=kind).centre[0]
    notes = [Message(N_("Events are rare, so the chart shows the days from one event to the next."))]
    if found.running > centre:
        days = np.append(days, found.running)
        ended = (*ended, found.until)
        notes.append(Message(N_("The last point is the time since the latest event; it is still growing.")))
    chart = control_chart(days, kind=kind, rules="nhs", baseline=found.start)
    return replace(_judged(chart, found.start, -direction.sign, tuple(notes)), ended=ended)


def _judged(chart: ControlChart, start: int, sign: int, notes: tuple[Message, ...]) -> SinceStart:
    """Signals before and after the start apart, so that a run which began before it is not laid to the pilot."""
    pieces = [(0, start), (start, len(chart.values))]
    before, since = (find_signals(chart.kind, chart.rules, chart.values, chart.lines, [piece]) for piece in pieces)
    good, bad = (Side.HIGH, Side.LOW) if sign > 0 else (Side.LOW, Side.HIGH)
    first = chart.phases[0]
    if first.note is not None:
        notes = (*notes, first.note)
    elif first.trial:
        notes = (*notes, Message(N_("Trial limits: they rest on {count} values only."), {"count": first.points}))
    return SinceStart(
        chart=replace(chart, signals=before + since),
        start=start,
        signals=since,
        better=any(signal.side is good for signal in since),
        worse=any(signal.side is bad for signal in since),
        notes=notes,
    )


_MESSAGES: dict[tuple[bool, bool], str] = {
    (False, False): N_("Since the start the values vary as they did before it: no signal that the process changed."),
    (True, False): N_(
        "Since the start there is a signal for the better. It says that the process changed, not why it did."
    ),
    (False, True): N_(
        "Since the start there is a signal for the worse. It says that the process changed, not why it did."
    ),
    (True, True): N_(
        "Since the start there are signals for the better and for the worse. "
        "They say that the process changed, not why it did."
    ),
}
