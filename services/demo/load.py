"""Fill an empty database with the demo county, in one transaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, select

import models.tables  # noqa: F401  the metadata must be whole
from models.decisions import Decision, Evaluation, Story
from models.feedback import Feedback, FeedbackScore
from models.metrics import Measurement
from models.organisation import Unit
from models.people import Setting
from models.pilots import LogEntry, Pilot
from models.themes import ThemeAssignment
from services import theme_facts
from services.demo import stored_adoption, stored_county, stored_feedback, stored_ideas, stored_pilots, stored_walks
from services.demo.county import load_county
from services.demo.simulate import SEED, simulate
from services.errors import Conflict
from services.people import DEMO_MARK
from services.rows import key

COUNTED = (Unit, Pilot, Feedback, FeedbackScore, ThemeAssignment, Measurement, LogEntry, Evaluation, Decision, Story)


@dataclass(frozen=True, kw_only=True)
class DemoSummary:
    """What was loaded: rows by table, and the weeks they cover."""

    county: str
    first_day: dt.date
    last_day: dt.date
    rows: dict[str, int]

    def __str__(self) -> str:
        counts = ", ".join(f"{table} {number}" for table, number in self.rows.items())
        return f"{self.county} (invented), {self.first_day} to {self.last_day}: {counts}"


def is_empty(session: Session) -> bool:
    """Whether no table holds a row."""
    return all(
        session.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None
        for table in SQLModel.metadata.sorted_tables
    )


def load_demo(session: Session, *, today: dt.date, seed: int = SEED, evaluate: bool = True) -> DemoSummary:
    """Fill an empty database with the invented county as it stands today, and commit.

    Args:
        session: A writing session without open changes.
        today: The week of this day is the first without data.
        seed: See `services.demo.simulate`.
        evaluate: Evaluate every started pilot as it stands today, too; most of the time this takes. The evaluations
            that decisions rest on are always made.

    Raises:
        Conflict: The database holds something; nothing is changed.
    """
    if not is_empty(session):
        raise Conflict("The demo county can be loaded into an empty database only, and this one is not empty.")
    data = simulate(load_county(), today=today, seed=seed)
    try:
        session.add(Setting(key=DEMO_MARK, value=data.county.meta.name["fi"]))
        ids = stored_county.store(session, data)
        stored_feedback.store_feedback(session, data, ids)
        stored_feedback.store_words(session, data, seed)
        texts = session.exec(select(Feedback.id, Feedback.text).where(col(Feedback.text).is_not(None))).all()
        stored_feedback.store_themes(session, data, ids, {key(row): text for row, text in texts if text is not None})
        theme_facts.rebuild(session)
        stored_feedback.store_measurements(session, data, ids)
        _move_sequence(session)
        pilots = stored_pilots.store_pilots(session, data, ids)
        stored_pilots.store_decisions(session, data, ids, pilots)
        stored_adoption.store_adoption(session, data, ids, pilots)
        stored_pilots.store_stories(session, data, ids, pilots)
        stored_walks.store_walks(session, data, ids, pilots, seed)
        stored_ideas.store_ideas(session, data, ids, pilots, seed)
        if evaluate:
            stored_pilots.evaluate_started(session, today)
        rows = {str(table.__tablename__): _count(session, table) for table in COUNTED}
    except BaseException:
        session.rollback()
        raise
    session.commit()
    return DemoSummary(
        county=data.county.meta.name["fi"],
        first_day=data.first_monday,
        last_day=data.day(data.county.meta.weeks - 1, 6),
        rows=rows,
    )


def _count(session: Session, table: type[SQLModel]) -> int:
    return int(session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _move_sequence(session: Session) -> None:
    """PostgreSQL hands out ids from a sequence that does not see the answers' own ids; SQLite looks at the table."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('feedback', 'id'), (SELECT max(id) FROM feedback))")
        )
