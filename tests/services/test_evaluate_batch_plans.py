"""Plans of many pilots: what a single plan refuses is refused, by file, row, column and value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from services.batch_plans import BatchPlans, read_plans
from stats.errors import DataError, PlanError
from stats.metric import Direction, Kind
from stats.plan import Plan, Window
from tests.services.batch_made import MONDAY, plans_of


def read_plans_of(folder: Path, plans: pl.DataFrame) -> BatchPlans:
    plans.write_parquet(folder / "plans.parquet")
    return read_plans(folder / "plans.parquet")


def test_plans_are_read_whatever_the_types_of_their_columns(tmp_path: Path) -> None:
    plans = plans_of(
        6, trigger_from="2026-02-02", trigger_to=dt.date(2026, 2, 22), randomised=pl.Series([1, 0, None] * 2),
        direction=pl.Series(["increase", "decrease"] * 3), smallest_change=pl.Series([1, -2, 3, 4, 5, 6]),
        start=dt.datetime(2026, 3, 2, 8, 30, tzinfo=dt.UTC), end="2026-05-24",
    ).with_columns(pl.col("kind").cast(pl.Categorical))  # fmt: skip
    found = read_plans_of(tmp_path, plans)
    assert [*found.kind] == [*Kind]
    assert found.direction.tolist() == [1, -1] * 3
    assert found.smallest_change.tolist() == [1, 2, 3, 4, 5, 6]
    assert found.start.tolist() == [MONDAY] * 6
    assert found.end.tolist() == [dt.date(2026, 5, 24)] * 6
    assert found.trigger_from.tolist() == [dt.date(2026, 2, 2)] * 6
    assert found.trigger_to.tolist() == [dt.date(2026, 2, 22)] * 6
    assert found.randomised.tolist() == [True, False, False] * 2
    assert found.counted.tolist() == [False, False, True, True, False, False]


def test_what_is_optional_may_be_absent_or_blank(tmp_path: Path) -> None:
    bare = read_plans_of(tmp_path, plans_of(2))
    blank = read_plans_of(tmp_path, plans_of(2, trigger_from=None, trigger_to=None, randomised=None))
    for found in (bare, blank):
        assert np.isnat(found.trigger_from).all()
        assert np.isnat(found.trigger_to).all()
        assert not found.randomised.any()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pilot": "P0"}, "column 'pilot': 'P0' is not allowed; allowed is each pilot once."),
        ({"pilot": None}, "column 'pilot': a blank is not allowed; allowed is a pilot's name."),
        ({"pilot": " "}, "column 'pilot': ' ' is not allowed; allowed is a pilot's name."),
        (
            {"kind": "ratio"},
            "column 'kind': 'ratio' is not allowed; allowed is score, nps, proportion, count, duration or cost.",
        ),
        ({"direction": "up"}, "column 'direction': 'up' is not allowed; allowed is increase or decrease."),
        ({"direction": None}, "column 'direction': a blank is not allowed; allowed is increase or decrease."),
        ({"smallest_change": 0.0}, "column 'smallest_change': 0 is not allowed; allowed is a number other than 0."),
        (
            {"smallest_change": None},
            "column 'smallest_change': a blank is not allowed; allowed is a number other than 0.",
        ),
        (
            {"smallest_change": float("inf")},
            "column 'smallest_change': inf is not allowed; allowed is a number other than 0.",
        ),
        (
            {"smallest_change": -0.3},
            "column 'smallest_change': -0.3 is not allowed; "
            "allowed is a positive size, since the metric should increase.",
        ),
        ({"start": None}, "column 'start': a blank is not allowed; allowed is a date, YYYY-MM-DD."),
        ({"end": MONDAY}, "column 'end': 2026-03-02 is not allowed; allowed is a day after the start."),
        (
            {"end": MONDAY + dt.timedelta(days=1821)},
            "column 'end': 2031-02-25 is not allowed; allowed are at most 260 weeks from the start 2026-03-02.",
        ),
        (
            {"trigger_from": dt.date(2026, 2, 23)},
            "column 'trigger_from': 2026-02-23 is not allowed; allowed is a day no later than trigger_to.",
        ),
        (
            {"trigger_to": MONDAY},
            "column 'trigger_to': 2026-03-02 is not allowed; allowed is a day before the start.",
        ),
        (
            {"trigger_to": None},
            "column 'trigger_to': a blank is not allowed; allowed is trigger_from and trigger_to together, or neither.",
        ),
    ],
)
def test_bad_plans_are_one_sentence(tmp_path: Path, change: dict[str, object], sentence: str) -> None:
    plans = plans_of(3, trigger_from=dt.date(2026, 2, 2), trigger_to=dt.date(2026, 2, 22))
    for column, value in change.items():
        plans[1, column] = value
    with pytest.raises(DataError) as refused:
        read_plans_of(tmp_path, plans)
    assert str(refused.value) == f"plans.parquet: Row 2, {sentence}"
    if "pilot" not in change and None not in change.values():
        with pytest.raises((PlanError, ValueError)):
            single(plans)


def single(plans: pl.DataFrame) -> Plan:
    """The second row as a plan of one pilot."""
    row = plans.row(1, named=True)
    return Plan(
        kind=Kind(row["kind"]), direction=Direction(row["direction"]), smallest_change=row["smallest_change"],
        pilot_units=("A",), start=row["start"], end=row["end"], trigger=Window(row["trigger_from"], row["trigger_to"]),
    )  # fmt: skip


def test_half_a_trigger_window_without_the_other_column(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Row 1, column 'trigger_to': a blank is not allowed; allowed is trigger_from"):
        read_plans_of(tmp_path, plans_of(2, trigger_from=dt.date(2026, 2, 2)))


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "plans.parquet"
    header = ",".join(plans_of(1).columns)
    for content, sentence in (
        (b"", "plans.parquet: The file is empty."),
        (b"PAR1 not really", "plans.parquet: The file is a damaged Parquet file."),
        (b"pilot", "plans.parquet: The file is neither CSV text nor Parquet."),
    ):
        path.write_bytes(content)
        with pytest.raises(DataError) as refused:
            read_plans(path)
        assert str(refused.value) == sentence
    text = tmp_path / "plans.csv"
    for line, sentence in (
        ("", "plans.csv: The file has a header but no rows."),
        ("P0,score", "plans.csv: Row 2 has 2 values; the header has 6 columns."),
        (
            '"P0,score,increase,1,2026-03-02,2026-05-24',
            "plans.csv: Row 2 cannot be read as CSV: unexpected end of data.",
        ),
        ("P0,score,increase,one,2026-03-02,2026-05-24", "plans.csv: Row 2, column 'smallest_change': 'one' is not"),
    ):
        text.write_text(f"{header}\n{line}\n")
        with pytest.raises(DataError) as refused:
            read_plans(text)
        assert str(refused.value).startswith(sentence)
    text.write_text(f"{header},kind\nP0,score,increase,1,2026-03-02,2026-05-24,score\n")
    with pytest.raises(DataError, match=r"^plans.csv: The column 'kind' comes twice.$"):
        read_plans(text)
    text.write_bytes(b"a\0b,c\n")
    with pytest.raises(DataError):
        read_plans(text)
    with pytest.raises(DataError, match=r"none.parquet cannot be read: No such file or directory."):
        read_plans(tmp_path / "none.parquet")
