"""The same services from a terminal. Exit code 0: done; 2: the input or the arguments are wrong; 1: it failed."""

from __future__ import annotations

from dataclasses import replace

import typer

from commands import audit, evaluation, intake, interface, operations, record, texts
from commands.common import refusals

app = typer.Typer(
    name="luotsi",
    help="Luotsi: small pilots, honest verdicts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for noun in (record, audit, evaluation, intake, texts, operations, interface):
    app.registered_commands += noun.app.registered_commands


@app.callback()
def everywhere() -> None:
    """What fails is told by its kind and place, without the values in it: they may be somebody's."""
    from services import logs, settings

    with refusals():
        found = settings.logs()
        logs.set_up(replace(found, level="WARNING" if found.level == "INFO" else found.level))


if __name__ == "__main__":
    app()
