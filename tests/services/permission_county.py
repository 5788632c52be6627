"""The demo county as the permission matrix meets it: finding a subject of each kind, and a place outside its unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from models.decisions import Choice, Decision, DecisionUnit, Evaluation, Story, StoryStatus
from models.feedback import Feedback
from models.ideas import Idea, IdeaStatus
from models.meetings import Meeting
from models.organisation import Unit
from models.people import Person
from models.pilots import Pilot
from models.themes import Theme
from models.walks import ServicePath
from services import decisions, plans
from services.organisation import all_units, area_of
from services.rows import key

Row = TypeVar("Row", bound=SQLModel)
WARD = "SAI3"
NAMES = {"fi": "Uusi teema", "sv": "Nytt tema", "en": "New theme"}
MOMENT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Subject:
    """What a service is asked to do, and where that is.

    Attributes:
        unit_id: The unit it concerns.
        arguments: The call's arguments, without session and person.
        also: Other units through which it can be reached.
        positional: Arguments that the call takes by place, after the session.
        last: Arguments that it takes by place after the person.
    """

    unit_id: int
    arguments: dict[str, Any]
    also: tuple[int, ...] = ()
    positional: tuple[Any, ...] = ()
    last: tuple[Any, ...] = ()


class County:
    """The demo county in a transaction that is thrown away.

    Attributes:
        session: Reads and writes it.
        by: Who is about to act.
        today: The day it is.
    """

    def __init__(self, session: Session, by: Person, today: dt.date) -> None:
        self.session, self.by, self.today = session, by, today

    def keep(self, row: Row) -> Row:
        """Store a row."""
        self.session.add(row)
        self.session.flush()
        return row

    def first(self, model: type[Row], *where: Any) -> Row:
        """A row like this."""
        return self.session.exec(select(model).where(*where).limit(1)).one()

    def unit(self, code: str = WARD) -> Unit:
        """A unit."""
        return self.first(Unit, Unit.code == code)

    @property
    def ward(self) -> int:
        """The unit that most subjects lie in."""
        return key(self.unit().id)

    @property
    def somebody(self) -> Person:
        """Somebody else than who acts."""
        return self.first(Person, Person.code == "u7")

    def outside(self, subject: Subject) -> int:
        """A unit of another area than all of the subject's."""
        units = all_units(self.session)
        areas = [area_of(units, unit_id) for unit_id in (subject.unit_id, *subject.also)]
        near = {area.id for area in areas if area is not None}
        for unit in units:
            area = area_of(units, key(unit.id))
            if unit.takes_pilots and area is not None and area.id not in near:
                return key(unit.id)
        raise AssertionError("Every area of the county is concerned.")

    def pilot(self, code: str) -> Pilot:
        """A pilot."""
        return self.first(Pilot, Pilot.code == code)

    def idea(self, **fields: object) -> Idea:
        """A new idea of somebody else's in the ward."""
        given: dict[str, object] = {"unit_id": self.ward, "words": "Uusi ajatus.", "by_id": self.somebody.id}
        return self.keep(Idea(**{**given, "status": IdeaStatus.OPEN, **fields}))

    def meeting(self) -> Meeting:
        """A meeting that whoever acts leads."""
        return self.keep(Meeting(led_by_id=key(self.by.id)))

    def comment(self) -> Feedback:
        """A comment of the ward."""
        return self.first(Feedback, Feedback.unit_id == self.ward, col(Feedback.text).is_not(None))

    def theme(self, code: str = "T01") -> Theme:
        """A theme."""
        return self.first(Theme, Theme.code == code)

    def path(self) -> ServicePath:
        """A service path."""
        return self.first(ServicePath)

    def story(self) -> tuple[Story, Pilot]:
        """A story, as a draft of somebody else's, and its pilot."""
        story = self.first(Story)
        story.status, story.written_by_id = StoryStatus.DRAFT, key(self.somebody.id)
        return self.keep(story), self.session.get_one(Pilot, story.pilot_id)

    def undecided(self) -> tuple[Evaluation, Pilot]:
        """The newest evaluation of a pilot on which no decision waits."""
        for pilot in self.session.exec(select(Pilot).order_by(Pilot.code)):
            newest = select(Evaluation).where(Evaluation.pilot_id == pilot.id).order_by(col(Evaluation.id).desc())
            found = self.session.exec(newest).first()
            if found is not None and not any(
                row.waiting for row in decisions.decisions_of(self.session, key(pilot.id))
            ):
                return found, pilot
        raise AssertionError("Every pilot waits for a second person.")

    def overridden(self) -> tuple[Decision, Pilot]:
        """A decision of somebody else's against the recommendation, which waits for a second person."""
        evaluation, pilot = self.undecided()
        choice = Choice.STOP if evaluation.verdict.value == "adapt" else Choice.ADAPT
        decision = Decision(
            pilot_id=key(pilot.id),
            evaluation_id=key(evaluation.id),
            recommended=evaluation.verdict,
            choice=choice,
            overrides=True,
            reason="Henkilöstö vaihtuu.",
            by_id=key(self.somebody.id),
        )
        return self.keep(decision), pilot

    def scaled(self) -> tuple[Decision, Pilot, Sequence[int]]:
        """A decision to scale up, in force, its pilot and its units."""
        pilot = self.pilot("P01")
        row = decisions.in_force(self.session, key(pilot.id))
        assert row is not None
        reached = select(DecisionUnit.unit_id).where(DecisionUnit.decision_id == row.decision.id)
        return row.decision, pilot, list(self.session.exec(reached))

    def plan(self, pilot: Pilot) -> plans.PlanInput:
        """A pilot's plan as a form holds it."""
        return plans.as_input(plans.current(self.session, key(pilot.id)))


Make = Callable[[County], Subject]
"""Prepares what a service is called with, for whoever is about to act."""
