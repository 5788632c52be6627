"""Themes by place and month: the numbers of the heat map, and one theme's by unit, channel and tone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.feedback import Channel, Feedback
from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from services.organisation import subtree_ids
from services.rows import key
from services.small_grid import protect
from services.small_numbers import LEAST_CUSTOMERS, few, shown
from services.theme_families import answers_of, families, family
from services.theme_pages import all_themes
from services.theme_scope import Scope

FEWEST_PEOPLE = LEAST_CUSTOMERS
"""A cell of fewer people is shown without its number and its colour: the picture is copied into slides and minutes,
where so few could be recognised. Whoever may see the page may read the comments."""
PER = 100
"""Cells are told per so many answers."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A theme in one place or time.

    Attributes:
        answers: Answers about the theme, repeats counted once.
        people: Distinct people who gave them.
        judged: Answers whose tone is known.
        negative: Unhappy ones among them.
        of: All answers of the place or time, about any theme or none.
    """

    answers: int
    people: int
    judged: int
    negative: int
    of: int

    @property
    def few(self) -> bool:
        """Whether somebody spoke of it, but so few that the number is not shown."""
        return few(self.people)

    @property
    def rate(self) -> float | None:
        """Answers about the theme per 100 answers; None without any answer."""
        return PER * self.answers / self.of if self.of else None

    @property
    def negative_rate(self) -> float | None:
        """Unhappy answers about the theme per 100 answers; None without any answer."""
        return PER * self.negative / self.of if self.of else None


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the heat map.

    Attributes:
        code: A unit's code, or a month as 2026-10.
        unit: The unit, unless it is a month.
        first: First day.
        last: Last day.
    """

    code: str
    unit: Unit | None
    first: dt.date
    last: dt.date


def unit_columns(units: Sequence[Unit], scope: Scope, *, root_id: int | None, deepest: bool) -> list[Column]:
    """The places beside each other: those right below a node, or every unit below it that has answers of its own.

    Args:
        units: The whole tree.
        scope: The time, and the units that may be seen.
        root_id: The node; None for the top of the tree.
        deepest: Single units rather than the branches right below the node.
    """
    seen = None if scope.unit_ids is None else set(scope.unit_ids)
    inside = [unit for unit in units if seen is None or key(unit.id) in seen]
    parents = {unit.parent_id for unit in units}
    if deepest:
        chosen = [unit for unit in inside if key(unit.id) not in parents]
    else:
        top = root_id if root_id is not None else _top(units)
        chosen = [unit for unit in inside if unit.parent_id == top] or [unit for unit in inside if unit.id == top]
    return [Column(code=unit.code, unit=unit, first=scope.first, last=scope.last) for unit in chosen]


def month_columns(first: dt.date, last: dt.date) -> list[Column]:
    """Whole months, from the one of the first day to the one of the last."""
    found = []
    day = first.replace(day=1)
    while day <= last:
        after = (day + dt.timedelta(days=31)).replace(day=1)
        found.append(Column(code=f"{day:%Y-%m}", unit=None, first=day, last=after - dt.timedelta(days=1)))
        day = after
    return found


def grid(
    session: Session, scope: Scope, columns: Sequence[Column], units: Sequence[Unit]
) -> dict[tuple[int, str], Cell]:
    """Every theme in every column, by the theme's id and the column's code; a theme's children are in its numbers.

    Args:
        session: Reads the record.
        scope: The time, the units and the kinds of feedback; months must lie within it.
        columns: Places, or months, never both.
        units: The whole tree.
    """
    found: dict[tuple[int, str], Cell] = {}
    if not columns:
        return found
    themes = all_themes(session)
    of = families(themes)
    all_answers = _answers(session, scope, columns, units)
    single = [theme_id for theme_id, below in of.items() if len(below) == 1]
    fact = ThemeAnswer
    alone = [col(fact.theme_id).in_(single), *scope.facts()]
    place = _column(fact, columns, units).label("place")
    counted = sa.select(col(fact.theme_id), place, *_counts(fact)).where(*alone).group_by(col(fact.theme_id), place)
    rows: list[tuple[int, Any]] = [(row[0], row[1:]) for row in session.execute(counted)]
    for theme_id, below in of.items():
        if len(below) > 1:
            answers = answers_of(below, scope.facts())
            place = _column(answers.c, columns, units).label("place")
            query = sa.select(place, *_counts(answers.c)).group_by(place)
            rows += [(theme_id, tuple(row)) for row in session.execute(query)]
    for theme_id, (index, answered, people, judged, negative) in rows:
        if index is not None:
            code = columns[index].code
            found[theme_id, code] = Cell(
                answers=answered, people=people, judged=judged, negative=negative, of=all_answers.get(code, 0)
            )
    for theme in themes:
        for column in columns:
            empty = Cell(answers=0, people=0, judged=0, negative=0, of=all_answers.get(column.code, 0))
            found.setdefault((key(theme.id), column.code), empty)
    return found


def by_unit(session: Session, scope: Scope, theme_id: int) -> dict[int, Cell]:
    """A theme in each unit that has answers about it, by the unit's id."""
    of = _all_by(session, scope, Feedback.unit_id)
    return {place: _cell(values, of.get(place, 0)) for place, values in _by(session, scope, theme_id, "unit_id")}


def by_channel(session: Session, scope: Scope, theme_id: int) -> dict[Channel, Cell]:
    """A theme through each channel that brought answers about it."""
    of = _all_by(session, scope, Feedback.channel)
    rows = _by(session, scope, theme_id, "channel")
    return {Channel(place): _cell(values, of.get(place, 0)) for place, values in rows}


def by_tone(session: Session, scope: Scope, theme_id: int) -> dict[str, int]:
    """How many answers about a theme are of each tone: neg, neu, pos, "" for unknown."""
    return {tone: values[0] for tone, values in _by(session, scope, theme_id, "tone")}


def channels_told(cells: Mapping[Channel, Cell], *, tones: bool) -> dict[Channel, tuple[bool, bool]]:
    """Of each channel: whether its number may be told beside the theme's, and whether its unhappy ones may.

    The unhappy and the others by channel are a table of two columns, whose rows and columns add up to what is shown.

    Args:
        cells: As `by_channel` finds them.
        tones: Whether the theme's unhappy answers are told, all channels together.
    """
    sizes = {channel.value: float(cell.people) for channel, cell in cells.items()}
    kept = shown(sizes, total=sum(sizes.values()), least=LEAST_CUSTOMERS)
    values = [[cell.negative, cell.judged - cell.negative] for cell in cells.values()]
    spared = [cell.answers - cell.people for cell in cells.values()]
    small = [
        [few(max(count - spare, min(count, 1))) for count in row] for row, spare in zip(values, spared, strict=True)
    ]
    if not values:
        return {}
    found = protect(
        values,
        small,
        least=LEAST_CUSTOMERS,
        column_totals=tones,
        hidden_rows=[channel.value not in kept for channel in cells],
    )
    if tones and (found.columns.any() or found.total):
        found.cells[:] = True
    return {
        channel: (channel.value in kept, channel.value in kept and not hidden.any() and not row)
        for channel, hidden, row in zip(cells, found.cells, found.rows, strict=True)
    }


def tones_told(tones: Mapping[str, int], *, unhappy: bool) -> frozenset[str]:
    """Tones whose number may be told; how many answers tell none is no figure about anybody, and always may.

    Args:
        tones: As `by_tone` finds them.
        unhappy: Whether the unhappy ones are told elsewhere: then they are here, and the others share the rest.
    """
    known = {tone: float(count) for tone, count in tones.items() if tone and count}
    others = {tone: count for tone, count in known.items() if tone != "neg"}
    if unhappy and "neg" in known:
        kept = shown(others, total=sum(others.values()), least=LEAST_CUSTOMERS) | {"neg"}
    else:
        kept = shown(known, total=sum(known.values()), least=LEAST_CUSTOMERS) - ({"neg"} if not unhappy else set())
    return kept | {""}


def _by(session: Session, scope: Scope, theme_id: int, name: str) -> list[tuple[Any, Sequence[int]]]:
    answers = answers_of(family(session, theme_id), scope.facts())
    query = sa.select(answers.c[name], *_counts(answers.c)).group_by(answers.c[name])
    return [(row[0], tuple(row[1:])) for row in session.execute(query)]


def _all_by(session: Session, scope: Scope, column: Any) -> Mapping[Any, int]:
    query = sa.select(col(column), sa.func.count()).where(*scope.conditions()).group_by(col(column))
    return {row[0]: row[1] for row in session.execute(query)}


def _cell(values: Sequence[int], of: int) -> Cell:
    answers, people, judged, negative = values
    return Cell(answers=answers, people=people, judged=judged, negative=negative, of=of)


def _counts(table: Any) -> list[Any]:
    return [
        sa.func.count(),
        sa.func.count(sa.distinct(table.person)),
        sa.func.count(sa.case((table.tone != "", 1))),
        sa.func.count(sa.case((table.tone == "neg", 1))),
    ]


def _answers(session: Session, scope: Scope, columns: Sequence[Column], units: Sequence[Unit]) -> dict[str, int]:
    """All answers of each column."""
    place = _column(Feedback, columns, units).label("place")
    query = sa.select(place, sa.func.count()).where(*scope.conditions()).group_by(place)
    return {columns[row[0]].code: row[1] for row in session.execute(query) if row[0] is not None}


def _column(table: Any, columns: Sequence[Column], units: Sequence[Unit]) -> Any:
    """The index of the column that a row belongs to; NULL for none."""
    if columns[0].unit is None:
        within = [(table.given_on.between(column.first, column.last), k) for k, column in enumerate(columns)]
        return sa.case(*within)
    places = {
        unit_id: k
        for k, column in enumerate(columns)
        if column.unit is not None
        for unit_id in subtree_ids(units, key(column.unit.id))
    }
    return sa.case(places, value=table.unit_id)


def _top(units: Sequence[Unit]) -> int | None:
    """The node that holds the whole county, if there is one."""
    roots = [unit for unit in units if unit.parent_id is None]
    return roots[0].id if len(roots) == 1 else None
