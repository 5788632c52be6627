"""What a restored record says is what the record said: every evaluation, byte by byte."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models.database import Database
from models.metrics import Measurement
from models.migrate import upgrade
from services import backup, backup_postgres, restore
from services.written import NotWritten
from tests.postgres import Postgres
from tests.services.kept_safe import evaluated, use_the_tests_tools


@pytest.mark.slow
def test_a_restored_county_is_evaluated_alike_to_the_last_byte(
    demo_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_the_tests_tools(monkeypatch)
    made = backup.make(demo_database, tmp_path / "county.backup")
    before = evaluated(demo_database)
    assert len(before) == 22
    _spoil(demo_database)
    assert evaluated(demo_database) != before, "what is restored matters to the evaluations"

    done = restore.restore(demo_database, made.file, replace=True)

    assert evaluated(demo_database) == before
    if not demo_database.startswith("sqlite"):
        with backup_postgres._maintenance(demo_database) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')


def _spoil(url: str) -> None:
    """Change every value of the record, as a mistake might."""
    database = Database(url)
    with database.writing() as session:
        session.execute(sa.update(Measurement).values(n=Measurement.n + 1))
        session.execute(sa.text("UPDATE feedback_score SET value = low"))
        session.commit()
    database.dispose()


@pytest.fixture
def owned(postgres: Postgres) -> Iterator[tuple[str, str]]:
    """A migrated database whose owner may make databases and is no superuser, and an app that only has rights in it."""
    owner, app = (f"{name}_{uuid.uuid4().hex[:10]}" for name in ("owner", "app"))
    with postgres.database() as (name, url):
        for statement in (
            f"CREATE ROLE {app} LOGIN PASSWORD 'of the app'",
            f"CREATE ROLE {owner} LOGIN CREATEDB PASSWORD 'of the owner'",
            f"GRANT {app} TO {owner} WITH INHERIT TRUE",
            f'ALTER DATABASE "{name}" OWNER TO {owner}',
        ):
            postgres._execute(statement)
        as_owner, as_app = (
            sa.make_url(url).set(username=who, password=password).render_as_string(hide_password=False)
            for who, password in ((owner, "of the owner"), (app, "of the app"))
        )
        upgrade(as_owner)
        _grant(as_owner, app)
        yield as_owner, as_app
    for statement in (f"DROP ROLE {owner}", f"DROP ROLE {app}"):
        postgres._execute(statement)


def _grant(as_owner: str, app: str) -> None:
    engine = sa.create_engine(as_owner, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {app}")
        connection.exec_driver_sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {app}")
        connection.exec_driver_sql(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}")


@pytest.mark.slow
def test_the_app_backs_up_and_the_owner_restores_without_an_administrator(
    owned: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_the_tests_tools(monkeypatch)
    as_owner, as_app = owned
    engine = sa.create_engine(as_app)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO setting VALUES ('which', 'backed up')")
    commands: list[list[str]] = []
    run = backup_postgres.subprocess.run

    def spied(command: list[str], **rest: Any) -> Any:
        commands.append(command)
        return run(command, **rest)

    monkeypatch.setattr(backup_postgres.subprocess, "run", spied)
    made = backup.make(as_app, tmp_path / "kept.backup")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE setting SET value = 'in use'")
    with pytest.raises(NotWritten, match="Nothing was changed"):
        restore.restore(as_app, made.file, replace=True)
    with engine.connect() as connection:  # the app stays connected while the owner restores
        assert connection.exec_driver_sql("SELECT value FROM setting").scalar_one() == "in use"
        done = restore.restore(as_owner, made.file, replace=True)
        connection.invalidate()  # it was ended
    engine.dispose()
    words = [word for command in commands for word in command]
    assert any("dbname" in word for word in words)
    assert not any("of the" in word for word in words), "everybody sees the words of a command"
    app = str(sa.make_url(as_app).username)
    _grant(as_owner, app)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT value FROM setting").scalar_one() == "backed up"
    engine.dispose()
    with backup_postgres._maintenance(as_owner) as connection:
        connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')
