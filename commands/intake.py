"""Files into the record, and out of it again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.common import refusals, row_count

app = typer.Typer()


@app.command("import-feedback")
def import_feedback(
    file: Annotated[Path, typer.Argument(help="CSV or XLSX file of answers.")],
    profile: Annotated[
        str | None, typer.Option(help="Name of a saved column mapping. Default: by the headers.")
    ] = None,
) -> None:
    """Take in a file of answers; prints what became of its rows."""
    from services import importing
    from services.record import migrated

    with refusals(), migrated().writing() as session, row_count() as progress:
        result = importing.import_feedback(session, path=file, by=None, profile=profile, progress=progress)
    typer.echo(f"Import {result.batch_id}; take it back with `python cli.py undo-import {result.batch_id}`.", err=True)
    typer.echo(json.dumps(result.as_json(), ensure_ascii=False))


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

    with refusals(), migrated().writing() as session, row_count() as progress:
        result = importing.import_measurements(session, path=file, by=None, profile=profile, progress=progress)
    typer.echo(f"Import {result.batch_id}; take it back with `python cli.py undo-import {result.batch_id}`.", err=True)
    typer.echo(json.dumps(result.as_json(), ensure_ascii=False))


@app.command("undo-import")
def undo_import(number: Annotated[int, typer.Argument(help="The import's number.", min=1, max=2**31 - 1)]) -> None:
    """Take an import back as a whole."""
    from services import import_batches
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        batch = import_batches.undo_import(session, batch=number, by=None)
    typer.echo(f"{batch.id}\t{batch.file_name}")
