"""The same services from a terminal. Exit code 0: done; 2: the input or the arguments are wrong; 1: it failed."""

from __future__ import annotations

import typer

from commands import audit, evaluation, intake, interface, operations, record, texts

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

if __name__ == "__main__":
    app()
