"""Comments made safe to keep: personal data out, language found; many at a time on every core."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

from themes.language import detect_language
from themes.redaction import redact

_FEWEST_FOR_PROCESSES = 3_000
_MOST_PROCESSES = 8
_SLICE = 400
_ENOUGH_TO_TELL = 200


class Clean(NamedTuple):
    """A comment that may be stored.

    Attributes:
        text: The redacted text.
        language: fi, sv or en; None when it is too short to tell.
    """

    text: str
    language: str | None


Cleaner = Callable[[Sequence[str]], list[Clean]]
"""Makes texts safe, in their order."""


def clean(texts: Sequence[str]) -> list[Clean]:
    """Redact texts and find their languages.

    >>> clean(["Kiitos avusta, Maija Virtanen!"])
    [Clean(text='Kiitos avusta, [NAME]!', language='fi')]
    """
    found = []
    for text in texts:
        safe = redact(text).text
        found.append(Clean(safe, detect_language(safe[:_ENOUGH_TO_TELL])))
    return found


@contextmanager
def cleaning(*, processes: int | None = None) -> Iterator[Cleaner]:
    """A cleaner that shares many texts among processes; they are started only once so many texts come.

    Never for a page's own script: a web server starts no processes of its own this way.

    Args:
        processes: How many at most; None for one a core. One means this process alone.
    """
    wanted = min(processes or _cores(), _MOST_PROCESSES)
    pool: ProcessPoolExecutor | None = None

    def cleaner(texts: Sequence[str]) -> list[Clean]:
        nonlocal pool
        if wanted < 2 or (pool is None and len(texts) < _FEWEST_FOR_PROCESSES):
            return clean(texts)
        if pool is None:
            pool = ProcessPoolExecutor(wanted, mp_context=multiprocessing.get_context("spawn"))
        slices = [texts[at : at + _SLICE] for at in range(0, len(texts), _SLICE)]
        return list(chain.from_iterable(pool.map(clean, slices)))

    try:
        yield cleaner
    finally:
        if pool is not None:
            pool.shutdown(cancel_futures=True)


def _cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
