"""Where a pilot would help most: need times expected effect times past gain, for each hour of work."""

from __future__ import annotations

from dataclasses import dataclass

from stats.arguments import number

LEAST_HOURS = 1.0
"""Hours below which a pilot is not thought cheaper, so that one that saves time does not come first for free."""


@dataclass(frozen=True, kw_only=True)
class Worth:
    """What trying something about one theme in one unit promises.

    Attributes:
        unhappy: Unhappy people a quarter who name the theme in the unit.
        loss: How much worse the outcome is where the theme is named, in the outcome's unit, at least 0.
        gain: What past pilots reached, in multiples of their smallest change that matters, at least 0.
        hours: Hours of work in the first quarter, at least 1.
    """

    unhappy: float
    loss: float
    gain: float
    hours: float

    @property
    def score(self) -> float:
        """The product of the first three over the hours."""
        return self.unhappy * self.loss * self.gain / self.hours


def worth(*, unhappy: float, loss: float, gain: float, hours: float) -> Worth:
    """Put the four factors together.

    A theme that goes with a better outcome has nothing to win, and pilots that made things worse promise nothing:
    both count as 0. Less than an hour counts as one.

    Args:
        unhappy: Unhappy people a quarter.
        loss: How much worse the outcome is; negative when it is better.
        gain: What past pilots reached; negative when they made things worse.
        hours: Hours of work in the first quarter; negative when the change saves time.

    Raises:
        ValueError: A number is not finite, or there are fewer than 0 people.

    Example:
        >>> worth(unhappy=30, loss=1.2, gain=0.5, hours=12).score
        1.5
        >>> worth(unhappy=30, loss=1.2, gain=0.5, hours=-20).hours
        1.0
    """
    return Worth(
        unhappy=number("unhappy", unhappy, least=0),
        loss=max(number("loss", loss), 0.0),
        gain=max(number("gain", gain), 0.0),
        hours=max(number("hours", hours), LEAST_HOURS),
    )
