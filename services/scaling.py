"""Scaled pilots: since when, what was checked since, and when the next check is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from models.decisions import Choice, Decision, DecisionApproval
from models.organisation import Unit
from models.pilots import Status
from services import decisions, pilots
from services.decisions import DecisionRow
from services.pilots import PilotRow
from services.rows import get, key
from services.settings import ZONE

SCALED = (Status.SCALING, Status.ESTABLISHED)
MARKS = (13, 26, 52)
"""Weeks after the decision when the effect is checked: about 3, 6 and 12 months; then once a year."""
YEAR = 52
DUE_WITHIN = dt.timedelta(days=14)
"""How long before its day a check is said to be due."""


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """A decision to scale up, in force, and the checks that have followed it.

    Attributes:
        decision: The decision; what units do with the change hangs on its id.
        decided_on: The day it came into force.
        units: Units that take the change into use.
        checks: Later decisions on the same evaluation that keep the change in use, oldest first.
        next_check: When somebody next looks whether the effect has held.
    """

    decision: Decision
    decided_on: dt.date
    units: tuple[Unit, ...]
    checks: tuple[DecisionRow, ...]
    next_check: dt.date

    def checked_until(self, day: dt.date | None) -> bool:
        """Whether the newest check is one that names this day for the next: a second one would say the same."""
        return day is not None and bool(self.checks) and self.checks[-1].decision.review_on == day


@dataclass(frozen=True, kw_only=True)
class DueCheck:
    """A scaled pilot whose check is due.

    Attributes:
        row: The pilot.
        decided_on: When it was scaled up.
        next_check: The day of the check.
        overdue: Whether that day has passed.
    """

    row: PilotRow
    decided_on: dt.date
    next_check: dt.date
    overdue: bool


def next_mark(decided_on: dt.date, *, after: dt.date) -> dt.date:
    """The first usual day of a check after a day: 3, 6 and 12 months from the decision, then once a year.

    >>> next_mark(dt.date(2026, 4, 14), after=dt.date(2026, 8, 1))
    datetime.date(2026, 10, 13)
    >>> next_mark(dt.date(2026, 4, 14), after=dt.date(2027, 6, 1))
    datetime.date(2028, 4, 11)
    """
    for weeks in MARKS:
        day = decided_on + dt.timedelta(weeks=weeks)
        if day > after:
            return day
    years = (after - decided_on).days // (7 * YEAR) + 1
    return decided_on + dt.timedelta(weeks=YEAR * years)


def scaling_of(session: Session, pilot_id: int) -> Scaling | None:
    """The scale-up of a pilot that counts; None when the newest decision in force is another one."""
    made = _standing(row for row in decisions.decisions_of(session, pilot_id) if row.in_force)
    chain: list[DecisionRow] = []
    for row in made:
        if row.decision.choice is not Choice.SCALE or row.decision.evaluation_id != made[0].decision.evaluation_id:
            break
        chain.append(row)
    if not chain:
        return None
    newest, first = chain[0], chain[-1]
    decided_on = in_force_since(session, first.decision)
    review = newest.decision.review_on
    return Scaling(
        decision=first.decision,
        decided_on=decided_on,
        units=first.units,
        checks=tuple(reversed(chain[:-1])),
        next_check=review or next_mark(decided_on, after=in_force_since(session, newest.decision)),
    )


def _standing(rows: Iterable[DecisionRow]) -> list[DecisionRow]:
    """Decisions, the newest first, without those that the same meeting decided anew."""
    found: list[DecisionRow] = []
    for row in rows:
        meeting = row.decision.meeting_id
        if meeting is None or all(meeting != newer.decision.meeting_id for newer in found):
            found.append(row)
    return found


def in_force_since(session: Session, decision: Decision) -> dt.date:
    """The day a decision came into force: that of its second person where it needed one."""
    at = decision.at
    if decision.overrides:
        at = get(session, DecisionApproval, decision.id).at
    return at.astimezone(ZONE).date()


def due(session: Session, today: dt.date, *, unit_ids: Collection[int] | None = None) -> list[DueCheck]:
    """Scaled pilots whose check is due within two weeks or overdue, the longest overdue first.

    Args:
        session: Any session.
        today: The day it is.
        unit_ids: Only pilots of these units; all when left out.
    """
    found = []
    for row in pilots.list_pilots(session, today=today, unit_ids=unit_ids):
        if row.status not in SCALED:
            continue
        scaling = scaling_of(session, key(row.pilot.id))
        if scaling is not None and scaling.next_check <= today + DUE_WITHIN:
            found.append(
                DueCheck(
                    row=row,
                    decided_on=scaling.decided_on,
                    next_check=scaling.next_check,
                    overdue=scaling.next_check < today,
                )
            )
    return sorted(found, key=lambda one: (one.next_check, one.row.pilot.code))
