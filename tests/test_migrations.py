"""The migrations make exactly the tables that the models describe, on both engines."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models.database import make_engine, make_write_engine
from models.migrate import current_revision, differences, newest_revision, upgrade


def test_an_upgraded_database_is_what_the_models_say(empty_database_url: str) -> None:
    assert differences(empty_database_url) != []
    upgrade(empty_database_url)
    assert differences(empty_database_url) == []
    engine = make_engine(empty_database_url)
    assert current_revision(engine) == newest_revision()
    engine.dispose()


def test_what_was_stored_before_the_second_revision_is_still_there_after_it(empty_database_url: str) -> None:
    upgrade(empty_database_url, "0001")
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        for statement in (
            "INSERT INTO unit (id, code, level, name, customer_type, takes_pilots)"
            " VALUES (1, 'U1', 'unit', '{}', 'external', true)",
            "INSERT INTO theme (id, code, name, keywords, controllable, praise, created_at)"
            " VALUES (1, 'T1', '{}', '[]', true, false, '2026-11-01 00:00:00')",
            "INSERT INTO feedback (id, source, unit_id, given_on, week, channel, solicited, customer_type, text,"
            " statutory_decision, is_demo, stored_at)"
            " VALUES (1, 's', 1, '2026-11-02', 2966, 'web', true, 'external', 'Hyvä', false, false,"
            " '2026-11-02 00:00:00')",
            "INSERT INTO feedback_score (feedback_id, item, unit_id, week, value, low, high)"
            " VALUES (1, 'recommend', 1, 2966, 9, 0, 10)",
            "INSERT INTO theme_assignment (id, feedback_id, theme_id, assigned_by, model_version, confidence, matched,"
            " applies, at) VALUES (1, 1, 1, 'rule', 'k', 1, 'hyvä', true, '2026-11-02 00:00:00')",
        ):
            connection.exec_driver_sql(statement)
    engine.dispose()

    upgrade(empty_database_url)

    assert differences(empty_database_url) == []
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        for table in ("unit", "theme", "feedback", "feedback_score", "theme_assignment"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 1, table
        assert connection.execute(sa.text("SELECT examples FROM theme")).scalar_one() in ("[]", [])
    for wrong in (
        "UPDATE feedback SET sentiment = 'bad'",
        "INSERT INTO metric (id, code, name, kind, direction, family, unit_text, manual, is_guardrail, theme_id)"
        " VALUES (1, 'm', '{}', 'score', 'increase', 'own', '{}', false, false, 1)",
    ):
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.exec_driver_sql(wrong)
    engine.dispose()


def test_people_and_decisions_before_the_third_revision_are_still_there_and_analysts_may_come(
    empty_database_url: str,
) -> None:
    upgrade(empty_database_url, "0002")
    engine = make_write_engine(empty_database_url)
    person = "INSERT INTO person (id, code, name, role, active, is_demo) VALUES ({}, 'p{}', 'P', '{}', true, false)"
    with engine.begin() as connection:
        connection.exec_driver_sql(person.format(1, 1, "leadership"))
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(person.format(2, 2, "analyst"))
    engine.dispose()

    upgrade(empty_database_url)

    assert differences(empty_database_url) == []
    engine = make_write_engine(empty_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(person.format(2, 2, "analyst"))
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 2
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(person.format(3, 3, "nobody"))
    engine.dispose()
