"""Drivers: effects against R, ranges against simulation, and the refusals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stats.driver_ranges import resampled_products
from stats.drivers import DriverAnalysis, analyse_drivers
from stats.errors import CannotEstimateError
from stats.panel import Floats
from stats.relative_importance import lmg

NAMES = ["phone", "waiting", "manner"]

# R's warpbreaks, wool A before B, tension L, M, H nine times each
BREAKS = [
    *(26, 30, 54, 25, 70, 52, 51, 26, 67, 18, 21, 29, 17, 12, 18, 35, 30, 36, 36, 21, 24, 18, 10, 43, 28, 15, 26),
    *(27, 14, 29, 19, 29, 31, 41, 20, 44, 42, 26, 19, 16, 39, 28, 21, 39, 29, 20, 21, 24, 17, 13, 15, 15, 16, 28),
]


def answers(
    size: int, *, seed: int, effects: tuple[float, ...] = (-1.5, -0.5, -2.0)
) -> tuple[NDArray[np.bool_], Floats, list[NDArray[np.int64]]]:
    """Answers of 0 to 10 in six units whose levels and subjects differ."""
    rng = np.random.default_rng(seed)
    unit, week = rng.integers(0, 6, size), rng.integers(0, 8, size)
    share = np.array([0.1, 0.15, 0.06]) * (1 + 0.4 * (unit[:, None] == np.array([0, 1, 2])))
    named = rng.random((size, 3)) < share
    level = 8.3 - 0.4 * unit + named @ np.array(effects)
    return named, np.clip(np.round(rng.normal(level, 2.0)), 0, 10), [unit, week]


def by_name(found: DriverAnalysis) -> dict[str, float]:
    return {one.name: one.effect.effect for one in found.drivers}


def test_effects_and_clustered_errors_are_those_of_r() -> None:
    """
    > library(sandwich); w <- warpbreaks[rep(1:54, 2), ]; w$late <- rep(0:1, each = 54)
    > w$y <- w$breaks + w$late * ((0:107) %% 7 - 3); fit <- lm(y ~ (wool == "B") + late + tension, data = w)
    > print(coef(fit)[2:3], digits = 10)
    wool == "B"TRUE            late
     -5.75925925926  -0.01851851852
    > print(sqrt(diag(vcovCL(fit, cluster = rep(1:54, 2), type = "HC1")))[2:3], digits = 10)
    wool == "B"TRUE            late
       3.1274307628    0.2844938353
    """
    wool, late = np.tile(np.repeat([0, 1], 27), 2), np.repeat([0, 1], 54)
    outcome = np.tile(BREAKS, 2) + late * (np.arange(108) % 7 - 3)
    found = analyse_drivers(
        np.column_stack([wool, late]), outcome, names=["wool", "late"],
        factors=[np.tile(np.repeat([0, 1, 2], 9), 4)], respondents=np.tile(np.arange(54), 2), resamples=500,
    )  # fmt: skip
    one = {driver.name: driver for driver in found.drivers}
    assert one["wool"].effect.effect == pytest.approx(-5.75925925926, rel=1e-9)
    assert one["late"].effect.effect == pytest.approx(-0.01851851852, rel=1e-7)
    assert one["wool"].effect.standard_error == pytest.approx(3.1274307628, rel=1e-9)
    assert one["late"].effect.standard_error == pytest.approx(0.2844938353, rel=1e-9)
    assert one["wool"].odds is None, "54 different counts are no ordered scale"
    assert found.people == 54


def test_importance_and_effect_are_different_things() -> None:
    named, outcome, factors = answers(6000, seed=1)
    found = analyse_drivers(named, outcome, names=NAMES, factors=factors, resamples=500)
    assert [one.name for one in found.drivers] == ["manner", "phone", "waiting"]
    for driver, true in zip(found.drivers, (-2.0, -1.5, -0.5), strict=True):
        assert driver.effect.interval.low < 0.95 * true < driver.effect.interval.high
        assert driver.odds is not None
        assert driver.odds.interval.low < driver.odds.ratio < driver.odds.interval.high < 1
        assert driver.importance_range.low < driver.importance < driver.importance_range.high
        assert driver.best_rank <= driver.worst_rank
    assert found.p_value < 1e-10
    assert sum(one.first for one in found.drivers) == pytest.approx(1.0)


def test_what_units_differ_in_is_no_effect_of_a_subject() -> None:
    """A subject that only unhappy units name, and that does nothing: the plain difference is large, the effect is 0."""
    rng = np.random.default_rng(2)
    unit = rng.integers(0, 2, 4000)
    named = np.column_stack([rng.random(4000) < 0.05 + 0.4 * unit, rng.random(4000) < 0.1])
    outcome = np.round(np.clip(rng.normal(9 - 3 * unit, 1), 0, 10))
    found = analyse_drivers(named, outcome, names=["far", "near"], factors=[unit], resamples=500)
    far = next(one for one in found.drivers if one.name == "far")
    assert far.difference < -1.2
    assert far.effect.interval.low < 0 < far.effect.interval.high


def test_few_answers_have_no_single_top_driver_and_many_have() -> None:
    effects = (-1.0, -0.85, -1.2)
    few = analyse_drivers(*answers(500, seed=11, effects=effects)[:2], names=NAMES, resamples=500)
    assert few.leader is None
    assert len(few.candidates) >= 2
    many = analyse_drivers(*answers(40_000, seed=11, effects=(-1.0, -0.5, -2.2))[:2], names=NAMES, resamples=500)
    assert many.leader is not None
    assert many.candidates == (many.leader,)
    assert many.leader.name == "manner"


@pytest.mark.slow
def test_the_ranges_hold_the_truth_about_as_often_as_they_say() -> None:
    """150 samples of 1,200 answers; truth from 400,000. 95 % ranges may miss in 5 %: at least 88 % hold in each."""
    _, truth = _importance(400_000, seed=0)
    order = np.argsort(np.argsort(-truth)) + 1
    held, ranked = np.zeros(3), np.zeros(3)
    for seed in range(1, 151):
        found, _ = _importance(1_200, seed=seed)
        for i, name in enumerate(NAMES):
            driver = next(one for one in found.drivers if one.name == name)
            held[i] += driver.importance_range.low <= truth[i] <= driver.importance_range.high
            ranked[i] += driver.best_rank <= order[i] <= driver.worst_rank
    assert (held / 150 > 0.88).all(), held
    assert (ranked / 150 > 0.9).all(), ranked


def _importance(size: int, *, seed: int) -> tuple[DriverAnalysis, Floats]:
    named, outcome, _ = answers(size, seed=seed)
    found = analyse_drivers(named, outcome, names=NAMES, resamples=500)
    parts = {one.name: one.importance for one in found.drivers}
    return found, np.array([parts[name] for name in NAMES])


def test_more_than_twelve_subjects_have_the_ranges_of_an_exact_decomposition() -> None:
    """Over random orders, against the exact value in the very same resamples."""
    rng = np.random.default_rng(8)
    named = rng.random((3000, 14)) < 0.08
    outcome = np.round(np.clip(rng.normal(8 - named @ np.linspace(0, 2, 14), 2), 0, 10))
    names = [f"subject {i}" for i in range(14)]
    found = analyse_drivers(named, outcome, names=names, resamples=500, seed=3)
    centred = np.column_stack([named, outcome]) - np.append(named.mean(axis=0), outcome.mean())
    drawn = resampled_products(centred, np.arange(3000), resamples=500, rng=np.random.default_rng(3))
    exact = np.stack([lmg(one) for one in drawn[:60]])
    ranks = np.argsort(np.argsort(-exact, axis=1), axis=1) + 1
    first = {name: (ranks[:, i] == 1).mean() for i, name in enumerate(names)}
    for driver in found.drivers:
        assert abs(driver.first - first[driver.name]) < 0.2  # 60 resamples against 500: 3 SE


def test_answers_of_one_person_are_resampled_together() -> None:
    """Everyone answers four times alike: ranges as wide as of a quarter of the answers, twice those of all."""
    named, outcome, _ = answers(1500, seed=4)
    alone = analyse_drivers(named, outcome, names=NAMES, resamples=1000)
    fourfold = analyse_drivers(
        np.tile(named, (4, 1)), np.tile(outcome, 4), names=NAMES, respondents=np.tile(np.arange(1500), 4),
        resamples=1000,
    )  # fmt: skip
    for one, other in zip(alone.drivers, fourfold.drivers, strict=True):
        assert one.name == other.name
        assert other.effect.standard_error == pytest.approx(one.effect.standard_error, rel=0.01)
        width = other.importance_range.high - other.importance_range.low
        assert width == pytest.approx(one.importance_range.high - one.importance_range.low, rel=0.15)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 1000), shift=st.sampled_from([0.0, 1e8]), scale=st.sampled_from([-1.0, 0.5, 3.0]))
def test_shift_scale_and_order_of_rows_change_nothing_but_the_unit(seed: int, shift: float, scale: float) -> None:
    named, outcome, factors = answers(800, seed=seed)
    order = np.random.default_rng(seed).permutation(800)
    one = analyse_drivers(named, outcome, names=NAMES, factors=factors, resamples=500)
    other = analyse_drivers(
        named[order], shift + scale * outcome[order], names=NAMES, factors=[f[order] for f in factors], resamples=500
    )
    for name, effect in by_name(one).items():
        assert by_name(other)[name] == pytest.approx(scale * effect, abs=1e-6)
    assert other.explained == pytest.approx(one.explained, rel=1e-5)
    assert other.p_value == pytest.approx(one.p_value, rel=1e-3)


def test_the_order_of_subjects_does_not_matter() -> None:
    named, outcome, factors = answers(800, seed=3)
    one = analyse_drivers(named, outcome, names=NAMES, factors=factors, resamples=500)
    turned = analyse_drivers(named[:, ::-1], outcome, names=NAMES[::-1], factors=factors, resamples=500)
    for left, right in zip(one.drivers, turned.drivers, strict=True):
        assert left.name == right.name
        assert left.importance == pytest.approx(right.importance)
        assert left.first == right.first


def test_the_ends_of_the_scale_are_told() -> None:
    named, outcome, _ = answers(800, seed=3)
    found = analyse_drivers(named, outcome, names=NAMES, resamples=500)
    assert found.at_top == pytest.approx((outcome == 10).mean())
    assert found.at_bottom == pytest.approx((outcome == outcome.min()).mean())
    assert dataclasses.asdict(found)["answers"] == 800


def test_what_cannot_be_estimated_says_why() -> None:
    named, outcome, factors = answers(800, seed=3)
    with pytest.raises(CannotEstimateError, match="There are 90 answers; at least 100"):
        analyse_drivers(named[:90], outcome[:90], names=NAMES)
    with pytest.raises(CannotEstimateError, match="Nearly everyone gave the same answer"):
        analyse_drivers(named, np.full(800, 9.0), names=NAMES)
    twin = np.column_stack([named[:, 0], named[:, 0], named[:, 1]])
    with pytest.raises(CannotEstimateError, match=r"nearly always named together.*phone, twin"):
        analyse_drivers(twin, outcome, names=["phone", "twin", "waiting"])
    fixed = np.column_stack([named[:, 0], factors[0] == 2])
    with pytest.raises(CannotEstimateError, match="What unit two does cannot be told from the units"):
        analyse_drivers(fixed, outcome, names=["phone", "unit two"], factors=factors)
    with pytest.raises(CannotEstimateError, match="everyone gave the same answer"):
        analyse_drivers(named, factors[0].astype(float), names=NAMES, factors=factors)


def test_wrong_arguments_name_themselves() -> None:
    named, outcome, _ = answers(800, seed=3)
    rare = named.copy()
    rare[:, 0] = np.arange(800) < 5
    with pytest.raises(ValueError, match="'phone' is named by 5 of 800 answers"):
        analyse_drivers(rare, outcome, names=NAMES)
    with pytest.raises(ValueError, match=r"named has the shape \(800, 3\), must be \(800, 2\)"):
        analyse_drivers(named, outcome, names=NAMES[:2])
    with pytest.raises(ValueError, match="finite"):
        analyse_drivers(named, np.full(800, np.nan), names=NAMES)
    with pytest.raises(ValueError, match="resamples == 100, must be a whole number >= 500"):
        analyse_drivers(named, outcome, names=NAMES, resamples=100)
    with pytest.raises(ValueError, match="confidence_level == 1"):
        analyse_drivers(named, outcome, names=NAMES, confidence_level=1.0)
    with pytest.raises(ValueError, match="respondents has the shape"):
        analyse_drivers(named, outcome, names=NAMES, respondents=np.arange(3))
    with pytest.raises(ValueError, match=r"factors\[0\] has the shape"):
        analyse_drivers(named, outcome, names=NAMES, factors=[np.zeros(3, dtype=np.int64)])
