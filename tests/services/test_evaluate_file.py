"""The `evaluate` command: the agreed JSON, both file forms, and one sentence for whatever is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from cli import app

PLAN: dict[str, Any] = {
    "metric": {"kind": "score", "direction": "increase", "smallest_change": 0.3},
    "pilot_units": ["Käpylä"],
    "comparison_units": ["B", "C", "D"],
    "start": "2026-03-02",
    "end": "2026-05-24",
}


@pytest.fixture
def frame() -> pl.DataFrame:
    random = np.random.default_rng(3)
    units = ["Käpylä", "B", "C", "D"]
    mean = 3.5 + random.normal(size=(4, 24)) / 5
    mean[0, 12:] += 1.0
    return pl.DataFrame({
        "unit": np.repeat(units, 24),
        "week": [str(np.datetime64("2025-12-08") + 7 * int(week)) for _ in units for week in range(24)],
        "n": random.integers(10, 30, 96),
        "mean": mean.ravel().round(4),
        "sd": [1.0 if row % 5 else None for row in range(96)],
    })  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(PLAN), encoding="utf-8")
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["evaluate", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_csv_semicolons_and_parquet_give_the_same_json(tmp_path: Path, frame: pl.DataFrame, plan: Path) -> None:
    comma, semicolon, parquet = (tmp_path / name for name in ("a.csv", "b.csv", "c.parquet"))
    frame.write_csv(comma)
    text = frame.write_csv(separator=";").replace(".", ",")
    semicolon.write_bytes(text.encode("cp1252"))
    frame.with_columns(pl.col("week").str.to_date()).write_parquet(parquet)
    printed = [run(path, "--plan", plan) for path in (comma, semicolon, parquet)]
    assert {code for code, _, _ in printed} == {0}
    documents = [json.loads(out) for _, out, _ in printed]
    assert documents[0] == documents[1] == documents[2]
    assert documents[0]["verdict"] == "scale"
    assert documents[0]["effect"] == pytest.approx(1.0, abs=0.3)


def test_raw_rows(tmp_path: Path, plan: Path) -> None:
    random = np.random.default_rng(4)
    path = tmp_path / "raw.csv"
    lines = ["unit,date,value"]
    for unit in ("Käpylä", "B", "C", "D"):
        for day in range(24 * 7):
            score = random.integers(1, 5) + (1 if unit == "Käpylä" and day >= 84 else 0)
            lines.append(f"{unit},{np.datetime64('2025-12-08') + day},{score}")
    path.write_text("\n".join(lines), encoding="utf-8")
    code, out, _ = run(path, "--plan", plan, "--as-of", "2026-05-24")
    assert code == 0
    assert json.loads(out)["effect"] == pytest.approx(1.0, abs=0.4)


def test_text_format(tmp_path: Path, frame: pl.DataFrame, plan: Path) -> None:
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    code, out, _ = run(path, "--plan", plan, "--format", "text")
    assert code == 0
    assert out.startswith("Verdict: scale (rule: gain_shown)")


def test_before_the_start_there_is_no_effect(tmp_path: Path, frame: pl.DataFrame, plan: Path) -> None:
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    code, out, _ = run(path, "--plan", plan, "--as-of", "2026-02-01")
    document = json.loads(out)
    assert code == 0
    assert (document["verdict"], document["effect"], document["interval"]) == ("not_enough_data", None, None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "bad.csv: The file is empty."),
        ("unit,week,n,mean,sd\n", "bad.csv: The file has a header but no rows."),
        ("unit,week,mean\nA,2026-03-02,3\n", "bad.csv: The column 'n' is missing;"),
        ("unit,week,n,count\nA,2026-03-02,3,1\n", "bad.csv: The column 'mean' is missing;"),
        ("unit,week,n,n,mean\nA,2026-03-02,3,3,1\n", "bad.csv: The column 'n' comes twice."),
        ("unit,week,n,mean\nA,2026-03-02,3\n", "bad.csv: Row 2 has 3 values; the header has 4 columns."),
        (
            "unit,week,n,mean\nA,2026-03-02,x,1\n",
            "bad.csv: Row 2, column 'n': 'x' is not allowed; allowed is a number.",
        ),
        (
            "unit,week,n,mean\n\nA,2026-03-03,3,1\n",
            "bad.csv: Row 3, column 'week': 2026-03-03 is not allowed; allowed is a",
        ),
        ("unit,week,n,mean\nA,2026-03-02,3,nan\n", "bad.csv: Row 2, column 'mean': a blank is not allowed"),
        ("unit,week,n,mean\nA,2026-03-02,3,1\n", "bad.csv: The unit Käpylä is not in the data; the units there are A."),
        ("PAR1 not really", "bad.csv: The file is a damaged Parquet file."),
        ("\ufeff", "bad.csv: The file is empty."),
        ("\ufeff\r\n", "bad.csv: The file is empty."),
        ("unit,week,n,mean\nA,2026-03-02,1_000,1\n", "bad.csv: Row 2, column 'n': '1_000' is not allowed;"),
        ("unit,week,n,mean\nA,2026-03-02,٣,1\n", "bad.csv: Row 2, column 'n': '٣' is not allowed;"),
        ("unit,week,n,mean\nA,2026-03-02,5,1e308\n", "bad.csv: Row 2, column 'mean': 1e+308 is not allowed;"),
        ("unit,week,n,mean\nA,2026-03-02xyz,5,1\n", "bad.csv: Row 2, column 'week': '2026-03-02xyz' is not allowed;"),
        ("unit,week,n,mean\nA,9999-12-27,5,1\n", "bad.csv: Row 2, column 'week': 9999-12-27 is not allowed;"),
        ('unit,week,n,mean\n"A,2026-03-02,5,1\nA,2026-03-09,5,1\n', "bad.csv: Row 2 cannot be read as CSV:"),
        (
            "unit,week,n,mean\nA" + " " * 5000 + "\0,2026-03-02,5,1\n",
            "bad.csv: The file is neither CSV text nor Parquet.",
        ),
    ],
)
def test_bad_data_end_with_2_and_one_sentence(tmp_path: Path, plan: Path, text: str, sentence: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    code, out, error = run(path, "--plan", plan)
    assert (code, out) == (2, "")
    assert error.startswith(sentence)
    assert error.count("\n") == 1


def test_bad_plans_end_with_2(tmp_path: Path, frame: pl.DataFrame) -> None:
    data, plan = tmp_path / "a.csv", tmp_path / "plan.json"
    frame.write_csv(data)
    plan.write_text("{not json", encoding="utf-8")
    assert run(data, "--plan", plan)[0] == 2
    plan.write_text(json.dumps(PLAN | {"end": "2026-01-01"}), encoding="utf-8")
    code, _, error = run(data, "--plan", plan)
    assert code == 2
    assert error.startswith("plan.json: The plan's field 'end' is 2026-01-01; it must be after the start")
    code, _, error = run(tmp_path / "none.csv", "--plan", plan)
    assert code == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_the_encoding_makes_no_difference(tmp_path: Path, frame: pl.DataFrame, plan: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    expected = run(path, "--plan", plan)[1]
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert run(path, "--plan", plan)[:2] == (0, expected)


def test_letters_that_are_not_utf8_though_the_file_says_so(tmp_path: Path, plan: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "unit,week,n,mean\nKäpylä,2026-03-02,5,1\n".encode("latin-1"))
    code, out, error = run(path, "--plan", plan)
    assert (code, out) == (2, "")
    assert error.startswith("bad.csv says it is UTF-8, but byte 18 is not;")


def test_columns_without_a_name_are_left_out(tmp_path: Path, frame: pl.DataFrame, plan: Path) -> None:
    path = tmp_path / "a.csv"
    frame.write_csv(path)
    expected = run(path, "--plan", plan)[1]
    path.write_text("".join(f"{line},,\n" for line in path.read_text(encoding="utf-8").splitlines()), encoding="utf-8")
    assert run(path, "--plan", plan)[:2] == (0, expected)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"start": "2026-03-02", "start": "2026-03-09"}', "plan.json: The plan's field 'start' comes twice."),
        ("[" * 100_000, "plan.json is no plan: it is nested too deep"),
        ('{"start": ' + "1" * 5000 + "}", "plan.json is no plan: it is nested too deep or holds too long a number."),
    ],
)
def test_plans_that_json_chokes_on(tmp_path: Path, frame: pl.DataFrame, text: str, sentence: str) -> None:
    data, plan = tmp_path / "a.csv", tmp_path / "plan.json"
    frame.write_csv(data)
    plan.write_text(text, encoding="utf-8")
    code, out, error = run(data, "--plan", plan)
    assert (code, out) == (2, "")
    assert error.startswith(sentence)


def written(tmp_path: Path, cell: str, *, column: int) -> Path:
    """A file of 24 weeks of four units in which one cell of line 5 is replaced."""
    lines = ["unit,week,n,mean,sd"]
    for unit in ("Käpylä", "B", "C", "D"):
        lines += [f"{unit},{np.datetime64('2025-12-08') + 7 * week},20,{3 + week % 3 / 10},1" for week in range(24)]
    cells = lines[4].split(",")
    cells[column] = cell
    lines[4] = ",".join(cells)
    path = tmp_path / "bad.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "cell", "sentence"),
    [
        (2, "-3", "Row 5, column 'n': -3 is not allowed; allowed is a number, 0 or more."),
        (2, "1.5", "Row 5, column 'n': 1.5 is not allowed; allowed is a whole number of answers."),
        (2, "0", "Row 5, column 'n': 0 is not allowed; allowed is above 0 when the week has a mean."),
        (3, "inf", "Row 5, column 'mean': 'inf' is not allowed; allowed is a number."),
        (3, "", "Row 5, column 'mean': a blank is not allowed; allowed is a number when n is above 0."),
        (4, "-1", "Row 5, column 'sd': -1 is not allowed; allowed is a number, 0 or more, or blank."),
        (1, "2025-12-08", "Row 5, column 'week': 2025-12-08 is not allowed; allowed is each unit and week once."),
        (0, " ", "Row 5, column 'unit': '' is not allowed; allowed is a unit's name."),
    ],
)
def test_one_bad_cell_is_named(tmp_path: Path, plan: Path, column: int, cell: str, sentence: str) -> None:
    code, out, error = run(written(tmp_path, cell, column=column), "--plan", plan)
    assert (code, out, error) == (2, "", f"bad.csv: {sentence}\n")


@pytest.mark.parametrize(
    ("count", "sentence"),
    [
        (-1, "Row 2, column 'count': -1 is not allowed; allowed is a number, 0 or more."),
        (21, "Row 2, column 'count': 21 is not allowed; allowed is at most n."),
    ],
)
def test_impossible_counts_are_named(tmp_path: Path, count: int, sentence: str) -> None:
    path, plan = tmp_path / "bad.csv", tmp_path / "plan.json"
    path.write_text(f"unit,week,n,count\nKäpylä,2026-03-02,20,{count}\n", encoding="utf-8")
    metric = {"kind": "proportion", "direction": "increase", "smallest_change": 0.1}
    plan.write_text(json.dumps(PLAN | {"metric": metric}), encoding="utf-8")
    assert run(path, "--plan", plan) == (2, "", f"bad.csv: {sentence}\n")


def test_a_file_of_weeks_without_answers_says_what_is_missing(tmp_path: Path, frame: pl.DataFrame, plan: Path) -> None:
    path = tmp_path / "a.csv"
    frame.with_columns(n=pl.lit(0), mean=pl.lit(None), sd=pl.lit(None)).write_csv(path)
    code, out, _ = run(path, "--plan", plan)
    document = json.loads(out)
    assert (code, document["verdict"], document["effect"]) == (0, "not_enough_data", None)
    assert document["reasons"][-1].startswith("The pilot has 0 full weeks of data before the start and 0 after it;")
