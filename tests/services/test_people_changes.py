"""What an administrator does about people, and what nobody can."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from models.audit import AuditEntry
from models.people import Person, Role
from models.sessions import SessionEnd, SignInIdentity, SignInKind, SignInSession
from services import people, people_changes, sessions
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.permissions import May, allowed
from services.rows import get, key
from services.sign_in_settings import load
from tests.services.conftest import World

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def admin(world: World) -> Person:
    return people.create_person(world.session, code="admin", name="Admin", role="admin", email="admin@example.fi")


def signed_in(world: World, person: Person) -> int:
    row = sessions.begin(world.session, person_id=key(person.id), kind=SignInKind.OIDC, settings=load(), now=NOW)
    world.session.add(SignInIdentity(person_id=key(person.id), issuer="https://id", subject=person.code))
    world.session.commit()
    return key(row.id)


def ended(world: World, number: int) -> SessionEnd | None:
    world.session.expire_all()
    return get(world.session, SignInSession, number).ended_because


def values(person: Person, **changes: object) -> dict[str, object]:
    fields = ("name", "role", "unit_id", "email", "language")
    return {**{field: getattr(person, field) for field in fields}, **changes}


def test_a_person_is_added_and_changed(world: World, admin: Person) -> None:
    added = people_changes.add(
        world.session,
        code="uusi",
        name="Uusi Ihminen",
        role="staff",
        unit_id=world.ward.id,
        email=" Uusi@Example.FI ",
        language="sv",
        by=admin,
    )
    assert (added.email, added.language, added.active) == ("uusi@example.fi", "sv", True)
    people_changes.change(
        world.session,
        person_id=key(added.id),
        by=admin,
        now=NOW,
        **values(added, role="team_lead", unit_id=world.station.id, name="Uusi Nimi"),  # type: ignore[arg-type]
    )
    world.session.expire_all()
    found = get(world.session, Person, added.id)
    assert (found.name, found.role, found.unit_id) == ("Uusi Nimi", Role.TEAM_LEAD, world.station.id)
    told = world.session.exec(select(AuditEntry).where(AuditEntry.subject == "person")).all()
    assert [(entry.actor, entry.action) for entry in told][-2:] == [("admin", "insert"), ("admin", "update")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"role": "king"}, "role"),
        ({"role": "staff", "unit_id": None}, "unit"),
        ({"name": " "}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"email": "ADMIN@example.fi"}, "email"),
        ({"language": "de"}, ""),
    ],
)
def test_what_cannot_be(world: World, admin: Person, changes: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        people_changes.change(
            world.session,
            person_id=key(world.lead.id),
            by=admin,
            now=NOW,
            **values(world.lead, **changes),  # type: ignore[arg-type]
        )
    assert refused.value.field == field


def test_a_closed_unit_takes_nobody_in(world: World, admin: Person) -> None:
    world.station.closed_on = dt.date(2026, 1, 1)
    world.session.add(world.station)
    world.session.commit()
    with pytest.raises(Conflict):
        people_changes.add(world.session, code="x", name="X", role="staff", unit_id=world.station.id, by=admin)
    with pytest.raises(NotFound):
        people_changes.add(world.session, code="x", name="X", role="staff", unit_id=9999, by=admin)


def test_a_machine_stays_a_machine(world: World, admin: Person) -> None:
    with pytest.raises(BadInput):
        people_changes.add(world.session, code="m", name="M", role="api_client", by=admin)
    with pytest.raises(Conflict):
        people_changes.change(
            world.session,
            person_id=key(world.leader.id),
            by=admin,
            now=NOW,
            **values(world.leader, role="api_client"),  # type: ignore[arg-type]
        )


def test_another_address_signs_out_and_is_known_anew(world: World, admin: Person) -> None:
    number = signed_in(world, world.lead)
    change = {"session": world.session, "person_id": key(world.lead.id), "by": admin, "now": NOW}
    people_changes.change(**change, **values(world.lead, name="Another"))  # type: ignore[arg-type]
    assert ended(world, number) is None
    people_changes.change(**change, **values(world.lead, email="new@example.fi"))  # type: ignore[arg-type]
    assert ended(world, number) is SessionEnd.IDENTITY_CHANGED
    assert world.session.exec(select(SignInIdentity)).all() == []


def test_a_closed_account_is_signed_out_at_once_and_can_be_opened(world: World, admin: Person) -> None:
    number = signed_in(world, world.lead)
    other = signed_in(world, world.nurse)
    people_changes.deactivate(world.session, person_id=key(world.lead.id), by=admin, now=NOW)
    assert ended(world, number) is SessionEnd.DEACTIVATED
    assert ended(world, other) is None
    assert not allowed(world.session, world.lead, May.SEE_PILOTS)
    people_changes.reactivate(world.session, person_id=key(world.lead.id), by=admin)
    assert allowed(world.session, world.lead, May.SEE_PILOTS)
    assert ended(world, number) is SessionEnd.DEACTIVATED, "the old session stays ended"


def test_sessions_are_ended_and_that_is_told(world: World, admin: Person) -> None:
    numbers = [signed_in(world, world.lead), signed_in(world, world.nurse)]
    assert people_changes.end_sessions(world.session, person_id=key(world.lead.id), by=admin, now=NOW) == 1
    assert [ended(world, number) for number in numbers] == [SessionEnd.ENDED_BY_ADMIN, None]
    entry = world.session.exec(select(AuditEntry).where(AuditEntry.action == "end_sessions")).one()
    assert (entry.actor, entry.key, entry.allowed_by) == ("admin", str(world.lead.id), "administer")


def test_the_next_sign_in_is_known_anew(world: World, admin: Person) -> None:
    number = signed_in(world, world.lead)
    people_changes.know_anew(world.session, person_id=key(world.lead.id), by=admin, now=NOW)
    assert ended(world, number) is SessionEnd.IDENTITY_CHANGED
    assert world.session.exec(select(SignInIdentity)).all() == []


def test_nobody_takes_their_own_right_away(world: World, admin: Person) -> None:
    second = people.create_person(world.session, code="second", name="Second", role="admin")
    own = {"session": world.session, "person_id": key(admin.id), "by": admin, "now": NOW}
    with pytest.raises(Conflict, match="your own right"):
        people_changes.deactivate(**own)  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="your own right"):
        people_changes.change(**own, **values(admin, role="leadership"))  # type: ignore[arg-type]
    people_changes.change(**own, **values(admin, name="Renamed"))  # type: ignore[arg-type]
    people_changes.deactivate(world.session, person_id=key(second.id), by=admin, now=NOW)
    with pytest.raises(NotAllowed):
        people_changes.deactivate(world.session, person_id=key(admin.id), by=second, now=NOW)
    world.session.expire_all()
    assert get(world.session, Person, admin.id).active


def test_who_lost_the_right_a_moment_ago_cannot_use_it(world: World, admin: Person) -> None:
    """A page holds a person from before: what counts is what the record says now."""
    remembered = Person(**admin.model_dump())
    second = people.create_person(world.session, code="second", name="Second", role="admin")
    people_changes.deactivate(world.session, person_id=key(admin.id), by=second, now=NOW)
    assert remembered.active
    with pytest.raises(NotAllowed):
        people_changes.deactivate(world.session, person_id=key(second.id), by=remembered, now=NOW)


def test_people_are_found_by_any_part_of_their_name_or_address(world: World, admin: Person) -> None:
    def found(words: str, *, active_only: bool = True) -> list[str]:
        return [p.code for p in people.search(world.session, words, active_only=active_only, first=0, most=9).people]

    assert found("LEAD") == ["lead", "leader", "other_lead"]
    assert found("admin example.fi") == ["admin"]
    assert found("%") == []
    people_changes.deactivate(world.session, person_id=key(world.lead.id), by=admin, now=NOW)
    assert found("lead") == ["leader", "other_lead"]
    assert found("lead", active_only=False) == ["lead", "leader", "other_lead"]
    page = people.search(world.session, "", active_only=False, first=2, most=2)
    assert (len(page.people), page.total) == (2, 7)
