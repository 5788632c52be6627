"""What a service refuses, as one sentence that a page can translate."""

from __future__ import annotations


class ServiceError(Exception):
    """A service could not do what was asked; nothing was stored.

    Attributes:
        text: An English sentence with {placeholders}, a gettext msgid.
        values: What the placeholders stand for.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.text = text
        self.values = values
        super().__init__(text.format(**values))


class NotAllowed(ServiceError):
    """The person's role or unit does not reach this."""


class NotFound(ServiceError):
    """There is no such row."""


class BadInput(ServiceError):
    """A value is missing or not allowed.

    Attributes:
        field: The field's name, so that a form can point at it.
    """

    def __init__(self, text: str, *, field: str = "", **values: object) -> None:
        self.field = field
        super().__init__(text, **values)


class Conflict(ServiceError):
    """Someone or something got there first."""
