"""The record this installation uses."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from models.database import Database, database_at
from models.migrate import current_revision, newest_revision, upgrade
from services import settings, theme_facts
from services.errors import Conflict


def database() -> Database:
    """The database that the configuration names; engines are made once a process."""
    return database_at(settings.load().database_url)


def migrated() -> Database:
    """The database, known to have this version's tables.

    Raises:
        Conflict: It is at another revision.
    """
    found = database()
    url = sa.make_url(found.url)
    made = url.get_backend_name() != "sqlite" or Path(url.database or "").exists()
    at, expected = current_revision(found.read_engine) if made else None, newest_revision()
    if at != expected:
        raise Conflict(
            "The database is at revision {at}, this version needs {expected}. Run `python cli.py migrate` first.",
            at=at or "-",
            expected=expected,
        )
    return found


def migrate() -> None:
    """Bring the database to this version's tables, and make what is derived from others where it is missing."""
    upgrade(settings.load().database_url)
    with database().writing() as session:
        if theme_facts.missing(session):
            theme_facts.rebuild(session)
            session.commit()
