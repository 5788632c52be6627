"""What a check is, and an event that someone noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stats.messages import Message

MANY_COMPARISONS = 5


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check.

    Attributes:
        name: Stable name, for programs.
        passed: True, False, or None when it only informs.
        detail: The sentence.
        blocks_scale: A failure here keeps the verdict from being "scale".
    """

    name: str
    passed: bool | None
    detail: Message
    blocks_scale: bool = False


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened and may have moved the numbers.

    Attributes:
        on: When.
        name: What, in the words of whoever noted it.
        units: Units it concerned; empty means all.
    """

    on: date
    name: str
    units: tuple[str, ...] = ()
