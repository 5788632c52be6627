"""Two areas of two units, with metrics, measurements and answers: what tests of the registration begin from."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Session

from models.base import monday_of, validated, week_of
from models.feedback import Channel, Feedback, FeedbackScore
from models.metrics import Direction, Measurement, MeasurementSource, Metric, MetricFamily, MetricKind
from models.organisation import CustomerType, Unit

TODAY = dt.date(2026, 11, 25)  # a Wednesday
WEEK = week_of(TODAY)


def stored_county(session: Session) -> dict[str, Unit]:
    """Two areas; A1 and A2 in one, B1 and B2 in the other."""
    units: dict[str, Unit] = {}
    for code, parent in (("A", None), ("B", None), ("A1", "A"), ("A2", "A"), ("B1", "B"), ("B2", "B")):
        unit = validated(
            Unit,
            code=code,
            level="unit" if parent else "area",
            name={"fi": code},
            parent_id=units[parent].id if parent else None,
            takes_pilots=parent is not None,
        )
        session.add(unit)
        session.flush()
        units[code] = unit
    session.commit()
    return units


def metric(session: Session, code: str, **fields: object) -> Metric:
    """A stored metric, a 1-5 score unless told otherwise."""
    wanted = {
        "name": {"fi": code},
        "kind": MetricKind.SCORE,
        "direction": Direction.INCREASE,
        "family": MetricFamily.OWN,
        "scale_low": 1.0,
        "scale_high": 5.0,
        **fields,
    }
    row = validated(Metric, code=code, **wanted)
    session.add(row)
    session.commit()
    return row


def measure(session: Session, of: Metric, unit: Unit, values: list[float], *, n: float = 20.0) -> None:
    """Weekly means that end with the last whole week."""
    for back, value in enumerate(reversed(values), start=1):
        session.add(
            validated(
                Measurement,
                metric_id=of.id,
                unit_id=unit.id,
                on_date=monday_of(WEEK - back),
                week=WEEK - back,
                n=n,
                mean=value,
                sd=1.0,
                source=MeasurementSource.IMPORT,
            )
        )
    session.commit()


def answer(session: Session, unit: Unit, *, weeks_ago: int = 1, score: float = 4, text: str | None = None) -> Feedback:
    """An answer by a Swedish speaker of 75 or more."""
    week = WEEK - weeks_ago
    row = validated(
        Feedback,
        unit_id=unit.id,
        given_on=monday_of(week),
        week=week,
        channel=Channel.WEB,
        solicited=True,
        customer_type=CustomerType.EXTERNAL,
        age_group="75+",
        language="sv",
        text=text,
    )
    session.add(row)
    session.flush()
    session.add(
        validated(
            FeedbackScore, feedback_id=row.id, item="thl1", unit_id=unit.id, week=week, value=score, low=1, high=5
        )
    )
    session.commit()
    return row
