"""Keys of other systems, and the addresses that are told of decisions."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.common import refusals

app = typer.Typer()


@app.command("create-api-key")
def create_api_key(
    system: Annotated[str, typer.Argument(help="Name of the system; its keys share it.")],
    scope: Annotated[list[str], typer.Option(help="What the key opens, such as read:pilots. Give it several times.")],
    unit: Annotated[
        str | None, typer.Option(help="Code of the unit whose rows alone it reaches. Default: the whole county.")
    ] = None,
    days: Annotated[int, typer.Option(help="How many days it is good: 1 to 730.")] = 365,
) -> None:
    """Make a key of the REST interface; prints it, this once."""
    from services import api_keys
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        made = api_keys.create(session, system=system, scopes=scope, by=None, unit=unit, days=days)
    typer.echo(f"The key is good until {made.row.expires_at.date()}. It cannot be shown again.", err=True)
    typer.echo(made.secret)


@app.command("revoke-api-key")
def revoke_api_key(
    prefix: Annotated[str, typer.Argument(help="The key's beginning, as list-api-keys shows it.")],
) -> None:
    """Close a key; it opens nothing from this moment on."""
    from services import api_keys
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        row = api_keys.revoke(session, prefix=prefix, by=None)
    typer.echo(f"{row.prefix}\trevoked")


@app.command("list-api-keys")
def list_api_keys() -> None:
    """List keys: beginning, system, unit, scopes, state, last day, last use."""
    from models.base import now
    from services import api_keys
    from services.record import migrated

    with refusals(), migrated().reading() as session:
        rows = api_keys.all_keys(session, by=None)
    moment = now()
    for key in rows:
        state = "open" if key.opens(moment) else "revoked" if key.row.revoked_at else "closed"
        used = key.used_at.isoformat(timespec="minutes") if key.used_at else "-"
        unit = key.unit.code if key.unit else "-"
        scopes = " ".join(key.row.scopes)
        typer.echo(
            "\t".join((key.row.prefix, key.person.code, unit, scopes, state, str(key.row.expires_at.date()), used))
        )


@app.command("create-webhook")
def create_webhook(url: Annotated[str, typer.Argument(help="https://..., told of every decision.")]) -> None:
    """Tell an address of decisions; prints the secret that messages are signed with, this once."""
    from services import webhooks
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        made = webhooks.create(session, url=url, by=None)
    typer.echo(f"Webhook {made.row.id}. The secret cannot be shown again.", err=True)
    typer.echo(made.secret)


@app.command("end-webhook")
def end_webhook(number: Annotated[int, typer.Argument(help="The webhook's number.", min=1, max=2**31 - 1)]) -> None:
    """Tell an address no more."""
    from services import webhooks
    from services.record import migrated

    with refusals(), migrated().writing() as session:
        row = webhooks.end(session, webhook_id=number, by=None)
    typer.echo(f"{row.id}\t{row.url}\tended")


@app.command("list-webhooks")
def list_webhooks() -> None:
    """List webhooks: number, address, state."""
    from services import webhooks
    from services.record import migrated

    with refusals(), migrated().reading() as session:
        rows = webhooks.all_webhooks(session, by=None)
    for row in rows:
        typer.echo(f"{row.id}\t{row.url}\t{'ended' if row.ended_at else 'told'}")


@app.command("deliver-webhooks")
def deliver_webhooks() -> None:
    """Send what waits for webhooks; a timer calls this every minute. Prints delivered, failed, given up."""
    import json

    from services import webhooks_sending
    from services.record import migrated

    with refusals():
        sent = webhooks_sending.deliver_due(migrated())
    typer.echo(json.dumps({"delivered": sent.delivered, "failed": sent.failed, "given_up": sent.given_up}))
