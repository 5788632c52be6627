"""The metric as a chart and its table print it."""

from __future__ import annotations

from dataclasses import dataclass

from stats.messages import N_, Amount, Message
from stats.metric import Direction, Kind

LEAST_WHOLE = 10.0
"""Per cents from here on are told without decimals."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """What is measured.

    Attributes:
        name: The metric's name in the reader's language.
        kind: Its kind: a share is printed in per cent.
        direction: Which way is better.
        unit: Its unit in the reader's language; "" when it has none.
    """

    name: str
    kind: Kind
    direction: Direction
    unit: str = ""

    @property
    def share(self) -> bool:
        """Whether values are fractions that people read as per cent."""
        return self.kind is Kind.PROPORTION

    @property
    def heading(self) -> str:
        """The name with its unit, for an axis."""
        return f"{self.name}, {self.unit}" if self.unit and not self.share else self.name

    @property
    def format(self) -> str:
        """Values of the metric on an axis, in d3's notation."""
        return "~%" if self.share else ",~f"

    @property
    def fine_format(self) -> str:
        """Single values of the metric, in d3's notation."""
        return ".1%" if self.share else ",.2f" if self.kind is Kind.SCORE else ",.1f"

    def level(self, value: float) -> Message | Amount:
        """A value of the metric for a table or a sentence: per cent for a share, else with the metric's unit."""
        if self.share and value == value:
            percent = 100.0 * value
            return Message(
                N_("{number} %"), {"number": round(percent) if percent >= LEAST_WHOLE else round(percent, 2)}
            )
        return Amount(value)
