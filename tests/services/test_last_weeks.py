"""The weeks just gone, in the small county."""

from __future__ import annotations

import numpy as np
import pytest
from sqlmodel import Session

from models.metrics import Direction
from models.organisation import Unit
from services import recent
from services.last_weeks import last_weeks, usual
from services.rows import key
from stats.unusual import Standing
from tests.services.small_county import TODAY, measure, metric, stored_county


@pytest.fixture
def county(session: Session) -> dict[str, Unit]:
    """The small county, stored."""
    return stored_county(session)


@pytest.mark.parametrize(
    ("direction", "level", "standing"),
    [
        (Direction.INCREASE, 2.4, Standing.BAD),
        (Direction.INCREASE, 4.0, Standing.GOOD),
        (Direction.DECREASE, 4.0, Standing.BAD),
        (Direction.INCREASE, 3.2, Standing.USUAL),
    ],
)
def test_six_weeks_are_judged_by_the_weeks_before(
    session: Session, county: dict[str, Unit], direction: Direction, level: float, standing: Standing
) -> None:
    score = metric(session, "score", direction=direction)
    measure(session, score, county["A1"], [3.0, 3.4] * 12 + [level] * 6)
    found = last_weeks(session, metric=score, unit_id=key(county["A1"].id), comparison_unit_ids=[], today=TODAY)
    assert (found.first, found.last) == recent.full_weeks(TODAY, 6)
    assert found.found is not None
    assert found.found.standing is standing
    assert (found.found.level, found.found.expected) == (pytest.approx(level), pytest.approx(3.2, abs=0.05))


def test_what_all_units_share_is_not_the_units_own(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    random = np.random.default_rng(3)
    for code in ("A1", "A2", "B1", "B2"):
        values = 3.2 + random.normal(size=30) * 0.15
        values[-6:] -= 0.7
        measure(session, score, county[code], list(values))
    others = [key(county[code].id) for code in ("A2", "B1", "B2")]
    alone, beside = (
        last_weeks(session, metric=score, unit_id=key(county["A1"].id), comparison_unit_ids=ids, today=TODAY)
        for ids in ([], others)
    )
    assert alone.found is not None
    assert beside.found is not None
    assert (alone.found.standing, beside.found.standing) == (Standing.BAD, Standing.USUAL)


def test_a_short_past_says_nothing_of_the_last_weeks(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    measure(session, score, county["A1"], [4.0] * 6 + [1.0] * 6)
    short = last_weeks(session, metric=score, unit_id=key(county["A1"].id), comparison_unit_ids=[], today=TODAY)
    none = last_weeks(session, metric=score, unit_id=key(county["A2"].id), comparison_unit_ids=[], today=TODAY)
    assert short.found is None
    assert none.found is None
    assert short.first == none.first


def test_the_last_sixteen_weeks_have_the_range_of_the_weeks_before_the_last_six(
    session: Session, county: dict[str, Unit]
) -> None:
    score = metric(session, "score")
    measure(session, score, county["A1"], [3.0, 3.4] * 12 + [2.0] * 6)
    found = usual(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)
    assert found is not None
    assert len(found.weeks) == recent.RECENT_WEEKS
    assert found.level == pytest.approx(3.2)
    assert found.outside == 6
    assert usual(session, metric=score, unit_id=key(county["A2"].id), today=TODAY) is None


def test_a_short_past_shows_its_weeks_without_a_range(session: Session, county: dict[str, Unit]) -> None:
    score = metric(session, "score")
    measure(session, score, county["A1"], [3.0, 3.4] * 4)
    found = usual(session, metric=score, unit_id=key(county["A1"].id), today=TODAY)
    assert found is not None
    assert not found.known
    assert found.has_values
