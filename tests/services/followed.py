"""Scaled pilots for the tests of the follow-up: decided on a day, with weeks of values after it."""

from __future__ import annotations

import datetime as dt

import numpy as np
from sqlmodel import Session

from models.base import validated, week_of
from models.decisions import Choice, Decision, DecisionApproval
from models.metrics import Measurement, MeasurementSource, Metric
from models.organisation import Unit
from services import decisions, evaluation, pilots
from services.rows import key
from tests.services.conftest import TODAY, World

WEEK = dt.timedelta(days=7)
START = TODAY + WEEK
OVER = START + 13 * WEEK
"""The day of the decision: after the plan's twelve weeks."""


def weeks_of(world: World, unit: Unit, metric: Metric, levels: list[float], *, seed: int) -> None:
    """Store weekly values from twelve weeks before the start on."""
    rng = np.random.default_rng(seed)
    for offset, level in enumerate(levels):
        day = START + (offset - 12) * WEEK
        row = validated(
            Measurement,
            metric_id=metric.id,
            unit_id=unit.id,
            on_date=day,
            week=week_of(day),
            source=MeasurementSource.IMPORT,
            n=40,
            mean=level + rng.normal(0, 0.05),
            sd=1.0,
        )
        world.session.add(row)
    world.session.commit()


def scaled(
    world: World, after: list[float], *, units: tuple[Unit, ...] | None = None, review_on: dt.date | None = None
) -> Decision:
    """A pilot that raised its score from 4 to 6, was scaled up on OVER, and had these values from then on."""
    others = [4.2] * (25 + len(after))
    weeks_of(world, world.ward, world.score, [4.0] * 12 + [6.0] * 13 + after, seed=1)
    weeks_of(world, world.other_ward, world.score, others, seed=2)
    weeks_of(world, world.station, world.score, others, seed=3)
    plan = world.plan(comparison_unit_ids=(world.other_ward.id, world.station.id), guardrails=())
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
    stored = evaluation.evaluate_pilot(world.session, pilot_id=key(pilot.id), today=OVER, by=None)
    made = decisions.record_decision(
        world.session,
        evaluation_id=key(stored.row.id),
        choice=Choice.SCALE,
        by=world.leader,
        today=OVER,
        reason="Kokemus on hyvä.",
        review_on=review_on or OVER + 13 * WEEK,
        scale_to=[key(unit.id) for unit in units or (world.other_ward,)],
    )
    dated(world.session, made, OVER)
    return made


def dated(session: Session, made: Decision, day: dt.date) -> None:
    """Let a decision have been made on a day."""
    at = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    made.at = at
    session.add(made)
    session.flush()
    approval = session.get(DecisionApproval, made.id)
    if approval is not None:
        approval.at = at
        session.add(approval)
    session.commit()
