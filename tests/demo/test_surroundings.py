"""The traps that stand beside a pilot: what the checks say of the demo county, and of its pilots without a trap."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import Session, select

from models.pilots import Pilot
from services import evaluation_inputs, plans, series
from services.evaluation import HISTORY_WEEKS, as_stats_plan
from services.rows import key
from stats.check import Check
from stats.checks_data import ceiling, volume_change
from stats.checks_events import noted_events
from stats.estimate import estimate
from stats.pilot_data import prepare
from stats.surroundings import surrounding_checks
from tests.databases import DEMO_TODAY

CALM = ["P01", "P02", "P05", "P16", "P23"]
"""True gains with nothing the matter."""


def checks(session: Session, code: str) -> dict[str, Check]:
    """Every check of what surrounds a pilot, by name."""
    pilot = session.exec(select(Pilot).where(Pilot.code == code)).one()
    whole = plans.current(session, key(pilot.id))
    as_of = min(DEMO_TODAY, whole.plan.end_on)
    first = whole.plan.start_on - dt.timedelta(weeks=HISTORY_WEEKS)
    around = evaluation_inputs.load(session, whole, as_of=as_of, first=first).facts
    units = [key(unit.id) for unit in (*whole.pilot_units, *whole.comparison_units)]
    panel = series.load(
        session, metric=whole.metric, unit_ids=units, population=whole.plan.population, first=first, last=as_of
    ).panel
    assert panel is not None
    found = estimate(prepare(panel, as_stats_plan(whole), as_of))
    more = (ceiling(found.data, around.scale), volume_change(found), noted_events(found.data, around.events))
    return {check.name: check for check in (*more, *surrounding_checks(found, around)) if check is not None}


def test_p06_is_at_the_ceiling_and_its_channel_changed(demo_session: Session) -> None:
    said = checks(demo_session, "P06")
    assert [name for name, check in said.items() if check.passed is False] == [
        "ceiling", "volume_change", "channel_mix",
    ]  # fmt: skip
    assert said["channel_mix"].blocks_scale
    assert "QR code went from 0 % to 9" in said["channel_mix"].detail.english()
    assert "Palautekanava vaihtui paperista QR-koodiin" in said["events"].detail.english()
    assert "could explain" in said["events"].detail.english()


def test_p18_moved_its_queue_next_door(demo_session: Session) -> None:
    said = checks(demo_session, "P18")
    assert [name for name, check in said.items() if check.passed is False] == ["displacement"]
    assert said["displacement"].detail.values["name"] == "wait_other"


@pytest.mark.parametrize("code", CALM)
def test_nothing_is_the_matter_where_nothing_is(code: str, demo_session: Session) -> None:
    said = checks(demo_session, code)
    assert [name for name, check in said.items() if check.passed is False] == []
    assert said["fidelity"].passed is True
