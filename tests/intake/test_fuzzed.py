"""Files made at random, a third of them damaged: none crashes the import, none loses a row without a word.

`python -m benchmarks.fuzz` is the whole of it: 10,000 files.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks._fuzz_cells import blank
from benchmarks._fuzz_damage import damaged
from benchmarks._fuzz_files import Made, make
from benchmarks.fuzz import configured, fuzz, looked_at
from models.database import Database
from tests.services.conftest import stored_world

FILES = 100
"""On each engine."""
ONCE_CRASHED = (4347, 4465, 4529, 6352, 7659, 10099)
"""Seeds of files that did, before it was mended: texts too long together, a part before the file, a later version."""


@pytest.fixture
def record(database_url: str) -> Database:
    database = Database(database_url)
    with database.writing() as session:
        stored_world(session)
    return database


def test_no_file_crashes_or_loses_a_row(record: Database, tmp_path: Path) -> None:
    with configured(tmp_path / "var"):
        ended, wrong = fuzz([record], [*range(FILES), *ONCE_CRASHED], tmp_path)
    record.dispose()
    assert wrong == []
    assert ended.total() == FILES + len(ONCE_CRASHED)
    assert sum(number for how, number in ended.items() if how.startswith("taken")) >= FILES / 4


def test_texts_of_two_columns_that_are_too_long_together_are_rejected(record: Database, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    long = "ä" * 15_000
    path.write_text(f"Pvm;Yksikkö;A;B\n2.11.2026;SAI3;{long};{long}\n2.11.2026;SAI3;Kiitos.;Hyvä.\n", "utf-8")
    mapping = {"kind": "feedback", "date": "Pvm", "unit": "Yksikkö", "channel": {"constant": "web"}, "text": ["A", "B"]}
    with configured(tmp_path / "var"):
        how, wrong = looked_at(record, Made(path=path, kind="feedback", mapping=mapping, rows=2, form="csv"))
    record.dispose()
    assert (how, wrong) == ("taken", [])


def test_a_lost_row_would_be_seen(record: Database, tmp_path: Path) -> None:
    path = tmp_path / "two.csv"
    path.write_text("Pvm;Yksikkö;A\n2.11.2026;SAI3;Kiitos.\n3.11.2026;SAI3;Hyvä.\n", "utf-8")
    mapping = {"kind": "feedback", "date": "Pvm", "unit": "Yksikkö", "channel": {"constant": "web"}, "text": ["A"]}
    with configured(tmp_path / "var"):
        _, wrong = looked_at(record, Made(path=path, kind="feedback", mapping=mapping, rows=3, form="csv"))
    record.dispose()
    assert wrong == ["it has 3 rows, 2 were counted"]


def test_a_seed_makes_the_same_file_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    for seed in (3, 4, 5, 6, 7):
        first, second = make(seed, tmp_path / "a"), make(seed, tmp_path / "b")
        assert (first.path.name, first.rows, first.form) == (second.path.name, second.rows, second.form)
        if "xlsx" not in first.form:  # a workbook holds the time it was written
            assert first.path.read_bytes() == second.path.read_bytes()


def test_damage_changes_bytes() -> None:
    content = b"Pvm;A\n" * 50
    changed = [damaged(random.Random(seed), content, "csv") != content for seed in range(30)]
    assert sum(changed) >= 20
    assert blank(["", " \0", "\t"])
