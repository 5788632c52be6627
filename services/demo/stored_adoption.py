"""What units have said of the changes they take over: one uses it, one has fitted it to itself, one waits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.adoption import Adoption, AdoptionState
from models.base import validated
from models.decisions import Choice, Decision
from services.demo.simulate import DemoData
from services.demo.stored_county import Ids, at
from services.rows import key


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said of a unit.

    Attributes:
        pilot: Code of the pilot that was scaled up.
        unit: The unit.
        weeks: Weeks after the decision.
        state: Where the unit stands.
        by: Code of who said so.
        note: A sentence about it.
    """

    pilot: str
    unit: str
    weeks: int
    state: AdoptionState
    by: str
    note: str = ""


TOLD = (
    Told(pilot="P01", unit="AVO4", weeks=1, state=AdoptionState.IN_USE, by="u3"),
    Told(pilot="P01", unit="AVO1", weeks=2, state=AdoptionState.NOT_STARTED, by="u10"),
    Told(
        pilot="P01",
        unit="SUU1",
        weeks=2,
        state=AdoptionState.NOT_STARTED,
        by="u10",
        note="Ajanvarauksen puhelinjärjestelmä vaihtuu ensin.",
    ),
    Told(pilot="P01", unit="AVO1", weeks=3, state=AdoptionState.IN_USE, by="u10"),
    Told(
        pilot="P01",
        unit="AVO2",
        weeks=5,
        state=AdoptionState.ADAPTED,
        by="u10",
        note="Soitamme takaisin kaksi kertaa päivässä, koska vastaanottoja on kaksi.",
    ),
)


def store_adoption(session: Session, data: DemoData, ids: Ids, stored: dict[str, int]) -> None:
    """Add what was said, in the caller's transaction.

    Args:
        session: A writing session.
        data: The county.
        ids: Ids of what is stored already.
        stored: Ids of the pilots by code.
    """
    decided = {decision.pilot: data.shifted(decision.date) for decision in data.county.decisions}
    for day, told in sorted(
        ((decided[told.pilot] + dt.timedelta(weeks=told.weeks), told) for told in TOLD), key=lambda one: one[0]
    ):
        decision_id = session.exec(
            select(Decision.id).where(Decision.pilot_id == stored[told.pilot], col(Decision.choice) == Choice.SCALE)
        ).one()
        row = validated(
            Adoption,
            decision_id=key(decision_id),
            unit_id=ids.units[told.unit],
            state=told.state,
            note=told.note,
            by_id=ids.people[told.by],
            at=at(day, hour=11),
        )
        session.add(row)
        session.flush()
