"""PostgreSQL's own tools: pg_dump of one snapshot, pg_restore into a database of its own that then takes the place."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from services import settings
from services.errors import BadInput
from services.written import NotWritten

NAME = "luotsi.dump"
_LONGEST_NAME = 63
Asked = TypeVar("Asked")


def dump(url: str, target: Path, *, ask: Callable[[sa.Connection], Asked]) -> Asked:
    """Dump one moment of a database into a file, and ask it something at the same moment.

    Args:
        url: The database.
        target: A private file that is there already.
        ask: Gets a connection that sees what is dumped.

    Raises:
        BadInput: There is no pg_dump that is new enough.
        NotWritten: It failed.
    """
    engine = sa.create_engine(url, isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection:
            program = tool("pg_dump", server=server_version(connection))
            snapshot = connection.execute(sa.text("SELECT pg_export_snapshot()")).scalar_one()
            _run(
                [program, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"],
                ["--file", str(target)],
                url=url,
            )
            return ask(connection)
    finally:
        engine.dispose()


def load(url: str, dumped: Path, *, server: int) -> None:
    """Fill an empty database from a dump.

    Raises:
        BadInput: There is no pg_restore that is new enough.
        NotWritten: It failed.
    """
    program = tool("pg_restore", server=server)
    _run([program, "--exit-on-error", "--no-owner", "--no-privileges", "--single-transaction"], [str(dumped)], url=url)


@contextmanager
def beside(url: str) -> Iterator[str]:
    """A new, empty database beside another, with its encoding and sorting; dropped again unless it took the place.

    Yields:
        Its address.

    Raises:
        NotWritten: The user may not create databases.
    """
    address = sa.make_url(url)
    name = f"{str(address.database)[:40]}_restored"
    with _maintenance(url) as connection:
        row = connection.execute(
            sa.text("SELECT to_jsonb(d) FROM pg_database d WHERE datname = :name"), {"name": address.database}
        ).scalar_one()
        try:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(name)}")  # left by a run that was killed
            connection.exec_driver_sql(f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 {_sorting(row)}")
        except sa.exc.DBAPIError as error:
            told = str(error.orig).splitlines()[0]
            raise NotWritten(f"No database can be made to restore into: {told}. Nothing was changed.") from error
    try:
        yield address.set(database=name).render_as_string(hide_password=False)
    finally:
        with _maintenance(url) as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


def take_the_place(url: str, restored: str, *, keep_as: str | None) -> str | None:
    """Rename a restored database to the name of the one in use, both at once.

    Args:
        url: The database in use.
        restored: The one that takes its place.
        keep_as: What the name of the old one ends with; None to drop it.

    Returns:
        The old one's new name; None when it was dropped.

    Raises:
        NotWritten: It cannot be renamed; both are as they were.
    """
    old, new = str(sa.make_url(url).database), str(sa.make_url(restored).database)
    aside = f"{old[: _LONGEST_NAME - 31]}_{keep_as or 'dropped'}"
    with _maintenance(url) as connection:
        try:
            connection.exec_driver_sql(f"ALTER DATABASE {_quoted(old)} ALLOW_CONNECTIONS false")
            for name in (old, new):
                connection.execute(
                    sa.text(
                        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                        " WHERE datname = :name AND backend_type = 'client backend'"
                    ),
                    {"name": name},
                )
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql(f"ALTER DATABASE {_quoted(old)} RENAME TO {_quoted(aside)}")
            connection.exec_driver_sql(f"ALTER DATABASE {_quoted(new)} RENAME TO {_quoted(old)}")
            connection.exec_driver_sql("COMMIT")
        except sa.exc.DBAPIError as error:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql(f"ALTER DATABASE {_quoted(old)} ALLOW_CONNECTIONS true")
            told = str(error.orig).splitlines()[0]
            raise NotWritten(f"The database cannot be replaced: {told}. Nothing was changed.") from error
        if keep_as is None:
            connection.exec_driver_sql(f"DROP DATABASE {_quoted(aside)} WITH (FORCE)")
            return None
        connection.exec_driver_sql(f"ALTER DATABASE {_quoted(aside)} ALLOW_CONNECTIONS true")
        return aside


def server_version(connection: sa.Connection) -> int:
    """The server's major version."""
    return int(connection.execute(sa.text("SHOW server_version_num")).scalar_one()) // 10_000


def tool(name: str, *, server: int) -> str:
    """The path of a program that can talk to a server: of its version or a newer one.

    Raises:
        BadInput: There is none.
    """
    found = sorted((_major(path), place, path) for place, path in enumerate(_places(name)))
    for major, _, path in found:  # the server's own version before newer ones, which say what an older one knows not
        if major >= server:
            return str(path)
    seen = [f"{path} ({major})" for major, _, path in found]
    raise BadInput(
        "No {tool} of version {version} or newer was found ({seen}): install postgresql-client-{version}, or name its "
        "folder in LUOTSI_PG_BIN.",
        tool=name,
        version=server,
        seen=", ".join(seen) or "none at all",
    )


def _places(name: str) -> list[Path]:
    told = settings.load().pg_bin
    if told is not None:
        return [told / name] if (told / name).is_file() else []
    on_path = shutil.which(name)
    return [*([Path(on_path)] if on_path else []), *Path("/usr/lib/postgresql").glob(f"*/bin/{name}")]


def _major(path: Path) -> int:
    try:
        told = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False, timeout=30).stdout
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r"(\d+)", told)
    return int(found[1]) if found else 0


def _run(command: Sequence[str], files: Sequence[str], *, url: str) -> None:
    """Run a program on a database. The password goes by the environment, since everybody sees a command's words."""
    address = sa.make_url(url)
    query = {name: given if isinstance(given, str) else ",".join(given) for name, given in address.query.items()}
    password = query.pop("password", address.password)
    told = {"host": address.host, "port": address.port, "user": address.username, "dbname": address.database} | query
    plain = make_conninfo("", **{name: given for name, given in told.items() if given is not None})
    program = Path(command[0]).name
    environment = {"LC_ALL": "C", "PATH": "/usr/bin:/bin", "PGCONNECT_TIMEOUT": "30"}
    if password is not None:
        environment["PGPASSWORD"] = str(password)
    try:
        done = subprocess.run(
            [*command, "--no-password", f"--dbname={plain}", *files],
            capture_output=True,
            text=True,
            check=False,
            env=environment,
            stdin=subprocess.DEVNULL,
        )
    except OSError as error:
        raise NotWritten(f"{program} cannot be run: {error.strerror}.") from error
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        why = next((line for line in lines if "error" in line.lower()), lines[0] if lines else "it gave no reason")
        raise NotWritten(f"{program} failed: {why.removeprefix(program + ': ').rstrip('.')}.")


@contextmanager
def _maintenance(url: str) -> Iterator[sa.Connection]:
    """A connection beside the database, each statement by itself."""
    address = sa.make_url(url)
    name = "template1" if address.database == "postgres" else "postgres"
    engine = sa.create_engine(address.set(database=name), isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""').replace("%", "%%") + '"'


def _sorting(row: dict[str, str | None]) -> str:
    """How texts are encoded and sorted, as CREATE DATABASE takes it; the names of two columns differ by version."""

    def told(value: object) -> str:
        return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"

    shared = f"ENCODING 'UTF8' LC_COLLATE {told(row['datcollate'])} LC_CTYPE {told(row['datctype'])}"
    locale = row.get("datlocale") or row.get("daticulocale")
    provider = {"i": "icu", "b": "builtin"}.get(str(row.get("datlocprovider")))
    if provider is None or not locale:
        return shared
    return f"{shared} LOCALE_PROVIDER {provider} {provider.upper()}_LOCALE {told(locale)}"
