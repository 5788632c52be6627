"""An error that many unit-weeks have in common, so that more weeks do not average it away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True)
class SharedError:
    """What is not known of the reading of a panel's values: K independent errors, J units, T weeks.

    Attributes:
        directions: (K, J, T) what one standard deviation of each error does to a unit's week, in the metric's unit.
        signs: (K,) 1 for an error to be added; -1 for one that the weeks' own noise holds already and that cancels.
        weight: (J, T) what one answer tells, as a part of what it would tell were it read without error; within (0, 1].
    """

    directions: Floats
    signs: Floats
    weight: Floats

    def of_rows(self, rows: list[int], keep: npt.NDArray[np.bool_]) -> SharedError:
        """The same for some units and weeks.

        Args:
            rows: Numbers of the units, in the order wanted.
            keep: (T,) weeks to keep.
        """
        return SharedError(
            directions=self.directions[:, rows][:, :, keep], signs=self.signs, weight=self.weight[rows][:, keep]
        )

    def on_weeks(self, weeks: int, source: slice, target: slice) -> SharedError:
        """The same on another calendar; weeks that are new have no error.

        Args:
            weeks: Weeks of the new calendar.
            source: Own weeks that are kept.
            target: Where they lie in the new calendar.
        """
        errors, units, _ = self.directions.shape
        directions, weight = np.zeros((errors, units, weeks)), np.ones((units, weeks))
        directions[:, :, target], weight[:, target] = self.directions[:, :, source], self.weight[:, source]
        return SharedError(directions=directions, signs=self.signs, weight=weight)
