"""A process is killed at random moments: nothing is half written, nothing that was acknowledged is lost.

`python -m benchmarks.crashes` is the whole of it: 20 kills of each on both engines.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks._crash_scenes import SCENES, Scene
from benchmarks.crashes import kill_often, not_whole
from models.database import make_write_engine

KILLS = 3


@pytest.mark.slow
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nothing_is_half_written_or_lost(scene: type[Scene], database_url: str, tmp_path: Path) -> None:
    found = kill_often(scene, database_url, tmp_path, kills=KILLS, rng=random.Random(scene.name), measure=False)
    assert found.wrong == []
    assert found.arrived + found.absent + found.ended == KILLS


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_broken_reference_is_seen(database_url: str) -> None:
    engine = make_write_engine(database_url)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("INSERT INTO decision_unit (decision_id, unit_id) VALUES (7, 7)")
        connection.commit()
    engine.dispose()
    assert any("foreign_key_check" in sentence for sentence in not_whole(database_url))
