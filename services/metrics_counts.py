"""What the record says to monitoring, in numbers: read when it is asked, so it is the same from every process."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from models.base import now
from models.database import Database
from models.decisions import Evaluation
from models.imports import ImportBatch
from models.interface import DeliveryState, WebhookDelivery
from models.sessions import SessionEnd, SignInSession
from services import audit, job_runs
from services.job_runs import Freshness

LATELY = dt.timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What came in by files of one kind.

    Attributes:
        files: How many.
        imported: Rows taken in.
        duplicates: Rows that were there already.
        rejected: Rows refused.
    """

    files: int
    imported: int
    duplicates: int
    rejected: int


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The numbers.

    Attributes:
        evaluations: Stored evaluations, by verdict.
        imports: What came in by files, by kind.
        sign_ins: Sign-ins ever begun, refused ones among them.
        refused_lately: Sign-ins refused within the last day.
        audit_entries: Entries of the audit trail.
        messages_waiting: Messages to webhooks that have not arrived.
        jobs: How fresh the scheduled jobs are, by name.
    """

    evaluations: Mapping[str, int]
    imports: Mapping[str, Imported]
    sign_ins: int
    refused_lately: int
    audit_entries: int
    messages_waiting: int
    jobs: Mapping[str, Freshness]


def counts(database: Database) -> Counts | None:
    """Ask the record; None when it cannot be asked."""
    try:
        with database.reading() as session:
            return Counts(
                evaluations=_evaluations(session),
                imports=_imports(session),
                # a count of rows would shrink, since those of old sessions go
                sign_ins=session.exec(select(sa.func.max(SignInSession.id))).one() or 0,
                refused_lately=session.exec(
                    select(sa.func.count())
                    .select_from(SignInSession)
                    .where(
                        SignInSession.ended_because == SessionEnd.REFUSED,
                        col(SignInSession.started_at) > now() - LATELY,
                    )
                ).one(),
                audit_entries=audit.head(session).entries,
                messages_waiting=session.exec(
                    select(sa.func.count())
                    .select_from(WebhookDelivery)
                    .where(WebhookDelivery.state == DeliveryState.WAITING)
                ).one(),
                jobs=job_runs.freshness(session),
            )
    except sa.exc.SQLAlchemyError:
        return None


def _evaluations(session: Session) -> dict[str, int]:
    query = sa.select(col(Evaluation.verdict), sa.func.count()).group_by(col(Evaluation.verdict))
    return {verdict.value: count for verdict, count in session.execute(query)}


def _imports(session: Session) -> dict[str, Imported]:
    sums = [sa.func.coalesce(sa.func.sum(getattr(ImportBatch, name)), 0) for name in ("imported", "duplicates")]
    rejected = sa.func.coalesce(sa.func.sum(ImportBatch.rejected), 0)
    query = sa.select(col(ImportBatch.kind), sa.func.count(), *sums, rejected).group_by(col(ImportBatch.kind))
    return {
        kind.value: Imported(files=files, imported=int(taken), duplicates=int(known), rejected=int(refused))
        for kind, files, taken, known, refused in session.execute(query)
    }
