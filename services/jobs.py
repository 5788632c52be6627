"""Scheduled jobs: what cron or a timer has done, one process at a time, each run written down."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models.base import now
from models.database import Database
from models.jobs import JobOutcome
from services import audit, job_reviews, job_runs, reminders, retention, webhooks_sending
from services.errors import BadInput
from services.job_work import Done, TakenOver, Work, lease
from services.logs import fault
from services.settings import Settings

LOG = logging.getLogger("luotsi.jobs")


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job.

    Attributes:
        name: What it is called by.
        run: Does it.
    """

    name: str
    run: Callable[[Work], Done]


@dataclass(frozen=True, kw_only=True)
class Ran:
    """What became of a job.

    Attributes:
        job: Its name.
        outcome: How its run ended; None when another process is at it, which is no fault.
        counts: What was done, in numbers.
        said: What is not set up, or why it failed.
    """

    job: str
    outcome: JobOutcome | None
    counts: Mapping[str, int]
    said: str

    @property
    def failed(self) -> bool:
        """Whether somebody should look."""
        return self.outcome is JobOutcome.FAILED


def _deliver_webhooks(work: Work) -> Done:
    sent = webhooks_sending.deliver_due(work.database)
    counts = {"delivered": sent.delivered, "failed": sent.failed, "given_up": sent.given_up}
    return Done(counts=counts)


def _publish_head(work: Work) -> Done:
    with work.database.reading() as session:
        head = audit.publish_head(session, work.settings.data_dir)
    return Done(counts={"entries": head.entries})


JOBS: tuple[Job, ...] = (
    Job(name="reviews", run=job_reviews.run),
    Job(name="webhooks", run=_deliver_webhooks),
    Job(name="reminders", run=reminders.run),
    Job(name="retention", run=retention.erase_old_comments),
    Job(name="tidy", run=retention.tidy),
    Job(name="audit-head", run=_publish_head),
)
"""In the order in which they run; the audit trail's head last, so that it covers what the others did."""


def chosen(name: str | None, jobs: Sequence[Job] = JOBS) -> Sequence[Job]:
    """The jobs of a name, all for none.

    Raises:
        BadInput: There is no such job.
    """
    found = [job for job in jobs if name in (None, job.name)]
    if not found:
        raise BadInput("There is no job {name}; there are {known}.", name=name, known=", ".join(j.name for j in jobs))
    return found


def run(
    database: Database,
    settings: Settings,
    *,
    today: dt.date,
    jobs: Sequence[Job] = JOBS,
    moment: dt.datetime | None = None,
) -> Iterator[Ran]:
    """Run jobs one after the other, telling what became of each; one that fails does not stop those after it.

    Args:
        database: The record.
        settings: How the installation is set up.
        today: The day it is.
        jobs: Which.
        moment: The moment it is; None for the clock's.
    """
    for job in jobs:
        try:
            yield _one(job, database, settings, today, moment or now())
        except sa.exc.OperationalError as error:  # no database, or no turn to write: the next may have more luck
            LOG.exception("The job %s could not begin or end", job.name)
            yield Ran(job=job.name, outcome=JobOutcome.FAILED, counts={}, said=fault(error))


def _one(job: Job, database: Database, settings: Settings, today: dt.date, moment: dt.datetime) -> Ran:
    with lease(database, job.name) as go_on:
        if go_on is None:
            return Ran(job=job.name, outcome=None, counts={}, said="Another process is at it.")
        work = Work(database=database, settings=settings, today=today, moment=moment, go_on=go_on)
        return _run(job, work)


def _run(job: Job, work: Work) -> Ran:
    with work.database.writing() as session:
        run_id = job_runs.begin(session, job.name)
    try:
        done = job.run(work)
        outcome = JobOutcome.FAILED if done.failed else JobOutcome.DONE if done.set_up else JobOutcome.NOT_SET_UP
        counts, said = done.counts, done.said
    except TakenOver:
        outcome, counts, said = JobOutcome.INTERRUPTED, {}, "Another process took it over."
    except Exception as error:
        LOG.exception("The job %s failed", job.name)
        outcome, counts, said = JobOutcome.FAILED, {}, fault(error)
    with work.database.writing() as session:
        job_runs.end(session, run_id, outcome, counts=counts, said=said)
    LOG.info("The job %s ended: %s", job.name, outcome.value)
    return Ran(job=job.name, outcome=outcome, counts=counts, said=said)
