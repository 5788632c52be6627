"""What the rows of a batch panel say: answers, means, spreads and counts, checked by the kind of the metric."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from services.batch_columns import Mask, bounded, numbers, refuse
from services.batch_files import BatchFile
from services.batch_plans import BatchPlans
from stats.messages import N_
from stats.metric import Kind
from stats.panel import Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class BatchValues:
    """The values of R rows; all NaN where the week has no data, as in a panel of one pilot.

    Attributes:
        n: (R,) answers, or exposure for a count.
        mean: (R,) mean of the answers; for counted kinds count / n.
        sd: (R,) SD of single answers; NaN where unknown and for counted kinds.
        count: (R,) successes or events; NaN for kinds that are not counted.
    """

    n: Floats
    mean: Floats
    sd: Floats
    count: Floats

    def taken(self, rows: Mask | slice) -> BatchValues:
        """The values of some rows."""
        return BatchValues(n=self.n[rows], mean=self.mean[rows], sd=self.sd[rows], count=self.count[rows])


def read_values(table: BatchFile, plans: BatchPlans, plan: npt.NDArray[np.int64]) -> BatchValues:
    """Read n and mean, sd or count of every row; what a kind does not need is not looked at.

    Args:
        table: The panel's file.
        plans: The plans, whose kinds say which columns matter.
        plan: (R,) the plan of each row.

    Raises:
        DataError: A column that a kind needs is missing, or a value is out of its bounds.
    """
    _check_columns(table, plans)
    kind = plans.kind.astype(str)
    counted = plans.counted[plan]
    n = numbers(table, "n")
    bounded(table, "n", n)
    refuse(table, ~(n >= 0) | np.isinf(n), "n", N_("a number, 0 or more"))
    refuse(table, (n != np.round(n)) & (kind != Kind.COUNT)[plan], "n", N_("a whole number of answers"))
    sd = numbers(table, "sd")
    bounded(table, "sd", sd)
    refuse(table, np.isinf(sd) | (sd < 0), "sd", N_("a number, 0 or more, or blank"))
    mean, count = np.full(len(n), np.nan), np.full(len(n), np.nan)
    if not counted.all():
        mean = _means(table, n, ~counted, (kind == Kind.NPS)[plan])
    if counted.any():
        count = _counts(table, n, counted, (kind == Kind.PROPORTION)[plan])
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(counted, count / n, mean)
        sd = np.where(counted, np.nan, sd)
    if (n == 0).any():
        n, mean, sd, count = (np.where(n == 0, np.nan, values) for values in (n, mean, sd, count))
    return BatchValues(n=n, mean=mean, sd=sd, count=count)


def _check_columns(table: BatchFile, plans: BatchPlans) -> None:
    for column, needed in (("count", plans.counted), ("mean", ~plans.counted)):
        if needed.any() and column not in table.frame.columns:
            raise table.refusal(
                N_("The column '{column}' is missing; a metric of kind {kind} needs it."),
                column=column, kind=plans.kind[int(np.argmax(needed))].value,
            )  # fmt: skip


def _means(table: BatchFile, n: Floats, where: Mask, nps: Mask) -> Floats:
    mean = numbers(table, "mean")
    bounded(table, "mean", mean, where)
    refuse(table, where & (n > 0) & ~np.isfinite(mean), "mean", N_("a number when n is above 0"))
    refuse(table, where & (n == 0) & ~np.isnan(mean), "n", N_("above 0 when the week has a mean"))
    refuse(table, nps & (np.abs(mean) > 100), "mean", N_("from -100 to 100"))
    return mean if where.all() else np.where(where, mean, np.nan)


def _counts(table: BatchFile, n: Floats, where: Mask, proportion: Mask) -> Floats:
    count = numbers(table, "count")
    bounded(table, "count", count, where)
    count = np.where((n == 0) & np.isnan(count), 0.0, count)
    refuse(table, where & (~(count >= 0) | np.isinf(count)), "count", N_("a number, 0 or more"))
    refuse(table, where & (count != np.round(count)), "count", N_("a whole number"))
    refuse(table, proportion & (count > n), "count", N_("at most n"))
    refuse(table, where & (count > 0) & (n == 0), "count", N_("0 when the exposure n is 0"))
    return np.where(where, count, np.nan)
