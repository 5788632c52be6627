"""Which numbers of a theme may be told of which place: none of a small group, and none that gives one away.

What is told does not depend on who looks, so that two readers' pages cannot be set against each other: it is worked out
for the whole tree of units, each theme by itself and themes within themes, for one time and one set of filters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from models.organisation import Unit
from models.theme_answers import ThemeAnswer
from services.organisation import all_units
from services.rows import key
from services.small_numbers import LEAST_CUSTOMERS, apart, few, shown, shown_in_tree
from services.theme_families import answers_of, families, family
from services.theme_pages import all_themes
from services.theme_scope import Scope

COUNTY = 0
"""The node above all units."""

Counts = tuple[int, int, int]
"""People who named a theme: all, the unhappy ones, the others whose tone is known."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What may be told, by theme and node: a unit's id with all below it, its negative for the unit alone, or COUNTY.

    Attributes:
        answers: Where the numbers of answers and people may be told.
        tones: Where the unhappy ones among them may be told too.
    """

    answers: frozenset[tuple[int, int]]
    tones: frozenset[tuple[int, int]]


NOTHING = Told(answers=frozenset(), tones=frozenset())


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What may be told of one place.

    Attributes:
        of: What may be told anywhere.
        node: The place's node; None for units that are no single node, of which only small numbers are hidden.
    """

    of: Told
    node: int | None

    def number(self, theme_id: int, people: int) -> bool:
        """Whether the number of a theme's answers, from so many people, may be told; that there are none may."""
        if self.node is None:
            return not few(people)
        return not people or (theme_id, self.node) in self.of.answers

    def tones(self, theme_id: int, people: int) -> bool:
        """Whether the unhappy ones among them may be told as well."""
        if self.node is None:
            return False
        return not people or (theme_id, self.node) in self.of.tones


def sight(session: Session, scope: Scope) -> Sight:
    """What may be told of the scope's own units taken together."""
    return Sight(of=told(session, scope), node=node_of(all_units(session), scope.unit_ids))


def told(session: Session, scope: Scope) -> Told:
    """What may be told of every theme in every place, in a scope's time and under its filters; its units do not matter.

    A number under a filter is told only where what the filter leaves out is no small group either.
    """
    above = _above(all_units(session))
    everywhere = replace(scope, unit_ids=None)
    counts = _by_unit(session, everywhere)
    wholes = {theme_id: [_wholes(of, above, place) for place in range(3)] for theme_id, of in counts.items()}
    answers: set[tuple[int, int]] = set()
    tones: set[tuple[int, int]] = set()
    for theme_id, of in counts.items():
        shown_of = [shown_in_tree(_own(of, above, place), above) for place in range(3)]
        answers |= {(theme_id, node) for node in shown_of[0]}
        tones |= {(theme_id, node) for node in shown_of[0] & shown_of[1] & shown_of[2]}
    answers &= _within_themes(session, {theme_id: of[0] for theme_id, of in wholes.items()}, above)
    for wider in _without_a_filter(everywhere):
        more = {theme_id: _wholes(of, above, 0) for theme_id, of in _by_unit(session, wider).items()}
        answers = {
            (theme_id, node)
            for theme_id, node in answers
            if apart(wholes[theme_id][0].get(node, 0), more.get(theme_id, {}).get(node, 0))
        }
    return Told(answers=frozenset(answers), tones=frozenset(tones & answers))


def node_of(units: Sequence[Unit], unit_ids: Collection[int] | None) -> int | None:
    """The node that a scope's units are: the one that all others lie below; None where there is no single one."""
    if unit_ids is None:
        return COUNTY
    above = {key(unit.id): unit.parent_id for unit in units}
    tops = [unit_id for unit_id in unit_ids if above.get(unit_id) not in unit_ids]
    roots = [unit_id for unit_id, parent in above.items() if parent is None]
    if len(tops) == 1:
        return COUNTY if tops == roots else tops[0]
    return COUNTY if sorted(tops) == sorted(roots) else None


def alone(units: Sequence[Unit], unit_id: int) -> int:
    """The node of a unit's own answers, without those below it."""
    return -unit_id if any(unit.parent_id == unit_id for unit in units) else unit_id


def weeks_told(session: Session, scope: Scope, theme_id: int) -> dict[int, tuple[bool, bool]]:
    """Of each week with answers: whether their number may be told, and whether the unhappy ones may.

    A week is told where neither its place nor the other weeks of the scope give a small one away.
    """
    units = all_units(session)
    above, node = _above(units), node_of(units, scope.unit_ids)
    answers = answers_of(family(session, theme_id), replace(scope, unit_ids=None).facts())
    query = sa.select(answers.c.week, answers.c.unit_id, *_people(answers.c)).group_by(
        answers.c.week, answers.c.unit_id
    )
    weeks: dict[int, dict[int, Counts]] = defaultdict(dict)
    for week, unit_id, *people in session.execute(query):
        weeks[week][unit_id] = _counts(*people)
    inside: dict[int, list[float]] = {}
    clear: dict[int, list[bool]] = {}
    for week, of in weeks.items():
        if node is None:
            mine = [count for unit_id, count in of.items() if unit_id in (scope.unit_ids or ())]
            inside[week] = [sum(count[place] for count in mine) for place in range(3)]
            clear[week] = [not few(size) for size in inside[week]]
        else:
            inside[week] = [_wholes(of, above, place).get(node, 0) for place in range(3)]
            clear[week] = [node in shown_in_tree(_own(of, above, place), above) for place in range(3)]
    kept = []
    for place in range(3):
        sizes = {str(week): size[place] for week, size in inside.items()}
        kept.append(shown(sizes, total=sum(sizes.values()), least=LEAST_CUSTOMERS))
    found = {}
    for week, size in inside.items():
        told_of = [not size[place] or (clear[week][place] and str(week) in kept[place]) for place in range(3)]
        found[week] = (told_of[0], all(told_of))
    return found


def _by_unit(session: Session, scope: Scope) -> dict[int, dict[int, Counts]]:
    """People by theme and unit; the people of a theme with others below it are those of all of them."""
    fact = ThemeAnswer
    of = families(all_themes(session))
    single = [theme_id for theme_id, below in of.items() if len(below) == 1]
    found: dict[int, dict[int, Counts]] = {theme_id: {} for theme_id in of}
    query = (
        sa.select(col(fact.theme_id), col(fact.unit_id), *_people(fact))
        .where(col(fact.theme_id).in_(single), *scope.facts())
        .group_by(col(fact.theme_id), col(fact.unit_id))
    )
    for theme_id, unit_id, *people in session.execute(query):
        found[theme_id][unit_id] = _counts(*people)
    for theme_id, below in of.items():
        if len(below) > 1:
            answers = answers_of(below, scope.facts())
            counted = sa.select(answers.c.unit_id, *_people(answers.c)).group_by(answers.c.unit_id)
            found[theme_id] = {row[0]: _counts(*row[1:]) for row in session.execute(counted)}
    return found


def _people(table: Any) -> list[Any]:
    """What `_counts` reads: people, answers, the unhappy ones, the others whose tone is known."""
    unhappy = sa.case((table.tone == "neg", 1))
    others = sa.case((sa.and_(table.tone != "", table.tone != "neg"), 1))
    return [
        sa.func.count(sa.distinct(table.person)),
        sa.func.count(),
        sa.func.count(unhappy),
        sa.func.count(others),
    ]


def _counts(people: int, answers: int, unhappy: int, others: int) -> Counts:
    """People by tone, the fewest there can be: of several answers by one person, all may be of the same tone."""
    spare = answers - people
    fewest = [max(count - spare, 1) if count else 0 for count in (unhappy, others)]
    return people, fewest[0], fewest[1]


def _above(units: Sequence[Unit]) -> dict[int, int | None]:
    """The tree: units below the county, and below each unit that has others below it a node for itself alone."""
    found: dict[int, int | None] = {COUNTY: None}
    parents = {unit.parent_id for unit in units}
    for unit in units:
        unit_id = key(unit.id)
        found[unit_id] = COUNTY if unit.parent_id is None else unit.parent_id
        if unit_id in parents:
            found[-unit_id] = unit_id
    return found


def _own(of: Mapping[int, Counts], above: Mapping[int, int | None], place: int) -> dict[int, float]:
    """People of each node itself."""
    return {(-unit_id if -unit_id in above else unit_id): count[place] for unit_id, count in of.items()}


def _wholes(of: Mapping[int, Counts], above: Mapping[int, int | None], place: int) -> dict[int, int]:
    """People of each node with all below it."""
    found: dict[int, int] = defaultdict(int)
    for node, size in _own(of, above, place).items():
        at: int | None = node
        while at is not None:
            found[at] += int(size)
            at = above.get(at)
    return found


def _within_themes(
    session: Session, wholes: Mapping[int, Mapping[int, int]], above: Mapping[int, int | None]
) -> set[tuple[int, int]]:
    """Themes of which each node may be told beside those that lie above, below and beside them."""
    themes = {key(theme.id): theme.parent_id for theme in all_themes(session)}
    below: dict[int, list[int]] = defaultdict(list)
    for theme_id, parent in themes.items():
        if parent in themes and parent is not None:
            below[parent].append(theme_id)
    found: set[tuple[int, int]] = set()
    for node in above:
        sizes = {theme_id: wholes.get(theme_id, {}).get(node, 0) for theme_id in themes}
        found |= {(theme_id, node) for theme_id in themes if not few(sizes[theme_id])}
        for theme_id, children in below.items():
            groups = {str(child): float(sizes[child]) for child in children}
            rest = max(0.0, sizes[theme_id] - sum(groups.values()))
            kept = shown({**groups, "own": rest}, total=float(sizes[theme_id]), least=LEAST_CUSTOMERS)
            found -= {(child, node) for child in children if sizes[child] and str(child) not in kept}
    return found


def _without_a_filter(scope: Scope) -> list[Scope]:
    """The scope without each of its filters, one at a time."""
    found = []
    if scope.channels:
        found.append(replace(scope, channels=()))
    if scope.solicited is not None:
        found.append(replace(scope, solicited=None))
    if scope.statutory is not None:
        found.append(replace(scope, statutory=None))
    return found
