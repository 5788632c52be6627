"""Words of people, shown as they are: nothing in them is read as Markdown."""

from __future__ import annotations

MARKS = frozenset("\\`*_{}[]<>#$~:|+-!&.)(")


def plain(text: str) -> str:
    """A text with every mark of Markdown made harmless; line breaks stay."""
    safe = "".join("\\" + character if character in MARKS else character for character in text)
    return safe.replace("\n", "  \n")


def quoted(text: str) -> str:
    """A person's words as a block of their own."""
    return "> " + plain(text).replace("\n", "\n> ")
