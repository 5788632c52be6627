"""The `evaluate-batch` command: what `evaluate` says of one pilot, said of many, whatever the tasks."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from typer.testing import CliRunner

from cli import app
from services.batch_chunks import LEAST_PILOTS, chunks
from services.batch_plans import BatchPlans, read_plans
from services.batch_results import SCHEMA, results_of, write_results
from services.batch_tasks import BatchFailed, evaluated, evaluated_here, versions
from stats.batch.result import merged
from stats.evaluation import Evaluation, evaluate
from stats.metric import Direction, Kind
from stats.panel_rows import from_weeks
from stats.plan import Plan, Window
from tests.services.batch_made import MONDAY, grids, panel_of, plans_of, read

NUMBERS = ("effect", "standard_error", "interval_low", "interval_high", "z", "bound")


def run(folder: Path, *more: str, out: str = "results.parquet") -> tuple[int, str, str]:
    result = CliRunner().invoke(
        app,
        ["evaluate-batch", str(folder / "panel.parquet"), "--plans", str(folder / "plans.parquet"),
         "--out", str(folder / out), *more],
    )  # fmt: skip
    return result.exit_code, result.stdout, result.stderr


def write(folder: Path, panel: pl.DataFrame, plans: pl.DataFrame) -> None:
    panel.write_parquet(folder / "panel.parquet")
    plans.write_parquet(folder / "plans.parquet")


def one_by_one(panel: pl.DataFrame, plan: dict[str, Any], shrunken: float | None) -> Evaluation:
    """What `evaluate` says of one of the pilots, given what all pilots say of it."""
    rows = panel.filter(pl.col("pilot") == plan["pilot"])
    columns = {name: rows[name].fill_null(float("nan")).to_numpy() for name in ("n", "mean", "sd", "count")}
    units = rows.select("unit", "is_pilot").unique().sort("unit")
    fixed = Plan(
        kind=Kind(plan["kind"]), direction=Direction(plan["direction"]),
        smallest_change=plan["smallest_change"],
        pilot_units=tuple(units.filter("is_pilot")["unit"]),
        comparison_units=tuple(units.filter(~pl.col("is_pilot"))["unit"]),
        start=plan["start"], end=plan["end"],
        trigger=Window(plan["trigger_from"], plan["trigger_to"]) if plan.get("trigger_from") else None,
    )  # fmt: skip
    whole = from_weeks(kind=fixed.kind, unit=rows["unit"].to_list(), week=rows["week"].to_list(), **columns)
    return evaluate(whole, fixed, shrunken_effect=shrunken)


def portfolio() -> tuple[pl.DataFrame, pl.DataFrame]:
    """Every kind with three comparison units; pilots with one and with none, one under way, one yet to begin."""
    plans = plans_of(
        10,
        direction=pl.Series(["increase", "decrease"] * 5),
        trigger_from=dt.date(2026, 2, 2),
        trigger_to=dt.date(2026, 2, 15),
    )
    plans = plans.with_columns(kind=pl.Series([*Kind, "score", "proportion", "score", "score"]).cast(pl.String))
    panel = panel_of(plans)
    alone = (pl.col("pilot") == "P6") & (pl.col("unit") != "U0")
    pair = (pl.col("pilot") == "P7") & ~pl.col("unit").is_in(["U0", "U1"])
    under_way = (pl.col("pilot") == "P8") & (pl.col("week") > MONDAY + dt.timedelta(days=40))
    not_begun = (pl.col("pilot") == "P9") & (pl.col("week") >= MONDAY)
    return panel.filter(~(alone | pair | under_way | not_begun)), plans


def test_each_pilot_as_by_evaluate(tmp_path: Path) -> None:
    panel, plans = portfolio()
    write(tmp_path, panel, plans)
    assert run(tmp_path) == (0, "", "")
    assert run(tmp_path, "--all-looks", out="looks.parquet") == (0, "", "")
    results, looks = (pl.read_parquet(tmp_path / name) for name in ("results.parquet", "looks.parquet"))
    assert results.columns == ["pilot", *SCHEMA]
    assert looks.columns == ["pilot", *SCHEMA, "look", "on"]
    for frame in (results, looks):
        assert not any(frame[name].is_nan().any() for name in (*NUMBERS, "shrunken_effect"))
        assert frame["pilot"].unique(maintain_order=True).to_list() == plans["pilot"].to_list()
    for plan, row in zip(plans.iter_rows(named=True), results.iter_rows(named=True), strict=True):
        expected = one_by_one(panel, plan, row["shrunken_effect"])
        own = looks.filter(pl.col("pilot") == plan["pilot"])
        assert (row["verdict"], row["rule"]) == (expected.verdict.value, expected.rule.name), plan
        assert (row["method"], row["grade"]) == (expected.method, expected.evidence.grade), plan
        assert row["first_crossed_on"] == next((look.on for look in expected.looks if look.crossed), None)
        if expected.effect is None or expected.interval is None:
            assert [row[name] for name in (*NUMBERS, "crossed", "shrunken_effect")] == [None] * 8
            assert own["look"].to_list() == [None]
            continue
        last = expected.looks[-1]
        assert [row[name] for name in NUMBERS] == pytest.approx(
            [expected.effect, expected.standard_error, expected.interval.low, expected.interval.high, last.z,
             last.bound], rel=1e-6,
        )  # fmt: skip
        assert row["crossed"] == last.crossed
        assert own["look"].to_list() == list(range(1, len(expected.looks) + 1))
        assert own["on"].to_list() == [look.on for look in expected.looks]
        assert own["crossed"].to_list() == [look.crossed for look in expected.looks]
        for name in ("effect", "standard_error", "z", "bound"):
            assert own[name].to_list() == pytest.approx([getattr(look, name) for look in expected.looks], rel=1e-6)
        assert own["shrunken_effect"].to_list() == [row["shrunken_effect"]] * len(own)


def many(folder: Path, pilots: int = 60) -> tuple[BatchPlans, pl.DataFrame, pl.DataFrame]:
    """Pilots of every kind with two to four units and unlike lengths, read."""
    plans = plans_of(pilots).with_columns(
        start=pl.Series([MONDAY + dt.timedelta(days=7 * (place % 5)) for place in range(pilots)]),
        end=pl.Series([MONDAY + dt.timedelta(days=62 + 7 * (place % 4)) for place in range(pilots)]),
    )
    number = pl.col("pilot").str.slice(1).cast(pl.Int64)
    panel = panel_of(plans, before=6, after=8).filter(pl.col("unit").str.slice(1).cast(pl.Int64) < 2 + number % 3)
    write(folder, panel, plans)
    return read_plans(folder / "plans.parquet"), panel, plans


def test_tasks_hold_every_pilot_once_in_its_own_shape(tmp_path: Path) -> None:
    planned, panel, plans = many(tmp_path, pilots=130)
    placed = read(tmp_path, panel, plans)
    tasks = chunks(planned, placed)
    assert sorted(np.concatenate([task.members for task in tasks])) == list(range(130))
    assert min(len(task.members) for task in tasks) >= LEAST_PILOTS
    padded = sum(task.batch.n.size for task in tasks)
    assert padded < 1.35 * (placed.units * placed.weeks).sum()
    for task in tasks:
        for place, member in enumerate(task.members):
            for name, own in grids(placed, member).items():
                grid = getattr(task.batch, name)[place]
                np.testing.assert_array_equal(grid[: own.shape[0], : own.shape[1]], own)
                assert np.isnan(grid[own.shape[0] :]).all()
                assert np.isnan(grid[:, own.shape[1] :]).all()


def frames(
    planned: BatchPlans, panel: pl.DataFrame, plans: pl.DataFrame, folder: Path, size: int
) -> list[pl.DataFrame]:
    tasks = chunks(planned, read(folder, panel, plans), size=size)
    done = evaluated_here([task.batch for task in tasks], threads=2)
    whole = merged([(tasks[place].members, result) for place, result in done], len(planned))
    return [results_of(whole, planned, all_looks=all_looks) for all_looks in (False, True)]


def test_neither_the_tasks_nor_the_order_of_rows_change_a_digit(tmp_path: Path) -> None:
    planned, panel, plans = many(tmp_path, pilots=12)
    expected = frames(planned, panel, plans, tmp_path, 12)
    for size, rows in ((1, panel), (5, panel.sample(fraction=1.0, shuffle=True, seed=2))):
        for one, other in zip(expected, frames(planned, rows, plans, tmp_path, size), strict=True):
            assert_frame_equal(one, other, check_exact=True)


def test_results_come_in_the_order_of_the_plans_and_keep_the_type_of_names(tmp_path: Path) -> None:
    _, panel, plans = many(tmp_path, pilots=7)
    number = pl.col("pilot").str.slice(1).cast(pl.Int16)
    write(tmp_path, panel.with_columns(number), plans.with_columns(number).sort("pilot", descending=True))
    assert run(tmp_path)[0] == 0
    results = pl.read_parquet(tmp_path / "results.parquet")
    assert results["pilot"].to_list() == [6, 5, 4, 3, 2, 1, 0]
    assert results["pilot"].dtype == pl.Int16


def test_bad_input_ends_with_2_and_nothing_is_written(tmp_path: Path) -> None:
    _, panel, plans = many(tmp_path, pilots=3)
    write(tmp_path, panel, plans.with_columns(kind=pl.lit("ratio")))
    for arguments, sentence in (
        ((), "plans.parquet: Row 1, column 'kind': 'ratio' is not allowed;"),
        (("--scheduler", "somewhere"), "--scheduler is 'somewhere'; allowed is an address such as tcp://host:8786."),
    ):
        code, printed, error = run(tmp_path, *arguments)
        assert (code, printed) == (2, "")
        assert error.startswith(sentence)
        assert error.count("\n") == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["panel.parquet", "plans.parquet"]


def test_results_are_not_written_over_an_input_nor_into_nowhere(tmp_path: Path) -> None:
    many(tmp_path, pilots=3)
    before = (tmp_path / "panel.parquet").read_bytes()
    (tmp_path / "link.parquet").symlink_to(tmp_path / "panel.parquet")
    (tmp_path / "folder").mkdir()
    for out, sentence in (
        ("panel.parquet", "panel.parquet is read by this command; write the results to another file."),
        ("folder/../plans.parquet", "plans.parquet is read by this command; write the results to another file."),
        ("link.parquet", "link.parquet is read by this command; write the results to another file."),
        ("none/results.parquet", "cannot be written: there is no folder "),
        ("folder", "folder cannot be written: it is a folder."),
    ):
        code, printed, error = run(tmp_path, out=out)
        assert (code, printed) == (2, "")
        assert sentence in error
    assert (tmp_path / "panel.parquet").read_bytes() == before


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "results.parquet"
    write_results(pl.DataFrame({"a": [1]}), out)
    before = out.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BatchFailed, match=r"results.parquet cannot be written: No space left on device.$"):
        write_results(pl.DataFrame({"a": [2]}), out)
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["results.parquet"]


def test_a_task_refuses_to_run_with_other_versions(tmp_path: Path) -> None:
    planned, panel, plans = many(tmp_path, pilots=1)
    batch = chunks(planned, read(tmp_path, panel, plans))[0].batch
    with pytest.raises(BatchFailed, match=r"^A worker runs numpy [\d.]+, but this machine runs 1.0.$"):
        evaluated(batch, versions() | {"numpy": "1.0"})
    assert len(evaluated(batch, versions()).effect) == 1


def test_too_few_pilots_to_learn_from_each_other_have_no_shrunken_effect(tmp_path: Path) -> None:
    planned, panel, plans = many(tmp_path, pilots=2)
    assert frames(planned, panel, plans, tmp_path, 2)[0]["shrunken_effect"].to_list() == [None, None]


def test_pilots_without_a_week_that_may_be_used_get_a_row_without_an_effect(tmp_path: Path) -> None:
    plans = plans_of(4).with_columns(kind=pl.Series(["score", "count", "score", "score"]))
    far = {"P0": 400, "P1": -400, "P2": 0, "P3": 0}
    panel = panel_of(plans).with_columns(
        week=pl.col("week") + pl.duration(weeks=pl.col("pilot").replace_strict(far)),
        n=pl.when(pl.col("pilot") == "P2").then(0.0).otherwise("n"),
        mean=pl.when(pl.col("pilot") != "P2").then("mean"),
    )  # fmt: skip
    write(tmp_path, panel, plans)
    assert run(tmp_path) == (0, "", "")
    results = pl.read_parquet(tmp_path / "results.parquet")
    assert results["verdict"].to_list()[:3] == ["not_enough_data"] * 3
    assert results["effect"].is_null().to_list() == [True, True, True, False]
    assert results["method"].is_null().to_list() == [True, True, True, False]
