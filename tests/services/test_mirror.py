"""The mirror: what counts in the record, by month, without words; written again where something has changed."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
from sqlmodel import Session, select

from models.audit import AuditEntry
from models.base import monday_of
from models.database import Database
from models.feedback import Feedback, FeedbackScore, Sentiment
from models.metrics import Measurement
from services import series
from services.errors import BadInput, Conflict
from services.job_work import lease
from services.mirror import Mirrored, mirror
from services.mirror_tables import tables
from services.rows import key
from services.written import NotWritten
from tests.services.conftest import TODAY, World

ROOT = Path(__file__).parents[2]
SEALED, OPEN = dt.date(2026, 8, 12), dt.date(2026, 11, 4)


@pytest.fixture
def filled(world: World) -> World:
    """A value and an answer in a sealed month and in an open one."""
    for day in (SEALED, OPEN):
        world.measure(world.ward, world.score, day, n=12, mean=7.5, sd=1.5)
        world.answer(world.ward, day, score=9, text="Kiitos Maijalle", language="fi", respondent="a" * 64)
    return world


def read(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / name / "**/*.parquet", hive_partitioning=True)


def written(found: dict[str, Mirrored]) -> dict[str, int]:
    return {name: one.written for name, one in found.items()}


def test_rows_are_those_of_the_record_without_words(filled: World, database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "mirror"
    done = mirror(database, folder, today=TODAY)
    assert written(done) == {"measurements": 2, "feedback": 2, "scores": 2}
    values = read(folder, "measurements").sort("date")
    assert values["month"].to_list() == ["2026-08", "2026-11"]
    assert values.select("metric", "unit", "date", "week", "population", "n", "mean", "sd", "count", "source").row(
        0
    ) == (*("nps_mean", "SAI3", SEALED, dt.date(2026, 8, 10), "", 12.0, 7.5, 1.5, None, "import"),)
    assert read(folder, "feedback").select("unit", "date", "has_words", "language", "channel").sort("date").row(1) == (
        *("SAI3", OPEN, True, "fi", "web"),
    )
    assert read(folder, "scores").select("item", "value", "low", "high").rows() == [("recommend", 9.0, 0.0, 10.0)] * 2
    files = list(folder.rglob("*.parquet"))
    assert len(files) == 6
    assert all(path.stat().st_mode & 0o077 == 0 for path in (*files, folder)), "for nobody else to read"
    for file in files:
        content = file.read_bytes()
        assert b"Maija" not in content
        assert b"aaaaaaaa" not in content
    for name in ("text", "respondent", "external_id", "row_digest"):
        assert name not in read(folder, "feedback").columns


def test_sealed_months_are_written_once_and_open_ones_every_time(
    filled: World, database: Database, tmp_path: Path
) -> None:
    mirror(database, tmp_path / "mirror", today=TODAY)
    sealed = tmp_path / "mirror" / "feedback" / "month=2026-08" / "data.parquet"
    before = sealed.stat().st_mtime_ns
    again = mirror(database, tmp_path / "mirror", today=TODAY)
    assert written(again) == {"measurements": 1, "feedback": 1, "scores": 1}
    assert [one.months for one in again.values()] == [2, 2, 2]
    assert sealed.stat().st_mtime_ns == before
    assert written(mirror(database, tmp_path / "mirror", today=TODAY, everything=True))["feedback"] == 2
    sealed.unlink()
    assert written(mirror(database, tmp_path / "mirror", today=TODAY))["feedback"] == 2, "a lost file comes back"


def test_a_sealed_month_that_changes_all_the_same_is_written_again(
    filled: World, database: Database, tmp_path: Path
) -> None:
    mirror(database, tmp_path / "mirror", today=TODAY)
    session = filled.session

    def changes() -> dict[str, int]:
        session.commit()
        done = written(mirror(database, tmp_path / "mirror", today=TODAY))
        return {name: number - 1 for name, number in done.items() if number > 1}

    assert changes() == {}
    value = session.exec(select(Measurement).where(Measurement.on_date == SEALED)).one()
    old = key(value.id)
    filled.measure(filled.ward, filled.score, SEALED, n=12, mean=8.0, sd=1.0, supersedes_id=old, reason="typo")
    assert changes() == {"measurements": 1}
    assert read(tmp_path / "mirror", "measurements").filter(pl.col("date") == SEALED)["mean"].to_list() == [8.0]
    comment = session.exec(select(Feedback).where(Feedback.given_on == SEALED)).one()
    comment.sentiment = Sentiment.POSITIVE
    session.add(comment)
    assert changes() == {"feedback": 1}
    comment.sentiment = Sentiment.NEGATIVE
    session.add(comment)
    assert changes() == {"feedback": 1}
    filled.answer(filled.other_ward, SEALED, score=2)
    assert changes() == {"feedback": 1, "scores": 1}
    for score in session.exec(select(FeedbackScore)).all():
        session.delete(score)
    session.commit()
    gone = mirror(database, tmp_path / "mirror", today=TODAY)["scores"]
    assert (gone.removed, gone.months) == (2, 0)
    assert list((tmp_path / "mirror" / "scores").rglob("*.parquet")) == []


def test_the_mirror_gives_the_same_weeks_as_the_record(demo_database: str, tmp_path: Path) -> None:
    database = Database(demo_database)
    mirror(database, tmp_path / "mirror", today=TODAY)
    with database.reading() as session:
        expected = pl.DataFrame(_weeks(session))
    found = (
        read(tmp_path / "mirror", "measurements")
        .group_by("metric", "unit", "week", "population")
        .agg(n=pl.col("n").sum())
        .sort("metric", "unit", "week", "population")
    )
    assert found.height > 1000
    assert found.equals(expected.sort("metric", "unit", "week", "population"))
    database.dispose()


def _weeks(session: Session) -> list[dict[str, object]]:
    from models.metrics import Metric
    from models.organisation import Unit

    metrics = {row.id: row.code for row in session.exec(select(Metric))}
    units = {row.id: row.code for row in session.exec(select(Unit))}
    sums: dict[tuple[str, str, dt.date, str], float] = {}
    for row in session.exec(series.current_measurements()):
        place = (metrics[row.metric_id], units[row.unit_id], monday_of(row.week), row.population)
        sums[place] = sums.get(place, 0.0) + row.n
    return [
        dict(zip(("metric", "unit", "week", "population"), place, strict=True)) | {"n": n} for place, n in sums.items()
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_folder_of_something_else_is_left_alone(filled: World, database: Database, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    with pytest.raises(BadInput, match="something else than a mirror"):
        mirror(database, tmp_path, today=TODAY)
    file = tmp_path / "a file"
    file.write_text("")
    with pytest.raises(NotWritten, match="cannot be written"):
        mirror(database, file, today=TODAY)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broken_state_is_written_anew(filled: World, database: Database, tmp_path: Path) -> None:
    mirror(database, tmp_path / "mirror", today=TODAY)
    for broken in ("{", '{"format": 99, "months": {}}', "[]"):
        (tmp_path / "mirror" / "mirror.json").write_text(broken)
        assert written(mirror(database, tmp_path / "mirror", today=TODAY))["feedback"] == 2
    assert json.loads((tmp_path / "mirror" / "mirror.json").read_text())["format"] == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_at_once_are_refused_and_each_leaves_a_note(filled: World, database: Database, tmp_path: Path) -> None:
    with lease(database, "mirror") as mine:
        assert mine is not None
        with pytest.raises(Conflict):
            mirror(database, tmp_path / "mirror", today=TODAY)
    mirror(database, tmp_path / "mirror", today=TODAY)
    with database.reading() as session:
        noted = session.exec(select(AuditEntry).where(AuditEntry.subject == "mirror")).all()
    assert [entry.action for entry in noted] == ["export"]


def test_every_column_is_documented() -> None:
    text = (ROOT / "docs" / "operations" / "mirror.md").read_text(encoding="utf-8")
    for table in tables():
        section = text.partition(f"## `{table.name}`")[2].partition("\n## ")[0]
        rows = [line.split("|")[1:4] for line in section.splitlines() if line.startswith("| `")]
        told = [tuple(cell.strip() for cell in row) for row in rows]
        assert told == [(f"`{column.name}`", str(column.kind), column.about) for column in table.columns], table.name
