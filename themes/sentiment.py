"""The tone of an answer from its own rating."""

from __future__ import annotations

from typing import Literal

Sentiment = Literal["neg", "neu", "pos"]


def from_rating(value: float | None, low: float, high: float) -> Sentiment | None:
    """The tone a rating expresses, wherever it was given.

    On 0-10 the recommendation's own groups: 0-6, 7-8, 9-10. On other scales the lower and upper two fifths and
    what is between: 1-2, 3 and 4-5 of five; 1-2 and 3-4 of four faces.

    Args:
        value: The rating, or None when there is none.
        low: The scale's worst value.
        high: The scale's best value.

    Raises:
        ValueError: The scale has no width, or the value is not on it.

    References:
        Reichheld (2003), "The one number you need to grow", Harvard Business Review 81(12): the groups of 0-10.

    >>> from_rating(6, 0, 10), from_rating(3, 1, 5), from_rating(3, 1, 4), from_rating(None, 1, 5)
    ('neg', 'neu', 'pos', None)
    """
    if not low < high:
        raise ValueError(f"low == {low}, must be < high ({high}).")
    if value is None:
        return None
    if not low <= value <= high:
        raise ValueError(f"value == {value}, must be from {low} to {high}.")
    position = (value - low) / (high - low)
    worse, better = (0.65, 0.85) if (low, high) == (0, 10) else (0.4, 0.6)
    return "neg" if position < worse else "pos" if position > better else "neu"
