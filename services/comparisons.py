"""Units to compare a pilot with, proposed by their likeness before the start, each with the reasons in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session

from models.metrics import Metric
from models.organisation import Unit
from models.pilots import Status
from services import pilots, recent, series
from services.organisation import pilot_units
from services.recent import Level
from services.rows import get, key
from stats.errors import CannotEstimateError
from stats.messages import N_, Message
from stats.similarity import LEFT_OUT_WEEKS, WINDOW_WEEKS, Suggestion, suggest_comparison_units

MOST_PROPOSED = 8
SAME_AREA = 0.5
"""How much more unlike a unit of the same area may be and still come before one of another: what a level one
standard deviation between units away costs. Units of an area do the same work, so what changes one changes the
others; a like level of, say, a dental clinic and a ward does not say that their weeks have the same causes."""


@dataclass(frozen=True, kw_only=True)
class ComparisonChoice:
    """A unit that could be compared with.

    Attributes:
        unit_id: The unit.
        code: Its code.
        name: Its name by language.
        level: Where the metric stands in it.
        same_area: Whether it belongs to the same area.
        busy: Whether it tries something itself that the metric may show.
        proposed: Whether it is among the most alike.
        reasons: Why it is like the pilot unit, or is not.
    """

    unit_id: int
    code: str
    name: Mapping[str, str]
    level: Level
    same_area: bool
    busy: bool
    proposed: bool
    reasons: tuple[Message, ...]


def choices(session: Session, *, metric: Metric, unit_id: int, today: dt.date) -> tuple[ComparisonChoice, ...]:
    """Units with data on the metric lately, the most alike over the past year first; the last six weeks have no say.

    Units of the same area are expected to move alike until their weeks say otherwise, and are preferred (`SAME_AREA`).
    Colleagues and customers answer differently, so a unit that serves the other kind is never proposed, nor one that
    tries something with the same metric itself. When the unit has no history of its own, there is nothing to judge by,
    and none is proposed.
    """
    units = pilot_units(session)
    own = get(session, Unit, unit_id)
    levels = recent.levels(session, metric=metric, units=units, today=today)
    busy = _busy_units(session, metric=metric, today=today)
    others = [unit for unit in units if unit.id != unit_id and key(unit.id) in levels]
    ranked = _ranked(session, metric=metric, own=own, others=others, today=today)
    kin = {unit.code for unit in others if unit.parent_id == own.parent_id}
    order = sorted(ranked.values(), key=lambda one: (not one.suitable, one.unlikeness - SAME_AREA * (one.unit in kin)))
    place = {one.unit: number for number, one in enumerate(order)}
    fit = [
        unit.code
        for unit in sorted(others, key=lambda unit: place.get(unit.code, len(place)))
        if unit.code in ranked
        and ranked[unit.code].suitable
        and unit.customer_type == own.customer_type
        and unit.id not in busy
    ]
    found = [
        ComparisonChoice(
            unit_id=key(unit.id),
            code=unit.code,
            name=unit.name,
            level=levels[key(unit.id)],
            same_area=unit.parent_id == own.parent_id,
            busy=unit.id in busy,
            proposed=unit.code in fit[:MOST_PROPOSED],
            reasons=_reasons(ranked.get(unit.code), own=own, other=unit),
        )
        for unit in others
    ]
    return tuple(sorted(found, key=lambda choice: (choice.code not in fit, place.get(choice.code, len(place)))))


def _ranked(
    session: Session, *, metric: Metric, own: Unit, others: Sequence[Unit], today: dt.date
) -> dict[str, Suggestion]:
    """By code, the most alike first; empty when there is nothing to judge by."""
    first, last = recent.full_weeks(today, WINDOW_WEEKS + LEFT_OUT_WEEKS)
    loaded = series.load(
        session, metric=metric, unit_ids=[key(own.id), *(key(unit.id) for unit in others)], first=first, last=last
    )
    panel = loaded.panel
    if panel is None or own.code not in panel.units:
        return {}
    kin = [unit.code for unit in others if unit.parent_id == own.parent_id]
    before = np.datetime64(last + dt.timedelta(days=1), "D")
    try:
        found = suggest_comparison_units(panel, own.code, before=before, most=MOST_PROPOSED, kin=kin)
    except CannotEstimateError:
        return {}
    return {suggestion.unit: suggestion for suggestion in found}


def _reasons(suggestion: Suggestion | None, *, own: Unit, other: Unit) -> tuple[Message, ...]:
    found = [] if suggestion is None else list(suggestion.reasons)
    if other.parent_id == own.parent_id:
        found.append(Message(N_("It belongs to the same area.")))
    if other.customer_type != own.customer_type:
        found.insert(0, Message(N_("It serves other customers than your unit, so it is not proposed.")))
    return tuple(found)


def _busy_units(session: Session, *, metric: Metric, today: dt.date) -> set[int]:
    """Units that try something themselves with the same metric, so that they are no picture of going on as before."""
    active = (Status.PLANNED, Status.RUNNING, Status.SCALING)
    return {
        row.pilot.unit_id
        for row in pilots.list_pilots(session, today=today)
        if row.status in active and row.plan.metric_id == metric.id
    }
