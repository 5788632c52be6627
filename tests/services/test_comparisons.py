"""Which units a registration proposes to compare with, from a small county of four."""

from __future__ import annotations

import numpy as np
import pytest
from sqlmodel import Session, select

from models.base import validated
from models.metrics import Metric
from models.organisation import CustomerType, Unit
from models.people import Person, Role
from models.pilots import Status
from models.themes import Theme
from services import comparisons, pilots, registration
from services.comparisons import ComparisonChoice
from services.pilots import PilotInput
from services.plans import PlanInput
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.services.small_county import TODAY, measure, metric, stored_county

WEEKS = 30


@pytest.fixture
def county(session: Session) -> dict[str, Unit]:
    """The small county, stored."""
    return stored_county(session)


def around(level: float, seed: int) -> list[float]:
    """Weekly means of twenty answers of SD 1, as independent as chance makes them."""
    return list(level + np.random.default_rng(seed).normal(size=WEEKS) / np.sqrt(20.0))


def proposals(session: Session, county: dict[str, Unit], levels: dict[str, float]) -> tuple[ComparisonChoice, ...]:
    """The choices for A1, with a metric measured at these levels."""
    score = metric(session, "score")
    for seed, (code, level) in enumerate(levels.items()):
        measure(session, score, county[code], around(level, seed))
    return comparisons.choices(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)


def test_the_most_alike_come_first_with_the_reasons(session: Session, county: dict[str, Unit]) -> None:
    found = proposals(session, county, {"A1": 4.0, "A2": 3.9, "B1": 2.6, "B2": 3.8})
    assert [choice.code for choice in found] == ["A2", "B2", "B1"]
    assert [choice.same_area for choice in found] == [True, False, False]
    assert all(choice.proposed for choice in found)
    first = [reason.english() for reason in found[0].reasons]
    assert first[0].startswith("Its level has been about the same as yours")
    assert first[-1] == "It belongs to the same area."
    assert found[2].reasons[0].english().startswith("Its level has differed from yours")


def test_the_same_area_decides_between_units_that_are_else_alike(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    for code in ("A1", "A2", "B1", "B2"):
        measure(session, score, county[code], [3.4, 3.6] * 6)
    found = comparisons.choices(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)
    assert [choice.code for choice in found] == ["A2", "B1", "B2"]


def test_a_unit_that_serves_colleagues_is_not_proposed_to_one_that_serves_customers(
    session: Session, county: dict[str, Unit]
) -> None:
    county["A2"].customer_type = CustomerType.INTERNAL
    session.add(county["A2"])
    found = proposals(session, county, {"A1": 4.0, "A2": 4.0, "B1": 3.0})
    assert [(choice.code, choice.proposed) for choice in found] == [("B1", True), ("A2", False)]
    assert "other customers" in found[1].reasons[0].english()


def test_a_unit_that_tries_something_itself_is_not_proposed(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    for seed, code in enumerate(("A1", "A2", "B1")):
        measure(session, score, county[code], around(3.0, seed))
    theme = validated(Theme, code="T01", name={"fi": "Jono"})
    lead = validated(Person, code="p", name="P", role=Role.COACH)
    session.add_all([theme, lead])
    session.commit()
    day = registration.dates(TODAY)
    pilots.register_pilot(
        session,
        fields=PilotInput(
            unit_id=key(county["A2"].id),
            theme_ids=(key(theme.id),),
            customers_say="Jono on pitkä.",
            change="Soitetaan takaisin.",
            prediction="Nousee.",
        ),
        plan=PlanInput(
            metric_id=key(score.id),
            smallest_change=0.2,
            start_on=day.start_on,
            end_on=day.end_on,
            decide_on=day.decide_on,
            pilot_unit_ids=(key(county["A2"].id),),
        ),
        by=lead,
        today=TODAY,
    )
    assert pilots.list_pilots(session, today=TODAY)[0].status is Status.PLANNED
    found = {
        choice.code: choice
        for choice in comparisons.choices(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)
    }
    assert found["A2"].busy
    assert not found["A2"].proposed
    assert found["B1"].proposed


def test_without_a_history_of_its_own_nothing_is_proposed(session: Session, county: dict[str, Unit]) -> None:
    found = proposals(session, county, {"A2": 4.0, "B1": 3.0})
    assert [(choice.code, choice.proposed) for choice in found] == [("A2", False), ("B1", False)]
    assert comparisons.choices(session, metric=metric(session, "bare"), unit_id=key(county["A1"].id), today=TODAY) == ()


def test_values_that_never_move_are_nothing_to_go_by(session: Session, county: dict[str, Unit]) -> None:
    """Every value the same and no spread: the units are listed, none is proposed, nothing fails."""
    score = metric(session, "score")
    for code in ("A1", "A2"):
        measure(session, score, county[code], [3.0] * 3, n=1.0)
    found = comparisons.choices(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)
    assert [(choice.code, choice.proposed) for choice in found] == [("A2", False)]


def test_the_demo_county_has_units_to_propose_each_with_reasons(demo_session: Session) -> None:
    """The recommendation in one ward: at most eight others, none that tries the same itself."""
    score = demo_session.exec(select(Metric).where(Metric.code == "nps_mean")).one()
    ward = demo_session.exec(select(Unit).where(Unit.code == "SAI3")).one()
    found = comparisons.choices(demo_session, metric=score, unit_id=key(ward.id), today=DEMO_TODAY)
    chosen = [choice for choice in found if choice.proposed]
    assert 2 <= len(chosen) <= comparisons.MOST_PROPOSED
    assert found[: len(chosen)] == tuple(chosen)
    assert all(choice.reasons for choice in found)
    assert not any(choice.busy for choice in chosen)
