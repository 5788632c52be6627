"""A county's record of a million comments with their themes, written straight into SQLite: three years, 26 units."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from sqlmodel import Session

import models.tables  # noqa: F401  every table must be known before the first write
from models.base import monday_of, week_of
from models.database import make_write_engine
from models.migrate import upgrade
from models.organisation import Unit
from models.themes import Theme
from services.demo.county import load_county

WEEKS = 156
SECOND_THEME = 0.4
PEOPLE = 0.7
"""People by comments: some write more than once."""
CHANNELS = ("text_message", "kiosk", "web", "qr", "paper", "phone")
CHANNEL_SHARES = (0.5, 0.25, 0.12, 0.08, 0.03, 0.02)
PART = 100_000
WORDS = (
    "Odotin",
    "puhelimessa",
    "kauan",
    "ja",
    "sain",
    "ystävällistä",
    "palvelua",
    "mutta",
    "ohjeet",
    "jäivät",
    "kotona",
)

FEEDBACK = """INSERT INTO feedback (id, source, unit_id, given_on, week, channel, solicited, customer_type, language,
    text, statutory_decision, is_demo, stored_at)
    VALUES (?, '', ?, ?, ?, ?, ?, 'external', 'fi', ?, ?, 1, '2026-01-01')"""
ANSWER = """INSERT INTO theme_answer (theme_id, feedback_id, unit_id, week, given_on, channel, solicited, statutory,
    person, tone, rated, has_text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"""


def write(path: Path, *, comments: int, today: dt.date, seed: int) -> None:
    """Fill a new SQLite file.

    Args:
        path: Where; there must be no file.
        comments: How many, spread over the three years before today.
        today: The day the record is looked at.
        seed: Of the random numbers.
    """
    url = f"sqlite:///{path}"
    upgrade(url)
    engine = make_write_engine(url)
    with Session(engine) as session:
        units, themes = _organised(session)
    engine.dispose()
    rng = np.random.default_rng(seed)
    record = sqlite3.connect(path)
    record.execute("PRAGMA synchronous = OFF")
    last = week_of(today) - 1
    sizes = rng.dirichlet(np.full(len(units), 2.0))
    popular = rng.dirichlet(np.full(len(themes), 2.0), size=len(units))
    days = np.sort(rng.integers(0, 7 * WEEKS, comments))
    first = monday_of(last - WEEKS + 1)
    for start in range(0, comments, PART):
        ids = np.arange(start + 1, min(start + PART, comments) + 1)
        n = len(ids)
        unit = rng.choice(len(units), n, p=sizes)
        day = days[ids - 1]
        dates = [(first + dt.timedelta(days=int(k))).isoformat() for k in range(int(day[0]), int(day[-1]) + 1)]
        given = [dates[k - day[0]] for k in day]
        week = (week_of(first) + day // 7).tolist()
        channel = [CHANNELS[k] for k in rng.choice(len(CHANNELS), n, p=CHANNEL_SHARES)]
        asked = (rng.random(n) < 0.8).astype(int).tolist()
        statutory = (rng.random(n) < 0.03).astype(int).tolist()
        person = rng.integers(1, int(comments * PEOPLE), n).tolist()
        tone = [("neg", "neu", "pos")[k] for k in rng.choice(3, n, p=(0.4, 0.2, 0.4))]
        rated = (rng.random(n) < 0.9).astype(int).tolist()
        words = rng.integers(0, len(WORDS), (n, 12))
        texts = [" ".join(WORDS[k] for k in row) for row in words.tolist()]
        of = [units[k] for k in unit]
        answers = ids.tolist()
        rows = zip(answers, of, given, week, channel, asked, texts, statutory, strict=True)
        record.executemany(FEEDBACK, rows)
        cumulated = np.cumsum(popular, axis=1)[unit]
        one = _drawn(cumulated, rng)
        two = _drawn(cumulated, rng)
        more = (rng.random(n) < SECOND_THEME) & (one != two)
        for theme, which in ((one, np.arange(n)), (two, np.flatnonzero(more))):
            record.executemany(
                ANSWER,
                (
                    (themes[theme[k]], answers[k], of[k], week[k], given[k], channel[k], asked[k], statutory[k],
                     person[k], tone[k], rated[k])
                    for k in which.tolist()
                ),
            )  # fmt: skip
        record.commit()
    record.execute("ANALYZE")
    record.close()


def _organised(session: Session) -> tuple[list[int], list[int]]:
    """The demo county's units and themes; the ids of those that answers are about."""
    county = load_county()
    areas = {}
    for area in county.areas:
        areas[area.code] = Unit(code=area.code, level="area", name={"fi": area.code}, takes_pilots=False)
    session.add_all(areas.values())
    session.flush()
    units = [Unit(code=u.code, level="unit", name={"fi": u.code}, parent_id=areas[u.area].id) for u in county.units]
    themes = [Theme(code=theme.code, name={"fi": theme.code}) for theme in county.themes]
    session.add_all([*units, *themes])
    session.commit()
    ids = sa.select(Unit.id).where(Unit.level == "unit"), sa.select(Theme.id)  # type: ignore[arg-type]
    return [[int(i) for i in session.execute(query).scalars()] for query in ids]  # type: ignore[return-value]


def _drawn(cumulated: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A theme for each row of cumulated chances."""
    return (cumulated < rng.random(len(cumulated))[:, None]).sum(axis=1).clip(max=cumulated.shape[1] - 1)
