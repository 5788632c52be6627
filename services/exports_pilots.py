"""Exports of pilots and their plans, as they were registered. No names of people, no reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import LANGUAGES
from models.metrics import Metric
from models.organisation import Unit
from models.pilots import Pilot
from models.plans import PilotPlan, PlanGuardrail, PlanUnit, PlanUnitRole
from services import pilots
from services.exports_schema import Row, Scope, Table, date, flag, integer, number, text
from services.i18n import N_
from services.rows import key
from services.settings import load

SEPARATOR = " "
"""Between codes in one cell: codes have no spaces."""
PILOT = text("pilot", N_("Code of the pilot."))
UNIT = text("unit", N_("Code of the unit."))


def _pilots(session: Session, scope: Scope) -> Iterator[Row]:
    for row in pilots.list_pilots(session, today=load().today(), unit_ids=scope.unit_ids):
        pilot = row.pilot
        yield (
            pilot.code,
            *(pilot.title.get(language, "") for language in LANGUAGES),
            row.unit.code,
            row.theme.code,
            SEPARATOR.join(theme.code for theme in row.further_themes),
            row.status.value,
            pilot.kind.value,
            pilot.risk.value,
            pilot.customer_type.value,
            pilot.setup_hours,
            pilot.setup_eur,
            pilot.staff_hours_per_week,
            row.plan.start_on.isoformat(),
            row.plan.end_on.isoformat(),
            row.plan.version,
        )


def codes(session: Session, link: Any, owner: Any, coded: Any, *, on: Any) -> dict[int, list[str]]:
    """Codes that hang on a row, by its id."""
    found: dict[int, list[str]] = {}
    for owner_id, code in session.execute(
        sa.select(owner, coded.code).select_from(link).join(coded, on).order_by(owner, coded.code)
    ):
        found.setdefault(owner_id, []).append(code)
    return found


def _plans(session: Session, scope: Scope) -> Iterator[Row]:
    units: dict[tuple[int, PlanUnitRole], list[str]] = {}
    pairs = session.execute(
        sa.select(col(PlanUnit.plan_id), col(PlanUnit.role), col(Unit.code))
        .join(Unit, col(Unit.id) == PlanUnit.unit_id)
        .order_by(col(Unit.code))
    )
    for plan_id, role, code in pairs:
        units.setdefault((plan_id, PlanUnitRole(role)), []).append(code)
    guards = codes(
        session, PlanGuardrail, col(PlanGuardrail.plan_id), Metric, on=col(Metric.id) == PlanGuardrail.metric_id
    )
    query = (
        select(PilotPlan, Pilot, Metric)
        .join(Pilot, col(Pilot.id) == PilotPlan.pilot_id)
        .join(Metric, col(Metric.id) == PilotPlan.metric_id)
        .order_by(Pilot.code, col(PilotPlan.version))
    )
    for plan, pilot, metric in session.exec(query):
        if scope.holds(pilot.unit_id):
            plan_id = key(plan.id)
            yield (
                pilot.code,
                plan.version,
                plan.amendment,
                metric.code,
                plan.direction.value,
                plan.smallest_change,
                plan.population,
                plan.start_on.isoformat(),
                plan.end_on.isoformat(),
                plan.decide_on.isoformat(),
                SEPARATOR.join(units.get((plan_id, PlanUnitRole.PILOT), [])),
                SEPARATOR.join(units.get((plan_id, PlanUnitRole.COMPARISON), [])),
                SEPARATOR.join(guards.get(plan_id, [])),
                plan.trigger_from.isoformat() if plan.trigger_from else None,
                plan.trigger_to.isoformat() if plan.trigger_to else None,
                plan.randomised,
                plan.plan_hash,
            )


TABLES: tuple[Table, ...] = (
    Table(
        name="pilots",
        title=N_("Pilots"),
        about=N_("A row a pilot as it stands today: where, for which feedback, at what cost."),
        columns=(
            PILOT,
            text("title_fi", N_("Its name in Finnish.")),
            text("title_sv", N_("Its name in Swedish.")),
            text("title_en", N_("Its name in English.")),
            text("unit", N_("Code of the unit whose pilot it is.")),
            text("theme", N_("Code of the feedback theme it answers first.")),
            text("further_themes", N_("Codes of further themes, separated by spaces.")),
            text("status", N_("Where it stands: idea, planned, running, awaiting_decision, scaling...")),
            text("kind", N_("What sort of change it is.")),
            text("risk", N_("How much can go wrong: low, moderate, high.")),
            text("customer_type", N_("Customers outside the organisation, or colleagues.")),
            number("setup_hours", N_("Working time of setting it up."), "h"),
            number("setup_eur", N_("Money spent on setting it up."), "EUR"),
            number("staff_hours_per_week", N_("Working time a week; below zero when it saves time."), "h/week"),
            date("start_on", N_("First day of the change.")),
            date("end_on", N_("Last day that the recommendation uses.")),
            integer("plan_version", N_("The version of its plan in force.")),
        ),
        rows=_pilots,
    ),
    Table(
        name="plans",
        title=N_("Plans"),
        about=N_("A row a version of a pilot’s plan. Versions are added, never changed; the hash shows it."),
        columns=(
            PILOT,
            integer("version", N_("Number of the version, from 1.")),
            flag("amendment", N_("Whether it was changed after the start.")),
            text("metric", N_("Code of the primary measure.")),
            text("direction", N_("Which way is better: increase or decrease.")),
            number("smallest_change", N_("The smallest change that matters, a size in the measure’s unit.")),
            text("population", N_("The group it is for; empty for everyone.")),
            date("start_on", N_("First day of the change.")),
            date("end_on", N_("Last day that the recommendation uses.")),
            date("decide_on", N_("Day of the decision.")),
            text("pilot_units", N_("Units that try the change, separated by spaces.")),
            text("comparison_units", N_("Units it is compared with, separated by spaces.")),
            text("guardrails", N_("Measures that must not get worse, separated by spaces.")),
            date("trigger_from", N_("First day of the weeks that set it off.")),
            date("trigger_to", N_("Last day of the weeks that set it off.")),
            flag("randomised", N_("Whether chance chose the pilot units.")),
            text("plan_hash", N_("SHA-256 of the plan.")),
        ),
        rows=_plans,
    ),
)
