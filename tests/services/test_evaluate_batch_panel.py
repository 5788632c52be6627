"""Weekly rows of many pilots: what a single panel accepts is accepted, what it refuses is refused in the same words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.batch_panel import read_panel
from services.batch_plans import read_plans
from stats.errors import DataError
from stats.metric import Kind
from stats.panel import Panel
from stats.panel_rows import from_weeks
from stats.pilot_data import HISTORY_WEEKS, SINGLE_HISTORY_WEEKS, SUNDAY
from tests.services.batch_made import KINDS, MONDAY, grids, panel_of, plans_of, read

NAN, INF = float("nan"), float("inf")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("batch")


def one_pilot(kind: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    plans = plans_of(1).with_columns(kind=pl.lit(kind))
    return panel_of(plans, units=3, before=3, after=3), plans


def alone(panel: pl.DataFrame, kind: str) -> Panel | DataError:
    """The same rows as the panel of a single pilot, or why they are refused."""
    columns = {
        name: panel[name].cast(pl.Float64).fill_null(NAN).to_numpy() for name in ("n", "mean", "sd", "count")
    }  # fmt: skip
    try:
        return from_weeks(kind=Kind(kind), unit=panel["unit"].to_list(), week=panel["week"].to_list(), **columns)
    except DataError as error:
        return error


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    column=st.sampled_from(["n", "mean", "sd", "count"]),
    value=st.sampled_from([None, NAN, INF, -INF, 0.0, -1.0, 0.5, 7.0, 99.0, 101.0, -101.0, 1e11, 1e13]),
    row=st.integers(0, 10),
    zero=st.booleans(),
)
def test_values_are_taken_and_refused_as_in_a_single_panel(
    folder: Path, kind: str, column: str, value: float | None, row: int, zero: bool
) -> None:
    panel, plans = one_pilot(kind)
    if zero:
        panel[row, "n"] = 0.0
    panel[row, column] = value
    expected = alone(panel, kind)
    if isinstance(expected, DataError):
        with pytest.raises(DataError) as refused:
            read(folder, panel, plans)
        assert str(refused.value) == f"panel.parquet: {expected}"
        return
    for name, grid in grids(read(folder, panel, plans), 0).items():
        np.testing.assert_array_equal(grid, getattr(expected, name), err_msg=name)


@settings(max_examples=60, deadline=None)
@given(
    units=st.integers(1, 4),
    before=st.sampled_from([0, 3, 51, 52, 53, 60, 155, 156, 157, 160]),
    after=st.integers(1, 14),
    start=st.integers(0, 6),
    length=st.integers(1, 90),
    gap=st.integers(0, 170),
)
def test_the_same_weeks_are_used_as_for_a_single_pilot(
    folder: Path, units: int, before: int, after: int, start: int, length: int, gap: int
) -> None:
    plans = plans_of(1)
    panel = panel_of(plans, units=units, before=before, after=after)
    panel = panel.filter(pl.col("week") != MONDAY - dt.timedelta(days=7 * gap))
    assume(panel["is_pilot"].any())
    first, last = MONDAY + dt.timedelta(days=start), MONDAY + dt.timedelta(days=start + length)
    batch = read(folder, panel, plans.with_columns(start=pl.lit(first), end=pl.lit(last)))
    whole = alone(panel, "score")
    assert isinstance(whole, Panel)
    day = (whole.weeks[-1] + SUNDAY).astype(object)
    history = HISTORY_WEEKS if panel["unit"].n_unique() > 2 else SINGLE_HISTORY_WEEKS
    expected = whole.restricted(
        since=np.datetime64(first) - np.timedelta64(7 * history, "D"), until=np.datetime64(min(day, last)) - SUNDAY
    )
    assert batch.as_of[0] == np.datetime64(day)
    assert batch.weeks[0] == len(expected.weeks)
    assert (batch.units[0], batch.pilots[0]) == (panel["unit"].n_unique(), 1)
    if len(expected.weeks):
        assert batch.first_week[0] == expected.weeks[0]
    for name, grid in grids(batch, 0).items():
        np.testing.assert_array_equal(grid, getattr(expected, name), err_msg=name)


def test_pilots_of_every_kind_in_one_file_in_any_order_of_rows(folder: Path) -> None:
    plans = plans_of(12)
    panel = panel_of(plans)
    ordered = read(folder, panel, plans)
    mixed = read(folder, panel.sample(fraction=1.0, shuffle=True, seed=3), plans.reverse())
    for place, name in enumerate(plans["pilot"]):
        expected = alone(panel.filter(pl.col("pilot") == name), plans["kind"][place])
        assert isinstance(expected, Panel)
        for column, grid in grids(ordered, place).items():
            np.testing.assert_array_equal(grid, getattr(expected, column), err_msg=f"{name} {column}")
            np.testing.assert_array_equal(grid, grids(mixed, 11 - place)[column])


def test_pilot_units_have_the_first_places_and_units_may_serve_several_pilots(folder: Path) -> None:
    plans = plans_of(2).with_columns(kind=pl.lit("score"))
    panel = panel_of(plans).with_columns(
        is_pilot=((pl.col("pilot") == "P0") & pl.col("unit").is_in(["U3", "U1"]))
        | ((pl.col("pilot") == "P1") & (pl.col("unit") == "U2")),
        n=pl.col("unit").str.slice(1).cast(pl.Float64) + 1,
    )  # fmt: skip
    found = read(folder, panel, plans)
    assert found.pilots.tolist() == [2, 1]
    assert [np.nanmax(grids(found, place)["n"], axis=1).tolist() for place in (0, 1)] == [
        [2.0, 4.0, 1.0, 3.0],
        [3.0, 1.0, 2.0, 4.0],
    ]


def test_types_of_columns_make_no_difference(folder: Path) -> None:
    plans = plans_of(6).with_columns(pilot=pl.int_range(6))
    panel = panel_of(plans)
    expected = read(folder, panel, plans)
    for other in (
        panel.with_columns(pl.col("week").cast(pl.Datetime("ms")), pl.col("is_pilot").cast(pl.Int8)),
        panel.with_columns(pl.col("week").cast(pl.String), pl.col("unit").cast(pl.Categorical)),
        panel.with_columns(pl.col("week").cast(pl.String) + "T00:00:00Z", pl.col("pilot").cast(pl.String)),
        panel.with_columns(pl.col("n", "mean", "sd", "count", "is_pilot").cast(pl.String)),
        panel.with_columns(pl.col("n").cast(pl.UInt16), pl.col("count").cast(pl.Decimal(9, 2))),
        panel.rename({"week": " Week", "n": "N"}).with_columns(note=pl.lit("x")),
    ):
        found = read(folder, other, plans)
        for column in ("n", "mean", "sd", "count"):
            np.testing.assert_array_equal(getattr(found.values, column), getattr(expected.values, column))
        np.testing.assert_array_equal(found.week, expected.week)


@pytest.mark.parametrize("separator", [",", ";"])
def test_csv_says_the_same_and_errors_name_its_lines(folder: Path, separator: str) -> None:
    plans = plans_of(6)
    panel = panel_of(plans)
    expected = read(folder, panel, plans)
    text = panel.write_csv(separator=separator)
    if separator == ";":
        text = text.replace(".", ",")
    lines = text.splitlines()
    path, planned = folder / "panel.csv", folder / "plans.csv"
    plans.write_csv(planned)
    path.write_bytes("\n".join([lines[0], "", *lines[1:], separator * 7]).encode("utf-8-sig"))
    found = read_panel(path, read_plans(planned))
    for column in ("n", "mean", "sd", "count"):
        np.testing.assert_array_equal(getattr(found.values, column), getattr(expected.values, column))
    lines[10] = lines[10].replace(f"P0{separator}", f"P9{separator}")
    path.write_text("\n".join([lines[0], "", *lines[1:]]))
    with pytest.raises(DataError, match=r"^panel.csv: Row 12, column 'pilot': 'P9' has no plan in plans.csv.$"):
        read_panel(path, read_plans(planned))


ROW = "Row {row}, column '{column}': {value} is not allowed; allowed is {allowed}."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pilot": "P9"}, "Row 3, column 'pilot': 'P9' has no plan in plans.parquet."),
        ({"pilot": None}, "Row 3, column 'pilot': a blank is not allowed; allowed is a pilot's name."),
        ({"unit": " "}, "Row 3, column 'unit': ' ' is not allowed; allowed is a unit's name."),
        ({"unit": None}, "Row 3, column 'unit': a blank is not allowed; allowed is a unit's name."),
        (
            {"is_pilot": False},
            "Row 3, column 'is_pilot': false is not allowed; allowed is true, as in row 1 of the same pilot and unit.",
        ),
        ({"is_pilot": None}, "Row 3, column 'is_pilot': a blank is not allowed; allowed is true or false."),
        ({"week": None}, "Row 3, column 'week': a blank is not allowed; allowed is a date, YYYY-MM-DD."),
        (
            {"week": dt.date(2026, 3, 3)},
            "Row 3, column 'week': 2026-03-03 is not allowed; allowed is a Monday, YYYY-MM-DD.",
        ),
        (
            {"week": dt.date(2200, 1, 6)},
            "Row 3, column 'week': 2200-01-06 is not allowed; allowed is a day before 2200.",
        ),
        (
            {"week": dt.date(1926, 3, 1)},
            "The weeks of pilot 'P0' run from 1926-03-01 to 2026-05-18, 5230 weeks; at most 2600 are allowed.",
        ),
        ({"n": 1e13}, "Row 3, column 'n': 1e+13 is not allowed; allowed is a number of at most 1e12 in size."),
    ],
)
def test_bad_rows_are_one_sentence(folder: Path, change: dict[str, object], sentence: str) -> None:
    plans = plans_of(3)
    panel = panel_of(plans)
    for column, value in change.items():
        panel[2, column] = value
    with pytest.raises(DataError) as refused:
        read(folder, panel, plans)
    assert str(refused.value) == f"panel.parquet: {sentence}"


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_week_that_comes_twice(folder: Path, shuffled: bool) -> None:
    plans = plans_of(3)
    panel = panel_of(plans)
    if shuffled:
        panel = panel.sample(fraction=1.0, shuffle=True, seed=1)
    twice = pl.concat([panel[:50], panel[7:8], panel[50:]])
    with pytest.raises(DataError, match=r"panel.parquet: Row 51, column 'week': .* allowed is each unit and week once"):
        read(folder, twice, plans)


def test_a_week_that_comes_twice_counts_also_outside_the_weeks_that_are_used(folder: Path) -> None:
    plans = plans_of(1)
    panel = panel_of(plans, before=60)
    with pytest.raises(DataError, match=r"Row 2, column 'week'"):
        read(folder, pl.concat([panel[:1], panel]), plans)


def test_pilots_without_rows_without_pilot_unit_and_missing_columns(folder: Path) -> None:
    plans = plans_of(3)
    panel = panel_of(plans)
    with pytest.raises(DataError, match=r"^plans.parquet: Row 2, column 'pilot': 'P1' has no rows in panel.parquet.$"):
        read(folder, panel.filter(pl.col("pilot") != "P1"), plans)
    none = panel.with_columns(is_pilot=pl.col("is_pilot") & (pl.col("pilot") != "P1"))
    with pytest.raises(DataError, match=r"column 'is_pilot': pilot 'P1' has no unit that carries out the change;"):
        read(folder, none, plans)
    for column, sentence in {
        "count": "The column 'count' is missing; a metric of kind proportion needs it.",
        "mean": "The column 'mean' is missing; a metric of kind score needs it.",
        "n": "The column 'n' is missing; needed are pilot, unit, is_pilot, week, n.",
    }.items():
        with pytest.raises(DataError) as refused:
            read(folder, panel.drop(column), plans)
        assert str(refused.value) == f"panel.parquet: {sentence}"
    assert np.isnan(read(folder, panel.drop("sd"), plans).values.sd).all()
    with pytest.raises(DataError, match=r"^panel.parquet: The file has a header but no rows.$"):
        read(folder, panel.clear(), plans)


@pytest.mark.parametrize(
    ("column", "expression", "sentence"),
    [
        ("week", pl.lit("2026-02-30"), "Row 1, column 'week': '2026-02-30' is not allowed; allowed is a date,"),
        ("week", pl.lit("2026-03-02xyz"), "Row 1, column 'week': '2026-03-02xyz' is not allowed;"),
        ("week", pl.lit(5), "Row 1, column 'week': 5 is not allowed; allowed is a date, YYYY-MM-DD."),
        ("n", pl.lit("1_000"), "Row 1, column 'n': '1_000' is not allowed; allowed is a number."),
        ("n", pl.lit("٣"), "Row 1, column 'n': '٣' is not allowed; allowed is a number."),
        ("n", pl.lit(True), "Row 1, column 'n': true is not allowed; allowed is a number."),
        ("n", pl.concat_list("n"), "Row 1, column 'n': "),
        ("is_pilot", pl.lit("maybe"), "Row 1, column 'is_pilot': 'maybe' is not allowed; allowed is true or false."),
        ("is_pilot", pl.lit(2), "Row 1, column 'is_pilot': 2 is not allowed; allowed is true or false."),
        ("is_pilot", pl.concat_list("n"), "Row 1, column 'is_pilot': "),
        ("unit", pl.lit(1.5), "Row 1, column 'unit': 1.5 is not allowed; allowed is a unit's name."),
        ("unit", pl.lit("x" * 500) + " ", None),
        ("pilot", pl.lit(b"P0"), "Row 1, column 'pilot': "),
    ],
)
def test_columns_of_a_wrong_type_are_one_sentence(
    folder: Path, column: str, expression: pl.Expr, sentence: str | None
) -> None:
    plans = plans_of(1)
    panel = panel_of(plans, units=1).with_columns(expression.alias(column))
    if sentence is None:
        assert read(folder, panel, plans).units.tolist() == [1]
        return
    with pytest.raises(DataError) as refused:
        read(folder, panel, plans)
    assert str(refused.value).startswith(f"panel.parquet: {sentence}")
    assert "\n" not in str(refused.value)
