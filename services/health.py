"""Whether this installation can serve: the database answers, is at the revision this code expects, and keeps its trail.

How fresh the scheduled jobs are is told too, and fails nothing: the screens serve without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session

from models.migrate import current_revision, newest_revision
from services import audit, job_runs
from services.audit import Head
from services.job_runs import Freshness
from services.record import database


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a monitor asks for.

    Attributes:
        database: "ok", or the kind of error in one word; never an address.
        migration: The database's revision; None when unknown or never migrated.
        expected: The revision this code expects.
        missing_triggers: What should guard the audit trail and is not there; None when the trail cannot be asked.
        head: The end of the audit trail; None when it cannot be asked.
        jobs: How fresh the scheduled jobs are, by name.
    """

    database: str
    migration: str | None
    expected: str | None
    missing_triggers: tuple[str, ...] | None = None
    head: Head | None = None
    jobs: Mapping[str, Freshness] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the installation can serve."""
        return self.database == "ok" and self.migration == self.expected and self.audit == "ok"

    @property
    def audit(self) -> str:
        """How the audit trail stands, in a word or two."""
        if self.missing_triggers is None:
            return "unknown"
        return "unguarded" if self.missing_triggers else "ok"


def check() -> Health:
    """Ask the database; takes as long as its connection does."""
    expected = newest_revision()
    try:
        engine = database().read_engine
        at = current_revision(engine)
        if at != expected:
            return Health(database="ok", migration=at, expected=expected)
        with Session(engine) as session:
            return Health(
                database="ok",
                migration=at,
                expected=expected,
                missing_triggers=tuple(sorted(audit.missing_triggers(session.connection()))),
                head=audit.head(session),
                jobs=job_runs.freshness(session),
            )
    except sa.exc.SQLAlchemyError as error:
        return Health(database=type(error).__name__, migration=None, expected=expected)
