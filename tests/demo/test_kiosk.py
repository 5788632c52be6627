"""A kiosk's export feeds the demo county's share of satisfied presses; weeks it does not cover keep their counts."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from sqlmodel import Session, select

from models.base import week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.metrics import Metric
from models.organisation import CustomerType
from services import organisation, series
from tests.databases import DEMO_TODAY


def test_imported_presses_take_the_place_of_their_week_only(demo_session: Session) -> None:
    happy = demo_session.exec(select(Metric).where(Metric.code == "happy")).one()
    unit = organisation.unit_by_code(demo_session, "SAI1")
    before = series.load(demo_session, metric=happy, unit_ids=[unit.id]).rows
    day = DEMO_TODAY - dt.timedelta(days=7)
    for press in (1, 2, 3, 4, 4):
        answer = Feedback(
            unit_id=unit.id,
            given_on=day,
            week=week_of(day),
            channel=Channel.KIOSK,
            solicited=True,
            customer_type=CustomerType.EXTERNAL,
        )
        demo_session.add(answer)
        demo_session.flush()
        demo_session.add(
            FeedbackScore(
                feedback_id=answer.id, item="happy", unit_id=unit.id, week=answer.week, value=press, low=1, high=4
            )
        )
    demo_session.commit()
    after = series.load(demo_session, metric=happy, unit_ids=[unit.id]).rows
    week = pl.col("week") == week_of(day)
    assert after.filter(week).select("n", "count").row(0) == (5, 3)
    assert after.filter(~week).equals(before.filter(~week))
    assert before.filter(week)["n"].item() == pytest.approx(before["n"].median(), rel=0.5)
