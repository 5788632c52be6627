"""The migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

from models.database import make_engine
from models.migrate import current_revision, differences, newest_revision, upgrade


def test_an_upgraded_database_is_what_the_models_say(empty_database_url: str) -> None:
    assert differences(empty_database_url) != []
    upgrade(empty_database_url)
    assert differences(empty_database_url) == []
    engine = make_engine(empty_database_url)
    assert current_revision(engine) == newest_revision()
    engine.dispose()
