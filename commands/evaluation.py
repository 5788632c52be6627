"""Evaluations: of one pilot or many from files, of every pilot in the record."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from commands.common import progress, refusals

app = typer.Typer()


class OutputFormat(StrEnum):
    """How a result is printed."""

    JSON = "json"
    TEXT = "text"


@app.command("evaluate")
def evaluate_file(
    data: Annotated[
        Path, typer.Argument(help="CSV or Parquet: unit, week, n, mean, sd (or count); or unit, date, value.")
    ],
    plan: Annotated[Path, typer.Option(help="The pilot's plan, JSON.")],
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Use nothing after this day. Default: all the data.")
    ] = None,
    format_: Annotated[OutputFormat, typer.Option("--format", help="json or text.")] = OutputFormat.JSON,
) -> None:
    """Evaluate one pilot from a file, without a database."""
    from services import evaluate_file, evaluation_text

    with refusals():
        result = evaluate_file.evaluate_file(data, plan, as_of=as_of.date() if as_of else None)
    if format_ is OutputFormat.JSON:
        typer.echo(json.dumps(result.to_dict(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        typer.echo(evaluation_text.as_text(result))


@app.command("evaluate-batch")
def evaluate_batch(
    panel: Annotated[
        Path, typer.Argument(help="Parquet (or CSV): pilot, unit, is_pilot, week, n, and mean, sd or count by kind.")
    ],
    plans: Annotated[
        Path,
        typer.Option(help="Parquet (or CSV): pilot, kind, direction, smallest_change, start, end, trigger_from..."),
    ],
    out: Annotated[Path, typer.Option(help="Where the results go: Parquet, a row a pilot.")],
    all_looks: Annotated[bool, typer.Option("--all-looks", help="A row a pilot and planned review instead.")] = False,
    scheduler: Annotated[
        str | None, typer.Option(help="Dask scheduler, tcp://host:8786. Default: this machine's cores.")
    ] = None,
) -> None:
    """Evaluate many pilots from two files, without a database."""
    from tqdm import tqdm

    from services import evaluate_batch
    from services.batch_tasks import BatchFailed

    try:
        with refusals(), tqdm(unit=" pilots", file=sys.stderr, disable=None) as bar:

            def show(done: int, of: int) -> None:
                bar.total = of
                bar.update(done)

            evaluate_batch.evaluate_batch(
                panel, plans, out=out, all_looks=all_looks, scheduler=scheduler, progress=show
            )
    except BatchFailed as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


@app.command("evaluate-all")
def evaluate_all() -> None:
    """Evaluate every started pilot as it stands today; prints one line a pilot."""
    from services import evaluation
    from services.record import migrated
    from services.settings import load

    with refusals(), migrated().writing() as session:
        for row in evaluation.evaluate_all(session, today=load().today(), progress=progress):
            typer.echo(f"{row.pilot.code}\t{row.stored.row.verdict.value}\t{row.stored.row.rule}")
