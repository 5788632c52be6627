"""What is not kept for ever: comments past their time, and the machinery's own old rows."""

from __future__ import annotations

import calendar
import datetime as dt

import sqlalchemy as sa
from sqlmodel import col

from models.interface import DeliveryState, IdempotentRequest, WebhookDelivery
from models.jobs import Reminder
from services import idempotency, job_runs, sessions, text_removal
from services.job_work import Done, Work

RUNS_KEPT = dt.timedelta(days=400)
REMINDERS_KEPT = dt.timedelta(days=90)
DELIVERIES_KEPT = dt.timedelta(days=400)


def erase_old_comments(work: Work) -> Done:
    """Erase the words and respondents' marks of answers that are older than the installation keeps them."""
    months = work.settings.retention_months
    if months is None:
        return Done(set_up=False, said="LUOTSI_RETENTION_MONTHS is not set, so comments are kept.")
    before = first_day_kept(work.today, months)
    done = 0

    def told(rows: int) -> None:
        nonlocal done
        done += rows
        work.go_on(done, done)

    with work.database.writing() as session:
        gone = text_removal.erase_older_than(
            session, before=before, reason=f"older than {months} months, by schedule", progress=told
        )
    return Done(counts={"comments": gone.comments, "quotes": gone.quotes, "respondents": gone.respondents})


def first_day_kept(today: dt.date, months: int) -> dt.date:
    """The day so many months ago; the month's last one where it has no such day.

    >>> first_day_kept(dt.date(2026, 3, 31), 1), first_day_kept(dt.date(2026, 11, 25), 60)
    (datetime.date(2026, 2, 28), datetime.date(2021, 11, 25))
    """
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def tidy(work: Work) -> Done:
    """Delete old rows that nobody decided anything by: ended sessions, answered requests, runs, reminders, messages."""
    moment = work.moment
    counts = {}
    with work.database.writing() as session:
        counts["sessions"] = sessions.forget_old(session, now=moment)
    work.go_on(1, 3)
    with work.database.writing() as session:
        requests = sa.select(sa.func.count()).select_from(IdempotentRequest)
        held = session.execute(requests).scalar_one()
        idempotency.forget_old(session)
        counts["requests"] = held - session.execute(requests).scalar_one()
        session.commit()
    work.go_on(2, 3)
    with work.database.writing() as session:
        counts["runs"] = job_runs.forget_old(session, before=moment - RUNS_KEPT)
        over = work.today - REMINDERS_KEPT
        told = sa.delete(Reminder).where(col(Reminder.on_date) < over)
        counts["reminders"] = session.execute(told).rowcount  # type: ignore[attr-defined]
        messages = sa.delete(WebhookDelivery).where(
            col(WebhookDelivery.state) != DeliveryState.WAITING,
            col(WebhookDelivery.created_at) < moment - DELIVERIES_KEPT,
        )
        counts["messages"] = session.execute(messages).rowcount  # type: ignore[attr-defined]
        session.commit()
    return Done(counts=counts)
