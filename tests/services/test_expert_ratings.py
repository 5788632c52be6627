"""Experts' view beside customers': who may rate, which rating counts, and when the two differ."""

from __future__ import annotations

import datetime as dt

import pytest

from services import expert_ratings
from services.errors import BadInput, NotAllowed, NotFound
from services.rows import key
from services.theme_browse import Scope
from tests.services.conftest import TODAY, World
from tests.services.test_theme_browse import about

SCOPE = Scope(first=TODAY - dt.timedelta(days=27), last=TODAY)


def test_the_gap_is_the_difference(world: World) -> None:
    for _ in range(20):
        about(world, world.answer(world.ward, TODAY, score=2), world.phone)
    for rating in (2, 5):
        expert_ratings.rate(
            world.session, theme_id=key(world.phone.id), unit_id=None, rating=rating, note=" Toimii. ", by=world.leader
        )
    (gap,) = expert_ratings.gaps(world.session, SCOPE)
    assert gap.experts is not None
    assert gap.customers is not None
    assert (gap.experts.value, gap.experts.number) == (5, 1), "the leader's newest rating counts"
    assert gap.customers.value == 1
    assert gap.size == 4
    assert gap.differs
    (kept,) = expert_ratings.ratings_in_force(world.session, unit_ids=None)
    assert kept.note == "Toimii."


def test_few_answers_or_none_make_no_gap(world: World) -> None:
    expert_ratings.rate(world.session, theme_id=key(world.phone.id), unit_id=None, rating=5, note="", by=world.leader)
    (gap,) = expert_ratings.gaps(world.session, SCOPE)
    assert (gap.size, gap.differs) == (None, False)
    for _ in range(expert_ratings.FEWEST_ANSWERS - 1):
        about(world, world.answer(world.ward, TODAY, score=2), world.phone)
    (gap,) = expert_ratings.gaps(world.session, SCOPE)
    assert gap.size == 4
    assert not gap.differs


def test_customers_view_on_the_same_scale() -> None:
    view = expert_ratings.customers_view(20, 0, 10)
    assert view is not None
    assert view.interval is not None
    # Wilson (1927) for 10 of 30: R 4.2, prop.test(10, 30, correct = FALSE)$conf.int is 0.1923 to 0.5122.
    assert view.value == pytest.approx(1 + 4 / 3)
    assert (view.interval.low, view.interval.high) == pytest.approx((1 + 4 * 0.1923050, 1 + 4 * 0.5121952), abs=1e-3)
    assert expert_ratings.customers_view(0, 0, 0) is None
    neutral = expert_ratings.customers_view(0, 8, 0)
    assert neutral is not None
    assert neutral.value == 3


def test_who_may_rate_where(world: World) -> None:
    phone = key(world.phone.id)
    expert_ratings.rate(world.session, theme_id=phone, unit_id=key(world.ward.id), rating=3, note="", by=world.lead)
    for by, unit_id in (
        (world.lead, world.station.id),
        (world.lead, None),
        (world.nurse, world.ward.id),
        (world.trustee, None),
    ):
        with pytest.raises(NotAllowed):
            expert_ratings.rate(world.session, theme_id=phone, unit_id=unit_id, rating=3, note="", by=by)
    for rating, note in ((0, ""), (6, ""), (3, "x" * 1001)):
        with pytest.raises(BadInput):
            expert_ratings.rate(world.session, theme_id=phone, unit_id=None, rating=rating, note=note, by=world.leader)
    with pytest.raises(NotFound):
        expert_ratings.rate(world.session, theme_id=999, unit_id=None, rating=3, note="", by=world.leader)
    assert expert_ratings.ratings_in_force(world.session, unit_ids=[key(world.station.id)]) == []
