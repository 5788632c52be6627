"""A disk of a few megabytes that a test can fill, with a record on it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.databases import sqlite_url
from tests.postgres import Postgres


@dataclass(frozen=True)
class SmallDisk:
    """A mounted disk.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Leave not a byte."""
        with self._ballast.open("ab") as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        os.write(file.fileno(), b"\0" * size)
                except OSError:
                    continue

    def make_room(self) -> None:
        """As much as there was before."""
        self._ballast.unlink()


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[SmallDisk]:
    """A disk in memory; takes the rights of root, without which the test is skipped."""
    folder = Path(tempfile.mkdtemp(prefix="luotsi-small-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        if mounted.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
        yield SmallDisk(folder)
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def sqlite_on(disk: SmallDisk, template: Path) -> Iterator[str]:
    """A copy of a record on the disk; its address."""
    path = disk.folder / "luotsi.db"
    shutil.copyfile(template, path)
    yield sqlite_url(path)


@contextmanager
def postgres_on(disk: SmallDisk, server: Postgres, template: str) -> Iterator[str]:
    """A copy of a record whose tables are on the disk, the server's journal elsewhere; its address."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("the server of TEST_DATABASE_URL may be on another machine than the small disk")
    place = disk.folder / "tables"
    place.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("pgserver")
        os.chown(place, owner.pw_uid, owner.pw_gid)
        disk.folder.chmod(0o755)
    name = f"luotsi_small_{uuid.uuid4().hex[:12]}"
    conninfo = make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE TABLESPACE \"{name}\" LOCATION '{place}'")  # type: ignore[arg-type]
        connection.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{template}" TABLESPACE "{name}" STRATEGY file_copy'  # type: ignore[arg-type]
        )
        try:
            yield server.url.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]
            connection.execute(f'DROP TABLESPACE "{name}"')  # type: ignore[arg-type]
