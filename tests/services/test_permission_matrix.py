"""Every service x every role x one's own unit and another: allowed or refused, as docs/permissions.md says."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

import services
from models.database import make_write_engine
from models.people import Person, Role
from services.errors import NotAllowed
from services.permissions import MATRIX
from tests.databases import DEMO_TODAY, own_copy
from tests.services.permission_cases import ASK_NOTHING, CASES, UNIT, Case
from tests.services.permission_county import County, Subject

INSIDE, OUTSIDE = "own unit", "another unit"
NO_SERVICE = frozenset({"permissions", "adoption.may_set", "expert_ratings.may_rate", "walks.may_define"})
"""What only says whether a person may."""


def taking_a_person() -> Iterator[str]:
    """Every public function of a service that takes a person."""
    for module in pkgutil.iter_modules(services.__path__):
        if module.ispkg or module.name in NO_SERVICE:
            continue
        loaded = importlib.import_module(f"services.{module.name}")
        for name, function in vars(loaded).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != loaded.__name__:
                continue
            kinds = {str(parameter.annotation) for parameter in inspect.signature(function).parameters.values()}
            if kinds & {"Person", "Person | None"} and f"{module.name}.{name}" not in NO_SERVICE:
                yield f"{module.name}.{name}"


def test_every_service_that_takes_a_person_is_in_the_matrix() -> None:
    listed = [case.name for case in CASES]
    assert len(set(listed)) == len(listed)
    assert not set(listed) & set(ASK_NOTHING)
    assert set(taking_a_person()) == set(listed) | set(ASK_NOTHING)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def county_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """One copy of the demo county for all: nothing that is done here stays."""
    path = tmp_path_factory.mktemp("matrix") / "county.db"
    with own_copy(request, path, sqlite="demo_template", postgres="demo_postgres_template") as url:
        engine = make_write_engine(url)
        yield engine
        engine.dispose()


@contextmanager
def thrown_away(engine: Engine) -> Iterator[Session]:
    """A session whose commits are undone in the end."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


def outcome(engine: Engine, case: Case, role: Role, place: str) -> bool:
    """Whether a person is let through; any other failure than a refusal is one of the test."""
    module, _, name = case.name.rpartition(".")
    function = getattr(importlib.import_module(f"services.{module}"), name)
    with thrown_away(engine) as session:
        county = County(session, _person(session, role), DEMO_TODAY)
        subject = case.make(county)
        county.by.unit_id = subject.unit_id if place == INSIDE else county.outside(subject)
        county.keep(county.by)
        try:
            _call(function, session, subject, county.by)
        except NotAllowed:
            return False
        return True


def _person(session: Session, role: Role) -> Person:
    somewhere = session.get_one(Person, 1).unit_id
    person = Person(code="matrix", name="Matrix", role=role, unit_id=somewhere)
    session.add(person)
    session.flush()
    return person


def _call(function: Any, session: Session, subject: Subject, by: Person) -> None:
    names = list(inspect.signature(function).parameters)
    place = names.index("by")
    keyword = inspect.signature(function).parameters["by"].kind is inspect.Parameter.KEYWORD_ONLY
    if keyword:
        found = function(session, *subject.positional, by=by, **subject.arguments)
    else:
        given = [*subject.positional, by, *subject.last]
        assert place == 1 + len(subject.positional)
        found = function(session, *given, **subject.arguments)
    if inspect.isgenerator(found):
        next(found, None)


def expected(case: Case, role: Role, place: str) -> bool:
    """What the matrix says."""
    return bool(MATRIX[role] & set(case.ways)) and (case.where != UNIT or place == INSIDE)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_service_lets_through_who_may_and_nobody_else(case: Case, county_engine: Engine) -> None:
    for role in Role:
        for place in (INSIDE, OUTSIDE):
            allowed = expected(case, role, place)
            if allowed and case.deny_only:
                continue
            assert outcome(county_engine, case, role, place) == allowed, f"{case.name}: {role.value}, {place}"
