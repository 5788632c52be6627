"""The record itself: its tables, the demo county, its people."""

from __future__ import annotations

from typing import Annotated

import typer

from commands.common import refusals

app = typer.Typer()


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
