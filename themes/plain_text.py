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
        places: For each character of `text`, its index in the original, and the original's length last; None when
            nothing was changed.
    """

    text: str
    places: Sequence[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `text` is in the original: with everything invisible inside it."""
        return (start, end) if self.places is None else (self.places[start], self.places[end])


def plain_text(original: str) -> PlainText:
    """A text without invisible characters (a zero-width space in a number), and with composed letters.

    >>> plain_text("040\\u200b123").text
    '040123'
    >>> plain_text("040\\u200b123").original(2, 4)
    (2, 5)
    """
    if original.isascii() or (not _HIDDEN.search(original) and unicodedata.is_normalized("NFC", original)):
        return PlainText(original, None)
    parts: list[str] = []
    places: list[int] = []
    position = 0
    for match in _CLUSTER.finditer(original):
        parts.append(original[position : match.start()])
        places.extend(range(position, match.start()))
        if not _HIDDEN.match(match[0]):
            composed = unicodedata.normalize("NFC", match[0])
            parts.append(composed)
            places.extend([match.start()] * len(composed))
        position = match.end()
    parts.append(original[position:])
    places.extend(range(position, len(original) + 1))
    return PlainText("".join(parts), places)
