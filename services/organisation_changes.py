"""What an administrator does about units: added, named, moved, merged, split, closed; never deleted, since what was
measured in them stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, select

from models.base import LANGUAGES, validated
from models.organisation import CustomerType, LineageKind, Unit, UnitLineage
from models.people import Person
from models.pilots import Status
from services.errors import BadInput, Conflict
from services.organisation import all_units, subtree_ids
from services.permissions import May, require
from services.pilots import list_pilots
from services.rows import get, key

LONGEST_NAME = 120
UNDER_WAY = frozenset({Status.PLANNED, Status.RUNNING, Status.AWAITING_DECISION})
"""A unit with a pilot in one of these stays open."""


def add(
    session: Session,
    *,
    code: str,
    names: Mapping[str, str],
    level: str,
    by: Person,
    parent_id: int | None = None,
    oid: str = "",
    takes_pilots: bool = True,
    customer_type: CustomerType = CustomerType.EXTERNAL,
    staff: int | None = None,
    opened_on: dt.date | None = None,
) -> Unit:
    """Add a unit, or a branch that groups units.

    Raises:
        BadInput: The code, the name, the level or the OID cannot be used, or is taken.
        Conflict: The unit above is closed.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    code, level, oid = code.strip(), level.strip(), oid.strip()
    if not code.isprintable() or not 1 <= len(code) <= 40 or any(character.isspace() for character in code):
        raise BadInput("A unit's code is 1 to {most} letters and digits without a space.", field="code", most=40)
    if not level.isprintable() or not 1 <= len(level) <= 40:
        raise BadInput("Say on which level the unit is, such as area, service or unit.", field="level")
    if oid and (
        len(oid) > 80 or not all(part.isascii() and part.isdigit() for part in oid.split(".")) or "." not in oid
    ):
        raise BadInput("{value} is not an OID such as 1.2.246.10.12345.", field="oid", value=oid)
    if session.exec(select(Unit).where(Unit.code == code)).first() is not None:
        raise BadInput("There is already a unit with the code {code}.", field="code", code=code)
    if oid and session.exec(select(Unit).where(Unit.oid == oid)).first() is not None:
        raise BadInput("There is already a unit with the OID {oid}.", field="oid", oid=oid)
    if parent_id is not None:
        _open(session, parent_id)
    unit = validated(
        Unit,
        code=code,
        level=level,
        oid=oid or None,
        name=_names(names),
        parent_id=parent_id,
        customer_type=customer_type,
        staff=staff,
        takes_pilots=takes_pilots,
        opened_on=opened_on,
    )
    session.add(unit)
    session.commit()
    return unit


def rename(session: Session, *, unit_id: int, names: Mapping[str, str], by: Person) -> Unit:
    """Give a unit other names; it stays the same unit with the same series.

    Raises:
        BadInput: A name is too long, or there is none.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    unit = get(session, Unit, unit_id)
    unit.name = _names(names)
    session.add(unit)
    session.commit()
    return unit


def move(session: Session, *, unit_id: int, parent_id: int | None, by: Person) -> Unit:
    """Put a unit, with all below it, under another. Who reaches it changes at once.

    Raises:
        Conflict: It would lie below itself, or under a closed unit.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    unit = get(session, Unit, unit_id)
    if parent_id is not None:
        if parent_id in subtree_ids(all_units(session), unit_id):
            raise Conflict("A unit cannot lie under itself or under one that is below it.")
        _open(session, parent_id)
    unit.parent_id = parent_id
    session.add(unit)
    session.commit()
    return unit


def close(session: Session, *, unit_id: int, on: dt.date, by: Person, today: dt.date) -> Unit:
    """Close a unit from a day on: nothing new is begun in it, what was measured stays.

    Raises:
        BadInput: The day is before the unit's first or after today.
        Conflict: Units below it are open, people belong to it, or a pilot is under way in it.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    unit = get(session, Unit, unit_id)
    _close(session, unit, on, today)
    if session.exec(select(Person).where(Person.unit_id == unit_id, col(Person.active))).first() is not None:
        raise Conflict("People belong to {code}. Move them to another unit first.", code=unit.code)
    session.commit()
    return unit


def reopen(session: Session, *, unit_id: int, by: Person) -> Unit:
    """Open a closed unit again.

    Raises:
        Conflict: It continues as another unit, or the unit above it is closed.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    unit = get(session, Unit, unit_id)
    if session.exec(select(UnitLineage).where(UnitLineage.predecessor_id == unit_id)).first() is not None:
        raise Conflict("{code} continues as another unit, so it stays closed.", code=unit.code)
    if unit.parent_id is not None:
        _open(session, unit.parent_id)
    unit.closed_on = None
    session.add(unit)
    session.commit()
    return unit


def merge(
    session: Session, *, unit_ids: Sequence[int], into_id: int | None, on: dt.date, by: Person, today: dt.date
) -> None:
    """Let units continue as one from a day on: their series go on in its series, and their people belong to it.

    Raises:
        BadInput: No unit is named, or the day cannot be.
        Conflict: A unit has open units below it or a pilot under way, or is the one they become.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    if into_id is None or not unit_ids:
        raise BadInput("Choose the unit that it continues as.", field="units")
    _open(session, into_id)
    for unit_id in dict.fromkeys(unit_ids):
        unit = _open(session, unit_id)
        if unit_id == into_id:
            raise Conflict("A unit cannot continue as itself.")
        _close(session, unit, on, today)
        _follows(session, unit_id, into_id, LineageKind.MERGED, on)
        for person in session.exec(select(Person).where(Person.unit_id == unit_id)):
            person.unit_id = into_id
            session.add(person)
    session.commit()


def split(session: Session, *, unit_id: int, into_ids: Sequence[int], on: dt.date, by: Person, today: dt.date) -> None:
    """Let a unit continue as several from a day on. Its series ends: nobody knows whose its answers were.

    Raises:
        BadInput: Fewer than two units are named, or the day cannot be.
        Conflict: People belong to it, units below it are open, or a pilot is under way in it.
        NotAllowed: Somebody else than an administrator asks.
    """
    require(session, by, May.ADMINISTER)
    unit = _open(session, unit_id)
    parts = list(dict.fromkeys(into_ids))
    if len(parts) < 2 or unit_id in parts:
        raise BadInput("Choose at least two other units that {code} continues as.", field="units", code=unit.code)
    _close(session, unit, on, today)
    if session.exec(select(Person).where(Person.unit_id == unit_id, col(Person.active))).first() is not None:
        raise Conflict("People belong to {code}. Move them to another unit first.", code=unit.code)
    for part in parts:
        _open(session, part)
        _follows(session, unit_id, part, LineageKind.SPLIT, on)
    session.commit()


def _follows(session: Session, before: int, after: int, kind: LineageKind, on: dt.date) -> None:
    session.add(UnitLineage(predecessor_id=before, successor_id=after, kind=kind, on_date=on))


def _open(session: Session, unit_id: int) -> Unit:
    unit = get(session, Unit, unit_id)
    if unit.closed_on is not None:
        raise Conflict("The unit {code} is closed.", code=unit.code)
    return unit


def _close(session: Session, unit: Unit, on: dt.date, today: dt.date) -> None:
    if on > today or (unit.opened_on is not None and on < unit.opened_on):
        raise BadInput("Choose a day on which the unit was there, today at the latest.", field="on")
    below = select(Unit).where(Unit.parent_id == unit.id, col(Unit.closed_on).is_(None))
    if session.exec(below).first() is not None:
        raise Conflict("Units below {code} are open. Close or move them first.", code=unit.code)
    busy = [row for row in list_pilots(session, today=today, unit_ids=[key(unit.id)]) if row.status in UNDER_WAY]
    if busy:
        raise Conflict(
            "The pilot {pilot} is under way in {code}. Decide on it first.", pilot=busy[0].pilot.code, code=unit.code
        )
    unit.closed_on = on
    session.add(unit)


def _names(names: Mapping[str, str]) -> dict[str, str]:
    given = {language: " ".join((names.get(language) or "").split()) for language in LANGUAGES}
    for language, name in given.items():
        if len(name) > LONGEST_NAME or not (name.isprintable() or not name):
            raise BadInput(
                "A unit's name has at most {most} characters on one line.", field=f"name_{language}", most=LONGEST_NAME
            )
    if not given["fi"] and not given["sv"]:
        raise BadInput("A unit needs a name in Finnish or Swedish.", field="name_fi")
    return {language: name for language, name in given.items() if name}
