"""Fidelity: was the change carried out at all, as the staff logged it week by week?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.check import Check
from stats.messages import N_, Message
from stats.panel import Floats, Weeks

LEAST_SHARE = 0.6
LEAST_WEEKS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class FidelityData:
    """What the weekly log says of carrying the change out.

    Attributes:
        weeks: (K,) Mondays of the weeks that were logged, each once.
        happened: (K,) 1 where the change happened that week, 0.5 partly, 0 not; the mean where several people logged.
        due: Weeks of the pilot that are over, logged or not.

    Raises:
        ValueError: The lengths disagree, a value is outside 0 to 1, or a week comes twice.
    """

    weeks: Weeks
    happened: Floats
    due: int

    def __post_init__(self) -> None:
        if len(self.weeks) != len(self.happened):
            raise ValueError(f"happened has {len(self.happened)} weeks, must have {len(self.weeks)}.")
        outside = ~((self.happened >= 0) & (self.happened <= 1))
        if outside.any():
            place = int(np.argmax(outside))
            raise ValueError(f"happened in {self.weeks[place]} == {self.happened[place]}, must be from 0 to 1.")
        if len(np.unique(self.weeks)) < len(self.weeks):
            days, times = np.unique(self.weeks, return_counts=True)
            raise ValueError(f"weeks has {days[np.argmax(times)]} twice, must name each week once.")

    @property
    def share(self) -> float:
        """Share of the logged weeks in which the change happened, partly counting half; NaN when none was logged."""
        return float(self.happened.mean()) if len(self.happened) else float("nan")


def fidelity(log: FidelityData | None) -> Check | None:
    """Was the change carried out in most weeks?

    Args:
        log: The weekly log of the pilot.

    Returns:
        The check; None without a log. It never keeps from scaling: a gain in spite of a half-kept change is a gain. But
        it explains a missing one, and speaks for adapting the pilot rather than for stopping it.

    Example:
        >>> weeks = np.array(["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"], dtype="datetime64[D]")
        >>> log = FidelityData(weeks=weeks, happened=np.array([1, 0.5, 0, 0]), due=4)
        >>> found = fidelity(log)
        >>> found.passed, found.detail.values["share"]
        (False, 38)
    """
    if log is None:
        return None
    values: dict[str, object] = {"logged": len(log.weeks), "due": log.due}
    if len(log.weeks) < LEAST_WEEKS:
        text = N_("Only {logged} of {due} weeks were logged, too few to tell whether the change was carried out.")
        return Check(name="fidelity", passed=None, detail=Message(text, values))
    values["share"] = round(100 * log.share)
    if log.share < LEAST_SHARE:
        text = N_(
            "The change was carried out in only {share} % of the logged weeks ({logged} of {due} weeks logged): the "
            "pilot was not really carried out, so the numbers say little about the change itself."
        )
        return Check(name="fidelity", passed=False, detail=Message(text, values))
    text = N_("The change was carried out in {share} % of the logged weeks ({logged} of {due} weeks logged).")
    return Check(name="fidelity", passed=True, detail=Message(text, values))
