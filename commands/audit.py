"""The audit trail from a terminal."""

from __future__ import annotations

import json

import typer

from commands.common import refusals

app = typer.Typer()


@app.command("verify-audit")
def verify_audit() -> None:
    """Follow the whole audit trail, and compare it with the published heads. Exit code 1 when it was tampered with."""
    from services import audit, settings
    from services.record import migrated

    with refusals():
        heads = list(audit.published(settings.load().data_dir / audit.HEADS))
        with migrated().reading() as session:
            missing = audit.missing_triggers(session.connection())
            found = audit.verify(session, heads)
    faults = [*map(str, found.faults), *(f"The trigger {name} is missing." for name in sorted(missing))]
    result = {
        "entries": found.head.entries,
        "head": found.head.hash,
        "published_heads": found.published,
        "forgotten": found.forgotten,
        "faults": faults,
    }
    typer.echo(json.dumps(result))
    if faults:
        typer.echo(faults[0], err=True)
        raise typer.Exit(1)


@app.command("publish-audit-head")
def publish_audit_head() -> None:
    """Write the trail's newest hash into a file outside the database, for others to keep a copy of."""
    from services import audit, settings
    from services.record import migrated

    with refusals():
        folder = settings.load().data_dir
        with migrated().reading() as session:
            head = audit.publish_head(session, folder)
    typer.echo(json.dumps({"entries": head.entries, "head": head.hash, "file": audit.HEADS}))
