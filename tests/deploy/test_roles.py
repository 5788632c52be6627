"""The three roles of deploy/postgres-roles.sh on a real server: what the app's may not do, and what a restore needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.deploy.roles import Server, command, own_server

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with own_server() as running:
        settings = {"LUOTSI_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
        command("migrate", database_url=running.url("luotsi_owner"), settings=settings)
        running.give_rights()
        yield running


def refused(engine: sa.Engine, statement: str) -> bool:
    with pytest.raises(sa.exc.DBAPIError) as error, engine.connect() as connection:
        connection.exec_driver_sql(statement)
    said = str(error.value.orig)
    return "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE unit",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_update ON audit_entry",
        "TRUNCATE audit_entry",
        "TRUNCATE unit CASCADE",
        "UPDATE audit_entry SET actor = 'x'",
        "DELETE FROM audit_entry",
        "UPDATE alembic_version SET version_num = 'x'",
        "CREATE TABLE more (x int)",
        "SET session_replication_role = replica",
        "SET ROLE luotsi_owner",
        "CREATE DATABASE more",
        "COPY unit TO PROGRAM 'true'",
        "SELECT pg_read_file('/etc/passwd')",
        "SELECT * FROM pg_authid",
    ],
)
def test_the_apps_role_changes_rows_and_nothing_else(server: Server, statement: str) -> None:
    engine = sa.create_engine(server.url("luotsi"), isolation_level="AUTOCOMMIT")
    try:
        assert refused(engine, statement)
    finally:
        engine.dispose()


def test_the_app_works_after_a_restore(server: Server, tmp_path: Path) -> None:
    """The app's role takes the backup; the owner restores it beside open connections, and gives the rights."""
    settings = {"LUOTSI_DATA_DIR": str(tmp_path), "LUOTSI_PG_BIN": str(server.handle.bin_path)}
    app, owner = server.url("luotsi"), server.url("luotsi_owner")
    command("create-user", "anna", "Anna", "analyst", database_url=app, settings=settings)
    command("backup", str(tmp_path / "backup.zip"), database_url=app, settings=settings)
    command("create-user", "bertta", "Bertta", "analyst", database_url=app, settings=settings)
    engine = sa.create_engine(app, pool_pre_ping=True)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 2
    command("restore", str(tmp_path / "backup.zip"), "--replace", database_url=owner, settings=settings)
    server.give_rights()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT code FROM person").scalars().all() == ["anna"]
    engine.dispose()
    command("create-user", "cecilia", "Cecilia", "analyst", database_url=app, settings=settings)
    command("verify-audit", database_url=app, settings=settings)
