"""How a metric has stood lately."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session

from models.base import monday_of, validated
from models.metrics import Measurement, MeasurementSource
from models.organisation import Unit
from services import recent
from services.rows import key
from tests.services.small_county import TODAY, WEEK, measure, metric, stored_county


@pytest.fixture
def county(session: Session) -> dict[str, Unit]:
    """The small county, stored."""
    return stored_county(session)


def test_full_weeks_end_with_the_last_sunday() -> None:
    assert recent.full_weeks(TODAY, 4) == (dt.date(2026, 10, 26), dt.date(2026, 11, 22))


def test_level_weighs_weeks_by_their_answers(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    measure(session, score, county["A1"], [4.0], n=30)
    for week, n, mean in ((WEEK - 2, 10.0, 2.0),):
        session.add(
            validated(
                Measurement,
                metric_id=score.id,
                unit_id=county["A1"].id,
                on_date=monday_of(week),
                week=week,
                n=n,
                mean=mean,
                source=MeasurementSource.IMPORT,
            )
        )
    session.commit()
    level = recent.levels(session, metric=score, units=[county["A1"], county["A2"]], today=TODAY)
    assert level == {key(county["A1"].id): recent.Level(value=3.5, per_week=20.0, weeks=2)}  # (30*4 + 10*2) / 40
