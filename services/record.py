"""The record this installation uses."""

from __future__ import annotations

from models.database import Database, database_at
from services import settings


def database() -> Database:
    """The database that the configuration names; engines are made once a process."""
    return database_at(settings.load().database_url)
