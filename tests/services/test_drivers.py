"""Drivers from the demo county's record: its stated effects are found again; and who is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlmodel import Session, select

from models.people import Person
from services.demo import people, topics
from services.demo.county import load_county
from services.demo.simulate import SEED
from services.driver_rows import answer_rows, items
from services.drivers import RECOMMEND, REPEAT, Drivers, drivers, outcomes, record_version
from services.errors import BadInput, NotAllowed
from services.theme_browse import Scope
from stats.errors import CannotEstimateError
from stats.partialled import partialled
from tests.databases import DEMO_TODAY

EVERYTHING = Scope(first=DEMO_TODAY - dt.timedelta(weeks=64), last=DEMO_TODAY - dt.timedelta(days=1))


def person(session: Session, code: str) -> Person:
    return session.exec(select(Person).where(Person.code == code)).one()


def pushed(effect: Callable[[np.ndarray, topics.Picks], NDArray[np.float64]]) -> dict[str, float]:
    """What naming each theme truly goes with: the bad experience's effect on each answer, regressed on the themes.

    An answer is moved by its worst theme only, so that a theme's effect is a little less than its share of bad
    experiences times its stated effect.
    """
    county = load_county()
    answers = people.draw(county, SEED)
    picks = topics.pick(county, answers, SEED)
    named = np.zeros((len(answers), len(county.themes)))
    named[picks.answer, picks.theme] = 1
    left = partialled(np.column_stack([named, effect(np.zeros(len(answers)), picks)]), [answers.cells]).columns
    found = np.linalg.lstsq(left[:, :-1], left[:, -1], rcond=None)[0]
    return {theme.code: float(value) for theme, value in zip(county.themes, found, strict=True)}


def repeated(chance: np.ndarray, picks: topics.Picks) -> NDArray[np.float64]:
    effect = np.array([theme.driver_effect_repeat_contact for theme in load_county().themes])
    np.maximum.at(chance, picks.answer[picks.negative], effect[picks.theme[picks.negative]])
    return chance


def ranked(found: Drivers, truth: dict[str, float]) -> list[tuple[str, int, int, int]]:
    """Code, true rank and the range of each: by LMG of themes that hardly overlap, share x (1 - share) x effect^2."""
    parts = {one.name: one.share * (1 - one.share) * truth[one.name] ** 2 for one in found.analysis.drivers}
    order = sorted(parts, key=lambda code: -parts[code])
    return [(one.name, order.index(one.name) + 1, one.best_rank, one.worst_rank) for one in found.analysis.drivers]


@pytest.mark.slow
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)  # reckoning, the same on every engine
def test_the_demo_countys_drivers_are_found_again(demo_session: Session) -> None:
    """Both outcomes: 95 % intervals hold the truth in at least 17 of 19, and the ranges hold the true order."""
    by = person(demo_session, "u7")
    for outcome, truth in ((RECOMMEND, pushed(lambda _, picks: picks.push)), (REPEAT, pushed(repeated))):
        found = drivers(demo_session, EVERYTHING, outcome=outcome, by=by)
        assert found.analysis.p_value < 1e-6
        inside = [
            one.effect.interval.low <= truth[one.name] <= one.effect.interval.high for one in found.analysis.drivers
        ]
        assert len(inside) == 19
        assert sum(inside) >= 17, outcome
        ranks = ranked(found, truth)
        assert sum(best <= true <= worst for _, true, best, worst in ranks) >= 17, ranks
        top = next(code for code, true, _, _ in ranks if true == 1)
        assert top in {one.name for one in found.analysis.candidates}
        assert [theme.code for theme in found.beside] == ["T20"], "thanks are allowed for, not compared"


@pytest.mark.slow
@pytest.mark.parametrize("demo_database", ["sqlite"], indirect=True)  # reckoning, the same on every engine
def test_the_stated_effects_of_a_bad_experience_are_in_the_stated_order(demo_session: Session) -> None:
    """Effect of naming over the share of bad experiences, against county.json: rank correlation at least 0.8."""
    by = person(demo_session, "u7")
    stated = {theme.code: theme for theme in load_county().themes}
    for outcome, field in ((RECOMMEND, "driver_effect_0_10"), (REPEAT, "driver_effect_repeat_contact")):
        found = drivers(demo_session, EVERYTHING, outcome=outcome, by=by).analysis.drivers
        often = [one for one in found if one.answers >= 150]
        estimate = [one.effect.effect / stated[one.name].negative_share for one in often]
        truth = [getattr(stated[one.name], field) for one in often]
        ranks = [np.argsort(np.argsort(values)) for values in (estimate, truth)]
        assert np.corrcoef(*ranks)[0, 1] > 0.8, outcome


def test_few_weeks_have_candidates_rather_than_one_top(demo_session: Session) -> None:
    scope = Scope(first=DEMO_TODAY - dt.timedelta(weeks=12), last=DEMO_TODAY - dt.timedelta(days=1))
    found = drivers(demo_session, scope, outcome=RECOMMEND, by=person(demo_session, "u7"))
    assert found.analysis.leader is None
    assert len(found.analysis.candidates) >= 2
    assert found.rare, "some themes are named too seldom in twelve weeks"
    assert all(theme.answers < 20 for theme in found.rare)


def test_the_outcomes_on_offer(demo_session: Session) -> None:
    found = outcomes(demo_session, EVERYTHING)
    assert [one.code for one in found[:2]] == [RECOMMEND, REPEAT]
    assert not found[0].more_is_worse
    assert not found[0].yes_or_no
    assert found[1].more_is_worse
    assert found[1].yes_or_no
    assert all(one.name for one in found if one.code.startswith("thl")), "metrics name the other items"


def test_rows_are_those_of_the_scope(demo_session: Session) -> None:
    count = next(one for one in items(demo_session, EVERYTHING) if one.item == RECOMMEND)
    rows = answer_rows(demo_session, EVERYTHING, count)
    assert (count.low, count.high) == (0, 10)
    assert len(rows) > 50_000
    assert rows.week.max() - rows.week.min() == 63
    assert len(np.unique(rows.respondent)) <= len(rows)
    unhappy = [rows.value[places].mean() for places in rows.themes.values() if len(places) > 500]
    assert min(unhappy) < rows.value.mean()
    none = Scope(first=dt.date(2020, 1, 6), last=dt.date(2020, 2, 2))
    assert len(answer_rows(demo_session, none, count)) == 0


def test_who_may_not_see_feedback_is_refused_and_nothing_is_invented(demo_session: Session) -> None:
    with pytest.raises(NotAllowed):
        drivers(demo_session, EVERYTHING, outcome=RECOMMEND, by=person(demo_session, "u9"))
    by = person(demo_session, "u7")
    with pytest.raises(BadInput, match="Too few answers"):
        drivers(demo_session, EVERYTHING, outcome="nonsense", by=by)
    week = Scope(first=DEMO_TODAY - dt.timedelta(weeks=1), last=DEMO_TODAY - dt.timedelta(days=1))
    with pytest.raises(CannotEstimateError, match="Fewer than two themes"):
        drivers(demo_session, week, outcome=RECOMMEND, by=by)
    assert min(record_version(demo_session)) > 0
