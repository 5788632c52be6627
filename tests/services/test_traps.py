"""Traps: every check that can fail and every weak design has words and a sign; the serious ones come first."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlmodel import Session

from charts import signs
from services import pilot_words, portfolio, traps
from services.traps import traps_of
from stats import evidence
from stats.check import Check
from stats.messages import Message
from stats.results import Evaluation
from tests.databases import DEMO_TODAY

ONLY_INFORM = {"over_dispersion", "events", "process_signal", "placebo_rank"}


@pytest.fixture
def result(demo_session: Session) -> Evaluation:
    """A finished pilot with two comparison units and no failed check."""
    row = next(row for row in portfolio.rows(demo_session, today=DEMO_TODAY) if row.row.pilot.code == "P02")
    assert row.stored is not None
    assert row.stored.result is not None
    return row.stored.result


def names(result: Evaluation) -> list[str]:
    return [trap.name for trap in traps_of(result)]


def failed(name: str, *, blocks: bool) -> Check:
    return Check(name=name, passed=False, detail=Message("x"), blocks_scale=blocks)


def test_every_check_that_can_fail_has_words_and_a_sign() -> None:
    assert set(traps.WORDS) == set(signs.OF_TRAP)
    assert set(signs.OF_TRAP.values()) <= set(signs.SHAPES)
    assert set(pilot_words.CHECKS) - ONLY_INFORM == set(traps.WORDS) - {
        traps.PEEKING,
        traps.ONE_COMPARISON,
        traps.NO_COMPARISON,
    }


def test_failed_checks_are_traps_the_serious_ones_first(result: Evaluation) -> None:
    assert names(result) == []
    checks = (
        failed("ceiling", blocks=False),
        failed("novelty_fade", blocks=True),
        Check(name="season", passed=None, detail=Message("x")),
    )
    found = traps_of(dataclasses.replace(result, checks=checks))
    assert [(trap.name, trap.serious) for trap in found] == [("novelty_fade", True), ("ceiling", False)]


def test_a_weak_design_and_a_look_between_reviews_are_traps(result: Evaluation) -> None:
    assert names(dataclasses.replace(result, design=evidence.ONE)) == [traps.ONE_COMPARISON]
    for design in (evidence.HISTORY, evidence.SHORT):
        assert names(dataclasses.replace(result, design=design)) == [traps.NO_COMPARISON]
    day = result.plan.reviews[0]
    assert names(dataclasses.replace(result, as_of=day)) == []
    assert names(dataclasses.replace(result, as_of=day + dt.timedelta(days=1))) == [traps.PEEKING]
