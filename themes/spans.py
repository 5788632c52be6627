"""Stretches of personal data in a text, and how overlapping ones are settled."""

from __future__ import annotations

import enum
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Kind(enum.StrEnum):
    """What a stretch of personal data is; its name in brackets takes the stretch's place."""

    HETU = "HETU"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    NAME = "NAME"
    ADDRESS = "ADDRESS"
    PLATE = "PLATE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"

    @property
    def placeholder(self) -> str:
        """What stands in the redacted text."""
        return f"[{self.value}]"


class Span(NamedTuple):
    """A stretch of a text.

    Attributes:
        start: Index of the first character.
        end: Index after the last character.
        kind: What it is.
    """

    start: int
    end: int
    kind: Kind


def settled(found: Iterable[Span], blocked: Iterable[Span] = ()) -> list[Span]:
    """Spans without overlaps, in the order of the text; of two that overlap, the one given first stays.

    Args:
        found: Candidates, the surest rule first.
        blocked: Stretches nothing may touch (placeholders that are there already).
    """
    taken = sorted((span.start, span.end) for span in blocked)
    starts = [start for start, _ in taken]
    kept: list[Span] = []
    for span in found:
        at = bisect_right(starts, span.start)
        if (at and taken[at - 1][1] > span.start) or (at < len(taken) and taken[at][0] < span.end):
            continue
        starts.insert(at, span.start)
        taken.insert(at, (span.start, span.end))
        kept.append(span)
    return sorted(kept)


def joined(spans: Iterable[Span], text: str) -> Iterator[Span]:
    """Neighbours of one kind with nothing but spaces or a hyphen between them become one ("Maija", "Virtanen")."""
    waiting: Span | None = None
    for span in spans:
        if waiting and waiting.kind == span.kind and text[waiting.end : span.start] in ("", " ", "-", "\u00a0"):
            waiting = Span(waiting.start, span.end, span.kind)
            continue
        if waiting:
            yield waiting
        waiting = span
    if waiting:
        yield waiting
