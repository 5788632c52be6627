"""JSON of every shape through the same door as tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from services.intake.json_file import about_records
from services.intake.refused import RefusedFile
from services.intake.shape import about_rows, read_chunks, sniff

RECORDS: list[dict[str, Any]] = [
    {"ts": "2026-08-03T10:00:00.000+0300", "unit": {"name": "AVO1", "place": {"lat": 60.1}}, "data": [4, 8, 12, 16]},
    {"ts": "2026-08-03T11:00:00.000+0300", "unit": {"name": "AVO4"}, "data": [0, 0, 1, 0], "tags": ["a", "b"]},
]


def _written(folder: Path, text: str, name: str = "vienti.json") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(RECORDS),
        json.dumps(RECORDS, indent=2),
        json.dumps({"count": 2, "results": RECORDS, "next": None}),
        "\n".join(json.dumps(record) for record in RECORDS),
        "\ufeff" + json.dumps(RECORDS),
    ],
    ids=["array", "indented", "wrapped", "lines", "byte order mark"],
)
def test_every_shape_gives_the_same_table(tmp_path: Path, text: str) -> None:
    shape = sniff(_written(tmp_path, text))
    assert shape.format == "json"
    assert shape.names == (
        *("ts", "unit.name", "unit.place.lat", "data.0", "data.1", "data.2", "data.3", "tags"),
    )  # fmt: skip
    (chunk,) = read_chunks(shape)
    assert chunk.numbers == [1, 2]
    assert chunk.columns["unit.name"] == ["AVO1", "AVO4"]
    assert chunk.columns["unit.place.lat"] == ["60.1", ""]
    assert [chunk.columns[f"data.{at}"][0] for at in range(4)] == ["4", "8", "12", "16"]
    assert chunk.columns["tags"] == ["", "a, b"]
    assert about_records(shape) in (1, 2, 3, 4)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[{"a": 1},\n{"a": }]', "is not valid JSON: record 2, line 2: expecting value"),
        ('[{"a": 1},\n{"a": 2}', "record 2, line 2: the file ends in the middle"),
        ('{"a": 1}\n{"a": 2\n', "record 2"),
        ('[{"a": NaN}]', "record 1, line 1: NaN is no number of JSON"),
        ("[]", "holds no records"),
        ('{"x": [{"a": 1}], "y": [{"b": 1}]}', r"more than one list of records \(x, y\)"),
        ("[" + '{"a":' * 100_000, "is not valid JSON: record 1"),
    ],
)
def test_what_is_no_json_is_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(RefusedFile, match=sentence):
        sniff(_written(tmp_path, text))


def test_records_that_do_not_fit_are_rejected_one_by_one(tmp_path: Path) -> None:
    records: list[Any] = [{"ts": "x", "data": [1, 2, 3, 4]}] * 12 + [7, {"ts": "x", "data": [1, 2]}, None]
    (chunk,) = read_chunks(sniff(_written(tmp_path, json.dumps(records))))
    assert len(chunk.numbers) == 12
    assert [(reject.row, reject.column, reject.reason) for reject in chunk.broken] == [
        (13, "", "The record is 7, but must be an object."),
        (14, "data", "The list has 2 numbers, but the others have 4."),
        (15, "", "The record is null, but must be an object."),
    ]


def test_half_a_character_becomes_a_question_mark(tmp_path: Path) -> None:
    shape = sniff(_written(tmp_path, '[{"ts": "2026-08-03", "t\\ud800": "Hyv\\ud83d \\ud83d\\ude00"}]'))
    (chunk,) = read_chunks(shape)
    assert chunk.columns == {"ts": ["2026-08-03"], "t?": ["Hyv? \U0001f600"]}


def test_a_record_cut_by_the_end_of_a_block_is_whole(tmp_path: Path) -> None:
    records = [{"id": number, "text": "ä" * 997} for number in range(3_000)]
    shape = sniff(_written(tmp_path, json.dumps(records, ensure_ascii=False)))
    numbers = [int(cell) for chunk in read_chunks(shape) for cell in chunk.columns["id"]]
    assert numbers == list(range(3_000))
    assert about_rows(shape) == pytest.approx(3_000, rel=0.1)


def test_a_table_that_begins_with_a_bracket_stays_a_table(tmp_path: Path) -> None:
    assert sniff(_written(tmp_path, "[id];pvm\n1;2.3.2026\n", "taulu.csv")).format == "csv"
