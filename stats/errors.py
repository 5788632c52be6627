"""What the statistics refuse, and the sentence that says why."""

from __future__ import annotations

from stats.messages import Message


class DataError(ValueError):
    """The input cannot be used as it stands.

    Attributes:
        message: One sentence naming the field or column, the row, the value and what is allowed.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(self.message.english())


class PlanError(DataError):
    """The plan of a pilot contradicts itself or lacks a field."""


class CannotEstimateError(ValueError):
    """The data are valid, but too few or too uniform for the method; never answered with an invented null.

    Attributes:
        message: One sentence saying what is missing.
    """

    def __init__(self, text: str, **values: object) -> None:
        self.message = Message(text, values)
        super().__init__(self.message.english())
