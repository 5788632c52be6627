"""Fixtures shared by every room: databases in a known state, on both engines.

Every database test runs twice, on SQLite and on a real PostgreSQL. A worker migrates one template of each kind, and
every test gets its own copy of it, so services may commit as they like and no trigger has to be switched off to
clean up behind them. A copy takes about 1 ms on SQLite and 0.1 s on PostgreSQL, no more than
truncating every table does. The demo county, 220,000 rows, is loaded once into SQLite and copied row for row into
PostgreSQL; the tests of the services get it on both, those of pages and documents on SQLite.

A test that makes sense on one engine only says so:
`@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.databases import DEMO_TODAY, ENGINES, own_copy, sqlite_url
from tests.postgres import Postgres, running_postgres

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session


@pytest.fixture(scope="session", autouse=True)
def _nobody_elses_installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests never see the configuration, the database or the files of the installation they run beside."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("LUOTSI_") or n in ("DATABASE_URL", "PORT")]:
            patch.delenv(name)
        patch.setenv("LUOTSI_DATA_DIR", str(tmp_path_factory.mktemp("installation")))
        patch.setenv("LUOTSI_READ_COMMENTS", "off")
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL, shared by the workers of a test run."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    from models.migrate import upgrade

    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(sqlite_url(path))
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database."""
    from models.migrate import upgrade

    with postgres.database() as (name, url):
        upgrade(url)
        yield name


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own, on each engine in turn."""
    with own_copy(request, tmp_path / "luotsi.db", sqlite="sqlite_template", postgres="postgres_template") as url:
        yield url


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table, on each engine in turn: for tests of the migrations."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
    else:
        with request.getfixturevalue("postgres").database() as (_, url):
            yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A writing engine on the test's own database."""
    yield from _engine(database_url)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on the test's own database; nothing is rolled back, the database is thrown away."""
    from sqlmodel import Session

    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """An SQLite file holding the demo county as it stands on DEMO_TODAY, loaded once and shared by the workers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    path = shared / "demo-template.db"
    with (shared / "demo-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _load_demo(sqlite_template, own / "demo-being-loaded.db").rename(path)
    return path


def _load_demo(empty: Path, path: Path) -> Path:
    from sqlmodel import Session

    from models.database import make_write_engine
    from services.demo.load import load_demo

    shutil.copyfile(empty, path)
    engine = make_write_engine(sqlite_url(path))
    with Session(engine) as session:
        load_demo(session, today=DEMO_TODAY)
    engine.dispose()
    wal = path.with_name(path.name + "-wal")
    assert not wal.exists() or wal.stat().st_size == 0, "the template still has rows in its write-ahead log"
    return path


@pytest.fixture(scope="session")
def demo_postgres_template(postgres: Postgres, postgres_template: str, demo_template: Path) -> Iterator[str]:
    """The name of a PostgreSQL database holding the same demo county, row for row."""
    from models.database import make_engine
    from tests.demo_copy import copy_rows

    with postgres.database(template=postgres_template) as (name, url):
        source, target = make_engine(sqlite_url(demo_template)), make_engine(url)
        copy_rows(source, target)
        source.dispose()
        target.dispose()
        yield name


@pytest.fixture
def demo_database(demo_template: Path, tmp_path: Path) -> str:
    """The address of the test's own copy of the demo county, on SQLite."""
    path = tmp_path / "demo.db"
    shutil.copyfile(demo_template, path)
    return sqlite_url(path)


@pytest.fixture
def demo_installation(demo_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Configures the product to use the test's own demo county on DEMO_TODAY: for pages and the command line."""
    monkeypatch.setenv("DATABASE_URL", demo_database)
    monkeypatch.setenv("LUOTSI_TODAY", DEMO_TODAY.isoformat())
    monkeypatch.setenv("LUOTSI_DATA_DIR", str(tmp_path))
    return demo_database


@pytest.fixture
def demo_engine(demo_database: str) -> Iterator[Engine]:
    """A writing engine on the test's own demo county."""
    yield from _engine(demo_database)


@pytest.fixture
def demo_session(demo_engine: Engine) -> Iterator[Session]:
    """A session on the test's own demo county."""
    from sqlmodel import Session

    with Session(demo_engine, expire_on_commit=False) as session:
        yield session


def _engine(url: str) -> Iterator[Engine]:
    from models.database import make_write_engine

    engine = make_write_engine(url)
    yield engine
    engine.dispose()
