from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from services.intake.columns import KnownUnit
from services.intake.guessing import guess_mapping
from services.intake.mapping import MeasurementMapping, mapping_from
from services.intake.measurement_file import KnownMetric, read_measurements
from services.intake.parsed import Parsed
from services.intake.refused import RefusedFile
from services.intake.shape import sniff
from tests.intake.conftest import DATA, TODAY

COLUMNS = "pvm;yksikkö;mittari;n;ka;sd;lkm;ryhmä"
MAPPING = {
    "kind": "measurements",
    "date": "pvm",
    "unit": "yksikkö",
    "metric": "mittari",
    "n": "n",
    "mean": "ka",
    "sd": "sd",
    "count": "lkm",
    "group": "ryhmä",
}


def _read(path: Path, mapping: dict[str, Any], units: list[KnownUnit], metrics: list[KnownMetric]) -> Parsed:
    taken = mapping_from(mapping)
    assert isinstance(taken, MeasurementMapping)
    return read_measurements(path, taken, units=units, metrics=metrics, today=TODAY)


def _file(folder: Path, *rows: str, columns: str = COLUMNS) -> Path:
    path = folder / "mittaukset.csv"
    path.write_text("\n".join([columns, *rows]) + "\n", encoding="utf-8")
    return path


def test_the_weekly_export(units: list[KnownUnit], metrics: list[KnownMetric]) -> None:
    mapping = guess_mapping(sniff(DATA / "weekly_measurements.csv"), "measurements")
    assert isinstance(mapping, MeasurementMapping)
    parsed = read_measurements(DATA / "weekly_measurements.csv", mapping, units=units, metrics=metrics, today=TODAY)
    assert (parsed.rows, parsed.accepted, parsed.rejects) == (75, 75, [])
    assert {day.weekday() for day in parsed.values["on_date"]} == {0}
    waits = parsed.values.filter(parsed.values["metric"] == "wait")
    assert waits["mean"].is_between(8, 20).all()
    assert waits["count"].null_count() == waits.height
    shares = parsed.values.filter(parsed.values["metric"] == "cb2h")
    assert (shares["count"] <= shares["n"]).all()


def test_numbers_dates_groups_and_names(tmp_path: Path, units: list[KnownUnit], metrics: list[KnownMetric]) -> None:
    path = _file(
        tmp_path,
        "3.8.2026;Merisataman terveysasema;Takaisinsoitto 2 tunnissa;1 200;;;800;",
        "2026-08-04;1.2.246.10.99999999.10.1;WAIT;12;14,5;3,25;;75+",
        "2026-W32;AVO1;contacts;;;;7;ruotsi",
    )
    values = _read(path, MAPPING, units, metrics).values
    assert values.select("unit", "metric", "population", "n", "mean", "sd", "count").rows() == [
        ("AVO1", "cb2h", "", 1200, None, None, 800),
        ("AVO1", "wait", "age:75+", 12, 14.5, 3.25, None),
        ("AVO1", "contacts", "language:sv", 1, None, None, 7),
    ]
    assert [str(day) for day in values["on_date"]] == ["2026-08-03", "2026-08-04", "2026-08-03"]


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("3.8.2026;AVO1;cb2h;10;;;11;", "lkm", "count is 11, must be at most n, 10."),
        ("3.8.2026;AVO1;cb2h;;;;11;", "n", "The metric cb2h is a share: the row needs n, the number of cases."),
        ("3.8.2026;AVO1;cb2h;10;0,5;;;", "lkm", "The metric cb2h needs a count, but the row has none."),
        ("3.8.2026;AVO1;wait;10;;;5;", "ka", "The metric wait needs a mean, but the row has none."),
        ("3.8.2026;AVO1;wait;0;5;;;", "n", "n is 0, must be more than 0."),
        ("3.8.2026;AVO1;wait;-3;5;;;", "n", "n is -3, must be more than 0."),
        ("3.8.2026;AVO1;wait;10;5;-1;;", "sd", "sd is -1, must be at least 0 and beside a mean."),
        ("3.8.2026;AVO1;wait;10;-2;;;", "ka", "-2 is less than the scale's lowest, 0."),
        ("3.8.2026;AVO1;thl1;10;5,1;;;", "ka", "5.1 is more than the scale's highest, 5."),
        ("3.8.2026;AVO1;contacts;1;;;-1;", "lkm", "count is -1, must be at least 0."),
        ("3.8.2026;AVO1;tuntematon;10;5;;;", "mittari", "tuntematon is not a metric's code or name."),
        ("3.8.2026;AVO9;wait;10;5;;;", "yksikkö", "AVO9 is not a unit's code, OID or name."),
        ("2026-W60;AVO1;wait;10;5;;;", "pvm", "2026-W60 is not a week; write it as 2026-W32 or 32/2026."),
        ("2026-W50;AVO1;wait;10;5;;;", "pvm", "The date 2026-12-07 is in the future; today is 2026-11-23."),
        ("3.8.2026;AVO1;wait;=1+1;5;;;", "n", "The cell holds a formula, =1+1; only values are taken."),
        ("3.8.2026;AVO1;wait;10;viisi;;;", "ka", "viisi is not a number."),
        ("3.8.2026;AVO1;wait;10;5;;;naapurit", "ryhmä", "naapurit is not a known group"),
        ("3.8.2026;;wait;10;5;;;", "yksikkö", "The cell is blank, but every row needs it."),
    ],
)
def test_rejects(
    tmp_path: Path, units: list[KnownUnit], metrics: list[KnownMetric], row: str, column: str, reason: str
) -> None:
    parsed = _read(_file(tmp_path, "3.8.2026;AVO1;wait;10;5;;;", row), MAPPING, units, metrics)
    (reject,) = parsed.rejects
    assert (parsed.rows, parsed.accepted, reject.row, reject.column) == (2, 1, 3, column)
    assert reject.reason.startswith(reason)


def test_a_column_a_metric(tmp_path: Path, units: list[KnownUnit], metrics: list[KnownMetric]) -> None:
    path = _file(
        tmp_path,
        "2026-W32;AVO1;100;60;14,5",
        "2026-W33;AVO1;100;;15",
        "2026-W34;AVO1;;;",
        "2026-W35;AVO1;100;160;15",
        columns="viikko;yksikkö;soitot;ajoissa;odotus",
    )
    mapping = {
        "kind": "measurements",
        "date": "viikko",
        "unit": "yksikkö",
        "wide": [{"metric": "cb2h", "n": "soitot", "count": "ajoissa"}, {"metric": "wait", "value": "odotus"}],
    }
    parsed = _read(path, mapping, units, metrics)
    assert sorted(parsed.values.select("row", "metric", "n", "mean", "count").rows()) == [
        (2, "cb2h", 100, None, 60),
        (2, "wait", 1, 14.5, None),
        (3, "wait", 1, 15, None),
    ]
    assert [(reject.row, reject.column) for reject in parsed.rejects] == [(4, ""), (5, "ajoissa")]
    assert (parsed.rows, parsed.accepted, parsed.rejected) == (4, 2, 2)


def test_the_same_name_of_two_units(tmp_path: Path, metrics: list[KnownMetric]) -> None:
    twins = [KnownUnit("A1", None, ["Neuvola"]), KnownUnit("A2", None, ["Neuvola"])]
    parsed = _read(
        _file(tmp_path, "3.8.2026;A1;wait;10;5;;;", "3.8.2026;neuvola;wait;10;5;;;"), MAPPING, twins, metrics
    )
    assert [reject.reason for reject in parsed.rejects] == [
        "neuvola is the name of several units; use the unit's code or OID."
    ]


def test_a_mapping_with_an_unknown_metric_or_two_shapes(
    tmp_path: Path, units: list[KnownUnit], metrics: list[KnownMetric]
) -> None:
    path = _file(tmp_path, "3.8.2026;AVO1;wait;10;5;;;")
    wide = {"kind": "measurements", "date": "pvm", "unit": "yksikkö", "wide": [{"metric": "zzz", "value": "ka"}]}
    with pytest.raises(RefusedFile, match="zzz is not a metric's code or name"):
        _read(path, wide, units, metrics)
    with pytest.raises(RefusedFile, match="map either metric"):
        mapping_from({**MAPPING, "wide": [{"metric": "wait", "value": "ka"}]})


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-W32;SAI1;wait;4,5;13;3;;", "n is 4.5, must be a whole number of answers or cases."),
        ("2026-W32;SAI1;cb2h;4,5;;;3;", "n is 4.5, must be a whole number of answers or cases."),
        ("2026-W32;SAI1;cb2h;10;;;5,5;", "count is 5.5, must be a whole number."),
        ("2026-W32;SAI1;wait;5;1e308;3;;", "1e+308 is too large a number; at most 1e12 is taken."),
        ("2026-W32;SAI1;contacts;1e15;;;5;", "1e+15 is too large a number; at most 1e12 is taken."),
    ],
)
def test_numbers_no_evaluation_could_use(
    tmp_path: Path, units: list[KnownUnit], metrics: list[KnownMetric], row: str, reason: str
) -> None:
    unit = units[0].code
    parsed = _read(_file(tmp_path, row.replace("SAI1", unit)), MAPPING, units, metrics)
    assert [reject.reason for reject in parsed.rejects] == [reason]
    exposure = _read(_file(tmp_path, f"2026-W32;{unit};contacts;4,5;;;3;"), MAPPING, units, metrics)
    assert exposure.accepted == 1
