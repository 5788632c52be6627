"""Alerts: found where a theme's share rose, once, in words that fit, and silent where nothing changed."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlmodel import Session

from models.base import monday_of, week_of
from models.feedback import Channel, Feedback
from models.theme_answers import ThemeAnswer
from services.bulk import insert_rows
from services.rows import key
from services.theme_alerts import alerts, share_chart, within
from services.theme_browse import Scope
from tests.databases import DEMO_TODAY
from tests.services.conftest import TODAY, World

WEEKS = 60


def filled(world: World, *, about: dict[int, list[int]], answers: int = 30) -> None:
    """So many answers a week in both wards; of those of a ward, as many about the phone as told, week by week."""
    last = week_of(TODAY) - 1
    feedback, facts = [], []
    number = 0
    for unit_id, weekly in about.items():
        for place, of_theme in enumerate(weekly):
            week = last - len(weekly) + 1 + place
            for k in range(answers):
                number += 1
                shared = {"unit_id": unit_id, "given_on": monday_of(week), "week": week, "solicited": True}
                feedback.append(
                    shared
                    | {
                        "id": number,
                        "channel": Channel.KIOSK,
                        "customer_type": "external",
                        "source": "",
                        "is_demo": False,
                    }
                    | {"statutory_decision": False, "stored_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
                )
                if k < of_theme:
                    facts.append(
                        shared
                        | {"theme_id": key(world.phone.id), "feedback_id": number, "channel": Channel.KIOSK}
                        | {"statutory": False, "person": -number, "tone": "neg", "rated": True, "has_text": False}
                    )
    insert_rows(world.session, Feedback, iter(feedback))
    insert_rows(world.session, ThemeAnswer, iter(facts))
    world.session.commit()


def test_a_rise_in_one_ward_is_told(world: World) -> None:
    rng = np.random.default_rng(2)
    steady = rng.poisson(3, WEEKS).tolist()
    risen = [*rng.poisson(3, WEEKS - 4).tolist(), 11, 10, 12, 11]
    filled(world, about={key(world.ward.id): risen, key(world.other_ward.id): steady})
    found = alerts(world.session, today=TODAY)
    ward = [alert for alert in found if alert.unit_id == world.ward.id]
    assert len(ward) == 1
    assert (ward[0].rise, ward[0].weeks, ward[0].answers) == (True, 4, 44)
    assert ward[0].since == monday_of(week_of(TODAY) - 4)
    assert 8 < ward[0].expected < 16
    assert not [alert for alert in found if alert.unit_id == world.other_ward.id]
    assert within(found, [key(world.ward.id)]) == ward
    assert within(found, None) == found


def test_steady_weeks_and_short_records_are_silent(world: World) -> None:
    assert alerts(world.session, today=TODAY) == []
    filled(world, about={key(world.ward.id): [2] * 15 + [15] * 5})
    assert alerts(world.session, today=TODAY) == [], "twenty weeks are too few to call anything unusual"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_chart_of_a_share(world: World) -> None:
    filled(world, about={key(world.ward.id): [3, 4, 2, 3, 5, 3, 2, 4, 3, 3, 4, 20]})
    weeks = list(range(week_of(TODAY) - 12, week_of(TODAY)))
    scope = Scope(first=monday_of(weeks[0]), last=TODAY)
    found = share_chart(world.session, scope, weeks, [3, 4, 2, 3, 5, 3, 2, 4, 3, 3, 4, 20])
    assert found is not None
    assert found.values[-1] == pytest.approx(20 / 30)
    assert any(11 in signal.points for signal in found.signals)
    assert share_chart(world.session, scope, weeks, [0] * 12) is None


def test_the_demo_county_has_few_alerts(demo_session: Session) -> None:
    found = alerts(demo_session, today=DEMO_TODAY)
    assert len(found) <= 6
    assert all(alert.p_value < 0.05 for alert in found)
