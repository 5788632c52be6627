"""What a restored record says is what the record said: every evaluation, byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from models.database import Database
from models.metrics import Measurement
from services import backup, backup_postgres, restore
from tests.services.kept_safe import evaluated, use_the_tests_tools


@pytest.mark.slow
def test_a_restored_county_is_evaluated_alike_to_the_last_byte(
    demo_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_the_tests_tools(monkeypatch)
    made = backup.make(demo_database, tmp_path / "county.backup")
    before = evaluated(demo_database)
    assert len(before) == 22
    _spoil(demo_database)
    assert evaluated(demo_database) != before, "what is restored matters to the evaluations"

    done = restore.restore(demo_database, made.file, replace=True)

    assert evaluated(demo_database) == before
    if not demo_database.startswith("sqlite"):
        with backup_postgres._maintenance(demo_database) as connection:
            connection.exec_driver_sql(f'DROP DATABASE "{done.kept}" WITH (FORCE)')


def _spoil(url: str) -> None:
    """Change every value of the record, as a mistake might."""
    database = Database(url)
    with database.writing() as session:
        session.execute(sa.update(Measurement).values(n=Measurement.n + 1))
        session.execute(sa.text("UPDATE feedback_score SET value = low"))
        session.commit()
    database.dispose()
