"""Where to try next: themes in units, by need, expected effect, what pilots have reached, and effort."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from models.base import week_of
from models.organisation import Unit
from models.people import Person
from models.pilots import Status
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services import portfolio, together
from services.drivers import Drivers
from services.organisation import pilot_units
from services.permissions import May, require
from services.portfolio import PortfolioRow
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, apart, few
from services.theme_browse import SINGLE_OPINION_BELOW
from services.theme_pages import all_themes
from stats.errors import CannotEstimateError
from stats.need import Worth, worth
from stats.portfolio import shrink

QUARTER = 13
"""Weeks over which need and effort are counted."""
TRIED = frozenset({Status.STOPPED})
"""A pilot that ended so leaves its theme free for another try; any other keeps it."""
USUAL_HOURS = 20.0
"""Hours of a pilot's first quarter where no pilot has told better."""
USUAL_GAIN = 1.0
STANDS_FOR = LEAST_CUSTOMERS / 2
"""Unhappy people that a number which is not shown counts for: the same for all, so that no score tells it."""


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One factor of the ranking, and what it rests on.

    Attributes:
        value: The factor.
        pilots: How many pilots it comes from; 0 for a factor that does not come from pilots, or from none yet.
        own: Whether it is the theme's own; else it is what themes or pilots have in common.
    """

    value: float
    pilots: int
    own: bool


@dataclass(frozen=True, kw_only=True)
class Place:
    """A theme in a unit where something could be tried.

    Attributes:
        theme: What customers speak of.
        unit: Where.
        people: People who named it in the quarter.
        unhappy: Unhappy ones among them.
        told: Whether these numbers may be shown; where they may not, neither the score nor the rank tells them.
        loss: How much worse the outcome is where the theme is named, in points.
        gain: What pilots of the theme reached, in multiples of their smallest change that matters.
        hours: Hours that pilots of the theme took in their first quarter.
        worth: The factors together.
        tried: Codes of pilots of this theme in this unit that were stopped.
    """

    theme: Theme
    unit: Unit
    people: int
    unhappy: int
    told: bool
    loss: Factor
    gain: Factor
    hours: Factor
    worth: Worth
    tried: tuple[str, ...]

    @property
    def unhappy_share(self) -> float:
        """Share of those who named it that were unhappy."""
        return self.unhappy / self.people


def where_next(
    session: Session,
    *,
    drivers: Drivers | None,
    unit_ids: Collection[int] | None,
    today: dt.date,
    by: Person | None,
) -> list[Place]:
    """Rank themes in units where nothing is being tried, the most promising first.

    Left out are themes a unit cannot change, thanks, themes that fewer than three people named or nobody was unhappy
    with, and themes that a pilot of the unit, or a decision that reaches it, already answers.

    Args:
        session: Reads only.
        drivers: What moves the recommendation in the whole county; None when that cannot be told, and then every theme
            counts alike.
        unit_ids: Units; None for all.
        today: The quarter is the thirteen weeks before this day's week.
        by: Who asks.

    Raises:
        NotAllowed: The person may not see feedback.
    """
    require(session, by, May.SEE_FEEDBACK)
    rows = portfolio.rows(session, today=today)
    themes = {key(theme.id): theme for theme in all_themes(session) if theme.controllable and not theme.praise}
    units = {key(unit.id): unit for unit in pilot_units(session) if unit_ids is None or unit.id in unit_ids}
    taken, stopped = _pilots(rows)
    losses, gains = losses_of(drivers), _gains(rows)
    hours = {key(row.row.pilot.id): first_quarter_hours(row) for row in rows}
    found = []
    for (theme_id, unit_id), (people, unhappy) in _voices(session, today).items():
        theme, unit = themes.get(theme_id), units.get(unit_id)
        if theme is None or unit is None or (theme_id, unit_id) in taken:
            continue
        if people < SINGLE_OPINION_BELOW or not unhappy:
            continue
        of_theme = [key(row.row.pilot.id) for row in rows if theme_id in _themes(row)]
        loss = losses.get(theme.code, losses[""])
        gain = _typical(gains, of_theme, USUAL_GAIN)
        effort = _typical(hours, of_theme, USUAL_HOURS)
        found.append(
            Place(
                theme=theme, unit=unit, people=people, unhappy=unhappy, told=_told(people, unhappy), loss=loss,
                gain=gain, hours=effort,
                worth=worth(
                    unhappy=unhappy if _told(people, unhappy) else STANDS_FOR, loss=loss.value, gain=gain.value,
                    hours=effort.value,
                ),
                tried=tuple(sorted(stopped.get((theme_id, unit_id), ()))),
            )
        )  # fmt: skip
    return sorted(found, key=lambda place: (-place.worth.score, place.theme.code, place.unit.code))


def losses_of(drivers: Drivers | None) -> Mapping[str, Factor]:
    """Points lost where each theme is named, by its code; "" is what holds for a theme that too few name.

    Single effects are moved towards their mean by how unsure they are, so that a rare theme's luck does not lead.
    """
    if drivers is None:
        return {"": Factor(value=1.0, pilots=0, own=False)}
    sign = 1 if drivers.outcome.more_is_worse else -1
    found = drivers.analysis.drivers
    raw = [sign * one.effect.effect for one in found]
    try:
        shared = shrink(raw, [one.effect.standard_error for one in found])
        values, usual = [float(effect) for effect in shared.effects], float(shared.mean.effect)
    except CannotEstimateError:  # two themes only: they stand as they are
        values, usual = raw, statistics.fmean(raw)
    losses = {one.name: Factor(value=value, pilots=0, own=True) for one, value in zip(found, values, strict=True)}
    return {**losses, "": Factor(value=usual, pilots=0, own=False)}


def first_quarter_hours(row: PortfolioRow) -> float:
    """Hours of staff time a pilot took in its first quarter: setting up, and thirteen weeks."""
    return row.row.pilot.setup_hours + QUARTER * row.row.pilot.staff_hours_per_week


def _typical(values: Mapping[int, float], pilots: Sequence[int], usual: float) -> Factor:
    """The median over the theme's pilots; over all pilots when it has none, and the usual value when there are none."""
    own = [values[one] for one in pilots if one in values]
    if own:
        return Factor(value=statistics.median(own), pilots=len(own), own=True)
    if values:
        return Factor(value=statistics.median(values.values()), pilots=len(values), own=False)
    return Factor(value=usual, pilots=0, own=False)


def _gains(rows: Sequence[PortfolioRow]) -> dict[int, float]:
    """Each evaluated pilot's effect in the light of all, in multiples of its smallest change, positive for better."""
    evaluated = [row for row in rows if row.stored is not None and row.stored.row.effect is not None]
    if not evaluated:
        return {}
    try:
        estimates = together.together(evaluated).estimates
    except CannotEstimateError:
        return {}
    found = {}
    for row in rows:
        estimate = estimates.get(key(row.row.pilot.id))
        result = row.stored.result if row.stored else None
        if estimate is not None and result is not None:
            unit = result.plan.direction.sign * result.plan.smallest_change
            found[key(row.row.pilot.id)] = estimate.effect / unit
    return found


def _themes(row: PortfolioRow) -> set[int]:
    return {key(theme.id) for theme in (row.row.theme, *row.row.further_themes)}


def _pilots(rows: Sequence[PortfolioRow]) -> tuple[set[tuple[int, int]], dict[tuple[int, int], list[str]]]:
    """Pairs (theme, unit) that a pilot or a scale-up answers, and those where a pilot was stopped."""
    taken: set[tuple[int, int]] = set()
    stopped: dict[tuple[int, int], list[str]] = {}
    for row in rows:
        units = {row.row.pilot.unit_id}
        if row.row.status not in TRIED and row.decision is not None:
            units |= {key(unit.id) for unit in row.decision.units}
        for pair in ((theme, unit) for theme in _themes(row) for unit in units):
            if row.row.status in TRIED:
                stopped.setdefault(pair, []).append(row.row.pilot.code)
            else:
                taken.add(pair)
    return taken, stopped


def _told(people: int, unhappy: int) -> bool:
    """Whether neither those who named a theme, nor the unhappy ones among them, nor the others are few."""
    return not few(people) and apart(unhappy, people)


def _voices(session: Session, today: dt.date) -> dict[tuple[int, int], tuple[int, int]]:
    """Per theme and unit, the people of the last quarter and the unhappy ones among them."""
    fact = ThemeAnswer
    last = week_of(today) - 1
    unhappy = sa.case((col(fact.tone) == "neg", col(fact.person)))
    query = (
        sa.select(
            col(fact.theme_id),
            col(fact.unit_id),
            sa.func.count(sa.distinct(col(fact.person))),
            sa.func.count(sa.distinct(unhappy)),
        )
        .where(col(fact.week).between(last - QUARTER + 1, last))
        .group_by(col(fact.theme_id), col(fact.unit_id))
    )
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in session.execute(query).all()}
