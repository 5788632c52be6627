"""The organisation tree: what is below a unit, and how files name units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, select

from models.organisation import Unit
from services.errors import NotFound
from services.rows import key


def all_units(session: Session) -> Sequence[Unit]:
    """Every node of the tree, by code."""
    return session.exec(select(Unit).order_by(Unit.code)).all()


def pilot_units(session: Session) -> Sequence[Unit]:
    """Units that can try something: not the branches that only group them, nor those that are closed."""
    open_ones = select(Unit).where(col(Unit.takes_pilots), col(Unit.closed_on).is_(None))
    return session.exec(open_ones.order_by(Unit.code)).all()


def unit_by_code(session: Session, code: str) -> Unit:
    """The unit with a code.

    Raises:
        NotFound: No unit has it.
    """
    unit = session.exec(select(Unit).where(Unit.code == code)).first()
    if unit is None:
        raise NotFound("There is no unit with the code {code}.", code=code)
    return unit


def subtree_ids(units: Iterable[Unit], root_id: int) -> frozenset[int]:
    """Ids of a node and everything below it, at any depth."""
    children: dict[int | None, list[int]] = defaultdict(list)
    for unit in units:
        children[unit.parent_id].append(key(unit.id))
    found: set[int] = set()
    waiting = [root_id]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(children[node])
    return frozenset(found)


def area_of(units: Iterable[Unit], unit_id: int) -> Unit | None:
    """The branch right above a unit."""
    by_id = {key(unit.id): unit for unit in units}
    parent = by_id[unit_id].parent_id
    return by_id.get(parent) if parent is not None else None
