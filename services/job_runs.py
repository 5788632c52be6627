"""The rows of scheduled jobs' runs: begun, ended, and how fresh each job is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now
from models.jobs import JobOutcome, JobRun
from services.rows import get, key

LONGEST = 1000


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How a job stands.

    Attributes:
        outcome: How its newest run ended, or that it runs.
        started_at: When that run began.
        last_success: When a run last ended well; None when none has.
    """

    outcome: JobOutcome
    started_at: dt.datetime
    last_success: dt.datetime | None


def begin(session: Session, job: str) -> int:
    """A new run's number. Runs of the job that never ended were killed: the caller has the job's lease. Commits."""
    for lost in session.exec(select(JobRun).where(JobRun.job == job, JobRun.outcome == JobOutcome.RUNNING)).all():
        lost.outcome, lost.ended_at = JobOutcome.INTERRUPTED, now()
        session.add(lost)
    run = JobRun(job=job)
    session.add(run)
    session.commit()
    return key(run.id)


def end(session: Session, run_id: int, outcome: JobOutcome, *, counts: Mapping[str, int], said: str) -> None:
    """Write down how a run ended, unless somebody took the job over meanwhile. Commits."""
    run = get(session, JobRun, run_id)
    if run.outcome is JobOutcome.RUNNING:
        run.outcome, run.counts, run.said, run.ended_at = outcome, dict(counts), said[:LONGEST], now()
        session.add(run)
    session.commit()


def freshness(session: Session) -> dict[str, Freshness]:
    """How every job stands that has ever run, by name."""
    newest = select(sa.func.max(JobRun.id)).group_by(JobRun.job)
    ended_well = (
        select(JobRun.job, sa.func.max(JobRun.id))
        .where(col(JobRun.outcome).in_((JobOutcome.DONE, JobOutcome.NOT_SET_UP)))
        .group_by(JobRun.job)
        .subquery()
    )
    successes = select(JobRun.job, JobRun.ended_at).join(ended_well, col(JobRun.id) == ended_well.c[1])
    well = dict(session.exec(successes).all())
    return {
        run.job: Freshness(outcome=run.outcome, started_at=run.started_at, last_success=well.get(run.job))
        for run in session.exec(select(JobRun).where(col(JobRun.id).in_(newest)).order_by(JobRun.job))
    }


def forget_old(session: Session, *, before: dt.datetime) -> int:
    """Delete old runs, all but every job's newest; the caller commits.

    Returns:
        How many went.
    """
    newest = select(sa.func.max(JobRun.id)).group_by(JobRun.job)
    table = JobRun.__table__  # type: ignore[attr-defined]
    gone = session.connection().execute(sa.delete(table).where(table.c.started_at < before, table.c.id.not_in(newest)))
    return int(gone.rowcount)
