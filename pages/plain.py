"""Words of people, shown as they are: nothing in them is read as Markdown."""

from __future__ import annotations

from services.errors import ServiceError
from services.i18n import Translator

MARKS = frozenset("\\`*_{}[]<>#$~:|+-!&.)(")


def plain(text: str) -> str:
    """A text with every mark of Markdown made harmless; line breaks stay."""
    safe = "".join("\\" + character if character in MARKS else character for character in text)
    return safe.replace("\n", "  \n")


def quoted(text: str) -> str:
    """A person's words as a block of their own."""
    return "> " + plain(text).replace("\n", "\n> ")


def told_plainly(t: Translator, error: ServiceError) -> str:
    """What a service refused, as a sentence; what the address or a file named in it is not read as Markdown."""
    told = {name: plain(value) if isinstance(value, str) else value for name, value in error.values.items()}
    return t.say(error.text, **told)
