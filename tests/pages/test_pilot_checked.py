"""A theme's share as an outcome on the pages: offered with a warning; how well the model reads; what to check."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sqlmodel import Session, col, select

from models.base import now, validated
from models.feedback import Feedback
from models.metrics import Metric
from models.people import Person
from models.plans import PilotPlan
from models.text_models import Drawn, TextReview, ThemeModel
from models.themes import Theme
from services import frozen_themes, plans, theme_metric, theme_models, theme_outcome, theme_share
from services.permissions import May, allowed
from services.rows import key
from tests.databases import DEMO_TODAY
from tests.pages.pilot_pages import changing, keyed, opened_page, person, pilot, words

WAITING = "P02"
"""A pilot whose time is over."""
THEME = "T09"


class _Engine:
    """An embedder that needs no model."""

    version, dimensions = "length-1", 2

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.array([[1.0, len(text)] for text in texts], dtype=np.float32)


def _fitted(session: Session) -> ThemeModel:
    row = validated(
        ThemeModel,
        version="frozen-1",
        engine="length-1",
        themes_digest=theme_models.list_digest(theme_models.definitions(session)),
        labels=0,
        artefact=b"",
    )
    session.add(row)
    session.commit()
    return row


@pytest.fixture
def version(demo_installation: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """A version of the theme model that picks every comment of an even length for every theme."""
    with changing() as session:
        number = key(_fitted(session).id)
        themes = [SimpleNamespace(id=str(theme.id)) for theme in session.exec(select(Theme).order_by(Theme.code))]

    def scores(texts: list[str], _vectors: Any) -> np.ndarray:
        return np.array([[0.9 if len(text) % 2 == 0 else 0.1] * len(themes) for text in texts])

    read = SimpleNamespace(
        model_id=number, version="frozen-1", engine=_Engine(), model=SimpleNamespace(themes=themes, scores=scores)
    )
    monkeypatch.setattr(theme_models, "reader", lambda _session, model_id=None: read)
    monkeypatch.setattr(theme_share, "unread", lambda _session, **_: 0)
    monkeypatch.setattr(frozen_themes, "MOST_UNREAD", 10**9)
    frozen_themes._answers.cache_clear()
    return number


def test_the_theme_s_share_is_one_choice_with_a_warning(version: int) -> None:
    page = opened_page("register", "u1", theme=THEME)
    choice = keyed(page, "selectbox", "register_metric")
    (share,) = [code for code in choice.options if "joiden aihe on" in code]
    assert "tarkistaneet" not in words(page)
    choice.set_value(next(code for code in _codes(version))).run()
    assert not page.exception, page.exception
    said = words(page)
    assert "ennen kuin ihmiset ovat tarkistaneet vähintään 30 arvottua kommenttia" in said
    assert share
    with changing() as session:
        (metric,) = session.exec(select(Metric).where(col(Metric.theme_id).is_not(None))).all()
        assert metric.theme_model_id == version


def _codes(version: int) -> list[str]:
    with changing() as session:
        theme = session.exec(select(Theme).where(Theme.code == THEME)).one()
        return [f"{theme_metric.CODE}_{theme.id}_{version}"]


@pytest.fixture
def measured(version: int) -> list[int]:
    """The pilot that waits measures a theme's share; its comments' numbers."""
    with changing() as session:
        theme = session.exec(select(Theme).where(Theme.code == THEME)).one()
        metric = theme_metric.metric_of(session, theme_id=key(theme.id), by=person("u1"))
        for plan in session.exec(select(PilotPlan).where(PilotPlan.pilot_id == pilot(WAITING).id)):
            plan.metric_id = key(metric.id)
            session.add(plan)
        session.commit()
        cells = theme_outcome.cells(session, plans.current(session, key(pilot(WAITING).id)), as_of=DEMO_TODAY)
        assert len(cells) == 4
        found = []
        for cell in cells:
            found += list(session.exec(select(Feedback.id).where(*cell.conditions).limit(40)))
        return [key(number) for number in found]


def test_what_is_lacking_is_told_with_a_way_to_check_it(measured: list[int]) -> None:
    with changing() as session:
        unit_id = pilot(WAITING).unit_id
        people = session.exec(select(Person).order_by(Person.code)).all()
        checker = next(one.code for one in people if allowed(session, one, May.LABEL, unit_id=unit_id))
    said = words(opened_page("pilot", checker, code=WAITING))
    assert "Kuinka hyvin malli lukee kommentteja" in said
    assert "frozen-1" in said
    assert re.search(r"kokeiluyksikkö ennen alkua: vielä \d+", said)
    assert "Tarkista kommentteja tästä kokeilusta" in said
    assert f"theme-check?pilot={WAITING}" in said


def test_how_well_it_reads_is_told_once_enough_is_checked(measured: list[int]) -> None:
    with changing() as session:
        for number in measured:
            session.merge(
                validated(TextReview, feedback_id=number, by_id=person("u1").id, drawn=Drawn.RANDOM, at=now())
            )
        session.commit()
    said = words(opened_page("pilot", "u7", code=WAITING))
    assert "Kommentteja on tarkistettu tarpeeksi" in said
    assert "Korjattu osuus" in said


def test_a_pilot_that_measures_something_else_has_no_such_section(demo_installation: str) -> None:
    assert "Kuinka hyvin malli lukee" not in words(opened_page("pilot", "u7", code=WAITING))
