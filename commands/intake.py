"""Files into the record, and out of it again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands.common import refusals

if TYPE_CHECKING:
    from services.import_batches import ImportResult
    from services.import_progress import Progress, Step

app = typer.Typer()


@app.command("import-feedback")
def import_feedback(
    file: Annotated[Path, typer.Argument(help="CSV, XLSX or JSON file of answers.")],
    profile: Annotated[
        str | None,
        typer.Option(
            help="A saved column mapping, or happyornot, open311, text-message, thl, survey. Default: by form."
        ),
    ] = None,
    unit: Annotated[
        str | None, typer.Option(help="Code of the unit that every row is about, where the file names none.")
    ] = None,
) -> None:
    """Take in a file of answers; prints what became of its rows."""
    from services import importing, text_work
    from services.record import migrated

    with refusals(), migrated().writing() as session, _progress() as progress:
        result = importing.import_feedback(
            session, path=file, by=None, profile=profile, unit=unit, progress=progress, processes=None
        )
    _print(result)
    text_work.start()


@app.command("import-measurements")
def import_measurements(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX file of measurements.")],
    profile: Annotated[
        str | None, typer.Option(help="Name of a saved column mapping. Default: by the headers.")
    ] = None,
) -> None:
    """Take in a file of measurements; prints what became of its rows."""
    from services import importing
    from services.record import migrated

    with refusals(), migrated().writing() as session, _progress() as progress:
        result = importing.import_measurements(session, path=file, by=None, profile=profile, progress=progress)
    _print(result)


@app.command("undo-import")
def undo_import(number: Annotated[int, typer.Argument(help="The import's number.", min=1, max=2**31 - 1)]) -> None:
    """Take an import back as a whole."""
    from services import import_batches
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        batch = import_batches.undo_import(session, batch=number, by=None)
    typer.echo(f"{batch.id}\t{batch.file_name}")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on stderr for the import as a whole, with the step it is at."""
    from tqdm import tqdm

    from services.import_progress import name_of, share_done

    shape = "{l_bar}{bar}| {elapsed}"
    with tqdm(total=100, file=sys.stderr, disable=None, bar_format=shape, leave=False) as bar:

        def told(step: Step, done: int, of: int) -> None:
            bar.set_description(name_of(step), refresh=False)
            bar.n = round(100 * share_done(step, done, of))
            bar.refresh()

        yield told


def _print(result: ImportResult) -> None:
    typer.echo(f"Import {result.batch_id}; take it back with `python cli.py undo-import {result.batch_id}`.", err=True)
    typer.echo(json.dumps(result.as_json(), ensure_ascii=False))
