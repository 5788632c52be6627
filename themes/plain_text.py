"""Texts as rules can read them: without invisible characters, accents on their letters; and the way back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_CLUSTER = re.compile(f"[{_INVISIBLE}]+|[^\u0300-\u036f][\u0300-\u036f]+")


@dataclass(frozen=True)
class PlainText:
    """A text and where its characters were.

    Attributes:
        text: What rules read.
        starts: For each character of `text`, where it begins in the original; None when nothing was changed.
        ends: And where it ends, with its accents but without what is invisible after it.
    """

    text: str
    starts: Sequence[int] | None = None
    ends: Sequence[int] | None = None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `text`, not an empty one, is in the original: with everything invisible inside it."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def plain_text(original: str) -> PlainText:
    """A text without invisible characters (a zero-width space in a number), and with composed letters.

    >>> plain_text("040\\u200b123").text
    '040123'
    >>> plain_text("040\\u200b123").original(2, 4)
    (2, 5)
    """
    if original.isascii() or (not _HIDDEN.search(original) and unicodedata.is_normalized("NFC", original)):
        return PlainText(original)
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0

    def keep(until: int) -> None:
        parts.append(original[position:until])
        starts.extend(range(position, until))
        ends.extend(range(position + 1, until + 1))

    for match in _CLUSTER.finditer(original):
        keep(match.start())
        if not _HIDDEN.match(match[0]):
            composed = unicodedata.normalize("NFC", match[0])
            parts.append(composed)
            starts.extend([match.start()] * len(composed))
            ends.extend([match.end()] * len(composed))
        position = match.end()
    keep(len(original))
    return PlainText("".join(parts), starts, ends)
