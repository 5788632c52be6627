"""Lines of text without personal data, for the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

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
    except OSError as error:
        raise BadInput(
            "{file} cannot be read: {why}.", file=name, why=error.strerror or type(error).__name__
        ) from error
    except UnicodeDecodeError as error:
        value = f"0x{error.object[error.start]:02x}"
        raise BadInput(
            "{file}, row {row}: the byte {value} is not UTF-8; save the file as UTF-8.",
            file=name, row=number + 1, value=value,
        ) from error  # fmt: skip


def _lines(path: Path | None) -> Iterator[str]:
    if path is None:
        yield from _decoded(sys.stdin.buffer)
    else:
        with path.open("rb") as file:
            yield from _decoded(file)


def _decoded(file: IO[bytes]) -> Iterator[str]:
    """Lines, decoded one by one so that a refusal names the right one; a byte order mark is no part of the first."""
    for number, line in enumerate(file):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8")
