"""Who can be the second person: those who may approve in the unit, but the one who decided."""

from __future__ import annotations

from services.rows import key
from services.second_person import approvers
from tests.services.conftest import World


def test_only_those_whose_reach_holds_the_unit_and_never_the_one_who_decided(world: World) -> None:
    names = {person.id for person in approvers(world.session, unit_id=key(world.ward.id), besides=world.leader.id)}
    assert names == {world.director.id}
    names = {person.id for person in approvers(world.session, unit_id=key(world.ward.id), besides=None)}
    assert names == {world.director.id, world.leader.id}
    world.leader.active = False
    world.session.add(world.leader)
    assert {person.id for person in approvers(world.session, unit_id=key(world.ward.id), besides=None)} == {
        world.director.id
    }
