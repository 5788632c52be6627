"""What people type, made fit to be stored: nothing that cannot be seen or kept, no personal data, never too much."""

from __future__ import annotations

import unicodedata

from services.errors import BadInput
from themes.redaction import redact

CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r\x85"}
"""Characters of machines: PostgreSQL and XML refuse some of them, and nobody can read any."""
LARGEST = 1e9


def clean(text: str) -> str:
    r"""A text without machines' characters and blanks around it; "" when nothing in it can be seen.

    >>> clean(" Hyv\0ä \n"), clean("\u200b \u2060")
    ('Hyvä', '')
    """
    kept = text.translate(CONTROLS).strip()
    return kept if any(unicodedata.category(one)[0] not in "CZ" for one in kept) else ""


def words(text: str, *, most: int, field: str) -> str:
    """A clean text without personal data.

    Args:
        text: What was typed.
        most: How many characters fit where it is stored; what stands in place of a name may be longer than the name.
        field: The field of a form it comes from.

    Raises:
        BadInput: It is too long.

    >>> words(" Soita 040 123 4567. ", most=100, field="note")
    'Soita [PHONE].'
    """
    said = redact(clean(text)).text
    if len(said) > most:
        raise BadInput(
            "The text has {length} characters, at most {most} are taken.", field=field, length=len(said), most=most
        )
    return said


def amount(value: float, *, field: str, low: float = 0.0) -> float:
    """A number that can be reckoned with.

    Args:
        value: What was typed.
        field: The field of a form it comes from.
        low: The least that is taken.

    Raises:
        BadInput: It is no number, or a smaller or larger one than is taken.

    >>> amount(3, field="hours")
    3.0
    """
    if not low <= value <= LARGEST:
        raise BadInput("The number must be from {low} to {high}.", field=field, low=low, high=LARGEST)
    return float(value)
