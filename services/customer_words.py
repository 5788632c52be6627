"""Whether a text lets customers speak for themselves, so that it is shown as a quotation only then."""

from __future__ import annotations

MARKS = ("”", "“", "«", "»", '"')


def quotes(text: str) -> bool:
    """Whether a text has somebody's own words in it.

    Example:
        >>> quotes("6 answers in 8 weeks"), quotes("6 answers: ”Nobody answers the phone.”")
        (False, True)
    """
    return any(mark in text for mark in MARKS)
