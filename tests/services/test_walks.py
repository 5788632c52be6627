"""Walks in the customer's shoes: what is stored, what is refused, taking one back, defining a path."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session, select

from models.base import validated
from models.pilots import Pilot
from models.walks import ServicePath, Walk, WalkStep
from services import pilots, walks
from services.errors import BadInput, Conflict, NotAllowed, NotFound
from services.walks import StepInput
from tests.services.conftest import TODAY, World

STEPS = (
    StepInput(stage=0, minute=0, feeling=3),
    StepInput(stage=1, minute=25, feeling=1, note="Anna Virtanen vastasi numerosta 040 123 4567."),
    StepInput(stage=2, minute=25, feeling=4),
)


def path(world: World) -> ServicePath:
    return walks.define_path(
        world.session,
        name="Soitto",
        stages=["jono", "vastaus", "ohje"],
        alternatives=["puhelin", "chat"],
        by=world.lead,
    )


def walk(world: World, of: ServicePath, **changes: Any) -> Walk:
    given = {
        "path_id": of.id,
        "unit_id": world.ward.id,
        "steps": STEPS,
        "by": world.nurse,
        "today": TODAY,
        **changes,
    }
    return walks.record_walk(world.session, **given)


def test_a_walk_is_kept_with_its_words_redacted(world: World) -> None:
    of = path(world)
    stored = walk(world, of, alternative=1, as_whom="potilas 131052-308T")
    [row] = walks.walks_of(world.session, of.id or 0)
    assert row.walk.id == stored.id
    assert row.unit.code == "SAI3"
    assert row.walk.as_whom == "potilas [HETU]"
    assert [(step.stage, step.minute, step.feeling) for step in row.steps] == [(0, 0, 3), (1, 25, 1), (2, 25, 4)]
    assert row.steps[1].note == "[NAME] vastasi numerosta [PHONE]."
    assert walks.counts(world.session) == {of.id: 1}


def test_stages_not_reached_are_absent(world: World) -> None:
    of = path(world)
    walk(world, of, steps=STEPS[:1])
    [row] = walks.walks_of(world.session, of.id or 0)
    assert [step.stage for step in row.steps] == [0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"steps": ()}, "at least one stage"),
        ({"steps": (STEPS[0], STEPS[0])}, "walked once"),
        ({"steps": (StepInput(stage=3, minute=0, feeling=3),)}, "walked once"),
        ({"steps": (StepInput(stage=0, minute=0, feeling=6),)}, "from 1 to 5, not 6"),
        ({"steps": (StepInput(stage=0, minute=-1, feeling=3),)}, "0 or more"),
        ({"steps": (StepInput(stage=0, minute=0, feeling=3, note="a" * 501),)}, "at most 500"),
        (
            {"steps": (StepInput(stage=0, minute=9, feeling=3), StepInput(stage=2, minute=5, feeling=3))},
            "Stage 3 cannot begin before stage 1",
        ),
        ({"walked_on": TODAY + dt.timedelta(days=1)}, "in the future"),
        ({"alternative": 2}, "own alternatives"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(world: World, changes: dict[str, Any], said: str) -> None:
    of = path(world)
    with pytest.raises(BadInput, match=said):
        walk(world, of, **changes)
    world.session.rollback()
    assert world.session.exec(select(Walk)).all() == []


def test_walks_are_of_ones_own_units(world: World) -> None:
    of = path(world)
    with pytest.raises(NotAllowed):
        walk(world, of, unit_id=world.station.id)
    with pytest.raises(NotAllowed):
        walk(world, of, by=world.trustee)


def test_a_walk_during_a_pilot_names_a_pilot_of_its_unit(world: World) -> None:
    of = path(world)
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    assert walks.running_pilots(world.session, unit_id=world.ward.id or 0, today=TODAY) == []
    later = TODAY + dt.timedelta(days=10)
    found = walks.running_pilots(world.session, unit_id=world.ward.id or 0, today=later)
    assert [one.code for one in found] == [pilot.code]
    walk(world, of, pilot_id=pilot.id, today=later)
    [row] = walks.walks_of(world.session, of.id or 0)
    assert row.pilot is not None
    assert row.pilot.code == pilot.code
    with pytest.raises(BadInput, match="another unit"):
        walk(world, of, pilot_id=pilot.id, unit_id=world.station.id, by=world.leader)


def test_only_the_walker_takes_a_walk_back_once(world: World) -> None:
    of = path(world)
    stored = walk(world, of)
    with pytest.raises(Conflict, match="Only the person"):
        walks.take_back(world.session, walk_id=stored.id or 0, by=world.lead)
    walks.take_back(world.session, walk_id=stored.id or 0, by=world.nurse)
    assert walks.walks_of(world.session, of.id or 0) == []
    assert walks.counts(world.session) == {}
    with pytest.raises(Conflict, match="already"):
        walks.take_back(world.session, walk_id=stored.id or 0, by=world.nurse)
    with pytest.raises(Conflict, match="Only the person"):
        walks.put_back(world.session, walk_id=stored.id or 0, by=world.lead)
    walks.put_back(world.session, walk_id=stored.id or 0, by=world.nurse)
    assert walks.counts(world.session) == {of.id: 1}
    with pytest.raises(Conflict, match="in the picture already"):
        walks.put_back(world.session, walk_id=stored.id or 0, by=world.nurse)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"stages": ["jono", "  "]}, "stages"),
        ({"stages": [f"vaihe {n}" for n in range(13)]}, "stages"),
        ({"stages": ["jono", "Jono"]}, "stages"),
        ({"alternatives": ["a" * 61]}, "alternatives"),
    ],
)
def test_a_path_needs_a_name_and_stages(world: World, changes: dict[str, Any], field: str) -> None:
    given = {"name": "Soitto", "stages": ["jono", "vastaus"], "by": world.lead, **changes}
    with pytest.raises(BadInput) as refused:
        walks.define_path(world.session, **given)
    assert refused.value.field == field


def test_paths_are_defined_by_those_who_register_or_curate(world: World) -> None:
    path(world)
    with pytest.raises(Conflict, match="of this name"):
        path(world)
    with pytest.raises(NotAllowed):
        walks.define_path(world.session, name="Toinen", stages=["a", "b"], by=world.nurse)
    second = walks.define_path(world.session, name="Toinen", stages=["a", "b"], by=world.lead)
    assert walks.path_by_code(world.session, second.code).name == {"fi": "Toinen"}
    with pytest.raises(NotFound):
        walks.path_by_code(world.session, "nowhere")


def test_the_demo_county_has_walks_before_and_during_pilots(demo_session: Session) -> None:
    found = {one.code: walks.walks_of(demo_session, one.id or 0) for one in walks.paths(demo_session)}
    assert sorted(found) == ["kontrolli", "leikkaus", "neuvola", "palotarkastus"]
    for code, rows in found.items():
        assert 3 <= len(rows) <= 6, code
        before = [row for row in rows if row.pilot is None]
        assert before
        assert len(before) < len(rows)
        for row in rows:
            minutes = [step.minute for step in row.steps]
            assert minutes == sorted(minutes)
            if row.pilot is not None:
                start = min(plan.start_on for plan in _plans(demo_session, row.pilot))
                assert start <= row.walk.walked_on
                assert max(one.walk.walked_on for one in before) < start
    assert all(validated(WalkStep, **step.model_dump()) for row in found["neuvola"] for step in row.steps)


def _plans(session: Session, pilot: Pilot) -> list[Any]:
    from models.plans import PilotPlan

    return list(session.exec(select(PilotPlan).where(PilotPlan.pilot_id == pilot.id)).all())
