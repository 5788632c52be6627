"""Alembic from code: bring a database to the newest revision, or say how far it is."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import models.tables  # noqa: F401  the metadata must be whole
from models.database import make_engine

HERE = Path(__file__).parent / "migrations"


def configuration(url: str) -> Config:
    """Alembic's configuration for an address."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision; an empty one gets every table."""
    sqlite_file = sa.make_url(url).database if url.startswith("sqlite") else None
    if sqlite_file and sqlite_file != ":memory:":
        Path(sqlite_file).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(configuration(url), revision)


def newest_revision() -> str | None:
    """The revision this code expects."""
    return ScriptDirectory(str(HERE)).get_current_head()


def current_revision(engine: sa.Engine) -> str | None:
    """The revision a database is at; None when it was never migrated."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def differences(url: str) -> list[object]:
    """What the models say and the database does not: empty when migrations are complete."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, SQLModel.metadata))
    finally:
        engine.dispose()
