"""How units take a scaled-up change into use: what each said, when, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.adoption import Adoption, AdoptionState
from models.base import validated
from models.decisions import Choice, Decision, DecisionUnit
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from services import given, plans
from services.errors import BadInput
from services.permissions import May, allowed, reach, require_any
from services.rows import get, held, key
from services.settings import ZONE

LONGEST_NOTE = 1000


@dataclass(frozen=True, kw_only=True)
class UnitAdoption:
    """Where a unit stands with a scaled-up change.

    Attributes:
        unit: The unit.
        own: Whether it is a unit that tried the change, not one that takes it over.
        state: Where it stands; None when nobody has said yet.
        note: What was said with it, without personal data.
        by: Who said so; None when nobody has.
        at: When.
    """

    unit: Unit
    own: bool
    state: AdoptionState | None
    note: str
    by: Person | None
    at: dt.datetime | None


def state_of(session: Session, decision_id: int) -> list[UnitAdoption]:
    """Where every unit of a scale-up stands: the pilot's own units first, then those that take it over, by code."""
    decision = get(session, Decision, decision_id)
    newest = {row.unit_id: row for row in said(session, decision_id)}
    own = plans.current(session, decision.pilot_id).pilot_units
    taking = session.exec(
        select(Unit)
        .join(DecisionUnit, col(DecisionUnit.unit_id) == Unit.id)
        .where(DecisionUnit.decision_id == decision_id)
        .order_by(Unit.code)
    ).all()
    known = {unit.id for unit in own}
    found = []
    for unit in (*own, *(unit for unit in taking if unit.id not in known)):
        row = newest.get(key(unit.id))
        found.append(
            UnitAdoption(
                unit=unit,
                own=unit.id in known,
                state=AdoptionState(row.state) if row else None,
                note=row.note if row else "",
                by=session.get(Person, row.by_id) if row and row.by_id is not None else None,
                at=row.at if row else None,
            )
        )
    return found


def said(session: Session, decision_id: int) -> Sequence[Adoption]:
    """Everything that was said of a scale-up, oldest first."""
    return session.exec(select(Adoption).where(Adoption.decision_id == decision_id).order_by(col(Adoption.id))).all()


def may_set(session: Session, person: Person | None, *, pilot_id: int, unit_id: int) -> bool:
    """Whether a person may say where a unit stands: who registers the unit's pilots, or who decides on this one."""
    ways = _ways(session, pilot_id=pilot_id, unit_id=unit_id)
    return any(allowed(session, person, may, unit_id=where) for may, where in ways)


def _ways(session: Session, *, pilot_id: int, unit_id: int) -> tuple[tuple[May, int], ...]:
    pilot = get(session, Pilot, pilot_id)
    return ((May.REGISTER, unit_id), (May.DECIDE, unit_id), (May.DECIDE, pilot.unit_id))


def set_state(
    session: Session, *, decision_id: int, unit_id: int, state: AdoptionState, by: Person, note: str = ""
) -> Adoption | None:
    """Say where a unit stands with a scaled-up change. Saying the same again stores nothing.

    Args:
        session: A writing session.
        decision_id: The decision to scale up.
        unit_id: One of its units, or a unit of the pilot itself.
        state: Where it stands.
        by: Who says so.
        note: A sentence about it; personal data are taken out before it is stored.

    Returns:
        What was stored; None when nothing has changed.

    Raises:
        BadInput: The decision is no scale-up, or does not concern the unit.
        NotAllowed: The person neither leads the unit nor decides on the pilot.
    """
    decision = held(session, Decision, decision_id)
    if decision.choice is not Choice.SCALE:
        raise BadInput("Only a change that was scaled up is taken into use.", field="decision")
    require_any(session, by, *_ways(session, pilot_id=decision.pilot_id, unit_id=unit_id))
    here = {key(one.unit.id): one for one in state_of(session, decision_id)}
    if unit_id not in here:
        raise BadInput("This scale-up does not reach the unit {unit}.", unit=get(session, Unit, unit_id).code)
    words = given.words(note, most=LONGEST_NOTE, field="note")
    if here[unit_id].state is state and words in ("", here[unit_id].note):
        return None
    row = validated(Adoption, decision_id=decision_id, unit_id=unit_id, state=state, note=words, by_id=by.id)
    session.add(row)
    session.commit()
    return row


def not_comparable_from(session: Session, decision_id: int, *, decided_on: dt.date) -> dict[int, dt.date | None]:
    """From which day each unit of a scale-up is no comparison any more, by unit id; None for one that still is.

    A unit counts as having the change from the decision on, unless it was said not to have started: then from the last
    day that was said. One that took it into use and dropped it does not become a comparison again.
    """
    rows: dict[int, list[Adoption]] = {}
    for row in said(session, decision_id):
        rows.setdefault(row.unit_id, []).append(row)
    found: dict[int, dt.date | None] = {}
    for unit_id in session.exec(select(DecisionUnit.unit_id).where(DecisionUnit.decision_id == decision_id)).all():
        from_day: dt.date | None = decided_on
        used = False
        for row in rows.get(unit_id, []):
            if row.state is not AdoptionState.NOT_STARTED:
                used = True
            elif not used:
                from_day = row.at.astimezone(ZONE).date()
        waits = bool(rows.get(unit_id)) and not used
        found[unit_id] = None if waits else from_day
    return found


def units_to_ask(session: Session, person: Person, *, decision_id: int) -> list[UnitAdoption]:
    """Units of a scale-up within a person's reach of which nobody has said where they stand."""
    within = reach(session, person)
    return [
        one
        for one in state_of(session, decision_id)
        if one.state is None and not one.own and (within is None or key(one.unit.id) in within)
    ]
