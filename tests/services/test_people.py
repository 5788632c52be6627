"""Sign-in by picking a demo person, roles and their reach."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from models.people import Person, Role, Setting
from services import people
from services.errors import BadInput, NotAllowed
from services.permissions import MATRIX, May, allowed, require
from tests.services.conftest import World


def test_people_can_be_picked_only_in_a_demo_database(world: World) -> None:
    world.lead.is_demo = True
    world.session.commit()
    assert people.demo_people(world.session) == []
    world.session.add(Setting(key=people.DEMO_MARK, value="1"))
    world.session.commit()
    assert [person.code for person in people.demo_people(world.session)] == ["lead"]


def test_a_person_made_inactive_is_signed_out_at_once(world: World) -> None:
    assert people.signed_in(world.session, world.lead.id) == world.lead
    world.lead.active = False
    world.session.commit()
    assert people.signed_in(world.session, world.lead.id) is None
    assert not allowed(world.session, world.lead, May.SEE_PILOTS)
    assert people.signed_in(world.session, None) is None
    assert people.signed_in(world.session, 10_000) is None


def test_a_role_reaches_its_unit_and_what_is_below(world: World) -> None:
    assert allowed(world.session, world.director, May.DECIDE, unit_id=world.ward.id)
    assert not allowed(world.session, world.director, May.DECIDE, unit_id=world.station.id)
    assert allowed(world.session, world.leader, May.DECIDE, unit_id=world.station.id)
    assert allowed(world.session, world.nurse, May.SEE_PILOTS, unit_id=world.station.id)
    assert not allowed(world.session, world.nurse, May.SEE_FEEDBACK, unit_id=world.station.id)


def test_the_matrix_covers_every_role_and_a_trustee_only_reads_pilots(world: World) -> None:
    assert set(MATRIX) == set(Role)
    for may in May:
        assert allowed(world.session, world.trustee, may) == (may is May.SEE_PILOTS)
        assert not allowed(world.session, None, may)
        if may is not May.SEE_PILOTS:
            with pytest.raises(NotAllowed):
                require(world.session, world.trustee, may)


def test_a_person_is_added_with_a_known_role_and_its_unit(world: World) -> None:
    added = people.create_person(world.session, code="uusi", name="Uusi Ihminen", role="staff", unit_id=world.ward.id)
    assert added.id is not None
    for wrong in (
        {"code": "a", "name": "A", "role": "boss"},
        {"code": "a", "name": "A", "role": "staff"},
        {"code": " ", "name": "A", "role": "coach"},
        {"code": "uusi", "name": "A", "role": "coach"},
    ):
        with pytest.raises(BadInput):
            people.create_person(world.session, **wrong)
    world.session.add(Person(code="b", name="B", role=Role.STAFF))
    with pytest.raises(IntegrityError):
        world.session.commit()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "x" * 81}, "code"),
        ({"name": "N" * 201}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"name": "\udcff"}, "name"),
        ({"name": "Maija\nVirtanen"}, "name"),
        ({"code": " lead "}, "code"),
        ({"email": "ei osoite"}, "email"),
        ({"email": "Maija@Example.fi"}, "email"),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_in_one_sentence(
    world: World, changes: dict[str, str], field: str
) -> None:
    people.create_person(world.session, code="maija", name="Maija", role="admin", email="maija@example.fi")
    given = {"code": "new", "name": "New", "role": "admin", **changes}
    with pytest.raises(BadInput) as refusal:
        people.create_person(world.session, **given)
    assert refusal.value.field == field
    assert "\n" not in str(refusal.value)


def test_people_without_an_address_do_not_share_one(world: World) -> None:
    made = [people.create_person(world.session, code=code, name=code, role="admin", email="") for code in ("a1", "a2")]
    assert [person.email for person in made] == [None, None]
