"""The portfolio by theme and place: where pilots are, what is loud and untried, who is hardly heard."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Feedback
from models.organisation import Unit
from models.people import Person
from models.pilots import Status
from models.theme_answers import ThemeAnswer
from models.themes import Theme
from services.organisation import all_units, pilot_units
from services.permissions import May, require
from services.pilots import PilotRow, list_pilots
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, few, shown_in_tree
from services.taken_up import QUARTER, actionable, answering_ideas, themes_of

LOUD_AREA = LOUD_UNIT = LEAST_CUSTOMERS
"""Unhappy customers of a quarter from which a theme is loud in an area, and in a single unit: never fewer than may be
told, since the colour would tell them."""
FEWEST_A_WEEK = 8
"""Answers a week below which a unit or a group is hardly heard."""
FEWEST_ANSWERS = FEWEST_A_WEEK * (QUARTER // dt.timedelta(weeks=1))
FEWEST_SHOWN = LEAST_CUSTOMERS
"""Answers of a group of customers below which their number is not told."""


class Standing(enum.StrEnum):
    """Where a pilot stands, as coarsely as the map tells it."""

    PLANNED = "planned"
    RUNNING = "running"
    TO_DECIDE = "to_decide"
    IN_USE = "in_use"
    LEARNED = "learned"


STANDING: dict[Status, Standing] = {
    Status.IDEA: Standing.PLANNED,
    Status.PLANNED: Standing.PLANNED,
    Status.RUNNING: Standing.RUNNING,
    Status.AWAITING_DECISION: Standing.TO_DECIDE,
    Status.SCALING: Standing.IN_USE,
    Status.ESTABLISHED: Standing.IN_USE,
    Status.ADAPTING: Standing.LEARNED,
    Status.STOPPED: Standing.LEARNED,
}


@dataclass(frozen=True, kw_only=True)
class MapCell:
    """A theme in a place.

    Attributes:
        theme: The theme.
        unit: The place: a unit, or the area above it.
        unhappy: Unhappy customers who named it in the last quarter.
        hidden: Whether that number is not shown: it is of few, or would give away one of few in a place beside it.
        pilots: Pilots that answer it there, by code.
        ideas: Ideas that answer it there and have not become a pilot.
        loud: Unhappy customers from which it is loud in a place of this size.
    """

    theme: Theme
    unit: Unit
    unhappy: int
    hidden: bool
    pilots: tuple[PilotRow, ...]
    ideas: int
    loud: int

    @property
    def is_loud(self) -> bool:
        """Whether many customers are unhappy, as far as that is told."""
        return not self.hidden and self.unhappy >= self.loud

    @property
    def gap(self) -> bool:
        """Whether it is loud, and no pilot answers it."""
        return self.is_loud and not self.pilots


@dataclass(frozen=True, kw_only=True)
class Heard:
    """How much is heard from a unit or a group of customers.

    Attributes:
        name: The unit's code, or the group's life situation.
        answers: Answers of the last quarter.
    """

    name: str
    answers: int

    @property
    def hidden(self) -> bool:
        """Whether the number is too small to be told."""
        return few(self.answers)


def portfolio_map(
    session: Session,
    *,
    today: dt.date,
    by: Person | None,
    unit_ids: Collection[int] | None = None,
    single_units: bool = False,
) -> list[MapCell]:
    """Every theme that a unit can act on, in every place; themes by code, places by code.

    Args:
        session: Reads only.
        today: The quarter ends on this day.
        by: Who asks.
        unit_ids: Places among these only; None for all.
        single_units: Units rather than the areas above them.

    Raises:
        NotAllowed: The person may not see pilots.
    """
    require(session, by, May.SEE_PILOTS)
    themes = actionable(session)
    place = _places(session, unit_ids, single_units=single_units)
    said = _unhappy(session, place, set(themes), today)
    shown = _shown(session, set(themes), today)
    pilots: dict[tuple[int, int], list[PilotRow]] = {}
    for row in list_pilots(session, today=today):
        if row.pilot.unit_id in place:
            for theme_id in themes_of(row):
                pilots.setdefault((theme_id, key(place[row.pilot.unit_id].id)), []).append(row)
    ideas: dict[tuple[int, int], int] = {}
    for theme_id, idea in answering_ideas(session):
        if idea.unit_id in place and idea.pilot_id is None:
            pair = (theme_id, key(place[idea.unit_id].id))
            ideas[pair] = ideas.get(pair, 0) + 1
    columns = sorted({key(unit.id): unit for unit in place.values()}.items(), key=lambda item: item[1].code)
    return [
        MapCell(
            theme=theme,
            unit=unit,
            unhappy=said.get((theme_id, unit_id), 0),
            hidden=(theme_id, unit_id) in said and (theme_id, unit_id) not in shown,
            pilots=tuple(pilots.get((theme_id, unit_id), ())),
            ideas=ideas.get((theme_id, unit_id), 0),
            loud=LOUD_UNIT if single_units else LOUD_AREA,
        )
        for theme_id, theme in sorted(themes.items(), key=lambda item: item[1].code)
        for unit_id, unit in columns
    ]


def gaps(cells: Sequence[MapCell]) -> list[MapCell]:
    """Loud themes without a pilot, most unhappy customers first."""
    return sorted((cell for cell in cells if cell.gap), key=lambda c: (-c.unhappy, c.theme.code, c.unit.code))


def hardly_heard_units(
    session: Session, *, today: dt.date, unit_ids: Collection[int] | None = None
) -> list[tuple[Unit, Heard]]:
    """Units from which too little feedback came in the last quarter, the quietest first."""
    query = sa.select(col(Feedback.unit_id), sa.func.count()).where(*_quarter(today)).group_by(col(Feedback.unit_id))
    answers = {row[0]: int(row[1]) for row in session.execute(query).all()}
    found = [
        (unit, Heard(name=unit.code, answers=answers.get(key(unit.id), 0)))
        for unit in pilot_units(session)
        if unit_ids is None or unit.id in unit_ids
    ]
    return sorted(
        (one for one in found if one[1].answers < FEWEST_ANSWERS), key=lambda one: (one[1].answers, one[0].code)
    )


def heard_groups(session: Session, *, today: dt.date, unit_ids: Collection[int] | None = None) -> list[Heard]:
    """How many answers came in the last quarter from customers of each life situation, the quietest first."""
    query = sa.select(col(Feedback.life_situation), sa.func.count()).where(
        *_quarter(today), col(Feedback.life_situation).is_not(None)
    )
    if unit_ids is not None:
        query = query.where(col(Feedback.unit_id).in_(sorted(unit_ids)))
    found = [
        Heard(name=row[0], answers=int(row[1])) for row in session.execute(query.group_by(col(Feedback.life_situation)))
    ]
    return sorted(found, key=lambda one: (one.answers, one.name))


def _quarter(today: dt.date) -> list[sa.ColumnElement[bool]]:
    return [col(Feedback.given_on).between(today - QUARTER, today), col(Feedback.repeats_id).is_(None)]


def _places(session: Session, unit_ids: Collection[int] | None, *, single_units: bool) -> dict[int, Unit]:
    """What each unit counts for: itself, or the branch right above it; one without a branch stands for itself."""
    units = all_units(session)
    by_id = {key(unit.id): unit for unit in units}
    mine = [unit for unit in units if unit_ids is None or unit.id in unit_ids]
    found: dict[int, Unit] = {}
    for unit in mine:
        if not unit.takes_pilots:
            continue
        above = by_id.get(unit.parent_id) if unit.parent_id is not None else None
        found[key(unit.id)] = unit if single_units or above is None or above.parent_id is None else above
    return found


def _shown(session: Session, themes: set[int], today: dt.date) -> set[tuple[int, int]]:
    """Places whose number may be shown, whoever looks: areas beside the units they are made of, both ways to look."""
    areas = _places(session, None, single_units=False)
    above: dict[int, int | None] = {key(area.id): None for area in areas.values()}
    above |= {unit_id: key(area.id) for unit_id, area in areas.items() if area.id != unit_id}
    single = _places(session, None, single_units=True)
    by_theme: dict[int, dict[int, float]] = {theme_id: {} for theme_id in themes}
    for (theme_id, unit_id), people in _unhappy(session, single, themes, today).items():
        by_theme[theme_id][unit_id] = people
    return {(theme_id, node) for theme_id, sizes in by_theme.items() for node in shown_in_tree(sizes, above)}


def _unhappy(session: Session, place: dict[int, Unit], themes: set[int], today: dt.date) -> dict[tuple[int, int], int]:
    """Distinct unhappy people of the last quarter by theme and place; one person counts once in a place."""
    fact = ThemeAnswer
    query = sa.select(col(fact.theme_id), col(fact.unit_id), col(fact.person)).where(
        col(fact.tone) == "neg",
        col(fact.given_on).between(today - QUARTER, today),
        col(fact.theme_id).in_(sorted(themes)),
    )
    people: dict[tuple[int, int], set[int]] = {}
    for theme_id, unit_id, person in session.execute(query.distinct()).all():
        if unit_id in place:
            people.setdefault((theme_id, key(place[unit_id].id)), set()).add(person)
    return {pair: len(found) for pair, found in people.items()}
