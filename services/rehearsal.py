"""A rehearsal of a plan on the weeks just gone: how small a change would it have shown?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from models.metrics import Metric
from models.organisation import Unit
from services import recent, series
from services.evaluation import HISTORY_WEEKS
from services.rows import key
from stats.evaluation import evaluate
from stats.metric import Direction, Kind
from stats.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What the design shows with the data as they have come lately.

    Attributes:
        weeks: Weeks of the trial.
        finds: The smallest true change found four times out of five, in the metric's unit.
        weeks_needed: Weeks for the smallest change that matters; None when no reasonable number would do.
    """

    weeks: int
    finds: float
    weeks_needed: int | None

    def enough(self, smallest_change: float) -> bool:
        """Whether the planned weeks show the smallest change that matters."""
        return self.finds <= smallest_change


def rehearse(
    session: Session,
    *,
    metric: Metric,
    unit_id: int,
    comparison_unit_ids: Sequence[int],
    smallest_change: float,
    weeks: int,
    today: dt.date,
) -> Rehearsal | None:
    """Pretend that the pilot started so many weeks ago and changed nothing, and read off its uncertainty.

    The real weeks' scatter, answers and comparison units are in the figure; no distribution is assumed for them.

    Args:
        session: Reads the record.
        metric: The primary metric.
        unit_id: The pilot unit.
        comparison_unit_ids: The comparison units.
        smallest_change: The smallest change that matters, a positive size.
        weeks: How many weeks the trial lasts.
        today: The day; only whole weeks before it are used.

    Returns:
        None when the unit has too few values to rehearse on.
    """
    first, last = recent.full_weeks(today, weeks)
    units = session.exec(select(Unit).where(col(Unit.id).in_([unit_id, *comparison_unit_ids]))).all()
    codes = {key(unit.id): unit.code for unit in units}
    loaded = series.load(
        session, metric=metric, unit_ids=list(codes), first=first - dt.timedelta(weeks=HISTORY_WEEKS), last=last
    )
    panel = loaded.panel
    if panel is None or codes[unit_id] not in panel.units or not smallest_change > 0:
        return None
    plan = Plan(
        kind=Kind(metric.kind.value),
        direction=Direction(metric.direction.value),
        smallest_change=smallest_change,
        pilot_units=(codes[unit_id],),
        comparison_units=tuple(code for code in codes.values() if code in panel.units and code != codes[unit_id]),
        start=first,
        end=last,
        reviews=(last,),
    )
    result = evaluate(panel, plan, as_of=last)
    if result.minimum_detectable_effect is None:
        return None
    finds = result.minimum_detectable_effect
    if finds <= smallest_change:
        return Rehearsal(weeks=weeks, finds=finds, weeks_needed=weeks)
    needed = None if result.weeks_needed is None else weeks + result.weeks_needed
    return Rehearsal(weeks=weeks, finds=finds, weeks_needed=needed)
