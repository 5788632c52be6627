"""The county's units, people, themes, metrics and events as rows of the record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlmodel import Session, SQLModel

from models.base import validated
from models.metrics import Metric
from models.organisation import Event, EventUnit, Unit
from models.people import Person
from models.themes import Theme
from services.demo.county import County
from services.demo.simulate import DemoData
from services.rows import key

COUNTY_CODE = "RANNIKKO"


@dataclass(kw_only=True)
class Ids:
    """What the rows of the county became: ids by code."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    themes: dict[str, int] = field(default_factory=dict)
    metrics: dict[str, int] = field(default_factory=dict)


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    """A moment of a day."""
    return dt.datetime.combine(day, dt.time(hour), tzinfo=dt.UTC)


def store(session: Session, data: DemoData) -> Ids:
    """Add the county's fixed rows, in the caller's transaction."""
    county, ids = data.county, Ids()
    _units(session, county, ids)
    for user in county.users:
        unit_id = ids.units[user.unit] if user.unit else None
        person = validated(
            Person, code=user.code, name=user.name, role=user.role, unit_id=unit_id, language="fi", is_demo=True
        )
        ids.people[user.code] = added(session, person)
    for theme in county.themes:
        row = validated(
            Theme,
            code=theme.code,
            name=theme.names,
            keywords=theme.keywords,
            examples=theme.examples,
            controllable=theme.controllable,
            praise=theme.praise,
            created_at=at(data.first_monday),
        )
        ids.themes[theme.code] = added(session, row)
    for metric in county.metrics:
        definition = validated(
            Metric,
            code=metric.code,
            name=metric.names,
            kind=metric.kind,
            direction=metric.direction,
            family=metric.family,
            unit_text=metric.unit_text,
            scale_low=metric.low,
            scale_high=metric.high,
            smallest_change=metric.smallest_change,
            item=metric.pressed.item if metric.pressed else metric.item,
            success_from=metric.pressed.success_from if metric.pressed else None,
            manual=metric.manual,
            is_guardrail=metric.guardrail,
        )
        ids.metrics[metric.code] = added(session, definition)
    for event in county.events:
        event_id = added(session, validated(Event, on_date=data.shifted(event.date), name=event.names))
        session.add_all(EventUnit(event_id=event_id, unit_id=ids.units[unit]) for unit in event.units)
    session.flush()
    return ids


def _units(session: Session, county: County, ids: Ids) -> None:
    root = validated(
        Unit, code=COUNTY_CODE, level="county", name=county.meta.name, staff=county.meta.staff, takes_pilots=False
    )
    ids.units[COUNTY_CODE] = added(session, root)
    for area in county.areas:
        branch = validated(
            Unit,
            code=area.code,
            level="area",
            name=area.names,
            parent_id=ids.units[COUNTY_CODE],
            takes_pilots=False,
        )
        ids.units[area.code] = added(session, branch)
    for unit in county.units:
        leaf = validated(
            Unit,
            code=unit.code,
            oid=unit.oid,
            level="unit",
            name=unit.names,
            parent_id=ids.units[unit.area],
            customer_type=unit.customer_type,
            staff=unit.staff,
        )
        ids.units[unit.code] = added(session, leaf)


def added(session: Session, row: SQLModel) -> int:
    """Add a row and say which id it got."""
    session.add(row)
    session.flush()
    return key(getattr(row, "id", None))
