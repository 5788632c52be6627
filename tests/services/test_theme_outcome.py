"""A theme's share as a pilot's outcome: frozen with its model version, counted from comments, checked by people."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from sqlmodel import col, select

from models.base import now, validated, week_of
from models.feedback import Feedback
from models.metrics import Metric
from models.pilots import Pilot
from models.text_models import Drawn, TextReview, ThemeModel
from models.themes import AssignedBy, ThemeAssignment
from services import (
    evaluation,
    frozen_themes,
    metrics,
    pilots,
    plans,
    registration,
    series,
    theme_metric,
    theme_models,
    theme_outcome,
    theme_review,
)
from services.errors import Conflict, NotAllowed
from services.rows import key
from stats.rules import Verdict
from tests.services.conftest import TODAY, World

START = TODAY + dt.timedelta(days=7)
WEEK = dt.timedelta(days=7)
OVER = START + 13 * WEEK
CALLS = 0


class _Engine:
    """An embedder that needs no model: a comment's length."""

    version = "length-1"
    dimensions = 2

    def embed(self, texts: list[str]) -> np.ndarray:
        return np.array([[1.0, len(text)] for text in texts], dtype=np.float32)


class _Model:
    """A model that finds the telephone by its name."""

    def __init__(self, world: World) -> None:
        self.themes = (SimpleNamespace(id=str(world.praise.id)), SimpleNamespace(id=str(world.phone.id)))

    def scores(self, texts: list[str], vectors: np.ndarray) -> np.ndarray:
        global CALLS
        CALLS += len(texts)
        return np.array([[0.1, 0.9 if "puhelin" in text else 0.1] for text in texts])


@pytest.fixture
def version(world: World, monkeypatch: pytest.MonkeyPatch) -> ThemeModel:
    """A version of the theme model, in force, fitted before anything was checked."""
    row = validated(
        ThemeModel,
        version="frozen-1",
        engine="length-1",
        themes_digest=theme_models.list_digest(theme_models.definitions(world.session)),
        labels=0,
        artefact=b"",
        at=now() - dt.timedelta(hours=1),
    )
    world.session.add(row)
    world.session.commit()
    read = SimpleNamespace(model_id=row.id, version="frozen-1", engine=_Engine(), model=_Model(world))
    monkeypatch.setattr(theme_models, "reader", lambda _session, model_id=None: read)
    frozen_themes._answers.cache_clear()
    return row


def comments(world: World, unit: Any, day: dt.date, *, about: int, others: int, **values: object) -> list[Feedback]:
    """A week's comments: so many about the telephone, so many about other things."""
    texts = [f"Ei päässyt läpi puhelimella, puhelin soi {k} {day}" for k in range(about)]
    texts += [f"Kiitos hoidosta {k} {day}" for k in range(others)]
    return [world.answer(unit, day + dt.timedelta(days=k % 7), text=text, **values) for k, text in enumerate(texts)]


def reviewed(world: World, rows: list[Feedback], *, true: set[int], drawn: Drawn = Drawn.RANDOM) -> None:
    """People's checks, stored at once."""
    for row in rows:
        if row.id in true:
            world.session.add(
                validated(
                    ThemeAssignment, feedback_id=row.id, theme_id=world.phone.id, assigned_by=AssignedBy.PERSON,
                    by_id=world.lead.id,
                )
            )  # fmt: skip
        world.session.add(validated(TextReview, feedback_id=row.id, by_id=world.lead.id, drawn=drawn))
    world.session.commit()


@pytest.fixture
def metric(world: World, version: ThemeModel) -> Metric:
    """The share of comments about the telephone."""
    return theme_metric.metric_of(world.session, theme_id=key(world.phone.id), by=world.lead)


@pytest.fixture
def pilot(world: World, metric: Metric) -> Pilot:
    """A pilot after whose start four comments in ten are about the telephone rather than seven."""
    plan = world.plan(metric_id=metric.id, smallest_change=0.05, comparison_unit_ids=(), guardrails=())
    return pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)


def year(world: World) -> tuple[list[Feedback], list[Feedback]]:
    """Ten comments a week for twelve weeks on both sides."""
    before = [
        row
        for k in range(12)
        for row in comments(world, world.ward, START - (12 - k) * WEEK, about=7 - k % 2, others=3)
    ]
    after = [row for k in range(12) for row in comments(world, world.ward, START + k * WEEK, about=4 - k % 2, others=6)]
    return before, after


def test_the_metric_stays_with_the_version_it_began_with(world: World, metric: Metric, version: ThemeModel) -> None:
    assert (metric.theme_id, metric.theme_model_id) == (world.phone.id, version.id)
    assert metric.kind == "proportion"
    assert metric.direction == "decrease"
    assert "Puhelin" in metric.name["fi"]
    again = theme_metric.metric_of(world.session, theme_id=key(world.phone.id), by=world.lead)
    assert again.id == metric.id
    thanks = theme_metric.metric_of(world.session, theme_id=key(world.praise.id), by=world.lead)
    assert thanks.direction == "increase"
    # It is counted from comments: nobody gives values for it, and nobody finds it among the county's metrics.
    assert metric.code not in {row.code for row in metrics.all_metrics(world.session)}
    offered = registration.metrics(world.session, unit_id=key(world.ward.id), today=TODAY)
    assert metric.code not in {choice.metric.code for choice in offered}
    with pytest.raises(NotAllowed):
        theme_metric.metric_of(world.session, theme_id=key(world.phone.id), by=world.trustee)


def test_it_is_offered_when_a_version_knows_the_theme_and_the_unit_has_comments(
    world: World, version: ThemeModel
) -> None:
    def offered() -> theme_metric.Offer | None:
        return theme_metric.offer(world.session, theme_id=key(world.phone.id), unit_id=key(world.ward.id), today=TODAY)

    assert offered() is None
    comments(world, world.ward, TODAY - 2 * WEEK, about=2, others=4)
    found = offered()
    assert found is not None
    assert (found.per_week, found.weeks, found.to_check) == (6.0, 1, 30)
    world.phone.keywords = ["puhelin", "linja"]
    world.session.add(world.phone)
    world.session.commit()
    assert offered() is None


def test_weeks_are_counted_from_comments_with_words_repeats_once(world: World, metric: Metric) -> None:
    day = TODAY - WEEK
    rows = comments(world, world.ward, day, about=2, others=3)
    world.answer(world.ward, day, score=9.0)
    world.answer(world.ward, day, text="puhelin, taas", repeats_id=rows[0].id)
    world.answer(world.other_ward, day, text="puhelin sielläkin")
    world.answer(world.ward, day, text="puhelin", language="sv")
    found = series.load(world.session, metric=metric, unit_ids=[key(world.ward.id)])
    assert found.rows.select("unit", "week", "n", "count").rows() == [("SAI3", week_of(day), 6.0, 3.0)]
    swedish = series.load(world.session, metric=metric, unit_ids=[key(world.ward.id)], population="language:sv")
    assert swedish.rows.select("n", "count").rows() == [(1.0, 1.0)]


def test_a_text_is_read_once(world: World, metric: Metric) -> None:
    comments(world, world.ward, TODAY - WEEK, about=2, others=3)
    began = CALLS
    for _ in range(2):
        series.load(world.session, metric=metric, unit_ids=[key(world.ward.id)])
    assert CALLS - began == 5


def test_a_theme_that_the_version_does_not_know_is_refused(world: World, metric: Metric) -> None:
    comments(world, world.ward, TODAY - WEEK, about=1, others=0)
    metric.theme_id = 999
    with world.session.no_autoflush, pytest.raises(Conflict, match="does not know this theme"):
        series.load(world.session, metric=metric, unit_ids=[key(world.ward.id)])
    world.session.rollback()


def test_only_comments_drawn_at_random_after_the_version_was_fitted_speak_for_others(
    world: World, pilot: Pilot, version: ThemeModel
) -> None:
    before, after = year(world)
    about = {key(row.id) for row in before + after if row.text and "puhelin" in row.text}
    reviewed(world, before[:8], true=about)
    reviewed(world, before[8:12], true=about, drawn=Drawn.UNCERTAIN)
    reviewed(world, before[12:14], true=set())
    learnt = world.session.get(TextReview, before[0].id)
    assert learnt is not None
    learnt.at = version.at - dt.timedelta(days=1)
    # Said in passing, of this theme only.
    world.session.add(
        validated(
            ThemeAssignment, feedback_id=after[0].id, theme_id=world.phone.id, assigned_by=AssignedBy.PERSON,
            by_id=world.lead.id, applies=False,
        )
    )  # fmt: skip
    world.session.commit()
    whole = plans.current(world.session, key(pilot.id))
    found = theme_outcome.misclassification(world.session, whole, as_of=OVER)
    assert found is not None
    assert found.comparison_before is None
    assert (found.before.drawn.total, found.before.known.total) == (9, 5)
    assert found.before.picked == sum(7 - k % 2 for k in range(12))
    assert found.before.drawn.model_only == 2
    assert (found.after.drawn.total, found.after.known.model_only) == (0, 1)
    early = theme_outcome.misclassification(world.session, whole, as_of=START + 2 * WEEK)
    assert early is not None
    assert early.after.total == len(after[:20]) - 1


def test_without_checks_there_is_no_effect_and_with_them_there_is(world: World, pilot: Pilot) -> None:
    before, after = year(world)
    first = evaluation.evaluate_pilot(world.session, pilot_id=key(pilot.id), today=OVER, by=None)
    assert first.result is not None
    assert (first.result.verdict, first.result.effect) == (Verdict.NOT_ENOUGH_DATA, None)
    assert "30 more from the pilot unit before the start" in first.result.reasons[1].english()
    about = {key(row.id) for row in before + after if row.text and "puhelin" in row.text}
    # After the start the model misses half: the checks find as much about the telephone among what it left.
    unseen = {key(row.id) for k, row in enumerate(after) if row.text and "puhelin" not in row.text and k % 2}
    reviewed(world, before[::3], true=about)
    reviewed(world, after[::3], true=about | unseen)
    again = evaluation.evaluate_pilot(world.session, pilot_id=key(pilot.id), today=OVER, by=None)
    result = again.result
    assert result is not None
    assert again.row.id != first.row.id
    assert result.effect is not None
    assert result.interval is not None
    lines = {line.method: line for line in result.sensitivity}
    assert lines["uncorrected"].interval.high < 0.0
    assert result.effect > lines["uncorrected"].effect + 0.1
    assert result.interval.high > 0.0
    assert [check.passed for check in result.checks if check.name == "misclassification"] == [True]
    assert evaluation.evaluate_pilot(world.session, pilot_id=key(pilot.id), today=OVER, by=None).row.id == again.row.id


def test_comments_to_check_come_from_the_period_that_lacks_most(world: World, pilot: Pilot) -> None:
    before, after = year(world)
    reviewed(world, before[:40], true=set())

    def waiting() -> set[int]:
        only = theme_outcome.comments_to_check(world.session, pilot, OVER)
        return set(world.session.execute(sa.select(col(Feedback.id)).where(*only)).scalars())

    assert waiting() == {row.id for row in after}
    found = theme_review.next_waiting(
        world.session,
        by=world.lead,
        today=OVER,
        drawn=Drawn.RANDOM,
        only=theme_outcome.comments_to_check(world.session, pilot, OVER),
    )
    assert found is not None
    assert found.feedback.given_on >= START
    reviewed(world, before[40:] + after, true=set())
    assert waiting() == set()
    other = pilots.register_pilot(world.session, fields=world.fields(), plan=world.plan(), by=world.lead, today=TODAY)
    assert theme_outcome.comments_to_check(world.session, other, OVER) == []


def test_comparison_units_are_checked_apart(world: World, metric: Metric) -> None:
    plan = world.plan(metric_id=metric.id, smallest_change=0.05, guardrails=())
    pilot = pilots.register_pilot(world.session, fields=world.fields(), plan=plan, by=world.lead, today=TODAY)
    year(world)
    for k in range(-12, 12):
        comments(world, world.other_ward, START + k * WEEK, about=2, others=1)
    found = theme_outcome.cells(world.session, plans.current(world.session, key(pilot.id)), as_of=OVER)
    assert [(cell.pilot, cell.after, cell.comments.total, cell.more) for cell in found] == [
        (True, False, 114, 30),
        (True, True, 114, 30),
        (False, False, 36, 30),
        (False, True, 36, 30),
    ]
    assert world.session.exec(select(Metric).where(Metric.id == metric.id)).one().theme_id == world.phone.id
