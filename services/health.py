"""Whether this installation can serve: the database answers and is at the revision this code expects."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from models.migrate import current_revision, newest_revision
from services.record import database


@dataclass(frozen=True, kw_only=True)
class Health:
    """What a monitor asks for.

    Attributes:
        database: "ok", or the kind of error in one word; never an address.
        migration: The database's revision; None when unknown or never migrated.
        expected: The revision this code expects.
    """

    database: str
    migration: str | None
    expected: str | None

    @property
    def ok(self) -> bool:
        """Whether the installation can serve."""
        return self.database == "ok" and self.migration == self.expected


def check() -> Health:
    """Ask the database; takes as long as its connection does."""
    expected = newest_revision()
    try:
        engine = database().read_engine
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
        return Health(database="ok", migration=current_revision(engine), expected=expected)
    except sa.exc.SQLAlchemyError as error:
        return Health(database=type(error).__name__, migration=None, expected=expected)
