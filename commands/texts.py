"""Comments: personal data out of them, themes into them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.common import refusals

app = typer.Typer()


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
