"""What the commands share: refusals as one sentence with an exit code, progress on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import typer

Item = TypeVar("Item")


@contextmanager
def refusals() -> Iterator[None]:
    """Bad input ends the command with one sentence and exit code 2; no database, or no place to write, with code 1."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from services.errors import ServiceError
    from services.settings import SettingsError
    from services.written import NotWritten
    from stats.errors import DataError

    try:
        yield
    except (ServiceError, SettingsError, DataError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except NotWritten as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):  # the others are faults of this program
            raise
        typer.echo(f"The database cannot be used: {str(error.orig).splitlines()[0].rstrip('.')}.", err=True)
        raise typer.Exit(1) from error


@contextmanager
def row_count() -> Iterator[Callable[[int], object]]:
    """A running count of rows on stderr."""
    from tqdm import tqdm

    with tqdm(unit=" rows", file=sys.stderr, disable=None) as bar:
        yield bar.update


@contextmanager
def byte_count() -> Iterator[Callable[[int], object]]:
    """A running count of bytes on stderr."""
    from tqdm import tqdm

    with tqdm(unit="B", unit_scale=True, file=sys.stderr, disable=None) as bar:
        yield bar.update


@contextmanager
def counted(unit: str) -> Iterator[Callable[[int, int], object]]:
    """A bar on stderr, told how many are done and how many there are."""
    from tqdm import tqdm

    with tqdm(unit=unit, file=sys.stderr, disable=None) as bar:

        def show(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        yield show


def progress(items: Sequence[Item], what: str) -> Iterator[Item]:
    """A progress bar on stderr; stdout carries only the result."""
    from tqdm import tqdm

    yield from tqdm(items, desc=what, file=sys.stderr, disable=None)
