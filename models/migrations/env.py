"""Alembic's entry: the same migrations for SQLite and PostgreSQL."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401  the metadata must be whole
from models.database import make_write_engine

url = context.config.get_main_option("sqlalchemy.url")
if not url:
    raise SystemExit("Migrations need a database address; run them with `python cli.py migrate`.")

engine = make_write_engine(url)
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
