"""How many answers about a theme the coming weeks bring, in all chosen units together and in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import monday_of, week_of
from models.feedback import Feedback
from models.organisation import Unit
from models.people import Person
from models.theme_answers import ThemeAnswer
from services.organisation import pilot_units
from services.permissions import May, require
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, few, shown
from stats.errors import CannotEstimateError
from stats.messages import Message
from stats.panel import Floats
from stats.volume_forecast import VolumeForecast, forecast_volume

HORIZON = 8
MOST_WEEKS = 208


@dataclass(frozen=True, kw_only=True)
class ThemeForecast:
    """A theme's coming weeks.

    Attributes:
        first: Monday of the first week of `counts`.
        counts: Answers of each week up to now.
        forecast: Of the weeks to come, or why there is none.
    """

    first: dt.date
    counts: tuple[int, ...]
    forecast: VolumeForecast | Message

    @property
    def told(self) -> tuple[int | None, ...]:
        """The weeks that may be shown: not those of few answers, nor one that the others would give such a one by."""
        recent = self.counts[-HORIZON:]
        found = {str(place): float(count) for place, count in enumerate(recent) if count}
        kept = shown(found, total=sum(found.values()), least=LEAST_CUSTOMERS)
        told = tuple(count if not count or str(place) in kept else None for place, count in enumerate(recent))
        return tuple(None if few(count) else count for count in self.counts[:-HORIZON]) + told

    @property
    def next_monday(self) -> dt.date:
        """Monday of the first week to come."""
        return self.first + dt.timedelta(weeks=len(self.counts))


@dataclass(frozen=True, kw_only=True)
class UnitForecast:
    """A theme's coming weeks in one unit."""

    unit_code: str
    unit_name: dict[str, str]
    lately: int
    """Answers in the last weeks, as many as are forecast."""
    told: bool
    """Whether these numbers may be shown beside those of all units together."""
    forecast: VolumeForecast | Message


@dataclass(frozen=True, kw_only=True)
class Forecasts:
    """A theme's coming weeks together and by unit, the busiest unit first; silent units left out."""

    together: ThemeForecast
    units: tuple[UnitForecast, ...]


def forecasts(
    session: Session, *, theme_id: int, unit_ids: Collection[int] | None, today: dt.date, by: Person | None
) -> Forecasts:
    """Forecast a theme's answers over the next eight weeks.

    Args:
        session: Reads only.
        theme_id: Which theme.
        unit_ids: Units; None for all.
        today: Weeks before this day's week are known.
        by: Who asks.

    Raises:
        NotAllowed: The person may not see feedback.
    """
    require(session, by, May.SEE_FEEDBACK)
    last = week_of(today) - 1
    first = _first_week(session, unit_ids, last)
    counts = _counts(session, theme_id, unit_ids, first, last)
    units = {key(unit.id): unit for unit in pilot_units(session)}
    size = last - first + 1
    summed = np.sum(list(counts.values()), axis=0) if counts else np.zeros(size)
    together = ThemeForecast(
        first=monday_of(first), counts=tuple(int(count) for count in summed), forecast=_forecast(summed)
    )
    lately = {str(unit_id): float(of[-HORIZON:].sum()) for unit_id, of in counts.items()}
    kept = shown(lately, total=sum(lately.values()), least=LEAST_CUSTOMERS)
    found = [
        _of_unit(units[unit_id], of, told=not lately[str(unit_id)] or str(unit_id) in kept)
        for unit_id, of in counts.items()
        if unit_id in units
    ]
    in_order = sorted(found, key=lambda one: (-one.lately if one.told else 0, one.unit_code))
    return Forecasts(together=together, units=tuple(in_order))


def _of_unit(unit: Unit, counts: Floats, *, told: bool) -> UnitForecast:
    return UnitForecast(
        unit_code=unit.code,
        unit_name=dict(unit.name),
        lately=int(counts[-HORIZON:].sum()),
        told=told,
        forecast=_forecast(counts),
    )


def _forecast(counts: Floats) -> VolumeForecast | Message:
    """The forecast, or the sentence that says why there is none."""
    try:
        return forecast_volume(counts, horizon=HORIZON)
    except CannotEstimateError as error:
        return error.message


def _first_week(session: Session, unit_ids: Collection[int] | None, last: int) -> int:
    """The first week in which these units gave any feedback: before it, no answer means nothing."""
    query = sa.select(sa.func.min(col(Feedback.week)))
    if unit_ids is not None:
        query = query.where(col(Feedback.unit_id).in_(list(unit_ids)))
    found = session.execute(query).scalar_one()
    return min(last, max(last - MOST_WEEKS + 1, last if found is None else int(found)))


def _counts(
    session: Session, theme_id: int, unit_ids: Collection[int] | None, first: int, last: int
) -> dict[int, Floats]:
    fact = ThemeAnswer
    query = (
        sa.select(col(fact.unit_id), col(fact.week), sa.func.count())
        .where(col(fact.theme_id) == theme_id, col(fact.week).between(first, last))
        .group_by(col(fact.unit_id), col(fact.week))
    )
    if unit_ids is not None:
        query = query.where(col(fact.unit_id).in_(list(unit_ids)))
    found: dict[int, Floats] = {}
    for unit_id, week, answers in session.execute(query).all():
        found.setdefault(unit_id, np.zeros(last - first + 1))[week - first] = answers
    return found
