"""What a plan would show, from the units' own past."""

from __future__ import annotations

import numpy as np
import pytest
from sqlmodel import Session

from models.base import monday_of, validated
from models.metrics import Direction, Measurement, MeasurementSource, Metric, MetricKind
from models.organisation import Unit
from services.outlook import Outlook, outlook
from services.plans import LONGEST_WEEKS
from services.registration import dates
from services.rows import key
from tests.services.small_county import TODAY, WEEK, measure, metric, stored_county

WEEKS = 40


@pytest.fixture
def county(session: Session) -> dict[str, Unit]:
    """The small county, stored."""
    return stored_county(session)


@pytest.fixture
def score(session: Session, county: dict[str, Unit]) -> Metric:
    """A metric of the four units: independent weekly means of twenty answers of SD 1."""
    row = metric(session, "score")
    for seed, code in enumerate(("A1", "A2", "B1", "B2")):
        measure(session, row, county[code], means(seed))
    return row


def means(seed: int, *, weeks: int = WEEKS, n: float = 20.0) -> list[float]:
    return list(3.5 + np.random.default_rng(seed).normal(size=weeks) / np.sqrt(n))


def looked(
    session: Session,
    score: Metric,
    county: dict[str, Unit],
    *others: str,
    unit: str = "A1",
    smallest: float = 0.4,
    weeks: int = 12,
    **more: int,
) -> Outlook | None:
    return outlook(
        session,
        metric=score,
        unit_id=key(county[unit].id),
        comparison_unit_ids=[key(county[code].id) for code in others],
        smallest_change=smallest,
        start_on=dates(TODAY).start_on,
        weeks=weeks,
        today=TODAY,
        **more,
    )


def test_it_is_near_what_the_sample_sizes_alone_give(session: Session, score: Metric, county: dict[str, Unit]) -> None:
    found = looked(session, score, county, "A2", "B1", "B2")
    assert found is not None
    assert found.finds is not None
    # Independent weeks, 20 answers of SD 1: 12 weeks after against 40 before have SE sqrt(1/240 + 1/800) = 0.074,
    # three comparison units add a third of the variance: 0.085. 80 % power one-sided at 0.025 needs 2.80 of them,
    # 0.24; not knowing that there are no shocks from week to week costs more.
    assert 0.24 < found.finds < 0.45
    assert (found.per_week, found.weeks, found.note) == (20.0, 12, None)


def test_weeks_needed_and_the_change_found_agree(session: Session, score: Metric, county: dict[str, Unit]) -> None:
    wide = looked(session, score, county, "A2", "B1", "B2", smallest=1.0)
    assert wide is not None
    assert wide.enough
    assert wide.finds is not None
    tight = looked(session, score, county, "A2", "B1", "B2", smallest=0.9 * wide.finds)
    assert tight is not None
    assert not tight.enough
    assert tight.weeks_needed is None or 12 < tight.weeks_needed <= LONGEST_WEEKS
    hopeless = looked(session, score, county, "A2", "B1", "B2", smallest=0.01)
    assert hopeless is not None
    assert (hopeless.weeks_needed, hopeless.enough) == (None, False)


def test_more_weeks_find_smaller_changes(session: Session, score: Metric, county: dict[str, Unit]) -> None:
    short, long = (looked(session, score, county, "A2", "B1", "B2", weeks=weeks) for weeks in (4, 16))
    assert short is not None
    assert long is not None
    assert short.finds is not None
    assert long.finds is not None
    assert short.finds > long.finds


def test_a_unit_alone_leaves_out_the_weeks_that_set_it_off(
    session: Session, score: Metric, county: dict[str, Unit]
) -> None:
    whole, without = (looked(session, score, county, trigger_weeks=weeks) for weeks in (0, 30))
    assert whole is not None
    assert without is not None
    assert whole.finds is not None
    assert without.finds is not None
    assert without.finds > whole.finds


def test_a_short_past_says_so(session: Session, county: dict[str, Unit]) -> None:
    row = metric(session, "young")
    measure(session, row, county["A1"], means(1, weeks=5))
    found = looked(session, row, county)
    assert found is not None
    assert found.note is not None
    assert "only 5 weeks" in found.note.english()


def test_events_are_counted_by_the_week(session: Session, county: dict[str, Unit]) -> None:
    row = metric(
        session, "errors", kind=MetricKind.COUNT, direction=Direction.DECREASE, scale_low=None, scale_high=None
    )
    counts = np.random.default_rng(4).poisson(6.0, WEEKS)
    for back, count in enumerate(counts, start=1):
        session.add(
            validated(
                Measurement,
                metric_id=row.id,
                unit_id=county["A1"].id,
                on_date=monday_of(WEEK - back),
                week=WEEK - back,
                n=2.0,
                count=int(count),
                source=MeasurementSource.IMPORT,
            )
        )
    session.commit()
    found = looked(session, row, county, smallest=1.0)
    assert found is not None
    assert found.per_week == pytest.approx(counts.mean(), rel=0.01)
    assert found.finds is None or found.finds < counts.mean() / 2  # a rate per exposure of 2 cannot fall by more


def test_without_values_there_is_nothing_to_say(session: Session, score: Metric, county: dict[str, Unit]) -> None:
    bare = metric(session, "bare")
    assert looked(session, bare, county) is None
    assert looked(session, score, county, smallest=0.0) is None
    later = metric(session, "later")
    measure(session, later, county["A1"], [3.0])
    found = looked(session, later, county)
    assert found is not None
    assert found.note is not None
