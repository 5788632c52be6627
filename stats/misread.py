"""A theme's share as a pilot's outcome: the panel that a model counted, corrected by the comments people checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from stats.checked_comments import CheckedComments, share_of
from stats.errors import CannotEstimateError
from stats.messages import N_, Message
from stats.metric import Kind
from stats.misclassification import youden
from stats.panel import Panel
from stats.pilot_data import Mask
from stats.plan import Plan
from stats.shared_error import Floats, SharedError

LEAST_CHECKED = 30
"""Comments drawn at random and checked in each period; or all there are."""
LEAST_TRUE = 5
"""Of all checked comments, those about the theme."""
LEAST_YOUDEN = 0.2
"""Sensitivity + specificity - 1 under which what the model picks hardly depends on the theme."""


@dataclass(frozen=True, kw_only=True)
class Misclassification:
    """What people's checks say of a frozen model, in each period and on each side of the comparison.

    Attributes:
        before: Comments of the pilot units before the start.
        after: Those after it.
        comparison_before, comparison_after: The same in the comparison units; None without any.
    """

    before: CheckedComments
    after: CheckedComments
    comparison_before: CheckedComments | None = None
    comparison_after: CheckedComments | None = None

    @property
    def cells(self) -> list[CheckedComments]:
        """Two sets of comments, or four with comparison units: the pilot's first, before the start first."""
        found = (self.before, self.after, self.comparison_before, self.comparison_after)
        return [cell for cell in found if cell is not None]


_MORE = (
    N_("{count} more from the pilot unit before the start"),
    N_("{count} more from the pilot unit after the start"),
    N_("{count} more from the comparison units before the start"),
    N_("{count} more from the comparison units after the start"),
)


def more_to_check(cell: CheckedComments) -> int:
    """How many more comments must be checked at random in a set of comments.

    Example:
        >>> more_to_check(CheckedComments(picked=20, left=200))
        30
    """
    return max(min(LEAST_CHECKED, cell.total - cell.known.total) - cell.drawn.total, 0)


def lacking(found: Misclassification) -> Message | None:
    """Why the checked comments do not carry a correction, and what to do; None when they do."""
    cells = found.cells
    counts = [more_to_check(cell) for cell in cells]
    if any(counts):
        needs = tuple(Message(text, {"count": count}) for text, count in zip(_MORE, counts, strict=False) if count)
        return Message(
            N_("The theme's share is counted by a model, and how often it is wrong has not been measured enough. "
               "Check comments drawn at random: {needs}."), {"needs": needs},
        )  # fmt: skip
    true = sum(cell.drawn.true + cell.known.true for cell in cells)
    if true < LEAST_TRUE and any(cell.unchecked for cell in cells):
        return Message(
            N_("Only {count} of the checked comments are about the theme, so how well the model finds it cannot be "
               "told; at least {least} are needed. Check more comments."), {"count": true, "least": LEAST_TRUE},
        )  # fmt: skip
    if not youden(cells, *_rates(cells)) >= LEAST_YOUDEN:
        return Message(N_("By the checked comments the model hardly tells this theme from others, so its share cannot "
                          "be measured with this version of the model."))  # fmt: skip
    return None


def corrected(panel: Panel, plan: Plan, found: Misclassification) -> Panel:
    """The panel as it would be had people read every comment.

    Each side's level is corrected by its own checked comments; a week's distance from it is divided by the model's
    sensitivity + specificity - 1, as Rogan and Gladen have it. What is not known of the correction is kept as errors
    that the weeks of a side share, so that more weeks do not average them away. Dividing makes the weeks' sampling
    noise larger than that of comments read by people; of a side's level, which is known from both, that part cancels
    (Tenenbein's variance), and it is kept as an error to be taken off.

    Args:
        panel: Weekly shares as the model counted them. A unit that is no pilot unit is read as the comparison units.
        plan: Whose units and starts are meant.
        found: What people's checks say.

    Raises:
        CannotEstimateError: Too few comments were checked.
        ValueError: The panel is not one of shares, is corrected already, or has a unit to compare with and `found` not.
    """
    if panel.kind is not Kind.PROPORTION or panel.shared is not None:
        raise ValueError(f"panel is of kind {panel.kind.value}, must be of uncorrected shares.")
    if found.comparison_before is None and not set(panel.units) <= set(plan.pilot_units):
        raise ValueError("comparison_before is None, must be given for a panel with comparison units.")
    why = lacking(found)
    if why is not None:
        raise CannotEstimateError(why.text, **why.values)
    cells, sides = found.cells, _sides(panel, plan)
    precision, omission = _rates(cells)
    errors = np.array([cell.errors for cell in cells])
    mean = _means(panel, cells, sides, precision, omission)
    directions = []
    for k in range(len(cells)):
        for rates, error in ((precision, errors[k, 0]), (omission, errors[k, 1])):
            ends = []
            for sign in (1.0, -1.0):
                moved = rates.copy()
                moved[k] = np.clip(moved[k] + sign * error, 0.0, 1.0)
                pair = (moved, omission) if rates is precision else (precision, moved)
                ends.append(_means(panel, cells, sides, *pair))
            directions.append(np.nan_to_num((ends[0] - ends[1]) / 2.0))
    added = len(directions)
    weight = np.ones_like(panel.n)
    tells = youden(cells, precision, omission)
    for cell, side in zip(cells, sides, strict=False):
        q, p = cell.observed, cell.share
        if 0 < q < 1:
            told = float(np.clip(tells**2 * p * (1.0 - p) / (q * (1.0 - q)), 0.01, 1.0))
            weight[side] = told
            directions.append(np.where(side, np.sqrt((1.0 / told - 1.0) * p * (1.0 - p) / cell.total), 0.0))
    signs = np.where(np.arange(len(directions)) < added, 1.0, -1.0)
    shared = SharedError(directions=np.stack(directions), signs=signs, weight=weight)
    return replace(panel, mean=mean, count=mean * panel.n, shared=shared)


def _sides(panel: Panel, plan: Plan) -> list[Mask]:
    """(J, T) masks of the unit-weeks of each cell."""
    pilot = np.array([unit in plan.pilot_units for unit in panel.units])
    starts = np.array([np.datetime64(plan.starts.get(unit, plan.start), "D") for unit in panel.units])
    after = panel.weeks[None, :] >= starts[:, None]
    return [of[:, None] & side for of in (pilot, ~pilot) for side in (~after, after)]


def _rates(cells: list[CheckedComments]) -> tuple[Floats, Floats]:
    """(C,) precision and (C,) omission."""
    return np.array([cell.precision for cell in cells]), np.array([cell.omission for cell in cells])


def _means(
    panel: Panel, cells: list[CheckedComments], sides: list[Mask], precision: Floats, omission: Floats
) -> Floats:
    """(J, T) corrected weekly shares; a single week may fall outside 0 and 1, a unit's side does not."""
    tells = max(youden(cells, precision, omission), LEAST_YOUDEN / 2.0)
    mean = panel.mean.copy()
    for k, (cell, side) in enumerate(zip(cells, sides, strict=False)):
        level = share_of(cell.observed, float(precision[k]), float(omission[k]))
        for j, weeks, n, own in _units(panel, side):
            around = level + (own - cell.observed) / tells
            inside = float(np.clip(around, 0.5 / (n + 1.0), 1.0 - 0.5 / (n + 1.0)))
            mean[j, weeks] = inside + (panel.mean[j, weeks] - own) / tells
    return mean


def _units(panel: Panel, side: Mask) -> Iterator[tuple[int, Mask, float, float]]:
    """Each unit's weeks on a side, with its answers and its observed share there."""
    for j in range(len(panel.units)):
        weeks = side[j] & panel.observed[j]
        if weeks.any():
            n = float(panel.n[j, weeks].sum())
            yield j, weeks, n, float(panel.count[j, weeks].sum()) / n
