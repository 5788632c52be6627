"""A result file appears whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


class NotWritten(Exception):
    """A result cannot be written, through no fault of the input; what was there before is still there. One sentence."""


@contextmanager
def written_whole(out: Path) -> Iterator[IO[str]]:
    """A text file beside the result's place, moved there when everything was written; what was there stays until then.

    A link stays a link: the file it leads to is the one replaced.

    Raises:
        NotWritten: The file cannot be written.
    """
    told, out = out, out.resolve()
    part = out.with_name(f".{out.name}.{uuid.uuid4().hex}.part")
    try:
        with part.open("x", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
    except OSError as error:
        raise NotWritten(f"{told} cannot be written: {error.strerror or type(error).__name__}.") from error
    finally:
        part.unlink(missing_ok=True)
