"""The record this installation uses."""

from __future__ import annotations

from models.database import Database, database_at
from models.migrate import current_revision, newest_revision, upgrade
from models.sqlite_file import is_missing
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
    at = None if is_missing(found.read_engine) else current_revision(found.read_engine)
    expected = newest_revision()
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
