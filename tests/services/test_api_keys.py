"""Keys of other systems: shown once, kept as a hash, each with its scopes, its units and its end."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from sqlmodel import select

from models.base import now
from models.interface import ApiKey, ApiKeyUse, KeyScope
from models.people import Person, Role
from services import api_keys
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.permissions import reach
from tests.services.conftest import World


@pytest.fixture
def chief(world: World) -> Person:
    person = Person(code="chief", name="Chief", role=Role.ADMIN)
    world.session.add(person)
    world.session.commit()
    return person


def test_a_key_is_shown_once_and_only_its_hash_is_kept(world: World, chief: Person) -> None:
    made = api_keys.create(world.session, system="lab", scopes=["read:pilots", "read:pilots"], by=chief)
    mark, prefix, rest = made.secret.split("_", 2)
    assert (mark, prefix, len(rest)) == ("luotsi", made.row.prefix, 43)
    row = world.session.exec(select(ApiKey)).one()
    assert row.digest == hashlib.sha256(made.secret.encode()).hexdigest()
    assert rest not in str(row.model_dump())
    assert (row.scopes, row.created_by_id) == (["read:pilots"], chief.id)
    assert row.expires_at - row.created_at == dt.timedelta(days=365)


def test_a_key_is_a_systems_whose_unit_it_reaches(world: World, chief: Person) -> None:
    made = api_keys.create(world.session, system="lab", scopes=["write:feedback"], by=chief, unit=world.ward.code)
    found = api_keys.caller(world.session, made.secret, moment=now())
    assert found is not None
    assert (found.person.code, found.person.role, found.scopes) == (
        "lab",
        Role.API_CLIENT,
        frozenset({KeyScope.WRITE_FEEDBACK}),
    )
    assert reach(world.session, found.person) == frozenset({world.ward.id})
    second = api_keys.create(world.session, system="lab", scopes=["read:pilots"], by=chief, unit=world.ward.code)
    assert second.row.person_id == made.row.person_id, "two keys while one takes the other's place"


def test_a_key_opens_until_it_is_revoked_or_runs_out(world: World, chief: Person) -> None:
    first, second = (api_keys.create(world.session, system="lab", scopes=["read:pilots"], by=chief) for _ in range(2))
    end = second.row.expires_at
    assert api_keys.caller(world.session, second.secret, moment=end - dt.timedelta(seconds=1)) is not None
    assert api_keys.caller(world.session, second.secret, moment=end) is None
    api_keys.revoke(world.session, prefix=first.row.prefix, by=chief)
    assert api_keys.caller(world.session, first.secret, moment=now()) is None
    assert api_keys.caller(world.session, second.secret, moment=now()) is not None
    with pytest.raises(Conflict, match="was revoked on"):
        api_keys.revoke(world.session, prefix=first.row.prefix, by=chief)
    with pytest.raises(NotFound):
        api_keys.revoke(world.session, prefix="nix", by=chief)
    states = [row.opens(now()) for row in api_keys.all_keys(world.session, by=chief)]
    assert states == [True, False], "the newest first, the closed ones kept"


@pytest.mark.parametrize("change", ["active", "role"])
def test_a_key_of_a_system_put_out_of_use_opens_nothing(world: World, chief: Person, change: str) -> None:
    made = api_keys.create(world.session, system="lab", scopes=["read:pilots"], by=chief)
    system = world.session.exec(select(Person).where(Person.code == "lab")).one()
    if change == "active":
        system.active = False
    else:
        system.role = Role.ADMIN
    world.session.add(system)
    world.session.commit()
    assert api_keys.caller(world.session, made.secret, moment=now()) is None


def test_only_administrators_make_see_and_close_keys(world: World, chief: Person) -> None:
    made = api_keys.create(world.session, system="lab", scopes=["read:pilots"], by=chief)
    for person in (world.nurse, world.lead, world.director):
        with pytest.raises(NotAllowed):
            api_keys.create(world.session, system="x", scopes=["read:pilots"], by=person)
        with pytest.raises(NotAllowed):
            api_keys.revoke(world.session, prefix=made.row.prefix, by=person)
        with pytest.raises(NotAllowed):
            api_keys.all_keys(world.session, by=person)
    assert len(world.session.exec(select(ApiKey)).all()) == 1


def test_what_a_key_may_not_be_is_refused(world: World, chief: Person) -> None:
    def create(**fields: object) -> None:
        given = {"system": "lab", "scopes": ["read:pilots"], "by": chief, **fields}
        api_keys.create(world.session, **given)  # type: ignore[arg-type]

    for wrong in (
        {"scopes": ["read:everything"]},
        {"scopes": []},
        {"days": 0},
        {"days": 731},
        {"system": ""},
        {"system": "two words"},
        {"system": "x" * 81},
    ):
        with pytest.raises(BadInput):
            create(**wrong)
    with pytest.raises(NotFound):
        create(unit="NOWHERE")
    with pytest.raises(Conflict, match="a person, not of a system"):
        create(system=world.nurse.code)
    create()
    with pytest.raises(Conflict, match="another unit or the whole county"):
        create(unit=world.ward.code)
    assert len(world.session.exec(select(ApiKey)).all()) == 1
    assert [one.code for one in world.session.exec(select(Person).where(Person.role == Role.API_CLIENT))] == ["lab"]


def test_the_last_use_is_kept_to_the_minute(world: World, chief: Person) -> None:
    made = api_keys.create(world.session, system="lab", scopes=["read:pilots"], by=chief)
    key_id, at = made.row.id or 0, now()
    for seconds, kept in ((0, 0), (59, 0), (60, 60), (61, 60)):
        api_keys.note_use(world.session, key_id, moment=at + dt.timedelta(seconds=seconds))
        assert world.session.exec(select(ApiKeyUse.at)).one() == at + dt.timedelta(seconds=kept)
    (row,) = api_keys.all_keys(world.session, by=None)
    assert row.used_at == at + dt.timedelta(seconds=60)
