"""Pilots are evaluated on their review days, and those that wait for a decision whenever their data have changed."""

from __future__ import annotations

import datetime as dt
import logging

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.decisions import Evaluation
from models.pilots import Status
from models.plans import PilotPlan
from services import evaluation, pilots
from services.job_work import Done, Work
from services.logs import fault
from services.pilots import PilotRow
from services.rows import key
from stats.plan import default_reviews

LOG = logging.getLogger("luotsi.jobs")


def run(work: Work) -> Done:
    """Evaluate what is due, each pilot in a transaction of its own: one that fails does not stop the others."""
    with work.database.reading() as session:
        due = due_now(session, today=work.today)
        before = _stored(session)
    faults: list[str] = []
    for number, row in enumerate(due):
        work.go_on(number, len(due))
        try:
            with work.database.writing() as session:
                evaluation.evaluate_pilot(session, pilot_id=key(row.pilot.id), today=work.today, by=None)
        except sa.exc.OperationalError:
            raise  # no database: the next pilot would fare no better
        except Exception as error:
            LOG.exception("A pilot cannot be evaluated")
            faults.append(f"{row.pilot.code}: {fault(error)}")
    with work.database.reading() as session:
        stored = _stored(session) - before
    counts = {"due": len(due), "evaluated": len(due) - len(faults), "changed": stored, "failed": len(faults)}
    return Done(counts=counts, said="; ".join(faults), failed=bool(faults))


def due_now(session: Session, *, today: dt.date) -> list[PilotRow]:
    """Pilots to evaluate today.

    A running one when a review day of its plan has come and nothing has been stored for it since, even if nobody ran
    this on the day itself; one that waits for its decision every time, since data still come in for its last weeks.
    """
    newest = dict(
        session.execute(
            sa.select(col(Evaluation.plan_id), sa.func.max(col(Evaluation.as_of))).group_by(col(Evaluation.plan_id))
        ).all()
    )
    due = []
    for row in pilots.list_pilots(session, today=today):
        if row.status is Status.AWAITING_DECISION:
            due.append(row)
        elif row.status is Status.RUNNING:
            seen: dt.date | None = newest.get(key(row.plan.id))
            past = [day for day in review_days(row.plan) if day <= today]
            if past and (seen is None or seen < max(past)):
                due.append(row)
    return due


def review_days(plan: PilotPlan) -> list[dt.date]:
    """The days on which a plan's pilot is evaluated: its own, else the usual ones; its end always."""
    told = [dt.date.fromisoformat(day) for day in plan.reviews] or default_reviews(plan.start_on, plan.end_on)
    return sorted({*told, plan.end_on})


def _stored(session: Session) -> int:
    return len(session.exec(select(Evaluation.id)).all())
