"""What the record holds around a pilot: channels, the weekly log, other events, neighbours; with one digest over all.

around = evaluation_inputs.load(session, whole, as_of=as_of, first=first)
digests.append(around.digest)
evaluate(..., around=around.facts)
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from models.base import localised, monday_of, week_of
from models.metrics import Metric, MetricKind
from models.organisation import Event, EventUnit, Unit
from models.pilots import Happened
from services import channel_answers, series, weekly_log
from services.i18n import DEFAULT_LANGUAGE
from services.lineage import sources
from services.organisation import all_units, subtree_ids
from services.plans import WholePlan
from services.rows import key
from stats import check
from stats.channels import ChannelData
from stats.checks_events import NEAR
from stats.checks_neighbours import NeighbourData
from stats.fidelity import FidelityData
from stats.metric import Direction, Kind
from stats.scale_ends import Scale
from stats.surroundings import Surroundings

WORTH = {Happened.YES: 1.0, Happened.PARTLY: 0.5, Happened.NO: 0.0}
AMOUNTS = (MetricKind.DURATION, MetricKind.COUNT, MetricKind.COST)
"""Kinds of metrics that can push work from one to the other when they have the same unit of measurement."""


@dataclass(frozen=True, eq=False, kw_only=True)
class LoadedSurroundings:
    """What is known around a pilot, as the statistics read it.

    Attributes:
        facts: The facts.
        digest: SHA-256 over every value in them, so that an evaluation can say what it saw.
    """

    facts: Surroundings
    digest: str


def load(session: Session, whole: WholePlan, *, as_of: dt.date, first: dt.date) -> LoadedSurroundings:
    """Load everything that the checks around a pilot ask.

    Args:
        session: Any session.
        whole: The plan in force.
        as_of: Nothing after this day is used.
        first: First day of the history that is loaded.
    """
    seen: list[str] = []
    facts = Surroundings(
        events=events(session, whole, as_of, seen=seen),
        channels=channels(session, whole, first=first, as_of=as_of, seen=seen),
        log=log(session, whole, as_of, seen=seen),
        neighbours=neighbours(session, whole, first=first, as_of=as_of, seen=seen),
        scale=scale_of(whole.metric),
    )
    return LoadedSurroundings(facts=facts, digest=hashlib.sha256("\n".join(seen).encode()).hexdigest())


def events(
    session: Session, whole: WholePlan, as_of: dt.date, *, seen: list[str] | None = None
) -> tuple[check.Event, ...]:
    """Other events from three weeks before the start to the day, that concerned everyone or a unit of the plan.

    An event noted for a branch concerned every unit below it, and one of a merged unit its successor. A name is given
    in the county's first language that it has.
    """
    earliest = whole.plan.start_on - NEAR.astype(dt.timedelta)
    query = select(Event).where(col(Event.on_date).between(earliest, as_of)).order_by(col(Event.on_date), col(Event.id))
    rows = session.exec(query).all()
    concerned = _concerned(session, whole, [key(event.id) for event in rows])
    found = tuple(
        check.Event(on=event.on_date, name=localised(event.name, DEFAULT_LANGUAGE), units=units)
        for event in rows
        if (units := concerned.get(key(event.id), ())) is not None
    )
    _note(seen, "events", [f"{event.on} {event.name} {event.units}" for event in found])
    return found


def channels(
    session: Session, whole: WholePlan, *, first: dt.date, as_of: dt.date, seen: list[str] | None = None
) -> ChannelData | None:
    """The channels of the answers that feed the metric; None when no answers do."""
    found, rows = channel_answers.load(
        session,
        metric=whole.metric,
        pilot_ids=[key(unit.id) for unit in whole.pilot_units],
        comparison_ids=[key(unit.id) for unit in whole.comparison_units],
        population=whole.plan.population,
        first=first,
        last=as_of,
    )
    _note(seen, "channels", [rows.write_csv(float_precision=10)])
    return found


def log(session: Session, whole: WholePlan, as_of: dt.date, *, seen: list[str] | None = None) -> FidelityData | None:
    """What the staff logged in the pilot's weeks that are over; None before the first of them is."""
    first, last = week_of(whole.plan.start_on), week_of(min(as_of, whole.plan.end_on) + dt.timedelta(days=1)) - 1
    if last < first:
        return None
    by_week: dict[int, list[float]] = {}
    for entry in weekly_log.entries(session, whole.plan.pilot_id):
        if first <= entry.week <= last:
            by_week.setdefault(entry.week, []).append(WORTH[Happened(entry.happened)])
    weeks = sorted(by_week)
    happened = np.array([np.mean(by_week[week]) for week in weeks], dtype=np.float64)
    _note(seen, "log", [f"{week} {value:.6f}" for week, value in zip(weeks, happened, strict=True)])
    return FidelityData(
        weeks=np.array([monday_of(week) for week in weeks], dtype="datetime64[D]"),
        happened=happened,
        due=last - first + 1,
    )


def neighbours(
    session: Session, whole: WholePlan, *, first: dt.date, as_of: dt.date, seen: list[str] | None = None
) -> tuple[NeighbourData, ...]:
    """Who may pay for the gain: units beside the pilot in its area, and guardrails that measure the same thing.

    A unit beside the pilot has the same branch above it, and is neither pilot nor comparison; it is looked at in the
    pilot's own metric, unless that is a theme's share: how well the model reads the unit's comments is not known. A
    guardrail measures the same thing when its kind and unit of measurement are the metric's own, such as the wait for
    booked appointments beside the wait for walk-ins; it is looked at in the pilot's units.
    """
    beside = [
        _Beside(whole.metric, unit.code, (unit,), whole.plan.smallest_change, whole.plan.population)
        for unit in units_beside(session, whole, as_of)
        if whole.metric.theme_id is None
    ]
    beside += [_Beside(metric, metric.code, whole.pilot_units, margin) for metric, margin in metrics_next_door(whole)]
    compared = [key(unit.id) for unit in whole.comparison_units]
    found = []
    for one in beside:
        unit_ids = [*(key(unit.id) for unit in one.units), *compared]
        loaded = series.load(
            session, metric=one.metric, unit_ids=unit_ids, population=one.population, first=first, last=as_of
        )
        _note(seen, f"neighbour {one.name}", [loaded.digest()])
        panel, codes = loaded.panel, tuple(unit.code for unit in one.units)
        if panel is not None and set(codes) & set(panel.units):
            found.append(
                NeighbourData(
                    name=one.name,
                    kind=Kind(one.metric.kind.value),
                    direction=Direction(one.metric.direction.value),
                    smallest_change=one.size,
                    units=codes,
                    panel=panel,
                    same_metric=one.metric is whole.metric,
                )
            )
    return tuple(found)


@dataclass(frozen=True)
class _Beside:
    """A neighbour before its values are loaded."""

    metric: Metric
    name: str
    units: tuple[Unit, ...]
    size: float
    population: str = ""


def units_beside(session: Session, whole: WholePlan, as_of: dt.date) -> list[Unit]:
    """Units with the same branch above them as a pilot unit, open during the pilot, neither pilot nor comparison."""
    taken = {unit.id for unit in (*whole.pilot_units, *whole.comparison_units)}
    branches = {unit.parent_id for unit in whole.pilot_units if unit.parent_id is not None}
    query = select(Unit).where(col(Unit.parent_id).in_(branches), col(Unit.takes_pilots)).order_by(Unit.code)
    return [
        unit
        for unit in session.exec(query).all()
        if unit.id not in taken
        and (unit.opened_on is None or unit.opened_on < whole.plan.start_on)
        and (unit.closed_on is None or unit.closed_on >= as_of)
    ]


def metrics_next_door(whole: WholePlan) -> list[tuple[Metric, float]]:
    """Guardrails with the metric's own kind and unit of measurement, with their margins."""
    mine = whole.metric
    return [
        (metric, margin)
        for metric, margin in whole.guardrails
        if mine.kind in AMOUNTS and mine.unit_text and (metric.kind, metric.unit_text) == (mine.kind, mine.unit_text)
    ]


def scale_of(metric: Metric) -> Scale | None:
    """The ends that the metric's definition states; None when it lacks one."""
    if metric.scale_low is None or metric.scale_high is None:
        return None
    return Scale(low=metric.scale_low, high=metric.scale_high)


def _concerned(session: Session, whole: WholePlan, event_ids: Sequence[int]) -> dict[int, tuple[str, ...] | None]:
    """For events noted for some units: codes of the plan's units among them, None when there are none."""
    everyone = all_units(session)
    plan_units = {key(unit.id): unit.code for unit in (*whole.pilot_units, *whole.comparison_units)}
    belongs = sources(session, list(plan_units))
    links = session.exec(select(EventUnit).where(col(EventUnit.event_id).in_(event_ids))).all()
    below = {root: subtree_ids(everyone, root) for root in {link.unit_id for link in links}}
    codes: dict[int, set[str]] = {}
    for link in links:
        hit = {plan_units[belongs[unit]] for unit in below[link.unit_id] if unit in belongs}
        codes.setdefault(link.event_id, set()).update(hit)
    return {event: tuple(sorted(found)) or None for event, found in codes.items()}


def _note(seen: list[str] | None, what: str, lines: Sequence[str]) -> None:
    if seen is not None:
        seen.append("\n".join([what, *lines]))
