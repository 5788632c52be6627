"""Lines of text without personal data, for the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from services.errors import BadInput
from themes.redaction import redact


def redacted_lines(path: Path | None, *, as_json: bool) -> Iterator[str]:
    """Each line of a file or of standard input, redacted; as JSON with the places found in the line as it was.

    Args:
        path: A UTF-8 text file; None for standard input.
        as_json: One object a line: text, and spans with start, end and kind.

    Raises:
        BadInput: There is no such file, or it is not UTF-8.
    """
    name = path.name if path else "standard input"
    number = 0
    try:
        for line in _lines(path):
            number += 1
            found = redact(line.rstrip("\r\n"))
            if as_json:
                spans = [{"start": span.start, "end": span.end, "kind": span.kind.value} for span in found.spans]
                yield json.dumps({"text": found.text, "spans": spans}, ensure_ascii=False)
            else:
                yield found.text
    except FileNotFoundError as error:
        raise BadInput("There is no file {file}.", file=name) from error
    except UnicodeDecodeError as error:
        raise BadInput("{file} is not UTF-8 after row {row}.", file=name, row=number) from error


def _lines(path: Path | None) -> Iterator[str]:
    if path is None:
        sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        yield from sys.stdin
    else:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from file
