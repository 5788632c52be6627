"""The way back from the working scale: an effect in the metric's own unit, from the pilot units' level.

For rates, shares and waits the same change is worth more at a high level than at a low one, so what is not known of
the level belongs into the interval. The change is what was seen since the start less what would have been: its error
is partly the sampling noise of the weeks that were seen, and for the rest that of the level without the change. Each
end of the interval moves the two levels apart by those parts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.panel import Floats
from stats.pilot_data import PilotData
from stats.working_scale import WorkingData

LARGEST_STEP = 20.0
"""On the curve's own scale: far beyond a share that goes from one end to the other; what lies behind says nothing."""


@dataclass(frozen=True, eq=False, kw_only=True)
class MetricScale:
    """The pilot units' levels, and how much each unit counts.

    Attributes:
        working: The working scale.
        change: The estimated change.
        base: (P,) level of each pilot unit without the change, working scale.
        noise: (P,) part of the change's variance that is noise of the weeks with the change.
        weights: (P,) by precision; they sum to 1.
    """

    working: WorkingData
    change: float
    base: Floats
    noise: Floats
    weights: Floats

    def effect(self, change: float) -> float:
        """The metric's units that a change on the working scale stands for; within what the metric can be."""
        after, before = self._levels(change)
        return float(self.weights @ (self.working.back(after) - self.working.back(before)))

    def slope(self) -> float:
        """Metric units per working unit, at the estimate."""
        after, before = (self.working.derivative(level) for level in self._levels(self.change))
        return float(self.weights @ (self.noise * after + (1.0 - self.noise) * before))

    def _levels(self, change: float) -> tuple[Floats, Floats]:
        at, found = self._step(change), self._step(self.change)
        return self.base + found + self.noise * (at - found), self.base - (1.0 - self.noise) * (at - found)

    def _step(self, change: float) -> float:
        if self.working.linear:
            return change
        most = LARGEST_STEP / self.working.spread
        return float(np.clip(change, -most, most))


def metric_scale(
    data: PilotData, working: WorkingData, *, change: float, standard_error: float, shared: float = 0.0
) -> MetricScale:
    """Return the way back for the pilot units of some data.

    Args:
        data: The pilot.
        working: Its working scale, linearised around the change.
        change: The estimated change, working scale.
        standard_error: Its standard error.
        shared: Variance of an error that the weeks with the change share, working scale.
    """
    pilots = slice(0, data.pilots)
    precision = (working.precision[pilots] * (data.treated[pilots] > 0)).sum(axis=1)
    seen = np.where(precision > 0, precision, np.inf)
    return MetricScale(
        working=working, change=change, base=working.base[pilots],
        noise=np.clip((1.0 / seen + shared) / standard_error**2, 0.0, 1.0), weights=precision / precision.sum(),
    )  # fmt: skip
