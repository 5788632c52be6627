"""The way back from the working scale: an effect in the metric's own unit, from the level that was seen with it.

What the pilot units reached after the start was seen; what they would have had without the change was not. So the
effect is that level less the level a change further back, and the ends of its interval lie where the level without the
change may lie: for rates and waits, whose weeks move in proportion, the level is not taken as known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stats.metric import Kind
from stats.panel import Floats
from stats.pilot_data import PilotData
from stats.working_scale import SMOOTHING, WorkingData

LARGEST_STEP = 8.0
"""On the curve's own scale: a rate three thousand times as high, a share from one end to the other."""


@dataclass(frozen=True, eq=False)
class MetricScale:
    """The pilot units' levels since the start, and how much each unit counts.

    Attributes:
        working: The working scale.
        levels: (P,) level of each pilot unit in the weeks with the change, working scale.
        weights: (P,) by precision; they sum to 1.
    """

    working: WorkingData
    levels: Floats
    weights: Floats

    def effect(self, change: float) -> float:
        """The metric's units that a change on the working scale stands for; within what the metric can be."""
        step = self._step(change)
        return float(self.weights @ (self.working.back(self.levels) - self.working.back(self.levels - step)))

    def slope(self, change: float) -> float:
        """Metric units per working unit at the level without the change."""
        return float(self.weights @ self.working.derivative(self.levels - self._step(change)))

    def _step(self, change: float) -> float:
        if self.working.linear:
            return change
        most = LARGEST_STEP / self.working.spread
        return float(np.clip(change, -most, most))


def metric_scale(data: PilotData, working: WorkingData) -> MetricScale:
    """Return the way back for the pilot units of some data."""
    pilots = slice(0, data.pilots)
    treated = data.treated[pilots] > 0
    precision = working.precision[pilots] * treated
    weights = precision.sum(axis=1) / precision.sum()
    if working.linear:
        levels = np.zeros(data.pilots)
    elif data.panel.kind.counted:
        seen = treated & data.panel.observed[pilots]
        size = np.where(seen, data.panel.n[pilots], 0.0).sum(axis=1)
        count = np.where(seen, data.panel.count[pilots], 0.0).sum(axis=1) + SMOOTHING
        extra = 2 * SMOOTHING if data.panel.kind is Kind.PROPORTION else 0.0
        levels = working.forward(count / (size + extra))
    else:
        levels = (precision * np.nan_to_num(working.values[pilots])).sum(axis=1) / precision.sum(axis=1)
    return MetricScale(working, levels, weights)
