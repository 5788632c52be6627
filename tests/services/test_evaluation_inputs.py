"""What the record holds around a pilot, loaded as the statistics read it, with a digest over all of it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from sqlmodel import Session

from models.base import validated, week_of
from models.feedback import Channel
from models.metrics import Direction, Metric, MetricFamily, MetricKind
from models.organisation import Event, EventUnit, LineageKind, Unit, UnitLineage
from models.pilots import Happened, LogEntry, Pilot
from services import evaluation_inputs, pilots, plans, series
from services.plans import WholePlan
from services.rows import key
from stats.surroundings import Surroundings
from tests.services.conftest import TODAY, World

START = TODAY + dt.timedelta(days=7)
WEEK = dt.timedelta(days=7)
OVER = START + 12 * WEEK
FIRST = START - 20 * WEEK


@pytest.fixture
def pilot(world: World) -> Pilot:
    """A pilot of the ward against the rescue station, so that the other ward stands beside it."""
    plan = world.plan(comparison_unit_ids=(world.station.id,))
    return pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)


def whole(world: World, pilot: Pilot) -> WholePlan:
    return plans.current(world.session, key(pilot.id))


def loaded(world: World, pilot: Pilot, as_of: dt.date = OVER) -> evaluation_inputs.LoadedSurroundings:
    return evaluation_inputs.load(world.session, whole(world, pilot), as_of=as_of, first=FIRST)


def facts(world: World, pilot: Pilot, as_of: dt.date = OVER) -> Surroundings:
    return loaded(world, pilot, as_of).facts


def event(session: Session, name: str, day: dt.date, *units: Unit) -> None:
    row = Event(on_date=day, name={"fi": name, "en": f"{name} in English"})
    session.add(row)
    session.flush()
    session.add_all(EventUnit(event_id=key(row.id), unit_id=key(unit.id)) for unit in units)
    session.commit()


def test_an_empty_record_knows_only_the_scale(world: World, pilot: Pilot) -> None:
    known = facts(world, pilot)
    assert (known.events, known.channels, known.neighbours, known.served) == ((), None, (), None)
    assert known.log is not None
    assert (len(known.log.weeks), known.log.due) == (0, 12)
    assert known.scale is not None
    assert (known.scale.low, known.scale.high) == (0, 10)


def test_answers_are_counted_by_channel_and_week(world: World, pilot: Pilot) -> None:
    for day, channel, score in (
        (START - WEEK, Channel.PAPER, 4), (START - WEEK, Channel.PAPER, 8), (START + WEEK, Channel.QR, 9),
        (START + WEEK, Channel.PAPER, 5),
    ):  # fmt: skip
        world.answer(world.ward, day, score=score, channel=channel)
    world.answer(world.ward, START, channel=Channel.KIOSK)  # without the metric's item
    world.answer(world.station, START, score=7, channel=Channel.KIOSK)  # the comparison has channels of its own
    first = world.answer(world.ward, START + WEEK, score=1, channel=Channel.QR, text="Same again")
    world.answer(world.ward, START + WEEK, score=1, channel=Channel.QR, repeats_id=first.id)
    channels = facts(world, pilot).channels
    assert channels is not None
    assert channels.channels == ("paper", "QR code")
    assert channels.weeks.tolist() == [START - WEEK, START, START + WEEK]
    assert channels.counts.tolist() == [[2, 0], [0, 0], [1, 2]]
    paper = channels.panels["paper"]
    assert paper.units == ("SAI3",)
    assert (paper.n[0, 0], paper.mean[0, 0]) == (2, 6)
    assert paper.sd[0, 0] == pytest.approx(np.std([4, 8], ddof=1))


def test_the_channels_together_are_the_metrics_series(world: World, pilot: Pilot) -> None:
    random = np.random.default_rng(1)
    for week in range(-3, 4):
        for _ in range(6):
            channel = random.choice(list(Channel))
            unit = (world.ward, world.station)[random.integers(2)]
            world.answer(unit, START + week * WEEK, score=float(random.integers(0, 11)), channel=channel)
    channels = facts(world, pilot).channels
    assert channels is not None
    one, *others = channels.panels.values()
    for other in others:
        one = one.merged(other)
    units = [key(world.ward.id), key(world.station.id)]
    direct = series.load(world.session, metric=world.score, unit_ids=units).panel
    assert direct is not None
    one = one.restricted(units=direct.units).extended(first=direct.weeks[0], last=direct.weeks[-1])
    for grid in ("n", "mean", "sd"):
        seen = direct.observed & np.isfinite(getattr(direct, grid))
        assert getattr(one, grid)[seen] == pytest.approx(getattr(direct, grid)[seen]), grid


def test_shares_and_recommendation_indices_are_counted_in_their_own_way(world: World) -> None:
    kinds = ((MetricKind.NPS, None), (MetricKind.PROPORTION, 8.0))
    panels = {}
    for score in (10, 9, 8, 7, 3):
        world.answer(world.ward, START + WEEK, score=score, channel=Channel.PAPER)
    for kind, success_from in kinds:
        metric = validated(
            Metric,
            code=f"own_{kind.value}",
            name={"fi": kind.value},
            kind=kind,
            direction=Direction.INCREASE,
            family=MetricFamily.OWN,
            item="recommend",
            success_from=success_from,
        )
        world.session.add(metric)
        world.session.commit()
        plan = world.plan(metric_id=metric.id, comparison_unit_ids=())
        row = pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
        channels = facts(world, row).channels
        assert channels is not None
        panels[kind] = channels.panels["paper"]
    assert panels[MetricKind.NPS].mean[0, 0] == pytest.approx(20)  # two of five promote, one does not
    assert (panels[MetricKind.PROPORTION].count[0, 0], panels[MetricKind.PROPORTION].n[0, 0]) == (3, 5)


def test_a_merged_units_answers_belong_to_its_successor(world: World, pilot: Pilot) -> None:
    link = UnitLineage(
        predecessor_id=key(world.other_ward.id),
        successor_id=key(world.ward.id),
        kind=LineageKind.MERGED,
        on_date=START - 2 * WEEK,
    )
    world.session.add(link)
    world.session.commit()
    world.answer(world.other_ward, START - 4 * WEEK, score=5, channel=Channel.PAPER)
    world.answer(world.ward, START - 4 * WEEK, score=9, channel=Channel.PAPER)
    channels = facts(world, pilot).channels
    assert channels is not None
    assert channels.counts.tolist() == [[2]]
    assert channels.panels["paper"].mean.tolist() == [[7]]


def test_the_log_is_a_share_a_week_and_undone_entries_do_not_count(world: World, pilot: Pilot) -> None:
    def logged(day: dt.date, happened: Happened, **more: object) -> None:
        world.session.add(
            validated(LogEntry, pilot_id=pilot.id, week=week_of(day), happened=happened, by_id=world.nurse.id, **more)
        )

    logged(START, Happened.YES)
    logged(START, Happened.NO)  # someone else, the same week
    logged(START + WEEK, Happened.PARTLY)
    logged(START + 2 * WEEK, Happened.NO, undone_at=dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    logged(START + 3 * WEEK, Happened.YES)
    logged(START - WEEK, Happened.YES)  # before the start
    world.session.commit()
    log = facts(world, pilot).log
    assert log is not None
    assert log.weeks.tolist() == [START, START + WEEK, START + 3 * WEEK]
    assert log.happened.tolist() == [0.5, 0.5, 1.0]
    assert log.due == 12
    # In the middle of the second week only the first is over.
    early = facts(world, pilot, START + WEEK + dt.timedelta(days=2)).log
    assert early is not None
    assert (early.happened.tolist(), early.due) == ([0.5], 1)
    assert facts(world, pilot, START + dt.timedelta(days=2)).log is None


def test_events_are_those_of_the_plans_units_their_branches_and_everyone(world: World, pilot: Pilot) -> None:
    event(world.session, "everyone", START + WEEK)
    event(world.session, "own", START + WEEK, world.ward)
    event(world.session, "branch", START + WEEK, world.area)  # the ward is below it, the station is not
    event(world.session, "both", START + WEEK, world.ward, world.station)
    event(world.session, "elsewhere", START + WEEK, world.other_ward)
    event(world.session, "just before", START - 3 * WEEK, world.station)
    event(world.session, "long before", START - 4 * WEEK, world.ward)
    event(world.session, "later", OVER + WEEK)
    assert [(one.name, one.units) for one in facts(world, pilot).events] == [
        ("just before", ("PEL1",)),
        ("everyone", ()),
        ("own", ("SAI3",)),
        ("branch", ("SAI3",)),
        ("both", ("PEL1", "SAI3")),
    ]


def test_neighbours_share_the_branch_and_have_values(world: World, pilot: Pilot) -> None:
    closed = Unit(code="SAI9", level="unit", name={"fi": "Suljettu"}, parent_id=world.area.id, closed_on=START)
    world.session.add(closed)
    world.session.commit()
    assert facts(world, pilot).neighbours == ()  # nobody knows anything of the other ward
    for unit in (world.ward, world.other_ward, world.station, closed):
        for week in range(-12, 12):
            world.measure(unit, world.score, START + week * WEEK, n=20, mean=6.0 + 0.1 * (week % 3), sd=2.0)
    (one,) = facts(world, pilot).neighbours
    assert (one.name, one.units, one.smallest_change, one.same_metric) == ("SAI4", ("SAI4",), 0.3, True)
    assert set(one.panel.units) == {"SAI4", "PEL1"}


def test_a_guardrail_that_measures_the_same_thing_is_next_door(world: World) -> None:
    days = {"fi": "päivää"}
    rows = {}
    for code, unit_text in (("wait", days), ("wait_other", days), ("minutes", {"fi": "min"})):
        rows[code] = validated(
            Metric,
            code=code,
            name={"fi": code},
            kind=MetricKind.DURATION,
            direction=Direction.DECREASE,
            family=MetricFamily.PROCESS,
            unit_text=unit_text,
        )
        world.session.add(rows[code])
    world.session.commit()
    plan = world.plan(
        metric_id=rows["wait"].id,
        comparison_unit_ids=(world.station.id,),
        guardrails=((rows["wait_other"].id, 2.0), (rows["minutes"].id, 1.0), (world.pulse.id, 0.2)),
    )
    row = pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
    for unit in (world.ward, world.station):
        for week in range(-4, 4):
            world.measure(unit, rows["wait_other"], START + week * WEEK, n=20, mean=16.0 + week % 3, sd=5.0)
    (one,) = facts(world, row).neighbours
    assert (one.name, one.units, one.smallest_change, one.same_metric) == ("wait_other", ("SAI3",), 2.0, False)
    assert (one.kind.value, one.direction.value) == ("duration", "decrease")


def test_the_digest_changes_with_every_part_and_with_nothing_else(world: World, pilot: Pilot) -> None:
    before = loaded(world, pilot).digest
    assert loaded(world, pilot).digest == before
    seen = {before}
    world.answer(world.ward, START + WEEK, score=9, channel=Channel.QR)
    seen.add(loaded(world, pilot).digest)
    world.answer(world.ward, START + WEEK, score=9, channel=Channel.PAPER)
    seen.add(loaded(world, pilot).digest)
    event(world.session, "own", START + WEEK, world.ward)
    seen.add(loaded(world, pilot).digest)
    world.session.add(validated(LogEntry, pilot_id=pilot.id, week=week_of(START), happened=Happened.YES))
    world.session.commit()
    seen.add(loaded(world, pilot).digest)
    world.measure(world.other_ward, world.score, START, n=20, mean=6.0, sd=2.0)
    seen.add(loaded(world, pilot).digest)
    assert len(seen) == 6
    event(world.session, "elsewhere", START + WEEK, world.other_ward)
    world.answer(world.other_ward, OVER + WEEK, score=1)
    assert loaded(world, pilot).digest in seen
