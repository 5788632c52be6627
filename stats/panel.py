"""The weekly panel: units by weeks, with what a week's answers add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stats.errors import DataError
from stats.messages import N_
from stats.metric import Kind
from stats.shared_error import SharedError

Floats = npt.NDArray[np.float64]
Weeks = npt.NDArray[np.datetime64]

MAX_WEEKS = 2_600
ONE_WEEK = np.timedelta64(7, "D")


@dataclass(frozen=True, eq=False, kw_only=True)
class Panel:
    """Weekly sufficient statistics of one metric. J units, T consecutive calendar weeks; NaN where a week is missing.

    Attributes:
        kind: The metric's kind.
        units: J unit names.
        weeks: (T,) Mondays, datetime64[D], no gaps.
        n: (J, T) answers in the week, or exposure for a count.
        mean: (J, T) mean of the week's values in the metric's unit; for counted kinds count / n.
        sd: (J, T) SD of single answers in the week (n - 1 in the denominator); NaN where unknown.
        count: (J, T) successes or events; NaN for kinds that are not counted.
        shared: What is not known of how the values were read; None when they are what they are.
    """

    kind: Kind
    units: tuple[str, ...]
    weeks: Weeks
    n: Floats
    mean: Floats
    sd: Floats
    count: Floats
    shared: SharedError | None = None

    @property
    def observed(self) -> npt.NDArray[np.bool_]:
        """(J, T) True where the unit has data in the week."""
        return np.isfinite(self.mean) & (np.nan_to_num(self.n) > 0)

    def restricted(self, *, units: Iterable[str] | None = None, until: np.datetime64 | None = None,
                   since: np.datetime64 | None = None) -> Panel:  # fmt: skip
        """Return the panel of some units (in the order given) and of the weeks with since <= Monday <= until.

        Raises:
            DataError: A unit is not in the panel.
        """
        chosen = self.units if units is None else tuple(units)
        for name in chosen:
            if name not in self.units:
                raise DataError(
                    N_("The unit {unit} is not in the data; the units there are {units}."), unit=name, units=self.units
                )
        rows = [self.units.index(name) for name in chosen]
        keep = np.ones(len(self.weeks), dtype=bool)
        if until is not None:
            keep &= self.weeks <= until
        if since is not None:
            keep &= self.weeks >= since
        n, mean, sd, count = (grid[rows][:, keep] for grid in (self.n, self.mean, self.sd, self.count))
        shared = None if self.shared is None else self.shared.of_rows(rows, keep)
        return Panel(
            kind=self.kind, units=chosen, weeks=self.weeks[keep], n=n, mean=mean, sd=sd, count=count, shared=shared
        )

    def extended(self, *, first: np.datetime64, last: np.datetime64) -> Panel:
        """Return the panel on the calendar from `first` to `last` (Mondays), with missing weeks added as needed."""
        weeks = np.arange(first, last + np.timedelta64(1, "D"), ONE_WEEK, dtype="datetime64[D]")
        shift = int((self.weeks[0] - first) / ONE_WEEK) if len(self.weeks) else 0
        grids = []
        for source in (self.n, self.mean, self.sd, self.count):
            grid = np.full((len(self.units), len(weeks)), np.nan)
            low, high = max(shift, 0), min(shift + source.shape[1], len(weeks))
            grid[:, low:high] = source[:, low - shift : high - shift]
            grids.append(grid)
        n, mean, sd, count = grids
        shared = self.shared
        if shared is not None:
            low, high = max(shift, 0), min(shift + len(self.weeks), len(weeks))
            shared = shared.on_weeks(len(weeks), slice(low - shift, high - shift), slice(low, high))
        return Panel(kind=self.kind, units=self.units, weeks=weeks, n=n, mean=mean, sd=sd, count=count, shared=shared)

    def merged(self, other: Panel) -> Panel:
        """Return the panel of the answers of both; a unit and week in both is pooled exactly (Chan et al. 1979).

        Raises:
            DataError: The kinds differ.
            ValueError: One of them has been corrected for how its values were read.

        References:
            Chan, Golub & LeVeque (1979), Updating formulae and a pairwise algorithm for computing sample variances.
        """
        if other.kind is not self.kind:
            raise DataError(
                N_("A panel of kind {other} cannot be merged into one of kind {kind}."),
                other=other.kind.value, kind=self.kind.value,
            )  # fmt: skip
        if self.shared is not None or other.shared is not None:
            raise ValueError("a panel with a shared error cannot be merged: merge first, correct afterwards.")
        units = tuple(dict.fromkeys(self.units + other.units))
        first, last = min(self.weeks[0], other.weeks[0]), max(self.weeks[-1], other.weeks[-1])
        one, two = (panel._onto(units, first, last) for panel in (self, other))
        n1, n2 = np.nan_to_num(one.n), np.nan_to_num(two.n)
        total = n1 + n2
        with np.errstate(invalid="ignore", divide="ignore"):
            gap = np.nan_to_num(two.mean) - np.nan_to_num(one.mean)
            both = (n1 > 0) & (n2 > 0)
            mean = np.where(both, one.mean + gap * n2 / total, np.where(n1 > 0, one.mean, two.mean))
            within = _squares(one.sd, n1) + _squares(two.sd, n2) + np.where(both, gap**2 * n1 * n2 / total, 0.0)
            sd = np.where(total > 1, np.sqrt(within / (total - 1)), np.nan)
            count = np.where(n1 > 0, one.count, 0.0) + np.where(n2 > 0, two.count, 0.0)
        n = np.where(total > 0, total, np.nan)
        if self.kind.counted:
            sd = np.full_like(sd, np.nan)
        count = np.where(total > 0, count, np.nan)
        return Panel(kind=self.kind, units=units, weeks=one.weeks, n=n, mean=mean, sd=sd, count=count)

    def _onto(self, units: tuple[str, ...], first: np.datetime64, last: np.datetime64) -> Panel:
        wide = self.extended(first=first, last=last)
        grids = []
        for source in (wide.n, wide.mean, wide.sd, wide.count):
            grid = np.full((len(units), source.shape[1]), np.nan)
            grid[[units.index(name) for name in self.units]] = source
            grids.append(grid)
        n, mean, sd, count = grids
        return Panel(kind=self.kind, units=units, weeks=wide.weeks, n=n, mean=mean, sd=sd, count=count)


def _squares(sd: Floats, n: Floats) -> Floats:
    """Sum of squares about the mean, 0 for a single answer, NaN where the SD is unknown."""
    return np.where(n > 1, sd**2 * (n - 1), 0.0)
