"""What an administrator does about units: nothing is deleted, and no series is lost."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.organisation import LineageKind, Unit, UnitLineage
from models.people import Person
from models.pilots import Status
from services import lineage, organisation, people
from services import organisation_changes as changes
from services.errors import BadInput, Conflict, NotFound
from services.permissions import May, allowed
from services.pilots import register_pilot, set_status
from services.rows import get, key
from tests.services.conftest import World

TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def admin(world: World) -> Person:
    return people.create_person(world.session, code="admin", name="Admin", role="admin")


def added(world: World, admin: Person, **fields: object) -> Unit:
    given: dict[str, object] = {"code": "UUSI", "names": {"fi": "Uusi yksikkö"}, "level": "unit"}
    return changes.add(world.session, by=admin, **{**given, **fields})  # type: ignore[arg-type]


def emptied(world: World, unit: Unit) -> None:
    """Its people belong to the station from here on."""
    for person in world.session.exec(select(Person).where(Person.unit_id == unit.id)):
        person.unit_id = world.station.id
        world.session.add(person)
    world.session.commit()


def test_a_unit_is_added_renamed_and_moved(world: World, admin: Person) -> None:
    unit = added(world, admin, parent_id=world.station.id, oid="1.2.246.10.7", opened_on=TODAY)
    assert (unit.name, unit.opened_on) == ({"fi": "Uusi yksikkö"}, TODAY)
    changes.rename(
        world.session, unit_id=key(unit.id), names={"fi": " Toinen  nimi ", "sv": "Annat namn", "en": ""}, by=admin
    )
    assert unit.name == {"fi": "Toinen nimi", "sv": "Annat namn"}
    assert not allowed(world.session, world.director, May.DECIDE, unit_id=unit.id)
    changes.move(world.session, unit_id=key(unit.id), parent_id=key(world.area.id), by=admin)
    assert allowed(world.session, world.director, May.DECIDE, unit_id=unit.id), "who reaches it changes at once"
    changes.move(world.session, unit_id=key(unit.id), parent_id=None, by=admin)
    assert unit.parent_id is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "A B"}, "code"),
        ({"code": "A" * 41}, "code"),
        ({"code": "SAI3"}, "code"),
        ({"oid": "1.2.3"}, "oid"),
        ({"oid": "1..2"}, "oid"),
        ({"oid": "12"}, "oid"),
        ({"level": " "}, "level"),
        ({"names": {"en": "Only English"}}, "name_fi"),
        ({"names": {"fi": "x" * 121}}, "name_fi"),
        ({"names": {"fi": "x", "sv": "a\x00b"}}, "name_sv"),
    ],
)
def test_what_a_unit_cannot_be_called(world: World, admin: Person, fields: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        added(world, admin, **fields)
    assert refused.value.field == field


def test_a_tree_stays_a_tree(world: World, admin: Person) -> None:
    below = added(world, admin, parent_id=world.ward.id)
    for parent in (world.ward.id, below.id):
        with pytest.raises(Conflict, match="under itself"):
            changes.move(world.session, unit_id=key(world.ward.id), parent_id=parent, by=admin)
    with pytest.raises(NotFound):
        changes.move(world.session, unit_id=key(below.id), parent_id=9999, by=admin)
    with pytest.raises(Conflict, match="Units below SAI are open"):
        changes.close(world.session, unit_id=key(world.area.id), on=TODAY, by=admin, today=TODAY)


def test_a_closed_unit_is_offered_nowhere_and_opens_again(world: World, admin: Person) -> None:
    close = {"session": world.session, "unit_id": key(world.ward.id), "by": admin, "today": TODAY}
    with pytest.raises(Conflict, match="People belong to SAI3"):
        changes.close(on=TODAY, **close)  # type: ignore[arg-type]
    world.session.rollback()
    emptied(world, world.ward)
    with pytest.raises(BadInput):
        changes.close(on=TODAY + dt.timedelta(days=1), **close)  # type: ignore[arg-type]
    changes.close(on=TODAY, **close)  # type: ignore[arg-type]
    assert world.ward.closed_on == TODAY
    assert world.ward.id not in {unit.id for unit in organisation.pilot_units(world.session)}
    with pytest.raises(Conflict, match="is closed"):
        added(world, admin, parent_id=world.ward.id)
    changes.reopen(world.session, unit_id=key(world.ward.id), by=admin)
    assert world.ward.closed_on is None


def test_a_unit_with_a_pilot_under_way_stays_open(world: World, admin: Person) -> None:
    pilot = register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    set_status(world.session, pilot_id=key(pilot.id), status=Status.RUNNING, by_id=None)
    world.session.commit()
    emptied(world, world.ward)
    with pytest.raises(Conflict, match=pilot.code):
        changes.close(world.session, unit_id=key(world.ward.id), on=TODAY, by=admin, today=TODAY)


def test_a_merged_unit_goes_on_in_the_other_with_its_people(world: World, admin: Person) -> None:
    changes.merge(
        world.session,
        unit_ids=[key(world.ward.id)],
        into_id=key(world.other_ward.id),
        on=TODAY,
        by=admin,
        today=TODAY,
    )
    assert world.ward.closed_on == TODAY
    assert world.lead.unit_id == world.nurse.unit_id == world.other_ward.id
    assert lineage.sources(world.session, [key(world.other_ward.id)]) == {
        world.other_ward.id: world.other_ward.id,
        world.ward.id: world.other_ward.id,
    }
    with pytest.raises(Conflict, match="continues as another unit"):
        changes.reopen(world.session, unit_id=key(world.ward.id), by=admin)


def test_a_split_unit_ends(world: World, admin: Person) -> None:
    split = {"session": world.session, "unit_id": key(world.ward.id), "on": TODAY, "by": admin, "today": TODAY}
    with pytest.raises(BadInput):
        changes.split(into_ids=[key(world.other_ward.id)], **split)  # type: ignore[arg-type]
    parts = [key(world.other_ward.id), key(added(world, admin).id)]
    with pytest.raises(Conflict, match="People belong"):
        changes.split(into_ids=parts, **split)  # type: ignore[arg-type]
    world.session.rollback()
    emptied(world, world.ward)
    changes.split(into_ids=parts, **split)  # type: ignore[arg-type]
    links = world.session.exec(select(UnitLineage).order_by(UnitLineage.id)).all()  # type: ignore[arg-type]
    assert [(link.successor_id, link.kind) for link in links] == [(part, LineageKind.SPLIT) for part in parts]
    assert get(world.session, Unit, world.ward.id).closed_on == TODAY


@pytest.mark.parametrize("into", [None, "itself"])
def test_a_unit_does_not_continue_as_nothing_or_itself(world: World, admin: Person, into: str | None) -> None:
    into_id = key(world.ward.id) if into else None
    with pytest.raises((BadInput, Conflict)):
        changes.merge(world.session, unit_ids=[key(world.ward.id)], into_id=into_id, on=TODAY, by=admin, today=TODAY)
    world.session.rollback()
    assert get(world.session, Unit, world.ward.id).closed_on is None
