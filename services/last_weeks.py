"""The weeks just gone, which may have set a pilot off: were they out of the ordinary, and what will pass by itself?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from models.metrics import Metric
from services import recent, unit_panel
from services.weekly_told import told_usual
from stats.errors import CannotEstimateError
from stats.metric import Direction
from stats.unusual import LAST_WEEKS, UnusualWeeks, unusual_weeks
from stats.usual_weeks import UsualWeeks, usual_weeks


@dataclass(frozen=True, kw_only=True)
class LastWeeks:
    """The last whole weeks of a unit.

    Attributes:
        first: Their first day, a Monday.
        last: Their last day, a Sunday.
        found: How they stand beside the unit's own past and the comparison units; None when that is too short.
    """

    first: dt.date
    last: dt.date
    found: UnusualWeeks | None


def last_weeks(
    session: Session, *, metric: Metric, unit_id: int, comparison_unit_ids: Sequence[int], today: dt.date
) -> LastWeeks:
    """Look at the last six whole weeks of a unit."""
    first, last = recent.full_weeks(today, LAST_WEEKS)
    loaded = unit_panel.load(
        session, metric=metric, unit_id=unit_id, comparison_unit_ids=comparison_unit_ids, today=today
    )
    found = None
    if loaded is not None:
        try:
            found = unusual_weeks(
                loaded.panel,
                loaded.unit,
                last=LAST_WEEKS,
                comparison_units=loaded.others,
                direction=Direction(metric.direction.value),
            )
        except CannotEstimateError:
            found = None
    return LastWeeks(first=first, last=last, found=found)


def usual(session: Session, *, metric: Metric, unit_id: int, today: dt.date) -> UsualWeeks | None:
    """The last sixteen whole weeks of a unit with the range each would usually lie in; None when none has a value."""
    loaded = unit_panel.load(session, metric=metric, unit_id=unit_id, comparison_unit_ids=[], today=today)
    if loaded is None:
        return None
    found = usual_weeks(
        loaded.panel,
        loaded.unit,
        before=loaded.before,
        shown=recent.RECENT_WEEKS,
        scale=(metric.scale_low, metric.scale_high),
    )
    told = told_usual(found, metric)
    return told if told.has_values else None
