"""Alerts: the theme's share of a unit's answers has left its usual range, judged over all themes and units at once.

Every theme in every unit, and every theme in the whole county, is watched over a year by exact limits. With 520 charts
three-sigma limits would sound several false alarms a week; `stats.recent_change` keeps them under one a month.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import monday_of, week_of
from models.feedback import Feedback
from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from services.rows import key
from services.theme_families import answers_of, families
from services.theme_pages import all_themes
from services.theme_scope import Conditions, Scope
from stats.panel import Floats
from stats.recent_change import pooled_dispersion, recent_changes
from stats.spc import ControlChart, control_chart

WEEKS = 52
"""Weeks that are looked at, the newest of them judged by the others."""
FEWEST_WEEKS = 26
"""Weeks a record needs before anything is called unusual."""
RATE = 0.05
"""When nothing changes anywhere, something is called in at most one look of twenty."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """A theme that is spoken of unusually much or little.

    Attributes:
        theme_id: The theme.
        unit_id: The unit; None for the whole county.
        rise: Whether it is more than before.
        since: The Monday from which on it is unusual.
        weeks: Whole weeks since then.
        answers: Answers about the theme since then.
        expected: How many there would be at the rate before.
        p_value: Of no change, adjusted for all windows that were tried.
    """

    theme_id: int
    unit_id: int | None
    rise: bool
    since: dt.date
    weeks: int
    answers: int
    expected: float
    p_value: float


def alerts(session: Session, *, today: dt.date) -> list[Alert]:
    """Every alert of the last whole weeks before today, the least likely to be chance first."""
    last = week_of(today) - 1
    first = last - WEEKS + 1
    of = families(all_themes(session))
    themes, units = list(of), _unit_ids(session)
    if not themes or not units:
        return []
    counts = np.zeros((len(themes), len(units), WEEKS))
    exposed = np.zeros((len(units), WEEKS))
    at_theme, at_unit = {k: i for i, k in enumerate(themes)}, {k: i for i, k in enumerate(units)}
    for theme_id, unit_id, week, number in _answers(session, of, units, first, last):
        counts[at_theme[theme_id], at_unit[unit_id], week - first] = number
    for unit_id, week, number in _all_answers(session, units, first, last):
        exposed[at_unit[unit_id], week - first] = number
    there = np.flatnonzero(exposed.sum(axis=0))
    if len(there) == 0 or WEEKS - there[0] < FEWEST_WEEKS:
        return []
    counts, exposed = counts[:, :, there[0] :], exposed[:, there[0] :]
    return _judged(counts, exposed, themes, units, last)


def within(found: Sequence[Alert], unit_ids: Collection[int] | None) -> list[Alert]:
    """The alerts of some units; None for all, and for the county as a whole."""
    if unit_ids is None:
        return list(found)
    return [alert for alert in found if alert.unit_id in unit_ids]


def share_chart(session: Session, scope: Scope, weeks: Sequence[int], answers: Sequence[int]) -> ControlChart | None:
    """The control chart of a theme's share of all answers, week by week; None without any answer.

    Shares vary more from week to week than answers drawn one by one would, so limits are Laney's (p').

    Args:
        session: Reads the record.
        scope: The weeks, units and kinds of feedback.
        weeks: The weeks' numbers.
        answers: Answers about the theme in each.
    """
    query = sa.select(col(Feedback.given_on), sa.func.count()).where(*scope.conditions())
    all_answers = dict.fromkeys(weeks, 0)
    for day, number in session.execute(query.group_by(col(Feedback.given_on))):
        if week_of(day) in all_answers:
            all_answers[week_of(day)] += number
    totals = np.array([all_answers[week] for week in weeks], dtype=np.float64)
    if not (totals > 0).any() or not sum(answers):
        return None
    counted = np.where(totals > 0, np.array(answers, dtype=np.float64), np.nan)
    return control_chart(counted, kind="p_prime", denominators=np.where(totals > 0, totals, np.nan))


def _judged(counts: Floats, exposed: Floats, themes: list[int], units: list[int], last: int) -> list[Alert]:
    places = len(units)
    whole = np.concatenate([counts, counts.sum(axis=1, keepdims=True)], axis=1)
    of = np.concatenate([exposed, exposed.sum(axis=0, keepdims=True)])
    dispersion = [pooled_dispersion(theme[:places], exposed) for theme in whole]
    county = [pooled_dispersion(theme[places:], of[places:]) for theme in whole]
    spread = np.array([[own] * places + [all_of] for own, all_of in zip(dispersion, county, strict=True)])
    weeks = counts.shape[2]
    found = recent_changes(
        whole.reshape(-1, weeks), np.tile(of, (len(themes), 1)), dispersion=spread.ravel(), rate=RATE
    )
    made = []
    for k in np.flatnonzero(found.found):
        theme, place = divmod(int(k), places + 1)
        length = int(found.weeks[k])
        made.append(
            Alert(
                theme_id=themes[theme],
                unit_id=None if place == places else units[place],
                rise=bool(found.rise[k]),
                since=monday_of(last - length + 1),
                weeks=length,
                answers=int(found.recent[k]),
                expected=float(found.expected[k]),
                p_value=float(found.p_values[k]),
            )
        )
    return sorted(made, key=lambda alert: (alert.p_value, alert.theme_id, alert.unit_id or 0))


def _unit_ids(session: Session) -> list[int]:
    return [key(unit_id) for unit_id in session.execute(sa.select(col(Unit.id)).order_by(col(Unit.id))).scalars()]


def _answers(
    session: Session, of: Mapping[int, frozenset[int]], units: list[int], first: int, last: int
) -> Iterator[tuple[int, int, int, int]]:
    """Theme, unit, week, answers; single themes are read from an index alone."""
    fact = ThemeAnswer
    cell = (col(fact.theme_id), col(fact.unit_id), col(fact.week))
    inside: Conditions = [cell[1].in_(units), cell[2].between(first, last)]
    single = [theme_id for theme_id, below in of.items() if len(below) == 1]
    counted = sa.select(*cell, sa.func.count()).where(cell[0].in_(single), *inside).group_by(*cell)
    yield from (tuple(row) for row in session.execute(counted))
    for theme_id, below in of.items():
        if len(below) > 1:
            answers = answers_of(below, inside)
            place = (answers.c.unit_id, answers.c.week)
            query = sa.select(*place, sa.func.count()).group_by(*place)
            yield from ((theme_id, *row) for row in session.execute(query))


def _all_answers(session: Session, units: list[int], first: int, last: int) -> list[tuple[int, ...]]:
    """Unit, week, all its answers but repeats: read from indexes alone."""
    place = (col(Feedback.unit_id), col(Feedback.week))
    inside = (place[0].in_(units), place[1].between(first, last))
    counted = sa.select(*place, sa.func.count()).where(*inside).group_by(*place)
    days = (col(Feedback.given_on) >= monday_of(first), col(Feedback.given_on) < monday_of(last + 1))
    repeated = sa.select(*place, sa.func.count()).where(*days, col(Feedback.repeats_id).is_not(None)).group_by(*place)
    found = {(row[0], row[1]): row[2] for row in session.execute(counted)}
    for unit_id, week, number in session.execute(repeated):
        if (unit_id, week) in found:
            found[unit_id, week] -= number
    return [(*cell, number) for cell, number in found.items()]
