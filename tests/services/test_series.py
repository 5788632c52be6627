"""Weekly series: answers first, measurements in the gaps, corrections and groups."""

from __future__ import annotations

import datetime as dt
import statistics

import numpy as np
import pytest

from models.base import validated, week_of
from models.imports import ImportBatch
from models.metrics import Measurement, MeasurementSource
from models.organisation import UnitLineage
from services import series
from services.errors import BadInput
from tests.services.conftest import World

MONDAY = dt.date(2026, 11, 2)
WEEK = dt.timedelta(days=7)


def test_answers_are_summed_by_week_and_repeats_count_once(world: World) -> None:
    values = [3.0, 9.0, 10.0, 7.0]
    first = world.answer(world.ward, MONDAY, score=values[0])
    for offset, value in enumerate(values[1:], start=1):
        world.answer(world.ward, MONDAY + dt.timedelta(days=offset), score=value)
    world.answer(world.ward, MONDAY, score=0.0, repeats_id=first.id)
    rows = series.load(world.session, metric=world.score, unit_ids=[world.ward.id]).rows.to_dicts()
    assert rows == [
        {
            "unit": "SAI3",
            "week": week_of(MONDAY),
            "n": 4.0,
            "mean": pytest.approx(statistics.mean(values)),
            "sd": pytest.approx(statistics.stdev(values)),
            "count": None,
        }
    ]


def test_measurements_fill_only_weeks_without_answers(world: World) -> None:
    world.answer(world.ward, MONDAY, score=8)
    world.measure(world.ward, world.score, MONDAY, n=10, mean=5.0, sd=1.0)
    world.measure(world.ward, world.score, MONDAY + WEEK, n=12, mean=6.0, sd=1.0)
    rows = series.load(world.session, metric=world.score, unit_ids=[world.ward.id]).rows
    assert rows["n"].to_list() == [1, 12]
    assert rows["mean"].to_list() == [8, 6]


def test_several_values_of_a_week_pool_as_if_the_single_answers_were_known(world: World) -> None:
    rng = np.random.default_rng(7)
    parts = [rng.normal(4, 1, size) for size in (6, 11)]
    for part in parts:
        world.measure(world.ward, world.pulse, MONDAY, n=len(part), mean=part.mean(), sd=part.std(ddof=1))
    single = 2.5
    world.measure(world.ward, world.pulse, MONDAY, n=1, mean=single)
    row = series.load(world.session, metric=world.pulse, unit_ids=[world.ward.id]).rows.row(0, named=True)
    whole = np.append(np.concatenate(parts), single)
    assert row["n"] == len(whole)
    assert row["mean"] == pytest.approx(whole.mean())
    assert row["sd"] == pytest.approx(whole.std(ddof=1))


def test_superseded_retracted_and_undone_values_do_not_count(world: World) -> None:
    old = world.measure(world.ward, world.errors, MONDAY, n=1, count=9)
    world.measure(world.ward, world.errors, MONDAY, n=1, count=4, supersedes_id=old.id, reason="Luettu väärin.")
    wrong = world.measure(world.ward, world.errors, MONDAY + WEEK, n=1, count=3)
    fields = wrong.model_dump(exclude={"id", "at", "supersedes_id", "retracted", "reason"})
    world.session.add(validated(Measurement, **fields, supersedes_id=wrong.id, retracted=True, reason="Väärä yksikkö."))
    batch = validated(
        ImportBatch,
        kind="measurements",
        file_name="a.csv",
        sha256="a" * 64,
        rows=1,
        imported=1,
        duplicates=0,
        rejected=0,
    )
    world.session.add(batch)
    world.session.flush()
    world.measure(world.ward, world.errors, MONDAY + 2 * WEEK, n=1, count=5, batch_id=batch.id)
    assert counts(world) == [4, 5]
    batch.undone_at = dt.datetime.now(dt.UTC)
    world.session.commit()
    assert counts(world) == [4]


def counts(world: World) -> list[float]:
    return series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).rows["count"].to_list()


def test_a_group_sees_its_own_answers_only(world: World) -> None:
    world.answer(world.ward, MONDAY, score=2, language="sv", age_group="75+")
    world.answer(world.ward, MONDAY, score=9, language="fi", age_group="35-49")
    for population, mean in (("language:sv", 2), ("age:35-49", 9), ("", 5.5)):
        rows = series.load(world.session, metric=world.score, unit_ids=[world.ward.id], population=population).rows
        assert rows["mean"].to_list() == [mean]
    with pytest.raises(BadInput):
        series.load(world.session, metric=world.score, unit_ids=[world.ward.id], population="shoe:44")


def test_a_unit_continues_the_series_of_those_that_merged_into_it(world: World) -> None:
    ward, other, station = world.ward, world.other_ward, world.station
    for before, after, kind in ((ward, other, "renamed"), (other, station, "merged")):
        world.session.add(
            validated(UnitLineage, predecessor_id=before.id, successor_id=after.id, kind=kind, on_date=MONDAY + WEEK)
        )
    world.measure(ward, world.errors, MONDAY, n=1, count=2)
    world.measure(other, world.errors, MONDAY, n=1, count=3)
    world.measure(station, world.errors, MONDAY + WEEK, n=1, count=7)
    world.answer(ward, MONDAY, score=4)
    world.answer(other, MONDAY, score=9)
    rows = series.load(world.session, metric=world.errors, unit_ids=[station.id]).rows
    assert rows.select("unit", "n", "count").rows() == [("PEL1", 2, 5), ("PEL1", 1, 7)]
    answers = series.load(world.session, metric=world.score, unit_ids=[station.id]).rows
    assert answers.select("unit", "n", "mean").rows() == [("PEL1", 2, 6.5)]
    both = series.load(world.session, metric=world.errors, unit_ids=[other.id, station.id]).rows
    assert both.select("unit", "count").rows() == [("PEL1", 7), ("SAI4", 5)]


def test_the_halves_of_a_split_unit_do_not_inherit_its_series(world: World) -> None:
    world.session.add(
        validated(
            UnitLineage, predecessor_id=world.ward.id, successor_id=world.other_ward.id, kind="split", on_date=MONDAY
        )
    )
    world.measure(world.ward, world.errors, MONDAY, n=1, count=2)
    assert series.load(world.session, metric=world.errors, unit_ids=[world.other_ward.id]).rows.is_empty()


def test_a_panel_holds_the_same_numbers_and_no_data_is_no_panel(world: World) -> None:
    assert series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).panel is None
    world.measure(world.ward, world.errors, MONDAY, n=2, count=9)
    world.measure(world.ward, world.errors, MONDAY + 2 * WEEK, n=1, count=3)
    panel = series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).panel
    assert panel is not None
    assert panel.units == ("SAI3",)
    rows = series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).rows
    assert rows["mean"].to_list() == [None, None]
    np.testing.assert_array_equal(panel.mean, [[4.5, np.nan, 3.0]])


def test_the_digest_changes_with_any_value_and_only_then(world: World) -> None:
    def digest() -> str:
        return series.load(world.session, metric=world.errors, unit_ids=[world.ward.id]).digest()

    first = world.measure(world.ward, world.errors, MONDAY, n=1, count=9)
    before = digest()
    assert digest() == before
    world.measure(world.ward, world.errors, MONDAY, n=1, count=8, supersedes_id=first.id, reason="Korjaus.")
    assert digest() != before


def test_a_measurement_with_neither_or_both_values_is_refused_by_the_database(world: World) -> None:
    from sqlalchemy.exc import IntegrityError

    for values in ({}, {"mean": 1.0, "count": 1.0}):
        row = Measurement(
            metric_id=world.errors.id,
            unit_id=world.ward.id,
            on_date=MONDAY,
            week=week_of(MONDAY),
            n=1,
            source=MeasurementSource.IMPORT,
            **values,
        )
        world.session.add(row)
        with pytest.raises(IntegrityError):
            world.session.commit()
        world.session.rollback()
