"""A unit's weekly values of a metric beside those of the units it is compared with, up to the last whole week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from models.metrics import Metric
from models.organisation import Unit
from services import recent, series
from services.rows import key
from stats.panel import Panel
from stats.pilot_data import SINGLE_HISTORY_WEEKS


@dataclass(frozen=True, kw_only=True)
class UnitPanel:
    """The panel with the units' names in it.

    Attributes:
        panel: Weekly values, every whole week up to the last.
        unit: The unit.
        others: The comparison units that have any values.
        before: The Monday after the last whole week.
    """

    panel: Panel
    unit: str
    others: tuple[str, ...]
    before: np.datetime64


def load(
    session: Session, *, metric: Metric, unit_id: int, comparison_unit_ids: Sequence[int], today: dt.date
) -> UnitPanel | None:
    """Load as many weeks as an evaluation would use; None when the unit has no value in them."""
    first, last = recent.full_weeks(today, SINGLE_HISTORY_WEEKS)
    units = session.exec(select(Unit).where(col(Unit.id).in_([unit_id, *comparison_unit_ids]))).all()
    codes = {key(unit.id): unit.code for unit in units}
    panel = series.load(session, metric=metric, unit_ids=list(codes), first=first, last=last).panel
    if panel is None or codes[unit_id] not in panel.units:
        return None
    monday = np.datetime64(last - dt.timedelta(days=6), "D")
    return UnitPanel(
        panel=panel.extended(first=panel.weeks[0], last=monday),
        unit=codes[unit_id],
        others=tuple(codes[other] for other in comparison_unit_ids if codes[other] in panel.units),
        before=np.datetime64(last + dt.timedelta(days=1), "D"),
    )
