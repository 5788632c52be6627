"""Alembic's entry: the same migrations for SQLite and PostgreSQL."""

from alembic import context
from sqlmodel import SQLModel

import models.tables  # noqa: F401  the metadata must be whole
from models.database import make_write_engine

url = context.config.get_main_option("sqlalchemy.url")
if not url:
    raise SystemExit("Migrations need a database address; run them with `python cli.py migrate`.")

engine = make_write_engine(url)
on_sqlite = engine.dialect.name == "sqlite"
with engine.connect() as connection:
    if on_sqlite:
        # SQLite changes a table by copying and dropping it, and dropping would delete what refers to it.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
        if on_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise SystemExit(f"The migration left {len(broken)} rows that refer to nothing; nothing was changed.")
engine.dispose()
