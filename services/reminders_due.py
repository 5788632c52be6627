"""What people are reminded of: a week that was not logged, decisions, follow-up checks and stories that wait."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.base import monday_of, week_of
from models.decisions import Story
from models.people import Person, Role
from models.pilots import Status
from services import decisions, follow_up, log_weeks, pilots
from services.permissions import MATRIX, May, reach
from services.pilots import PilotRow
from services.rows import key
from services.settings import ZONE
from services.todo import DECIDED

STORY_AFTER = dt.timedelta(days=30)


class MatterKind(enum.StrEnum):
    """What sort of thing waits."""

    LOG = "log"
    SECOND_PERSON = "second_person"
    DECIDE = "decide"
    FOLLOW_UP = "follow_up"
    STORY = "story"


REPEATED: dict[MatterKind, dt.timedelta] = {
    MatterKind.LOG: dt.timedelta(days=3),
    MatterKind.SECOND_PERSON: dt.timedelta(days=2),
    MatterKind.DECIDE: dt.timedelta(days=7),
    MatterKind.FOLLOW_UP: dt.timedelta(days=7),
    MatterKind.STORY: dt.timedelta(days=14),
}
"""How soon the same matter is told again: never twice on a day."""


@dataclass(frozen=True, kw_only=True)
class Matter:
    """One thing that waits.

    Attributes:
        kind: What sort.
        row: The pilot it is about.
        day: The day that was agreed, until which it can be done, or on which it was decided: by kind.
        besides: The person it is not for: who decided cannot be the second one.
    """

    kind: MatterKind
    row: PilotRow
    day: dt.date
    besides: int | None = None

    @property
    def key(self) -> str:
        """What it is remembered by: a week that is not logged is another matter than the week before."""
        week = f":{week_of(self.day) - 1}" if self.kind is MatterKind.LOG else ""
        return f"{self.kind.value}:{self.row.pilot.code}{week}"


def waiting(session: Session, *, today: dt.date) -> list[tuple[Person, list[Matter]]]:
    """Everybody for whom something waits, with what; by user name.

    Args:
        session: Reads the record.
        today: The day it is.
    """
    matters = list(_matters(session, today))
    people = session.exec(select(Person).where(col(Person.active)).order_by(col(Person.code))).all()
    found = []
    for person in people:
        units = reach(session, person)
        own = [matter for matter in matters if _is_for(person, units, matter)]
        if own:
            found.append((person, own))
    return found


def _is_for(person: Person, units: frozenset[int] | None, matter: Matter) -> bool:
    """Team leads are told of the log, those who decide of all else; who owns the pilot, of what they may do."""
    if person.id == matter.besides or not (units is None or matter.row.pilot.unit_id in units):
        return False
    may = MATRIX[person.role]
    owns = person.id == matter.row.pilot.owner_id
    if matter.kind is MatterKind.LOG:
        return May.LOG in may and (owns or person.role is Role.TEAM_LEAD)
    if matter.kind is MatterKind.SECOND_PERSON:
        return May.APPROVE in may
    return May.DECIDE in may or (owns and matter.kind is not MatterKind.DECIDE and May.WRITE_STORY in may)


def _matters(session: Session, today: dt.date) -> Iterator[Matter]:
    rows = pilots.list_pilots(session, today=today)
    decided = decisions.by_pilot(session)
    stories = set(session.exec(select(Story.pilot_id)).all())
    for row in rows:
        yield from _unlogged(session, row, today)
        made = decided.get(key(row.pilot.id), [])
        open_one = next((one.decision for one in made if one.waiting), None)
        if open_one is not None:
            on = open_one.at.astimezone(ZONE).date()
            yield Matter(kind=MatterKind.SECOND_PERSON, row=row, day=on, besides=open_one.by_id)
        elif row.status is Status.AWAITING_DECISION and row.plan.decide_on <= today:
            yield Matter(kind=MatterKind.DECIDE, row=row, day=row.plan.decide_on)
        newest = next((one.decision for one in made if one.in_force), None)
        if newest is not None and row.status in DECIDED and key(row.pilot.id) not in stories:
            on = newest.at.astimezone(ZONE).date()
            if on + STORY_AFTER <= today:
                yield Matter(kind=MatterKind.STORY, row=row, day=on)
    for check in follow_up.due(session, today):
        if check.next_check <= today:
            yield Matter(kind=MatterKind.FOLLOW_UP, row=check.row, day=check.next_check)


def _unlogged(session: Session, row: PilotRow, today: dt.date) -> Iterator[Matter]:
    """Last week, while it can still be logged: until the Sunday of this week."""
    last = week_of(today) - 1
    can_be = last in log_weeks.open_weeks(row.plan, today, status=row.status)
    if can_be and row.status is not Status.SCALING and log_weeks.last_week_is_empty(session, row.plan, today):
        yield Matter(kind=MatterKind.LOG, row=row, day=monday_of(last + 2) - dt.timedelta(days=1))
