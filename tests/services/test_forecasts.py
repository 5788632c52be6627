"""A theme's coming weeks from the record: what is counted, by unit, and who is refused."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import week_of
from models.organisation import Unit
from models.people import Person
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.errors import NotAllowed
from services.forecasts import HORIZON, forecasts
from services.rows import key
from stats.messages import Message
from stats.volume_forecast import VolumeForecast, forecast_volume
from tests.databases import DEMO_TODAY


def named(session: Session, code: str) -> int:
    return key(session.exec(select(Theme).where(Theme.code == code)).one().id)


def leader(session: Session) -> Person:
    return session.exec(select(Person).where(Person.code == "u7")).one()


def test_counts_are_those_of_the_record_and_end_last_week(demo_session: Session) -> None:
    found = forecasts(
        demo_session, theme_id=named(demo_session, "T01"), unit_ids=None, today=DEMO_TODAY, by=leader(demo_session)
    )
    together = found.together
    assert len(together.counts) == 64
    assert together.next_monday == DEMO_TODAY
    total = demo_session.execute(
        sa.select(sa.func.count()).where(col(ThemeAnswer.theme_id) == named(demo_session, "T01"))
    ).scalar_one()
    assert sum(together.counts) == total
    assert isinstance(together.forecast, VolumeForecast)
    assert together.forecast == forecast_volume(together.counts)
    assert together.forecast.back_test is not None
    assert together.forecast.back_test.coverage >= 0.7
    assert sum(unit.lately for unit in found.units) == sum(together.counts[-HORIZON:])
    assert found.units[0].unit_code == "AVO4", "the phone service is phoned most"


def test_a_unit_by_itself(demo_session: Session) -> None:
    unit = demo_session.exec(select(Unit).where(Unit.code == "AVO4")).one()
    found = forecasts(
        demo_session,
        theme_id=named(demo_session, "T01"),
        unit_ids={key(unit.id)},
        today=DEMO_TODAY,
        by=leader(demo_session),
    )
    assert [one.unit_code for one in found.units] == ["AVO4"]
    assert found.units[0].forecast == found.together.forecast


def test_a_theme_that_few_name_has_a_sentence_instead(demo_session: Session) -> None:
    found = forecasts(
        demo_session, theme_id=named(demo_session, "T19"), unit_ids=None, today=DEMO_TODAY, by=leader(demo_session)
    )
    early = forecasts(
        demo_session,
        theme_id=named(demo_session, "T01"),
        unit_ids=None,
        today=DEMO_TODAY - dt.timedelta(weeks=50),
        by=leader(demo_session),
    )
    assert isinstance(early.together.forecast, Message)
    assert "a forecast needs at least 26" in early.together.forecast.english()
    assert len(early.together.counts) == 14
    assert isinstance(found.together.forecast, VolumeForecast)


@pytest.mark.slow
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)  # reckoning, the same on every engine
def test_four_of_five_past_totals_fell_into_their_interval(demo_session: Session) -> None:
    """Over ten themes of the whole county, eight-week totals from 31 origins each: 80 % and a little more."""
    by, shares, errors, repeated = leader(demo_session), [], [], []
    last = week_of(DEMO_TODAY) - 1
    assert by is not None
    for theme in demo_session.exec(select(Theme).where(col(Theme.code) < "T11")).all():
        counts = np.zeros(64)
        rows = demo_session.execute(
            sa.select(col(ThemeAnswer.week), sa.func.count())
            .where(col(ThemeAnswer.theme_id) == theme.id)
            .group_by(col(ThemeAnswer.week))
        )
        for week, answers in rows:
            counts[week - last - 1] = answers
        test = forecast_volume(counts).back_test
        assert test is not None
        shares.append(test.coverage)
        errors.append(test.error)
        repeated.append(test.recent_error)
    assert 0.75 < np.mean(shares) < 0.95
    assert sum(errors) < 0.95 * sum(repeated)


def test_trustees_are_refused(demo_session: Session) -> None:
    trustee = demo_session.exec(select(Person).where(Person.code == "u9")).one()
    with pytest.raises(NotAllowed):
        forecasts(demo_session, theme_id=1, unit_ids=None, today=DEMO_TODAY, by=trustee)
