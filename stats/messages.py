"""Sentences that leave the pure rooms: an English template with its values, translated by whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np


def N_(text: str) -> str:
    """Mark a template for the translation catalogues and return it unchanged."""
    return text


class Amount(float):
    """A number in the metric's own unit, so that a screen can print it the way the metric prints."""


class Level(Amount):
    """A value of the metric rather than a change of it: a share's level is printed in per cent."""


@dataclass(frozen=True)
class Message:
    """A sentence to be translated and shown.

    Attributes:
        text: English template with `{name}` fields; also the key of the translation.
        values: What the fields stand for. Numbers in the metric's unit are `Amount`s (`Level`s when they are
            no change); a value may itself be a Message.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def english(self) -> str:
        """Return the sentence in English.

        Example:
            >>> Message("{weeks} weeks, effect {effect}", {"weeks": 6, "effect": Amount(0.25)}).english()
            '6 weeks, effect 0.25'
        """
        return self.text.format(**{name: _english_value(value) for name, value in self.values.items()})

    def __str__(self) -> str:
        return self.english()


def _english_value(value: object) -> str:
    if isinstance(value, Message):
        return value.english()
    if isinstance(value, (date, np.datetime64)):
        return str(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(_english_value(part) for part in value)
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return f"{number:.0f}" if abs(number) >= 1000 else f"{number:.3g}"
    return str(value)
