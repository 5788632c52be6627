"""The same services from a terminal. Exit code 0: done; 2: the input or the arguments are wrong; 1: it failed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

Item = TypeVar("Item")


class OutputFormat(StrEnum):
    """How a result is printed."""

    JSON = "json"
    TEXT = "text"


app = typer.Typer(
    name="luotsi",
    help="Luotsi: small pilots, honest verdicts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@contextmanager
def refusals() -> Iterator[None]:
    """Bad input ends the command with one sentence and exit code 2, a database out of reach with one and code 1."""
    from sqlalchemy.exc import DatabaseError, OperationalError

    from services.errors import ServiceError
    from services.settings import SettingsError
    from stats.errors import DataError

    try:
        yield
    except (ServiceError, SettingsError, DataError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):  # the others are faults of this program
            raise
        typer.echo(f"The database cannot be used: {str(error.orig).splitlines()[0].rstrip('.')}.", err=True)
        raise typer.Exit(1) from error


@app.command()
def migrate() -> None:
    """Bring the database to the newest revision; an empty one gets every table."""
    from services import record

    with refusals():
        record.migrate()


@app.command()
def demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing when the database holds anything.")] = False,
) -> None:
    """Load the invented demo county into an empty database."""
    from services.demo.load import is_empty, load_demo
    from services.record import migrated
    from services.settings import load

    with refusals(), migrated().writing() as session:
        if if_empty and not is_empty(session):
            return
        summary = load_demo(session, today=load().today())
    typer.echo(summary)


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
        for row in evaluation.evaluate_all(session, today=load().today(), progress=_progress):
            typer.echo(f"{row.pilot.code}\t{row.stored.row.verdict.value}\t{row.stored.row.rule}")


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

    with refusals(), migrated().writing() as session, _row_count() as progress:
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

    with refusals(), migrated().writing() as session, _row_count() as progress:
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


@app.command()
def redact(
    file: Annotated[Path | None, typer.Argument(help="Text file, UTF-8. Default: standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object a line, with the places found.")] = False,
) -> None:
    """Replace personal data in lines of text: [NAME], [PHONE], [HETU]... Reads no database."""
    from services.redact_lines import redacted_lines

    with refusals():
        for line in redacted_lines(file, as_json=as_json):
            typer.echo(line)


@app.command("create-user")
def create_user(
    code: Annotated[str, typer.Argument(help="User name.")],
    name: Annotated[str, typer.Argument(help="The person's name.")],
    role: Annotated[str, typer.Argument(help="staff, team_lead, coach, area_director, leadership, trustee, admin...")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit the role is limited to.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address, as the sign-in will give it.")] = None,
) -> None:
    """Add a person."""
    from services import organisation, people
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        unit_id = organisation.unit_by_code(session, unit).id if unit else None
        person = people.create_person(session, code=code, name=name, role=role, unit_id=unit_id, email=email)
    typer.echo(f"{person.code}\t{person.role.value}")


@contextmanager
def _row_count() -> Iterator[Callable[[int], object]]:
    """A running count of rows on stderr."""
    from tqdm import tqdm

    with tqdm(unit=" rows", file=sys.stderr, disable=None) as bar:
        yield bar.update


def _progress(items: Sequence[Item], what: str) -> Iterator[Item]:
    """A progress bar on stderr; stdout carries only the result."""
    from tqdm import tqdm

    yield from tqdm(items, desc=what, file=sys.stderr, disable=None)


if __name__ == "__main__":
    app()
