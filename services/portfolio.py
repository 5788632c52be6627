"""The portfolio: every pilot in the pile where the meeting needs it, with what its row shows."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, select

from models.metrics import Metric
from models.pilots import Status
from services import decisions, newest_results, pilots, staff_views
from services.decisions import DecisionRow
from services.evaluation import StoredEvaluation
from services.i18n import N_
from services.pilots import PilotRow
from services.rows import key
from services.staff_views import StaffView
from stats.guardrails import Guard

WEEKS_A_YEAR = 52
HARM_RULE = "harm"


class Pile(enum.StrEnum):
    """Where a pilot lies in the meeting, in the order of the meeting."""

    HARM = "harm"
    TO_DECIDE = "to_decide"
    RUNNING = "running"
    FOLLOW_UP = "follow_up"
    PLANNED = "planned"
    LEARNED = "learned"


PILE_NAMES: dict[Pile, str] = {
    Pile.HARM: N_("Someone may be harmed"),
    Pile.TO_DECIDE: N_("To decide"),
    Pile.RUNNING: N_("In progress"),
    Pile.FOLLOW_UP: N_("Scaled up: has the effect held?"),
    Pile.PLANNED: N_("Planned and ideas"),
    Pile.LEARNED: N_("We learned"),
}


@dataclass(frozen=True, kw_only=True)
class PortfolioRow:
    """One pilot in the portfolio.

    Attributes:
        pile: Where it lies.
        row: The pilot with its unit, theme, plan and standing.
        metric: What it is judged by.
        stored: Its newest evaluation.
        decision: The newest decision in force.
        waiting: A decision against the recommendation that waits for its second person.
        staff: What its weekly logs say together; None when nobody has logged.
    """

    pile: Pile
    row: PilotRow
    metric: Metric
    stored: StoredEvaluation | None
    decision: DecisionRow | None
    waiting: DecisionRow | None
    staff: StaffView | None = None

    @property
    def harmed(self) -> bool:
        """Whether a guardrail or a subgroup got worse, or the outcome itself did."""
        return harmed(self.stored)


def rows(session: Session, *, today: dt.date, unit_ids: Iterable[int] | None = None) -> list[PortfolioRow]:
    """Every pilot, by pile and then by code: never ordered by effect, which would flatter the top.

    Args:
        session: Reads the record, in as many queries for a hundred pilots as for one.
        today: The day it is.
        unit_ids: Only pilots of these units; None for all.
    """
    newest = newest_results.newest_of_all(session)
    listed = pilots.list_pilots(session, today=today, unit_ids=unit_ids)
    decided = decisions.by_pilot(session)
    staff = staff_views.of_all(session, today=today)
    metrics = {metric.id: metric for metric in session.exec(select(Metric)).all()}
    found = []
    for row in listed:
        pilot_id = key(row.pilot.id)
        stored, made = newest.get(pilot_id), decided.get(pilot_id, [])
        found.append(
            PortfolioRow(
                pile=pile_of(row.status, stored),
                row=row,
                metric=metrics[row.plan.metric_id],
                stored=stored,
                decision=next((one for one in made if one.in_force), None),
                waiting=next((one for one in made if one.waiting), None),
                staff=staff.get(pilot_id),
            )
        )
    order = list(Pile)
    return sorted(found, key=lambda item: (order.index(item.pile), item.row.pilot.code))


def pile_of(status: Status, stored: StoredEvaluation | None) -> Pile:
    """Where a pilot lies: harm comes first while it still runs or waits."""
    if status in (Status.IDEA, Status.PLANNED):
        return Pile.PLANNED
    if status in (Status.SCALING, Status.ESTABLISHED):
        return Pile.FOLLOW_UP
    if status in (Status.ADAPTING, Status.STOPPED):
        return Pile.LEARNED
    if harmed(stored):
        return Pile.HARM
    return Pile.TO_DECIDE if status is Status.AWAITING_DECISION else Pile.RUNNING


def harmed(stored: StoredEvaluation | None) -> bool:
    """Whether the outcome, a guardrail or a group of customers got worse by an evaluation."""
    if stored is None or stored.result is None:
        return False
    result = stored.result
    guarded = (*result.guardrails, *result.subgroups)
    return result.rule.name == HARM_RULE or any(one.status is Guard.HARMED for one in guarded)


def yearly_hours(row: PilotRow) -> float:
    """Hours of staff time in the first year: setting up, then every week. Negative when the change saves time."""
    return row.pilot.setup_hours + WEEKS_A_YEAR * row.pilot.staff_hours_per_week
