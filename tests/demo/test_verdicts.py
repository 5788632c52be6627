"""What the product recommends on the demo county, against the truth that the county was drawn from."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from models.decisions import Evaluation, Verdict
from models.pilots import Pilot
from services.demo.county import County

TRAPS = ["P03", "P04", "P06", "P07", "P08", "P09", "P11", "P15", "P18", "P19", "P24"]
"""Nothing to scale: no effect, too few data, or someone pays for it."""
CLEAR_AND_COMPARED = ["P01", "P02", "P05", "P23"]
"""True gains above the smallest change, with two comparison units: the design allows a scale-up."""


def verdict(session: Session, code: str) -> Evaluation:
    query = select(Evaluation).join(Pilot, col(Pilot.id) == Evaluation.pilot_id).where(Pilot.code == code)
    return session.exec(query.order_by(col(Evaluation.id).desc())).first() or pytest.fail(f"{code} is not evaluated")


@pytest.mark.parametrize("code", TRAPS)
def test_no_trap_is_recommended_for_scaling(code: str, demo_session: Session) -> None:
    assert verdict(demo_session, code).verdict is not Verdict.SCALE


@pytest.mark.parametrize("code", CLEAR_AND_COMPARED)
def test_clear_gains_with_comparison_are(code: str, demo_session: Session) -> None:
    assert verdict(demo_session, code).verdict is Verdict.SCALE


def test_harm_is_stopped_and_harm_to_some_is_adapted(demo_session: Session) -> None:
    assert verdict(demo_session, "P19").verdict is Verdict.STOP  # fewer matters settled at the first contact
    assert verdict(demo_session, "P03").verdict is Verdict.ADAPT  # people over 75
    assert verdict(demo_session, "P08").verdict is Verdict.ADAPT  # the staff
    assert verdict(demo_session, "P18").verdict is Verdict.ADAPT  # those with an appointment


def test_intervals_cover_the_true_effects(county: County, demo_session: Session) -> None:
    """20 intervals of 95 %: three misses are within chance (P(more than 3) is 1.6 %, binomial)."""
    missed = []
    for pilot in county.pilots:
        if pilot.start_week is None or pilot.process.fade_half_life_weeks or pilot.process.shocks:
            continue  # the effect of these is not one number
        row = verdict(demo_session, pilot.code)
        assert row.interval_low is not None, pilot.code
        assert row.interval_high is not None, pilot.code
        if not row.interval_low <= pilot.process.effect <= row.interval_high:
            missed.append(pilot.code)
    assert len(missed) <= 3, missed
