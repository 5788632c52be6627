"""JSON may name half of a character; no file and no database takes one."""

from __future__ import annotations

from typing import Any


def whole_characters(value: Any) -> Any:
    """A value of JSON with a question mark in place of every half of a surrogate pair.

    Raises:
        RecursionError: It is nested too deeply.

    >>> whole_characters({"text": ["Hyvä \\ud83d\\ude00", "Hyv\\ud800"]})["text"][1]
    'Hyv?'
    """
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [whole_characters(item) for item in value]
    if isinstance(value, dict):
        return {whole_characters(name): whole_characters(item) for name, item in value.items()}
    return value


def read_whole(value: Any, written: str) -> Any:
    """The same, where it was written with escapes, the only way to name half of a character.

    >>> read_whole("Hyv\\ud800", '"Hyv\\\\ud800"')
    'Hyv?'
    """
    return whole_characters(value) if "\\u" in written else value
