"""A small county of one's own, stored through the models: three units, two themes, three metrics, five people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session

from models.base import validated, week_of
from models.database import Database
from models.feedback import Channel, Feedback, FeedbackScore
from models.metrics import Direction, Measurement, MeasurementSource, Metric, MetricFamily, MetricKind
from models.organisation import CustomerType, Unit
from models.people import Person, Role
from models.themes import Theme
from services.pilots import PilotInput
from services.plans import PlanInput
from tests.databases import ENGINES, own_copy

TODAY = dt.date(2026, 11, 23)


@dataclass
class World:
    """Rows the tests speak of by name."""

    session: Session
    area: Unit
    ward: Unit
    other_ward: Unit
    station: Unit
    phone: Theme
    praise: Theme
    score: Metric
    errors: Metric
    pulse: Metric
    lead: Person
    other_lead: Person
    nurse: Person
    director: Person
    leader: Person
    trustee: Person

    def plan(self, **changes: object) -> PlanInput:
        """A plan of twelve weeks from next Monday, changed as told."""
        fields: dict[str, object] = {
            "metric_id": self.score.id,
            "smallest_change": 0.3,
            "start_on": TODAY + dt.timedelta(days=7),
            "end_on": TODAY + dt.timedelta(days=7 + 12 * 7 - 1),
            "decide_on": TODAY + dt.timedelta(days=7 + 13 * 7),
            "pilot_unit_ids": (self.ward.id,),
            "comparison_unit_ids": (self.other_ward.id,),
            "guardrails": ((self.pulse.id, 0.2),),
        }
        return PlanInput(**{**fields, **changes})  # type: ignore[arg-type]

    def fields(self, **changes: object) -> PilotInput:
        """Answers to the registration's questions, changed as told."""
        given: dict[str, object] = {
            "unit_id": self.ward.id,
            "theme_ids": (self.phone.id,),
            "customers_say": "Emme pääse läpi puhelimella.",
            "change": "Kaksi nimettyä takaisinsoittovuoroa iltapäivään.",
            "prediction": "Arvosana nousee kolmesta neljään, koska soitto tulee ajoissa.",
        }
        return PilotInput(**{**given, **changes})  # type: ignore[arg-type]

    def measure(self, unit: Unit, metric: Metric, day: dt.date, **values: object) -> Measurement:
        """Store a measurement."""
        row = validated(
            Measurement,
            metric_id=metric.id,
            unit_id=unit.id,
            on_date=day,
            week=week_of(day),
            source=MeasurementSource.IMPORT,
            **values,
        )
        self.session.add(row)
        self.session.commit()
        return row

    def answer(self, unit: Unit, day: dt.date, *, score: float | None = None, **values: object) -> Feedback:
        """Store an answer, with a score on the 0-10 recommendation if given."""
        row = validated(
            Feedback,
            **{
                "unit_id": unit.id,
                "given_on": day,
                "week": week_of(day),
                "channel": Channel.WEB,
                "solicited": False,
                "customer_type": CustomerType.EXTERNAL,
                **values,
            },
        )
        self.session.add(row)
        self.session.flush()
        if score is not None:
            self.session.add(
                FeedbackScore(
                    feedback_id=row.id, item="recommend", unit_id=unit.id, week=row.week, value=score, low=0, high=10
                )
            )
        self.session.commit()
        return row


@pytest.fixture(params=ENGINES)
def demo_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of the test's own copy of the demo county, on each engine in turn."""
    with own_copy(request, tmp_path / "demo.db", sqlite="demo_template", postgres="demo_postgres_template") as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The test's own database as the product opens it, with both engines."""
    found = Database(database_url)
    yield found
    found.dispose()


@pytest.fixture
def world(session: Session) -> World:
    """The small county, stored."""
    return stored_world(session)


def stored_world(session: Session) -> World:
    """Store the small county in an empty database."""

    def keep(row):
        session.add(row)
        session.flush()
        return row

    area = keep(Unit(code="SAI", level="area", name={"fi": "Sairaala"}, takes_pilots=False))
    ward = keep(Unit(code="SAI3", level="unit", name={"fi": "Osasto 4B"}, parent_id=area.id, oid="1.2.3"))
    other_ward = keep(Unit(code="SAI4", level="unit", name={"fi": "Osasto 5A"}, parent_id=area.id))
    station = keep(Unit(code="PEL1", level="unit", name={"fi": "Pelastusasema"}))
    phone = keep(Theme(code="T01", name={"fi": "Puhelin"}, keywords=["puhelin"]))
    praise = keep(Theme(code="T20", name={"fi": "Kiitokset"}, keywords=["kiitos"], praise=True))
    score = keep(
        Metric(
            code="nps_mean",
            name={"fi": "Suosittelu"},
            kind=MetricKind.SCORE,
            direction=Direction.INCREASE,
            family=MetricFamily.NATIONAL,
            scale_low=0,
            scale_high=10,
            item="recommend",
        )
    )
    errors = keep(
        Metric(
            code="errors",
            name={"fi": "Virheet"},
            kind=MetricKind.COUNT,
            direction=Direction.DECREASE,
            family=MetricFamily.PROCESS,
            manual=True,
        )
    )
    pulse = keep(
        Metric(
            code="pulse",
            name={"fi": "Pulssi"},
            kind=MetricKind.SCORE,
            direction=Direction.INCREASE,
            family=MetricFamily.STAFF,
            scale_low=1,
            scale_high=5,
            is_guardrail=True,
        )
    )
    people = [
        keep(Person(code=code, name=code, role=role, unit_id=unit.id if unit else None))
        for code, role, unit in (
            ("lead", Role.TEAM_LEAD, ward),
            ("other_lead", Role.TEAM_LEAD, station),
            ("nurse", Role.STAFF, ward),
            ("director", Role.AREA_DIRECTOR, area),
            ("leader", Role.LEADERSHIP, None),
            ("trustee", Role.TRUSTEE, None),
        )
    ]
    session.commit()
    return World(session, area, ward, other_ward, station, phone, praise, score, errors, pulse, *people)
