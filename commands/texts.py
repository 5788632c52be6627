"""Comments: personal data out of them, themes into them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from commands.common import counted, refusals, row_count

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


@app.command("erase-feedback")
def erase_feedback(
    ids: Annotated[list[int] | None, typer.Option("--id", help="Number of an answer; may be given again.")] = None,
    older_than: Annotated[
        str | None,
        typer.Option("--older-than", help="Of answers given before this day (2021-01-01), or so many years ago (5y)."),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
) -> None:
    """Erase comments for good; scores and themes stay. With --older-than also the respondents' marks."""
    from services import text_removal
    from services.record import migrated
    from services.settings import load

    with refusals():
        if bool(ids) == bool(older_than):
            raise typer.BadParameter("give either --id or --older-than")
        before = text_removal.first_day_kept(older_than, today=load().today()) if older_than else None
        with migrated().writing() as session, row_count() as progress:
            if before is None:
                why = reason or "erased by number at the terminal"
                done = text_removal.erase_texts(session, feedback_ids=ids or [], by=None, reason=why)
            else:
                why = reason or f"given before {before}"
                done = text_removal.erase_older_than(session, before=before, reason=why, progress=progress)
    typer.echo(json.dumps({"erased": done.comments, "quotes": done.quotes, "respondents": done.respondents}))


@app.command("read-comments")
def read_comments(
    teach: Annotated[bool, typer.Option("--teach", help="Fit the theme model anew to people's labels first.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Read the comments that wait: vectors, themes, tone. Can be stopped at any time, and goes on where it ended."""
    from tqdm import tqdm

    from services import text_work, theme_learning
    from services.record import migrated

    with refusals(), tqdm(unit=" comments", file=sys.stderr, disable=True if quiet else None) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        if teach:
            with migrated().reading() as session:
                learnt = theme_learning.learn(session, by=None)
            with migrated().writing() as session:
                theme_learning.keep(session, learnt)
        read = text_work.run(migrated(), progress=show)
    if read is None:
        typer.echo("Another process is reading the comments now.", err=True)
        raise typer.Exit(1)
    typer.echo(json.dumps({"read": read}))


@app.command("assign-themes")
def assign_themes(
    file: Annotated[Path, typer.Argument(help="Comments: JSON lines or CSV with id, text and perhaps language.")],
    themes: Annotated[Path, typer.Option(help="Themes: a JSON list with id, names (fi, sv, en), keywords, examples.")],
    out: Annotated[Path, typer.Option(help="Where the result goes: a JSON object a line, in the comments' order.")],
) -> None:
    """Give comments their themes and tone, from files, without a database."""
    from services.assign_file import assign_file

    with refusals(), counted(" comments") as show:
        assign_file(file, themes=themes, out=out, progress=show)


@app.command("discover-themes")
def discover_themes(
    file: Annotated[Path, typer.Argument(help="Comments: JSON lines or CSV with id, text and perhaps language.")],
    out: Annotated[Path, typer.Option(help="Where the proposals go: a JSON list.")],
) -> None:
    """Propose themes from comments of like meaning, from files, without a database."""
    from services.discover_file import discover_file

    with refusals(), counted(" comments") as show:
        discover_file(file, out=out, progress=show)
