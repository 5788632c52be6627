"""How small a change a plan would show, from the weeks just gone."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlmodel import Session

from models.base import monday_of, validated, week_of
from models.metrics import Direction, Measurement, MeasurementSource, Metric, MetricFamily, MetricKind
from models.organisation import Unit
from services.rehearsal import Rehearsal, rehearse
from services.rows import key

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def score(session: Session) -> Metric:
    row = validated(
        Metric,
        code="score",
        name={"fi": "Arvosana"},
        kind=MetricKind.SCORE,
        direction=Direction.INCREASE,
        family=MetricFamily.OWN,
        scale_low=1.0,
        scale_high=5.0,
    )
    session.add(row)
    session.commit()
    return row


def unit(session: Session, code: str, score: Metric, *, n: float = 20.0, weeks: int = 40) -> int:
    """A unit with independent weekly means whose scatter is exactly what n answers of SD 1 give."""
    row = validated(Unit, code=code, level="unit", name={"fi": code})
    session.add(row)
    session.flush()
    rng = np.random.default_rng(sum(map(ord, code)))
    means = 3.5 + rng.normal(0, 1 / np.sqrt(n), weeks)
    for back, mean in enumerate(means, start=1):
        week = week_of(TODAY) - back
        session.add(
            validated(
                Measurement,
                metric_id=score.id,
                unit_id=row.id,
                on_date=monday_of(week),
                week=week,
                n=n,
                mean=float(mean),
                sd=1.0,
                source=MeasurementSource.IMPORT,
            )
        )
    session.commit()
    return key(row.id)


def rehearsed(
    session: Session, score: Metric, pilot: int, *others: int, smallest: float = 0.3, weeks: int = 12
) -> Rehearsal | None:
    return rehearse(
        session,
        metric=score,
        unit_id=pilot,
        comparison_unit_ids=others,
        smallest_change=smallest,
        weeks=weeks,
        today=TODAY,
    )


def test_it_is_near_what_the_sample_sizes_alone_give(session: Session, score: Metric) -> None:
    pilot, *others = (unit(session, code, score) for code in ("A", "B", "C", "D", "E", "F"))
    found = rehearsed(session, score, pilot, *others)
    assert found is not None
    # Independent weeks, 20 answers of SD 1: the pilot's 12 weeks after against its 28 before have
    # SE = sqrt(1/240 + 1/560) = 0.077; five comparison units and their own noise add a fifth: 0.084.
    # 80 % power one-sided at 0.025 needs (1.96 + 0.84) SE = 0.236; not knowing the week-to-week shocks costs more.
    assert 0.20 < found.finds < 0.40
    assert found.enough(0.4)
    assert not found.enough(0.2)


def test_more_weeks_and_more_answers_find_smaller_changes(session: Session, score: Metric) -> None:
    others = [unit(session, code, score) for code in "BCDEF"]
    few, many = unit(session, "A", score, n=5), unit(session, "G", score, n=80)
    short, long, large = (
        rehearsed(session, score, few, *others, weeks=4),
        rehearsed(session, score, few, *others, weeks=16),
        rehearsed(session, score, many, *others, weeks=16),
    )
    assert short is not None
    assert long is not None
    assert large is not None
    assert short.finds > long.finds > large.finds


def test_the_planned_weeks_are_enough_or_more_are_named(session: Session, score: Metric) -> None:
    pilot, *others = (unit(session, code, score) for code in ("A", "B", "C", "D", "E", "F"))
    wide = rehearsed(session, score, pilot, *others, smallest=1.0)
    assert wide is not None
    assert wide.weeks_needed == 12
    tight = rehearsed(session, score, pilot, *others, smallest=0.8 * wide.finds)
    assert tight is not None
    assert tight.weeks_needed is None or tight.weeks_needed > 12
    hopeless = rehearsed(session, score, pilot, *others, smallest=0.001)
    assert hopeless is not None
    assert hopeless.weeks_needed is None


def test_without_values_there_is_nothing_to_rehearse_on(session: Session, score: Metric) -> None:
    empty, short = unit(session, "A", score, weeks=0), unit(session, "B", score, weeks=3)
    assert rehearsed(session, score, empty) is None
    assert rehearsed(session, score, short) is None
