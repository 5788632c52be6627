"""What whoever runs the service does: backups, restoring, the mirror for analysts, scheduled jobs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from commands.common import byte_count, refusals, row_count

app = typer.Typer()


@app.command()
def backup(
    to: Annotated[Path, typer.Argument(help="The backup's file; or a folder, where it gets a name with the moment.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace a file that is there.")] = False,
) -> None:
    """Back the record up into one file, while people go on working."""
    from services import backup as backups
    from services.settings import load

    with refusals(), byte_count() as progress:
        made = backups.make(load().database_url, to, replace=replace, progress=progress)
    found = made.manifest.facts
    typer.echo(
        json.dumps(
            {
                "file": str(made.file),
                "bytes": made.size,
                "revision": found.revision,
                "rows": sum(found.rows.values()),
                "audit_entries": found.audit_entries,
                "sha256": made.manifest.sha256,
            }
        )
    )


@app.command()
def restore(
    from_: Annotated[Path, typer.Argument(metavar="FROM", help="A file that `backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of a record that is not empty; that one is kept.")
    ] = False,
) -> None:
    """Put a backup in the place of the record, when all of it has been checked."""
    from services import restore as restores
    from services.settings import load

    with refusals(), byte_count() as progress:
        done = restores.restore(load().database_url, from_, replace=replace, progress=progress)
    for fault in done.faults:
        typer.echo(f"The audit trail in the backup is not whole: {fault}", err=True)
    found = done.manifest
    typer.echo(
        json.dumps(
            {
                "made_at": found.made_at.isoformat(timespec="seconds"),
                "revision": done.revision,
                "rows": sum(found.facts.rows.values()),
                "audit_entries": found.facts.audit_entries,
                "kept": done.kept,
            }
        )
    )


@app.command("run-jobs")
def run_jobs(
    only: Annotated[str | None, typer.Option("--only", metavar="NAME", help="Only this job.")] = None,
) -> None:
    """Do what is due: for cron or a timer, every quarter of an hour. One JSON object a job; 1 when any failed."""
    from services import jobs, logs, settings
    from services.record import migrated

    with refusals():
        logs.set_up(settings.logs())
        own, chosen, database = settings.load(), jobs.chosen(only), migrated()
        failed = False
        for ran in jobs.run(database, own, today=own.today(), jobs=chosen):
            outcome = ran.outcome.value if ran.outcome else "busy"
            told = {"job": ran.job, "outcome": outcome, "counts": dict(ran.counts), "said": ran.said}
            typer.echo(json.dumps(told, ensure_ascii=False))
            failed = failed or ran.failed
    if failed:
        raise typer.Exit(1)


@app.command()
def mirror(
    to: Annotated[
        Path | None, typer.Argument(help="The mirror's folder. Default: mirror in the installation's data folder.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Write every month anew.")] = False,
) -> None:
    """Bring the Parquet files for analysts up to the record: measurements, answers and scores by month, no words."""
    from dataclasses import asdict

    from services import mirror as mirrors
    from services.record import migrated
    from services.settings import load

    with refusals(), row_count() as progress:
        own = load()
        folder = to or own.data_dir / "mirror"
        done = mirrors.mirror(migrated(), folder, today=own.today(), everything=everything, progress=progress)
    typer.echo(json.dumps({"folder": str(folder), **{name: asdict(one) for name, one in done.items()}}))
